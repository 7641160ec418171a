"""The state of an account from its facts: what an answer needs, and no more (rulings.md 1.2)."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TypeVar

from core.basics.periods import DAY, Month
from core.billing.conditions.model import Condition, conditions_of
from core.billing.engine.settling import settle
from core.billing.engine.usage import Curve, Valued, consistent, usable
from core.billing.model import AccountState, ChargeFact, Claim, ClaimKind, IssuedLine, Payment
from core.metering.expecting import needed
from core.metering.model import Anchor, Meter, ReadingFact, RegisterKey, RegisterState, Source, Usual, WithdrawalFact

_Valued = TypeVar("_Valued", bound=Valued)

BACK = timedelta(days=31)
"""So far back may a customer date a reading (rulings.md 5)."""

YEAR = 365
ENOUGH = 89
"""Days of history without which nothing is called usual: three months at their shortest (billing.md section 6)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is on record of an account; the order within each kind does not matter. `given` is the last number that
    the account has given to a fact, as far as that is known apart from them."""

    account_id: int
    given: int = 0
    readings: tuple[ReadingFact, ...] = ()
    withdrawals: tuple[WithdrawalFact, ...] = ()
    claims: tuple[Claim, ...] = ()
    charges: tuple[ChargeFact, ...] = ()
    payments: tuple[Payment, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def last_no(self) -> int:
        """The number of the last fact, 0 where there is none."""
        kinds = (self.readings, self.withdrawals, self.claims, self.payments, self.conditions)
        return max(self.given, max((fact.no for kind in kinds for fact in kind), default=0))


def until(facts: Facts, day: date) -> Facts:
    """The facts about that day and those before: what was read and paid by its end, and what is demanded for months
    that had ended before it, whenever it came to be known."""
    claims = tuple(one for one in facts.claims if one.month.last < day)
    issued = {one.no for one in claims}
    return replace(
        facts,
        readings=tuple(one for one in facts.readings if one.day <= day),
        claims=claims,
        charges=tuple(one for one in facts.charges if one.no in issued),
        payments=tuple(one for one in facts.payments if one.paid_on <= day),
    )


def known(facts: Facts, through: int) -> Facts:
    """The facts numbered up to `through`: what was on record when that was the last number given."""
    return replace(
        facts,
        given=min(facts.given, through),
        readings=tuple(one for one in facts.readings if one.no <= through),
        withdrawals=tuple(one for one in facts.withdrawals if one.no <= through),
        claims=tuple(one for one in facts.claims if one.no <= through),
        charges=tuple(one for one in facts.charges if one.no <= through),
        payments=tuple(one for one in facts.payments if one.no <= through),
        conditions=tuple(one for one in facts.conditions if one.no <= through),
    )


@dataclass(frozen=True, slots=True)
class _Horizon:
    """What bills have settled: `through` the last day billed; before `day` no reading can come any more, other than by
    deriving anew; `no` the last claim's number, by which the usual use is known."""

    through: date | None
    day: date
    no: int | None


@dataclass(slots=True)
class _Billed:
    amount: int = 0
    volume: int = 0
    no: int = 0
    known: date = field(default=date.min)
    tariffs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """What is read off the readings: those in force by register, oldest first, and each register's usual use."""

    readings: Mapping[RegisterKey, tuple[ReadingFact, ...]]
    usual: Mapping[RegisterKey, Usual | None]


def derive(facts: Facts, meters: Sequence[Meter], *, fresh: bool = False, use: Use | None = None) -> AccountState:
    """The state in which every fact has had its effect, whatever the order in which the facts came.

    Kept are the lines of months that a reading may still change: those not wholly before an anchor that is older than
    any day a customer may still name; and each register's anchors from the last one before these months. The usual use
    is that known at the last bill (all that is known, where there is none), so that readings between two bills do not
    change the forecast under them; `fresh` takes all readings, as the next bill does. `use` saves reading them off the
    facts again.
    """
    horizon = _horizon(facts)
    use = use or use_of(facts, meters)
    usual = use.usual if fresh or not _read_since(facts, horizon.no) else use_of(facts, meters, horizon.no).usual
    lines = _lines(facts.charges)
    registers: dict[RegisterKey, RegisterState] = {}
    issued: list[IssuedLine] = []
    for meter in meters:
        charged = [use.readings.get((meter.id, number), ()) for number in needed(meter)]
        open_lines = _open(meter, lines.get(meter.id, {}), charged, horizon)
        issued.extend(open_lines)
        base = _base(open_lines, horizon)
        for number in range(1, len(meter.zones) + 1):
            key = meter.id, number
            if readings := use.readings.get(key):
                registers[key] = RegisterState(_since(meter, readings, base), usual.get(key))
    return AccountState(
        account_id=facts.account_id,
        fact_no=facts.last_no,
        balance=sum(claim.amount for claim in facts.claims) - sum(payment.amount for payment in facts.payments),
        billed_through=horizon.through,
        claims=settle(facts.claims, facts.payments).open,
        issued=tuple(sorted(issued, key=lambda line: (line.month, line.meter_id))),
        registers=registers,
        conditions=conditions_of(facts.conditions),
    )


def at_bills(facts: Facts, meters: Sequence[Meter]) -> dict[Month, AccountState]:
    """The states by which the next bills of those months are made for which readings came late (`in_force`)."""
    through = billed_through(facts.claims)
    months = {Month.of(one.day) for one in facts.readings if one.late and (through is None or one.day > through)}
    return {
        month: derive(facts, meters, fresh=True, use=use_of(facts, meters, bill_of=month)) for month in sorted(months)
    }


def use_of(facts: Facts, meters: Sequence[Meter], through: int | None = None, *, bill_of: Month | None = None) -> Use:
    """What is read off the readings, all of them or those known by a fact's number, or those that a bill goes by."""
    readings = in_force(facts, meters, through=through, bill_of=bill_of)
    by_id = {meter.id: meter for meter in meters}
    return Use(readings, {key: usual_use(by_id[key[0]], found) for key, found in readings.items()})


def _read_since(facts: Facts, no: int | None) -> bool:
    """Whether anything was read or taken back since the fact with this number."""
    if no is None:
        return False
    return any(one.no > no for one in facts.readings) or any(one.no > no for one in facts.withdrawals)


def in_force(
    facts: Facts, meters: Sequence[Meter], *, through: int | None = None, bill_of: Month | None = None
) -> Mapping[RegisterKey, tuple[ReadingFact, ...]]:
    """The readings in force by register, oldest first: one a day, of the firmest source, of those the latest; none that
    was withdrawn, came from a guest, or is made impossible by a firm one.

    `bill_of` leaves out those that came too late for the bill of that month, which is made by forecast; the next close
    takes them as a difference (rulings.md 1.4, check 16).
    """
    gone = {one.reading_no for one in facts.withdrawals if through is None or one.no <= through}
    counting = [
        one
        for one in facts.readings
        if one.source is not Source.GUEST and one.no not in gone and (through is None or one.no <= through)
    ]
    best: dict[RegisterKey, dict[date, ReadingFact]] = {}
    for one in counting if bill_of is None else _in_time(counting, bill_of):
        days = best.setdefault((one.meter_id, one.register), {})
        rival = days.get(one.day)
        if rival is None or (rival.source, rival.no) < (one.source, one.no):
            days[one.day] = one
    wheels = {meter.id: meter.wheel for meter in meters}
    return {
        key: consistent([days[day] for day in sorted(days)], wheels[key[0]])
        for key, days in best.items()
        if key[0] in wheels
    }


def _in_time(readings: Sequence[ReadingFact], month: Month) -> list[ReadingFact]:
    """The readings without those that came too late for the bill of the month. The first count of a register stays:
    without it nothing would be billed, now or later."""
    first: dict[RegisterKey, date] = {}
    for one in readings:
        if not _too_late(one, month):
            key = one.meter_id, one.register
            first[key] = min(one.day, first.get(key, one.day))
    return [
        one
        for one in readings
        if not _too_late(one, month) or one.day < first.get((one.meter_id, one.register), date.max)
    ]


def _too_late(one: ReadingFact, month: Month) -> bool:
    return one.late and Month.of(one.day) == month


def usual_use(meter: Meter, readings: Sequence[Valued]) -> Usual | None:
    """The use of the last twelve months before the last count, or of as much as is known of them; None where that is
    less than three months (billing.md section 6)."""
    known, start = last_year(meter, readings)
    if not known:
        return None
    last = known[-1].day.toordinal()
    curve = Curve(known, wheel=meter.wheel, multiplier=meter.multiplier, fraction=meter.fraction)
    return Usual(curve.count(last) - curve.count(start.toordinal()), last - start.toordinal())


def last_year(meter: Meter, readings: Sequence[_Valued]) -> tuple[Sequence[_Valued], date]:
    """The counts between which the usual use is measured, and the day behind which it is; none where the history is too
    short."""
    known = usable(meter, readings)
    if not known or (known[-1].day - known[0].day).days < ENOUGH:
        return (), date.min
    start = max(known[0].day, date.fromordinal(known[-1].day.toordinal() - YEAR))
    return known[bisect_right(known, start, key=lambda one: one.day) - 1 :], start


def billed_through(claims: Iterable[Claim]) -> date | None:
    """The last day for which bills are issued. What an older system demanded counts as its bill."""
    months = [claim.month for claim in claims if claim.kind is not ClaimKind.RECALCULATION]
    return max(months).last if months else None


def _horizon(facts: Facts) -> _Horizon:
    if not facts.claims:
        return _Horizon(None, date.min + DAY, None)
    day = max(claim.issued_on for claim in facts.claims) - BACK
    no = max(claim.no for claim in facts.claims)
    taken_back = {one.reading_no for one in facts.withdrawals if one.no > no}
    new = (one.day for one in facts.readings if one.no > no or one.no in taken_back)
    return _Horizon(billed_through(facts.claims), min([day, *new, *_left_out(facts)]), no)


def _left_out(facts: Facts) -> Iterator[date]:
    """The days of the readings that came too late for the bill of their month and that no later close has taken."""
    bills = {claim.month: claim for claim in facts.claims if claim.kind is ClaimKind.BILL}
    for one in facts.readings:
        bill = bills.get(Month.of(one.day)) if one.late else None
        if bill is not None and one.no < bill.no and not any(_took(claim, bill) for claim in facts.claims):
            yield one.day


def _took(claim: Claim, bill: Claim) -> bool:
    """Whether the claim shows that a later close than that of the bill was made."""
    if claim.kind is ClaimKind.RECALCULATION:
        return claim.month == bill.month and claim.no > bill.no
    return claim.kind is ClaimKind.BILL and claim.month > bill.month and claim.issued_on > bill.issued_on


def _lines(charges: Iterable[ChargeFact]) -> dict[int, dict[Month, _Billed]]:
    """What was billed so far, by meter and month."""
    found: dict[int, dict[Month, _Billed]] = {}
    for charge in charges:
        line = found.setdefault(charge.meter_id, {}).setdefault(charge.month, _Billed())
        line.amount += charge.amount
        line.volume += charge.volume
        if charge.no >= line.no:
            line.no, line.known, line.tariffs = charge.no, charge.known, charge.tariffs
    return found


def _open(
    meter: Meter, lines: Mapping[Month, _Billed], registers: Sequence[Sequence[Valued]], horizon: _Horizon
) -> list[IssuedLine]:
    """The lines that are not wholly before a count which no reading can move any more."""
    firm = min((_last(meter, readings, horizon.day - DAY) for readings in registers), default=date.min)
    removed, settled = meter.installed.end, Month.of(firm)
    return [
        IssuedLine(month, meter.id, line.amount, line.volume, line.known, line.tariffs)
        for month, line in lines.items()
        if month >= settled and (month.last if removed is None else min(month.last, removed - DAY)) > firm
    ]


def _last(meter: Meter, readings: Sequence[Valued], day: date) -> date:
    """The day of the last count not behind `day`, the first of all days where there is none."""
    return next((one.day for one in reversed(usable(meter, readings)) if one.day <= day), date.min)


def _base(lines: Sequence[IssuedLine], horizon: _Horizon) -> date | None:
    """The day such that the last anchor not behind it is the first one needed; None: all are needed."""
    if horizon.through is None:
        return None
    return min([horizon.through, horizon.day - DAY, *(line.month.first - DAY for line in lines)])


def _since(meter: Meter, readings: Sequence[ReadingFact], base: date | None) -> tuple[Anchor, ...]:
    first = date.min if base is None else _last(meter, readings, base)
    return tuple(Anchor(one.day, one.value, one.source) for one in readings if one.day >= first)


def with_facts(facts: Facts, *, claims: Sequence[Claim] = (), charges: Sequence[ChargeFact] = ()) -> Facts:
    """The facts and these claims with their lines."""
    return replace(facts, claims=(*facts.claims, *claims), charges=(*facts.charges, *charges))
