"""Closing months, taking in claims and payments, deriving states: what the database holds afterwards."""

import json
from datetime import UTC, date, datetime

import asyncpg
import pytest

from core.basics.periods import Month, Period
from core.billing import actions, recording, sql
from core.billing.actions import Closed, NewClaim, NotEnded, Posted
from core.billing.conditions.model import Kind
from core.billing.model import AccountState
from core.billing.recording import NewFact
from core.billing.sql import PaymentRow
from core.metering import sql as metering
from core.metering.model import Source
from core.metering.sql import ReadingRow
from tests import make
from tests.make import A, M

AT = datetime(2025, 11, 5, 9, tzinfo=UTC)
OCTOBER, NOVEMBER = Month(2025, 10), Month(2025, 11)


async def town(conn: asyncpg.Connection, count: int = 3) -> list[int]:
    """Accounts that were billed until September elsewhere and read at the end of October: 4325, the last use 130."""
    await conn.execute("set local role none")
    await make.company(conn)
    ids = [
        await make.account(
            conn,
            A(f"10000{number}", (M(f"S{number}", usual=("130",)),), claims=(("2025-09", "0.00", date(2025, 10, 10)),)),
        )
        for number in range(count)
    ]
    await conn.execute("set local role meterline_app")
    return ids


async def read(
    conn: asyncpg.Connection,
    account: int,
    day: date,
    value: int,
    source: Source = Source.CUSTOMER,
    flags: tuple[str, ...] = (),
) -> None:
    """A reading as the door stores it, without the answer's change of state: the state is derived anew."""
    state = (await sql.read_states(conn, [account]))[account]
    (meter,) = (await metering.meters(conn, [account]))[account]
    row = ReadingRow(account, state.fact_no + 1, meter.id, 1, day, value * 1000, source, None, None, flags, AT)
    await metering.add_readings(conn, [row])
    await actions.rebuild(conn, [account])


async def close(conn: asyncpg.Connection, month: Month) -> Closed:
    following = month.next
    due = date(following.year, following.month, 10)
    return await actions.close_month(conn, month, issued_on=following.first, due_on=due, at=AT)


async def state_of(conn: asyncpg.Connection, account: int) -> AccountState:
    return (await sql.read_states(conn, [account]))[account]


async def test_a_month_is_billed_once(conn: asyncpg.Connection) -> None:
    ids = await town(conn)
    assert await close(conn, OCTOBER) == Closed(accounts=3, bills=3, recalculations=0, amount=3 * 43_160)
    assert await close(conn, OCTOBER) == Closed(accounts=3)
    state = await state_of(conn, ids[0])
    assert (state.balance, state.billed_through) == (43_160, date(2025, 10, 31))
    assert [(one.month, one.due_on, one.remaining) for one in state.claims] == [(OCTOBER, date(2025, 11, 10), 43_160)]
    lines = await conn.fetch("select * from charges where account_id = $1", ids[0])
    assert [(row["kind"], row["volume"], row["amount"], row["known"]) for row in lines] == [
        ("energy", 130, 43_160, date(2025, 10, 31))
    ]
    job = await conn.fetchrow("select * from jobs where name = 'close_month' and period = '2025-10'")
    assert job is not None
    assert job["state"] == "done"


async def test_every_fact_balances_in_the_ledger(conn: asyncpg.Connection) -> None:
    ids = await town(conn)
    await close(conn, OCTOBER)
    await actions.post_payments(
        conn, [PaymentRow(ids[0], None, "100000", "bank", "1", date(2025, 11, 7), 70_000)], at=AT
    )
    crooked = await conn.fetch("select account_id, no from entries group by 1, 2 having sum(amount) <> 0")
    assert crooked == []
    owed = await conn.fetch(
        "select account_id, sum(amount)::bigint as s from entries where ledger = 'receivable' group by 1"
    )
    states = await sql.read_states(conn, ids)
    assert {row["account_id"]: row["s"] for row in owed} == {account: states[account].balance for account in ids}


async def test_what_readings_change_is_posted_with_the_next_bill(conn: asyncpg.Connection) -> None:
    (account,) = await town(conn, 1)
    await close(conn, OCTOBER)
    await close(conn, NOVEMBER)
    forecast = await conn.fetchval("select amount from claims where account_id = $1 and month = '2025-11-01'", account)
    await read(conn, account, date(2025, 11, 30), 4_512)
    await read(conn, account, date(2025, 12, 31), 4_612)
    done = await close(conn, Month(2025, 12))
    assert (done.bills, done.recalculations) == (1, 1)
    claims = (await sql.claims(conn, [account]))[account]
    of_november = [claim.amount for claim in claims if claim.month == NOVEMBER]
    assert of_november == [forecast, 187 * 332 - forecast]
    assert sum(claim.amount for claim in claims if claim.is_principal) == (130 + 187 + 100) * 332
    assert (await state_of(conn, account)).balance == (130 + 187 + 100) * 332
    assert await close(conn, Month(2025, 12)) == Closed(accounts=1)


async def test_a_reading_flagged_late_is_left_to_the_close_after(conn: asyncpg.Connection) -> None:
    (account,) = await town(conn, 1)
    await close(conn, OCTOBER)
    await read(conn, account, date(2025, 11, 28), 4_700, flags=("unusual", "late"))
    await close(conn, NOVEMBER)
    known = await conn.fetchval("select known from charges where account_id = $1 and month = '2025-11-01'", account)
    assert known == date(2025, 10, 31)
    assert (await close(conn, NOVEMBER)).recalculations == 0
    await read(conn, account, date(2025, 12, 31), 4_800)
    done = await close(conn, Month(2025, 12))
    assert done.recalculations == 1
    assert (await state_of(conn, account)).balance == (130 + 375 + 100) * 332
    assert await actions.rebuild(conn, [account]) == 0


@pytest.mark.parametrize("connections", [1, 2])
async def test_an_interrupted_close_goes_on_where_it_stopped(pool: asyncpg.Pool, connections: int) -> None:  # R30
    async with pool.acquire() as conn, pool.acquire() as other:
        assert isinstance(conn, asyncpg.Connection)
        assert isinstance(other, asyncpg.Connection)
        beside = other if connections > 1 else None
        async with conn.transaction():
            ids = await town(conn, 5)

        class Stopped(Exception):
            pass

        def stop(done: int, total: int) -> None:
            assert total == 5
            if done == 4:
                raise Stopped

        due = date(2025, 11, 10)
        with pytest.raises(Stopped):
            await actions.close_month(
                conn, OCTOBER, issued_on=date(2025, 11, 1), due_on=due, at=AT, chunk=2, progress=stop, beside=beside
            )
        assert await conn.fetchval("select count(*) from claims where kind = 'bill'") == 4
        done = await actions.close_month(
            conn, OCTOBER, issued_on=date(2025, 11, 1), due_on=due, at=AT, chunk=2, beside=beside
        )
        assert done == Closed(accounts=5, bills=5, amount=5 * 43_160), "the whole month, in both runs"
        counts = await conn.fetchval("select counts::text from jobs where name = 'close_month' and state = 'done'")
        assert Closed(**json.loads(counts)) == done
        assert await conn.fetchval("select count(*) from claims where kind = 'bill'") == 5
        states = await sql.read_states(conn, ids)
        assert {state.balance for state in states.values()} == {43_160}


@pytest.mark.parametrize(("month", "issued_on"), [(OCTOBER, date(2025, 10, 31)), (Month(2027, 12), date(2025, 11, 21))])
async def test_a_month_that_has_not_ended_is_not_closed(
    conn: asyncpg.Connection, month: Month, issued_on: date
) -> None:
    (account,) = await town(conn, 1)
    before = await state_of(conn, account)
    with pytest.raises(NotEnded):
        await actions.close_month(conn, month, issued_on=issued_on, due_on=date(2028, 1, 10), at=AT)
    assert await state_of(conn, account) == before
    assert await conn.fetchval("select count(*) from jobs") == 0


async def test_an_account_without_a_tariff_holds_up_nobody(conn: asyncpg.Connection) -> None:
    ids = await town(conn, 5)
    await conn.execute("set local role none")
    await conn.execute("update points set tariff = 'NO-SUCH' where account_id = $1", ids[1])
    await conn.execute("update points set tariff = 'RU-DN' where account_id = $1", ids[2])  # no rate for a total
    before = await state_of(conn, ids[1])
    done = await actions.close_month(
        conn, OCTOBER, issued_on=date(2025, 11, 1), due_on=date(2025, 11, 10), at=AT, chunk=2
    )
    assert done == Closed(accounts=5, bills=3, amount=3 * 43_160, failed=2)
    assert await state_of(conn, ids[1]) == before
    alarms = await conn.fetch("select kind, about from alarms order by id")
    assert [tuple(row) for row in alarms] == [("not billed", "100001"), ("not billed", "100002")]
    counts = await conn.fetchval("select counts::text from jobs where name = 'close_month' and state = 'done'")
    assert json.loads(counts)["failed"] == 2
    await conn.execute("update points set tariff = 'RU-FLAT'")
    assert await close(conn, OCTOBER) == Closed(accounts=5, bills=2, amount=2 * 43_160)


async def test_months_left_out_are_billed_and_told(conn: asyncpg.Connection) -> None:
    ids = await town(conn, 2)
    await close(conn, OCTOBER)
    assert (await close(conn, Month(2025, 12))).caught_up == 2
    months = await conn.fetch("select month from claims where account_id = $1 and kind = 'bill' order by no", ids[0])
    assert [row["month"].month for row in months] == [10, 11, 12]


async def tariff(conn: asyncpg.Connection, plan: str, since: date, rates: dict[str, str], standing: str = "0") -> None:
    terms = {"zones": list(rates), "mode": "graduated", "scaling": "none", "standing": standing, "minimum": "0",
             "vat": "0", "blocks": [{"up_to": None, "rates": rates, "flat": "0"}]}  # fmt: skip
    await conn.execute(
        "insert into tariffs (plan, valid_from, terms, source) values ($1, $2, $3::jsonb, 'late')",
        plan,
        since,
        json.dumps(terms),
    )


async def test_a_late_tariff_recalculates_meters_of_every_kind(conn: asyncpg.Connection) -> None:
    """One register, of which the volume alone tells nothing, as well as two."""
    await conn.execute("set local role none")
    await make.company(conn)
    claims = (("2025-09", "0.00", date(2025, 10, 10)),)
    zones = M("S2", readings=("4325", "2000"), zones=("day", "night"), tariff="RU-DN", usual=("100", "50"))
    ids = [await make.account(conn, A("200001", (M("S1", usual=("130",)),), claims=claims)),
           await make.account(conn, A("200002", (zones,), claims=claims))]  # fmt: skip
    await close(conn, OCTOBER)
    billed = [(await state_of(conn, account)).balance for account in ids]
    for plan, rates in (("RU-FLAT", {"total": "9.99"}), ("RU-DN", {"day": "9.99", "night": "5.00"})):
        await tariff(conn, plan, date(2025, 10, 1), rates)
    assert (await close(conn, NOVEMBER)).recalculations == 2
    deltas = [await conn.fetchval("select amount from claims where account_id = $1 and kind = 'recalculation'", account)
              for account in ids]  # fmt: skip
    assert deltas == [130 * 999 - billed[0], 100 * 999 + 50 * 500 - billed[1]]
    assert await actions.rebuild(conn, ids) == 0


async def test_a_late_tariff_recalculates_a_point_without_a_meter(conn: asyncpg.Connection) -> None:
    """By the norm of 85 kWh at 4.00, with a standing charge of which it is told late that it is another."""
    (account,) = await town(conn, 1)
    await conn.execute("set local role none")
    await tariff(conn, "GARAGE", date(2025, 1, 1), {"total": "4.00"}, standing="70")
    point = await conn.fetchval(
        "insert into points (account_id, service, tariff) values ($1, 'electricity', 'GARAGE') returning id", account
    )
    since = Period(date(2025, 10, 1), None)
    garage = NewFact(account, Kind.METERING, since, "impossible", "act", "act 7", subject=point)
    await recording.record_facts(conn, [garage], by="ivanova", at=AT)
    assert (await close(conn, OCTOBER)).amount == 43_160 + 34_000 + 7_000
    await tariff(conn, "GARAGE", date(2025, 10, 1), {"total": "4.00"}, standing="50")
    assert await actions.rebuild(conn, [account]) == 1
    assert [one.point_id for one in (await state_of(conn, account)).issued if one.amount == 41_000] == [point]
    assert (await close(conn, NOVEMBER)).recalculations == 1
    deltas = await conn.fetch("select month, amount from claims where kind = 'recalculation'")
    assert [tuple(row) for row in deltas] == [(date(2025, 10, 1), -2_000)]
    assert await actions.rebuild(conn, [account]) == 0


async def test_a_payment_is_taken_in_once_and_settles(conn: asyncpg.Connection) -> None:
    first, second = await town(conn, 2)
    await close(conn, OCTOBER)
    rows = [
        PaymentRow(first, None, "100000", "bank", "a", date(2025, 11, 7), 70_000),
        PaymentRow(second, None, "100001", "bank", "b", date(2025, 11, 7), 10_000, OCTOBER),
        PaymentRow(None, None, "nobody", "bank", "c", date(2025, 11, 7), 5_000),
        PaymentRow(first, None, "100000", "bank", "a", date(2025, 11, 7), 70_000),
    ]
    assert await actions.post_payments(conn, rows, at=AT) == Posted(new=3, known=1)
    assert await actions.post_payments(conn, rows, at=AT) == Posted(new=0, known=4)
    paid, part = await state_of(conn, first), await state_of(conn, second)
    assert (paid.balance, paid.claims) == (43_160 - 70_000, ())
    assert [one.remaining for one in part.claims] == [33_160]
    back = PaymentRow(first, None, "100000", "bank", "r", date(2025, 11, 9), -70_000)
    await actions.post_payments(conn, [back], at=AT)
    assert [one.remaining for one in (await state_of(conn, first)).claims] == [43_160]


async def test_states_kept_up_by_the_actions_are_those_derived(conn: asyncpg.Connection) -> None:
    ids = await town(conn)
    await close(conn, OCTOBER)
    payments = [PaymentRow(ids[1], None, "100001", "bank", "b", date(2025, 11, 7), 99_000)]
    await actions.post_payments(conn, payments, at=AT)
    claim = NewClaim(ids[2], NOVEMBER, 12_345, date(2025, 12, 10), date(2025, 11, 30), "old", "x-1")
    assert await actions.post_claims(conn, [claim, claim], at=AT) == Posted(new=1, known=1)
    assert await actions.rebuild(conn, ids) == 0
    await conn.execute("update account_states set balance = balance + 1 where account_id = $1", ids[0])
    assert await actions.rebuild(conn, ids) == 1
    assert await actions.rebuild(conn, ids) == 0


async def test_an_older_system_s_claim_counts_as_its_month_s_bill(conn: asyncpg.Connection) -> None:
    (account,) = await town(conn, 1)
    claim = NewClaim(account, OCTOBER, 43_160, date(2025, 11, 10), date(2025, 11, 1), "old", "x-1")
    await actions.post_claims(conn, [claim], at=AT)
    assert await close(conn, OCTOBER) == Closed(accounts=1)
    ledgers = await conn.fetch("select ledger, amount from entries where account_id = $1 order by no, line", account)
    assert [tuple(row) for row in ledgers] == [("receivable", 43_160), ("opening", -43_160)]


async def test_a_number_is_never_given_twice(conn: asyncpg.Connection) -> None:
    """A guest's reading counts for nothing, but it has its number."""
    (account,) = await town(conn, 1)
    before = await state_of(conn, account)
    await read(conn, account, date(2025, 11, 3), 4_400, Source.GUEST)
    after = await state_of(conn, account)
    assert after.fact_no == before.fact_no + 1
    assert after.registers == before.registers
    await close(conn, OCTOBER)
    assert (await state_of(conn, account)).fact_no == after.fact_no + 1


async def test_an_account_is_explained(conn: asyncpg.Connection) -> None:
    (account,) = await town(conn, 1)
    await close(conn, OCTOBER)
    await read(conn, account, date(2025, 11, 21), 4_512)
    found = await actions.explain(conn, "100000", date(2025, 11, 21))
    assert found is not None
    assert (found.standing.to_pay, found.standing.overdue) == (105_244, 43_160)
    assert sum(line.amount for line in found.lines) == 105_244
    assert await actions.explain(conn, "999", date(2025, 11, 21)) is None
