"""Contracts are prepared, signed and revoked, and consents written down. The caller owns the transaction."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from asyncpg import Connection

from core.accounts import rights
from core.accounts import sql as accounts
from core.accounts.linking import sql as linking
from core.accounts.linking.model import EndedLink
from core.accounts.model import SCOPES, Scope
from core.basics import phone as phones
from core.basics.facts import dataclass
from core.basics.sealing import Keyring
from core.contracts import rules, sql, texts
from core.contracts.model import (
    TERMS,
    Bar,
    Consent,
    Contract,
    Document,
    How,
    Paper,
    Reason,
    Refused,
    Scan,
    State,
    Topic,
    Wanted,
)
from core.contracts.sql import Holder
from core.contracts.standing import sql as standing
from core.grammar.world import Asked
from core.introductions import ContractEnded, ContractTaken, PhoneLinked
from core.outbox import noticing
from core.outbox import sql as outbox
from core.outbox.noticing import Recipient, Wire

OWNER = "staff"
SEALED_FOR = b"contract"
SCANNED_FOR = b"contract scan"
REVOKED = "contract revoked"
REPLACED = "new contract"


@dataclass(frozen=True, slots=True)
class Person:
    """For whom a contract may be made: his account, his name and the language of his phones where they are known."""

    account_id: int
    number: str
    holder: str | None
    language: str | None


async def person(conn: Connection, account_id: int, *, keyring: Keyring) -> Person | None:
    """Who holds the account; None where there is no such account."""
    found = await sql.holder(conn, account_id)
    if found is None:
        return None
    name = None
    if found.data_key is not None and found.name_sealed is not None:
        name = keyring.customer(found.data_key).open(found.name_sealed, purpose=b"name").decode()
    return Person(found.account_id, found.number, name, found.language)


async def account(conn: Connection, number: str) -> int:
    """The id of the account with the number, 0 where there is none."""
    return await linking.account(conn, number.strip().upper())


async def prepare(
    conn: Connection, account_id: int, wanted: Wanted, *, by: str, at: datetime, keyring: Keyring
) -> Contract:
    """A contract as it is printed to be signed: it has a number, and nothing follows from it yet.

    :raises Refused: something in it cannot be, there is no such account, its customer was erased, or no company.
    """
    found, company = await sql.holder(conn, account_id), await accounts.company(conn)
    if found is None or found.data_key is None or company is None:
        raise Refused("no_account", "there is no such account, or its customer was erased", "account")
    right = rules.check(wanted, today=at.astimezone(ZoneInfo(found.timezone)).date())
    known = texts.read()
    version = known.version(right.dated, right.language)
    contract_id = await sql.next_id(conn)
    blanks = texts.blanks(right, number=_number(contract_id), account=found.number, company=company, texts=known)
    sealer = keyring.customer(found.data_key)
    new = sql.New(
        id=contract_id,
        holder=found,
        phone_hash=keyring.phone_hash(right.phone),
        role=right.role,
        extra=right.extra,
        topics=right.topics,
        dated=right.dated,
        document=right.document,
        version=version,
        language=right.language,
        text_hash=texts.digest(known.printed(version, right.language, blanks)),
        sealed=sealer.seal(sql.packed(blanks, right.document_tail), purpose=SEALED_FOR),
    )
    await sql.prepare(conn, new, at=at, by=by)
    return await _one(conn, contract_id)


async def sign(conn: Connection, contract_id: int, *, by: str, at: datetime, wire: Wire) -> Contract:
    """The contract holds from now on: its phone is linked with its role and scopes, greeted, and the phones that manage
    the account are told; consents count from the day on the paper. What is signed already stays as it is.

    :raises Refused: there is no such contract, it was revoked, or its customer was erased.
    """
    contract, found = await _locked(conn, contract_id)
    if contract.state is State.REVOKED or found.data_key is None:
        raise Refused("revoked", f"contract {contract.number} was revoked, or its customer erased")
    if not await sql.sign(conn, contract.id, at=at, by=by):
        return contract
    sealer = wire.keyring.customer(found.data_key)
    kept = await sql.kept(conn, contract.id)
    blanks, _ = sql.unpacked(sealer.open(kept.blanks, purpose=SEALED_FOR))
    number, language = blanks["phone"], kept.language
    sealed = sealer.seal(number.encode(), purpose=b"phone")
    await linking.add_phone(
        conn, contract.phone_hash, customer_id=found.customer_id, sealed=sealed, language=language, at=at
    )
    await _linked(conn, contract, at=at)
    said = Consent(
        Topic.NEWS, True, How.CONTRACT, by, rules.since(contract.dated, zone=ZoneInfo(found.timezone), at=at)
    )
    topics = sorted(contract.topics)
    await sql.consent(conn, contract.phone_hash, contract.account_id, topics, said, contract_id=contract.id, at=at)
    await _tell(conn, contract, found, number, at=at, wire=wire)
    return await _one(conn, contract.id)


async def take(conn: Connection, account_id: int, wanted: Wanted, *, by: str, at: datetime, wire: Wire) -> Contract:
    """A contract that lies signed on the table: prepared and signed at once.

    :raises Refused: as for `prepare` and `sign`.
    """
    prepared = await prepare(conn, account_id, wanted, by=by, at=at, keyring=wire.keyring)
    return await sign(conn, prepared.id, by=by, at=at, wire=wire)


async def revoke(
    conn: Connection, contract_id: int, reason: Reason, words: str, *, on: date, by: str, at: datetime, wire: Wire
) -> Contract:
    """The contract holds no more since that day (now, where it is today): its phone is off the account, and gets no
    legal notice. What was revoked already stays as it is. One that was only prepared cannot be signed any more.

    :raises Refused: there is no such contract, the day is before it or to come, or OTHER comes without words.
    """
    contract, found = await _locked(conn, contract_id)
    zone = ZoneInfo(found.timezone)
    if not contract.dated <= on <= at.astimezone(zone).date():
        raise Refused("ended_on", f"a contract of {contract.dated} ends on a day from then to today", "on")
    if reason is Reason.OTHER and not words.strip():
        raise Refused("ended_words", "say in words why the contract is revoked", "words")
    if len(words) > rules.LONGEST * 2 or not words.isprintable():
        raise Refused("ended_words", "the words fit one line of two hundred signs", "words")
    since = rules.since(on, zone=zone, at=at)
    sealer = wire.keyring.customer(found.data_key) if found.data_key else wire.keyring.installation
    sealed = sealer.seal(words.strip().encode(), purpose=SEALED_FOR) if words.strip() else None
    if not await sql.end(conn, contract.id, reason, sealed, since=since, at=at, by=by):
        return contract
    if await sql.unlink(conn, contract, REVOKED, since=since, at=at):
        to = await _recipient(conn, contract.phone_hash)
        await _put(conn, [noticing.row(to, ContractEnded(found.tail), at, wire)])
    return await _one(conn, contract.id)


async def scan(conn: Connection, contract_id: int, picture: bytes, *, by: str, at: datetime, keyring: Keyring) -> str:
    """Keeps a picture of the signed contract; its SHA-256, hexadecimal. The same picture is kept once.

    :raises Refused: there is no such contract, its customer was erased, or it is no PDF, JPEG or PNG of at most 5 MiB.
    """
    kind = rules.kind_of(picture)
    contract, found = await _locked(conn, contract_id)
    if found.data_key is None:
        raise Refused("erased", f"the customer of contract {contract.number} was erased")
    digest = hashlib.sha256(picture).digest()
    sealed = keyring.customer(found.data_key).seal(picture, purpose=SCANNED_FOR)
    await sql.add_scan(conn, contract.id, Scan(0, kind, len(picture), digest, at, by), sealed)
    return digest.hex()


async def picture(conn: Connection, contract_id: int, scan_id: int, *, keyring: Keyring) -> tuple[str, bytes] | None:
    """The kind and the bytes of a scan, as they came; None where there is none, or its customer was erased.

    :raises ValueError: it is not what was kept.
    """
    found = await sql.picture(conn, contract_id, scan_id)
    if found is None or found[3] is None:
        return None
    kind, digest, sealed = found[:3]
    plain = keyring.customer(found[3]).open(sealed, purpose=SCANNED_FOR)
    if hashlib.sha256(plain).digest() != digest:
        raise ValueError(f"scan {scan_id} is not what was kept")
    return kind, plain


async def one(conn: Connection, contract_id: int) -> Contract | None:
    """How the contract stands; None where there is none."""
    return await sql.one(conn, contract_id)


async def numbered(conn: Connection, number: str) -> Contract:
    """The contract with the number, such as SMS-000017.

    :raises Refused: there is none.
    """
    contract_id = await sql.numbered(conn, number.strip().upper())
    return await _one(conn, contract_id or 0)


async def of_account(conn: Connection, account_id: int, *, before: int, most: int) -> list[Contract]:
    """The contracts of an account with ids below `before`, the latest first."""
    return await sql.of_account(conn, account_id, before=before, most=most)


async def of_day(conn: Connection, day: date, *, before: int, most: int) -> list[Contract]:
    """The contracts dated that day with ids below `before`, the latest first."""
    return await sql.of_day(conn, day, before=before, most=most)


async def show(conn: Connection, contract_id: int, *, keyring: Keyring, full: bool) -> Paper:
    """The contract with its text and all that belongs to it; not `full`: of the phone its last four digits only.

    :raises Refused: there is no such contract.
    """
    contract = await _one(conn, contract_id)
    kept = await sql.kept(conn, contract.id)
    named: dict[str, str] = {}
    tail, words, text, sound = None, None, None, False
    if kept.data_key is not None:
        sealer = keyring.customer(kept.data_key)
        named, tail = sql.unpacked(sealer.open(kept.blanks, purpose=SEALED_FOR))
        words = None if kept.words is None else sealer.open(kept.words, purpose=SEALED_FOR).decode()
        known = texts.read()
        sound = texts.digest(known.printed(kept.version, kept.language, named)) == kept.text_hash
        named = named if full else named | {"phone": phones.tail(named["phone"])}
        text = known.printed(kept.version, kept.language, named)
    return Paper(
        contract=contract,
        document=Document(kept.document),
        version=kept.version,
        language=kept.language,
        text_hash=kept.text_hash,
        person=named.get("person"),
        phone=named.get("phone"),
        document_tail=tail,
        words=words,
        text=text,
        sound=sound,
        scans=await sql.scans(conn, contract.id),
        consents=await sql.consents(conn, contract.phone_hash, contract.account_id),
    )


async def consent(
    conn: Connection, contract_id: int, topic: Topic, *, given: bool, how: How, on: date, by: str, at: datetime
) -> None:
    """Writes down what the person of a contract says of a topic, told here (PAGE) or on a paper of that day (PAPER).

    :raises Refused: there is no such contract, it does not hold, its role is not told of the topic, or the day is to
        come or too long ago.
    """
    contract, found = await _locked(conn, contract_id)
    zone = ZoneInfo(found.timezone)
    terms, today = TERMS[topic], at.astimezone(zone).date()
    if contract.state is not State.IN_FORCE and given:
        raise Refused("not_in_force", f"contract {contract.number} does not hold")
    if terms.scope is not None and terms.scope not in SCOPES[contract.role] | contract.extra and given:
        raise Refused("topic", f"a {contract.role} is not told: {topic}", "topic")
    if not today - rules.OLDEST <= on <= today or (how is How.PAGE and on != today):
        raise Refused("dated", "a paper is written down within a year, and not before its day", "on")
    said = Consent(topic, given, how, by, rules.since(on, zone=zone, at=at))
    await sql.consent(conn, contract.phone_hash, contract.account_id, [topic], said, contract_id=None, at=at)


async def bars(
    conn: Connection, asked: Sequence[tuple[bytes, int]], topic: Topic, *, at: datetime
) -> tuple[Bar | None, ...]:
    """Why each (phone hash, account) may not be told of the topic at that time, None where it may: in one statement, by
    all that is on record now.

    :raises KeyError: NEWS, which is no topic of its own.
    """
    return tuple(rules.bar(topic, one) for one in await standing.of(conn, asked, topic, at=at))


async def may_be_told(conn: Connection, phone_hash: bytes, account_id: int, topic: Topic, *, at: datetime) -> bool:
    """Whether the phone may be told of the topic for the account, unasked (126-ФЗ ст. 44.1)."""
    [found] = await bars(conn, [(phone_hash, account_id)], topic, at=at)
    return found is None


async def _one(conn: Connection, contract_id: int) -> Contract:
    found = await sql.one(conn, contract_id)
    if found is None:
        raise Refused("nobody", "there is no such contract")
    return found


async def _locked(conn: Connection, contract_id: int) -> tuple[Contract, Holder]:
    """The contract and its account, which is locked: texts of its phones wait."""
    contract = await _one(conn, contract_id)
    await accounts.lock(conn, [contract.account_id])
    found = await sql.holder(conn, contract.account_id)
    assert found is not None, "accounts stay"
    return await _one(conn, contract_id), found


async def _linked(conn: Connection, contract: Contract, *, at: datetime) -> None:
    """Makes the one link of the phone to the account. A code that was sent for a weaker link is worth nothing now."""
    ended = EndedLink(contract.account_id, contract.phone_hash, REPLACED)
    await linking.end_links(conn, [ended], at=at)
    await sql.link(conn, contract, at=at)
    open_now = await linking.question(conn, contract.phone_hash)
    if open_now is not None and open_now.kind == Asked.CODE:
        await accounts.drop_questions(conn, [contract.phone_hash])


async def _tell(conn: Connection, contract: Contract, found: Holder, number: str, *, at: datetime, wire: Wire) -> None:
    """Greets the phone, and tells those that manage the account (ruling 24: NOT ME takes the phone off again)."""
    reads = Scope.READ in SCOPES[contract.role] | contract.extra
    told = PhoneLinked(found.tail, phones.tail(number), asks=False, reads=reads)
    named = await linking.named(conn, contract.account_id, contract.phone_hash, managing=rights.managing(), at=at)
    others = named.owners if named else ()
    rows = [
        noticing.row(Recipient(to.hash, to.customer_id, to.sealed_key, to.language), told, at, wire) for to in others
    ]
    greeted = noticing.row(
        await _recipient(conn, contract.phone_hash), ContractTaken(found.tail, reads=reads), at, wire
    )
    await _put(conn, [greeted, *rows])


async def _recipient(conn: Connection, phone_hash: bytes) -> Recipient:
    kept = await sql.phone(conn, phone_hash)
    assert kept is not None, "a phone that was linked"
    customer_id, key, language, _ = kept
    return Recipient(phone_hash, customer_id, key, language)


async def _put(conn: Connection, rows: Sequence[outbox.Row | None]) -> None:
    said = [one for one in rows if one is not None]
    if said:
        await outbox.put(conn, said, owner=OWNER, lease=0.0)


def _number(contract_id: int) -> str:
    return f"SMS-{contract_id:06}"


async def own_words(conn: Connection, phone_hash: bytes, account_id: int) -> tuple[Consent, ...]:
    """The last word of the phone on each topic, of this account, and on NEWS altogether."""
    return await sql.consents(conn, phone_hash, account_id)


async def say(conn: Connection, phone_hash: bytes, account_id: int, topic: Topic, *, given: bool, at: datetime) -> None:
    """Writes down what the person himself says of a topic on a page on which he is known.

    :raises Refused: NEWS, which is said by STOP and START; or a topic that only a contract gives is given here.
    """
    if topic not in TERMS or (given and TERMS[topic].contract):
        raise Refused("topic", f"{topic} is not given on a page", "topic")
    said = Consent(topic, given, How.PAGE, "", at)
    await sql.consent(conn, phone_hash, account_id, [topic], said, contract_id=None, at=at)
