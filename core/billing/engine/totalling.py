"""What the running month will come to for the whole company, from the forecasts of its accounts, and how right such a
forecast was before."""

from collections.abc import Iterable

from core.basics.facts import dataclass
from core.basics.money import half_up
from core.basics.periods import Month
from core.billing.engine.forecasting import Forecast, TooLittle


@dataclass(frozen=True, slots=True)
class Total:
    """A month of all accounts at its end: volumes in thousandths, sums in kopecks, each with its least and most.
    `accounts` are foretold, of `unknown` too little is known; `months` so many past months are behind the interval."""

    month: Month
    accounts: int = 0
    unknown: int = 0
    volume: int = 0
    least: int = 0
    most: int = 0
    amount: int = 0
    least_amount: int = 0
    most_amount: int = 0
    months: int = 0


def total(month: Month, found: Iterable[Forecast | TooLittle]) -> Total:
    """The total of the accounts' forecasts.

    The interval is that of the company, not the sum of its accounts' own, who do not all use their least in one month:
    the total goes on as a whole past month went, and the least and the most of these months bound it, beside the
    likeliest. Of n months the next falls between with probability (n - 1) / (n + 1), as long as months are alike.
    """
    told = list(found)
    known = [one for one in told if isinstance(one, Forecast)]
    volume = sum(part.volume for one in known for part in one.expected)
    amount = sum(one.amount for one in known)
    past = sorted({each for one in known for each in one.like})
    volumes, amounts = [volume], [amount]
    for each in past:
        went = [one.like.get(each) or (sum(part.volume for part in one.expected), one.amount) for one in known]
        volumes.append(sum(used for used, _ in went))
        amounts.append(sum(cost for _, cost in went))
    return Total(
        month, len(known), len(told) - len(known), volume, min(volumes), max(volumes), amount, min(amounts),
        max(amounts), len(past),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tried:
    """What would have been foretold of a month that has ended, and what it came to, for the accounts of which both are
    known; of `within` of them the sum lay between their own least and most."""

    foretold: Total
    volume: int
    amount: int
    within: int

    @property
    def off(self) -> int:
        """By how many thousandths of what came the sum was foretold too high, negative too low."""
        return half_up((self.foretold.amount - self.amount) * 1000, self.amount) if self.amount else 0

    @property
    def inside(self) -> bool:
        """Whether the company's sum lay in the company's interval."""
        return self.foretold.least_amount <= self.amount <= self.foretold.most_amount


def tried(month: Month, pairs: Iterable[tuple[Forecast, tuple[int, int]]]) -> Tried:
    """The trial of a month, from each account's forecast of then and what came: volume and sum."""
    known = list(pairs)
    return Tried(
        total(month, [one for one, _ in known]),
        sum(volume for _, (volume, _) in known),
        sum(amount for _, (_, amount) in known),
        sum(one.least <= amount <= one.most for one, (_, amount) in known),
    )
