"""Employees are told of new tasks by SMS, administrators of late ones: numbers and kinds, and seldom."""

from datetime import timedelta

import asyncpg
import pytest

from core.outbox.noticing import Wire
from core.store.pool import acquire
from core.tasking import TaskKind
from core.tasks import actions
from core.tasks.noticing import actions as noticing
from tests import make
from tests.flows import inbox
from tests.flows.conftest import NOON, Street
from tests.flows.inbox import DESK, PETROVA
from tests.make import A, M

HERO = "+79780001705"
PHONES = {"petrova": "+79780009001", "ivanov": "+79780009002", "sidorova": "+79780009003", "chief": "+79780009004"}
WIRE = Wire(DESK.keyring, DESK.words, DESK.chance)
QUARTER = timedelta(minutes=15)


@pytest.fixture
async def office(town: Street, company: asyncpg.Connection) -> Street:
    await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"),)))
    await inbox.staff(company, phones=PHONES)
    return town


async def tell(town: Street) -> int:
    async with acquire(town.pool) as conn:
        return await noticing.tell(conn, WIRE, every=QUARTER, at=town.clock.now())


async def watch(town: Street, login: str, *kinds: TaskKind) -> None:
    async with acquire(town.pool) as conn, conn.transaction():
        await noticing.watch(conn, login, frozenset(kinds))


async def test_who_asked_for_it_is_told_of_new_tasks(office: Street) -> None:  # B4
    await office.text(HERO, "ОПЕРАТОР")
    await inbox.gather(office)
    await watch(office, "petrova", TaskKind.OUTAGE, TaskKind.DISPUTE)
    assert await tell(office) == 0, "of what was there before he is not told"
    for text in ("света нет", "СПОР столько не жгли"):
        await office.text(HERO, text)
    await inbox.gather(office)
    assert await tell(office) == 1
    told = ["Новых задач: 2 (нет света 1, спор 1). Ждут 3, просрочено 0"]
    assert await office.answers(PHONES["petrova"]) == told
    assert await tell(office) == 0
    for login in ("ivanov", "sidorova", "chief"):
        assert await office.answers(PHONES[login]) == []
    assert await office.pool.fetchval("select count(*) from outbox where body_hash is null") == 0


async def test_one_message_in_a_quarter_of_an_hour(office: Street) -> None:
    await watch(office, "petrova", TaskKind.HUMAN, TaskKind.OUTAGE)
    await office.text(HERO, "ОПЕРАТОР")
    await inbox.gather(office)
    assert await tell(office) == 1
    office.clock.forward(minutes=14)
    await office.text(HERO, "света нет")
    await inbox.gather(office)
    assert await tell(office) == 0
    office.clock.forward(minutes=1)
    assert await tell(office) == 1
    assert (await office.answers(PHONES["petrova"]))[-1] == "Новых задач: 1 (нет света 1). Ждут 2, просрочено 0"


async def test_what_somebody_took_meanwhile_is_not_told(office: Street) -> None:
    await watch(office, "ivanov", TaskKind.HUMAN)
    await office.text(HERO, "ОПЕРАТОР")
    task = await inbox.only(office, TaskKind.HUMAN)
    async with acquire(office.pool) as conn:
        await actions.take(conn, task.id, PETROVA, at=NOON, desk=DESK)
    assert await tell(office) == 0


async def test_nobody_who_asks_no_more_or_has_left(office: Street, company: asyncpg.Connection) -> None:
    await watch(office, "petrova", TaskKind.HUMAN)
    await watch(office, "petrova")
    await watch(office, "ivanov", TaskKind.HUMAN)
    await company.execute(
        "insert into employee_posts (employee_id, roles, at, by)"
        " select id, '{}', now(), 'test' from employees where login = 'ivanov'"
    )
    await office.text(HERO, "ОПЕРАТОР")
    await inbox.gather(office)
    assert await tell(office) == 0


async def test_what_is_late_rises_to_the_administrators_once(office: Street) -> None:  # B4
    await office.text(HERO, "света нет")
    task = await inbox.only(office, TaskKind.OUTAGE)
    office.clock.forward(hours=2)
    assert await tell(office) == 0, "two hours are its term"
    office.clock.forward(seconds=1)
    assert await tell(office) == 1
    assert await office.answers(PHONES["chief"]) == ["Срок вышел, задач: 1 (нет света 1)"]
    office.clock.forward(hours=1)
    assert await tell(office) == 0
    events = await office.pool.fetch("select what, by from task_events where task_id = $1", task.id)
    assert [tuple(row) for row in events] == [("urged", "meterline")]


async def test_no_word_of_a_customer_in_it(office: Street) -> None:
    await watch(office, "petrova", *TaskKind)
    await office.text(HERO, "СПОР меня зовут Иван, +79780001705, л/с 100004321")
    await inbox.gather(office)
    await tell(office)
    (told,) = await office.answers(PHONES["petrova"])
    assert not {"Иван", "4321", "1705", "101"} & set(told.replace("(", " ").replace(")", " ").split())
    assert "4321" not in told
