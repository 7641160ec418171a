"""Posts what late payment costs: claims of the kind penalty, cumulative by the claim that is late, deltas only."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from asyncpg import Connection

from core.accounts import sql as accounts
from core.basics.facts import dataclass
from core.billing import posting, sql
from core.billing.debts import sql as debts
from core.billing.engine import accruing, deriving, lateness
from core.billing.engine.lateness import Unposted
from core.billing.model import Claim, ClaimKind
from core.billing.sql import ClaimRow


@dataclass(frozen=True, slots=True)
class Accrued:
    """What was posted: penalties, and their sum in kopecks; negative ones take back what a payment that was told late,
    or a claim that changed, has made too much."""

    penalties: int = 0
    amount: int = 0

    def __add__(self, other: "Accrued") -> "Accrued":
        return Accrued(self.penalties + other.penalties, self.amount + other.amount)


async def costly_before(conn: Connection, day: date) -> date | None:
    """The day such that open claims payable before it cost more at the end of `day` than the day before, by the rule
    pack; None where late payment costs nothing."""
    late = (await posting.debt_terms(conn)).late
    return None if late is None else day - timedelta(lateness.free_days(late))


async def post_penalties(
    conn: Connection, account_ids: Sequence[int], *, day: date, at: datetime, booked_on: date | None = None
) -> Accrued:
    """Posts, of each late claim of the accounts, what its penalty through the day is beyond what was posted before; a
    second time there is nothing left to post. On the books of the open day, or of `booked_on`, which is for its close
    alone. The accounts stay locked until the caller's transaction ends.

    :raises penalty.NoPenaltyRate: the rule pack has no rate for a day that decides.
    :raises booking.DaySealed: the books of `booked_on` are sealed.
    """
    terms = await posting.debt_terms(conn)
    if terms.late is None or not account_ids:
        return Accrued()
    await accounts.lock(conn, account_ids)
    states = await sql.read_states(conn, account_ids)
    posted: dict[int, list[tuple[Claim, Unposted]]] = {}
    for account, state in states.items():
        due = lateness.unposted(state.claims, state.late, terms.late, through=day)
        if due:
            posted[account] = [(_claim(no, one, day), one) for no, one in enumerate(due, state.fact_no + 1)]
    if not posted:
        return Accrued()
    rows = [ClaimRow(account, claim) for account, found in posted.items() for claim, _ in found]
    await posting.write_claims(conn, rows, at=at, booked_on=booked_on)
    quickly = {account: accruing.accrued(states[account], found, terms) for account, found in posted.items()}
    after = [state for state in quickly.values() if state is not None]
    others = sorted(account for account, state in quickly.items() if state is None)
    claims, payments = await debts.claims_in_short(conn, others), await sql.payments(conn, others)
    for account in others:
        last = posted[account][-1][0].no
        after.append(deriving.settled(states[account], claims[account], payments.get(account, ()), terms, fact_no=last))
    await sql.write_states(conn, after)
    return Accrued(len(rows), sum(row.claim.amount for row in rows))


def _claim(no: int, one: Unposted, day: date) -> Claim:
    late = one.late
    return Claim(no, late.month, ClaimKind.PENALTY, one.amount, late.due_on, day, late.no)
