"""What billing does to the database: deriving states, closing a month, taking in claims and payments."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from asyncpg import Connection

from core.accounts import sql as accounts
from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing import posting, sql
from core.billing.booking import sql as booking
from core.billing.booking.sql import EntryRow
from core.billing.debts import sql as debts
from core.billing.engine import closing, deriving, paying, presence, statement, timely
from core.billing.engine.charging import NoTariff
from core.billing.engine.deriving import Facts
from core.billing.engine.kept import Kept, kept_of
from core.billing.engine.pricing import NoRate
from core.billing.engine.statement import Statement
from core.billing.estimation import Estimation
from core.billing.model import AccountState, Claim, ClaimKind, Ledger, Payment, PaymentKind, Tariffs
from core.billing.months import sql as months
from core.billing.months.actions import Ordinaries
from core.billing.months.turns import Turn, in_turn
from core.billing.sql import ChargeRow, ClaimRow, PaymentRow
from core.inbox import sql as inbox
from core.metering import sql as metering
from core.metering.model import Meter, Point

CHUNK = 200
"""Accounts in one transaction (performance.md, rule 8): texts of its customers wait for it."""

Progress = Callable[[int, int], None]
"""Told after each chunk is committed: the accounts done, and all there are."""


class NotEnded(Exception):
    """The month still runs on the day on which its bills were to be issued; nothing was written."""

    def __init__(self, month: Month, issued_on: date) -> None:
        super().__init__(f"{month} has not ended on {issued_on}: it can be closed from {month.next.first} on")


@dataclass(frozen=True, slots=True)
class Closed:
    """What came of closing a month, in however many runs: accounts seen, bills and recalculations issued, and what they
    demand in kopecks.
    `caught_up` accounts got the bills of months left out before as well; `failed` ones got none, for they have days
    without a tariff."""

    accounts: int = 0
    bills: int = 0
    recalculations: int = 0
    amount: int = 0
    caught_up: int = 0
    failed: int = 0

    def __add__(self, other: "Closed") -> "Closed":
        return Closed(
            self.accounts + other.accounts,
            self.bills + other.bills,
            self.recalculations + other.recalculations,
            self.amount + other.amount,
            self.caught_up + other.caught_up,
            self.failed + other.failed,
        )


@dataclass(frozen=True, slots=True)
class Posted:
    """How many payments were taken in, and how many were on record already."""

    new: int
    known: int


@dataclass(frozen=True, slots=True)
class NewClaim:
    """A claim that another system made, kopecks; `external_id` is its name there, the agent's own over all accounts."""

    account_id: int
    month: Month
    amount: int
    due_on: date
    issued_on: date
    agent: str = ""
    external_id: str | None = None


async def rebuild(conn: Connection, account_ids: Sequence[int], *, chunk: int = CHUNK) -> int:
    """Derives the states of the accounts from their facts and writes them; how many came out otherwise than they stood.

    Each chunk is a transaction of its own, or a savepoint of the caller's.
    """
    changed = 0
    for some in _chunks(sorted(set(account_ids)), chunk):
        async with conn.transaction():
            await accounts.lock(conn, some)
            before = await sql.read_states(conn, some)
            states, keeps = await posting.derived(conn, some, await sql.tariffs(conn))
            wrong = [state for state in states if state != before[state.account_id]]
            await sql.write_states(conn, wrong)
            await months.keep(conn, keeps)
            changed += len(wrong)
    return changed


async def explain(conn: Connection, number: str, today: date, *, through: int | None = None) -> Statement | None:
    """The protocol of the account with this number at the end of a day, by what is known of that day and those
    before, and, where it is given, was on record when `through` was the last number of a fact; None where there is no
    such account.

    :raises charging.NoTariff: a day to be charged has no tariff.
    """
    account = await sql.account(conn, number)
    if account is None:
        return None
    id, persons = account
    facts = (await posting.history(conn, [id]))[id]
    meters: Sequence[Meter] = (await metering.meters(conn, [id])).get(id, ())
    if through is not None:
        meters, facts = presence.as_known(meters, facts, through), deriving.known(facts, through)
    facts = deriving.until(facts, today)
    tariffs = await sql.tariffs(conn)
    return statement.explain(
        facts,
        meters,
        tariffs,
        account=number,
        persons=persons,
        today=today,
        rules=await posting.estimation(conn),
        points=(await metering.points(conn, [id])).get(id, ()),
    )


async def close_month(
    conn: Connection,
    month: Month,
    *,
    issued_on: date,
    due_on: date,
    at: datetime,
    chunk: int = CHUNK,
    progress: Progress | None = None,
    beside: Connection | None = None,
) -> Closed:
    """Issues the bills of a month, and posts what readings changed in earlier ones and what late payment has cost
    through the month's last day, for each account with a point.

    A chunk of accounts is a transaction. A close that was interrupted goes on where the last chunk was committed, and
    counts on from there; closing a month again issues, and counts, only what is missing. What was issued is never
    changed. An account with days that have no tariff is left as it is, with an alarm, and counted; the others are
    billed. With a second connection `beside`, a chunk is read and reckoned while the one before it is written.

    :raises NotEnded: the month has not ended before `issued_on`.
    """
    if issued_on <= month.last:
        raise NotEnded(month, issued_on)
    tariffs, rules, debts = await sql.tariffs(conn), await posting.estimation(conn), await posting.debt_terms(conn)
    terms = _Terms(tariffs, rules, month, issued_on, due_on, at)
    ordinaries = Ordinaries(tariffs, rules, debts, month, issued_on=issued_on, due_on=due_on, at=at)
    total = await sql.metered_count(conn)
    before = json.loads(await sql.start_close(conn, month, at=at))
    after = before.pop("after", 0)
    done = Closed(**before)

    async def close(conn: Connection, ids: Sequence[int], turn: Turn) -> None:
        nonlocal done
        async with conn.transaction():
            quick = await ordinaries.close(conn, ids, turn)
            await turn()
            new = Closed(len(ids) - len(quick.left), quick.bills, quick.recalculations, quick.amount)
            if quick.left:
                new += await _close(conn, quick.left, terms)
            await sql.mark_close(conn, month, json.dumps({"after": ids[-1]} | asdict(done + new)))
        done += new
        if progress is not None:
            progress(done.accounts, total)

    async def following(conn: Connection, after: int) -> list[int]:
        return await sql.metered(conn, after=after, limit=chunk)

    await in_turn([conn] if beside is None else [conn, beside], following, close, after=after)
    await sql.end_close(conn, month, json.dumps(asdict(done)), at=at)
    return done


@dataclass(frozen=True, slots=True)
class _Terms:
    """What holds for all accounts of a close."""

    tariffs: Tariffs
    rules: Estimation
    month: Month
    issued_on: date
    due_on: date
    at: datetime


async def _close(conn: Connection, ids: Sequence[int], terms: _Terms) -> Closed:
    locked = await accounts.lock(conn, ids)
    meters = await metering.meters(conn, ids)
    points = await metering.points(conn, ids)
    claims: list[ClaimRow] = []
    charges: list[ChargeRow] = []
    states: list[AccountState] = []
    keeps: list[Kept] = []
    alarms: list[tuple[str, str, datetime]] = []
    caught_up = 0
    for account, facts in (await posting.history(conn, ids, short=True)).items():
        own, at = meters.get(account, ()), points.get(account, ())
        try:
            issues, state, keep = _closed(facts, own, at, terms, locked[account].persons)
        except (NoTariff, NoRate):
            alarm = ("not billed", locked[account].number)
            alarms.append((*alarm, terms.at))
            continue
        caught_up += sum(issue.claim.kind is ClaimKind.BILL for issue in issues) > 1
        claims.extend(ClaimRow(account, issue.claim) for issue in issues)
        charges.extend(posting.charge_rows(account, own, issues, at))
        states.append(state)
        keeps.append(keep)
    await posting.write_claims(conn, claims, at=terms.at)
    await sql.add_charges(conn, charges)
    await sql.write_states(conn, states)
    await months.keep(conn, keeps)
    if alarms:
        await inbox.alarm(conn, alarms)
    return Closed(
        accounts=len(ids),
        bills=sum(row.claim.kind is ClaimKind.BILL for row in claims),
        recalculations=sum(row.claim.kind is ClaimKind.RECALCULATION for row in claims),
        amount=sum(row.claim.amount for row in claims),
        caught_up=caught_up,
        failed=len(alarms),
    )


def _closed(
    facts: Facts, meters: Sequence[Meter], points: Sequence[Point], terms: _Terms, persons: int
) -> tuple[tuple[closing.Issue, ...], AccountState, Kept]:
    """What is issued to an account, its state with that, and what is kept beside it for its next close.

    :raises NoTariff, NoRate: days to be charged have no tariff, or none for a zone.
    """
    use = deriving.use_of(facts, meters)
    waits = timely.waiting(facts, terms.month)
    counted = use if waits is None else deriving.use_of(facts, meters, counted=waits)
    issues = closing.close(
        deriving.drawn(facts, meters, fresh=True, use=counted, tariffs=terms.tariffs, points=points),
        meters,
        terms.tariffs,
        persons=persons,
        month=terms.month,
        issued_on=terms.issued_on,
        due_on=terms.due_on,
        at_bills=deriving.at_bills(facts, meters),
        rules=terms.rules,
        points=points,
    )
    after = posting.with_issues(facts, issues)
    state = deriving.derive(after, meters, use=use, tariffs=terms.tariffs, points=points)
    return issues, state, kept_of(after, meters, points, use, terms.tariffs)


async def post_claims(conn: Connection, rows: Sequence[NewClaim], *, at: datetime) -> Posted:
    """Takes in claims of an older system, with their ledger lines, and derives the accounts anew; what is known by
    agent and external id is left as it is. The caller owns the transaction."""
    ids = sorted({row.account_id for row in rows})
    await accounts.lock(conn, ids)
    known = await sql.known_claims(conn, [(row.agent, row.external_id) for row in rows if row.external_id])
    numbers = _Numbers(await sql.read_states(conn, ids))
    fresh: list[ClaimRow] = []
    for row in rows:
        if row.external_id is not None and (row.agent, row.external_id) in known:
            continue
        if row.external_id is not None:
            known.add((row.agent, row.external_id))
        claim = Claim(numbers.next(row.account_id), row.month, ClaimKind.OPENING, row.amount, row.due_on, row.issued_on)
        fresh.append(ClaimRow(row.account_id, claim, row.agent, row.external_id))
    await posting.write_claims(conn, fresh, at=at)
    await rebuild(conn, sorted({row.account_id for row in fresh}))
    return Posted(len(fresh), len(rows) - len(fresh))


async def post_payments(conn: Connection, rows: Sequence[PaymentRow], *, at: datetime) -> Posted:
    """Takes in payments with their ledger lines, and settles the accounts' claims with them; what is known by agent and
    external id is left as it is. `no` is given here; without an account a payment waits in suspense. The caller owns
    the transaction."""
    await accounts.lock(conn, sorted({row.account_id for row in rows if row.account_id is not None}))
    known = await sql.known_payments(conn, [(row.agent, row.external_id) for row in rows])
    fresh: list[PaymentRow] = []
    for row in rows:
        if (row.agent, row.external_id) not in known:
            known.add((row.agent, row.external_id))
            fresh.append(row)
    await write_payments(conn, fresh, at=at)
    return Posted(len(fresh), len(rows) - len(fresh))


async def write_payments(conn: Connection, rows: Sequence[PaymentRow], *, at: datetime) -> None:
    """Stores payments, and what follows them, with their ledger lines, and settles the accounts' claims with them; none
    of them is on record. The caller owns the transaction."""
    ids = sorted({row.account_id for row in rows if row.account_id is not None})
    await accounts.lock(conn, ids)
    states = await sql.read_states(conn, ids)
    numbers = _Numbers(states)
    of_company = iter(await booking.company_numbers(conn, sum(row.account_id is None for row in rows)))
    numbered = [
        replace(row, company_no=next(of_company))
        if row.account_id is None
        else replace(row, no=numbers.next(row.account_id))
        for row in rows
    ]
    favoured = await debts.favoured(conn, ids)
    await sql.add_payments(conn, numbered, at=at)
    await booking.add_entries(conn, [line for row in numbered for line in _payment_lines(row)], at=at)
    await _settle(conn, states, numbered, favoured)


def _payment_lines(row: PaymentRow) -> tuple[EntryRow, EntryRow]:
    """Money that came through an agent is owed by the agent until the bank says that it has come."""
    came = Ledger.AGENTS if row.agent else Ledger.BANK
    if row.account_id is None:
        assert row.company_no is not None
        account, no, into, out = booking.COMPANY, row.company_no, came, Ledger.SUSPENSE
    else:
        assert row.no is not None
        matched = row.kind is PaymentKind.MATCHED
        account, no, into, out = row.account_id, row.no, Ledger.SUSPENSE if matched else came, Ledger.RECEIVABLE
    return (
        EntryRow(account, no, into, row.amount, row.paid_on),
        EntryRow(account, no, out, -row.amount, row.paid_on),
    )


async def _settle(
    conn: Connection, states: Mapping[int, AccountState], rows: Sequence[PaymentRow], favoured: Mapping[int, date]
) -> None:
    """Writes the states with the payments, which are stored; `favoured` as `debts.favoured` had it before them."""
    terms = await posting.debt_terms(conn)
    new: dict[int, list[Payment]] = {}
    for row in rows:
        if row.account_id is not None and row.no is not None:
            new.setdefault(row.account_id, []).append(Payment(row.no, row.paid_on, row.amount, row.month))
    settled = {
        account: paying.paid(states[account], payments, terms, since=favoured.get(account))
        for account, payments in new.items()
    }
    others = sorted(account for account, state in settled.items() if state is None)
    if others:
        claims = await debts.claims_in_short(conn, others)
        paid = await sql.payments(conn, others)
        for account in others:
            settled[account] = deriving.settled(
                states[account], claims.get(account, ()), paid.get(account, ()), terms, fact_no=new[account][-1].no
            )
    await sql.write_states(conn, [state for _, state in sorted(settled.items()) if state is not None])


class _Numbers:
    """Gives facts their numbers, each account's own, on from its last; its accounts are locked."""

    def __init__(self, states: Mapping[int, AccountState]) -> None:
        self._last = {account: state.fact_no for account, state in states.items()}

    def next(self, account: int) -> int:
        self._last[account] += 1
        return self._last[account]


def _chunks(ids: Sequence[int], size: int) -> Iterable[Sequence[int]]:
    return (ids[at : at + size] for at in range(0, len(ids), size))
