"""The buttons under what is said of visits in a chat: offers, offices, days, times, reasons, and what may be done with
a visit that is booked."""

from collections.abc import Sequence

from core.commands import Command, Subject, Wanted
from core.messages import Reply
from core.selfservice.visiting import PICK, REASON
from core.visiting import (
    Booked,
    DaysOffered,
    OfficesOffered,
    Place,
    Spot,
    TimesOffered,
    VisitBooked,
    VisitCancelled,
    VisitHeld,
    VisitsNone,
    VisitsOffered,
    VisitsTold,
)
from core.wording import visiting as spoken
from core.wording.words import Words

Rows = list[list[tuple[str, str]]]

OFFICES_A_ROW, DAYS_A_ROW, TIMES_A_ROW = 2, 3, 4
MOST = 96
"""Telegram shows a hundred buttons at most."""


def rows(reply: Reply, mark: str, words: Words, tongue: str) -> Rows:
    """The rows of (label, data) under a reply about visits, none under any other; `mark` is the moment of the question
    that the reply opens or leaves open."""
    tongue = tongue if tongue in words.languages else words.default
    match reply:
        case VisitsOffered(offers=offers):
            labels = [f"{no} {_spot(words, tongue, one)}" for no, one in enumerate(offers, 1)]
            return [*_numbered(labels, mark, 1), [(words.label("button.pick", tongue), f"{PICK}.{mark}")]]
        case OfficesOffered(places=places):
            return _numbered([_town(words, tongue, one) for one in places], mark, OFFICES_A_ROW)
        case DaysOffered(days=days):
            return _numbered([words.formats(tongue).day_of_week(one) for one in days], mark, DAYS_A_ROW)
        case TimesOffered(times=times):
            return _numbered([spoken.clock(one) for one in times], mark, TIMES_A_ROW)
        case VisitHeld(words=told, codes=codes):
            mine = [own if spoken.in_own_letters(tongue) else latin for own, latin in told]
            data = [f"{REASON}_{code}.{mark}" for code in codes]
            return _in_rows(list(zip(mine, data, strict=False)), OFFICES_A_ROW)
        case VisitBooked(visit=visit):
            return [_of(visit, words, tongue, named=False)]
        case VisitsTold(visits=visits):
            return [_of(one, words, tongue, named=len(visits) > 1) for one in visits]
        case VisitsNone() | VisitCancelled():
            return [[(words.label("button.book", tongue), "book.")]]
        case _:
            return []


def pressed(verb: str, mark: str) -> tuple[Command, str] | None:
    """What a button about visits says, and what it belongs to; None for any other."""
    kind, _, named = verb.partition("_")
    if verb == PICK:
        return Wanted(Subject.BOOK, argument=PICK), mark
    if kind == REASON and named:
        return Wanted(Subject.BOOK, argument=f"{REASON} {named}"), mark
    if kind in ("move", "off") and named:
        subject = Subject.MOVE_VISIT if kind == "move" else Subject.CANCEL_VISIT
        return Wanted(subject, argument=f"{named} on:{mark}"), ""
    return None


def _of(visit: Booked, words: Words, tongue: str, *, named: bool) -> list[tuple[str, str]]:
    """Moving it and calling it off; bound to its day, for a ticket is a place in any day."""
    ticket = f" {spoken.shown(visit.ticket, tongue)}" if named else ""
    day = visit.spot.day.isoformat()
    return [
        (words.label("button.move", tongue) + ticket, f"move_{visit.ticket}.{day}"),
        (words.label("button.call_off", tongue) + ticket, f"off_{visit.ticket}.{day}"),
    ]


def _numbered(labels: Sequence[str], mark: str, width: int) -> Rows:
    return _in_rows([(label, f"c{no}.{mark}") for no, label in enumerate(labels[:MOST], 1)], width)


def _in_rows(buttons: Sequence[tuple[str, str]], width: int) -> Rows:
    return [list(buttons[first : first + width]) for first in range(0, len(buttons), width)]


def _spot(words: Words, tongue: str, spot: Spot) -> str:
    return f"{words.formats(tongue).day(spot.day)} {spoken.clock(spot.at)} {_town(words, tongue, spot.place)}"


def _town(words: Words, tongue: str, place: Place) -> str:
    return place.short if spoken.in_own_letters(tongue) else place.short_latin
