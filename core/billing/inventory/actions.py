"""Goes through the consumption of all accounts: days without a basis, left out of a bill, or charged twice (M10a)."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date

from asyncpg import Connection

from core.basics.periods import DAY, Period
from core.billing import posting, sql
from core.billing.engine import deriving
from core.billing.engine.covering import Hole, Lack, holes, untold
from core.billing.engine.facts import Facts
from core.billing.engine.supplying import supplies
from core.billing.estimation import Estimation
from core.billing.inventory import sql as inventory
from core.billing.inventory.sql import Ours
from core.billing.model import Tariffs
from core.metering import sql as metering
from core.metering.model import Meter, Point

CHUNK = 500
"""Accounts at a time."""


@dataclass(frozen=True, slots=True)
class Found:
    """A hole in the consumption of the account with this number."""

    account: str
    hole: Hole


@dataclass(frozen=True, slots=True)
class Counted:
    """So many gaps and overlaps, with what they are about worth: thousandths and kopecks, overlaps negative."""

    gaps: int = 0
    overlaps: int = 0
    volume: int = 0
    amount: int = 0

    def with_one(self, hole: Hole) -> "Counted":
        twice = hole.lack is Lack.TWICE
        return Counted(
            self.gaps + (not twice), self.overlaps + twice, self.volume + hole.volume, self.amount + hole.amount
        )


@dataclass(frozen=True, slots=True)
class _Rules:
    """By what all accounts are charged."""

    tariffs: Tariffs
    estimation: Estimation


async def find(conn: Connection, days: Period, *, chunk: int = CHUNK) -> AsyncIterator[Found]:
    """The gaps and overlaps of all accounts that have a supply point on these days, by account, point and day; none of
    days that an older system has billed, or before the account was opened. Nothing is written.

    :raises ValueError: the days have no end.
    """
    if days.end is None:
        raise ValueError("holes of an open period")
    rules = _Rules(await sql.tariffs(conn), await posting.estimation(conn))
    after = 0
    while ids := await sql.metered(conn, after=after, limit=chunk):
        after = ids[-1]
        known = await inventory.ours(conn, ids)
        meters, points = await metering.meters(conn, ids), await metering.points(conn, ids)
        for account, facts in (await posting.history(conn, ids)).items():
            of = known[account]
            for hole in _of(facts, meters.get(account, ()), points.get(account, ()), of, rules, days):
                yield Found(of.number, hole)


def _of(
    facts: Facts, meters: Sequence[Meter], points: Sequence[Point], of: Ours, rules: _Rules, days: Period
) -> Sequence[Hole]:
    within = Period(of.since, None).meet(days)
    if within is None or within.end is None:
        return ()
    use = deriving.use_of(facts, meters)
    known = supplies(
        deriving.whole(facts, use, use),
        meters,
        persons=of.persons,
        rules=rules.estimation,
        points=points,
        through=within.end - DAY,
    )
    found = holes(facts, known, rules.tariffs, within=within, rules=rules.estimation)
    return (*found, *untold(points, meters, known, within=within))


async def count(conn: Connection, days: Period) -> Counted:
    """How many there are on the days, and what they are about worth."""
    found = Counted()
    async for one in find(conn, days):
        found = found.with_one(one.hole)
    return found


def year_before(day: date) -> Period:
    """The twelve months up to and including that day, from the first of a month on."""
    return Period(day.replace(year=day.year - 1, day=1), day + DAY)
