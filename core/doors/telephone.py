"""A reading that a customer tells by telephone (row Q1): an operator writes it down, and it is judged as if the
customer had sent it himself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from asyncpg import Connection

from core.accounts import sql as accounts
from core.accounts.model import SCOPES, Account, Link, Role, Sender
from core.accounts.rights import Proof
from core.answer import companies
from core.basics.facts import dataclass
from core.billing import sql as billing
from core.billing.engine import believing
from core.doors import sql
from core.grammar.world import Asked
from core.importing import cells
from core.importing.cells import Unreadable
from core.inbox import sql as inbox
from core.messages import Accepted, DateUnclear, Reply
from core.metering import sql as metering
from core.metering import verdicts
from core.metering.model import Given, Meter
from core.selfservice import submitting
from core.selfservice.model import AccountFacts, Decision, Facts

FLAG = "phone"
"""What tells such a reading from one that the customer sent."""

Told = Mapping[tuple[int, int], str]
"""What was told of each (meter id, register)."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """A count cannot be one of its meter: why, and what would be; `key` is None where nothing was told at all."""

    key: tuple[int, int] | None
    reason: str
    expected: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What the customer is to be answered. `taken`: the reading is stored, or stands already; `can_confirm`: it is
    taken where he says yes to exactly these counts."""

    reply: Reply
    taken: bool
    can_confirm: bool


class NoCompany(Exception):
    """Nothing is set of the company, so nothing can be judged."""


async def take(
    conn: Connection,
    account_id: int,
    told: Told,
    *,
    on: date | None,
    confirmed: bool,
    by: str,
    at: datetime,
) -> Heard | Unheard | None:
    """Judges the counts, for the end of the day `on` (None: today), and stores them where they are believed or
    `confirmed`; None where there is no such account. The caller owns the transaction.

    :raises NoCompany: nothing is set of the company.
    """
    account = (await accounts.lock(conn, [account_id])).get(account_id)
    if account is None:
        return None
    own, facts = await _facts(conn, account, at)
    given = _given(own.working, told)
    if isinstance(given, Unheard):
        return given
    day = verdicts.reading_day(on, today=own.today)
    if day is None:
        assert on is not None
        return Heard(DateUnclear(on), taken=False, can_confirm=False)
    decision = submitting.judge(given, own, facts, day=day, confirmed=confirmed)
    await _store(conn, account_id, decision, by=by, at=at)
    asks = decision.ask is not None and decision.ask.kind == Asked.CONFIRM
    accepted = decision.reading is not None or (isinstance(decision.reply, Accepted) and decision.reply.repeated)
    return Heard(decision.reply, accepted, asks)


async def _facts(conn: Connection, account: Account, at: datetime) -> tuple[AccountFacts, Facts]:
    """The account as a customer's own message would find it, in the hands of the staff."""
    profile = await accounts.company(conn)
    if profile is None:
        raise NoCompany
    state = (await billing.read_states(conn, [account.id]))[account.id]
    meters = (await metering.meters(conn, [account.id])).get(account.id, ())
    link = Link(account.id, Role.OWNER, SCOPES[Role.OWNER])
    today = at.astimezone(account.zone).date()
    own = AccountFacts(account, link, believing.as_told(meters, state.conditions), state, today)
    sender = Sender(b"", "ru", (link,))
    readings = await metering.of_the_day(conn, [(account.id, own.day_began)])
    tariffs = await billing.tariffs(conn)
    company = companies.of(profile)
    facts = Facts(at, sender, "ru", (own,), tariffs, company, readings=readings, proof=Proof.STAFF)
    return own, facts


def _given(meters: Sequence[Meter], told: Told) -> tuple[Given, ...] | Unheard:
    found: list[Given] = []
    for meter in meters:
        for register in range(1, len(meter.zones) + 1):
            text = told.get((meter.id, register), "").strip()
            if not text:
                continue
            try:
                [value] = cells.counts(text, registers=1, digits=meter.digits, fraction=meter.fraction)
            except Unreadable as error:
                return Unheard((meter.id, register), error.reason, error.expected)
            found.append(Given(meter, register, text.replace(",", "."), value))
    return tuple(found) or Unheard(None, "nothing was told", "a count of at least one meter")


async def _store(conn: Connection, account_id: int, decision: Decision, *, by: str, at: datetime) -> None:
    if decision.reading is not None:
        new = replace(decision.reading, flags=(*decision.reading.flags, FLAG))
        await sql.add_told(conn, account_id, new, author=by, at=at)
    if decision.state is not None:
        await billing.write_states(conn, [decision.state])
    if decision.alarm is not None:
        await inbox.alarm(conn, [(*decision.alarm, at)])
