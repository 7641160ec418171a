"""Why a sum changed: the difference between two moments of an account, attributed to what came between them.

The order is fixed (docs/decisions/0014): first the tariffs that came to be known, then every fact by its number, at
last the days that passed. Each has what the sum is more by it than by all before it, so the parts always add up.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import partial
from itertools import groupby

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing.engine import deriving, presence, standing
from core.billing.engine.charging import NoTariff
from core.billing.engine.deriving import Facts
from core.billing.engine.pricing import NoRate
from core.billing.estimation import ESTIMATED, Estimation
from core.billing.model import AccountState, Claim, Tariffs
from core.billing.terms import DebtTerms
from core.metering.model import Meter


class Cause(StrEnum):
    """What changed a sum. `READING`: a reading changed a month that was billed, by forecast or by an earlier count;
    `USE`: use since the last bill was read; `CONDITION`: what holds of the account, its points or meters; `DAYS`: the
    days that passed."""

    TARIFF = "tariff"
    READING = "reading"
    USE = "use"
    WITHDRAWAL = "withdrawal"
    CONDITION = "condition"
    OPENING = "opening"
    BILL = "bill"
    RECALCULATION = "recalculation"
    PENALTY = "penalty"
    WRITE_OFF = "write_off"
    INTEREST = "interest"
    PAYMENT = "payment"
    REVERSAL = "reversal"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a difference, kopecks: its cause, the fact (such as "reading:8"), the month that it is for. `volumes`
    are what the month was charged for before and after, thousandths."""

    cause: Cause
    amount: int
    fact: str | None = None
    month: Month | None = None
    volumes: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What was to be paid at the end of a day (negative: a credit) and at that of another, kopecks, and why it is not
    the same: the parts add up to the difference."""

    since: date
    on: date
    before: int
    after: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """Facts that came at once: those numbered up to `no`."""

    no: int
    cause: Cause
    name: str
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class _By:
    """By what an account is charged beside its facts: how many live there where none says, and the rules where no
    reading tells the use."""

    persons: int
    rules: Estimation


@dataclass(frozen=True, slots=True)
class _Side:
    """What makes up the sum at a moment: by (month, point) what recalculations add and the volumes behind them, by
    month the use since the last bill."""

    total: int
    pending: Mapping[tuple[Month, int], tuple[int, int, int]]
    used: Mapping[Month, int]


def difference(
    facts: Facts,
    meters: Sequence[Meter],
    tariffs: Tariffs,
    *,
    persons: int,
    rules: Estimation = ESTIMATED,
    through: int,
    since: date,
    on: date,
    earlier: Tariffs | None = None,
) -> Difference:
    """Why the sum by all these facts on one day is another than that by the facts numbered up to `through` on an
    earlier one, when the tariffs were `earlier` (None: the same). A moment at which days to be charged had no tariff
    counts with what was issued and paid.

    :raises charging.NoTariff: a day to be charged has none now.
    """
    by = _By(persons, rules)
    there = partial(presence.as_known, meters, facts)
    known = deriving.known(facts, through)
    before = side = _side(known, there(through), earlier or tariffs, by, since)
    parts: list[Part] = []
    if earlier is not None and earlier != tariffs:
        after = _side(known, there(through), tariffs, by, since)
        parts.extend(_parts(side, after, _Step(through, Cause.TARIFF, "")))
        side = after
    for step in _steps(facts, through):
        after = _side(deriving.known(facts, step.no), there(step.no), tariffs, by, since)
        parts.extend(_parts(side, after, step))
        side = after
    last = _charged(deriving.derive(facts, meters, tariffs=tariffs), meters, tariffs, by, on, facts.terms)
    if last.total != side.total:
        parts.append(Part(Cause.DAYS, last.total - side.total))
    return Difference(since, on, before.total, last.total, tuple(parts))


def last_change(
    facts: Facts,
    meters: Sequence[Meter],
    tariffs: Tariffs,
    *,
    persons: int,
    today: date,
    rules: Estimation = ESTIMATED,
) -> Difference | None:
    """What the last thing that happened changed, where that is a sum which was told before: a reading (or its being
    taken back) that changed a billed month, or a bill that came out otherwise than the use told until then. A posting
    of what was told already is passed over. None where nothing of the kind was the last.

    :raises charging.NoTariff: a day to be charged has no tariff.
    """
    steps = list(_steps(facts, 0))
    while len(steps) > 1:
        step, through = steps[-1], steps[-2].no
        now, stood = deriving.known(facts, step.no), presence.as_known(meters, facts, step.no)
        found = difference(now, stood, tariffs, persons=persons, rules=rules, through=through, since=today, on=today)
        if any(one.is_bill for one in step.claims):
            there = presence.as_known(meters, facts, through)
            told = _side(deriving.known(facts, through), there, tariffs, _By(persons, rules), today).used
            return found if found.before != found.after and any(one.month in told for one in step.claims) else None
        if found.before == found.after and step.claims:
            steps.pop()
            continue
        causes = {part.cause for part in found.parts}
        return found if causes & {Cause.READING, Cause.WITHDRAWAL} else None
    return None


def _steps(facts: Facts, through: int) -> Iterator[_Step]:
    """What came after the fact numbered `through`, in order; claims issued at once are one step."""
    found = [_Step(one.no, Cause.READING, f"reading:{one.no}") for one in facts.readings]
    found += [_Step(one.no, Cause.WITHDRAWAL, f"withdrawal:{one.no}") for one in facts.withdrawals]
    found += [_Step(one.no, Cause.CONDITION, f"condition:{one.no}") for one in facts.conditions]
    found += [
        _Step(one.no, Cause.PAYMENT if one.amount > 0 else Cause.REVERSAL, f"payment:{one.no}")
        for one in facts.payments
    ]
    found += [_Step(one.no, Cause(one.kind.value), f"claim:{one.no}", (one,)) for one in facts.claims]
    by_no = {one.no: one for one in found if one.no > through}
    ordered = [by_no[no] for no in sorted(by_no)]
    for issued, group in groupby(ordered, key=lambda one: one.claims[0].issued_on if one.claims else None):
        if issued is None:
            yield from group
            continue
        several = list(group)
        yield replace(several[-1], claims=tuple(claim for one in several for claim in one.claims))


def _side(facts: Facts, meters: Sequence[Meter], tariffs: Tariffs, by: _By, day: date) -> _Side:
    state = deriving.derive(facts, meters, tariffs=tariffs)
    try:
        return _charged(state, meters, tariffs, by, day, facts.terms)
    except (NoTariff, NoRate):
        return _Side(state.balance, {}, {})


def _charged(
    state: AccountState, meters: Sequence[Meter], tariffs: Tariffs, by: _By, day: date, terms: DebtTerms
) -> _Side:
    stands = standing.standing(state, meters, tariffs, persons=by.persons, today=day, rules=by.rules, late=terms.late)
    used: dict[Month, int] = {}
    for part in stands.provisional:
        used[part.month] = used.get(part.month, 0) + part.amount
    return _Side(
        stands.to_pay - stands.credit,
        {
            (one.month, one.point_id): (one.amount - one.billed, one.billed_volume, one.volume)
            for one in stands.recalculated
        },
        used,
    )


def _parts(before: _Side, after: _Side, step: _Step) -> list[Part]:
    """What a step changed, each month for itself; what belongs to no month is the step's own."""
    parts = _claimed(before, after, step) if step.claims else [*_recalculated(before, after, step)]
    if not step.claims:
        use = Cause.USE if step.cause is Cause.READING else step.cause
        for month in sorted({*before.used, *after.used}):
            amount = after.used.get(month, 0) - before.used.get(month, 0)
            parts.append(Part(use, amount, step.name or None, month))
    rest = after.total - before.total - sum(part.amount for part in parts)
    parts.append(Part(step.cause, rest, step.name or None))
    return [part for part in parts if part.amount]


def _recalculated(before: _Side, after: _Side, step: _Step) -> Iterator[Part]:
    """What changed in months that were billed."""
    for key in sorted({*before.pending, *after.pending}):
        one, other = before.pending.get(key), after.pending.get(key)
        amount = (other[0] if other else 0) - (one[0] if one else 0)
        billed = (one or other or (0, 0, 0))[1]
        volumes = (one[2] if one else billed, other[2] if other else billed)
        yield Part(step.cause, amount, step.name or None, key[0], volumes if volumes[0] != volumes[1] else None)


def _claimed(before: _Side, after: _Side, step: _Step) -> list[Part]:
    """What each claim adds to what was told of its month before."""
    parts: list[Part] = []
    seen: set[Month] = set()
    for claim in step.claims:
        told = 0
        if claim.month not in seen:
            seen.add(claim.month)
            told = after.used.get(claim.month, 0) - before.used.get(claim.month, 0)
            told += _pending(after, claim.month) - _pending(before, claim.month)
        parts.append(Part(Cause(claim.kind.value), claim.amount + told, f"claim:{claim.no}", claim.month))
    return parts


def _pending(side: _Side, month: Month) -> int:
    return sum(amount for (of, _), (amount, _, _) in side.pending.items() if of == month)
