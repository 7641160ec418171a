"""The page on which one enters the staff side of the demo as one of its employees, who are as invented as the town."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from aiohttp import web
from asyncpg import Connection

from core.basics.sealing import Keyring
from core.employees import actions as employees
from core.employees.model import Role
from core.store.pool import acquire
from pages import headers, templates
from pages import words as page_words
from staff.model import House
from staff.site import Outside, entered

PEOPLE: Sequence[tuple[str, str, frozenset[Role]]] = (
    ("olga", "Ольга Петрова", frozenset({Role.CLERK})),
    ("igor", "Игорь Власов", frozenset({Role.CONTROLLER})),
    ("vera", "Вера Котова", frozenset({Role.BILLER, Role.COLLECTOR})),
    ("anna", "Анна Белова", frozenset({Role.AUTHOR})),
    ("pavel", "Павел Громов", frozenset({Role.APPROVER, Role.AUDITOR})),
    ("root", "Марина Лебедева", frozenset({Role.ADMIN})),
)

PHONES = {"anna": "+79780009998"}
"""Trials of notices go to an employee's phone. It is one of who has no tasks, for those would be told to it too."""

_PLACE = Path(__file__).parent


async def employ(conn: Connection, keyring: Keyring, *, at: datetime) -> None:
    """Takes the employees on; nobody takes up their invitations."""
    for login, name, roles in PEOPLE:
        await employees.add(conn, login, name, roles, phone=PHONES.get(login), by="demo", at=at, keyring=keyring)


def routes(house: House, outside: Outside) -> tuple[web.RouteDef, ...]:
    """The page /enter of the staff's application; only the demo has it."""
    shown = templates.environment(_PLACE / "templates")
    texts = page_words.load(_PLACE / "texts")

    async def choose(request: web.Request) -> web.Response:
        words = texts[page_words.chosen(request.query.get("lang"), request.headers.get("Accept-Language", ""))]
        people = [(login, name, sorted(roles)) for login, name, roles in PEOPLE]
        text = shown.get_template("enter.html").render(t=words, people=people)
        return web.Response(text=text, content_type="text/html")

    async def enter(request: web.Request) -> web.Response:
        if not headers.is_own(request, origin=outside.url):
            raise web.HTTPForbidden
        login = str((await request.post()).get("login", ""))
        async with acquire(house.pool) as conn:
            known = {one.login: one.id for one in await employees.everybody(conn)}
            if login not in known:
                raise web.HTTPNotFound
            token = await employees.begin(conn, known[login], at=house.wall())
        return entered(outside, token, "/")

    return web.get("/enter", choose), web.post("/enter", enter)
