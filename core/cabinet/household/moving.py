"""A person's new phone takes the place of his old one: it shows with a code that it is his, the old one is told and may
stop it for a day (R35; the table of what a number alone may authorise).

At the end the links, with their roles and names, are the new phone's, all logins and programs of the old one end, and
its contracts with them: they are about that number, and a new one is signed for the new.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from asyncpg import Connection, Record

from core.accounts import sql as accounts
from core.accounts.household import sql
from core.accounts.household.model import MOVES, WAITS, Move, MoveEnded
from core.accounts.linking import sql as linking
from core.accounts.linking.model import EndedLink, NewLink
from core.accounts.model import SCOPES
from core.accounts.sql import link_of
from core.basics import phone as phones
from core.basics.channel import Channel
from core.basics.facts import dataclass
from core.basics.ids import uuid7
from core.cabinet import confirming, entering
from core.cabinet import sql as cabinet
from core.cabinet.confirming import Matter, Sent
from core.cabinet.entering import Door, keyed
from core.cabinet.household.inviting import put, tell_managers
from core.cabinet.model import Person
from core.cabinet.tokens import actions as tokens
from core.households import MoveBegun, MoveCode, MovedAway, MovedHere, MoveStopped
from core.outbox import noticing
from core.outbox import sql as outbox
from core.outbox.noticing import Recipient, Wire

KIND = "phone"
AT_ONCE = 20
"""So many changes are done in one look."""


class Trouble(StrEnum):
    """Why no code was sent to the new phone."""

    PHONE = "phone"
    OWN = "own"
    COUNTRY = "country"
    TOO_MANY = "too_many"
    BEGUN = "begun"


@dataclass(frozen=True, slots=True)
class Coming:
    """A change that waits: the new number, whole, for its person gave it; and when it is done."""

    phone: str
    ripe_at: datetime


async def ask(
    conn: Connection,
    person: Person,
    told: str,
    *,
    network: str,
    door: Door,
    wall: datetime,
    at: datetime,
    wire: Wire,
) -> Trouble | str:
    """Sends a code to the new phone; its number in E.164, or why none was sent. Whether the phone is known to the
    company, nobody learns. In a transaction."""
    phone = phones.parse(told.strip())
    if phone is None:
        return Trouble.PHONE
    if phone == person.phone:
        return Trouble.OWN
    if await sql.move_of(conn, person.sender.hash) is not None:
        return Trouble.BEGUN
    if not await entering.may_again(conn, keyed(door, b"moves", person.sender.hash), MOVES, wall=wall):
        return Trouble.TOO_MANY
    matter = Matter(person, KIND, phone)
    sent = await confirming.send(conn, matter, phone, MoveCode, network=network, door=door, wall=wall, at=at, wire=wire)
    return phone if sent is Sent.SENT else Trouble(sent.value)


async def begin(
    conn: Connection,
    person: Person,
    phone: str,
    code: str,
    *,
    door: Door,
    wall: datetime,
    at: datetime,
    wire: Wire,
    zone: ZoneInfo,
) -> bool:
    """Begins to wait, where it is the code that went to the new phone; the old one, and its chat, are told. The guess
    counts whatever comes of it: the caller commits. False where the code is wrong, or a change waits already."""
    old, new = person.sender.hash, wire.keyring.phone_hash(phone)
    if not await confirming.given(conn, Matter(person, KIND, phone), new, code, door=door, wall=wall):
        return False
    await cabinet.lock(conn, [old])
    if await sql.move_of(conn, old) is not None:
        return False
    customer, key = person.sender.customer_id, person.sender.sealed_key
    assert customer is not None, "who logs in is in somebody's keeping"
    assert key is not None, "of an erased customer nobody logs in"
    ripe_at = at + WAITS
    sealed = wire.keyring.customer(key).seal(phone.encode(), purpose=b"phone")
    await sql.begin_move(conn, old, new, customer_id=customer, sealed=sealed, at=at, ripe_at=ripe_at)
    told = MoveBegun(phones.tail(phone), ripe_at.astimezone(zone))
    row = noticing.row(_self(person), told, at, wire)
    asking = await cabinet.asking(conn, old, old, wall=wall, at=at)
    await put(conn, [row, *_also_by_chat(row, asking, at, wire)])
    return True


def _self(person: Person) -> Recipient:
    sender = person.sender
    return Recipient(sender.hash, sender.customer_id or 0, sender.sealed_key, sender.language or "ru")


def _also_by_chat(row: outbox.Row | None, asking: cabinet.Asking, at: datetime, wire: Wire) -> tuple[outbox.Row, ...]:
    """The same for the chat that is bound to the phone: who has taken the phone has not taken that too."""
    if row is None:
        return ()
    there = entering.into_chat(row._replace(id=uuid7(at, wire.chance(10))), asking, wire, by_chat=True)
    return (there,) if there.channel is Channel.TELEGRAM else ()


async def coming(conn: Connection, person: Person, *, wire: Wire) -> Coming | None:
    """The person's change of phone that waits."""
    found = await sql.move_of(conn, person.sender.hash)
    if found is None or found.sealed_key is None:
        return None
    return Coming(_number(found, wire), found.ripe_at)


def _number(move: Move, wire: Wire) -> str:
    assert move.sealed_key is not None, "asked before"
    return wire.keyring.customer(move.sealed_key).open(move.sealed, purpose=b"phone").decode()


async def stop(conn: Connection, person: Person, *, at: datetime, wire: Wire) -> bool:
    """Leaves the old phone in its place and tells it so; False where nothing waits."""
    await cabinet.lock(conn, [person.sender.hash])
    found = await sql.move_of(conn, person.sender.hash)
    if found is None or not await sql.end_move(conn, found.id, MoveEnded.STOPPED, at=at):
        return False
    await put(conn, [noticing.row(_self(person), MoveStopped(), at, wire)])
    return True


async def look(conn: Connection, wire: Wire, *, at: datetime, wall: datetime) -> int:
    """Does the changes that nobody stopped in time, each in a transaction of its own; how many there were. No
    transaction may be open."""
    found = await sql.ripe(conn, at=at, limit=AT_ONCE)
    for move in found:
        async with conn.transaction():
            await _do(conn, move, wire, at=at, wall=wall)
    return len(found)


async def _do(conn: Connection, move: Move, wire: Wire, *, at: datetime, wall: datetime) -> None:
    """One change: first the phones, then the accounts, in the order in which a message of the old phone locks them."""
    await cabinet.lock(conn, [move.old_hash])
    still = await sql.move_of(conn, move.old_hash)
    if still is None or still.id != move.id:
        return
    await accounts.lock(conn, [row["account_id"] for row in await sql.held(conn, move.old_hash, move.new_hash)])
    held = await sql.held(conn, move.old_hash, move.new_hash)
    done = bool(held) and move.sealed_key is not None
    await sql.end_move(conn, move.id, MoveEnded.DONE if done else MoveEnded.VOID, at=at)
    if not done:
        return
    phone = _number(move, wire)
    await linking.add_phone(
        conn, move.new_hash, customer_id=move.customer_id, sealed=move.sealed, language=move.language, at=at
    )
    await sql.after_move(conn, move.old_hash, move.new_hash, at=at)
    await _links(conn, move, held, at=at)
    await accounts.drop_questions(conn, [move.old_hash])
    await entering.leave_everywhere(conn, move.old_hash, wall=wall)
    await tokens.end_all(conn, move.old_hash, wall=wall)
    await _tell(conn, move, phone, held, at=at, wire=wire)


async def _links(conn: Connection, move: Move, held: Sequence[Record], *, at: datetime) -> None:
    """Ends the links of the old phone, and makes them the new one's, where that has none that allows more."""
    ended = [EndedLink(row["account_id"], move.old_hash, "phone changed") for row in held]
    new: list[NewLink] = []
    for row in held:
        link = link_of(row["account_id"], row["role"], row["extra"], row["name"])
        if row["new_role"] is not None:
            if link_of(link.account_id, row["new_role"], row["new_extra"], None).scopes >= link.scopes:
                continue
            ended.append(EndedLink(link.account_id, move.new_hash, "linked anew"))
        extra = link.scopes - SCOPES[link.role]
        new.append(NewLink(link.account_id, move.new_hash, link.role, f"moved {move.id}", extra, link.name))
    await linking.end_links(conn, ended, at=at)
    await linking.add_links(conn, new, at=at)


async def _tell(conn: Connection, move: Move, phone: str, held: Sequence[Record], *, at: datetime, wire: Wire) -> None:
    """The old phone hears of it once more, the new one that it is so, and those who manage the accounts of whom they
    have there now."""
    old = Recipient(move.old_hash, move.customer_id, move.sealed_key, move.language)
    known = await sql.invitee(conn, move.new_hash, held[0]["account_id"], at=at)
    new = Recipient(move.new_hash, known.customer_id or 0, known.sealed_key, known.language or move.language)
    await put(conn, [noticing.row(old, MovedAway(phones.tail(phone)), at, wire),
                     noticing.row(new, MovedHere(), at, wire)])  # fmt: skip
    for row in held:
        scopes = link_of(row["account_id"], row["role"], row["extra"], None).scopes
        tail = ".." + row["number"][-4:]
        await tell_managers(conn, row["account_id"], move.new_hash, phone, tail, scopes, at=at, wire=wire)
