"""Free places and visits for who looks at them on a page; nothing is locked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from asyncpg import Connection

from core.basics.facts import dataclass
from core.bookings import rules, sql
from core.bookings.calendar import moments
from core.bookings.model import COMING, HORIZON, Office, Request, Service, Slot, Visit
from core.bookings.offering import Known

SPAN = 7
"""Days that are shown at a time."""


@dataclass(frozen=True, slots=True)
class Start:
    """A time at which a visit can begin. Of one that the clock shows twice that day `fold` is 0 or 1, for the first or
    the second, and `offset` what it is ahead of UTC in minutes."""

    at: time
    fold: int | None = None
    offset: int = 0


async def known(conn: Connection) -> Known:
    """The offices that receive, and the services."""
    offices = {id_: one for id_, one in (await sql.offices(conn)).items() if one.receives}
    return Known(offices, await sql.services(conn))


async def free(
    conn: Connection, office: Office, service: Service | None, first: date, *, at: datetime
) -> Mapping[date, Sequence[Start]]:
    """The times of a week from a day on at which a visit about the service can begin; days without one are missing."""
    today = office.today(at)
    days = [first + timedelta(days=ahead) for ahead in range(SPAN)]
    days = [one for one in days if today <= one < today + timedelta(days=HORIZON)]
    slots = await sql.slots(conn, [(office.id, one) for one in days])
    found: dict[date, list[Start]] = {}
    for run in rules.runs(slots, rules.places_of(service, office), office.step):
        if rules.fits(Request(), run[0], at):
            found.setdefault(run[0].day, []).append(_start(run[0], office))
    return found


def _start(slot: Slot, office: Office) -> Start:
    shown = moments(office.zone, slot.day, slot.starts)
    if len(shown) < 2:
        return Start(slot.starts)
    ahead = slot.starts_at.astimezone(office.zone).utcoffset() or timedelta()
    return Start(slot.starts, int(slot.starts_at == shown[1]), int(ahead.total_seconds()) // 60)


async def coming(conn: Connection, account_id: int, to: Known, *, at: datetime) -> tuple[Visit, ...]:
    """The visits of an account that are ahead."""
    offices = await sql.offices(conn)
    return await sql.of_accounts(conn, [account_id], offices, COMING, since=at)


def ics(visit: Visit, minutes: int, *, at: datetime, own: bool) -> str:
    """A visit as a file for calendars (RFC 5545); `own`: in the company's own letters."""
    begins = visit.starts_at
    stamp = "%Y%m%dT%H%M%SZ"
    name, where = (
        (visit.office.name, visit.office.address) if own else (visit.office.name_latin, visit.office.place_latin)
    )
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Meterline//Visits//EN",
        "BEGIN:VEVENT",
        f"UID:visit-{visit.id}@meterline",
        f"DTSTAMP:{_utc(at).strftime(stamp)}",
        f"DTSTART:{_utc(begins).strftime(stamp)}",
        f"DTEND:{_utc(begins + timedelta(minutes=minutes)).strftime(stamp)}",
        f"SUMMARY:{_escaped(name)} {visit.ticket}",
        f"LOCATION:{_escaped(where)}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
    return "\r\n".join(map(_folded, lines))


OCTETS = 75
"""Of a line at most, without its end."""


def _folded(line: str) -> str:
    """The line as several, each but the first behind a blank, where it is too long; no sign is cut in two."""
    pieces, room = [""], OCTETS
    for sign in line:
        if len(pieces[-1].encode()) + len(sign.encode()) > room:
            pieces.append("")
            room = OCTETS - 1
        pieces[-1] += sign
    return "\r\n ".join(pieces)


def _utc(at: datetime) -> datetime:
    return at - (at.utcoffset() or timedelta())


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;").replace("\n", " ")
