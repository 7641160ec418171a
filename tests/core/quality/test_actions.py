"""Each fault in the data is found, and nothing else; verifications that end are counted by month."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from core.basics.periods import Month
from core.quality import actions, sql
from core.quality.model import Fault
from tests import make

TODAY = date(2025, 11, 21)
AT = datetime(2025, 11, 21, 9, tzinfo=UTC)


async def town(conn: asyncpg.Connection) -> dict[str, int]:
    """Accounts of which each has one fault, beside one that has only no seal."""
    await make.company(conn)
    phone = (("+79001112233", "owner"),)
    made = {
        "sound": make.A("1000001", (make.M("M1"),), phone),
        "no_phone": make.A("1000002", (make.M("M2"),)),
        "shared": make.A("1000003", (make.M("M3"),), (("+79001112244", "owner"),)),
        "other": make.A("1000004", (make.M("M4"),), (("+79001112255", "owner"),)),
        "expired": make.A("1000005", (make.M("M5", verified_until=date(2025, 11, 20)),), (("+79001112266", "owner"),)),
        "soon": make.A("1000006", (make.M("M6", verified_until=date(2026, 2, 3)),), (("+79001112277", "owner"),)),
    }
    return {name: await make.account(conn, one) for name, one in made.items()}


async def having(conn: asyncpg.Connection, fault: Fault) -> list[int]:
    return [one.account_id for one in await actions.found(conn, fault, today=TODAY, after=0, most=100)]


async def test_each_fault_is_found_where_it_is(owner_conn: asyncpg.Connection) -> None:
    conn, ids = owner_conn, await town(owner_conn)
    assert await having(conn, Fault.NO_PHONE) == [ids["no_phone"]]
    assert await having(conn, Fault.EXPIRED) == [ids["expired"]]
    assert await having(conn, Fault.NO_SEAL) == sorted(ids.values())
    for fault in (Fault.SHARED_PHONE, Fault.NO_TARIFF, Fault.NO_POWER, Fault.NO_METER, Fault.SILENT, Fault.ODD_DATES):
        assert await having(conn, fault) == [], fault


@pytest.mark.parametrize(
    ("damage", "fault", "name"),
    [
        ("update links set phone_hash = (select phone_hash from links where account_id = $2) where account_id = $1",
         Fault.SHARED_PHONE, "shared"),
        ("update points set tariff = 'GONE' where account_id = $1 and $2::bigint > 0", Fault.NO_TARIFF, "shared"),
        ("update meters set removed_on = '2025-11-01' where account_id = $1 and $2::bigint > 0",
         Fault.NO_METER, "shared"),
        ("update readings set day = day - 400 where account_id = $1 and $2::bigint > 0", Fault.SILENT, "shared"),
        ("update meters set removed_on = installed_on - 1 where account_id = $1 and $2::bigint > 0",
         Fault.ODD_DATES, "shared"),
        ("update links set contract_on = '2026-05-01' where account_id = $1 and $2::bigint > 0",
         Fault.ODD_DATES, "shared"),
    ],
)  # fmt: skip
async def test_damage_is_found(owner_conn: asyncpg.Connection, damage: str, fault: Fault, name: str) -> None:
    ids = await town(owner_conn)
    await owner_conn.execute(damage, ids[name], ids["other"])
    assert ids[name] in await having(owner_conn, fault)
    assert ids["sound"] not in await having(owner_conn, fault)


@pytest.mark.parametrize(
    ("days", "missing"),
    [(None, True), (("2025-08-01", None), False), (("2025-10-01", "2025-11-01"), False),
     (("2025-09-01", "2025-10-01"), True), (("2025-12-01", None), True)],
)  # fmt: skip
async def test_a_two_part_plan_without_power_is_found(
    owner_conn: asyncpg.Connection, days: tuple[str, str | None] | None, missing: bool
) -> None:
    """A power measured in the month before will do: that of the running month is measured at its end."""
    ids = await town(owner_conn)
    await owner_conn.execute(
        """insert into tariffs (plan, valid_from, terms, source)
           select 'TWO-PART', '2025-01-01', terms || '{"demand": "950"}', source from tariffs limit 1"""
    )
    await owner_conn.execute("update points set tariff = 'TWO-PART' where account_id = $1", ids["shared"])
    if days is not None:
        first, end = (date.fromisoformat(day) if day else None for day in days)
        await owner_conn.execute(
            """insert into conditions (account_id, no, kind, subject, valid_from, valid_to, value, source, document,
                                       author, recorded_at)
               select account_id, 900, 'demand', id, $2, $3, '15000', 'act', 'a', 'igor', now()
                 from points where account_id = $1""",
            ids["shared"], first, end,
        )  # fmt: skip
    assert await having(owner_conn, Fault.NO_POWER) == ([ids["shared"]] if missing else [])


async def test_what_a_later_fact_says_of_a_verification_counts(owner_conn: asyncpg.Connection) -> None:
    ids = await town(owner_conn)
    said = """
        insert into conditions (account_id, no, kind, subject, valid_from, valid_to, value, source, document, author,
                                recorded_at)
        select account_id, 900 + $4, 'verified', id, $2, $3, $5::jsonb, 'act', 'a', 'igor', now()
          from meters where account_id = $1
    """
    until = date(2041, 5, 2)
    await owner_conn.execute(said, ids["expired"], date(2025, 11, 20), until, 1, '"verified"')
    await owner_conn.execute(said, ids["expired"], until, None, 2, '"expired"')
    assert await having(owner_conn, Fault.EXPIRED) == []
    due = await actions.due(owner_conn, today=TODAY, months=24)
    assert [(one.month, one.meters) for one in due] == [(Month(2026, 2), 1)]


async def test_meters_are_due_by_month_and_late_ones_before(owner_conn: asyncpg.Connection) -> None:
    await town(owner_conn)
    due = await actions.due(owner_conn, today=date(2025, 12, 5), months=12)
    assert [(one.month, one.meters) for one in due] == [(Month(2025, 11), 1), (Month(2026, 2), 1)]
    late = await actions.due_in(owner_conn, None, today=date(2025, 12, 5), service="", after=None, most=10)
    assert [one.serial for one in late] == ["M5"]
    month = await actions.due_in(owner_conn, Month(2026, 2), today=TODAY, service="electricity", after=None, most=10)
    assert [(one.serial, one.until) for one in month] == [("M6", date(2026, 2, 3))]
    assert await actions.due_in(owner_conn, Month(2026, 2), today=TODAY, service="gas", after=None, most=10) == []
    behind = (month[0].until, month[0].meter_id)
    assert await actions.due_in(owner_conn, Month(2026, 2), today=TODAY, service="", after=behind, most=10) == []


async def test_meters_in_stores_are_due_too(owner_conn: asyncpg.Connection) -> None:  # row C2
    await town(owner_conn)
    store = await owner_conn.fetchval(
        "insert into stores (name, kind, author, recorded_at) values ('Central', 'store', 'igor', now()) returning id"
    )
    await owner_conn.execute(
        "insert into devices (brand, serial, place, store_id, verified_until)"
        " values ('CE102', 'S1', 'stored', $1, '2026-02-03'), ('CE102', 'S2', 'standing', null, '2026-02-04')",
        store,
    )
    month = Month(2026, 2)
    for where, wanted in ((None, ["S1", "M6"]), (0, ["M6"]), (store, ["S1"]), (store + 1, [])):
        due = await actions.due(owner_conn, today=TODAY, months=12, store=where)
        assert sum(one.meters for one in due if one.month == month) == len(wanted), where
        listed = await actions.due_in(owner_conn, month, today=TODAY, service="", after=None, most=10, store=where)
        assert [one.serial for one in listed] == wanted
    behind = await actions.due_in(owner_conn, month, today=TODAY, service="", after=None, most=1)
    [rest] = await actions.due_in(
        owner_conn, month, today=TODAY, service="", after=(behind[0].until, behind[0].meter_id), most=10
    )
    assert (behind[0].store, rest.serial, rest.store) == ("Central", "M6", None)


async def test_counts_are_kept_by_day_and_compared(owner_conn: asyncpg.Connection) -> None:
    ids = await town(owner_conn)
    await actions.count(owner_conn, today=date(2025, 11, 20), at=AT)
    await owner_conn.execute("update links set valid_to = now() where account_id = $1", ids["sound"])
    for _ in range(2):
        await actions.count(owner_conn, today=TODAY, at=AT)
    told = {one.fault: one for one in await actions.counted(owner_conn)}
    assert (told[Fault.NO_PHONE].found, told[Fault.NO_PHONE].before, told[Fault.NO_PHONE].day) == (2, 1, TODAY)


@pytest.mark.parametrize("fault", list(Fault))
async def test_pages_follow_each_other(owner_conn: asyncpg.Connection, fault: Fault) -> None:
    await town(owner_conn)
    whole = await sql.found(owner_conn, fault, today=TODAY, after=0, limit=100)
    found, after = [], 0
    while some := await sql.found(owner_conn, fault, today=TODAY, after=after, limit=2):
        found += some
        after = some[-1].account_id
    assert found == whole
