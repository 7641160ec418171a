"""What a change of rules or tariffs would do to the accounts, computed and not written (billing.md section 9)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from functools import partial

from asyncpg import Connection

from core.accounts import sql as accounts
from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing import posting, sql, tariffs
from core.billing.debts import sql as debts
from core.billing.engine import deriving, segmenting, standing
from core.billing.engine.charging import NoTariff
from core.billing.engine.facts import Facts
from core.billing.engine.pricing import NoRate
from core.billing.engine.supplying import supplies
from core.billing.model import Claim, ClaimKind, Tariffs, TariffVersion
from core.billing.terms import Pack
from core.metering import sql as metering
from core.metering.model import Meter, Point
from core.metering.rules import open_month

CHUNK = 500
LARGEST = 10

_EVER = 1200
"""Months for which nobody sends a reading: more than anybody asks for."""


@dataclass(frozen=True, slots=True)
class Rules:
    """By what accounts are reckoned: a rule pack and tariffs."""

    pack: Pack
    tariffs: Tariffs


@dataclass(frozen=True, slots=True)
class Touched:
    """An account that would stand otherwise: kopecks to be paid before and after, negative for a credit."""

    number: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Bills:
    """What the bills of a month come to by the one and by the other rules: as `Compared` has what is to be paid."""

    month: Month
    failed: int
    before: int
    after: int
    touched: int
    largest: tuple[Touched, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """The accounts looked at, those that cannot be reckoned for want of a tariff, the sums of all others before and
    after, how many are touched, and the most touched of them; `bills` of the month that was asked for."""

    accounts: int
    failed: int
    before: int
    after: int
    touched: int
    largest: tuple[Touched, ...]
    bills: Bills | None = None


@dataclass(slots=True)
class _Sums:
    """The sums of accounts on both sides, while they are gathered."""

    before: int = 0
    after: int = 0
    failed: int = 0
    changed: list[Touched] = field(default_factory=list)

    def add(self, number: str, sums: Callable[[Rules], int], before: Rules, after: Rules) -> None:
        """Reckons an account by both."""
        try:
            was, would = sums(before), sums(after)
        except (NoTariff, NoRate):
            self.failed += 1
            return
        self.before += was
        self.after += would
        if was != would:
            self.changed.append(Touched(number, was, would))

    def largest(self) -> tuple[Touched, ...]:
        found = sorted(self.changed, key=lambda one: (-abs(one.after - one.before), one.number))
        return tuple(found[:LARGEST])


async def attempt(conn: Connection, pack: Pack, *, today: date, most: int) -> Compared | None:
    """What the company's accounts, so many at most, would have to pay today, and for the month in which all that the
    packs differ in is in force, by this pack in place of its own; None where no company is set. Nothing is written."""
    own = await posting.pack(conn)
    if own is None:
        return None
    now = Rules(own, await sql.tariffs(conn))
    then = replace(now, pack=pack)
    return await compare(conn, now, then, today=today, most=most, month=turning(now, then, today=today))


async def compare(
    conn: Connection, before: Rules, after: Rules, *, today: date, most: int | None = None, month: Month | None = None
) -> Compared:
    """What the accounts with a supply point would have to pay today by the one and by the other rules: due dates of
    bills, tariffs of all their days, estimation, penalties, the order of settling, and what readings that came after
    the window change; of `most` accounts, or of all. Of a `month`, which may be to come, also what its bills come to if
    all use goes on as usual: so a change shows before its first day. Nothing is written."""
    looked, after_id, due, bills = 0, 0, _Sums(), _Sums()
    company = await accounts.company(conn)
    window = None if company is None else company.window
    while ids := await sql.metered(conn, after=after_id, limit=CHUNK if most is None else min(CHUNK, most - looked)):
        after_id = ids[-1]
        people = await debts.people(conn, ids)
        meters, points = await metering.meters(conn, ids), await metering.points(conn, ids)
        came = await metering.arrivals(conn, ids)
        for account, facts in (await posting.history(conn, ids)).items():
            number, persons = people[account]
            known = _Known(
                facts, meters.get(account, ()), points.get(account, ()), persons, came.get(account, {}), window
            )
            due.add(number, partial(_total, known, today), before, after)
            if month is not None:
                bills.add(number, partial(_bill, known, month), before, after)
        looked += len(ids)
    billed = None
    if month is not None:
        billed = Bills(month, bills.failed, bills.before, bills.after, len(bills.changed), bills.largest())
    return Compared(looked, due.failed, due.before, due.after, len(due.changed), due.largest(), billed)


def turning(before: Rules, after: Rules, *, today: date) -> Month:
    """The month from which on all that the rules differ in is in force, of tariffs, norms and uplifts; the running one
    at the earliest."""
    sides = [list(_dated(one)) for one in (before, after)]
    turns = [row[0] for own, other in (sides, sides[::-1]) for row in own if row not in other]
    return max([Month.of(today), *map(Month.of, turns)])


def _dated(rules: Rules) -> Iterator[tuple[date, object]]:
    """The rows that a month's bill goes by, each with its first day."""
    for plan in rules.tariffs.values():
        yield from ((version.valid.start, replace(version, id=0)) for version in plan)
    estimation = rules.pack.estimation
    yield from ((norm.valid.start, norm) for norm in estimation.norms)
    yield from ((uplift.valid.start, uplift) for uplift in estimation.uplifts)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of an account."""

    facts: Facts
    meters: Sequence[Meter]
    points: Sequence[Point]
    persons: int
    came: Mapping[int, date]
    window: tuple[int, int] | None


def _counted(facts: Facts, came: Mapping[int, date], pack: Pack, window: tuple[int, int] | None) -> Facts:
    """The facts as if all customers' readings had been taken by the pack: `came` are the days on which they came by
    their numbers, `window` the company's own days for them."""
    days = window or (pack.window and (pack.window.first, pack.window.last))
    counts = days is not None and pack.habits.next_period
    readings = tuple(
        replace(one, since=open_month(came[one.no], days) if counts and days and one.no in came else None)
        for one in facts.readings
    )
    return replace(facts, readings=readings)


def _total(of: _Known, today: date, rules: Rules) -> int:
    facts = _counted(of.facts, of.came, rules.pack, of.window)
    claims = tuple(_due(claim, rules.pack) for claim in facts.claims)
    known = replace(facts, claims=claims, terms=rules.pack.debts, averaging=rules.pack.estimation.averaging)
    state = deriving.derive(known, of.meters, tariffs=rules.tariffs)
    stands = standing.standing(
        state,
        of.meters,
        rules.tariffs,
        persons=of.persons,
        today=today,
        rules=rules.pack.estimation,
        late=rules.pack.debts.late,
    )
    return stands.to_pay - stands.credit


def _bill(of: _Known, month: Month, rules: Rules) -> int:
    """What the month's bill comes to where all use goes on as usual, however long nobody sends a reading."""
    estimation = replace(rules.pack.estimation, average_periods=_EVER)
    facts = replace(of.facts, averaging=estimation.averaging)
    state = deriving.drawn(facts, of.meters, fresh=True, points=of.points)
    known = supplies(state, of.meters, persons=of.persons, rules=estimation, points=of.points, through=month.last)
    return sum(
        segmenting.charged(one, month.period, month, rules.tariffs, fixed=True).amount
        for one in known
        if any(days.meet(month.period) is not None for days in one.present)
    )


def _due(claim: Claim, pack: Pack) -> Claim:
    """The claim with the due date that the pack sets for its month, where it is one of our bills."""
    day = pack.due_on(claim.month) if claim.kind is ClaimKind.BILL else None
    return claim if day is None else replace(claim, due_on=day)


def overlaid(stored: Tariffs, versions: Sequence[TariffVersion]) -> Tariffs:
    """The stored tariffs with the versions of a table: beside those of other days, in place of those of the same."""
    found: dict[str, dict[date, TariffVersion]] = {
        plan: {one.valid.start: one for one in of_plan} for plan, of_plan in stored.items()
    }
    for number, version in enumerate(versions, 1):
        of_plan = found.setdefault(version.plan, {})
        before = of_plan.get(version.valid.start)
        same = before is not None and replace(version, id=before.id, valid=before.valid) == before
        if not same:
            of_plan[version.valid.start] = replace(version, id=-number)
    return _ordered(found)


def _ordered(found: Mapping[str, Mapping[date, TariffVersion]]) -> Tariffs:
    return {plan: tariffs.in_order(versions.values()) for plan, versions in found.items()}
