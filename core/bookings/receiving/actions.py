"""The day of an office: who has come, who is called next, what came of a visit, and what was brought to it."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from asyncpg import Connection, UniqueViolationError
from cryptography.exceptions import InvalidTag

from core.basics.facts import dataclass
from core.basics.sealing import Keyring, Sealer
from core.bookings import sql, telling
from core.bookings.model import Ask, Asked, Office, Service, State, Visit
from core.bookings.opening import sql as opening
from core.bookings.receiving import sql as receiving
from core.bookings.receiving.sql import Earlier, Paper
from core.bookings.sql import Event
from core.messages import Reply
from core.outbox.noticing import Wire
from core.visiting import CalledIn, InLine, MarkWanted

MARKED = timedelta(days=3)
"""So long a visit can be marked."""

LARGEST = 8 * 1024 * 1024
KINDS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""What is filed, by how it begins."""


class NotSo(Exception):
    """What was asked cannot be done as things stand; `why` names the words of the page."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Happened:
    """What became of a visit: when, by whom, in whose words."""

    what: str
    at: datetime
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class File:
    """All that a clerk sees of a visit."""

    visit: Visit
    service: Service | None
    reason: str
    events: tuple[Happened, ...]
    papers: tuple[Paper, ...]
    earlier: Earlier | None


async def offices(conn: Connection) -> dict[int, Office]:
    """All offices by id."""
    return await sql.offices(conn)


async def services(conn: Connection) -> tuple[Service, ...]:
    """What a visit can be about."""
    return await sql.services(conn)


async def of_day(conn: Connection, office: Office, day: date) -> tuple[Visit, ...]:
    """The visits of a day that were not called off, by time."""
    return await receiving.of_day(conn, office, day)


async def file(conn: Connection, visit_id: int, keyring: Keyring) -> File | None:
    """A visit with its customer's words, what became of it and what was brought; None where there is none."""
    visit = await _visit(conn, visit_id)
    if visit is None:
        return None
    sealed = await receiving.sealed(conn, visit_id)
    assert sealed is not None
    mine = _sealer(keyring, sealed["data_key"])
    events = tuple(
        Happened(row["what"], row["at"], row["by"], _words(mine, row["words"]))
        for row in await receiving.events(conn, visit_id)
    )
    service = next((one for one in await sql.services(conn) if one.code == visit.service), None)
    earlier = None if visit.account_id is None else await receiving.earlier(conn, visit.account_id)
    papers = await receiving.papers(conn, visit_id)
    return File(visit, service, _words(mine, sealed["reason"]), events, papers, earlier)


async def arrive(conn: Connection, visit_id: int, wire: Wire, *, by: str, at: datetime) -> Visit:
    """He is here and waits; he is told by SMS how many are before him.

    :raises NotSo: he is not expected, or not today.
    """
    visit = await _locked(conn, visit_id, State.BOOKED, State.HELD)
    if visit.day != visit.office.today(at):
        raise NotSo("not_today")
    await _go(conn, visit, State.ARRIVED, by=by, at=at)
    await _in_line(conn, visit, wire, at=at)
    return visit


async def walk_in(
    conn: Connection, office: Office, number: str, service: str | None, wire: Wire, *, by: str, at: datetime
) -> Visit:
    """A ticket of the live queue for somebody who has no booking; of his account where it is named.

    :raises NotSo: there is no such account, or it has a visit today.
    """
    found = await receiving.holder(conn, number) if number else None
    if number and found is None:
        raise NotSo("no_account")
    await opening.lock_office(conn, office.id)
    try:
        async with conn.transaction():
            visit_id = await receiving.walk_in(conn, office, found, service, by=by, at=at)
    except UniqueViolationError as error:
        raise NotSo("has_visit") from error
    await sql.note(conn, [Event(visit_id, "arrived", at, by)])
    visit = await _visit(conn, visit_id)
    assert visit is not None
    await _in_line(conn, visit, wire, at=at)
    return visit


async def call_next(
    conn: Connection, office: Office, window: str, wire: Wire, *, by: str, at: datetime
) -> Visit | None:
    """Calls who is next to a window, and tells him by SMS; None where nobody waits.

    :raises NotSo: somebody is at the window still.
    """
    await opening.lock_office(conn, office.id)
    if await receiving.is_busy(conn, office, window, at=at):
        raise NotSo("window_busy")
    visit_id = await receiving.next_one(conn, office, at=at)
    if visit_id is None:
        return None
    await receiving.call(conn, visit_id, window, at=at)
    await sql.note(conn, [Event(visit_id, "called", at, by)])
    visit = await _visit(conn, visit_id)
    assert visit is not None
    await tell(conn, visit, CalledIn(visit.ticket, window), wire, at=at)
    return visit


async def finish(
    conn: Connection, visit_id: int, words: str, keyring: Keyring, wire: Wire, *, by: str, at: datetime
) -> Visit:
    """The visit is over, with what came of it in the clerk's words; the customer is asked for a mark, unless another
    question is open to him.

    :raises NotSo: he was not here, or is expected on a day that has not come.
    """
    visit = await _locked(conn, visit_id, State.CALLED, State.ARRIVED, State.BOOKED)
    if visit.day > visit.office.today(at):
        raise NotSo("not_today")
    await sql.set_state(conn, visit.id, State.DONE, at=at)
    await sql.note(conn, [Event(visit.id, "done", at, by, None, await _sealed(conn, visit, words, keyring))])
    ask = Ask(Asked.MARK, {"visit": visit.id, "ticket": visit.ticket, "choices": [[]] * 5}, at + MARKED)
    await tell(conn, visit, MarkWanted(visit.ticket), wire, at=at, ask=ask)
    return visit


async def miss(conn: Connection, visit_id: int, *, by: str, at: datetime) -> Visit:
    """He did not come, or was called and is not there.

    :raises NotSo: the visit is over, or called off, or its time has not come.
    """
    visit = await _locked(conn, visit_id, State.BOOKED, State.ARRIVED, State.CALLED)
    if visit.starts_at > at and await sql.lock_one(conn, visit_id) is State.BOOKED:
        raise NotSo("too_soon")
    await _go(conn, visit, State.MISSED, by=by, at=at)
    return visit


async def add_paper(
    conn: Connection, visit_id: int, name: str, body: bytes, keyring: Keyring, *, by: str, at: datetime
) -> None:
    """Files a copy of a document with the visit, sealed, by its hash.

    :raises NotSo: it is no PDF, JPEG or PNG, or there is no such visit.
    """
    visit = await _visit(conn, visit_id)
    media_type = next((kind for start, kind in KINDS.items() if body.startswith(start)), None)
    if visit is None or media_type is None:
        raise NotSo("no_paper")
    sealed = await receiving.sealed(conn, visit_id)
    mine = _sealer(keyring, sealed["data_key"] if sealed else None)
    digest = hashlib.sha256(body).digest()
    await receiving.add_paper(
        conn, visit_id, name or "document", media_type, digest, mine.seal(body, purpose=b"visit"), len(body), by=by,
        at=at,
    )  # fmt: skip


async def paper(conn: Connection, visit_id: int, paper_id: int, keyring: Keyring) -> tuple[str, str, bytes] | None:
    """The name, media type and content of a copy; None where there is none, or its customer was erased."""
    row = await receiving.paper(conn, visit_id, paper_id)
    if row is None:
        return None
    try:
        return row["name"], row["media_type"], _sealer(keyring, row["data_key"]).open(row["sealed"], purpose=b"visit")
    except InvalidTag:
        return None


async def before(conn: Connection, visit: Visit) -> InLine:
    """How many wait before him, and about how long."""
    number = await receiving.before(conn, visit)
    windows = max(visit.office.windows, 1)
    return InLine(visit.ticket, number, number * visit.office.step // windows)


async def in_line(conn: Connection, visits: Sequence[Visit]) -> InLine | CalledIn | None:
    """How the first of the visits stands that waits at its office or is at a window; None where none does."""
    here = next((one for one in visits if one.state in (State.ARRIVED, State.CALLED)), None)
    if here is None:
        return None
    return CalledIn(here.ticket, here.window) if here.state is State.CALLED else await before(conn, here)


async def _in_line(conn: Connection, visit: Visit, wire: Wire, *, at: datetime) -> None:
    await tell(conn, visit, await before(conn, visit), wire, at=at)


async def _visit(conn: Connection, visit_id: int) -> Visit | None:
    return await sql.one(conn, visit_id, await sql.offices(conn))


async def _locked(conn: Connection, visit_id: int, *states: State) -> Visit:
    visit = await _visit(conn, visit_id)
    if visit is None or await sql.lock_one(conn, visit_id) not in states:
        raise NotSo("not_so")
    return visit


async def _go(conn: Connection, visit: Visit, state: State, *, by: str, at: datetime) -> None:
    await sql.set_state(conn, visit.id, state, at=at)
    await sql.note(conn, [Event(visit.id, state, at, by)])


async def tell(
    conn: Connection, visit: Visit, reply: Reply, wire: Wire, *, at: datetime, ask: Ask | None = None
) -> None:
    """Tells whose visit it is, where there is a phone; with a question only where no other is open to him."""
    listeners = await telling.listeners(conn, [visit], at=at)
    to = listeners.get(visit.id)
    if to is not None and (ask is None or to.free):  # an answer to another question would be taken for that to ours
        await telling.tell(conn, [(visit, to, reply, ask)], wire, at=at)


async def _sealed(conn: Connection, visit: Visit, words: str, keyring: Keyring) -> bytes | None:
    if not words:
        return None
    row = await receiving.sealed(conn, visit.id)
    return _sealer(keyring, row["data_key"] if row else None).seal(words.encode(), purpose=b"visit")


def _sealer(keyring: Keyring, key: bytes | None) -> Sealer:
    return keyring.customer(key) if key else keyring.installation


def _words(mine: Sealer, sealed: bytes | None) -> str:
    return "" if sealed is None else mine.open(sealed, purpose=b"visit").decode(errors="replace")


def waiting(visits: Sequence[Visit]) -> tuple[Visit, ...]:
    """Those who wait, in the order of their times."""
    return tuple(one for one in visits if one.state is State.ARRIVED)


def called(visits: Sequence[Visit]) -> tuple[Visit, ...]:
    """Those who are at a window, the last called first."""
    return tuple(sorted((one for one in visits if one.state is State.CALLED), key=lambda one: one.since, reverse=True))
