"""How often one is told, by class; visits as a condition; what the morning report tells of evidence (R28, R30)."""

from datetime import date, timedelta

import pytest

from core.accounts.model import Role
from core.books.morning import actions as morning
from core.contracts import actions as contracts
from core.contracts.model import Document, Wanted
from core.notices import actions
from core.notices.model import Kind, Refused
from gateway.parts import words
from tests.core.notices.conftest import EVERY_TOPIC, NOON, WIRE, Village
from tests.core.notices.test_warnings import warned

DAY = timedelta(days=1)


async def told(village: Village, kind: Kind) -> dict[str, int]:
    """Tells everybody something; who was barred, and why."""
    notice = await village.written(kind)
    shown = await actions.preview(village.conn, notice.id, at=village.at, words=words())
    if shown.people:
        await village.running(notice)
        await village.worded()
        return dict((await actions.progress(village.conn, notice.id)).barred)
    return dict(shown.barred)


async def test_no_more_than_so_many_a_day_a_week_and_a_month(village: Village) -> None:  # R28
    """Works: three a day, ten a week, thirty in thirty days by the pack; each class has its own count."""
    await village.home()
    for _ in range(3):
        assert await told(village, Kind.WORKS) == {}
    assert await told(village, Kind.WORKS) == {"too_many": 1}
    assert await told(village, Kind.GREETING) == {}
    for day in range(1, 8):
        village.at = NOON + day * DAY + timedelta(hours=1)
        while await told(village, Kind.WORKS) == {}:
            pass
    number = await village.conn.fetchval(
        "select count(*) from outbox where kind = 'Notice works' and state <> 'delivered'"
    )
    assert number == 13, "ten in seven days, and three more once the first three were a week old"


async def test_safety_has_no_limit(village: Village) -> None:  # R28
    await village.home()
    for _ in range(6):
        notice = await village.written(Kind.SAFETY)
        await actions.submit(village.conn, notice.id, by="a", at=village.at, words=words())
        await actions.send(village.conn, notice.id, by="a", at=village.at)
    assert len(await village.worded()) == 6


async def test_who_got_enough_since_the_approval_is_not_told(village: Village) -> None:  # R28
    await village.home()
    made = [await village.tried(await village.written()) for _ in range(4)]
    for one in made:
        await actions.start(village.conn, one.id, by="author", at=village.at)
    village.at += timedelta(minutes=5)
    await village.conn.execute("update notices set state = 'running'")
    assert len(await village.worded()) == 3
    assert (await actions.progress(village.conn, made[-1].id)).barred == {"too_many": 1}


async def test_three_accounts_of_one_phone_are_warned_of_by_two(village: Village) -> None:  # R28
    id, phone = await village.home(debt="5210.40")
    for _ in range(2):
        other, _ = await village.home(debt="5210.40", topics=None)
        customer = await village.conn.fetchval("select customer_id from accounts where id = $1", id)
        await village.conn.execute("update accounts set customer_id = $2 where id = $1", other, customer)
        await village.conn.execute("update links set valid_to = now() where account_id = $1", other)
        wanted = Wanted(
            phone, "Анна Иванова", Role.OWNER, Document.PASSPORT, "4321", date(2025, 11, 21), "ru", frozenset(),
            EVERY_TOPIC,
        )  # fmt: skip
        await contracts.take(village.conn, other, wanted, by="ivanova", at=village.at, wire=WIRE)
    notice = await village.written(Kind.DISCONNECTION, debt=40_000)
    shown = await actions.preview(village.conn, notice.id, at=village.at, words=words())
    assert shown.people == 2
    assert shown.barred["too_many"] == 1


@pytest.mark.parametrize(
    ("asked", "number"), [("coming", 1), ("none", 2), ("missed", 1), ("", 3)]
)  # fmt: skip
async def test_visits_as_a_condition(village: Village, asked: str, number: int) -> None:
    ids = [(await village.home())[0] for _ in range(3)]
    office = await village.conn.fetchval(
        """insert into offices (code, name, name_latin, short, short_latin, address, place, place_latin, timezone,
                                windows, step)
           values ('centre', 'Офис', 'Office', 'Офис', 'Office', 'ул. 1', 'окно', 'desk', 'Europe/Moscow', 1, 20)
           returning id"""
    )
    put = """insert into visits (office_id, day, starts, starts_at, ticket, account_id, channel, state, since, made_at)
             values ($1, $2, '10:00', $2::date + interval '7 hours', $3, $4, 'sms', $5, $6, $6)"""
    for no, (id, day, state) in enumerate(
        [(ids[0], 25, "booked"), (ids[1], 20, "missed"), (ids[1], 26, "cancelled"), (ids[2], 20, "done")]
    ):
        await village.conn.execute(put, office, date(2025, 11, day), f"A{no}", id, state, NOON)
    notice = await village.written(customer="household", visits=asked)
    shown = await actions.preview(village.conn, notice.id, at=village.at, words=words())
    assert shown.people == number


async def test_an_unknown_word_about_visits_is_refused(village: Village) -> None:
    with pytest.raises(Refused, match="visits"):
        await village.written(visits="often")


async def test_the_morning_report_tells_the_heads_of_evidence(village: Village) -> None:  # R30
    day = NOON.date()
    assert "Evidence: 0 warnings, 0 rows\n" in await morning.report(village.conn, day, [])
    number, _, _ = await warned(village)
    first = await morning.report(village.conn, day, [])
    assert "Evidence: 1 warnings, 5 rows\n  heads " in first
    later = """insert into notice_evidence (recipient_id, no, what, at, body, digest, previous, hash)
               values ($1, 6, 'sent', $2, '', sha256('a'), sha256('b'), sha256('c'))"""
    await village.conn.execute(later, number, NOON + DAY)
    assert await morning.report(village.conn, day, []) == first, "the same whenever it is asked for"
    assert "1 warnings, 6 rows" in await morning.report(village.conn, day + DAY, [])
