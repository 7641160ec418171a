"""The commands with which an employee attends to requests and to everything else that waits for a person."""

import asyncpg
import pytest

from core.requests.model import State
from core.store.pool import acquire
from core.tasking import TaskKind
from core.tasks import actions
from core.tasks.model import Filter
from gateway import attending, tasking
from gateway.commands import Trouble
from tests import make
from tests.flows import inbox
from tests.flows.conftest import Street
from tests.gateway.test_commands import settings
from tests.make import A, M

HERO, ENGLISH = "+79780001705", "+79780001706"
BY = "Petrova"


@pytest.fixture
async def asked(town: Street, company: asyncpg.Connection) -> None:
    """Two requests, 101 in Russian and 102 in English."""
    await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"),)))
    await make.account(company, A("100004322", (M("0098766"),), ((ENGLISH, "owner"),), language="en"))
    await town.text(HERO, "СПОР столько не жгли")
    await town.text(ENGLISH, "HUMAN please")


async def test_a_request_from_the_question_to_the_end(
    town: Street, asked: None, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    here = settings(database)
    await attending.listed(here, (State.OPEN,))
    assert "101  2025-11-21 12:00  dispute  account 100004321  open" in capsys.readouterr().out
    await attending.taken(here, "101", by=BY)
    assert (await town.text(HERO, "ОБРАЩЕНИЕ 101"))[0].startswith("Обращение 101 в работе с ")
    with pytest.raises(Trouble, match="was taken by Petrova"):
        await attending.answered(here, "101", "Всё верно", by="Ivanov")
    await attending.answered(here, "101", "Всё верно", by=BY)
    assert "request 101 is answered; 1 SMS" in capsys.readouterr().out
    assert await town.answers(HERO) == ["Обращение 101: Всё верно"]
    await attending.closed(here, "101", "звонил", by=BY)
    with pytest.raises(Trouble, match="is closed since"):
        await attending.answered(here, "101", "Ещё", by=BY)
    capsys.readouterr()
    await attending.shown(here, "101")
    shown = capsys.readouterr().out
    assert "customer: СПОР столько не жгли" in shown
    assert "Petrova: answered: Всё верно" in shown
    assert "Petrova: closed: звонил" in shown


async def test_the_answer_is_in_the_language_of_the_phone(town: Street, asked: None, database: str) -> None:
    await attending.answered(settings(database), "102", "We shall call you today.", by=BY)
    assert await town.answers(ENGLISH) == ["Case 102: We shall call you today."]


async def test_what_is_refused(town: Street, asked: None, database: str) -> None:
    here = settings(database)
    with pytest.raises(Trouble, match="no request 999"):
        await attending.answered(here, "999", "?", by=BY)
    for by, text in (("customer", "x"), ("meterline", "x"), (" ", "x"), ("Petrova", "\n")):
        with pytest.raises(Trouble):
            await attending.answered(here, "101", text, by=by)
    with pytest.raises(Trouble, match="3 are the most"):
        await attending.answered(here, "101", "Ж" * 300, by=BY)
    assert await town.answers(HERO) == []


async def test_the_commands_for_tasks(
    town: Street, asked: None, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    here = settings(database)
    task = await inbox.only(town, TaskKind.DISPUTE)
    await tasking.listed(here, Filter(), 50)
    told = capsys.readouterr().out
    assert f"{task.id}  dispute 101  account 100004321  2025-11-21 12:00" in told
    assert "due 2025-12-22 00:00  open" in told
    async with acquire(town.pool) as conn:
        await inbox.staff(conn)
    await tasking.acted(
        here,
        lambda at: actions.take(at.conn, task.id, at.actor, at=inbox.at(town), desk=at.desk),
        by=BY,
        told="is",
    )
    await tasking.listed(here, Filter(owner=BY), 50)
    await tasking.counted(here, 30)
    await tasking.shown(here, task.id)
    await tasking.watched(here, "petrova", frozenset({TaskKind.DISPUTE}))
    told = capsys.readouterr().out
    assert "taken by Petrova" in told
    assert "dispute: 0 open, 1 taken, 1 of them late" in told, "by the clock of the machine"
    assert "2 wait" in told
    assert "petrova is told of: dispute" in told
    for unknown in (tasking.shown(here, 999), tasking.watched(here, "nobody", frozenset())):
        with pytest.raises(Trouble):
            await unknown
