"""A person logs in with a code that goes to his phone (R34, T7, T10), and out again. The caller owns the transaction.

Codes and logins go by the time of the world, `wall`; what the phone is linked to by the company's, `at`.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from asyncpg import Connection, Record

from core.accounts.linking import sql as linking
from core.accounts.model import Account, Sender
from core.accounts.sql import link_of
from core.basics import phone as phones
from core.basics import tokens
from core.basics.channel import Channel
from core.basics.facts import dataclass
from core.basics.sealing import Keyring
from core.bookings import telling
from core.cabinet import sql
from core.cabinet.model import (
    DEVICE,
    DIGITS,
    GUEST_PER_DAY,
    GUESTS_PER_DAY,
    PER_NETWORK,
    PER_PHONE,
    Holding,
    Login,
    Person,
)
from core.inbox import sql as inbox
from core.logins import LoginCode, VisitCode
from core.outbox import noticing
from core.outbox import sql as outbox
from core.outbox.noticing import Recipient, Wire

log = structlog.get_logger()

OWNER = "cabinet"
BUDGET, LOST, VISITS = "logins", "lost logins", "visits"


@dataclass(frozen=True, slots=True)
class Door:
    """What logins rest on: the cabinet's own secret, the countries whose phones may log in, and how many codes the
    company pays for within an hour."""

    secret: bytes
    countries: frozenset[str]
    codes_per_hour: int


async def ask_code(
    conn: Connection,
    phone: str,
    *,
    browser: str,
    network: str,
    door: Door,
    wall: datetime,
    at: datetime,
    wire: Wire,
    by_chat: bool = False,
    guest: str | None = None,
) -> None:
    """Sends a code to the phone, or with `by_chat` into the chat that is bound to it, where it is linked to an account,
    its country is allowed, and neither limit nor budget is used up. Nothing tells the caller which it was, and as many
    statements are run either way.

    `phone` is E.164; `browser` is what the asking browser holds. `guest` is the language in which a phone that is
    linked to nothing gets a code too, for visits alone, with limits and a budget of its own; None: it gets none.
    """
    digest = wire.keyring.phone_hash(phone)
    net = keyed(door, b"network", network.encode())
    await sql.lock(conn, [digest, net])
    asking = await sql.asking(conn, digest, net, wall=wall, at=at)
    known = asking.linked and asking.sealed_key is not None
    visits = guest is not None and not known
    within = asking.of_phone < PER_PHONE and asking.of_network < PER_NETWORK
    if visits:
        within = within and asking.of_guest < GUEST_PER_DAY and asking.of_guests < GUESTS_PER_DAY
    spends = within and (known or visits) and phones.country(phone) in door.countries
    budget = VISITS if visits else BUDGET
    used = await linking.spend(conn, budget if spends else LOST, at=wall)
    sends = spends and used <= door.codes_per_hour
    if spends and used == door.codes_per_hour + 1:
        await inbox.alarm(conn, [("budget spent", f"budget of {budget}", at)])
    code = f"{int.from_bytes(wire.chance(16)) % 10**DIGITS:0{DIGITS}}"
    held = tokens.token_digest(browser)
    kept = code_digest(door, held, digest, code, visits=visits) if sends else wire.chance(32)
    sealed = wire.keyring.installation.seal(phone.encode(), purpose=b"phone") if visits else None
    if within:
        await sql.add_code(conn, held, digest, net, kept, at=wall, phone=sealed)
    row = None
    if sends and sealed is not None:
        guest_ = telling.Listener(0, digest, None, None, guest or "", sealed, free=False)
        row = telling.row(guest_, VisitCode(code), wire, at=at)
    elif sends:
        to = Recipient(digest, asking.customer_id or 0, asking.sealed_key, asking.language or "ru")
        row = noticing.row(to, LoginCode(code), at, wire)
    rows = [into_chat(row._replace(class_="reply"), asking, wire, by_chat=by_chat)] if row else []
    await outbox.put(conn, rows, owner=OWNER, lease=0.0)


def into_chat(row: outbox.Row, asking: sql.Asking, wire: Wire, *, by_chat: bool) -> outbox.Row:
    """The message for the chat that is bound to its phone, where that is wished and there is one."""
    if not by_chat or asking.chat is None or asking.sealed_key is None:
        return row
    keyring = wire.keyring
    kept = keyring.customer(asking.chat_key) if asking.chat_key else keyring.installation
    chat = kept.open(asking.chat, purpose=b"chat")
    return row._replace(
        channel=Channel.TELEGRAM, address=keyring.customer(asking.sealed_key).seal(chat, purpose=b"phone")
    )


GUESTS = 60
"""So many readings a day are taken from the guests of one network."""


async def guest_may(conn: Connection, network: str, *, door: Door, wall: datetime) -> bool:
    """Whether one more reading is taken from a guest of this network, which is counted whatever becomes of it."""
    return await may_again(conn, keyed(door, b"guests", network.encode()), GUESTS, wall=wall)


async def may_again(conn: Connection, digest: bytes, most: int, *, wall: datetime) -> bool:
    """Whether what is named by the digest may be done once more today, which is counted whatever becomes of it."""
    await sql.lock(conn, [digest])
    tried = await linking.tries(conn, digest, at=wall)
    counted = replace(tried, neutral=min(tried.neutral + 1, most + 1))
    await linking.keep_tries(conn, digest, counted)
    return counted.neutral <= most


async def enter(conn: Connection, code: str, *, browser: str, device: str, door: Door, wall: datetime) -> str | None:
    """The token of a new login, where it is the code that went to the phone for this browser; None where it is not,
    whatever is wrong. Each guess is counted at once, before it is judged: no transaction may be open."""
    found = await sql.guess(conn, tokens.token_digest(browser), at=wall)
    if found is None:
        return None
    code_id, phone_hash, kept = found
    if not hmac.compare_digest(kept, code_digest(door, tokens.token_digest(browser), phone_hash, code)):
        return None
    async with conn.transaction():
        if not await sql.use_code(conn, code_id, at=wall):
            return None
        return await begin(conn, phone_hash, device=device, wall=wall)


async def begin(conn: Connection, phone_hash: bytes, *, device: str, wall: datetime) -> str | None:
    """The token of a new login of this phone; None where the phone is in nobody's keeping."""
    token = tokens.new_token()
    named = "".join(one for one in device if one.isprintable())[:DEVICE]
    if not await sql.begin(conn, tokens.token_digest(token), phone_hash, named, at=wall):
        return None
    log.info("cabinet.entered")
    return token


async def person(conn: Connection, token: str, *, wall: datetime, at: datetime, keyring: Keyring) -> Person | None:
    """Who is logged in with this token; None where nobody is, any more, or his customer was erased."""
    return person_of(await sql.person(conn, tokens.token_digest(token), wall=wall, at=at), keyring)


def person_of(rows: Sequence[Record], keyring: Keyring) -> Person | None:
    """The person of these rows, one for each of his links; None where there are none, or his customer was erased."""
    if not rows or rows[0]["data_key"] is None:
        return None
    first = rows[0]
    links = tuple(link_of(row["account_id"], row["role"], row["extra"], row["name"]) for row in rows if row["role"])
    sender = Sender(
        first["hash"], first["language"], links, first["customer_id"], first["data_key"], first["opted_out"],
        first["proven_at"], first["bounced"],
    )  # fmt: skip
    accounts = [
        Account(row["account_id"], row["number"], ZoneInfo(row["timezone"]), row["currency"], row["persons"])
        for row in rows
        if row["role"]
    ]
    return Person(
        session=first["session"],
        phone=keyring.customer(first["data_key"]).open(first["sealed"], purpose=b"phone").decode(),
        sender=sender,
        holdings=tuple(Holding(account, link) for account, link in zip(accounts, links, strict=True)),
        begun_at=first["begun_at"],
        tariff=first["tariff"],
    )


async def leave(conn: Connection, token: str, *, wall: datetime) -> None:
    """Ends the login of this token."""
    await sql.end(conn, tokens.token_digest(token), at=wall)


async def leave_one(conn: Connection, person_: Person, session: int, *, wall: datetime) -> None:
    """Ends one of the person's logins."""
    await sql.end_one(conn, person_.sender.hash, session, at=wall)


async def leave_everywhere(conn: Connection, phone_hash: bytes, *, wall: datetime) -> None:
    """Ends all logins of the phone."""
    await sql.end_all(conn, phone_hash, at=wall)


async def logins(conn: Connection, person_: Person, *, wall: datetime) -> tuple[Login, ...]:
    """The person's logins that are open, the latest first."""
    rows = await sql.open_logins(conn, person_.sender.hash, at=wall)
    return tuple(Login(*row) for row in rows)


def code_digest(door: Door, browser: bytes, phone_hash: bytes, code: str, *, visits: bool = False) -> bytes:
    """What is kept of a code; `browser` is the digest of who may give it. One for visits opens no cabinet."""
    return keyed(door, b"visit" if visits else b"code", browser + phone_hash + code.encode())


def keyed(door: Door, purpose: bytes, value: bytes) -> bytes:
    """A digest of the value that nobody else can make, another for each purpose."""
    return hashlib.sha256(hmac.digest(door.secret, purpose + b"\0" + value, "sha256")).digest()
