"""What the gateway holds of a phone and of a message: the database's own word, for the page and the script."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import Connection, Record

from channels.sms.message import PROVIDER
from core.accounts import rights
from core.accounts import sql as people
from core.accounts.model import Sender
from core.accounts.rights import Deed, Proof
from core.basics.periods import Month
from core.billing import sql as billing
from core.billing.engine import charging
from core.billing.engine.standing import standing
from core.billing.model import AccountState, Standing, Tariffs
from core.metering import expecting
from core.metering import sql as metering
from core.metering.model import Meter, RegisterState
from demo import sql
from demo.sql import Linked

Due = Callable[[Month], date]
"""The last day to pay the bill of a month."""


@dataclass(frozen=True, slots=True)
class RegisterSeen:
    """A register of a meter: its last count as the meter shows it, and a count that would fit now."""

    serial: str
    zone: str
    count: str | None
    on: date | None
    fitting: str


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """An account as it stands: `stands` None where no sum can be told; `facts` is the number of its last fact, `lines`
    how many lines its ledger has, `reads` whether this phone is told sums."""

    number: str
    name: str | None
    role: str
    reads: bool
    registers: tuple[RegisterSeen, ...]
    stands: Standing | None
    facts: int
    lines: int


@dataclass(frozen=True, slots=True)
class QuestionSeen:
    """A question that is open: what kind, the number that a yes would take, and until when."""

    kind: str
    pending: str | None
    choices: int
    until: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that stands of a phone at one moment."""

    accounts: tuple[AccountSeen, ...]
    question: QuestionSeen | None


@dataclass(frozen=True, slots=True)
class ReadingSeen:
    """A register of a reading that a message brought; `no` is the fact's number in its account."""

    no: int
    serial: str
    zone: str
    count: str
    on: date
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerSeen:
    """An answer in the outbox. `reference` is the carrier's name for it; `receipts` are (state, how often told)."""

    id: UUID
    kind: str
    state: str
    attempt: int
    segments: int
    locale: str
    reference: str | None
    code: str | None
    receipts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class MessageSeen:
    """What a message brought about: how it was understood and how it ended, the facts it added, the answer."""

    id: int
    received_at: datetime
    command: str
    fate: str
    reason: str
    account: str | None
    readings: tuple[ReadingSeen, ...]
    withdrawn: int | None
    answer: AnswerSeen | None


@dataclass(frozen=True, slots=True)
class Ended:
    """How a message ended, for a list of many: `answered_by` is the carrier's name for the answer."""

    received_at: datetime
    fate: str
    reason: str
    answered_by: str | None
    state: str | None


async def snapshot(conn: Connection, phone_hash: bytes, *, at: datetime, due: Due) -> Snapshot:
    """What stands of the phone with this hash; an unknown phone has no accounts."""
    sender = (await people.senders(conn, [phone_hash], at=at))[phone_hash]
    links = await sql.linked(conn, phone_hash)
    ids = [link.id for link in links]
    states = await billing.read_states(conn, ids)
    meters = await metering.meters(conn, ids)
    tariffs = await billing.tariffs(conn)
    lines = await sql.ledger_lines(conn, ids)
    accounts = tuple(
        _account(link, sender, states[link.id], meters.get(link.id, ()), tariffs, at=at, due=due, lines=lines[link.id])
        for link in links
    )
    return Snapshot(accounts, await _question(conn, phone_hash, at))


async def message(conn: Connection, reference: str) -> MessageSeen | None:
    """What the carrier's message of that name brought about; None where it is not on record."""
    row = await sql.message(conn, PROVIDER, reference)
    if row is None:
        return None
    readings: tuple[ReadingSeen, ...] = ()
    withdrawn = None
    if row["account_id"] is not None:
        found = await sql.readings_of(conn, row["account_id"], row["id"])
        readings = tuple(_reading(one) for one in found)
        taken_back = await sql.withdrawal_of(conn, row["account_id"], row["id"])
        withdrawn = None if taken_back is None else taken_back["reading_no"]
    answer = None if row["outbound_id"] is None else await _answer(conn, row["outbound_id"])
    return MessageSeen(
        row["id"], row["received_at"], row["command"], row["fate"], row["reason"], row["number"], readings, withdrawn,
        answer,
    )  # fmt: skip


async def ended(conn: Connection, references: Sequence[str]) -> dict[str, Ended]:
    """How the carrier's messages of these names ended; those not on record are missing."""
    if not references:
        return {}
    return {
        row["reference"]: Ended(row["received_at"], row["fate"], row["reason"], row["answered_by"], row["state"])
        for row in await sql.answers(conn, PROVIDER, references)
    }


def _account(
    link: Linked,
    sender: Sender,
    state: AccountState,
    meters: Sequence[Meter],
    tariffs: Tariffs,
    *,
    at: datetime,
    due: Due,
    lines: int,
) -> AccountSeen:
    today = at.astimezone(ZoneInfo(link.timezone)).date()
    try:
        stands = standing(state, meters, tariffs, persons=link.persons, today=today, due=due)
    except charging.NoTariff:
        stands = None
    return AccountSeen(
        number=link.number,
        name=link.name,
        role=link.role,
        reads=any(
            rights.allowed(Deed.SHOW_SUMS, one, Proof.NUMBER) for one in sender.links if one.account_id == link.id
        ),
        registers=tuple(
            one for meter in expecting.standing(tuple(meters), today) for one in _seen(meter, state, today)
        ),
        stands=stands,
        facts=state.fact_no,
        lines=lines,
    )


def _seen(meter: Meter, state: AccountState, today: date) -> list[RegisterSeen]:
    found = []
    for register, zone in enumerate(meter.zones, 1):
        last = state.registers.get((meter.id, register), RegisterState(())).last
        count = None if last is None else expecting.shown(meter, last.value)
        fitting = expecting.example(meter, register, state.registers, day=today)
        found.append(RegisterSeen(meter.serial, zone, count, None if last is None else last.day, fitting))
    return found


def _reading(row: Record) -> ReadingSeen:
    whole, rest = divmod(row["value"], 1000)
    count = str(whole).zfill(row["digits"]) + (f",{rest:03d}".rstrip("0") if rest else "")
    return ReadingSeen(row["no"], row["serial"], row["zone"], count, row["day"], tuple(row["flags"]))


async def _answer(conn: Connection, outbound_id: UUID) -> AnswerSeen | None:
    row = await sql.outgoing(conn, outbound_id)
    if row is None:
        return None
    return AnswerSeen(
        row["id"], row["kind"], row["state"], row["attempt"], row["segments"], row["locale"], row["reference"],
        row["code"], tuple(await sql.receipts(conn, outbound_id)),
    )  # fmt: skip


async def _question(conn: Connection, phone_hash: bytes, at: datetime) -> QuestionSeen | None:
    found = await sql.question(conn, phone_hash)
    if found is None or found[2] <= at:
        return None
    kind, text, until = found
    terms = json.loads(text)
    return QuestionSeen(kind, terms.get("pending"), len(terms.get("choices", ())), until)
