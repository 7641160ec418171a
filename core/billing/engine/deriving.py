"""The state of an account from its facts: what an answer needs, and no more (rulings.md 1.2)."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from core.basics.facts import dataclass
from core.basics.periods import DAY, Month, Period
from core.billing.conditions.model import NONE, Conditions, Kind, conditions_of
from core.billing.engine import debts, planning, reopening, timely
from core.billing.engine.facts import Billed, lines_of
from core.billing.engine.facts import Facts as Facts
from core.billing.engine.lateness import lates
from core.billing.engine.outages import Outage, last_count, outages, runs
from core.billing.engine.usage import Curve, V, Valued, usual_between
from core.billing.estimation import AVERAGED, Averaging
from core.billing.model import AccountState, ChargeFact, Claim, ClaimKind, IssuedLine, Payment, Tariffs
from core.billing.terms import DebtTerms
from core.metering.model import Anchor, Meter, Point, ReadingFact, RegisterKey, RegisterState, Usual

BACK = timedelta(days=31)
"""So far back may a customer date a reading (rulings.md 5)."""


def until(facts: Facts, day: date) -> Facts:
    """The facts about that day and those before: what was read and paid by its end, and what is demanded for months
    that had ended before it, whenever it came to be known."""
    claims = tuple(one for one in facts.claims if _concerns(one, day))
    issued = {one.no for one in claims}
    return replace(
        facts,
        readings=tuple(one for one in facts.readings if one.day <= day),
        claims=claims,
        charges=tuple(one for one in facts.charges if one.no in issued),
        payments=tuple(one for one in facts.payments if one.paid_on <= day),
    )


def _concerns(claim: Claim, day: date) -> bool:
    """Whether the claim counts on the day. Interest is for a month to come, and counts when it was demanded."""
    if claim.kind is ClaimKind.INTEREST:
        return claim.issued_on <= day
    return claim.month.last < day and (claim.is_principal or claim.issued_on <= day)


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


@dataclass(frozen=True, slots=True)
class Use:
    """What is read off the readings: those in force by register, oldest first, each register's usual use, and that
    known when outages began, by their first days."""

    readings: Mapping[RegisterKey, tuple[ReadingFact, ...]]
    usual: Mapping[RegisterKey, Usual | None]
    before: Mapping[RegisterKey, tuple[tuple[date, Usual | None], ...]]


def derive(
    facts: Facts,
    meters: Sequence[Meter],
    *,
    fresh: bool = False,
    use: Use | None = None,
    tariffs: Tariffs | None = None,
    points: Sequence[Point] = (),
) -> AccountState:
    """The state in which every fact has had its effect, whatever the order in which the facts came.

    Kept are the lines of months that a reading may still change: those not wholly before an anchor that is older than
    any day a customer may still name; those that a dated fact touches which no close has taken in yet; and, where
    `tariffs` are given, those that were charged by other versions than hold now. And each register's anchors from the
    last one before these months. The usual use is that known at the last bill (all that is known, where there is none),
    so that readings between two bills do not change the forecast under them; `fresh` takes all readings, as the next
    bill does. `use` saves reading them off the facts again. `points` tell the plans of those that have no meter: a late
    tariff reopens nothing of one that is left out.
    """
    state = drawn(facts, meters, fresh=fresh, use=use, tariffs=tariffs, points=points)
    return settled(state, facts.claims, facts.payments, facts.terms)


def drawn(
    facts: Facts,
    meters: Sequence[Meter],
    *,
    fresh: bool = False,
    use: Use | None = None,
    tariffs: Tariffs | None = None,
    points: Sequence[Point] = (),
) -> AccountState:
    """The state as `derive` has it, without what is owed: as much as a month can be charged by."""
    horizon = _horizon(facts)
    use = use or use_of(facts, meters)
    conditions = conditions_of(facts.conditions)
    at_bill, counted = _at_bill(facts, meters, use, horizon, fresh=fresh)
    standing = gather(meters)
    plans = {one.id: one.tariff for one in points} | {one.point_id: one.tariff for one in reversed(meters)}
    registers: dict[RegisterKey, RegisterState] = {}
    issued: list[IssuedLine] = []
    for point, lines in _lines(facts, standing).items():
        there = standing.get(point, ())
        said = reopening.touched(facts, there, point, lines, use.readings)
        open_months = set(said)
        if tariffs is not None:
            open_months |= reopening.repriced(plans.get(point), there, point, lines, conditions, tariffs)
        for meter in (one for one in there if not one.void):
            open_months |= reopening.unsettled(meter, lines, use.readings, outages(meter, conditions), horizon.day)
        issued.extend(_line(month, point, lines[month], again=month in said) for month in open_months)
    for point, own in standing.items():
        base = _base([line for line in issued if line.point_id == point], horizon)
        for meter in own:
            registers.update(_registers(meter, use, at_bill, outages(meter, conditions), base, counted))
    return AccountState(
        account_id=facts.account_id,
        fact_no=facts.last_no,
        balance=0,
        billed_through=horizon.through,
        claims=(),
        issued=tuple(sorted(issued, key=lambda line: (line.month, line.point_id))),
        registers=registers,
        conditions=conditions,
    )


def _at_bill(
    facts: Facts, meters: Sequence[Meter], use: Use, horizon: _Horizon, *, fresh: bool
) -> tuple[Use, Mapping[RegisterKey, tuple[ReadingFact, ...]] | None]:
    """What was known at the last bill, and the readings that the months billed go by, where some wait for a later one.
    With `fresh`, all.

    The usual use before an outage is always that by all that is known: it charges days that no later reading may
    change, so a bill of before it, or before it was told of, says nothing of it.
    """
    billed = None if fresh or horizon.through is None else timely.waiting(facts, Month.of(horizon.through))
    if billed is not None:
        now = use_of(facts, meters, counted=billed)
        at_bill = replace(use_of(facts, meters, horizon.no, counted=billed), before=now.before)
        return at_bill, timely.counted(facts, meters, billed)
    known = fresh or not _read_since(facts, horizon.no)
    return use if known else replace(use_of(facts, meters, horizon.no), before=use.before), None


def _line(month: Month, point: int, billed: Billed, *, again: bool) -> IssuedLine:
    """What was billed; where a dated fact has changed since (`again`), no version is named, for the same volume by the
    same tariff may cost another sum."""
    return IssuedLine(month, point, billed.amount, billed.volume, billed.known, () if again else billed.tariffs)


def settled(
    state: AccountState,
    claims: Sequence[Claim],
    payments: Sequence[Payment],
    terms: DebtTerms,
    *,
    fact_no: int | None = None,
) -> AccountState:
    """The state with what is owed by these claims and payments, all of the account's; `fact_no` where there is a new
    last fact."""
    found = debts.settlement(claims, payments, terms, planning.agreed(state.conditions, state.account_id))
    frozen = planning.frozen(found.plans) if found.plans and terms.frozen else None
    return replace(
        state,
        fact_no=state.fact_no if fact_no is None else fact_no,
        balance=sum(claim.amount for claim in claims) - sum(payment.amount for payment in payments),
        claims=found.open,
        late=lates(claims, found, terms, frozen=frozen),
        plans=found.plans,
        behind=found.behind,
    )


def _lines(facts: Facts, points: Mapping[int, Sequence[Meter]]) -> dict[int, dict[Month, Billed]]:
    """What was billed so far, by point and month; nothing for a point that had no line in a month's bill, for what came
    late may give it one."""
    found = lines_of(facts.charges)
    bills = [(claim.month, claim.no) for claim in facts.claims if claim.kind is ClaimKind.BILL]
    bare = {one.subject for one in facts.conditions if one.kind is Kind.METERING}
    if len(points.keys() | bare) == 1 and len(found) == 1:
        return found
    for point in points.keys() | bare:
        lines = found.setdefault(point, {})
        for month, no in bills:
            if month not in lines:
                lines[month] = Billed(no=no)
    return found


def whole(facts: Facts, use: Use, known: Use) -> AccountState:
    """The state with every anchor of `use` and what was usual before outages, forecast by the usual uses of `known`:
    what any month can be charged by."""
    registers = {
        key: RegisterState(
            tuple(Anchor(one.day, one.value, one.source) for one in readings),
            known.usual.get(key),
            use.before.get(key, ()),
        )
        for key, readings in use.readings.items()
    }
    through = billed_through(facts.claims)
    conditions = conditions_of(facts.conditions)
    return AccountState(facts.account_id, facts.last_no, 0, through, (), (), registers, conditions)


def gather(meters: Iterable[Meter]) -> dict[int, tuple[Meter, ...]]:
    """The meters by their points, in the order in which the points first come."""
    found: dict[int, list[Meter]] = {}
    for meter in meters:
        found.setdefault(meter.point_id, []).append(meter)
    return {point: tuple(own) for point, own in found.items()}


def _registers(
    meter: Meter,
    use: Use,
    at_bill: Use,
    gaps: Sequence[Outage],
    base: date | None,
    counted: Mapping[RegisterKey, tuple[ReadingFact, ...]] | None,
) -> Iterator[tuple[RegisterKey, RegisterState]]:
    for number in range(1, len(meter.zones) + 1):
        key = meter.id, number
        if readings := use.readings.get(key):
            anchors = _since(readings, gaps, base)
            usual = at_bill.usual.get(key)
            # Without a word of its own the usual use is what holds behind a removal.
            same = (meter.installed.end, usual)
            before = [one for one in at_bill.before.get(key, ()) if anchors and one[0] > anchors[0].day and one != same]
            known = None if counted is None else _since(counted.get(key, ()), gaps, base)
            yield key, RegisterState(anchors, usual, tuple(before), None if known == anchors else known)


def at_bills(facts: Facts, meters: Sequence[Meter]) -> dict[Month, AccountState]:
    """The states by which the next bills of those months are made for which readings came late (`in_force`)."""
    through = billed_through(facts.claims)
    months = {Month.of(one.day) for one in facts.readings if one.late and (through is None or one.day > through)}
    if latest := max((one.since for one in facts.readings if one.since is not None), default=None):
        month = Month.of(min(one.day for one in facts.readings)) if through is None else Month.of(through).next
        while month < latest:
            months.add(month)
            month = month.next
    return {
        month: drawn(facts, meters, fresh=True, use=use_of(facts, meters, bill_of=month)) for month in sorted(months)
    }


def use_of(
    facts: Facts,
    meters: Sequence[Meter],
    through: int | None = None,
    *,
    bill_of: Month | None = None,
    counted: Month | None = None,
) -> Use:
    """What is read off the readings, all of them or those known by a fact's number, or those that a bill goes by, or
    that count once a month is billed (`in_force`)."""
    readings = timely.in_force(facts, meters, through=through, bill_of=bill_of, counted=counted)
    by_id = {meter.id: meter for meter in meters}
    conditions = conditions_of(one for one in facts.conditions if through is None or one.no <= through)
    usual: dict[RegisterKey, Usual | None] = {}
    before: dict[RegisterKey, tuple[tuple[date, Usual | None], ...]] = {}
    for key, found in readings.items():
        meter = by_id[key[0]]
        usual[key] = usual_use(meter, found, conditions, facts.averaging)
        if known := tuple(_before(meter, found, conditions, facts.averaging)):
            before[key] = known
    if len(meters) > 1:
        _inherit(usual, meters)
    return Use(readings, usual, before)


def _before(
    meter: Meter, readings: Sequence[Valued], conditions: Conditions, averaging: Averaging
) -> Iterator[tuple[date, Usual | None]]:
    """The usual use known when each outage began behind which no count can come any more: anchors lie behind it, or the
    meter was removed. That is an outage too, until the meter that follows it is read."""
    removed = meter.installed.end
    for gap in outages(meter, conditions):
        known = [one for one in readings if one.day < gap.days.start]
        behind = readings[-1].day not in gap.days and readings[-1].day >= gap.days.start
        if known and (behind or (removed is not None and gap.days.start < removed)):
            yield gap.days.start, usual_use(meter, known, conditions, averaging)
    if removed is not None and (known := [one for one in readings if one.day < removed]):
        yield removed, usual_use(meter, known, conditions, averaging)


def _inherit(usual: dict[RegisterKey, Usual | None], meters: Sequence[Meter]) -> None:
    """A meter with too little history, or none by then, goes by the usual use of the one that it has replaced."""
    for meter in sorted(meters, key=lambda one: (one.installed.start, one.id)):
        older = [one for one in meters if _replaced(one, meter)]
        if not older:
            continue
        last = max(older, key=lambda one: one.installed.start)
        for number in range(1, len(meter.zones) + 1):
            if usual.get((meter.id, number)) is None:
                usual[meter.id, number] = usual.get((last.id, number))


def _replaced(older: Meter, meter: Meter) -> bool:
    end = older.installed.end
    if older.void:
        return False
    same = (older.point_id, older.zones) == (meter.point_id, meter.zones)
    return same and end is not None and end <= meter.installed.start + DAY and older.id != meter.id


def _read_since(facts: Facts, no: int | None) -> bool:
    """Whether anything was read or taken back since the fact with this number."""
    if no is None:
        return False
    return any(one.no > no for one in facts.readings) or any(one.no > no for one in facts.withdrawals)


def usual_use(
    meter: Meter, readings: Sequence[Valued], conditions: Conditions = NONE, averaging: Averaging = AVERAGED
) -> Usual | None:
    """The use of the last months before the last count, twelve where no pack says otherwise, or of as much as is known
    of them; None where that is less than the pack's least, three months (billing.md section 6). Behind an outage that
    of before it holds until as much is known again."""
    known, start = last_year(meter, readings, conditions, averaging)
    if not known:
        return None
    if not conditions:
        whole = Curve(known, wheel=meter.wheel, multiplier=meter.multiplier, fraction=meter.fraction)
        return usual_between(whole, start.toordinal(), known[-1].day.toordinal())
    last = known[-1].day
    volume = 0
    for one in conditions.numbers(Kind.MULTIPLIER, meter.id, Period(start + DAY, last + DAY), meter.multiplier):
        curve = Curve(known, wheel=meter.wheel, multiplier=one.value, fraction=meter.fraction)
        volume += curve.volume(one.days).volume
    return Usual(volume, (last - start).days)


def last_year(
    meter: Meter, readings: Sequence[V], conditions: Conditions = NONE, averaging: Averaging = AVERAGED
) -> tuple[Sequence[V], date]:
    """The counts between which the usual use is measured, and the day behind which it is; none where the history is too
    short."""
    for run in reversed(runs(readings, outages(meter, conditions))):
        if (run[-1].day - run[0].day).days >= averaging.enough:
            start = max(run[0].day, date.fromordinal(run[-1].day.toordinal() - averaging.days))
            return run[bisect_right(run, start, key=lambda one: one.day) - 1 :], start
    return (), date.min


def billed_through(claims: Iterable[Claim]) -> date | None:
    """The last day for which bills are issued. What an older system demanded counts as its bill."""
    months = [claim.month for claim in claims if claim.is_bill]
    return max(months).last if months else None


def _horizon(facts: Facts) -> _Horizon:
    claims = [claim for claim in facts.claims if claim.is_principal]
    if not claims:
        return _Horizon(None, date.min + DAY, None)
    day = max(claim.issued_on for claim in claims) - BACK
    no = max(claim.no for claim in claims)
    taken_back = {one.reading_no for one in facts.withdrawals if one.no > no}
    new = (one.day for one in facts.readings if one.no > no or one.no in taken_back)
    return _Horizon(billed_through(facts.claims), min([day, *new, *timely.left_out(facts)]), no)


def _base(lines: Sequence[IssuedLine], horizon: _Horizon) -> date | None:
    """The day such that the last anchor not behind it is the first one needed; None: all are needed."""
    if horizon.through is None:
        return None
    return min([horizon.through, horizon.day - DAY, *(line.month.first - DAY for line in lines)])


def _since(readings: Sequence[ReadingFact], gaps: Sequence[Outage], base: date | None) -> tuple[Anchor, ...]:
    first = date.min if base is None else last_count(readings, gaps, base)
    return tuple(Anchor(one.day, one.value, one.source) for one in readings if one.day >= first)


def with_facts(facts: Facts, *, claims: Sequence[Claim] = (), charges: Sequence[ChargeFact] = ()) -> Facts:
    """The facts and these claims with their lines."""
    return replace(facts, claims=(*facts.claims, *claims), charges=(*facts.charges, *charges))
