"""A reading that a customer tells by telephone (row Q1): the operator types it, and reads out the answer."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from aiohttp import web

from core.doors import telephone
from core.doors.telephone import Heard, NoCompany, Unheard
from core.employees.model import Role
from core.importing import cells
from core.store.pool import Connection
from core.wording.words import Words
from staff.model import Asked, Form

TELLERS = frozenset({Role.CLERK, Role.CONTROLLER})
"""Who writes down what customers tell."""

LOCALES = Path(__file__).parents[1] / "locales"
MOST_COUNTS = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be said to the customer, in the employee's language; `can_confirm`: it is taken where he says yes.
    `trouble` names what is wrong with what was typed instead."""

    said: str | None
    taken: bool
    can_confirm: bool = False
    trouble: str | None = None
    field: str | None = None


@cache
def words() -> Words:
    """What customers are answered, read once."""
    return Words.read(LOCALES)


async def heard(asked: Asked, conn: Connection, form: Form) -> Answer:
    """Judges what was typed, and stores it where it is believed.

    :raises web.HTTPNotFound: there is no such account.
    """
    told = {key: text.strip() for name, text in form.items() if (key := _key(name)) is not None}
    try:
        on = _day(form.get("on", "").strip())
    except cells.Unreadable:
        return Answer(None, taken=False, trouble="phone_reading.day", field="on")
    try:
        got = await telephone.take(
            conn,
            asked.number,
            dict(list(told.items())[:MOST_COUNTS]),
            on=on,
            confirmed=form.get("confirmed") == "1",
            by=asked.employee.login,
            at=asked.at,
        )
    except NoCompany:
        return Answer(None, taken=False, trouble="phone_reading.company")
    if got is None:
        raise web.HTTPNotFound
    if isinstance(got, Unheard):
        place = None if got.key is None else f"r_{got.key[0]}_{got.key[1]}"
        return Answer(None, taken=False, trouble="phone_reading.count" if place else "phone_reading.empty", field=place)
    return _answer(got, asked.employee.language)


def _answer(got: Heard, language: str) -> Answer:
    return Answer(words().say(got.reply, language), got.taken, got.can_confirm)


def _key(name: str) -> tuple[int, int] | None:
    """The register of a field such as r_12_1."""
    mark, _, rest = name.partition("_")
    meter, _, register = rest.partition("_")
    whole = all(one.isascii() and one.isdigit() and len(one) < 19 for one in (meter, register))
    return (int(meter), int(register)) if mark == "r" and whole else None


def _day(text: str) -> date | None:
    return cells.day(text) if text else None
