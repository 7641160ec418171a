"""A visit by office, day and time, each chosen from what there is: for a chat, where an answer is a button."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from asyncpg import Connection

from core.bookings import actions, offering, sql
from core.bookings.actions import ANSWERED
from core.bookings.model import HORIZON, LEAD, Ask, Asked, Office, Outcome, Person, Request
from core.bookings.offering import Known, Wish
from core.visiting import DaysOffered, NothingFree, OfficesOffered, TimesOffered

DAYS = 12
"""Days that are shown at a time."""


async def pick(
    conn: Connection, person: Person, terms: Mapping[str, Any], number: int, to: Known, *, at: datetime
) -> Outcome:
    """What there is to choose next; `number` is what was chosen of the choices of the terms, from 1, and 0 begins. The
    terms are those of the open question: an offer's, whose service and visit to be moved are kept, or those of the
    step before. A time is chosen as of any offer, by `actions.choose`."""
    wish = Wish(Request(), await actions.moved(conn, person, terms, to, at=at), to.service(terms.get("service")))
    if number == 0:
        offices = to.receiving(wish.service)
        if len(offices) == 1:
            return await _days(conn, person, wish, offices[0], at=at)
        kept = _kept(wish) | {"choices": [one.id for one in offices]}
        if not offices:
            return Outcome(NothingFree(person.phone))
        moving = wish.moving.ticket if wish.moving else None
        said = OfficesOffered(tuple(one.called for one in offices), moving)
        return Outcome(said, Ask(Asked.PICK, kept, at + ANSWERED), settled=False)
    chosen = terms["choices"][number - 1]
    office = to.offices.get(int(terms.get("office", chosen)))
    if office is None:
        return await pick(conn, person, terms, 0, to, at=at)
    if "office" not in terms:
        return await _days(conn, person, wish, office, at=at)
    return await _times(conn, person, wish, office, date.fromisoformat(chosen), to, at=at)


def _kept(wish: Wish) -> dict[str, object]:
    return {
        "service": wish.service.code if wish.service else None,
        "moving": wish.moving.id if wish.moving else None,
    }


async def _days(conn: Connection, person: Person, wish: Wish, office: Office, *, at: datetime) -> Outcome:
    today = office.today(at)
    loads = await sql.loads(conn, [office.id], today, today + timedelta(days=HORIZON), after=at + LEAD)
    days = tuple(sorted(one.day for one in loads if one.free)[:DAYS])
    if not days:
        return Outcome(NothingFree(person.phone))
    terms = _kept(wish) | {"office": office.id, "choices": [one.isoformat() for one in days]}
    return Outcome(DaysOffered(office.called, days), Ask(Asked.PICK, terms, at + ANSWERED), settled=False)


async def _times(
    conn: Connection, person: Person, wish: Wish, office: Office, day: date, to: Known, *, at: datetime
) -> Outcome:
    """The times of a day; where the last one has gone meanwhile, the nearest others."""
    slots = await sql.slots(conn, [(office.id, day)])
    runs = offering.fitting(slots, wish, office, at)
    if not runs:
        return await actions.book(
            conn, person, Wish(Request(day, words=(office.code,)), wish.moving, wish.service), to, at=at
        )
    terms = _kept(wish) | {"choices": [[slot.id for slot in run] for run in runs]}
    said = TimesOffered(office.called, day, tuple(run[0].starts for run in runs))
    return Outcome(said, Ask(Asked.OFFER, terms, at + ANSWERED), settled=False)
