"""Quiet hours are those of the recipient's own clock, and are looked at when a message is begun (R28)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.household import sql as household
from core.accounts.household.model import Hours
from core.billing import profiles
from core.billing.warning import Quiet, closes, opens
from core.notices import actions
from core.notices.model import Kind
from core.notices.people import actions as people
from core.outbox import sql as outbox
from gateway.parts import words
from tests.core.notices.conftest import NOON, WIRE, Village

QUIET = Quiet()
OFF: Callable[[date], bool] = profiles.profile("RU-household").calendar.is_off
SECOND = timedelta(seconds=1)
ZONES = ("Europe/Moscow", "Asia/Kamchatka", "Europe/Kaliningrad", "Europe/Berlin", "America/New_York")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2025, 11, 21), 8, 22),  # a Friday
        (date(2025, 11, 22), 9, 20),  # a Saturday
        (date(2026, 1, 1), 9, 20),  # a holiday
        (date(2025, 3, 28), 8, 22), (date(2025, 3, 30), 9, 20), (date(2025, 3, 31), 8, 22),  # around Berlin's summer
        (date(2025, 10, 26), 9, 20), (date(2025, 10, 27), 8, 22),  # and winter
        (date(2025, 3, 9), 9, 20), (date(2025, 11, 2), 9, 20),  # the same in New York
    ],
)  # fmt: skip
def test_to_the_second(zone: str, day: date, first: int, last: int) -> None:  # R28
    here = ZoneInfo(zone)

    def at(hour: int, **more: int) -> datetime:
        local = datetime(day.year, day.month, day.day, hour, tzinfo=here)
        return local.astimezone(UTC) + timedelta(**more)

    def may(moment: datetime) -> bool:
        return closes(moment, here, QUIET, OFF) is not None

    assert not may(at(first) - SECOND)
    assert may(at(first))
    assert may(at(last) - SECOND)
    assert not may(at(last))
    assert closes(at(last) - SECOND, here, QUIET, OFF) == at(last)
    assert opens(at(first) - SECOND, here, QUIET, OFF) == at(first)


@given(st.integers(0, 730 * 86_400), st.sampled_from(ZONES))
def test_the_next_hour_is_a_lawful_one(seconds: int, name: str) -> None:  # R28
    at, zone = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds), ZoneInfo(name)
    found = opens(at, zone, QUIET, OFF)
    assert found >= at
    assert closes(found, zone, QUIET, OFF) is not None
    assert (found == at) == (closes(at, zone, QUIET, OFF) is not None)


async def test_worded_at_21_59_59_and_not_at_22(village: Village) -> None:  # R28
    await village.home()
    await village.running(await village.written())
    village.at = datetime(2025, 11, 21, 19, tzinfo=UTC)
    assert await village.worded() == [], "ten in the evening"
    village.at -= SECOND
    assert await village.worded() == [], "it was put off until the morning"
    village.at = datetime(2025, 11, 22, 6, tzinfo=UTC) - SECOND
    assert await village.worded() == []
    village.at += SECOND
    [row] = await village.worded()
    assert row["closes_at"] == datetime(2025, 11, 22, 17, tzinfo=UTC)


async def test_what_was_worded_is_not_begun_in_quiet_hours(village: Village) -> None:  # R28
    await village.home()
    await village.running(await village.written())
    village.at = datetime(2025, 11, 21, 19, tzinfo=UTC) - SECOND
    [row] = await village.worded()
    ten = village.at + SECOND

    async def begun(at: datetime) -> bool:
        async with village.conn.transaction():
            await outbox.lease(village.conn, "sms", owner="w", seconds=60.0, limit=99, at=at)
            return row["id"] in await outbox.start(village.conn, [row["id"]], owner="w", seconds=60.0, at=at)

    assert not await begun(ten)
    assert await people.reopen(village.conn, at=ten) == 0
    morning = datetime(2025, 11, 22, 6, tzinfo=UTC)
    assert not await begun(morning), "it is looked at first"
    assert await people.reopen(village.conn, at=morning) == 1
    assert await begun(morning)


@pytest.mark.parametrize(
    ("own", "work", "off"),
    [((None, None), (8, 22), (9, 20)), ((10, 18), (10, 18), (10, 18)), ((8, 22), (8, 22), (9, 20))],
)
def test_ones_own_hours_are_within_those_of_the_law(
    own: tuple[int | None, int | None], work: tuple[int, int], off: tuple[int, int]
) -> None:  # R28
    assert QUIET.within(*own) == Quiet(work, off)
    assert Quiet((8, 22), (9, 13)).within(14, 17) == Quiet((8, 22), (9, 13)), "some hours have to remain"


async def test_ones_own_hours_are_kept(village: Village) -> None:  # R28
    account, _ = await village.home()
    phone = await village.conn.fetchval("select phone_hash from links where account_id = $1", account)
    await household.set_hours(village.conn, phone, Hours(10, 18))
    await village.running(await village.written())
    village.at = datetime(2025, 11, 22, 6, 59, 59, tzinfo=UTC)
    assert await village.worded() == [], "ten in the morning is to come"
    village.at += SECOND
    [row] = await village.worded()
    assert row["closes_at"] == datetime(2025, 11, 22, 15, tzinfo=UTC)
    await household.set_hours(village.conn, phone, Hours(12, 17))
    assert await people.reopen(village.conn, at=datetime(2025, 11, 22, 15, tzinfo=UTC)) == 0, "as they are now"
    assert await people.reopen(village.conn, at=datetime(2025, 11, 23, 9, tzinfo=UTC)) == 1


async def test_each_recipient_by_his_own_clock(village: Village) -> None:  # R28
    await village.home(zone="Asia/Kamchatka")
    await village.home(zone="Europe/Kaliningrad")
    await village.running(await village.written())
    village.at = datetime(2025, 11, 21, 10, 1, tzinfo=UTC)  # past ten in the evening in Kamchatka
    [row] = await village.worded()
    assert row["closes_at"] == datetime(2025, 11, 21, 20, tzinfo=UTC)


async def test_a_reply_passes_a_notice_that_waits_for_the_morning(village: Village) -> None:  # R22
    _, phone = await village.home()
    await village.running(await village.written(Kind.GREETING))
    village.at = NOON + timedelta(hours=9, minutes=59)
    await village.worded()
    night = NOON + timedelta(hours=11)
    put = """insert into outbox (id, channel, class, address_hash, body_hash, segments, locale, kind, state)
             values (gen_random_uuid(), 'sms', 'notice', $1, sha256(''), 1, 'ru', 'Told', 'ready') returning id"""
    other = await village.conn.fetchval(put, WIRE.keyring.phone_hash(phone))
    await outbox.lease(village.conn, "sms", owner="w", seconds=60.0, limit=99, at=night)
    assert await outbox.start(village.conn, [other], owner="w", seconds=60.0, at=night) == {other: 1}


async def test_safety_is_told_at_night(village: Village) -> None:  # R28
    await village.home()
    village.at = datetime(2025, 11, 21, 22, tzinfo=UTC)
    notice = await village.written(Kind.SAFETY)
    await actions.submit(village.conn, notice.id, by="a", at=village.at, words=words())
    await actions.send(village.conn, notice.id, by="a", at=village.at)
    assert len(await village.worded()) == 1
