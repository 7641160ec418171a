"""What late payment costs an account: claim by claim, from what settled it and when (billing.md section 4.2)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import assert_never

from core.basics.facts import dataclass
from core.basics.money import MILLI, half_up
from core.basics.periods import DAY, Period
from core.billing.engine.penalty import Penalty, PenaltyRules, Segment, Settlement, penalty
from core.billing.engine.settling import Allocation, Settled
from core.billing.model import Claim, ClaimKind, Component, Late, OpenClaim
from core.billing.terms import DebtTerms, LateFee

MONTH = 30
"""Days of a month of delay."""

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Unposted:
    """What late payment of a claim has cost through a day beyond what was posted: kopecks, negative where less is due
    than was posted."""

    late: Late
    cost: Penalty

    @property
    def amount(self) -> int:
        return self.cost.amount - self.late.posted


def cost(late: Late, rules: PenaltyRules | LateFee, through: date) -> Penalty:
    """What the claim costs for the days through the given one; the same for ever once it is settled.

    :raises penalty.NoPenaltyRate: the rules have no rate on a day that decides.
    """
    match rules:
        case PenaltyRules():
            settlements = [Settlement(on, amount) for on, amount in late.settled]
            held = replace(rules, moratoria=(*rules.moratoria, *late.frozen)) if late.frozen else rules
            return penalty(late.amount, late.due_on, settlements, held, through=through)
        case LateFee():
            return _fee(late, rules, through)
        case _:
            assert_never(rules)


def _fee(late: Late, rules: LateFee, through: date) -> Penalty:
    left = late.amount - sum(amount for on, amount in late.settled if on <= through)
    segments = tuple(_months(late, rules, through))
    last = max((one.last for one in segments), default=late.due_on)
    if (last - late.due_on).days <= rules.grace:
        return Penalty(0, NOTHING, (), max(0, left))
    exact = sum((one.worth for one in segments), NOTHING)
    whole = half_up(exact.numerator, exact.denominator)
    # What does not accrue at all has no least fee either.
    return Penalty(max(whole, rules.least) if exact else 0, exact, segments, max(0, left))


def _months(late: Late, rules: LateFee, through: date) -> Iterator[Segment]:
    """The months of delay begun, each with what was unpaid on its first day."""
    first = late.due_on + DAY
    rate = Fraction(rules.rate, MILLI)
    while first <= through:
        balance = late.amount - sum(amount for on, amount in late.settled if on < first)
        if balance <= 0:
            return
        frozen = any(first in days for days in late.frozen)
        last = _end(late, first, min(through, first + timedelta(MONTH - 1)))
        yield Segment(first, last, balance, rate, Fraction(1, (last - first).days + 1), frozen)
        first += timedelta(MONTH)


def _end(late: Late, first: date, last: date) -> date:
    """The last day of the month on which anything is unpaid."""
    left = late.amount
    for on, amount in sorted(late.settled):
        left -= amount
        if left <= 0:
            return min(last, max(first, on))
    return last


def free_days(rules: PenaltyRules | LateFee) -> int:
    """So many days of delay cost nothing by any rate."""
    match rules:
        case PenaltyRules():
            return min((stage.first for stage in rules.stages if stage.share), default=1) - 1
        case LateFee():
            return rules.grace
        case _:
            assert_never(rules)


def unposted(
    open_claims: Iterable[OpenClaim], lates: Iterable[Late], rules: PenaltyRules | LateFee, *, through: date
) -> tuple[Unposted, ...]:
    """What is to be posted of each claim so that all penalty through the day is, and no day that was posted already is
    taken back; claims of which nothing is are left out. Both arguments are as the account's state holds them."""
    told = {late.no: late for late in lates}
    free = through - timedelta(free_days(rules))
    for one in open_claims:
        if one.component is Component.PRINCIPAL and one.due_on < free and one.no not in told:
            told[one.no] = Late(one.no, one.month, one.due_on, one.remaining)
    found = [Unposted(late, cost(late, rules, max(through, late.posted_through))) for late in told.values()]
    return tuple(sorted((one for one in found if one.amount), key=lambda one: (one.late.due_on, one.late.no)))


def lates(
    claims: Sequence[Claim],
    settled: Settled,
    terms: DebtTerms,
    *,
    frozen: Mapping[int, tuple[Period, ...]] | None = None,
) -> tuple[Late, ...]:
    """The claims of which the open ones alone do not tell what late payment costs, as the state keeps them; none where
    it costs nothing. `frozen` are days of instalment plans by the claim's number."""
    if terms.late is None:
        return ()
    open_now = {one.no for one in settled.open}
    return tuple(
        late
        for late in histories(claims, settled, frozen=frozen)
        if matters(late, terms.late, is_open=late.no in open_now)
    )


def histories(
    claims: Sequence[Claim], settled: Settled, *, frozen: Mapping[int, tuple[Period, ...]] | None = None
) -> Iterator[Late]:
    """What late payment of each claim is reckoned from, all of them; arguments as of `lates`."""
    posted: dict[int, list[Claim]] = {}
    for claim in claims:
        if claim.kind is ClaimKind.PENALTY and claim.about is not None:
            posted.setdefault(claim.about, []).append(claim)
    taken: dict[int, list[Allocation]] = {}
    for one in settled.allocations:
        taken.setdefault(one.claim, []).append(one)
    for claim in claims:
        if claim.is_principal and claim.amount > 0:
            yield _late(claim, taken.get(claim.no, ()), posted.get(claim.no, ()), (frozen or {}).get(claim.no, ()))


def _late(claim: Claim, taken: Iterable[Allocation], posted: Sequence[Claim], frozen: tuple[Period, ...]) -> Late:
    amount = claim.amount
    settled: dict[date, int] = {}
    for one in taken:
        if one.on is None or one.on <= claim.due_on:
            amount -= one.amount
        else:
            settled[one.on] = settled.get(one.on, 0) + one.amount
    return Late(
        claim.no,
        claim.month,
        claim.due_on,
        amount,
        tuple(sorted(settled.items())),
        sum(one.amount for one in posted),
        max((one.issued_on for one in posted), default=date.min),
        frozen,
    )


def matters(late: Late, rules: PenaltyRules | LateFee, *, is_open: bool) -> bool:
    """Whether the open claims alone do not tell what late payment of the claim costs, and costs still."""
    if is_open:
        return bool(late.settled or late.posted or late.posted_through > date.min or late.frozen)
    if not late.settled:
        return late.posted != 0
    return cost(late, rules, late.settled[-1][0]).amount != late.posted
