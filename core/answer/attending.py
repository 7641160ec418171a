"""An employee attends to what customers asked: takes a request, answers it, closes it; each is a fact that stays."""

import hashlib
from datetime import datetime
from uuid import UUID

from asyncpg import Connection

from core.answer.model import Chance
from core.basics.channel import Channel
from core.basics.facts import dataclass
from core.basics.ids import uuid7
from core.basics.sealing import Keyring, Sealer
from core.outbox import sql as outbox
from core.requests import sql
from core.requests.model import Note, Paper, RequestAnswered, State
from core.requests.sql import Event, Sealed
from core.wording import segments
from core.wording.words import ANSWER_SEGMENTS, Words

FROM: dict[State, tuple[State, ...]] = {
    State.TAKEN: (State.OPEN, State.TAKEN),
    State.ANSWERED: (State.OPEN, State.TAKEN, State.ANSWERED),
    State.CLOSED: (State.OPEN, State.TAKEN, State.ANSWERED),
}
"""From which states an employee may bring a request into each."""

OWNER = "staff"


class Refused(Exception):
    """The request cannot be moved so; the message says why, for the employee."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the work on requests needs besides the database."""

    keyring: Keyring
    words: Words
    chance: Chance


async def paper(conn: Connection, number: str, *, keyring: Keyring) -> Paper:
    """The request with everything that was said.

    :raises Refused: there is none of that number.
    """
    sealed = await _sealed(conn, number)
    sealer = _sealer(sealed, keyring)

    def read(words: bytes | None) -> str | None:
        return None if words is None or sealer is None else sealer.open(words, purpose=b"request").decode()

    notes = tuple(Note(at, by, state, read(note)) for at, by, state, note in sealed.notes)
    return Paper(sealed.request, sealed.account, read(sealed.words), notes, sealed.linked)


async def move(
    conn: Connection, number: str, state: State, *, by: str, at: datetime, note: str = "", keyring: Keyring
) -> None:
    """Writes down that the request is in that state from now on, with the employee's words, sealed.

    :raises Refused: there is none of that number, or it does not stand so that it could be.
    """
    async with conn.transaction():
        await sql.lock(conn, number)
        await _moved(conn, await _sealed(conn, number), state, by=by, at=at, note=note, keyring=keyring)


async def answer(conn: Connection, number: str, text: str, *, by: str, at: datetime, desk: Desk) -> int:
    """Answers the customer on the channel that he used, in the language of his phone; the SMS segments that it takes.
    The answer goes out with whatever process delivers.

    :raises Refused: as for `move`; or the text is too long, or the phone belongs to the account no more.
    """
    async with conn.transaction():
        await sql.lock(conn, number)
        sealed = await _sealed(conn, number)
        sealer = _sealer(sealed, desk.keyring)
        if not sealed.linked or sealer is None:
            raise Refused(f"the phone that opened {number} is not linked to the account any more: call the owner")
        said = desk.words.say(RequestAnswered(number, text), sealed.language)
        size = segments.count(said).segments
        if size > ANSWER_SEGMENTS:
            raise Refused(f"the answer takes {size} SMS, and {ANSWER_SEGMENTS} are the most: say it shorter")
        await _moved(conn, sealed, State.ANSWERED, by=by, at=at, note=text, keyring=desk.keyring)
        row = _row(uuid7(at, desk.chance(10)), sealed, said, size, sealer)
        await outbox.put(conn, [row], owner=OWNER, lease=0.0)
    return size


async def _sealed(conn: Connection, number: str) -> Sealed:
    found = await sql.paper(conn, number)
    if found is None:
        raise Refused(f"no request {number}")
    return found


async def _moved(
    conn: Connection, sealed: Sealed, state: State, *, by: str, at: datetime, note: str, keyring: Keyring
) -> None:
    request = sealed.request
    if request.state not in FROM[state]:
        raise Refused(f"request {request.number} is {request.state} since {request.since:%Y-%m-%d}")
    sealer = _sealer(sealed, keyring) or keyring.installation
    words = sealer.seal(note.encode(), purpose=b"request") if note else None
    await sql.add(conn, [Event(request.id, state, at, by, words)])


def _sealer(sealed: Sealed, keyring: Keyring) -> Sealer | None:
    """Opens and seals the words of the request; None where its customer was erased."""
    if sealed.customer_id is None:
        return keyring.installation
    return None if sealed.data_key is None else keyring.customer(sealed.data_key)


def _row(key: UUID, sealed: Sealed, said: str, size: int, sealer: Sealer) -> outbox.Row:
    return outbox.Row(
        id=key,
        channel=Channel(sealed.channel),
        class_="notice",
        customer_id=sealed.customer_id,
        address_hash=sealed.request.phone_hash,
        address=None,
        body=sealer.seal(said.encode(), purpose=b"outbox"),
        body_hash=hashlib.sha256(said.encode()).digest(),
        segments=size,
        locale=sealed.language,
        kind=RequestAnswered.__name__,
    )
