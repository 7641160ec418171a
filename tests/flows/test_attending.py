"""An employee takes, answers and closes what customers asked; the customer is answered where he asked, and told how it
stands."""

import os
from pathlib import Path

import asyncpg
import pytest

from core.answer import attending
from core.answer.attending import Desk, Refused
from core.requests.model import State
from core.wording.words import Words
from gateway import attending as commands
from gateway.commands import Trouble
from tests import make
from tests.flows.conftest import NOON, Street
from tests.gateway.test_commands import settings
from tests.make import A, M

HERO, ENGLISH = "+79780001705", "+79780001706"
DESK = Desk(make.keyring(), Words.read(Path(__file__).parents[2] / "locales"), os.urandom)
BY = "Petrova"


@pytest.fixture
async def asked(town: Street, company: asyncpg.Connection) -> None:
    """Two requests, 101 in Russian and 102 in English."""
    await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"),)))
    await make.account(company, A("100004322", (M("0098766"),), ((ENGLISH, "owner"),), language="en"))
    await town.text(HERO, "СПОР столько не жгли")
    await town.text(ENGLISH, "HUMAN please")


async def test_a_request_from_the_question_to_the_end(town: Street, asked: None, company: asyncpg.Connection) -> None:
    await attending.move(company, "101", State.TAKEN, by=BY, at=NOON, keyring=make.keyring())
    assert await town.text(HERO, "ОБРАЩЕНИЕ 101") == ["Обращение 101 в работе с 21.11"]
    assert await attending.answer(company, "101", "Счётчик исправен, сумма верна", by=BY, at=NOON, desk=DESK) == 1
    assert await town.answers(HERO) == ["Обращение 101: Счётчик исправен, сумма верна"]
    assert await town.text(HERO, "ОБРАЩЕНИЕ 101") == ["На обращение 101 ответили 21.11"]
    await attending.move(company, "101", State.CLOSED, by=BY, at=NOON, note="звонил, согласен", keyring=make.keyring())
    assert await town.text(HERO, "ОБРАЩЕНИЕ 101") == ["Обращение 101 закрыто 21.11"]
    paper = await attending.paper(company, "101", keyring=make.keyring())
    assert paper.words == "СПОР столько не жгли"
    assert [(note.by, note.state, note.words) for note in paper.notes] == [
        ("Petrova", State.TAKEN, None),
        ("Petrova", State.ANSWERED, "Счётчик исправен, сумма верна"),
        ("Petrova", State.CLOSED, "звонил, согласен"),
    ]
    notes = await town.pool.fetch("select note from request_events where note is not null")
    assert all("исправен".encode() not in row["note"] for row in notes), "sealed"


async def test_the_answer_is_in_the_language_of_the_phone(
    town: Street, asked: None, company: asyncpg.Connection
) -> None:
    await attending.answer(company, "102", "We shall call you today.", by=BY, at=NOON, desk=DESK)
    assert await town.answers(ENGLISH) == ["Case 102: We shall call you today."]


async def test_what_is_refused(town: Street, asked: None, company: asyncpg.Connection) -> None:
    with pytest.raises(Refused, match="no request 999"):
        await attending.answer(company, "999", "?", by=BY, at=NOON, desk=DESK)
    with pytest.raises(Refused, match="3 are the most"):
        await attending.answer(company, "101", "Ж" * 300, by=BY, at=NOON, desk=DESK)
    await attending.move(company, "102", State.CLOSED, by=BY, at=NOON, keyring=make.keyring())
    with pytest.raises(Refused, match="is closed since 2025-11-21"):
        await attending.answer(company, "102", "Hello", by=BY, at=NOON, desk=DESK)
    assert await town.answers(HERO) == []
    assert await town.answers(ENGLISH) == []


async def test_a_phone_that_is_linked_no_more_is_told_nothing(
    town: Street, asked: None, company: asyncpg.Connection
) -> None:  # R32
    await town.text(HERO, "НЕ Я")
    with pytest.raises(Refused, match="not linked"):
        await attending.answer(company, "101", "К оплате 431,60", by=BY, at=NOON, desk=DESK)
    assert await town.answers(HERO) == []


async def test_the_commands(town: Street, asked: None, database: str, capsys: pytest.CaptureFixture[str]) -> None:
    here = settings(database)
    await commands.listed(here, (State.OPEN,))
    assert "101  2025-11-21 12:00  dispute  account 100004321  open" in capsys.readouterr().out
    await commands.moved(here, "101", State.TAKEN, by="Petrova", note="")
    await commands.answered(here, "101", "Всё верно", by="Petrova")
    assert "request 101 is answered; 1 SMS" in capsys.readouterr().out
    assert await town.answers(HERO) == ["Обращение 101: Всё верно"]
    await commands.shown(here, "101")
    shown = capsys.readouterr().out
    assert "customer: СПОР столько не жгли" in shown
    assert "Petrova: answered: Всё верно" in shown
    for by, text in (("customer", "x"), (" ", "x"), ("Petrova", "\n")):
        with pytest.raises(Trouble):
            await commands.answered(here, "101", text, by=by)
