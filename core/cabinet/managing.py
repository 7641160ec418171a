"""Who else has his phone on an account: shown to its owner, who may take one off. The caller owns the transaction."""

from datetime import datetime

from asyncpg import Connection, Record

from core.accounts import sql as accounts
from core.accounts.linking import sql as linking
from core.accounts.linking.model import EndedLink
from core.accounts.model import Account, Role, Scope
from core.accounts.sql import link_of
from core.basics import phone as basic_phones
from core.basics.facts import dataclass
from core.cabinet import sql
from core.cabinet.entering import OWNER
from core.cabinet.model import Person
from core.introductions import RemovedYou
from core.outbox import noticing
from core.outbox import sql as outbox
from core.outbox.noticing import Recipient, Wire


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone of the account as its owner sees it: of another's the end of its `number`; `own`: it is his."""

    id: int
    number: str
    role: Role
    scopes: frozenset[Scope]
    since: datetime
    own: bool


async def phones(conn: Connection, person: Person, account_id: int, *, wire: Wire) -> tuple[Phone, ...]:
    """The phones that are linked to the account now; one whose customer was erased is left out."""
    return tuple(
        Phone(
            row["id"],
            _number(row, wire, own=row["phone_hash"] == person.sender.hash),
            Role(row["role"]),
            link_of(account_id, row["role"], row["extra"], None).scopes,
            row["valid_from"],
            row["phone_hash"] == person.sender.hash,
        )
        for row in await sql.links(conn, account_id)
        if row["data_key"] is not None
    )


def _number(row: Record, wire: Wire, *, own: bool) -> str:
    """One's own number; of another his end."""
    number = wire.keyring.customer(row["data_key"]).open(row["sealed"], purpose=b"phone").decode()
    return number if own else basic_phones.tail(number)


async def take_off(
    conn: Connection, person: Person, account: Account, link_id: int, *, at: datetime, wire: Wire
) -> bool:
    """Takes another phone off the account and tells it so; False where there is no such phone, or it is the person's
    own, who leaves by NOT ME."""
    await accounts.lock(conn, [account.id])
    rows = [row for row in await sql.links(conn, account.id) if row["id"] == link_id]
    if not rows or rows[0]["phone_hash"] == person.sender.hash:
        return False
    gone = rows[0]
    await linking.end_links(conn, [EndedLink(account.id, gone["phone_hash"], "owner denied")], at=at)
    await accounts.drop_questions(conn, [gone["phone_hash"]])
    to = Recipient(gone["phone_hash"], gone["customer_id"], gone["data_key"], gone["language"])
    told = noticing.row(to, RemovedYou(account.tail), at, wire)
    if told is not None:
        await outbox.put(conn, [told], owner=OWNER, lease=0.0)
    return True
