"""A town closed month by month: what stands in the database is the same, whether histories were loaded or not."""

from datetime import UTC, date, datetime

import asyncpg

from core.basics.periods import Month, Period
from core.billing import actions, posting, recording, sql
from core.billing.conditions.model import Kind
from core.billing.estimation import ESTIMATED
from core.billing.months.actions import Ordinaries
from core.billing.recording import NewFact
from core.billing.sql import PaymentRow
from core.metering import sql as metering
from core.metering.model import Source
from core.metering.sql import ReadingRow
from tests import make
from tests.make import A, M

AT = datetime(2025, 12, 1, 9, tzinfo=UTC)
OCTOBER, NOVEMBER, DECEMBER = Month(2025, 10), Month(2025, 11), Month(2025, 12)
BILLED = (("2025-09", "100.00", date(2025, 10, 10)),)

WRITTEN = {
    "claims": "select account_id, no, month, kind, amount, due_on, issued_on, about, agent, external_id, recorded_at"
    " from claims order by account_id, no",
    "charges": "select * from charges order by account_id, no, line",
    "entries": "select * from entries order by account_id, no, line",
    "states": "select * from account_states order by account_id",
    "kept": "select account_id, no, bill, issued_on, tariffs, plan, counts::text from kept_counts order by account_id",
}


async def town(conn: asyncpg.Connection) -> list[int]:
    """Ordinary accounts of three plans, and one for each thing that makes one no ordinary one."""
    await conn.execute("set local role none")
    await make.company(conn)
    zones = M("Z", readings=("4325", "2000"), zones=("day", "night"), tariff="RU-DN", usual=("100", "50"))
    meters = [
        (M("F", usual=("130",)),), (zones,), (M("B", tariff="CRIMEA-CITY", usual=("230",)),), (M("N", usual=()),),
        (M("V", usual=("130",), verified_until=date(2025, 11, 10)),), (M("1", usual=("130",)), M("2", usual=("140",))),
        *[(M(f"M{number}", usual=("130",)),) for number in range(8)],
    ]  # fmt: skip
    ids = [await make.account(conn, A(f"10{number:04d}", of, claims=BILLED)) for number, of in enumerate(meters)]
    await conn.execute("set local role meterline_app")
    return ids


async def read(
    conn: asyncpg.Connection, account: int, day: date, use: int, source: Source = Source.CUSTOMER, flags: str = ""
) -> None:
    """The registers of an account go on by so much since their last counts, as a message would store it."""
    states = await sql.read_states(conn, [account])
    no = states[account].fact_no + 1
    rows = [
        ReadingRow(
            account, no, meter, register, day, found.anchors[-1].value + use * 1000, source, None, None,
            tuple(flags.split()), AT,
        )
        for (meter, register), found in states[account].registers.items()
    ]  # fmt: skip
    await metering.add_readings(conn, rows)
    kept = await conn.fetch("select * from kept_counts where account_id = $1", account)
    await actions.rebuild(conn, [account])
    if kept:  # a message writes the state, and nothing beside it
        columns = "no = $2, bill = $3, issued_on = $4, tariffs = $5, plan = $6, counts = $7"
        await conn.execute(f"update kept_counts set {columns} where account_id = $1", *kept[0])


async def close(conn: asyncpg.Connection, month: Month) -> actions.Closed:
    due = date(month.next.year, month.next.month, 10)
    return await actions.close_month(conn, month, issued_on=month.next.first, due_on=due, at=AT, chunk=5)


async def happens(conn: asyncpg.Connection, ids: list[int]) -> None:
    """What readings and payments of November bring, to each account something else."""
    for account in ids:
        await read(conn, account, date(2025, 11, 24), 100 + account % 7 * 20)
    await read(conn, ids[6], date(2025, 11, 28), 9, flags="late")
    await read(conn, ids[7], date(2025, 11, 27), 9, Source.CONTROL)
    await conn.execute("insert into withdrawals (account_id, no, reading_no, recorded_at)"
                       " select account_id, fact_no + 1, fact_no, $2 from account_states where account_id = $1",
                       ids[8], AT)  # fmt: skip
    await actions.rebuild(conn, [ids[8]])
    payments = [
        PaymentRow(ids[1], None, "1", "bank", "a", date(2025, 11, 7), 90_000),
        PaymentRow(ids[2], None, "2", "bank", "b", date(2025, 11, 7), 200_000),
        PaymentRow(ids[9], None, "9", "bank", "c", date(2025, 11, 7), 50_000, OCTOBER),
        PaymentRow(ids[10], None, "10", "bank", "d", date(2025, 11, 7), 53_160),
        PaymentRow(ids[11], None, "11", "bank", "e", date(2026, 1, 20), 80_000),
    ]
    await actions.post_payments(conn, payments, at=AT)
    fact = NewFact(ids[12], Kind.PERSONS, Period(date(2025, 11, 1), None), 3, "act", "act 7")
    await recording.record_facts(conn, [fact], by="ivanova", at=AT)


async def written(conn: asyncpg.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {name: [tuple(row) for row in await conn.fetch(text)] for name, text in WRITTEN.items()}


async def test_a_month_is_the_same_with_and_without_histories(conn: asyncpg.Connection) -> None:
    ids = await town(conn)
    await close(conn, OCTOBER)
    await happens(conn, ids)
    for month in (NOVEMBER, DECEMBER):
        left = await _left(conn, ids, month)
        assert 0 < len(left) < len(ids) - 5
        quick = conn.transaction()
        await quick.start()
        counts = await close(conn, month)
        short = await written(conn)
        await quick.rollback()
        await conn.execute("update kept_counts set plan = ''")  # all are closed from their facts
        assert await _left(conn, ids, month) == ids
        assert await close(conn, month) == counts
        whole = await written(conn)
        assert {name: rows for name, rows in short.items() if rows != whole[name]} == {}
        assert await actions.rebuild(conn, ids) == 0


async def _left(conn: asyncpg.Connection, ids: list[int], month: Month) -> list[int]:
    """The accounts that are closed from their facts."""
    tried = conn.transaction()
    await tried.start()
    ordinaries = Ordinaries(
        await sql.tariffs(conn), ESTIMATED, await posting.debt_terms(conn), month,
        issued_on=month.next.first, due_on=month.next.first, at=AT,
    )  # fmt: skip
    done = await ordinaries.close(conn, ids)
    await tried.rollback()
    return list(done.left)
