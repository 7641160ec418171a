"""A customer who chats: he shares his number, sends readings, presses buttons (J10)."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import pytest

from core.dossier import actions as dossiers
from core.store.pool import acquire
from tests import make
from tests.channels.telegram.test_picturing import photo
from tests.flows import chatting
from tests.flows.chatting import Town
from tests.flows.conftest import NOON
from tests.make import A, M

OWNER, ANNA = "+79780001701", 5001
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)


@pytest.fixture
async def home(company: asyncpg.Connection) -> int:
    return await make.account(company, A("100004321", (M("0098765"),), ((OWNER, "owner"),), claims=OCTOBER))


@pytest.fixture
async def town(home: int, database: str, pool: asyncpg.Pool) -> AsyncIterator[Town]:
    async with chatting.town(database, pool) as there:
        yield there


async def test_a_reading_in_a_chat_gets_the_debt(town: Town) -> None:
    (greeting,) = await town.say(ANNA, "/start")
    assert "Выберите язык" in greeting
    assert "Choose a language" in greeting
    assert town.buttons(ANNA) == ["Русский", "English"]
    (wanted,) = await town.press(ANNA, "Русский")
    assert "Поделиться номером" in wanted
    assert town.keyboard(ANNA) == ["Поделиться номером"]
    (bound,) = await town.share(ANNA, OWNER)
    assert "..4321" in bound
    assert town.keyboard(ANNA)[:3] == ["Передать показание", "К оплате", "Почему столько?"]
    (taken,) = await town.say(ANNA, "04512")
    assert taken == "Принято 04512 (+187). К оплате 1052,44 р., из них долг 431,60"
    assert town.buttons(ANNA) == ["Почему столько?", "Отменить"]
    (why,) = await town.press(ANNA, "Почему столько?")
    assert why == "Долг окт 431,60; ноя: 187x3,32=620,84. Всего 1052,44 р."
    (undone,) = await town.press(ANNA, "Отменить")
    assert undone.startswith("Отменено 04512")


async def test_a_photo_with_a_caption_is_a_reading_with_evidence(town: Town, home: int) -> None:  # R9
    await town.begin(ANNA, OWNER)
    assert await town.messenger.picture(ANNA, photo(), "04512") == 200
    (taken,) = await town.answers(ANNA)
    assert taken.startswith("Принято 04512")
    kept = "select digest, kept_digest, content, customer_id from chat_photos where kept_at is not null"
    async with asyncio.timeout(10):
        while (row := await town.pool.fetchrow(kept)) is None:
            await asyncio.sleep(0.05)
    assert row["digest"] == hashlib.sha256(photo()).digest()
    key = await town.pool.fetchval("select data_key from customers where id = $1", row["customer_id"])
    plain = make.keyring().customer(key).open(row["content"], purpose=b"photo")
    assert hashlib.sha256(plain).digest() == row["kept_digest"]
    assert b"secret" not in plain
    async with acquire(town.pool) as conn:
        seen = await dossiers.open_account(conn, home, keyring=make.keyring(), at=NOON, full=True)
        assert seen is not None
        (first, *rest) = seen.meters[0].readings
        assert first.photo is not None
        assert {one.photo for one in rest} == {None}
        assert await dossiers.photo(conn, home, first.photo, keyring=make.keyring()) == plain
        assert await dossiers.photo(conn, home + 1, first.photo, keyring=make.keyring()) is None
    assert await town.messenger.picture(ANNA, photo()) == 200
    assert "Пришлите показание цифрами" in (await town.answers(ANNA))[0]
    assert await town.pool.fetchval("select count(*) from chat_photos") == 1


async def test_a_history_comes_with_its_chart(town: Town) -> None:
    await town.begin(ANNA, OWNER)
    (told,) = await town.say(ANNA, "История")
    assert told == "Показания: 04325 на 31.10, 04138 на 30.09, 03951 на 31.08"
    picture = town.lines(ANNA)[-1].picture
    assert picture is not None
    assert town.messenger.book.files[picture].startswith(b"\x89PNG")
