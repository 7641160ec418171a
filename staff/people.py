"""The page of employees: taking somebody on, what he may do, a new invitation."""

from core.basics import phone as phones
from core.employees import actions as employees
from core.employees.model import Refused, Role
from core.store.pool import Connection
from staff.model import Asked, Done, Form, Get, Go, Page, Post, Route

ADMINS = frozenset({Role.ADMIN})


async def listed(asked: Asked) -> Page:
    """Who works here."""
    async with asked.connection() as conn:
        return await _page(conn)


async def add(asked: Asked, conn: Connection, form: Form) -> Page | Done:
    """Takes somebody on; his invitation is shown once."""
    login, told = form.get("login", "").strip().lower(), form.get("phone", "").strip()
    if told and not phones.is_e164(told):
        return await _page(conn, "people.phone")
    try:
        code = await employees.add(
            conn,
            login,
            form.get("name", "")[:100],
            _roles(form),
            phone=told or None,
            by=asked.employee.login,
            at=asked.house.wall(),
            keyring=asked.house.keyring,
        )
    except Refused as refused:
        return await _page(conn, f"people.{refused.key}")
    return Done(await _page(conn, invitation=(login, code)), "/people")


async def change(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """What somebody may do from now on; without a role he has left. An admin keeps his own role of admin."""
    login, roles = form.get("login", ""), _roles(form)
    if login == asked.employee.login and Role.ADMIN not in roles:
        return await _page(conn, "people.self")
    try:
        await employees.post(conn, login, roles, by=asked.employee.login, at=asked.house.wall())
    except Refused as refused:
        return await _page(conn, f"people.{refused.key}")
    return Go("/people", "roles")


async def invite(asked: Asked, conn: Connection, form: Form) -> Page | Done:
    """A new invitation, for who lost his password or his authenticator; the old ones no longer hold."""
    login = form.get("login", "")
    try:
        code = await employees.invite(conn, login, at=asked.house.wall(), keyring=asked.house.keyring)
    except Refused as refused:
        return await _page(conn, f"people.{refused.key}")
    return Done(await _page(conn, invitation=(login, code)), "/people")


async def _page(conn: Connection, trouble: str | None = None, *, invitation: tuple[str, str] | None = None) -> Page:
    values = {
        "people": await employees.everybody(conn),
        "roles": tuple(Role),
        "trouble": trouble,
        "invitation": invitation,
    }
    return Page("people.html", values, 422 if trouble else 200)


def _roles(form: Form) -> frozenset[Role]:
    return frozenset(role for role in Role if form.get(f"role_{role}"))


ROUTES: tuple[Route, ...] = (
    Get("/people", ADMINS, listed),
    Post("/people/add", ADMINS, add),
    Post("/people/roles", ADMINS, change),
    Post("/people/invite", ADMINS, invite),
)
