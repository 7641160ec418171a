"""Proving the seals of closed days from the ledger itself: what was changed since is named (R30)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from asyncpg import Connection

from core.billing.booking.sql import COMPANY
from core.books import closing, hashing, sql
from core.books.hashing import Chain
from core.books.model import GENESIS, DayRow, Head

CHUNK = 2000

Progress = Callable[[int, int], None]
"""Told after each day: the days proven, and all there are."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first thing that does not hold: on which day, of which account ("" where it is the day's head itself)."""

    day: date
    account: str
    reason: str


@dataclass(frozen=True, slots=True)
class Verified:
    """How many days and rows were computed again; `broken` what does not hold, None where everything does."""

    days: int
    rows: int
    head: bytes
    broken: Broken | None = None


async def verify(conn: Connection, *, progress: Progress | None = None) -> Verified:
    """Computes every row and head of the closed days again from the ledger, oldest first, up to the first that does not
    hold."""
    heads = await sql.heads(conn)
    previous, since, rows = GENESIS, None, 0
    for done, head in enumerate(heads):
        if head.previous != previous:
            return Verified(done, rows, previous, Broken(head.day, "", "it does not follow from the day before"))
        broken = await _broken(conn, head, since)
        if broken is not None:
            return Verified(done, rows, previous, broken)
        previous, since, rows = head.head, head.day, rows + head.accounts
        if progress is not None:
            progress(done + 1, len(heads))
    return Verified(len(heads), rows, previous)


async def _broken(conn: Connection, head: Head, since: date | None) -> Broken | None:
    """What does not hold of a day."""
    chain, accounts, lines, after = Chain(head.day, head.previous), 0, 0, -1
    while found := await sql.rows(conn, head.day, after=after, limit=CHUNK):
        wrong = await _wrong(conn, head.day, since, found)
        if wrong is not None:
            reason = "the lines of the ledger, or the bill, are not those that were sealed"
            return Broken(head.day, await _name(conn, wrong), reason)
        chain.add(one.hash for one in found)
        accounts += len(found)
        lines += sum(one.lines for one in found)
        after = found[-1].account_id
    stray = await sql.stray(conn, since=since, day=head.day)
    if stray is not None:
        return Broken(head.day, await _name(conn, stray), "lines were booked after the day was sealed")
    if (chain.head, accounts, lines) != (head.head, head.accounts, head.lines):
        return Broken(head.day, "", "the rows of its accounts are not those that were sealed")
    return None


async def _wrong(conn: Connection, day: date, since: date | None, found: tuple[DayRow, ...]) -> int | None:
    """The first of the rows that does not follow from the ledger."""
    ids = [one.account_id for one in found]
    booked = await sql.lines(conn, ids, since=since, day=day)
    issued = await sql.issued(conn, booked)
    bills = await sql.bills(conn, ids, day)
    before = await sql.balances(conn, ids, before=day)
    for one in found:
        again = closing.row(
            one.account_id,
            day,
            watermark=one.watermark,
            balance=before.get(one.account_id, 0),
            lines=booked.get(one.account_id, ()),
            issued=issued.get(one.account_id, ()),
        )
        frozen = {
            bill.no: hashing.bill_hash(one.account_id, bill)
            for bill in issued.get(one.account_id, ())
            if bill.bill_of is not None
        }
        kept = {no: hash for (account, no), hash in bills.items() if account == one.account_id}
        if again != one or frozen != kept:
            return one.account_id
    return None


async def _name(conn: Connection, account: int) -> str:
    if account == COMPANY:
        return "the company's own books"
    return (await sql.numbers(conn, [account])).get(account, f"#{account}")
