"""Who else has his phone on an account: shown to its owner, who may take one off. The caller owns the transaction."""

from datetime import datetime

from asyncpg import Connection, Record

from core.accounts import sql as accounts
from core.accounts.household import sql as household
from core.accounts.household.model import Hours, may_give
from core.accounts.linking import sql as linking
from core.accounts.linking.model import EndedLink, NewLink
from core.accounts.model import SCOPES, Account, Role, Scope
from core.accounts.sql import link_of
from core.basics import phone as basic_phones
from core.basics.facts import dataclass
from core.cabinet import sql
from core.cabinet.entering import OWNER
from core.cabinet.model import Person
from core.households import RightsChanged
from core.introductions import RemovedYou
from core.outbox import noticing
from core.outbox import sql as outbox
from core.outbox.noticing import Recipient, Wire

CHANGED = "owner changed"
"""Why a link ended whose rights the owner changed, and by what the one after it came about."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone of the account as its owner sees it: of another's the end of its `number`; `own`: it is his. `fixed`: its
    rights stand in a contract, or are an owner's, and are changed by a contract alone."""

    id: int
    number: str
    role: Role
    scopes: frozenset[Scope]
    since: datetime
    own: bool
    fixed: bool = False


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
            _fixed(row),
        )
        for row in await sql.links(conn, account_id)
        if row["data_key"] is not None
    )


def _fixed(row: Record) -> bool:
    return str(row["evidence"]).startswith("contract ") or Role(row["role"]) is Role.OWNER


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


async def give(
    conn: Connection,
    person: Person,
    account: Account,
    link_id: int,
    role: str,
    extra: frozenset[Scope],
    *,
    at: datetime,
    wire: Wire,
) -> bool:
    """Lets another phone of the account do this from now on, and tells it so; False where there is no such phone, it is
    the person's own or an owner's, its rights stand in a contract, or such rights are not his to give."""
    if role not in list(Role) or not may_give(Role(role), extra):
        return False
    await accounts.lock(conn, [account.id])
    rows = [row for row in await sql.links(conn, account.id) if row["id"] == link_id]
    if not rows or rows[0]["phone_hash"] == person.sender.hash or _fixed(rows[0]):
        return False
    row = rows[0]
    before = link_of(account.id, row["role"], row["extra"], None).scopes
    link = NewLink(account.id, row["phone_hash"], Role(role), CHANGED, extra, row["name"])
    await linking.end_links(conn, [EndedLink(account.id, link.phone_hash, CHANGED)], at=at)
    await linking.add_links(conn, [link], at=at)
    await household.drop_grant(conn, person.sender.hash, link.phone_hash, account.number)
    scopes = SCOPES[Role(role)] | extra
    if scopes != before:
        to = Recipient(row["phone_hash"], row["customer_id"], row["data_key"], row["language"])
        told = noticing.row(to, RightsChanged(account.tail, Scope.READ in scopes), at, wire)
        await outbox.put(conn, [told] if told else [], owner=OWNER, lease=0.0)
    return True


async def set_hours(conn: Connection, person: Person, wanted: Hours | None) -> None:
    """Keeps the hours in which the person wants to be told what he did not ask for; None: whenever the company may."""
    await household.set_hours(conn, person.sender.hash, wanted)
