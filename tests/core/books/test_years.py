"""Years of a town, day by day: late, missing, corrected, doubled and permuted facts, with every day and month closed,
end in the sums of one batch over all of them."""

import os
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg
import pytest

from core.basics.periods import DAY, Month
from core.billing import actions as billing
from core.billing import penalties
from core.billing.booking import sql as booking
from core.books import verifying
from core.books.reports import actions as reports
from core.books.reports.model import Level
from core.store import pool as store
from tests.conftest import cloned
from tests.core.books import chronicle
from tests.core.books.chronicle import FIRST, Fact, Home, Told
from tests.core.books.feeding import Books, night

ACCOUNTS = int(os.environ.get("METERLINE_ACCOUNTS", "100"))
MONTHS = int(os.environ.get("METERLINE_MONTHS", "24"))
SHARDS = int(os.environ.get("METERLINE_SHARDS", "1"))

PRINCIPAL = """
select account_id, month, sum(amount)::bigint from claims where kind in ('bill', 'recalculation') group by 1, 2
"""
LINES = """
select account_id, month, point_id, sum(volume), sum(amount)::bigint from charges group by 1, 2, 3
"""
OPEN = """
select account_id, sum(amount)::bigint from entries where ledger = 'receivable' group by 1
"""
STATES = """
select account_id, balance from account_states
"""


@dataclass(frozen=True, slots=True)
class Town:
    homes: Sequence[Home]
    told: Sequence[list[Told]]
    end: Month
    """The first month that is not billed."""


def town(accounts: int, months: int, *, shard: int = 1, of: int = 1) -> Town:
    """The accounts of one of so many shards, which make up the town; the life of each is the same in whichever."""
    return street(range(accounts * (shard - 1) // of + 1, accounts * shard // of + 1), months)


def street(numbers: Sequence[int], months: int) -> Town:
    """The accounts with these numbers."""
    homes = [chronicle.home(number) for number in numbers]
    end = FIRST
    for _ in range(months):
        end = end.next
    return Town(homes, [chronicle.facts(one, months) for one in homes], end)


@pytest.fixture
async def twin(server: str, template: str) -> AsyncIterator[str]:
    """A second database like `database`."""
    async with cloned(server, template) as address:
        yield address


async def day_by_day(books: Books, of: Town) -> None:
    """Every fact comes on its day; every day is closed when it has ended, and every month."""
    days: dict[date, list[Fact]] = defaultdict(list)
    for told in of.told:
        for one in told:
            days[one.on].append(one.fact)
    priced = defaultdict(list)
    for on, version in chronicle.LATE:
        priced[on].append(version)
    day = FIRST.first
    while day <= of.end.first:
        if day.day == 1 and day > FIRST.first:
            done = await books.bill(Month.of(day).previous)
            assert (done.accounts, done.failed) == (len(of.homes), 0)
        for version in priced[day]:
            await books.price(version)
        await books.tell(days[day], on=day)
        await books.close(day)
        day += DAY


async def at_once(books: Books, of: Town) -> None:
    """All facts come on the last day, in another order; one close bills all months, and a second one takes what the
    rules leave out of a month's own bill."""
    last = of.end.previous.last
    for on, version in chronicle.LATE:
        if on < of.end.first:
            await books.price(version)
    await books.tell([fact for told in of.told for fact in chronicle.at_once(told)], on=last)
    await books.bill(of.end.previous)
    await books.close(last)
    await books.close(of.end.first)


async def sums(conn: asyncpg.Connection, statement: str, keys: int) -> Mapping[tuple[object, ...], tuple[object, ...]]:
    """What is not zero, by the first columns."""
    rows = [tuple(row) for row in await conn.fetch(statement)]
    return {row[:keys]: row[keys:] for row in rows if any(row[keys:])}


async def assert_books(conn: asyncpg.Connection, of: Town) -> None:
    """The sheet balances, for every account and in all; the chain of hashes holds; what is kept of each account is what
    all its facts come to, penalties too."""
    ids = [one.id for one in of.homes]
    first = await conn.fetchval("select min(day) from day_heads")
    sheet = await reports.sheet(conn, first, of.end.first, Level.ACCOUNT)
    assert len(sheet.rows) == len(ids)
    assert [name for name, one in sheet.rows if one.difference] == []
    assert (sheet.total.difference, sum(one.closing for _, one in sheet.rows)) == (0, sheet.total.closing)
    assert await conn.fetchval("select sum(amount)::bigint from entries") == 0
    kept = await sums(conn, STATES, 1)
    assert kept == {key: found for key, found in (await sums(conn, OPEN, 1)).items() if key[0] != booking.COMPANY}
    assert {int(name) - 100_000_000: one.closing for name, one in sheet.rows if one.closing} == {
        key[0]: found[0] for key, found in kept.items()
    }
    proven = await verifying.verify(conn)
    assert (proven.broken, proven.days) == (None, (of.end.first - first).days + 1)
    assert await billing.rebuild(conn, ids) == 0, "kept otherwise than all facts say"
    async with conn.transaction():
        more = await penalties.post_accrued(conn, ids, day=of.end.first, at=night(of.end.first))
    assert more == penalties.Accrued(), "the penalties posted day by day are not those reckoned at the end"


async def compared(database: str, twin: str, of: Town) -> None:
    steady, whole = await store.connect(database, role=None), await store.connect(twin, role=None)
    try:
        books, batch = Books(steady), Books(whole)
        for one in (books, batch):
            await one.furnish(of.homes)
        await day_by_day(books, of)
        await at_once(batch, of)
        for statement, keys in ((PRINCIPAL, 2), (LINES, 3)):
            daily, once = await sums(steady, statement, keys), await sums(whole, statement, keys)
            assert len(daily) >= len(of.homes)
            assert {
                key: (daily.get(key), once.get(key)) for key in {*daily, *once} if daily.get(key) != once.get(key)
            } == {}
        for conn in (steady, whole):
            await assert_books(conn, of)
    finally:
        await steady.close()
        await whole.close()


def test_a_chronicle_has_facts_of_every_kind() -> None:
    """Late, missing, corrected, doubled, permuted: each is there, in the town that is tried."""
    of = town(60, 12)
    facts = [one for told in of.told for one in told]
    kinds = {type(one.fact).__name__ for one in facts}
    assert kinds == {"Counted", "TakenBack", "Stated", "Paid", "Returned"}
    counted = [(one.on, one.fact) for one in facts if isinstance(one.fact, chronicle.Counted)]
    told = [fact for _, fact in counted]
    assert any((on - fact.day).days > 60 for on, fact in counted)
    assert any(fact.late for fact in told)
    assert len(told) > len(set(told)) > len({(fact.meter, fact.day) for fact in told})
    assert len({(fact.meter, Month.of(fact.day)) for fact in told}) < 12 * sum(len(one.meters) for one in of.homes)
    assert any(chronicle.at_once(own) != [one.fact for one in own] for own in of.told)
    assert chronicle.facts(of.homes[0], 12) == of.told[0]


async def test_a_hamlet_day_by_day_is_its_batch(database: str, twin: str) -> None:
    await compared(database, twin, town(20, 2))


@pytest.mark.prove
async def test_lives_that_once_came_out_otherwise(database: str, twin: str) -> None:
    """Five of ten thousand: the count of a removed meter's last day comes when its month is nearly closed for good;
    persons who were there for a time move, by a kWh, the norm of the months behind."""
    await compared(database, twin, street((846, 3137, 6797, 7434, 9614), 24))


@pytest.mark.prove
@pytest.mark.parametrize("shard", range(1, SHARDS + 1))
async def test_a_town_day_by_day_is_its_batch(database: str, twin: str, shard: int) -> None:
    """METERLINE_ACCOUNTS and METERLINE_MONTHS set its size; METERLINE_SHARDS in how many parts, each with books of its
    own, it may be tried at the same time."""
    await compared(database, twin, town(ACCOUNTS, MONTHS, shard=shard, of=SHARDS))
