"""Setting up offices: a new one, what is said of one, and many by a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from aiohttp import web

from core.bookings.model import Office, Service
from core.bookings.opening import actions as opening
from core.bookings.opening import reading, showing
from core.bookings.opening.actions import Remade
from core.bookings.opening.reading import BadOffices, Line
from core.bookings.receiving import actions as receiving
from core.employees.model import Role
from core.store.pool import Connection
from staff.model import Asked, Done, Form, Get, Go, Page, Post, Route

CHANGERS = frozenset({Role.ADMIN, Role.CONTROLLER})

LARGEST = 256 * 1024
"""Bytes of a file of offices."""

FIELDS = tuple(one for one in reading.COLUMNS if one != "services")
"""What is typed; the services are ticked."""

OPTIONAL = frozenset(FIELDS) - frozenset(reading.NEEDED)


@dataclass(frozen=True, slots=True)
class Came:
    """What taking a file in did to an office, None where it was only looked at; `new`: there was none of that code."""

    office: Office
    new: bool
    done: Remade | None


async def blank(asked: Asked) -> Page:
    """The empty form of an office."""
    async with asked.connection() as conn:
        return await _form(conn, None, {"step": "20", "windows": "1"})


async def add(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """A new office, with places to book from now on."""
    cells = await _cells(conn, form)
    try:
        line = reading.line(cells)
        if any(one.code == line.office.code for one in (await receiving.offices(conn)).values()):
            raise BadOffices("there is one of that code", "code_taken")
    except BadOffices as wrong:
        return await _form(conn, None, cells, wrong)
    await opening.take_in(conn, [line], asked.wire, by=asked.employee.login, at=asked.at)
    [office] = [one for one in (await receiving.offices(conn)).values() if one.code == line.office.code]
    return Go(f"/offices/{office.id}", "office")


async def edited(asked: Asked) -> Page:
    """The form with what is said of an office now."""
    async with asked.connection() as conn:
        office = await _office(asked, conn)
        return await _form(conn, office, reading.cells_of(office, await showing.hours(conn, office.id)))


async def edit(asked: Asked, conn: Connection, form: Form) -> Page | Go:
    """What is said of an office from now on; who is booked and cannot be received then is told."""
    office = await _office(asked, conn)
    cells = await _cells(conn, form) | {"code": office.code}
    try:
        line = reading.line(cells)
    except BadOffices as wrong:
        return await _form(conn, office, cells, wrong)
    new = replace(line.office, id=office.id, receives=office.receives)
    before = reading.cells_of(office, await showing.hours(conn, office.id))
    after = reading.cells_of(new, line.hours)
    changes = [f"{name} {after[name] or '-'}" for name in reading.COLUMNS if after[name] != before[name]]
    if changes:
        what = "; ".join(changes)
        await opening.change(conn, new, line.hours, asked.wire, what, by=asked.employee.login, at=asked.at)
    return Go(f"/offices/{office.id}", "office")


async def upload(asked: Asked) -> Page:
    """The form for a file."""
    return _file()


async def take(asked: Asked, conn: Connection, form: Form) -> Page | Done:
    """Looks through a file of offices and says what is wrong in it; takes it in where that is asked."""
    if not asked.file:
        return _file("imports.no_file")
    known = {one.code for one in (await receiving.offices(conn)).values()}
    codes = [one.code for one in await receiving.services(conn)]
    try:
        lines = reading.read(asked.file.decode("utf-8-sig"), codes)
    except UnicodeDecodeError:
        return _file("offices.no_text")
    except BadOffices as wrong:
        return _file("imports.refused", detail=str(wrong))
    if form.get("do") != "take":
        return _file(came=_came(lines, known))
    done = await opening.take_in(conn, lines, asked.wire, by=asked.employee.login, at=asked.at)
    return Done(_file(came=_came(lines, known, done)), "/offices")


def _came(lines: Sequence[Line], known: set[str], done: Mapping[str, Remade] | None = None) -> list[Came]:
    offices = [line.office for line in lines]
    return [Came(one, one.code not in known, done[one.code] if done else None) for one in offices]


def _file(trouble: str | None = None, *, detail: str = "", came: Sequence[Came] = ()) -> Page:
    values = {
        "trouble": trouble, "detail": detail, "came": came, "taken": any(one.done for one in came),
        "needed": reading.NEEDED, "optional": [one for one in reading.COLUMNS if one not in reading.NEEDED],
        "largest": LARGEST // 1024,
    }  # fmt: skip
    return Page("offices_file.html", values, 422 if trouble else 200)


async def _cells(conn: Connection, form: Form) -> dict[str, str]:
    """The form as a row of a file has it."""
    ticked = [one.code for one in await receiving.services(conn) if form.get(f"service_{one.code}")]
    return {name: form.get(name, "") for name in FIELDS} | {"services": " ".join(ticked)}


async def _form(
    conn: Connection, office: Office | None, cells: Mapping[str, str], wrong: BadOffices | None = None
) -> Page:
    services: tuple[Service, ...] = await receiving.services(conn)
    values = {
        "office": office,
        "cells": cells,
        "fields": [one for one in FIELDS if office is None or one != "code"],
        "optional": OPTIONAL,
        "services": services,
        "given": cells.get("services", "").split(),
        "wrong": None if wrong is None else wrong.column,
    }
    return Page("office_form.html", values, 422 if wrong else 200)


async def _office(asked: Asked, conn: Connection) -> Office:
    found = (await receiving.offices(conn)).get(asked.number)
    if found is None:
        raise web.HTTPNotFound
    return found


ROUTES: tuple[Route, ...] = (
    Get("/offices/new", CHANGERS, blank),
    Post("/offices/new", CHANGERS, add),
    Get("/offices/file", CHANGERS, upload),
    Post("/offices/file", CHANGERS, take, file=LARGEST),
    Get("/offices/{id}/edit", CHANGERS, edited),
    Post("/offices/{id}/edit", CHANGERS, edit),
)
