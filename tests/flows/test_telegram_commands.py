"""Every command in a chat, in both languages: the answers of docs/commands.md, word for word."""

from datetime import date

import asyncpg
import pytest

from tests import make, offices
from tests.flows import chatting
from tests.flows.conftest import NOON
from tests.house.test_answers import TABLES
from tests.make import A, M

PERSON = 5001
PHONES = {"Russian": "+79780001705", "English": "+79780001706"}
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)
TONGUES = {"Russian": "Русский", "English": "English"}


@pytest.mark.parametrize("language", PHONES)
async def test_a_chat_answers_as_sms_does(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool, language: str
) -> None:
    phone, tongue = PHONES[language], language[:2].lower()
    await make.account(company, A("100004321", (M("0098765"),), ((phone, "owner"),), OCTOBER, tongue))
    await offices.set_up(company, {}, at=NOON)
    async with chatting.town(database, pool) as town:
        await town.begin(PERSON, phone, TONGUES[language])
        for said, told in TABLES[language]:
            assert await town.say(PERSON, said) == [told], said
        assert all(len(line.text) <= 4096 for line in town.lines(PERSON))
