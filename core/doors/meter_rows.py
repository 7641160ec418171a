"""What a row about a meter must hold: its coming and going, failures, verifications, seals."""

import functools
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.doors.rows import ACCOUNT, DAY, METER
from core.importing import cells
from core.importing.cells import Unreadable
from core.importing.model import Problem
from core.importing.rules import Reader
from core.importing.table import Columns, Row


class Event(StrEnum):
    """What befalls a meter."""

    INSTALLED = "installed"
    REMOVED = "removed"
    FAILED = "failed"
    REPAIRED = "repaired"
    VERIFIED = "verified"
    SEALED = "sealed"
    SEAL_BROKEN = "seal_broken"
    NO_ACCESS = "no_access"
    ACCESS = "access"


METERS = Columns(
    required=("account", "meter", "event", "date"),
    optional=(
        "reading", "until", "seal", "replaces", "service", "tariff", "registers", "digits", "fraction", "multiplier",
        "brand", "document",
    ),
)  # fmt: skip

_USED: dict[Event, frozenset[str]] = {
    Event.INSTALLED: frozenset(
        ("reading", "replaces", "service", "tariff", "registers", "digits", "fraction", "multiplier", "brand")
    ),
    Event.REMOVED: frozenset(("reading",)),
    Event.FAILED: frozenset(("until",)),
    Event.REPAIRED: frozenset(),
    Event.VERIFIED: frozenset(("until",)),
    Event.SEALED: frozenset(("seal",)),
    Event.SEAL_BROKEN: frozenset(("seal",)),
    Event.NO_ACCESS: frozenset(),
    Event.ACCESS: frozenset(),
}
"""What each event says beside its day and its document."""

_NEEDED: dict[Event, tuple[tuple[str, str], ...]] = {
    Event.INSTALLED: (("reading", "what each register showed, such as 00000"),),
    Event.VERIFIED: (("until", "the last day for which the verification holds, such as 2041-05-01"),),
    Event.SEALED: (("seal", "the number of the seal"),),
    Event.SEAL_BROKEN: (("seal", "the number of the seal"),),
}


@dataclass(frozen=True, slots=True)
class Build:
    """How a new meter is made; what is None or "" it has of the one that it replaces. `multiplier` thousandths."""

    replaces: str = ""
    service: str = ""
    tariff: str = ""
    zones: tuple[str, ...] = ()
    digits: int | None = None
    fraction: int | None = None
    multiplier: int | None = None
    brand: str = ""


@dataclass(frozen=True, slots=True)
class EventRow:
    """What befell a meter at the end of `day`; `until` is the last day of a failure or of a verification."""

    line: int
    account: str
    meter: str
    event: Event
    day: date
    counts: str = ""
    until: date | None = None
    seal: str = ""
    build: Build = Build()
    document: str = ""


def event(row: Row, today: date) -> EventRow | tuple[Problem, ...]:
    """The row of a file of meters, or what is wrong with it."""
    reader = Reader(row, METERS)
    account = reader.need("account", cells.code, ACCOUNT)
    meter = reader.need("meter", cells.code, METER)
    found = reader.need("event", _event, ", ".join(Event))
    on = reader.need("date", functools.partial(cells.past_day, today=today), DAY)
    until = reader.take("until", cells.day, None)
    if on is not None and until is not None and until < on:
        reader.wrong("until", f"before {on}", f"a day from {on} on")
    if found is not None:
        _check_columns(reader, found)
    build = _build(reader)
    if reader.problems or account is None or meter is None or found is None or on is None:
        return tuple(reader.problems)
    seal = cells.words(reader.cells["seal"])
    document = cells.words(reader.cells["document"])
    return EventRow(row.line, account, meter, found, on, reader.cells["reading"], until, seal, build, document)


def _event(text: str) -> Event:
    try:
        return Event(text.lower().replace(" ", "_"))
    except ValueError:
        raise Unreadable("not an event of a meter", ", ".join(Event)) from None


def _told(event: Event) -> str:
    """The event as what the meter was."""
    match event:
        case Event.NO_ACCESS:
            return "not accessible"
        case Event.ACCESS:
            return "accessible again"
        case _:
            return event.replace("_", " ")


def _check_columns(reader: Reader, found: Event) -> None:
    for column, expected in _NEEDED.get(found, ()):
        if not reader.cells[column]:
            reader.wrong(column, f"empty, though the meter was {_told(found)}", expected)
    for column in METERS.optional:
        if column != "document" and reader.cells[column] and column not in _USED[found]:
            reader.wrong(column, f"says nothing of a meter that was {_told(found)}", "an empty cell")


def _build(reader: Reader) -> Build:
    return Build(
        replaces=reader.take("replaces", cells.code, ""),
        service=reader.take("service", cells.service, ""),
        tariff=reader.take("tariff", cells.plan, ""),
        zones=reader.take("registers", cells.registers, ()),
        digits=reader.take("digits", lambda text: cells.whole(text, 3, 9), None),
        fraction=reader.take("fraction", lambda text: cells.whole(text, 0, 3), None),
        multiplier=reader.take("multiplier", cells.positive, None),
        brand=reader.take("brand", cells.words, ""),
    )
