"""A reminder goes to those of whom it is true, when they are found and again when it is worded (R28)."""

import json
from datetime import UTC, date, datetime

import pytest

from core.accounts.model import Role
from core.notices import actions
from core.notices.model import Kind
from core.notices.reminding.rules import wanted_since
from gateway.parts import words
from tests import make
from tests.core.notices.conftest import Village


async def read(village: Village, id: int, day: date) -> None:
    """A reading of the account's meter on the day, in its state."""
    told = await village.conn.fetchval("select registers::text from account_states where account_id = $1", id)
    registers = {
        key: [[*anchors, [day.isoformat(), 4_512_000, 2]], *more] for key, (anchors, *more) in json.loads(told).items()
    }
    changed = "update account_states set registers = $2::jsonb where account_id = $1"
    await village.conn.execute(changed, id, json.dumps(registers))


async def billed(village: Village, id: int, through: date) -> None:
    await village.conn.execute("update account_states set billed_through = $2 where account_id = $1", id, through)


async def told(village: Village, kind: Kind) -> int:
    """How many would be told."""
    notice = await village.written(kind)
    return (await actions.preview(village.conn, notice.id, at=village.at, words=words())).people


@pytest.mark.parametrize(
    ("today", "window", "since"),
    [
        (date(2025, 11, 21), (15, 25), date(2025, 11, 15)),
        (date(2025, 11, 5), (15, 25), date(2025, 11, 15)),
        (date(2025, 11, 26), (15, 25), date(2025, 12, 15)),
        (date(2025, 12, 31), (15, 25), date(2026, 1, 15)),
        (date(2025, 11, 21), None, date(2025, 11, 1)),
    ],
)
def test_from_which_day_a_reading_is_wanted(today: date, window: tuple[int, int] | None, since: date) -> None:
    assert wanted_since(today, window) == since


async def test_who_has_sent_his_reading_is_not_asked_for_it(village: Village) -> None:
    id, _ = await village.home()
    other, _ = await village.home()
    assert await told(village, Kind.READING) == 2
    await read(village, other, date(2025, 11, 14))
    assert await told(village, Kind.READING) == 2, "before the window"
    await read(village, other, date(2025, 11, 15))
    assert await told(village, Kind.READING) == 1
    notice = await village.running(await village.written(Kind.READING))
    await read(village, id, date(2025, 11, 21))
    assert await village.worded() == []
    assert (await actions.progress(village.conn, notice.id)).barred == {"needless": 1}


async def test_of_several_accounts_it_is_about_one_that_was_not_read(village: Village) -> None:
    id, phone = await village.home()
    other, _ = await village.home()
    customer = await village.conn.fetchval("select customer_id from accounts where id = $1", other)
    await make.link(village.conn, other, customer, phone, str(Role.HELPER))
    await read(village, id, date(2025, 11, 20))
    notice = await village.written(Kind.READING)
    shown = await actions.preview(village.conn, notice.id, at=village.at, words=words())
    number = await village.conn.fetchval("select number from accounts where id = $1", other)
    assert {one.tail for one in shown.samples} == {f"..{number[-4:]}"}
    assert shown.barred == {"no_contract": 1}, "the phone of both has a contract for the other only"


async def test_a_bill_is_ready_once_the_last_month_is_billed(village: Village) -> None:
    id, _ = await village.home(debt="100.00")
    assert await told(village, Kind.BILL) == 1
    village.at = datetime(2025, 12, 5, 9, tzinfo=UTC)
    assert await told(village, Kind.BILL) == 0
    await billed(village, id, date(2025, 11, 30))
    assert await told(village, Kind.BILL) == 1


async def test_two_billed_months_without_a_reading(village: Village) -> None:
    id, _ = await village.home(debt="100.00")
    village.at = datetime(2026, 1, 9, 9, tzinfo=UTC)
    await billed(village, id, date(2025, 11, 30))
    assert await told(village, Kind.ESTIMATED) == 0, "the last reading is of October's last day"
    await billed(village, id, date(2025, 12, 31))
    assert await told(village, Kind.ESTIMATED) == 1
    await read(village, id, date(2025, 12, 20))
    assert await told(village, Kind.ESTIMATED) == 0
