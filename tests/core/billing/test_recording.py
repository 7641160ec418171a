"""Facts with dates are taken in under the account's lock, numbered, and stay as they were written."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from core.basics.periods import Period
from core.billing import actions, recording, sql
from core.billing.conditions import sql as conditions
from core.billing.conditions.model import BadValue, Dated, Kind
from core.billing.recording import NewFact
from core.metering import sql as metering
from tests import make
from tests.make import A, M

AT = datetime(2025, 11, 5, 9, tzinfo=UTC)
SINCE = Period(date(2025, 10, 1), None)


async def account(conn: asyncpg.Connection, number: str = "100000") -> int:
    await conn.execute("set local role none")
    if number == "100000":
        await make.company(conn)
    made = await make.account(conn, A(number, (M("S" + number),)))
    await conn.execute("set local role meterline_app")
    return made


async def test_facts_are_numbered_on_and_kept_in_the_state(conn: asyncpg.Connection) -> None:
    id = await account(conn)
    before = (await sql.read_states(conn, [id]))[id]
    (meter,) = (await metering.meters(conn, [id]))[id]
    facts = [
        NewFact(id, Kind.PERSONS, SINCE, 3, "office", "registration 17"),
        NewFact(id, Kind.MULTIPLIER, SINCE, 60_000, "act", "act 5", subject=meter.id),
        NewFact(id, Kind.PLAN, SINCE, "RU-DN", "office", subject=meter.point_id),
    ]
    await recording.record_facts(conn, facts, by="ivanova", at=AT)
    state = (await sql.read_states(conn, [id]))[id]
    assert state.fact_no == before.fact_no + 3
    assert state.conditions.said(Kind.PERSONS, id) == (Dated(SINCE, 3, before.fact_no + 1),)
    assert state.conditions.said(Kind.PLAN, meter.point_id) == (Dated(SINCE, "RU-DN", before.fact_no + 3),)
    assert await actions.rebuild(conn, [id]) == 0
    row = await conn.fetchrow("select * from conditions where kind = 'persons'")
    assert row is not None
    assert (row["author"], row["document"], row["recorded_at"]) == ("ivanova", "registration 17", AT)


async def test_nothing_is_written_of_facts_one_of_which_is_wrong(conn: asyncpg.Connection) -> None:
    mine, other = await account(conn), await account(conn, "200000")
    (meter,) = (await metering.meters(conn, [other]))[other]
    right = NewFact(mine, Kind.PERSONS, SINCE, 3, "office")
    for wrong in (
        NewFact(mine, Kind.FAILED, SINCE, "failed", "act", subject=meter.id),
        NewFact(mine, Kind.PLAN, SINCE, "RU-DN", "office"),
        NewFact(mine, Kind.PERSONS, SINCE, -1, "office"),
    ):
        with pytest.raises(BadValue):
            await recording.record_facts(conn, [right, wrong], by="ivanova", at=AT)
    assert await conditions.of_accounts(conn, [mine, other]) == {}


async def test_a_building_has_numbers_of_its_own(conn: asyncpg.Connection) -> None:
    await conn.execute("set local role none")
    building = await conn.fetchval("insert into buildings (code) values ('LEN-5') returning id")
    await conn.execute("set local role meterline_app")
    october = Period(date(2025, 10, 1), date(2025, 11, 1))
    for value in (5_000_000, 5_100_000):
        facts = [NewFact(building, Kind.HOUSE_VOLUME, october, value, "house meter", "act 9")]
        await recording.record_facts(conn, facts, by="ivanova", at=AT)
    known = (await conditions.of_buildings(conn, [building]))[building]
    assert [(one.no, one.value) for one in known] == [(1, 5_000_000), (2, 5_100_000)]
