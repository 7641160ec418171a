"""Posts what late payment costs: claims of the kind penalty, cumulative by the claim that is late, deltas only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from asyncpg import Connection

from core.accounts import sql as accounts
from core.billing import posting, sql
from core.billing.engine import deriving, lateness
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
    rows: list[ClaimRow] = []
    for account, state in states.items():
        due = lateness.unposted(state.claims, state.late, terms.late, through=day)
        for no, one in enumerate(due, state.fact_no + 1):
            late = one.late
            claim = Claim(no, late.month, ClaimKind.PENALTY, one.amount, late.due_on, day, late.no)
            rows.append(ClaimRow(account, claim))
    if not rows:
        return Accrued()
    await posting.write_claims(conn, rows, at=at, booked_on=booked_on)
    changed = sorted({row.account_id for row in rows})
    claims, payments = await sql.claims(conn, changed), await sql.payments(conn, changed)
    last = {row.account_id: row.claim.no for row in rows}
    await sql.write_states(
        conn,
        [
            deriving.settled(states[account], claims[account], payments.get(account, ()), terms, fact_no=last[account])
            for account in changed
        ],
    )
    return Accrued(len(rows), sum(row.claim.amount for row in rows))
