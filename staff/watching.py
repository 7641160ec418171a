"""The page on which an employee says of which new tasks he is told by SMS."""

from core.employees.model import Role
from core.store.pool import Connection
from core.tasking import TaskKind
from core.tasks import rules
from core.tasks.noticing import actions as noticing
from staff.inbox import WORKERS
from staff.model import Asked, Form, Get, Go, Page, Post, Route


async def shown(asked: Asked) -> Page:
    """The kinds on which he works, those marked of which he is told."""
    async with asked.connection() as conn:
        watched = await noticing.watched(conn, asked.employee.login)
    return Page(
        "watching.html",
        {"kinds": _kinds(asked), "watched": watched, "admin": Role.ADMIN in asked.employee.roles},
    )


async def watch(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """From now on he is told of the kinds that are marked, and of no others."""
    wanted = frozenset(kind for kind in _kinds(asked) if form.get(f"kind_{kind}"))
    await noticing.watch(conn, asked.employee.login, wanted)
    return Go("/inbox/watch", "watched")


def _kinds(asked: Asked) -> tuple[TaskKind, ...]:
    return tuple(kind for kind in TaskKind if rules.works_on(kind, asked.employee.roles, rules.kinds()))


ROUTES: tuple[Route, ...] = (Get("/inbox/watch", WORKERS, shown), Post("/inbox/watch", WORKERS, watch))
