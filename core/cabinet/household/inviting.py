"""An owner shares his account with another phone, which accepts by SMS or in the cabinet (ruling 22, T7).

The caller owns the transaction.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from asyncpg import Connection

from core.accounts import rights
from core.accounts import sql as accounts
from core.accounts.household import sql
from core.accounts.household.model import INVITATIONS, INVITED_FOR, Ended, Invitation, Invitee, may_give
from core.accounts.linking import sql as linking
from core.accounts.linking.model import EndedLink, NewLink
from core.accounts.model import SCOPES, Account, Question, Role, Scope
from core.basics import phone as phones
from core.basics.facts import dataclass
from core.cabinet import confirming
from core.cabinet.entering import OWNER, Door
from core.cabinet.model import Person
from core.contracts import sql as contracts
from core.households import Invited
from core.introductions import PhoneLinked
from core.outbox import noticing
from core.outbox import sql as outbox
from core.outbox.noticing import Recipient, Wire
from core.selfservice.model import Pending

DAY = timedelta(days=1)


class Trouble(StrEnum):
    """Why nobody was invited."""

    PHONE = "phone"
    OWN = "own"
    COUNTRY = "country"
    LINKED = "linked"
    RIGHTS = "rights"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Told:
    """An invitation that is open, as whom it concerns sees it: `phone` is the other's number, whole to the owner who
    gave it, its end to the invited."""

    id: int
    account: str
    phone: str
    role: Role
    scopes: frozenset[Scope]
    until: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """Whom an owner wants to invite: the phone as he wrote it, as what, and what beyond the role."""

    phone: str
    role: str
    extra: frozenset[Scope]


async def invite(
    conn: Connection, person: Person, account: Account, wish: Wish, *, door: Door, at: datetime, wire: Wire
) -> Trouble | None:
    """Invites the phone, in place of an earlier invitation, and tells it so; or why not. Whether the phone is known to
    the company, the inviter does not learn (T8)."""
    phone = phones.parse(wish.phone.strip())
    if phone is None:
        return Trouble.PHONE
    if wish.role not in list(Role) or not may_give(Role(wish.role), wish.extra):
        return Trouble.RIGHTS
    if phone == person.phone:
        return Trouble.OWN
    if phones.country(phone) not in door.countries:
        return Trouble.COUNTRY
    await accounts.lock(conn, [account.id])
    digest = wire.keyring.phone_hash(phone)
    to = await sql.invitee(conn, digest, account.id, at=at)
    if to.linked:
        return Trouble.LINKED
    if await sql.invited_since(conn, account.id, at - DAY) >= INVITATIONS:
        return Trouble.TOO_MANY
    found = await contracts.holder(conn, account.id)
    if found is None or found.data_key is None:
        return Trouble.RIGHTS
    holder = (found.customer_id, found.data_key)
    role, until = Role(wish.role), at + INVITED_FOR
    made = await sql.invite(
        conn, account.id, digest, customer_id=holder[0],
        sealed=wire.keyring.customer(holder[1]).seal(phone.encode(), purpose=b"phone"),
        role=role, extra=wish.extra, by=person.sender.hash, at=at, until=until,
    )  # fmt: skip
    # A phone that can log in keeps the question that is open to it; of one that cannot, nothing is lost that it cannot
    # say again.
    asks = to.free or not to.enters
    tail, reads = phones.tail(person.phone), Scope.READ in SCOPES[role] | wish.extra
    reply = Invited(account.tail, tail, reads, asks)
    row = _row(person, to, digest, phone, holder, reply, at, wire)
    await outbox.put(conn, [row] if row else [], owner=OWNER, lease=0.0)
    if asks:
        terms = {
            "account": account.number,
            "invitation": made,
            "phone": tail,
            "reads": reads,
            "tongue": _tongue(person),
        }
        await accounts.ask(conn, [(digest, Question(Pending.INVITED, terms, at, until))])
    return None


def _tongue(person: Person) -> str:
    return person.sender.language or "ru"


def _row(
    person: Person, to: Invitee, digest: bytes, phone: str, holder: tuple[int, bytes], reply: Invited, at: datetime,
    wire: Wire,
) -> outbox.Row | None:  # fmt: skip
    if to.customer_id is None:
        return confirming.stranger(person, *holder, phone, reply, at, wire)
    return noticing.row(Recipient(digest, to.customer_id, to.sealed_key, to.language or "ru"), reply, at, wire)


async def sent(conn: Connection, account_id: int, *, at: datetime, wire: Wire) -> tuple[Told, ...]:
    """The invitations to the account that are open; of a customer who was erased none."""
    return tuple(
        Told(one.id, one.account, _opened(one.sealed, one.sealed_key, wire), one.role, one.scopes, one.until)
        for one in await sql.of_account(conn, account_id, at=at)
        if one.sealed_key is not None
    )


async def received(conn: Connection, person: Person, *, at: datetime, wire: Wire) -> tuple[Told, ...]:
    """The accounts that others want to share with the person."""
    return tuple(
        Told(one.id, one.tail, _inviter(one, wire), one.role, one.scopes, one.until)
        for one in await sql.of_phone(conn, person.sender.hash, at=at)
    )


def _inviter(one: Invitation, wire: Wire) -> str:
    if one.by_sealed is None or one.by_key is None:
        return ""
    return phones.tail(_opened(one.by_sealed, one.by_key, wire))


def _opened(sealed: bytes, key: bytes | None, wire: Wire) -> str:
    assert key is not None, "asked before"
    return wire.keyring.customer(key).open(sealed, purpose=b"phone").decode()


async def withdraw(conn: Connection, account: Account, invitation_id: int, *, at: datetime) -> bool:
    """Takes an invitation to the account back; False where it is none, or open no more."""
    await accounts.lock(conn, [account.id])
    found = await sql.one(conn, invitation_id, at=at)
    if found is None or found.account_id != account.id:
        return False
    await sql.drop_invited(conn, found.phone_hash, found.id)
    return await sql.end(conn, found.id, Ended.WITHDRAWN, at=at)


async def answer(
    conn: Connection, person: Person, invitation_id: int, *, takes: bool, at: datetime, wire: Wire
) -> bool:
    """The person takes an account that is shared with him, or does not; False where the invitation is none of his, or
    open no more. Those who manage the account are told of the new phone (ruling 24)."""
    before = await sql.one(conn, invitation_id, at=at)
    if before is None or before.phone_hash != person.sender.hash:
        return False
    await accounts.lock(conn, [before.account_id])
    found = await sql.one(conn, invitation_id, at=at)
    if found is None or not await sql.end(conn, found.id, Ended.ACCEPTED if takes else Ended.DECLINED, at=at):
        return False
    await sql.drop_invited(conn, person.sender.hash, found.id)
    if takes:
        await _take(conn, person, found, at=at, wire=wire)
    return True


async def _take(conn: Connection, person: Person, found: Invitation, *, at: datetime, wire: Wire) -> None:
    me = person.sender.hash
    await linking.end_links(conn, [EndedLink(found.account_id, me, "linked anew")], at=at)
    link = NewLink(found.account_id, me, found.role, f"invited {found.id}", found.extra)
    await linking.add_links(conn, [link], at=at)
    await tell_managers(conn, found.account_id, me, person.phone, found.tail, found.scopes, at=at, wire=wire)


async def tell_managers(
    conn: Connection,
    account_id: int,
    phone_hash: bytes,
    phone: str,
    tail: str,
    scopes: frozenset[Scope],
    *,
    at: datetime,
    wire: Wire,
) -> None:
    """Tells the other phones that manage the account that this one is linked to it."""
    named = await linking.named(conn, account_id, phone_hash, managing=rights.managing(), at=at)
    told = PhoneLinked(tail, phones.tail(phone), asks=False, reads=Scope.READ in scopes)
    rows = [
        noticing.row(Recipient(to.hash, to.customer_id, to.sealed_key, to.language), told, at, wire)
        for to in (named.owners if named else ())
    ]
    await put(conn, rows)


async def put(conn: Connection, rows: Sequence[outbox.Row | None]) -> None:
    """Puts messages into the outbox; None are those of customers who were erased."""
    said = [one for one in rows if one is not None]
    if said:
        await outbox.put(conn, said, owner=OWNER, lease=0.0)
