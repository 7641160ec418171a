"""How answers reach a chat, and what happens where they do not: blocked, too many, unclear (R21); questions that begin
on one wire and end on another."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import asyncpg
import pytest

from core.answer import flooding
from core.billing import profiles
from core.billing.terms import Messenger
from demo import messenger_api
from demo.messenger_faults import Faults
from tests import make
from tests.channels.telegram.updates import OTHER, PERSON, message
from tests.flows import chatting
from tests.flows.chatting import Town
from tests.make import A, M

OWNER, MANY = "+79780001701", "+79780001702"
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)
KINDS = "select kind, channel, state, code, doubts from outbox order by created_at, id"


@pytest.fixture
async def town(company: asyncpg.Connection, database: str, pool: asyncpg.Pool) -> AsyncIterator[Town]:
    await make.account(company, A("100004321", (M("0098765"),), ((OWNER, "owner"),), claims=OCTOBER))
    for number, serial in (("100004407", "0098766"), ("100005110", "0098767")):
        await make.account(company, A(number, (M(serial),), ((MANY, "owner"),)))
    async with chatting.town(database, pool) as there:
        await there.begin(PERSON, OWNER)
        yield there


async def test_a_question_is_begun_by_sms_and_finished_in_the_chat_and_back(town: Town) -> None:
    (asked,) = await town.text(OWNER, "04912")
    assert "Принять 04912?" in asked
    assert (await town.say(PERSON, "Да"))[0].startswith("Принято 04912")
    await town.text(OWNER, "ОТМ")
    (asked,) = await town.say(PERSON, "04912")
    assert town.buttons(PERSON) == ["Да", "Нет"]
    assert (await town.text(OWNER, "ДА"))[0].startswith("Принято 04912")
    assert await town.press(PERSON, "Да") == [
        "Эта кнопка уже не действует. Ответьте на последнее сообщение или пришлите показание."
    ]


async def test_a_button_answers_its_own_question_alone(town: Town) -> None:
    await town.say(PERSON, "04912")
    chatting.later(town, seconds=1)
    await town.say(PERSON, "04913")
    first, second = [line for line in town.lines(PERSON) if line.buttons and line.buttons[0][0]["text"] == "Да"]
    old = first.buttons[0][0]["callback_data"]
    assert await town.messenger.press(PERSON, first.id, old) == 200
    assert "уже не действует" in (await town.answers(PERSON))[0]
    assert len(old.encode()) <= 64
    # Another chat's button, one that was changed, and one that nobody made are none.
    await town.begin(OTHER, MANY)
    new = second.buttons[0][0]["callback_data"]
    for data in (new, "x" + new, new[:-1], "y", "", "c1.0.x", "\ud83d", "y" * 64):
        assert await town.messenger.press(OTHER, 1, data) == 200
        assert await town.answers(OTHER) == [
            "Эта кнопка уже не действует. Ответьте на последнее сообщение или пришлите показание."
        ]
    assert await town.press(PERSON, "Да") == ["Принято 04913 (+588). К оплате 2383,76 р., из них долг 431,60"]


async def test_an_undo_belongs_to_its_reading(town: Town) -> None:
    await town.say(PERSON, "04500")
    old = town.lines(PERSON)[-1]
    chatting.later(town, minutes=1)
    await town.say(PERSON, "04512")
    undo = next(one for one in old.buttons[0] if one["text"] == "Отменить")
    assert await town.messenger.press(PERSON, old.id, undo["callback_data"]) == 200
    assert "уже не действует" in (await town.answers(PERSON))[0]
    assert (await town.press(PERSON, "Отменить"))[0].startswith("Отменено 04512")


async def test_of_several_accounts_a_button_tells_which(town: Town) -> None:
    await town.begin(OTHER, MANY)
    await town.say(OTHER, "ИМЯ 2 ДАЧА")
    assert (await town.say(OTHER, "04512"))[0].startswith("Для какого л/с 04512?")
    assert town.buttons(OTHER) == ["1 ..4407", "2 ДАЧА"]
    assert (await town.press(OTHER, "2 ДАЧА"))[0].startswith("ДАЧА: принято 04512")


async def test_a_blocked_chat_is_dead_and_the_reply_goes_by_sms(town: Town) -> None:  # R21
    town.messenger.book.talk(PERSON).blocked = True
    assert await town.messenger.write(PERSON, "долг") == 200
    (sms,) = await town.texted(OWNER)
    assert sms.startswith("К оплате 431,60")
    dead = "select dead_at is not null from chats"
    assert await town.pool.fetchval(dead) is True
    assert await town.pool.fetchval("select max(bounced) from phones") == 0
    town.messenger.book.talk(PERSON).blocked = False
    assert (await town.say(PERSON, "долг"))[-1].startswith("К оплате 431,60")
    assert await town.pool.fetchval(dead) is False
    assert await town.messenger.block(PERSON, blocked=True) == 200
    await town.messenger.settled()
    assert await town.pool.fetchval(dead) is True
    assert await town.messenger.block(PERSON, blocked=False) == 200
    assert await town.pool.fetchval(dead) is False


async def test_a_reply_that_is_refused_goes_by_sms_and_the_chat_lives(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:  # R21
    monkeypatch.setattr(messenger_api, "LONGEST_TEXT", 10)
    assert await town.messenger.write(PERSON, "долг") == 200
    assert (await town.texted(OWNER))[0].startswith("К оплате 431,60")
    monkeypatch.undo()
    assert await town.pool.fetchval("select dead_at from chats") is None
    assert (await town.say(PERSON, "долг"))[0].startswith("К оплате 431,60")


async def test_too_many_is_waited_out_and_an_unclear_reply_comes_at_most_twice(town: Town) -> None:  # R21
    town.messenger.faults = Faults(seed=3, before_429=0.5, retry_after=0)
    for _ in range(6):
        assert len(await town.say(PERSON, "долг")) == 1
    town.messenger.faults = Faults(after_500=1.0)
    told = await town.say(PERSON, "история")
    assert len(told) == 2
    assert told[0] == told[1]
    row = next(one for one in reversed(await town.pool.fetch(KINDS)) if one["channel"] == "telegram")
    assert (row["state"], row["code"], row["doubts"]) == ("failed", "unclear", 2)
    assert (await town.texted(OWNER))[-1] == told[0], "and then by SMS, for nobody can tell that it was read"
    town.messenger.faults = Faults(before_500=1.0)
    assert await town.messenger.write(PERSON, "прогноз") == 200
    async with asyncio.timeout(10):
        while (await town.pool.fetch(KINDS))[-1]["doubts"] < 1:
            await asyncio.sleep(0.01)
    town.messenger.faults = Faults()
    assert len(await town.answers(PERSON)) == 1


async def test_the_company_knows_what_it_does_not_read(town: Town) -> None:
    for content, words in (
        ({"voice": {}}, "не слушаем"),
        ({"sticker": {}}, "Наклейки"),
        ({"location": {}}, "на карте"),
        ({"document": {}}, "не читаем"),
        ({"text": "04512", "forward_date": 1}, "Пересланное"),
    ):
        talk = town.messenger.book.talk(PERSON)
        await town.messenger.tell_bot(message=town.messenger.message(talk, 1, **content))
        assert words in (await town.answers(PERSON))[0]
    await town.messenger.tell_bot(edited_message=town.messenger.message(talk, 1, text="04512"))
    assert "Изменённое сообщение" in (await town.answers(PERSON))[0]
    group = {"id": -100, "type": "group", "title": "x"}
    await town.messenger.tell_bot(message=town.messenger.message(talk, 1, text="долг") | {"chat": group})
    assert await town.answers(PERSON) == []
    assert await town.pool.fetchval("select count(*) from inbox where fate = 'muted' and reason = 'group'") == 1


async def test_what_cannot_be_read_is_told_three_times_and_then_the_staff(town: Town) -> None:  # T4
    talk = town.messenger.book.talk(PERSON)
    for number in range(5):
        await town.messenger.tell_bot(message=town.messenger.message(talk, number, voice={}))
    assert len(await town.answers(PERSON)) == 3
    assert await town.pool.fetchval("select count(*) from alarms where kind = 'muted'") == 1
    await town.messenger.tell_bot(message=town.messenger.message(talk, 9, sticker={}))
    assert "Наклейки" in (await town.answers(PERSON))[0], "another kind is told of"
    for number in range(4):
        await town.messenger.tell_bot(message=town.messenger.message(talk, 10 + number, sticker={}))
    assert len(await town.answers(PERSON)) == 2
    assert await town.pool.fetchval("select count(*) from alarms where kind = 'muted'") == 1, "of stickers nobody is"
    assert (await town.say(PERSON, "04512"))[0].startswith("Принято 04512")
    chatting.later(town, minutes=11)
    await town.messenger.tell_bot(message=town.messenger.message(talk, 20, voice={}))
    assert "не слушаем" in (await town.answers(PERSON))[0]


async def test_as_much_in_a_day_as_by_sms_and_no_more(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:  # T4
    monkeypatch.setattr(flooding, "MOST", 5)
    assert [len(await town.say(PERSON, "/start")) for _ in range(6)] == [1, 1, 1, 1, 0, 0]
    assert await town.pool.fetchval("select count(*) from inbox where reason = 'too many messages'") == 2


async def test_the_warnings_are_an_entry_of_the_menu(town: Town) -> None:
    assert "Уведомления" in town.keyboard(PERSON)
    (by_menu,) = await town.say(PERSON, "Уведомления")
    (by_command,) = await town.say(PERSON, "/notices")
    assert by_menu == by_command == "Действующих уведомлений у вас нет"


async def test_a_chat_for_readings_only_tells_no_sums(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make.account(company, A("100004321", (M("0098765"),), ((OWNER, "owner"),), claims=OCTOBER))
    pack = profiles.profile("RU-household")
    bare = replace(pack, habits=replace(pack.habits, telegram=Messenger.READINGS))
    monkeypatch.setattr(profiles, "profile", lambda _: bare)
    async with chatting.town(database, pool) as town:
        await town.begin(PERSON, OWNER)
        assert town.keyboard(PERSON) == ["Передать показание", "Мои л/с", "Язык", "Помощь"]
        assert await town.say(PERSON, "04512") == ["Принято 04512"]
        assert town.buttons(PERSON) == ["Отменить"]
        assert await town.say(PERSON, "долг") == ["В чате принимаем только показания. Об остальном спросите по SMS."]
        assert (await town.text(OWNER, "долг"))[0].startswith("К оплате 1052,44")


async def test_a_company_without_a_chat_hears_nothing_there(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make.account(company, A("100004321", (M("0098765"),), ((OWNER, "owner"),), claims=OCTOBER))
    pack = profiles.profile("RU-household")
    mute = replace(pack, habits=replace(pack.habits, telegram=Messenger.OFF))
    monkeypatch.setattr(profiles, "profile", lambda _: mute)
    async with chatting.town(database, pool) as town:
        assert town.parts.bot is None
        town.messenger.connect(f"{town.url}/telegram", chatting.SECRET)
        assert await town.messenger.bring(message(1, text="/start")) == 404
        assert town.lines(PERSON) == []
        assert await town.text(OWNER, "долг") == ["К оплате 431,60: долг окт 431,60"]
        assert await town.pool.fetchval("select count(*) from inbox where channel = 'telegram'") == 0


async def test_updates_are_asked_for_where_nobody_can_bring_them(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool
) -> None:
    await make.account(company, A("100004321", (M("0098765"),), ((OWNER, "owner"),), claims=OCTOBER))
    async with chatting.town(database, pool, polling=True) as town:
        assert town.messenger.webhook == ""
        steps = (
            (town.messenger.write(PERSON, "/start"), ""),
            (town.messenger.share(PERSON, OWNER), "..4321"),
            (town.messenger.write(PERSON, "04512"), "Принято 04512 (+187)"),
        )
        for number, (step, told) in enumerate(steps, start=1):
            assert await step is None, "nobody brings it"
            async with asyncio.timeout(20):
                while len(town.lines(PERSON)) < number:
                    await asyncio.sleep(0.02)
            assert told in town.lines(PERSON)[-1].text
        assert await town.pool.fetchval("select count(*) from inbox where channel = 'telegram'") == 3
