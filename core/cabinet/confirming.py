"""A person who is logged in confirms something with a code that goes to a phone (R34, T7, T10).

The codes are those of logins: six digits, ten minutes, five guesses, one use, the same limits and the same budget. Each
is bound to the login that asked for it and to what it confirms, so that no code opens anything else.
"""

import hmac
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from asyncpg import Connection

from core.accounts.linking import sql as linking
from core.basics import phone as phones
from core.basics.facts import dataclass
from core.cabinet import sql
from core.cabinet.entering import BUDGET, LOST, OWNER, Door, code_digest, keyed
from core.cabinet.model import DIGITS, PER_NETWORK, PER_PHONE, Person
from core.inbox import sql as inbox
from core.messages import Reply
from core.outbox import noticing
from core.outbox import sql as outbox
from core.outbox.noticing import Recipient, Wire


class Sent(StrEnum):
    """Whether a code went out. COUNTRY: phones of that country get none; TOO_MANY: the limits are used up."""

    SENT = "sent"
    COUNTRY = "country"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Matter:
    """What a code confirms: who asks, the kind of thing, and which one."""

    person: Person
    kind: str
    about: str = ""

    def mark(self, door: Door) -> bytes:
        """By what the code is found again: of each login, kind and thing another."""
        return keyed(door, b"confirm", f"{self.person.session} {self.kind} {self.about}".encode())


async def send(
    conn: Connection,
    matter: Matter,
    phone: str,
    said: Callable[[str], Reply],
    *,
    network: str,
    door: Door,
    wall: datetime,
    at: datetime,
    wire: Wire,
) -> Sent:
    """Sends a code to the phone, which may be in nobody's keeping; `said` makes the message of the code. The caller
    owns the transaction."""
    if phones.country(phone) not in door.countries:
        return Sent.COUNTRY
    digest, net = wire.keyring.phone_hash(phone), keyed(door, b"network", network.encode())
    await sql.lock(conn, [digest, net])
    asking = await sql.asking(conn, digest, net, wall=wall, at=at)
    within = asking.of_phone < PER_PHONE and asking.of_network < PER_NETWORK
    used = await linking.spend(conn, BUDGET if within else LOST, at=wall)
    if within and used == door.codes_per_hour + 1:
        await inbox.alarm(conn, [("budget spent", "budget of logins", at)])
    if not within or used > door.codes_per_hour:
        return Sent.TOO_MANY
    code = f"{int.from_bytes(wire.chance(16)) % 10**DIGITS:0{DIGITS}}"
    mark = matter.mark(door)
    await sql.add_code(conn, mark, digest, net, code_digest(door, mark, digest, code), at=wall)
    row = _row(matter.person, phone, asking, said(code), at, wire)
    await outbox.put(conn, [row._replace(class_="reply")] if row else [], owner=OWNER, lease=0.0)
    return Sent.SENT


def _row(person: Person, phone: str, asking: sql.Asking, reply: Reply, at: datetime, wire: Wire) -> outbox.Row | None:
    """The message to a phone; one that is in nobody's keeping is written to under the person's key."""
    digest, sender = wire.keyring.phone_hash(phone), person.sender
    if asking.customer_id is not None:
        to = Recipient(digest, asking.customer_id, asking.sealed_key, asking.language or "ru")
        return noticing.row(to, reply, at, wire)
    return stranger(person, sender.customer_id or 0, sender.sealed_key, phone, reply, at, wire)


def stranger(
    person: Person, customer_id: int, key: bytes | None, phone: str, reply: Reply, at: datetime, wire: Wire
) -> outbox.Row | None:
    """A message to a phone that is in nobody's keeping, under the key of this customer, in the person's language."""
    to = Recipient(wire.keyring.phone_hash(phone), customer_id, key, person.sender.language or "ru")
    row = noticing.row(to, reply, at, wire)
    if row is None or key is None:
        return None
    return row._replace(address=wire.keyring.customer(key).seal(phone.encode(), purpose=b"phone"))


async def given(conn: Connection, matter: Matter, phone_hash: bytes, code: str, *, door: Door, wall: datetime) -> bool:
    """Whether it is the code that went to this phone for this matter; it is used by that. Each guess is counted, which
    the caller has to commit whatever comes of it."""
    mark = matter.mark(door)
    found = await sql.guess(conn, mark, at=wall)
    if found is None:
        return False
    code_id, sent_to, kept = found
    if sent_to != phone_hash or not hmac.compare_digest(kept, code_digest(door, mark, phone_hash, code)):
        return False
    return await sql.use_code(conn, code_id, at=wall)
