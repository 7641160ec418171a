"""Tells customers of money that was booked on their accounts, once, in the transaction that books it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import Connection

from core.accounts import rights
from core.accounts import sql as accounts
from core.accounts.model import Account, Link, Sender
from core.accounts.rights import Deed
from core.basics.channel import Channel
from core.basics.periods import DAY
from core.billing import profiles
from core.billing import sql as billing
from core.billing.engine import planning
from core.billing.engine.charging import NoTariff
from core.billing.engine.crediting import credited
from core.billing.engine.penalty import NoPenaltyRate
from core.billing.engine.pricing import NoRate
from core.billing.engine.standing import standing
from core.billing.model import AccountState, Payment, Tariffs
from core.billing.terms import Pack
from core.billing.warning import opens
from core.metering import sql as metering
from core.metering.model import Meter
from core.outbox import noticing
from core.outbox import sql as outbox
from core.outbox.noticing import Recipient, Wire
from core.records import PaymentCame, SumChanged

OWNER = "import"


@dataclass(frozen=True, slots=True)
class Telling:
    """Payments of the last `days` are told; older ones are history that is taken in."""

    wire: Wire
    days: int


async def tell(
    conn: Connection, last: Mapping[int, int], *, today: date, at: datetime, telling: Telling | None
) -> None:
    """Puts a message into the outbox for every phone that may see the sums of an account on which money was booked
    since its fact of that number (`last`); of all payments of an account one message. Not told are phones that want no
    messages, and those that may have gone to somebody else. The accounts are locked, the transaction is the caller's.
    """
    since = None if telling is None or not telling.days else today - telling.days * DAY
    if telling is None or since is None or not last:
        return
    paid = {account: tuple(rows) for account, rows in (await billing.payments(conn, sorted(last))).items()}
    new = {
        account: {one.no for one in rows if one.no > last[account] and one.paid_on >= since}
        for account, rows in paid.items()
    }
    ids = [account for account, numbers in new.items() if numbers]
    if not ids:
        return
    readers = await readers_of(conn, ids, at=at)
    wanted = sorted({link.account_id for _, link in readers})
    told = await _told(conn, wanted, paid, new, at=at) if wanted else {}
    await put(conn, readers, told, at=at, wire=telling.wire)


Readers = Sequence[tuple[Sender, Link]]


async def readers_of(conn: Connection, ids: Sequence[int], *, at: datetime) -> Readers:
    """The phones that may see the sums of these accounts, each with the link that lets it; not those that want no
    messages, and those that may have gone to somebody else."""
    proof, wanted = rights.proof_of(Channel.SMS), frozenset(ids)
    return [
        (sender, link)
        for sender in await accounts.linked(conn, ids, at=at)
        if not sender.opted_out and not sender.stale(at)
        for link in sender.links
        if link.account_id in wanted and rights.allowed(Deed.SHOW_SUMS, link, proof)
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of an account; it is named to phones that have several."""

    account: Account
    reply: PaymentCame | SumChanged


async def put(conn: Connection, readers: Readers, told: Mapping[int, Told], *, at: datetime, wire: Wire) -> int:
    """Puts what is told of each account into the outbox for those of its readers whose keys there still are; how many
    messages. Nobody asked for it, and so it waits for the hours in which he may be told (R28)."""
    found = [
        (row, told[link.account_id].account.zone)
        for sender, link in readers
        if link.account_id in told and (row := _row(sender, link, told[link.account_id], at, wire)) is not None
    ]
    if found:
        await outbox.put(conn, [row for row, _ in found], owner=OWNER, lease=0.0)
        if held := await _held(conn, found, at=at):
            await outbox.hold_back(conn, held)
    return len(found)


async def _held(
    conn: Connection, found: Sequence[tuple[outbox.Row, ZoneInfo]], *, at: datetime
) -> list[tuple[UUID, float]]:
    """The messages whose hour has not come, and for how many seconds each is kept back."""
    company = await accounts.company(conn)
    pack = None if company is None else profiles.profile(company.pack)
    if pack is None:
        return []
    own = await accounts.hours(conn, [row.address_hash for row, _ in found])
    held = []
    for row, zone in found:
        quiet = pack.warnings.quiet.within(*own.get(row.address_hash, (None, None)))
        waits = (opens(at, zone, quiet, pack.calendar.is_off) - at).total_seconds()
        if waits > 0:
            held.append((row.id, waits))
    return held


def _row(sender: Sender, link: Link, told: Told, at: datetime, wire: Wire) -> outbox.Row | None:
    assert sender.customer_id is not None
    assert sender.language is not None
    to = Recipient(sender.hash, sender.customer_id, sender.sealed_key, sender.language)
    account = told.account.tail if len(sender.links) > 1 else None
    return noticing.row(to, replace(told.reply, account=account), at, wire)


async def _told(
    conn: Connection,
    ids: Sequence[int],
    paid: Mapping[int, Sequence[Payment]],
    new: Mapping[int, set[int]],
    *,
    at: datetime,
) -> dict[int, Told]:
    company = await accounts.company(conn)
    pack = None if company is None else profiles.profile(company.pack)
    if pack is None:
        return {}
    known = await accounts.lock(conn, ids)
    claims = await billing.claims(conn, ids)
    stand = partial(_to_pay, tariffs=await billing.tariffs(conn), pack=pack)
    states, meters = await billing.read_states(conn, ids), await metering.meters(conn, ids)
    found: dict[int, Told] = {}
    for id, account in known.items():
        plans = planning.agreed(states[id].conditions, id)
        came = credited(claims.get(id, ()), paid[id], pack.debts, new[id], plans=plans)
        if came is not None:
            today = at.astimezone(account.zone).date()
            to_pay = stand(states[id], meters.get(id, ()), account, today)
            reply = PaymentCame(came.amount, came.months, came.penalty, came.ahead, today, to_pay)
            found[id] = Told(account, reply)
    return found


def _to_pay(
    state: AccountState, meters: Sequence[Meter], account: Account, today: date, *, tariffs: Tariffs, pack: Pack
) -> int | None:
    """What there is to pay now, negative for a credit; None where it cannot be told for want of a tariff."""
    try:
        stands = standing(
            state,
            meters,
            tariffs,
            persons=account.persons,
            today=today,
            rules=pack.estimation,
            late=pack.debts.late,
        )
    except (NoTariff, NoRate, NoPenaltyRate):
        return None
    return stands.to_pay - stands.credit
