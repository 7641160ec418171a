"""Posts what late payment and instalment plans cost: penalties, cumulative by the claim that is late, and interest,
cumulative by the plan; deltas only."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from asyncpg import Connection

from core.accounts import sql as accounts
from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing import posting, sql
from core.billing.debts import sql as debts
from core.billing.engine import accruing, deriving, lateness, planning
from core.billing.engine.lateness import Unposted
from core.billing.model import AccountState, Claim, ClaimKind
from core.billing.sql import ClaimRow


@dataclass(frozen=True, slots=True)
class Accrued:
    """What was posted: penalties, and their sum in kopecks; negative ones take back what a payment that was told late,
    or a claim that changed, has made too much. `interest` is what instalment plans have agreed, kopecks."""

    penalties: int = 0
    amount: int = 0
    interest: int = 0

    def __add__(self, other: "Accrued") -> "Accrued":
        return Accrued(self.penalties + other.penalties, self.amount + other.amount, self.interest + other.interest)


async def costly_before(conn: Connection, day: date) -> date | None:
    """The day such that open claims payable before it cost more at the end of `day` than the day before, by the rule
    pack; None where late payment costs nothing."""
    late = (await posting.debt_terms(conn)).late
    return None if late is None else day - timedelta(lateness.free_days(late))


async def post_accrued(
    conn: Connection, account_ids: Sequence[int], *, day: date, at: datetime, booked_on: date | None = None
) -> Accrued:
    """Posts, of each late claim of the accounts, what its penalty through the day is beyond what was posted before, and
    of each instalment plan what its interest is; a second time there is nothing left to post. On the books of the open
    day, or of `booked_on`, which is for its close alone. The accounts stay locked until the caller's transaction ends.

    :raises penalty.NoPenaltyRate: the rule pack has no rate for a day that decides.
    :raises booking.DaySealed: the books of `booked_on` are sealed.
    """
    terms = await posting.debt_terms(conn)
    if not account_ids:
        return Accrued()
    await accounts.lock(conn, account_ids)
    states = await sql.read_states(conn, account_ids)
    posted: dict[int, list[tuple[Claim, Unposted]]] = {}
    agreed: dict[int, list[Claim]] = {}
    for account, state in states.items():
        now = planning.as_of(state, day)
        due = () if terms.late is None else lateness.unposted(now.claims, now.late, terms.late, through=day)
        posted[account] = [(_claim(no, one, day), one) for no, one in enumerate(due, state.fact_no + 1)]
        agreed[account] = list(_interest(now, state.fact_no + len(due) + 1, day))
    rows = [
        ClaimRow(account, claim)
        for account, found in posted.items()
        for claim in (*(claim for claim, _ in found), *agreed[account])
    ]
    if not rows:
        return Accrued()
    await posting.write_claims(conn, rows, at=at, booked_on=booked_on)
    last = {row.account_id: row.claim.no for row in rows}
    quickly = {account: accruing.accrued(states[account], posted[account], terms) for account in last}
    after = [state for state in quickly.values() if state is not None]
    others = sorted(account for account, state in quickly.items() if state is None)
    claims, payments = await debts.claims_in_short(conn, others), await sql.payments(conn, others)
    for account in others:
        paid, no = payments.get(account, ()), last[account]
        after.append(deriving.settled(states[account], claims[account], paid, terms, fact_no=no))
    await sql.write_states(conn, after)
    penalties = [claim.amount for found in posted.values() for claim, _ in found]
    return Accrued(len(penalties), sum(penalties), sum(claim.amount for found in agreed.values() for claim in found))


def _interest(state: AccountState, first: int, day: date) -> Iterator[Claim]:
    """What is to be posted of the interest of the account's plans, numbered from `first` on."""
    for no, (plan, amount) in enumerate(planning.unposted(state.plans, day), first):
        due_on = plan.parts[-1].due_on
        yield Claim(no, Month.of(due_on), ClaimKind.INTEREST, amount, due_on, day, plan.no)


def _claim(no: int, one: Unposted, day: date) -> Claim:
    late = one.late
    return Claim(no, late.month, ClaimKind.PENALTY, one.amount, late.due_on, day, late.no)
