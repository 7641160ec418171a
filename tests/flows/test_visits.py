"""A visit by SMS: booked, moved, called off, told of in time (product.md J12, R17)."""

import asyncio
import json
from datetime import date, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from core.bookings import sql
from core.bookings.model import Special
from core.bookings.opening import actions as opening
from core.bookings.receiving import actions as receiving
from core.store.pool import acquire
from gateway import offices as commands
from gateway import reminding
from tests import make, offices
from tests.flows.conftest import NOON, Street
from tests.make import A, M

HERO, ENGLISH, OTHER, PAYER, TWO = "+79780001705", "+79780001706", "+79780001707", "+79780001708", "+79780001709"
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)
REASON = "С чем? СВЕРКА, СЧЕТЧИК, ДОГОВОР, ДРУГОЕ"


@pytest.fixture
async def people(company: asyncpg.Connection) -> None:
    await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"), (PAYER, "payer")), OCTOBER))
    await make.account(company, A("100004322", (M("0098766"),), ((ENGLISH, "owner"),), OCTOBER, "en"))
    await make.account(company, A("100004323", (M("0098767"),), ((OTHER, "owner"),)))
    for number, serial in (("100004324", "0098768"), ("100004325", "0098769")):
        await make.account(company, A(number, (M(serial),), ((TWO, "owner"),)))


@pytest.fixture
async def feodosia(company: asyncpg.Connection) -> None:
    """One office with one window."""
    await offices.set_up(company, {}, at=NOON)


@pytest.fixture
async def two(company: asyncpg.Connection) -> None:
    await offices.set_up(company, {}, offices.YALTA | {"windows": "2"}, at=NOON)


async def said(town: Street, who: str, *texts: str) -> list[str]:
    """The answers to the last of the texts."""
    told: list[str] = []
    for text in texts:
        told = await town.text(who, text)
    return told


async def moved_on(town: Street, to: datetime) -> int:
    """The clock stands at a time of the office, and was looked at."""
    town.clock.at = to - timedelta(hours=3)
    return await reminding.look(town.parts)


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 11, day, hour, minute, tzinfo=NOON.tzinfo)


async def test_j12_in_russian(town: Street, people: None, feodosia: None) -> None:
    assert await said(town, HERO, "ЗАПИСЬ ФЕОДОСИЯ 24.11") == [
        "Феодосия, свободно: 1) 24.11 8:00 2) 24.11 9:00 3) 24.11 10:00"
    ]
    assert await said(town, HERO, "3") == [f"Держим 10 мин: 24.11 10:00. {REASON}"]
    assert await said(town, HERO, "3") == [f"24.11 10:00 уже за вами. {REASON}"], "a carrier's double"
    assert await said(town, HERO, "не согласен с долгом") == [
        "Приём 24.11 в 10:00, Феодосия, Свободы 4. Талон В30. Отмена: ОТМ В30",
        "До визита: Долг окт 431,60. Всего 431,60 р. Ясно? ОТМ В30",
    ]
    assert await said(town, HERO, "3") == ["Это время уже ваше: 24.11 10:00, талон В30. Отмена: ОТМ В30"]
    assert await said(town, HERO, "МОИ ВИЗИТЫ") == ["Ваш визит: 24.11 в 10:00, Феодосия. Талон В30. Отмена: ОТМ В30"]
    assert await said(town, HERO, "перенести запись на 25.11") == [
        "Перенос В30: 1) 25.11 8:00 2) 25.11 9:00 3) 25.11 10:00"
    ]
    assert await said(town, HERO, "2") == ["Перенесли: 25.11 9:00, Феодосия, Свободы 4. Талон В27. Отмена: ОТМ В27"]
    assert await moved_on(town, local(24, 9, 50)) == 0
    assert await moved_on(town, local(24, 10, 5)) == 1
    assert await moved_on(town, local(24, 10, 6)) == 0
    assert await town.answers(HERO) == ["Завтра 25.11 9:00 приём, Феодосия, Свободы 4. Придёте? ДА или ОТМ В27"]
    assert await said(town, HERO, "ДА") == ["Ждём вас 25.11 в 9:00, Феодосия, Свободы 4. Талон В27"]
    assert await moved_on(town, local(25, 7, 5)) == 0, "at night nobody is told"
    assert await moved_on(town, local(25, 8)) == 1
    assert await town.answers(HERO) == ["Сегодня в 9:00 приём, Феодосия, Свободы 4. Талон В27. Отмена: ОТМ В27"]
    assert await said(town, HERO, "ОТМ В27") == ["Визит 25.11 в 9:00 отменён, талон В27. Записаться: ЗАПИСЬ"]
    assert await said(town, HERO, "ОТМ В27") == ["Визит 25.11 в 9:00 отменён, талон В27. Записаться: ЗАПИСЬ"], (
        "twice is once"
    )
    assert await said(town, HERO, "МОИ ВИЗИТЫ") == ["Визитов нет. Чтобы записаться, пришлите: ЗАПИСЬ"]
    assert (await town.audit())["overbooked"] == 0
    sizes = await town.pool.fetch("select segments from outbox where kind <> 'HelpTold'")
    assert {row[0] for row in sizes} == {1}


async def test_j12_in_english(town: Street, people: None, feodosia: None) -> None:
    assert await said(town, ENGLISH, "BOOK 2025-11-24 10:20") == [
        "Kept for 10 min: 24 Nov at 10:20. What is it about? Reply DEBT, METER, CONTRACT, OTHER."
    ]
    booked, explained = await said(town, ENGLISH, "my debt")
    assert booked == (
        "Visit on 24 Nov at 10:20, Feodosia, Svobody 4. Your ticket is B31. To call it off, reply UNDO B31."
    )
    assert explained.startswith("Before your visit: ")
    assert "431.60" in explained
    assert explained.endswith("All clear? Then reply UNDO B31.")
    assert await said(town, ENGLISH, "VISITS") == [
        "Your visit: 24 Nov at 10:20, Feodosia, Svobody 4. Ticket B31. To call it off, reply UNDO B31."
    ]
    assert await said(town, ENGLISH, "MOVE B31 to 25 november after 3pm") == [
        "Moving B31. Free: 1) 25 Nov 15:00 2) 25 Nov 15:20 3) 25 Nov 16:00. Reply with the number."
    ]
    assert await said(town, ENGLISH, "1") == [
        "Moved to 25 Nov at 15:00, Feodosia, Svobody 4. Your ticket is B45. To call it off, reply UNDO B45."
    ]
    await moved_on(town, local(24, 10, 5))
    assert await town.answers(ENGLISH) == [
        "Tomorrow 25 Nov at 15:00 we expect you, Feodosia, Svobody 4. Will you come? Reply Y, or UNDO B45."
    ]
    assert await said(town, ENGLISH, "Y") == ["We expect you on 25 Nov at 15:00, Feodosia, Svobody 4. Ticket B45."]
    await moved_on(town, local(25, 13, 5))
    assert (await town.answers(ENGLISH))[0].startswith("Today at 15:00 we expect you")
    assert (await said(town, ENGLISH, "cancel my appointment"))[0].startswith("Your visit on 25 Nov at 15:00 is called")


async def test_offers_are_the_least_loaded_ones(town: Street, people: None, two: None) -> None:
    assert await said(town, OTHER, "ЗАПИСЬ") == ["1) 21.11 13:00 Феодосия 2) 21.11 13:00 Ялта 3) 24.11 8:00 Феодосия"]
    await town.pool.execute("update slots set taken = capacity where day < '2025-11-26' and capacity = 1")
    assert await said(town, OTHER, "ЗАПИСЬ") == ["1) 21.11 13:00 Ялта 2) 24.11 8:00 Ялта 3) 26.11 8:00 Феодосия"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("запишите на понедельник утром в Ялте", "Ялта, свободно: 1) 24.11 8:00 2) 24.11 9:00 3) 24.11 10:00"),
        ("сверка в пятницу после 15", "28.11 свободно: 1) 15:00 Феодосия 2) 15:00 Ялта 3) 15:20 Феодосия"),
        ("ЗАПИСЬ ФЕОДОСИЯ 24.11 12:20", "24.11 в 12:20 приёма нет. Свободно: 1) 11:40 2) 13:00 3) 25.11 11:40"),
        ("запишите на завтра утром в Ялте", "22.11 приёма нет. Свободно: 1) 24.11 9:00 2) 25.11 9:00 3) 26.11 9:00"),
        ("ЗАПИСЬ ЯЛТА 20.11", "20.11 уже прошло. Свободно: 1) 21.11 13:00 2) 24.11 8:00 3) 25.11 8:00"),
        ("ЗАПИСЬ ЯЛТА 25.03.26", "На 25.03 записи пока нет. Свободно: 1) 21.11 13:00 2) 24.11 8:00"),
        ("ЗАПИСЬ ПАРИЖ", "Нет офиса «париж». Пришлите, напр.: ЗАПИСЬ Феодосия, Ялта"),
        ("ЗАПИСЬ ялтта завтра", "22.11 приёма нет. Свободно: 1) 24.11 9:00 2) 25.11 9:00 3) 26.11 9:00"),
        ("отменить запись", "Визитов нет. Чтобы записаться, пришлите: ЗАПИСЬ"),
        ("ОТМ В17", "Талона В17 у вас нет. Ваши визиты: МОИ ВИЗИТЫ"),
        ("ПЕРЕНЕСТИ В17 на завтра", "Талона В17 у вас нет. Ваши визиты: МОИ ВИЗИТЫ"),
        ("МОИ ВИЗИТЫ", "Визитов нет. Чтобы записаться, пришлите: ЗАПИСЬ"),
    ],
)
async def test_free_words_lead_to_the_right_step(town: Street, people: None, two: None, text: str, answer: str) -> None:
    assert await said(town, OTHER, text) == [answer]


async def test_another_was_quicker(town: Street, people: None, feodosia: None) -> None:  # R17
    await said(town, HERO, "ЗАПИСЬ 24.11")
    await said(town, OTHER, "ЗАПИСЬ 24.11", "3", "счётчик")
    assert await said(town, HERO, "3") == ["10:00 уже занято. Свободно: 1) 9:40 2) 10:20 3) 25.11 10:00"]
    assert await said(town, HERO, "2") == [f"Держим 10 мин: 24.11 10:20. {REASON}"]
    assert await said(town, HERO, "договор") == ["Приём 24.11 в 10:20, Феодосия, Свободы 4. Талон В31. Отмена: ОТМ В31"]


async def test_a_hold_lapses_after_ten_minutes(town: Street, people: None, feodosia: None) -> None:
    await said(town, HERO, "ЗАПИСЬ 24.11 10:20")
    town.clock.forward(minutes=9)
    assert await reminding.look(town.parts) == 0
    assert (await said(town, OTHER, "ЗАПИСЬ 24.11 10:20"))[0].startswith("10:20 уже занято. Свободно: 1) 10:00")
    town.clock.forward(minutes=2)
    assert await reminding.look(town.parts) == 1
    assert await town.answers(HERO) == ["Время 24.11 10:20 больше не держим. Записаться снова: ЗАПИСЬ"]
    assert await town.pool.fetchval("select sum(taken) from slots") == 0
    assert await said(town, HERO, "сверка") == [
        "Приём 24.11 в 10:20, Феодосия, Свободы 4. Талон В31. Отмена: ОТМ В31",
        "До визита: Долг окт 431,60. Всего 431,60 р. Ясно? ОТМ В31",
    ], "said too late, and still free"


async def test_the_sums_spare_a_visit(town: Street, people: None, feodosia: None) -> None:
    await said(town, HERO, "сверка 24.11 10:20")
    assert await said(town, HERO, "ясно") == ["Визит 24.11 в 10:20 отменён, талон В31. Записаться: ЗАПИСЬ"]
    whats = [row[0] for row in await town.pool.fetch("select what from visit_events order by id")]
    assert whats == ["booked", "cleared"]


async def test_one_visit_a_day_and_five_in_all(town: Street, people: None, two: None) -> None:
    await said(town, HERO, "ЗАПИСЬ ЯЛТА 24.11 9:00 счетчик")
    assert await said(town, HERO, "ЗАПИСЬ ФЕОДОСИЯ 24.11 11:00 счетчик") == [
        "24.11 у вас уже визит в 9:00. Другое время: ПЕРЕНЕСТИ В27"
    ]
    for day in (25, 26, 27, 28):
        town.clock.forward(minutes=6)
        await said(town, HERO, f"ЗАПИСЬ ЯЛТА {day}.11 9:00 счетчик")
    town.clock.forward(minutes=6)
    assert await said(town, HERO, "ЗАПИСЬ ЯЛТА 01.12 9:00 счетчик") == [
        "Визитов уже 5, больше записать нельзя. Список: МОИ ВИЗИТЫ"
    ]
    told = await said(town, HERO, "отменить запись")
    assert told[0].startswith("Какой отменить? ОТМ и талон: В27 (24.11)")


async def test_tickets_of_one_place_differ_by_their_letter(town: Street, people: None, two: None) -> None:
    first = await said(town, HERO, "ЗАПИСЬ ЯЛТА 24.11 9:00 счетчик")
    second = await said(town, OTHER, "ЗАПИСЬ ЯЛТА 24.11 9:00 счетчик")
    assert [one[0].partition("Талон ")[2][:3] for one in (first, second)] == ["В27", "К27"]
    assert (await said(town, OTHER, "ОТМ В27"))[0].startswith("Талона В27 у вас нет")
    assert (await said(town, OTHER, "отм k27"))[0].startswith("Визит 24.11 в 9:00 отменён, талон К27")


async def test_a_service_takes_as_many_places_as_it_needs(town: Street, people: None, feodosia: None) -> None:
    await said(town, HERO, "ЗАПИСЬ 24.11 10:20 договор")
    assert (await said(town, OTHER, "ЗАПИСЬ 24.11 10:40 счетчик"))[0].startswith("10:40 уже занято. Свободно: 1) 11:00")
    assert (await said(town, OTHER, "ЗАПИСЬ 24.11 16:40 договор"))[0].startswith("24.11 в 16:40 приёма нет.")


async def test_who_may_not_visit_is_told_so(town: Street, people: None, feodosia: None) -> None:
    assert (await said(town, PAYER, "ЗАПИСЬ"))[0] == (await said(town, PAYER, "МОИ ВИЗИТЫ"))[0]
    assert await town.pool.fetchval("select count(*) from visits") == 0


async def test_of_several_accounts_it_is_asked(town: Street, people: None, feodosia: None) -> None:
    assert (await said(town, TWO, "ЗАПИСЬ 24.11 10:20 счетчик"))[0].endswith("1 ..4324 2 ..4325")
    assert (await said(town, TWO, "2"))[0].startswith("Приём 24.11 в 10:20")
    row = await town.pool.fetchrow("select a.number from visits v join accounts a on a.id = v.account_id")
    assert row is not None
    assert row[0] == "100004325"


async def test_the_carriers_word_cancels_no_visit(town: Street, people: None, feodosia: None) -> None:
    await said(town, HERO, "ЗАПИСЬ 24.11 10:20 счетчик")
    assert await said(town, HERO, "CANCEL") == [], "the carrier holds every answer back"
    alarms = [tuple(row) for row in await town.pool.fetch("select kind, about from alarms")]
    assert alarms == [("stopped by a word", "B31")]
    assert await town.pool.fetchval("select kind from outbox order by created_at desc limit 1") == "CarrierBlocked"
    assert await town.pool.fetchval("select state from visits") == "booked", "nothing was called off"
    assert await said(town, HERO, "START") == ["SMS снова приходят. Визит 24.11 в 10:20 в силе. Отмена: ОТМ В31"]
    await moved_on(town, local(23, 10, 5))
    assert await town.answers(HERO) == ["Завтра 24.11 10:20 приём, Феодосия, Свободы 4. Придёте? ДА или ОТМ В31"]
    assert (await said(town, HERO, "ОТМ В31"))[0].startswith("Визит 24.11 в 10:20 отменён")
    assert await said(town, OTHER, "CANCEL") == []
    assert await town.pool.fetchval("select kind from outbox order by created_at desc limit 1") == "OptedOut"


async def finished(town: Street, words: str = "план оплаты подписан") -> None:
    """The clerk ends the one visit that there is."""
    async with acquire(town.pool) as conn, conn.transaction():
        visit, wire = await conn.fetchval("select id from visits"), commands.wire(town.parts.settings)
        await receiving.finish(conn, visit, words, wire.keyring, wire, by="clerk", at=town.clock.now())


@pytest.mark.parametrize(
    ("who", "book", "wanted", "answers", "thanks", "again"),
    [
        (
            HERO, "ЗАПИСЬ 24.11 10:20 счетчик", "Визит В31 завершён. Как прошёл? Ответьте от 1 до 5",
            ("4", "4!", "4 спасибо", "оценка 4", "четыре"), "Спасибо! Ваша оценка: 4", "Спасибо! Ваша оценка: 5",
        ),
        (
            ENGLISH, "BOOK 2025-11-24 10:20 meter",
            "Your visit B31 is over. How was it? Reply with a number from 1 to 5.",
            ("4", "4.", "4 thanks", "four"), "Thank you! You gave 4 of 5.", "Thank you! You gave 5 of 5.",
        ),
    ],
    ids=["ru", "en"],
)  # fmt: skip
async def test_a_visit_is_marked(
    town: Street, people: None, feodosia: None, who: str, book: str, wanted: str, answers: tuple[str, ...],
    thanks: str, again: str,
) -> None:  # fmt: skip
    await said(town, who, book)
    town.clock.at = local(24, 10, 30) - timedelta(hours=3)
    await finished(town)
    assert (await town.answers(who))[-1] == wanted
    for text in ("6", "0", "7"):
        assert wanted in (await said(town, who, text))[0], text
    for text in answers:
        assert await said(town, who, text) == [thanks], text
    assert await town.pool.fetchval("select mark from visits") == 4
    assert await said(town, who, "5") == [again], "he thought better of it"
    town.clock.forward(minutes=11)
    assert not (await said(town, who, "3"))[0].startswith(thanks[:5]), "the question is closed"
    assert await town.pool.fetchval("select mark from visits") == 5
    assert await town.pool.fetchval("select count(*) from readings where inbox_id is not null") == 0


async def test_no_mark_is_asked_for_over_another_question(town: Street, people: None, feodosia: None) -> None:
    """His next word would answer that one."""
    await said(town, HERO, "ЗАПИСЬ 24.11 10:20 счетчик")
    town.clock.at = local(24, 10, 30) - timedelta(hours=3)
    await said(town, HERO, "09999")
    await finished(town)
    assert [one for one in await town.answers(HERO) if "завершён" in one] == []
    assert await town.pool.fetchval("select state from visits") == "done"


STEPS = {
    "appointment_book": {"VisitsOffered", "VisitHeld", "VisitBooked", "VisitThatDay"},
    "appointment_list": {"VisitsTold"},
    "appointment_cancel": {"VisitCancelled"},
}
"""What follows from a message about visits, by its label."""


async def test_messages_about_visits_lead_to_the_right_step(
    town: Street, company: asyncpg.Connection, people: None, two: None, cases: Path
) -> None:
    """Each from a phone of its own that has a visit on 28.11 at 14:20, some the day before, after the reminder."""
    lines = (cases / "messages.jsonl").read_text(encoding="utf-8").splitlines()
    messages = [one for one in map(json.loads, lines) if one["intent"] in STEPS]
    assert len(messages) >= 30
    await town.pool.execute("update slots set capacity = 60 where day = '2025-11-28' and starts >= '14:00'")
    wrong = []
    phones = {f"+7978300{no:04d}": message for no, message in enumerate(messages)}
    for no, phone in enumerate(phones):
        await make.account(company, A(f"5{no:08d}", (M(f"9{no:06d}"),), ((phone, "owner"),)))
        await said(town, phone, "ЗАПИСЬ ЯЛТА 28.11 14:20 счетчик")
    for phone, message in sorted(phones.items(), key=lambda one: "context" in one[1]):
        if "context" in message and town.clock.at == NOON:
            await moved_on(town, local(27, 10, 5))
        await said(town, phone, message["text"])
        kind = await town.pool.fetchval("select kind from outbox order by created_at desc, id desc limit 1")
        if kind not in STEPS[message["intent"]]:
            wrong.append((message["text"], kind))
    assert wrong == []


async def test_who_did_not_come_three_times_books_no_more(town: Street, people: None, feodosia: None) -> None:
    for day in (24, 25, 26):
        await said(town, HERO, f"ЗАПИСЬ {day}.11 9:00 счетчик")
    await moved_on(town, local(27, 12))
    assert (await said(town, HERO, "ЗАПИСЬ 28.11 9:00 счетчик")) == [
        "Пропущено визитов: 3, запись пока закрыта. Звоните 8-800-000-00-00"
    ]


async def test_an_office_that_closes_tells_who_is_booked(town: Street, people: None, two: None, database: str) -> None:
    await said(town, HERO, "ЗАПИСЬ ФЕОДОСИЯ 24.11 10:20 счетчик")
    await said(town, ENGLISH, "BOOK YALTA 2025-11-24 10:20 METER")
    async with acquire(town.pool) as conn, conn.transaction():
        office = next(one for one in (await sql.offices(conn)).values() if one.code == "feodosia")
        wire = commands.wire(town.parts.settings)
        done = await opening.make_exception(
            conn, office, Special(date(2025, 11, 24), reason="flood"), wire, by="chief", at=town.clock.now()
        )
    assert (len(done.revoked), done.told) == (1, 1)
    assert await town.answers(HERO) == ["Приём 24.11 10:20 отменён офисом. Есть: 1) 25.11 10:20 2) 26.11 10:20"]
    assert await town.answers(ENGLISH) == []
    assert await said(town, HERO, "2") == ["Приём 26.11 в 10:20, Феодосия, Свободы 4. Талон В31. Отмена: ОТМ В31"]
    assert (await town.audit())["overbooked"] == 0


async def test_the_same_message_twice_is_one_booking(town: Street, people: None, feodosia: None) -> None:  # R2, R17
    await said(town, HERO, "ЗАПИСЬ 24.11", "3")
    messages = [town.text(HERO, "счётчик") for _ in range(4)]
    await asyncio.gather(*messages)
    assert await town.pool.fetchval("select count(*) from visits where state = 'booked'") == 1
    assert await town.pool.fetchval("select sum(taken) from slots") == 1
