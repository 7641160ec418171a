"""Keeps the evidence of official warnings, and does what follows from it. The caller owns transactions where nothing
else is said."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import Connection, Record
from cryptography.exceptions import InvalidTag

from core.accounts import sql as accounts
from core.accounts.model import stale
from core.basics.sealing import Keyring, Sealer
from core.billing import profiles
from core.billing.terms import Pack
from core.billing.warning import closes
from core.contracts import actions as contracts
from core.contracts.model import Topic
from core.inbox import sql as inbox
from core.noticed import NoticeWithdrawn
from core.notices import chatting, letters
from core.notices.model import SYSTEM, Kind, Notice, Person, Refused, Why
from core.notices.warnings import chain, founding, gate, protecting, sql, standing
from core.notices.warnings.model import Case, Premise, Row, What
from core.outbox import noticing
from core.outbox import sql as outbox
from core.outbox.noticing import Recipient, Wire

OWNER = "warnings"
SEALED_FOR = b"evidence"
LETTER_WANTED = "letter wanted"
"""The alarm that becomes a task: a warning has to go by letter."""

CHUNK = 500

Entry = tuple[int, What, datetime, Mapping[str, Any], int | None]
"""Evidence to be added: the warning, what it is, when, its body, and the receipt (or the step of a message) that it
is."""

_ENDED = ("sent", "delivered", "undelivered")
_LOST = ("undelivered", "failed", "expired")
_IN_DOUBT = ("disowned", "stale")
"""Why it goes by letter at once: phone and chat may be another's."""


async def begin(
    conn: Connection, notice: Notice, said: Sequence[tuple[Person, str, UUID]], wire: Wire, *, at: datetime
) -> None:
    """The first five rows of the chain of each warning that was just worded."""
    facts, years = await sql.facts(conn, [one.id for one, _, _ in said]), (await standing.pack(conn)).limitation
    entries: list[Entry] = []
    for one, text, outbound in said:
        rows = founding.rows(notice, one, text, outbound, facts[one.id], wire, years=years, at=at)
        entries += [(one.id, what, at, body, None) for what, body in rows]
    await append(conn, entries, wire.keyring)


async def append(conn: Connection, entries: Sequence[Entry], keyring: Keyring) -> None:
    """Adds evidence behind what there is, in this order; of an erased customer nothing is added."""
    if not entries:
        return
    heads = await sql.heads(conn, sorted({one[0] for one in entries}))
    rows: list[sql.New] = []
    ends: dict[int, tuple[int, bytes]] = {}
    for id, what, at, told, source in entries:
        length, head, key = heads[id]
        if key is None:
            continue
        length, head = ends.get(id, (length, head))
        body = chain.body_bytes(told)
        row = chain.following(head, length + 1, what, at, body)
        sealed = keyring.customer(key).seal(body, purpose=SEALED_FOR)
        kept = (None, source) if what is What.ATTEMPT else (source, None)
        rows.append(sql.New(id, row.no, row.what, at, sealed, row.digest, row.previous, row.hash, *kept))
        ends[id] = (row.no, row.hash)
    await sql.append(conn, rows, ends)


async def case(conn: Connection, number: int, *, keyring: Keyring) -> Case:
    """The warning with all its evidence.

    :raises Refused: there is no warning of that number.
    """
    found = await sql.case(conn, number)
    if found is None:
        raise Refused(Why.UNKNOWN, f"there is no warning {number}")
    sealer = keyring.customer(found["data_key"]) if found["data_key"] else None
    rows = tuple(
        Row(no, What(what), at, opened(body, sealer) if sealer else None, *hashes)
        for no, what, at, body, *hashes in await sql.rows(conn, number)
    )
    kind, law = Kind(found["kind"]), await standing.pack(conn)
    return Case(
        number=number, notice_id=found["notice_id"], kind=kind, account_id=found["account_id"],
        account=found["number"], customer=found["customer"], zone=ZoneInfo(found["timezone"]),
        terms=law.warnings.of(kind, found["customer"]), rows=rows, head=found["head"], length=found["length"],
    )  # fmt: skip


def opened(body: bytes, sealer: Sealer) -> dict[str, Any]:
    """What a row of evidence says; nothing where it was damaged, which its hash then shows."""
    try:
        told: dict[str, Any] = json.loads(sealer.open(body, purpose=SEALED_FOR))
    except InvalidTag:
        return {}
    return told


async def missing(conn: Connection, number: int, *, day: date, keyring: Keyring) -> tuple[Premise, ...]:
    """What a disconnection on the day lacks; nothing where the gate is open.

    :raises Refused: there is no warning of that number.
    """
    of = await case(conn, number, keyring=keyring)
    return gate.missing(of, await standing.today(conn, of, day))


async def order(conn: Connection, number: int, *, by: str, at: datetime, keyring: Keyring) -> Case:
    """Orders a disconnection today; the order and its premises stand in the chain.

    :raises Refused: a premise is missing; it is named.
    """
    of = await _locked(conn, number, keyring)
    now = await standing.today(conn, of, at.astimezone(of.zone).date())
    lacking = gate.missing(of, now)
    if lacking:
        names = ", ".join(lacking)
        raise Refused(Why.PREMISE, f"no disconnection by warning {number}: {names}", premises=names)
    body = {
        "by": by, "day": now.day.isoformat(), "stated": now.stated, "overdue": now.overdue,
        "premises": [str(one) for one in Premise], "disputed": now.disputed and now.disputed.isoformat(),
        "protections": protecting.told(await sql.protections(conn, of.account_id)),
    }  # fmt: skip
    await append(conn, [(number, What.ORDER, at, body, None)], keyring)
    return await case(conn, number, keyring=keyring)


async def post_letter(
    conn: Connection, number: int, *, receipt: str, on: date, received: bool, by: str, at: datetime, keyring: Keyring
) -> None:
    """The letter of a warning was given to the post on that day under the number of its receipt, or, `received`, came
    back signed for.

    :raises Refused: no number, or a day that is to come or before the warning.
    """
    of = await _locked(conn, number, keyring)
    said = of.first(What.TEXT)
    if not receipt.strip() or len(receipt) > 40 or not receipt.isprintable():
        raise Refused(Why.LETTER, "the number of the post's receipt is wanted, in one line")
    if said is None or not said.at.astimezone(of.zone).date() <= on <= at.astimezone(of.zone).date():
        raise Refused(Why.LETTER, "the day lies between the warning and today")
    if received and of.first(What.POSTED) is None:
        raise Refused(Why.LETTER, "a letter that was not posted cannot be received")
    noon = datetime.combine(on, datetime.min.time(), of.zone) + timedelta(hours=12)
    body = {"receipt": receipt.strip(), "on": on.isoformat(), "by": by, "on_day": noon.isoformat()}
    await append(conn, [(number, What.RECEIVED if received else What.POSTED, at, body, None)], keyring)


async def _locked(conn: Connection, number: int, keyring: Keyring) -> Case:
    """The warning, its account locked, so that no payment or text changes it meanwhile."""
    found = await sql.case(conn, number)
    if found is not None:
        await accounts.lock(conn, [found["account_id"]])
        await sql.lock(conn, number)
    return await case(conn, number, keyring=keyring)


async def follow(conn: Connection, wire: Wire, *, at: datetime, chats: bool = False) -> int:
    """Takes receipts into the chains, and does what time and payments bring about, in transactions of its own; how many
    warnings moved. One process at a time does. `chats`: what an SMS did not bring goes on to the person's chat."""
    moved = await _receipts(conn, wire)
    profile = await accounts.company(conn)
    if profile is None:
        return moved
    pack, after = profiles.profile(profile.pack), 0
    while True:
        async with conn.transaction():
            rows = await sql.look(conn, after=after, limit=CHUNK, years=pack.limitation) if await sql.turn(conn) else []
            for row in rows:
                moved += await _moved(conn, row, pack, wire, chats=chats, at=at)
        if not rows:
            return moved
        after = rows[-1]["id"]


async def _receipts(conn: Connection, wire: Wire) -> int:
    count = 0
    while True:
        async with conn.transaction():
            mine = await sql.turn(conn)
            steps = await sql.steps(conn, CHUNK) if mine else []
            rows = await sql.callbacks(conn, CHUNK) if mine else []
            entries = [_step(row) for row in steps] + [_callback(row, wire.keyring) for row in rows]
            await append(conn, entries, wire.keyring)
        count += len(rows)
        if max(len(rows), len(steps)) < CHUNK:
            return count


def _step(row: Record) -> Entry:
    """One attempt is as many rows as it had states: begun, and what came of it."""
    body = {
        "outbound": str(row["outbound_id"]), "channel": row["channel"], "attempt": row["attempt"],
        "state": row["state"], "reference": row["reference"], "code": row["code"],
    }  # fmt: skip
    return row["recipient_id"], What.ATTEMPT, row["at"], body, row["id"]


def _callback(row: Record, keyring: Keyring) -> Entry:
    try:
        raw = keyring.installation.open(row["raw"], purpose=b"report")
    except InvalidTag:
        raw = b"unreadable"
    body = {
        "raw": raw.decode("utf-8", "backslashreplace"), "raw_sha256": hashlib.sha256(raw).hexdigest(),
        "received_at": row["received_at"].isoformat(), "reference": row["reference"], "state": row["state"],
        "code": row["code"], "outbound": str(row["outbound_id"]), "signature": "verified",
    }  # fmt: skip
    return row["recipient_id"], What.CALLBACK, row["received_at"], body, row["id"]


async def _moved(conn: Connection, row: Record, pack: Pack, wire: Wire, *, chats: bool, at: datetime) -> bool:
    """Adds what became of one warning since the last look."""
    id, terms = row["id"], pack.warnings.of(row["kind"], row["customer"])
    entries: list[Entry] = []
    sent = delivered = letter = ended = None
    if row["sent_at"] is None and row["state"] in _ENDED:
        sent = row["first_report"] or at
        entries.append((id, What.SENT, sent, {"reference": row["reference"], "attempt": row["attempt"]}, None))
    if row["delivered_at"] is None and row["state"] == "delivered":
        delivered = row["delivered_report"] or at
        entries.append((id, What.DELIVERED, delivered, {"reference": row["reference"]}, None))
    if row["disowned"] and not row["disputed"]:
        entries.append((id, What.DISPUTED, at, {"why": "not me"}, None))
    if row["chat_state"] in _ENDED and not row["chat_sent"]:
        entries.append((id, What.CHAT_SENT, at, {"reference": row["chat_reference"]}, None))
    why = _letter(row, terms.letter_hours, delivered is not None, at)
    if row["letter_at"] is None and why:
        first = row["chat_at"] is None and why not in _IN_DOUBT
        into_chat = await _into_chat(conn, row, pack, wire, why, at=at) if first and chats else ()
        letter = at if into_chat == () else None
        if (into_chat or letter) and row["chat_at"] is None and row["state"] in _LOST:
            entries.append((id, What.UNDELIVERED, at, {"state": row["state"], "code": row["code"]}, None))
        entries += into_chat or ()
        if letter:
            entries.append((id, What.LETTER, at, await _letter_body(conn, row, why, wire), None))
            await inbox.alarm(conn, [(LETTER_WANTED, row["account"], at)])
    if row["protections"] > row["protected"]:
        entries += await _protected(conn, row, at=at)
    if row["debt"] <= 0:
        ended = at
        entries += await _withdrawn(conn, row, wire, at=at)
    await append(conn, entries, wire.keyring)
    await sql.set_times(conn, [(id, sent, delivered, letter, ended)] if entries else [])
    return bool(entries)


def _letter(row: Record, hours: int, delivered: bool, at: datetime) -> str | None:
    """Why a warning has to go by another way, None where it has not (reliability.md section 3, consequence 2)."""
    if row["disowned"]:
        return "disowned"
    if stale(row["proven_at"], row["bounced"], at=row["worded_at"]):
        return "stale"
    if row["delivered_at"] is not None or delivered or row["acknowledged_at"] is not None:
        return None
    if row["chat_at"] is not None:
        if row["chat_state"] in _LOST:
            return "not in the chat"
        return "not acknowledged" if at - row["chat_at"] >= timedelta(hours=hours) else None
    if row["state"] in _LOST:
        return "undelivered"
    return "no receipt" if at - row["worded_at"] >= timedelta(hours=hours) else None


async def _letter_body(conn: Connection, row: Record, why: str, wire: Wire) -> dict[str, str]:
    """Why a letter is wanted, and what it says: worded once, and only printed later."""
    company = await accounts.company(conn)
    if company is None or row["data_key"] is None:
        return {"why": why}
    of = await case(conn, row["id"], keyring=wire.keyring)
    if chain.broken_at(of) is not None:
        return {"why": why}
    text = letters.worded(of, company, wire.words)
    return {"why": why, "text": text, "sha256": hashlib.sha256(text.encode()).hexdigest()}


async def _into_chat(
    conn: Connection, row: Record, pack: Pack, wire: Wire, why: str, *, at: datetime
) -> tuple[Entry, ...] | None:
    """Puts the same words before the person's chat, with the button by which he says that he has read them; what is
    written down of that. Nothing where there is no chat, or he has not agreed to it; None in his quiet hours."""
    if row["chat"] is None or row["data_key"] is None or not chatting.may(pack):
        return ()
    told = (row["phone_hash"], row["account_id"])
    if await contracts.bars(conn, [told], Topic.LEGAL_CHAT, at=at) != (None,):
        return ()
    quiet = pack.warnings.quiet.within(row["told_from"], row["told_till"])
    until = closes(at, ZoneInfo(row["timezone"]), quiet, pack.calendar.is_off)
    if until is None:
        return None
    said = chatting.message(row, wire, at=at, until=until, code=row["own_code"])
    if said is None:
        return ()
    await outbox.by_chat(conn, [said])
    await sql.chatted(conn, row["id"], at=at, outbound=said.id)
    body = {
        "why": why, "outbound": str(said.id), "sha256": row["body_hash"].hex(), "bound": row["chat_evidence"],
        "bound_at": row["bound_at"].isoformat(),
    }  # fmt: skip
    return ((row["id"], What.CHAT, at, body, None),)


async def _protected(conn: Connection, row: Record, *, at: datetime) -> list[Entry]:
    """The facts that protect the supply, or do no more, and that stand in no row yet."""
    facts = await sql.protections(conn, row["account_id"])
    return [(row["id"], What.PROTECTED, at, body, None) for body in protecting.told(facts)[row["protected"] :]]


async def _withdrawn(conn: Connection, row: Record, wire: Wire, *, at: datetime) -> list[Entry]:
    """The debt is paid: the warning is withdrawn, an order cancelled, and the customer told so (row J13)."""
    day = at.astimezone(ZoneInfo(row["timezone"])).date()
    entries: list[Entry] = [(row["id"], What.WITHDRAWN, at, {"why": "paid", "day": day.isoformat()}, None)]
    if row["ordered"]:
        entries.append((row["id"], What.CANCELLED, at, {"why": "paid", "by": SYSTEM}, None))
    to = Recipient(row["phone_hash"], row["customer_id"], row["data_key"], row["language"])
    told = NoticeWithdrawn(row["id"], day, court=row["kind"] == Kind.COURT)
    said = noticing.row(to, told, at, wire)
    if said is not None and not row["disowned"]:
        await outbox.put(conn, [said], owner=OWNER, lease=0.0)
    return entries
