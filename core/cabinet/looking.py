"""What stands on record of a person's own: requests with their answers, every message in every channel, payments."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Connection, Record
from cryptography.exceptions import InvalidTag

from core.accounts.household import sql as household
from core.accounts.household.model import Hours
from core.answer import sql as answering
from core.basics.facts import dataclass
from core.basics.sealing import Keyring
from core.billing.model import Payment
from core.cabinet import sql
from core.cabinet.model import Person

SHOWN = 50
"""So many messages stand on a page."""

REQUESTS = 50
PAYMENTS = 120

_SECRET = frozenset({"Code", "CodeSent", "LoginCode", "VisitCode", "ContractCode", "MoveCode"})
"""Commands and replies that hold a one-time code."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STAMP = 80
"""Bits of a UUIDv7 behind its time."""


@dataclass(frozen=True, slots=True)
class Note:
    """What was added to a request, by the customer or by the company (`ours`)."""

    at: datetime
    words: str
    ours: bool


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A request as its customer sees it; `words` empty where nothing was written or it cannot be read any more; `own`:
    his phone opened it."""

    number: str
    subject: str
    opened_at: datetime
    state: str
    since: datetime
    words: str
    notes: tuple[Note, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class Message:
    """One message in any channel: `ours` went to him. `words` None where they hold a code, or cannot be read any more;
    `kind` is the command or the reply, `state` how it ended."""

    at: datetime
    ours: bool
    channel: str
    kind: str
    state: str
    words: str | None


@dataclass(frozen=True, slots=True)
class Messages:
    """A piece of the history, the latest first, and the time before which older ones are."""

    messages: tuple[Message, ...]
    older: str | None


async def requests(
    conn: Connection, person: Person, account_id: int, *, all_: bool, keyring: Keyring
) -> tuple[OwnRequest, ...]:
    """The requests about the account that the person may see, the latest first, in one statement."""
    rows = await sql.requests(conn, account_id, person.sender.hash, all_=all_, most=REQUESTS)
    return tuple(_request(row, keyring) for row in rows)


def _request(row: Record, keyring: Keyring) -> OwnRequest:
    notes: Sequence[Any] = json.loads(row["notes"]) if row["notes"] else ()
    told = [
        Note(datetime.fromisoformat(at), words, by != "customer")
        for _, at, by, note in notes
        if (words := _opened(bytes.fromhex(note), row["data_key"], b"request", keyring))
    ]
    words = _opened(row["words"], row["data_key"], b"request", keyring) or ""
    return OwnRequest(
        row["number"], row["subject"], row["opened_at"], row["state"], row["since"], words, tuple(told), row["own"]
    )


async def messages(conn: Connection, person: Person, *, before: str, keyring: Keyring) -> Messages:
    """What came from the person's phone and went to it, whatever the channel, before the mark; in two statements."""
    came_before, sent_before = _marks(before)
    came = await sql.came(conn, person.sender, came_before, most=SHOWN + 1)
    sent = await sql.sent(conn, person.sender, sent_before, most=SHOWN + 1)
    told = [(_came(row, keyring), row["id"], None) for row in came]
    told += [(_sent(row, keyring), None, row["id"]) for row in sent]
    # The id of a message tells its time in milliseconds.
    told.sort(key=lambda one: (int(one[0].at.timestamp() * 1000), one[0].ours), reverse=True)
    shown = told[:SHOWN]
    if len(told) <= SHOWN:
        return Messages(tuple(one for one, _, _ in shown), None)
    last_came = next((no for _, no, _ in reversed(shown) if no is not None), came_before)
    last_sent = next((no for _, _, no in reversed(shown) if no is not None), sent_before)
    return Messages(tuple(one for one, _, _ in shown), f"{last_came}.{last_sent.hex}")


def _marks(told: str) -> tuple[int, UUID]:
    number, _, other = told.partition(".")
    try:
        if number.isascii() and number.isdigit() and len(number) < 19:
            return int(number), UUID(hex=other)
    except ValueError:
        pass
    return 2**62, UUID(int=2**128 - 1)


def _came(row: Record, keyring: Keyring) -> Message:
    words = None if row["command"] in _SECRET else _opened(row["payload"], row["data_key"], b"inbox", keyring)
    said = None if words is None else words.partition("\0")[0]
    return Message(row["received_at"], False, row["channel"], row["command"], row["fate"], said)


def _sent(row: Record, keyring: Keyring) -> Message:
    words = None if row["kind"] in _SECRET else _opened(row["body"], row["data_key"], b"outbox", keyring)
    at = _EPOCH + timedelta(milliseconds=row["id"].int >> _STAMP)
    return Message(at, True, row["channel"], row["kind"], row["state"], words)


def _opened(sealed: bytes | None, key: bytes | None, purpose: bytes, keyring: Keyring) -> str | None:
    """What was sealed for the customer, or for nobody yet; None where no key of ours opens it."""
    for sealer in (() if key is None else (keyring.customer(key),)) + (keyring.installation,):
        try:
            return None if sealed is None else sealer.open(sealed, purpose=purpose).decode("utf-8", "replace")
        except InvalidTag:
            continue
    return None


async def payments(conn: Connection, account_id: int, *, through: date) -> tuple[Payment, ...]:
    """The last payments of the account up to a day, the latest first."""
    found = await answering.last_payments(conn, [(account_id, through)], most=PAYMENTS)
    return found.get(account_id, ())


async def hours(conn: Connection, person: Person) -> Hours | None:
    """The hours in which the person wants to be told what he did not ask for; None where he chose none."""
    return await household.hours(conn, person.sender.hash)
