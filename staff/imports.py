"""Files taken in by a page: looked at first, with every row that is wrong, and then taken (docs/importing.md)."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

from core.doors import actions as doors
from core.doors.model import Author, Door
from core.doors.model import Role as Bringer
from core.employees.model import EVERYBODY, Employee, Role
from core.importing import actions as importing
from core.importing.model import FileRefused, Kind
from core.importing.report import Report
from core.importing.table import Columns
from core.importing.telling import Telling
from core.store.pool import Connection
from pages.shown import Done
from staff import facts
from staff.model import Asked, Form, Get, Page, Post, Route

KEEPERS = frozenset({Role.BILLER, Role.ADMIN})
"""Who takes in customers, sums, money and tariffs; files of facts are for those who may bring such facts."""

LARGEST = 2 * 1024 * 1024
"""Bytes of a file that is taken in while its page waits; larger ones are for the command."""

SHOWN = 200
"""So many problems stand on the page."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A row that is wrong: its line, the column (None: the row), and what is wrong, in the language of the page."""

    line: int
    column: str
    told: str


def kinds(employee: Employee) -> tuple[str, ...]:
    """What files of the employee are taken in."""
    tables = tuple(str(one) for one in Kind) if employee.may(KEEPERS) else ()
    return tables + tuple(str(one) for one in facts.OPEN if employee.may(facts.roles(one)))


async def shown(asked: Asked) -> Page:
    """The form, with the columns of the kind that is chosen."""
    return _page(asked, {"kind": asked.query("kind")})


async def take(asked: Asked, conn: Connection, form: Form) -> Page | Done:
    """Looks through the file and says what is wrong in it; takes it in where that is asked."""
    kind = form.get("kind", "")
    if kind not in kinds(asked.employee):
        return _page(asked, form, "imports.no_kind")
    if not asked.file:
        return _page(asked, form, "imports.no_file")
    try:
        report = await _taken(asked, conn, kind)
    except FileRefused as refused:
        return _page(asked, form, "imports.refused", detail=str(refused))
    if form.get("do") == "take":
        return Done(_page(asked, form, report=report, taken=True), "/imports")
    return _page(asked, form, report=report)


async def _taken(asked: Asked, conn: Connection, kind: str) -> Report:
    house, stream = asked.house, io.BytesIO(asked.file)
    if kind in set(Door):
        mine = frozenset(Bringer(str(one)) for one in asked.employee.roles if str(one) in set(Bringer))
        author = Author(asked.employee.login, mine)
        return await doors.take(Door(kind), stream, conn=conn, author=author, today=asked.today, at=asked.at)
    telling = Telling(asked.wire, house.tell_payments_days) if house.tell_payments_days else None
    return await importing.take(
        kind, stream, conn=conn, keyring=house.keyring, zone=house.zone.key, today=asked.today, at=asked.at,
        telling=telling,
    )  # fmt: skip


def _page(
    asked: Asked,
    form: Mapping[str, str],
    trouble: str | None = None,
    *,
    detail: str = "",
    report: Report | None = None,
    taken: bool = False,
) -> Page:
    problems = () if report is None else report.problems[:SHOWN]
    values = {
        "kinds": [(one, _columns(one)) for one in kinds(asked.employee)],
        "chosen": form.get("kind", ""),
        "largest": LARGEST // 1024 // 1024,
        "trouble": trouble,
        "detail": detail,
        "report": report,
        "taken": taken,
        "problems": [Trouble(one.line, one.column, facts.told(asked.words, one)) for one in problems],
        "more": 0 if report is None else len(report.problems) - len(problems),
    }
    return Page("imports.html", values, 422 if trouble else 200)


def _columns(kind: str) -> Columns:
    return doors.columns(Door(kind)) if kind in set(Door) else importing.columns(kind)


READERS = KEEPERS | facts.BRINGERS

ROUTES: tuple[Route, ...] = (
    Get("/imports", READERS & EVERYBODY, shown),
    Post("/imports", READERS & EVERYBODY, take, file=LARGEST),
)
