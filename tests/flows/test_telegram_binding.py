"""Whose chat it is: forged and foreign contacts, a phone that moves from chat to chat, one that nobody knows (R33)."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from tests import make
from tests.channels.telegram.updates import OTHER, OWN, PERSON, message
from tests.flows import chatting
from tests.flows.chatting import Town
from tests.make import A, M

OWNER = "+79780001701"
NOBODY = "+79780009999"
BOUND = "select count(*) from chats where ended_at is null"


@pytest.fixture
async def town(company: asyncpg.Connection, database: str, pool: asyncpg.Pool) -> AsyncIterator[Town]:
    await make.account(company, A("100004321", (M("0098765"),), ((OWNER, "owner"),)))
    async with chatting.town(database, pool) as there:
        yield there


async def test_fifteen_contacts_that_bind_nothing(town: Town) -> None:  # R33
    await town.say(PERSON, "/start")
    await town.press(PERSON, "Русский")
    forged: list[dict[str, Any]] = [
        {"contact": OWN | {"user_id": OTHER}},
        {"contact": OWN | {"user_id": str(PERSON)}},
        {"contact": OWN | {"user_id": True}},
        {"contact": OWN | {"user_id": 0}},
        {"contact": OWN | {"user_id": -PERSON}},
        {"contact": {"phone_number": OWN["phone_number"], "first_name": "Anna"}},
        {"contact": OWN | {"user_id": None}},
        {"contact": OWN, "forward_origin": {"type": "hidden_user", "sender_user_name": "Anna", "date": 1}},
        {"contact": OWN, "forward_date": 1},
        {"contact": OWN, "via_bot": {"id": 9, "is_bot": True, "first_name": "b"}},
        {"contact": OWN | {"phone_number": "123"}},
        {"contact": OWN | {"phone_number": ""}},
        {"contact": OWN, "chat": {"id": -100200, "type": "supergroup", "title": "x"}},
        {"contact": OWN, "from": {"id": OTHER, "is_bot": False, "first_name": "B"}},
        {"contact": OWN, "from": {"id": PERSON, "is_bot": True, "first_name": "B"}},
    ]
    for number, content in enumerate(forged):
        update = message(800 + number, **content)
        assert await town.messenger.bring(update) == 200
    edited = {"update_id": 900, "edited_message": message(1, contact=OWN)["message"]}
    assert await town.messenger.bring(edited) == 200
    told = await town.answers(PERSON)
    assert await town.pool.fetchval(BOUND) == 0
    assert len(told) == 13
    assert all("Поделиться номером" in one for one in told)
    (bound,) = await town.share(PERSON, OWNER)
    assert "..4321" in bound
    assert await town.pool.fetchval(BOUND) == 1


async def test_a_phone_that_speaks_elsewhere_moves_by_a_code(town: Town) -> None:  # R33
    await town.begin(PERSON, OWNER)
    (asked,) = await town.begin(OTHER, OWNER)
    assert "пришлите код" in asked
    (sms,) = await town.texted(OWNER)
    code = re.findall(r"\d{6}", sms)[0]
    wrong = "000000" if code != "000000" else "111111"
    assert await town.say(OTHER, wrong) == ["Это не тот код. Пришлите шесть цифр из SMS."]
    assert (await town.say(PERSON, "04512"))[0].startswith("Принято 04512")
    (bound,) = await town.say(OTHER, code)
    assert "..4321" in bound
    (told,) = await town.answers(PERSON)
    assert "в другом чате" in told
    assert "Поделиться номером" in (await town.say(PERSON, "долг"))[0]
    assert (await town.say(OTHER, "долг"))[0].startswith("К оплате")
    ends = await town.pool.fetch("select why from chat_ends")
    assert [row["why"] for row in ends] == ["moved"]


async def test_a_chat_bound_to_a_phone_in_doubt_is_asked_first(town: Town, company: asyncpg.Connection) -> None:  # T5
    """A number may have gone to another, who opens a chat of his own with it; a chat of old stays its person's."""
    doubt = "update phones set proven_at = $1"
    await town.begin(OTHER, OWNER)
    await company.execute(doubt, town.clock.at - timedelta(days=400))
    asked = "Проверяем номер: л/с ..4321 всё ещё связан с вами? ДА или НЕ Я"
    for said in ("долг", "04512", "/history", "Мои визиты"):
        assert await town.say(OTHER, said) == [asked], said
    assert town.buttons(OTHER) == ["Да", "Нет"]
    await town.say(OTHER, "долг")
    assert await town.press(OTHER, "Да") == ["Долга нет, платить не нужно"]
    assert (await town.say(OTHER, "04512"))[0].startswith("Принято 04512")
    await company.execute(doubt, town.clock.at - timedelta(days=300))
    chatting.later(town, minutes=60 * 24 * 100)
    assert (await town.say(OTHER, "долг"))[0].startswith("К оплате"), "it was bound before the doubt"


async def test_codes_lapse_and_are_counted(town: Town) -> None:  # R33
    await town.begin(PERSON, OWNER)
    await town.begin(OTHER, OWNER)
    (sms,) = await town.texted(OWNER)
    code = re.findall(r"\d{6}", sms)[0]
    chatting.later(town, minutes=11)
    assert "больше не действует" in (await town.say(OTHER, code))[0]
    for _ in range(2):
        await town.share(OTHER, OWNER)
    assert len(await town.texted(OWNER)) == 2
    assert await town.share(OTHER, OWNER) == ["Сегодня кодов больше не отправим. Попробуйте завтра."]
    assert await town.texted(OWNER) == []
    for guess in range(6):
        (told,) = await town.say(OTHER, f"00000{guess}")
        assert ("не тот код" in told) is (guess < 5)
    assert (await town.say(PERSON, "04512"))[0].startswith("Принято")


async def test_a_phone_that_nobody_knows_is_told_how_and_linked_here(town: Town) -> None:
    (told,) = await town.begin(PERSON, NOBODY)
    assert "РЕГ" in told
    assert "не привязан" in (await town.say(PERSON, "долг"))[0]
    (code,) = await town.say(PERSON, "РЕГ 100004321 0098765")
    (linked,) = await town.say(PERSON, re.findall(r"\d{6}", code)[0])
    assert "..4321" in linked
    assert (await town.say(PERSON, "04512"))[0].startswith("Принято 04512")


async def test_the_same_five_times_and_in_any_order(town: Town) -> None:  # R9
    await town.begin(PERSON, OWNER)
    update = message(5000, text="04512")
    for _ in range(5):
        assert await town.messenger.bring(update) == 200
    assert len(await town.answers(PERSON)) == 1
    assert await town.messenger.bring(message(4000, text="долг")) == 200
    assert (await town.answers(PERSON))[0].startswith("К оплате")
    readings = await town.pool.fetchval("select count(*) from readings where source = 2 and day = '2025-11-21'")
    assert readings <= 1
    assert await town.messenger.bring(message(5000, text="04600")) == 200
    assert await town.answers(PERSON) == []
    assert await town.pool.fetchval("select count(*) from alarms where kind = 'content changed'") == 1
    own = message(6000, voice={})
    for _ in range(5):
        assert await town.messenger.bring(own) == 200
    assert len(await town.answers(PERSON)) == 1
    assert await town.messenger.bring(own | {"message": own["message"] | {"sticker": {}}}) == 200
    assert await town.pool.fetchval("select count(*) from alarms where kind = 'content changed'") == 2


async def test_a_stranger_is_not_answered_for_ever(town: Town) -> None:
    town.messenger.book.talk(PERSON)
    for number in range(45):
        assert await town.messenger.bring(message(9000 + number, text="привет")) == 200
    assert len(await town.answers(PERSON)) == 40
