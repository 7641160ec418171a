"""What late payment costs where there is no penalty by the day: interest with a fee, fees by power or per cent a month
(billing.md 4.2)."""

from collections.abc import Sequence
from fractions import Fraction

from core.basics.facts import dataclass
from core.basics.money import half_up
from core.billing.engine.exact import exactly


@dataclass(frozen=True, slots=True)
class FeeStep:
    """From a debt of `least` kopecks on, a fee of so many kopecks."""

    least: int
    fee: int


@dataclass(frozen=True, slots=True)
class PowerStep:
    """Up to and including a contracted power (None: any), for each month begun: a share of the bill, but not less than
    `fee` kopecks; without a share the fee alone."""

    most: Fraction | None
    fee: int
    share: Fraction = Fraction(0)


@exactly
def simple_interest(amount: int, *, rate: Fraction, year_days: int, days: int, round_daily: bool = False) -> int:
    """Interest at a yearly rate for days of delay, kopecks, rounded once half up, or for a day and then multiplied."""
    daily = amount * rate * Fraction(1, year_days)
    if round_daily:
        return half_up(daily.numerator, daily.denominator) * days
    whole = daily * days
    return half_up(whole.numerator, whole.denominator)


@exactly
def fixed(amount: int, steps: Sequence[FeeStep]) -> int:
    """The fee of the highest step that the debt reaches, kopecks; nothing below all of them."""
    reached = [step for step in steps if step.least <= amount]
    return max(reached, key=lambda step: step.least).fee if reached else 0


@exactly
def by_power(power: Fraction, *, bill: int, months: int, steps: Sequence[PowerStep]) -> int:
    """The fee for months of delay by contracted power, kopecks; each month is rounded half up.

    :raises ValueError: no step reaches so far.
    """
    for step in sorted(steps, key=lambda step: (step.most is None, step.most or 0)):
        if step.most is None or power <= step.most:
            part = bill * step.share
            return max(half_up(part.numerator, part.denominator), step.fee) * months
    raise ValueError(f"no fee is laid down for a power of {power}")


@exactly
def by_month(amount: int, *, days: int, share: Fraction, grace: int = 0, least: int = 0) -> int:
    """A share of the debt for each month of 30 days of delay begun, not less than `least` kopecks in all, nothing
    within the days of grace; rounded once."""
    if days <= grace or amount <= 0:
        return 0
    whole = amount * share * -(-days // 30)
    return max(half_up(whole.numerator, whole.denominator), least)
