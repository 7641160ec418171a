"""A reading told by telephone is judged as the customer's own would be, and tells who wrote it down (row Q1)."""

from datetime import UTC, date, datetime

import pytest
from asyncpg import Connection

from core.billing import actions as billing
from core.doors import telephone
from core.doors.looking import sql as looking
from core.doors.telephone import Heard, NoCompany, Unheard
from core.messages import Accepted, DateUnclear, LowerThanLast, Unusual
from core.metering.model import Source
from tests import make
from tests.make import A, M

NOON = datetime(2025, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
async def home(conn: Connection) -> int:
    await make.company(conn)
    return await make.account(conn, A("100000", (M("S1", readings=("4325",)),)))


async def meter(conn: Connection, account: int) -> int:
    found: int = await conn.fetchval("select id from meters where account_id = $1", account)
    return found


async def told(
    conn: Connection, account: int, count: str, *, on: date | None = None, confirmed: bool = False
) -> Heard | Unheard | None:
    counts = {(await meter(conn, account), 1): count}
    return await telephone.take(conn, account, counts, on=on, confirmed=confirmed, by="petrova", at=NOON)


async def stored(conn: Connection, account: int) -> list[tuple[date, int, int, str, list[str]]]:
    rows = await conn.fetch(
        "select day, value::int, source, author, flags from readings where account_id = $1 and author <> ''", account
    )
    return [tuple(row) for row in rows]


async def test_it_is_taken_and_answered_as_a_text_would_be(conn: Connection, home: int) -> None:
    heard = await told(conn, home, "04512")
    assert isinstance(heard, Heard)
    assert heard.taken
    assert isinstance(heard.reply, Accepted)
    assert heard.reply.money is not None
    assert await stored(conn, home) == [(date(2025, 11, 21), 4512, Source.CUSTOMER, "petrova", ["phone"])]
    assert await billing.rebuild(conn, [home]) == 0, "the state is the one that the facts give"


async def test_one_that_went_down_is_not_taken(conn: Connection, home: int) -> None:
    heard = await told(conn, home, "04112")
    assert isinstance(heard, Heard)
    assert (type(heard.reply), heard.taken, heard.can_confirm) == (LowerThanLast, False, False)
    assert await stored(conn, home) == []


async def test_an_unusual_one_is_taken_where_the_customer_says_yes(conn: Connection, home: int) -> None:
    heard = await told(conn, home, "04912")
    assert isinstance(heard, Heard)
    assert (type(heard.reply), heard.taken, heard.can_confirm) == (Unusual, False, True)
    heard = await told(conn, home, "04912", confirmed=True)
    assert isinstance(heard, Heard)
    assert heard.taken
    [(_, _, _, _, flags)] = await stored(conn, home)
    assert set(flags) == {"unusual", "phone"}
    assert await conn.fetchval("select kind from alarms") == "unusual reading"


async def test_the_same_again_changes_nothing(conn: Connection, home: int) -> None:
    for _ in range(2):
        heard = await told(conn, home, "04512")
        assert isinstance(heard, Heard)
        assert heard.taken
    assert len(await stored(conn, home)) == 1


async def test_it_may_be_of_an_earlier_day_but_not_of_any(conn: Connection, home: int) -> None:
    heard = await told(conn, home, "04400", on=date(2025, 11, 10))
    assert isinstance(heard, Heard)
    assert heard.taken
    assert [row[0] for row in await stored(conn, home)] == [date(2025, 11, 10)]
    heard = await told(conn, home, "04400", on=date(2025, 1, 10))
    assert isinstance(heard, Heard)
    assert (heard.reply, heard.taken) == (DateUnclear(date(2025, 1, 10)), False)


@pytest.mark.parametrize("count", ["", "12x", "123456", "1,5", "-1", "{{7*7}}"])
async def test_what_is_no_count_is_told(conn: Connection, home: int, count: str) -> None:
    assert isinstance(await told(conn, home, count), Unheard)
    assert await stored(conn, home) == []


async def test_it_is_no_fact_without_a_document(conn: Connection, home: int) -> None:
    await told(conn, home, "04512")
    assert await looking.unproven(conn) == []


async def test_there_is_nobody_to_tell(conn: Connection) -> None:
    assert await telephone.take(conn, 10**15, {(1, 1): "1"}, on=None, confirmed=False, by="x", at=NOON) is None


async def test_without_a_company_nothing_is_judged(conn: Connection) -> None:
    account = await make.account(conn, A("100000", (M("S1"),)))
    with pytest.raises(NoCompany):
        await told(conn, account, "04512")
