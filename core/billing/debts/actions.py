"""Writing debts off, demanding them again, and finding those whose limitation runs out (billing.md section 4.4)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from asyncpg import Connection

from core.accounts import sql as accounts
from core.basics.periods import Month
from core.billing import posting
from core.billing import sql as billing
from core.billing.debts import sql
from core.billing.debts.sql import Lapsing, WriteOffRow
from core.billing.engine import deriving, limitation
from core.billing.model import AccountState, Claim, ClaimKind, Component
from core.billing.sql import ClaimRow

CHUNK = 1000


class NothingOpen(Exception):
    """The account owes nothing for the month, or nothing of it was written off; nothing was written."""


async def write_off(
    conn: Connection, account_id: int, month: Month, *, document: str, reason: str, by: str, on: date, at: datetime
) -> int:
    """Writes off all that is open of a month, posted penalty with it, by a document; the kopecks. The caller owns the
    transaction.

    :raises NothingOpen: the account owes nothing for the month.
    """
    state = await _locked(conn, account_id)
    claims = {claim.no: claim for claim in (await billing.claims(conn, [account_id])).get(account_id, ())}
    amounts: dict[int, int] = {}
    for one in state.claims:
        if one.month == month:
            about = claims[one.no].about if one.component is Component.PENALTY else one.no
            amounts[about or one.no] = amounts.get(about or one.no, 0) - one.remaining
    drafts = [(claims[about], amount) for about, amount in amounts.items() if about in claims]
    return -await _post(conn, state, drafts, WriteOffRow(account_id, 0, document, reason, by), on=on, at=at)


async def take_back(
    conn: Connection, account_id: int, month: Month, *, document: str, reason: str, by: str, on: date, at: datetime
) -> int:
    """Demands again what was written off of a month, by a document; the kopecks. The caller owns the transaction.

    :raises NothingOpen: nothing of the month is written off.
    """
    state = await _locked(conn, account_id)
    known = (await billing.claims(conn, [account_id])).get(account_id, ())
    claims = {claim.no: claim for claim in known}
    amounts: dict[int, int] = {}
    for claim in known:
        if claim.kind is ClaimKind.WRITE_OFF and claim.month == month and claim.about is not None:
            amounts[claim.about] = amounts.get(claim.about, 0) - claim.amount
    drafts = [(claims[about], amount) for about, amount in amounts.items() if amount]
    return await _post(conn, state, drafts, WriteOffRow(account_id, 0, document, reason, by), on=on, at=at)


async def lapsing(conn: Connection, *, today: date, within: int) -> tuple[Lapsing, ...]:
    """The open claims that may be brought to court today but in `within` days no more, the most pressing first; none
    where the rule pack knows no limitation. The engine marks them and deletes nothing."""
    years = (await posting.debt_terms(conn)).limitation
    found: list[Lapsing] = []
    after, by = 0, limitation.later_by_years(today + timedelta(within), -years)
    while years and (people := await sql.owing(conn, after=after, limit=CHUNK, by=by)):
        after = people[-1].id
        old = [one for one in people if one.old]
        states = await billing.read_states(conn, [one.id for one in old])
        for person in old:
            rows = list(limitation.last_days(states[person.id], years))
            limits = [(at, day) for at, (_, day) in enumerate(rows)]
            for at in limitation.running_out(limits, today=today, within=within):
                one, day = rows[at]
                found.append(Lapsing(person.number, one.month, one.remaining, (day - today).days))
    return tuple(sorted(found, key=lambda one: (one.days, one.number, one.month)))


def by_month(found: Iterable[Lapsing]) -> tuple[Lapsing, ...]:
    """The same with what is open of a month in one sum, its penalty with it: what lapses together is one claim for
    whoever sues. The most pressing first."""
    sums: Counter[tuple[int, str, Month]] = Counter()
    for one in found:
        sums[one.days, one.number, one.month] += one.amount
    return tuple(Lapsing(number, month, amount, days) for (days, number, month), amount in sorted(sums.items()))


async def limits(conn: Connection, account_id: int, number: str, *, today: date) -> tuple[Lapsing, ...]:
    """What an account owes of each month and how many days the limitation of that has still, below zero where it has
    run; none where the rule pack knows no limitation."""
    years = (await posting.debt_terms(conn)).limitation
    state = (await billing.read_states(conn, [account_id]))[account_id]
    rows = limitation.last_days(state, years)
    return by_month(Lapsing(number, one.month, one.remaining, (day - today).days) for one, day in rows)


async def _locked(conn: Connection, account_id: int) -> AccountState:
    await accounts.lock(conn, [account_id])
    return (await billing.read_states(conn, [account_id]))[account_id]


async def _post(
    conn: Connection,
    state: AccountState,
    drafts: list[tuple[Claim, int]],
    paper: WriteOffRow,
    *,
    on: date,
    at: datetime,
) -> int:
    """Posts claims of the kind write_off about claims, with their ledger lines and their paper; the sum."""
    if not drafts:
        raise NothingOpen
    account = state.account_id
    made = [
        Claim(no, about.month, ClaimKind.WRITE_OFF, amount, about.due_on, on, about.no)
        for no, (about, amount) in enumerate(drafts, state.fact_no + 1)
    ]
    await posting.write_claims(conn, [ClaimRow(account, claim) for claim in made], at=at)
    papers = [WriteOffRow(account, claim.no, paper.document, paper.reason, paper.by) for claim in made]
    await sql.add_write_offs(conn, papers, at=at)
    claims = (await billing.claims(conn, [account]))[account]
    payments = (await billing.payments(conn, [account])).get(account, ())
    terms = await posting.debt_terms(conn)
    await billing.write_states(conn, [deriving.settled(state, claims, payments, terms, fact_no=made[-1].no)])
    return sum(claim.amount for claim in made)
