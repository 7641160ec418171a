"""Closing the month of the ordinary ones among some accounts, from their states alone."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

import orjson
from asyncpg import Connection

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing import sql as billing
from core.billing import stored
from core.billing.booking import sql as booking
from core.billing.debts import sql as debts
from core.billing.engine import deriving, ordinary
from core.billing.engine.ordinary import Closed
from core.billing.estimation import AVERAGED, Estimation
from core.billing.model import Claim, ClaimKind, Tariffs
from core.billing.months import sql
from core.billing.months.sql import Closing
from core.billing.months.turns import Turn, at_once
from core.billing.terms import DebtTerms


@dataclass(frozen=True, slots=True)
class Done:
    """What was issued: bills and recalculations, and what they demand together in kopecks; `left` are the accounts that
    are to be closed from all their facts."""

    left: tuple[int, ...]
    bills: int = 0
    recalculations: int = 0
    amount: int = 0


class Ordinaries:
    """Closes a month of ordinary accounts, chunk by chunk."""

    def __init__(
        self,
        tariffs: Tariffs,
        rules: Estimation,
        terms: DebtTerms,
        month: Month,
        *,
        issued_on: date,
        due_on: date,
        at: datetime,
    ) -> None:
        self._usual = rules.averaging == AVERAGED
        self._close = ordinary.Close(tariffs, rules, terms.allocation, month, issued_on=issued_on, due_on=due_on)
        self._terms = terms
        self._month = month
        self._issued_on, self._due_on, self._at = issued_on, due_on, at

    async def close(self, conn: Connection, account_ids: Sequence[int], turn: Turn = at_once) -> Done:
        """Issues what closes the month of those of the accounts that are ordinary ones, and writes their states, for
        which it waits for its `turn`. The accounts stay locked until the caller's transaction ends. What is kept of
        them is a year of counts: where the pack makes its averages of other months, none is ordinary."""
        await sql.lock(conn, account_ids)
        if not self._usual:
            return Done(tuple(account_ids))
        first, last = account_ids[0], account_ids[-1]
        rows = await sql.rows(conn, account_ids, before=self._month.previous)
        taken_back = await sql.taken_back(conn, first, last)
        dated = await sql.dated(conn, first, last)
        entangled = await sql.entangled(conn, first, last, since=self._month.previous.previous)
        ahead = await sql.paid_ahead(conn, self._due_on)
        times = Counter([row.account_id for row in rows])
        found: list[Closed] = []
        for row in rows:
            account = row.account_id
            if times[account] == 1 and account not in dated and taken_back.get(account, 0) <= row.no:
                closed = self._close.close(row, alone=not ahead and account not in entangled)
                if closed is not None:
                    found.append(closed)
        if found:
            await self._settle(conn, [one for one in found if one.claims is None])
            await turn()
            booked_on = await booking.open_day(conn, self._at)
            await sql.add_claims(conn, found, close=Closing(self._issued_on, self._due_on, booked_on, self._at))
            await sql.close_states(conn, found, self._month)
        closed_now = {one.kept.account_id for one in found}
        issues = [issue for one in found for issue in one.issues]
        return Done(
            tuple(account for account in account_ids if account not in closed_now),
            bills=sum([one.kind is ClaimKind.BILL for one in issues]),
            recalculations=sum([one.kind is ClaimKind.RECALCULATION for one in issues]),
            amount=sum([one.amount for one in issues]),
        )

    async def _settle(self, conn: Connection, found: Sequence[Closed]) -> None:
        """Settles the claims of these accounts with all their payments, the new claims among them."""
        if not found:
            return
        ids = [one.kept.account_id for one in found]
        claims = await debts.claims_in_short(conn, ids)
        payments = await billing.payments(conn, ids)
        for one in found:
            account = one.kept.account_id
            new = [
                Claim(issue.no, issue.month, issue.kind, issue.amount, self._due_on, self._issued_on)
                for issue in one.issues
            ]
            state = deriving.settled(
                stored.blank(account), (*claims.get(account, ()), *new), payments.get(account, ()), self._terms
            )
            one.balance = state.balance
            one.claims = orjson.loads(stored.claims_text(state))
