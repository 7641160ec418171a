"""The doors for facts as forms: what is wrong is told field by field, what it will change before it is brought (row
M7a). No form here leads to a charge."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from core.billing.warning import Protection
from core.doors import actions as doors
from core.doors import telling, trying
from core.doors.agreeing import AGREED, RESUMED, TERMINATED
from core.doors.judging import DOORS
from core.doors.meter_rows import Event
from core.doors.model import TABLE, Author, Door
from core.doors.model import Role as Bringer
from core.doors.placed import CHANGES
from core.doors.pointing import METERING, SUPPLY
from core.doors.protecting import STATUSES
from core.doors.stated import WHAT
from core.employees import actions as employees
from core.employees.model import EVERYBODY, Role
from core.importing.model import Problem
from core.store.pool import Connection
from pages.words import PageWords
from staff.model import Asked, Form, Get, Go, Page, Post, Route

OPEN = tuple(door for door in Door if door is not Door.AMR)
"""What a person brings; a metering system signs files."""

DAYS = frozenset({"date", "from", "to", "until", "first", "left", "returned", "applied"})
"""Columns that hold a day; `until` and `to` its last one."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "event": tuple(str(one) for one in Event),
    "what": tuple(WHAT),
    "change": CHANGES,
    "state": (AGREED, TERMINATED, RESUMED),
    "supply": SUPPLY,
    "metering": METERING,
    "protection": tuple(str(one) for one in Protection),
    "status": STATUSES,
}
"""Columns of which the value is one of a few."""

LONGEST = 200


def roles(door: Door) -> frozenset[Role]:
    """The employees who may bring facts through a door."""
    return frozenset(Role(str(one)) for one in TABLE[door] if one is not Bringer.AMR)


BRINGERS = frozenset(role for door in OPEN for role in roles(door))

TAKERS: Mapping[str, frozenset[Role]] = {
    "reading": roles(Door.CONTROL),
    **{str(kind): roles(door) for kind, door in DOORS.items() if door is not Door.INSTALMENTS},
}
"""Who may take a fact back, by its kind; readings are one more."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: its kind is "day", "choice" or "text"; `problem` is what is wrong with it."""

    name: str
    kind: str
    required: bool
    value: str
    choices: tuple[str, ...] = ()
    problem: str | None = None


async def listed(asked: Asked) -> Page:
    """The doors of this employee."""
    mine = [door for door in OPEN if asked.employee.may(roles(door))]
    return Page("facts.html", {"doors": mine})


async def form(asked: Asked, *, door: Door) -> Page:
    """The form, with what the address says already."""
    return _form(asked.words, door, {name: asked.query(name) for name in doors.columns(door).names})


async def look(asked: Asked, form: Form, *, door: Door) -> None:
    """Notes that the sums of an account are looked at; the document is the reason."""
    number = form.get("account", "")
    if not number:
        return
    async with asked.connection() as conn, conn.transaction():
        account_id = await trying.account_id(conn, number[:LONGEST])
        if account_id is not None:
            reason = f"fact: {form.get('document', '')[:LONGEST]}".strip()
            await employees.look(
                conn, asked.employee.id, account_id=account_id, what=f"/facts/{door}", reason=reason, at=asked.at
            )


async def bring(asked: Asked, conn: Connection, form: Form, *, door: Door) -> Page | Go:
    """Shows what the fact would change, and brings it once that is confirmed; the form again where that is asked."""
    cells = {name: form.get(name, "")[:LONGEST].strip() for name in doors.columns(door).names}
    if form.get("again") == "1":
        return _form(asked.words, door, cells, status=200)
    mine = frozenset(Bringer(str(one)) for one in asked.employee.roles if str(one) in set(Bringer))
    author = Author(asked.employee.login, mine)
    brought = await trying.bring(conn, door, cells, author=author, today=asked.today, at=asked.at)
    if brought.report.problems:
        return _form(asked.words, door, cells, brought.report.problems)
    if brought.known:
        return _form(asked.words, door, cells, known=True)
    if form.get("confirm") != "1":
        shown = [(name, _shown(asked.words, name, cells[name])) for name in doors.columns(door).names if cells[name]]
        values = {"door": door, "cells": cells, "shown": shown, "before": brought.before, "after": brought.after}
        return Page("fact_preview.html", values)
    told = 0
    if form.get("tell") == "1":
        told = await telling.tell(conn, door, cells, brought, today=asked.today, at=asked.at, wire=asked.wire)
    return Go(f"/facts/{door}", "fact_told" if told else "fact")


def _shown(words: PageWords, name: str, value: str) -> str:
    return words.get(name, value) if name in CHOICES else value


def _form(
    words: PageWords,
    door: Door,
    given: Mapping[str, str],
    problems: Sequence[Problem] = (),
    *,
    known: bool = False,
    status: int | None = None,
) -> Page:
    columns = doors.columns(door)
    wrong = {one.column: told(words, one) for one in problems}
    fields = [
        Field(
            name,
            "day" if name in DAYS else "choice" if name in CHOICES else "text",
            name in columns.required,
            given.get(name, ""),
            CHOICES.get(name, ()),
            wrong.pop(name, None),
        )
        for name in columns.names
    ]
    values = {"door": door, "fields": fields, "others": list(wrong.values()), "known": known}
    return Page("fact.html", values, status or (422 if problems or known else 200))


_VALUES = re.compile(r"'[^']*'|[0-9]+(?:[.-][0-9]+)*")


def slug(reason: str) -> str:
    """The name of the sentence for a reason: its letters, without the values in it."""
    return re.sub(r"[^a-z]+", "_", _VALUES.sub("", reason.lower())).strip("_")


def told(words: PageWords, problem: Problem) -> str:
    """What is wrong with a field, in the language of the page."""
    value = words("fact.wrong_value", value=problem.value) if problem.value else ""
    reason, expected = sentence(words, problem.reason), _expected(words, problem)
    return words("fact.wrong", value=value, reason=reason or problem.reason, expected=expected)


def sentence(words: PageWords, reason: str) -> str | None:
    """A reason of the doors in the language of the page; None where there is no sentence for it."""
    name = f"wrong.{slug(reason)}"
    while not words.has(name):
        name, found, _ = name.rpartition("_")
        if not found:
            return None
    first, second, *_ = *_VALUES.findall(reason), "", ""
    return words(name, first=_day(words, first), second=_day(words, second))


def _expected(words: PageWords, problem: Problem) -> str:
    head, found, listed = problem.expected.partition(": ")
    if found and words.has(f"wanted.{slug(head)}"):
        return f"{words.get('wanted', slug(head))}: {listed}"
    known = f"expects.{problem.column}"
    return words(known) if words.has(known) else problem.expected


def _day(words: PageWords, value: str) -> str:
    """A day as people write it, anything else as it is."""
    try:
        return words.day(date.fromisoformat(value))
    except ValueError:
        return value


def _routes(door: Door) -> tuple[Route, ...]:
    path, who = f"/facts/{door}", roles(door)
    return (
        Get(path, who, partial(form, door=door)),
        Post(path, who, partial(bring, door=door), partial(look, door=door)),
    )


ROUTES: tuple[Route, ...] = (
    Get("/facts", BRINGERS & EVERYBODY, listed),
    *(route for door in OPEN for route in _routes(door)),
)
