"""Machines that answer each other fall silent, are shown to the staff, and a person who comes after is served."""

from collections.abc import Callable

import asyncpg
import pytest

from tests import make
from tests.flows.conftest import ANSWERS, Street
from tests.make import A, M

PHONE = "+79780001701"
Responder = Callable[[str, int], str]

RESPONDERS: dict[str, Responder] = {
    "ru, the same": lambda heard, no: "Я за рулём, отвечу позже",
    "en, the same": lambda heard, no: "I am driving and will reply later",
    "ru, a counter and a clock": lambda heard, no: f"Ваше обращение №{481 + no} принято в 12:{no:02}, ждите ответа",
    "en, a counter and a clock": lambda heard, no: f"Ticket #{481 + no} was received at 12:{no:02}. We reply soon.",
    "ru, one like us": lambda heard, no: f"({no}) Не понял «{heard[:10]}». Пришлите показание, напр. 04454, или ПОМОЩЬ",
    "en, one like us": lambda heard, no: f"{no}: Not understood: {heard[:10]}. Send the reading, e.g. 04454, or HELP.",
    "ru, an echo": lambda heard, no: f"{heard} [{no}]",
    "en, a command in it": lambda heard, no: f"Thanks for message {no}! For help reply HELP",
    "ru, a command in it": lambda heard, no: f"Сообщение {no} получено. Узнать долг: ДОЛГ",
}


@pytest.fixture
async def home(company: asyncpg.Connection) -> int:
    return await make.account(company, A("100004321", (M("0098765"),), ((PHONE, "owner"),)))


async def turns(town: Street, responder: Responder, *, first: str, pause: float) -> int:
    """How many answers there are until nobody says anything more."""
    (heard,) = await town.text(PHONE, first)
    number = 0
    while number < 12:
        town.clock.forward(seconds=pause)
        answers = await town.text(PHONE, responder(heard, number))
        if not answers:
            return number
        heard, number = answers[-1], number + 1
    return number


@pytest.mark.parametrize("name", RESPONDERS)
@pytest.mark.parametrize("pause", [1, 50], ids=["at once", "slowly"])
async def test_two_machines_end_in_silence(town: Street, home: int, name: str, pause: float) -> None:  # ruling 15
    first = "кукареку" if name.startswith("ru") else "cuckoo"
    assert await turns(town, RESPONDERS[name], first=first, pause=pause) in (2, 3, 4)
    assert await town.pool.fetchval("select count(*) from alarms where kind = 'muted'") == 1
    town.clock.forward(seconds=pause)
    (told,) = await town.text(PHONE, "04512")
    assert "04512 (+187" in told, "a person who then writes a reading is answered at once"
    (told,) = await town.text(PHONE, "ДОЛГ")
    assert "620,84" in told or "620.84" in told


@pytest.mark.parametrize("said", ["45х2", "показание 45х2", "05х"])
async def test_a_person_who_tries_is_not_taken_for_a_machine(town: Street, home: int, said: str) -> None:
    for number in range(6):
        town.clock.forward(seconds=15)
        assert await town.text(PHONE, f"{said}{number}") != []
    for command in ("ДОЛГ", "ПОЧЕМУ", "ДОЛГ", "ПОЧЕМУ", "ДОЛГ", "МОИ ЛС", "ДОЛГ"):
        town.clock.forward(seconds=5)
        assert await town.text(PHONE, command) != [], command


async def test_a_phone_is_answered_so_often_a_day(town: Street, home: int) -> None:  # T4
    """A forged sender makes the customer's phone ring so often, and the day after all is as before."""
    for number in range(ANSWERS):
        town.clock.forward(seconds=30)
        assert await town.text(PHONE, "ДОЛГ") != [], number
    (told,) = await town.text(PHONE, "ДОЛГ")
    assert told == "Слишком много SMS за сутки. Ответим завтра, срочно: 8-800-000-00-00"
    assert await town.text(PHONE, "04512") == []
    assert await town.text(PHONE, "СТОП") != [], "that always holds"
    assert await town.pool.fetchval("select count(*) from alarms where kind = 'too many messages'") == 1
    assert await town.pool.fetchval("select count(*) from readings where inbox_id is not null") == 0
    town.clock.forward(hours=25)
    (told,) = await town.text(PHONE, "04512")
    assert told.startswith("Принято 04512")
