"""Tells people of their visits unasked: by SMS to the phone that booked, or the owner's of the account."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from asyncpg import Connection

from core.accounts import sql as accounts
from core.accounts.model import Question
from core.basics.channel import Channel
from core.basics.facts import dataclass
from core.basics.ids import uuid7
from core.bookings import sql
from core.bookings.model import Ask, Visit
from core.messages import Reply
from core.outbox import noticing
from core.outbox import sql as outbox
from core.outbox.noticing import Recipient, Wire
from core.wording import segments

OWNER = "visits"


@dataclass(frozen=True, slots=True)
class Listener:
    """Who is told of a visit; `sealed` is a guest's phone; `free`: no question is open to him; `stopped`: he has said
    STOP since he booked; `told_from` and `told_till` are the hours in which he wants to be told, where he chose any."""

    visit_id: int
    hash: bytes
    customer_id: int | None
    sealed_key: bytes | None
    language: str
    sealed: bytes | None
    free: bool
    stopped: bool = False
    told_from: int | None = None
    told_till: int | None = None


async def listeners(conn: Connection, visits: Sequence[Visit], *, at: datetime) -> Mapping[int, Listener]:
    """Whom to tell of each visit; one of which nobody has a phone is missing."""
    rows = await sql.listeners(conn, [one.id for one in visits], at=at)
    return {row["visit_id"]: Listener(**row) for row in rows}


def row(to: Listener, reply: Reply, wire: Wire, *, at: datetime) -> outbox.Row | None:
    """The message as it stands in the outbox."""
    if to.customer_id is not None:
        return noticing.row(Recipient(to.hash, to.customer_id, to.sealed_key, to.language), reply, at, wire)
    if to.sealed is None:
        return None
    text, mine = wire.words.say(reply, to.language), wire.keyring.installation
    return outbox.Row(
        id=uuid7(at, wire.chance(10)),
        channel=Channel.SMS,
        class_="notice",
        customer_id=None,
        address_hash=to.hash,
        address=to.sealed,
        body=mine.seal(text.encode(), purpose=b"outbox"),
        body_hash=hashlib.sha256(text.encode()).digest(),
        segments=segments.count(text).segments,
        locale=to.language,
        kind=type(reply).__name__,
    )


async def tell(
    conn: Connection, told: Sequence[tuple[Visit, Listener, Reply, Ask | None]], wire: Wire, *, at: datetime
) -> int:
    """Puts the messages into the outbox and opens their questions, which know their account, "" for a guest's; how many
    messages. To whom another question is open none may be opened: the caller looked at `free`."""
    rows = [made for _, to, reply, _ in told if (made := row(to, reply, wire, at=at)) is not None]
    if rows:
        await outbox.put(conn, rows, owner=OWNER, lease=0.0)
    asked: dict[bytes, Question] = {}
    for visit, to, _, ask in told:
        if ask is not None and to.free:
            terms = {**ask.terms, "account": visit.account or ""}
            asked.setdefault(to.hash, Question(ask.kind, terms, at, ask.until))
    if asked:
        await accounts.ask(conn, sorted(asked.items()))
    return len(rows)


AFTER = timedelta(hours=24)
"""So long what was asked with a message can be answered."""
