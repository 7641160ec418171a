"""The page of a task: the customer's own words, who and which account, what was done, and what may be done now."""

import os
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

from aiohttp import web

from core.basics import phone as phones
from core.billing.debts import actions as debts
from core.billing.debts.sql import Lapsing
from core.employees import actions as employees
from core.employees.model import Role
from core.notices.warnings import looking
from core.requests.model import State
from core.store.pool import Connection
from core.tasking import TaskKind
from core.tasks import actions, deciding, reading, rules
from core.tasks.actions import Desk
from core.tasks.model import Actor, Paper, Refused, Task, What
from core.wording.words import ANSWER_SEGMENTS
from staff.inbox import READERS, WORKERS, account_for, due
from staff.model import Asked, Form, Get, Go, Page, Post, Route

LONGEST = 2000
"""Characters of what an employee writes."""

_Do = Callable[[Asked, Connection, int, Form], Awaitable[object]]


async def shown(asked: Asked) -> Page:
    """The task. Who looks at it has a reason: the task itself."""
    async with asked.connection() as conn:
        page = await _page(asked, conn)
        async with conn.transaction():
            task = page.values["task"]
            await asked.look(conn, task.account_id, f"/inbox/{task.id}", reason=f"task: {task.id}")
    return page


async def answer(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """Answers the customer; or shows beforehand, where that is wanted, how he gets it."""
    text = form.get("text", "").replace("\r\n", "\n").strip()
    if form.get("preview"):
        page = await _page(asked, conn)
        task, language = page.values["task"], page.values["paper"].language
        said, size = actions.worded(task, text, language, asked.house.speech)
        return Page(page.template, {**page.values, "preview": (said, size)})

    async def do(asked: Asked, conn: Connection, id: int, form: Form) -> None:
        await actions.answer(conn, id, text[: LONGEST + 1], _actor(asked), at=asked.at, desk=_desk(asked))

    return await _done(asked, conn, form, do, "answered")


def _form(do: _Do, said: str) -> Callable[[Asked, Connection, Form], Awaitable[Page | Go]]:
    async def act(asked: Asked, conn: Connection, form: Form) -> Page | Go:
        return await _done(asked, conn, form, do, said)

    return act


async def _done(asked: Asked, conn: Connection, form: Form, do: _Do, said: str) -> Page | Go:
    id = asked.number
    try:
        async with conn.transaction():
            await do(asked, conn, id, form)
    except Refused as refused:
        page = await _page(asked, conn)
        trouble = asked.words(f"refused.{refused.why}", **_told(asked, refused, page))
        return Page(page.template, {**page.values, "trouble": trouble}, 422)
    return Go(f"/inbox/{id}", f"task_{said}")


async def _take(asked: Asked, conn: Connection, id: int, form: Form) -> None:
    await actions.take(conn, id, _actor(asked), at=asked.at, desk=_desk(asked))


async def _hand(asked: Asked, conn: Connection, id: int, form: Form) -> None:
    to, word = form.get("to", ""), _line(form.get("word", ""))
    await actions.hand_over(conn, id, to, word, _actor(asked), at=asked.at, desk=_desk(asked))


async def _close(asked: Asked, conn: Connection, id: int, form: Form) -> None:
    await actions.close(conn, id, _line(form.get("reason", "")), _actor(asked), at=asked.at, desk=_desk(asked))


async def _reopen(asked: Asked, conn: Connection, id: int, form: Form) -> None:
    await actions.reopen(conn, id, _line(form.get("reason", "")), _actor(asked), at=asked.at, desk=_desk(asked))


async def _accept(asked: Asked, conn: Connection, id: int, form: Form) -> None:
    await deciding.accept_reading(
        conn,
        id,
        _line(form.get("word", "")),
        _actor(asked),
        today=asked.local(asked.at).date(),
        at=asked.at,
        desk=_desk(asked),
    )


async def _decide(asked: Asked, conn: Connection, id: int, form: Form) -> None:
    decide = deciding.trust_phone if form.get("trust") == "1" else deciding.remove_phone
    await decide(conn, id, _line(form.get("word", "")), _actor(asked), at=asked.at, desk=_desk(asked))


async def _match(asked: Asked, conn: Connection, id: int, form: Form) -> None:
    account, document = form.get("account", "")[:40], _line(form.get("document", ""))
    await deciding.match_payment(conn, id, account, document, _actor(asked), at=asked.at, desk=_desk(asked))


async def _page(asked: Asked, conn: Connection) -> Page:
    """
    :raises web.HTTPNotFound: there is no such task.
    """
    try:
        paper = await reading.paper(conn, asked.number, keyring=asked.house.keyring)
    except Refused:
        raise web.HTTPNotFound from None
    everybody = await employees.everybody(conn)
    task, me = paper.task, asked.employee
    return Page(
        "task.html",
        {
            "task": task,
            "paper": paper,
            "phone": paper.phone if paper.phone is None or me.sees_in_full else phones.tail(paper.phone),
            "account": account_for(me, task.account),
            "late": task.late(asked.at),
            "due": due(asked.words, asked.local(task.due_at)),
            "term": rules.term(task.kind, asked.local(task.opened_at).date(), rules.kinds()).source,
            "names": {one.login: one.name for one in everybody},
            "takers": [
                one for one in everybody
                if one.login != task.owner and rules.works_on(task.kind, one.roles, rules.kinds())
            ],
            "may": _may(asked, paper),
            "most": ANSWER_SEGMENTS,
            "longest": LONGEST,
            "prefix": actions.worded(task, "", paper.language, asked.house.speech)[0].rstrip(),
            "letters": await looking.by_letter(conn, task.account_id) if task.kind is TaskKind.LETTER else (),
            "limits": await _limits(asked, conn, task),
            "today": asked.today,
            "preview": None,
            "trouble": None,
        },
    )  # fmt: skip


async def _limits(asked: Asked, conn: Connection, task: Task) -> tuple[tuple[Lapsing, date], ...]:
    """What the account of a debt that lapses owes by months, each with the last day of its limitation."""
    if task.kind is not TaskKind.LAPSING or task.account_id is None or task.account is None:
        return ()
    found = await debts.limits(conn, task.account_id, task.account, today=asked.today)
    return tuple((one, asked.today + timedelta(one.days)) for one in found)


def _told(asked: Asked, refused: Refused, page: Page) -> dict[str, str]:
    """What a refusal names, as people name it."""
    told = dict(refused.told)
    if "owner" in told:
        told["owner"] = page.values["names"].get(told["owner"], told["owner"])
    if "roles" in told:
        told["roles"] = ", ".join(asked.words(f"role.{role}") for role in told["roles"].split(", "))
    if "since" in told:
        told["since"] = asked.words.day(asked.local(page.values["task"].since).date())
    return told


def _may(asked: Asked, paper: Paper) -> dict[str, Any]:
    """What the employee may do with the task now."""
    task, me = paper.task, asked.employee
    works = me.may(WORKERS) and rules.works_on(task.kind, me.roles, rules.kinds())
    mine = task.owner == me.login
    free = works and task.state is not State.CLOSED and (task.state is not State.TAKEN or mine)
    waits = task.kind is TaskKind.SUSPENSE and paper.money is not None and paper.money.waits
    return {
        "take": free and not (mine and task.state is State.TAKEN),
        "hand": works and task.pending and (task.owner in (None, me.login) or Role.ADMIN in me.roles),
        "answer": free and paper.answerable,
        "close": free and not waits,
        "reopen": works and task.state in rules.FROM[What.REOPENED],
        "accept": free and task.pending and task.kind is TaskKind.READING and paper.aside is not None,
        "decide": free and task.pending and task.kind is TaskKind.LINK and paper.phone is not None,
        "match": free and waits,
    }


def _line(told: str) -> str:
    return " ".join(told.split())[:LONGEST]


def _actor(asked: Asked) -> Actor:
    return Actor(asked.employee.login, asked.employee.roles)


def _desk(asked: Asked) -> Desk:
    return Desk(asked.house.keyring, asked.house.speech, os.urandom)


ROUTES: tuple[Route, ...] = (
    Get("/inbox/{id}", READERS, shown),
    Post("/inbox/{id}/take", WORKERS, _form(_take, "taken")),
    Post("/inbox/{id}/hand", WORKERS, _form(_hand, "handed")),
    Post("/inbox/{id}/answer", WORKERS, answer),
    Post("/inbox/{id}/close", WORKERS, _form(_close, "closed")),
    Post("/inbox/{id}/reopen", WORKERS, _form(_reopen, "reopened")),
    Post("/inbox/{id}/reading", WORKERS, _form(_accept, "accepted")),
    Post("/inbox/{id}/phone", WORKERS, _form(_decide, "decided")),
    Post("/inbox/{id}/payment", WORKERS, _form(_match, "matched")),
)
