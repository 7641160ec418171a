"""Closing a business day: what its facts have changed is posted, every account touched is hashed, the day is sealed."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from asyncpg import Connection

from core.accounts import sql as accounts
from core.basics.periods import DAY
from core.billing import penalties, posting
from core.billing import sql as billing
from core.billing.booking import sql as booking
from core.billing.model import Ledger
from core.billing.penalties import Accrued
from core.billing.posting import Changes
from core.books import hashing, sql
from core.books.hashing import Chain
from core.books.model import GENESIS, DayClosed, DayRow, Head, Issued, Line

CHUNK = 500
"""Accounts in one transaction (performance.md, rule 8): texts of its customers wait for it."""

_ROWS = 10_000

Progress = Callable[[int, int], None]
"""Told after each chunk is committed: the accounts done, and all there are."""


class DayNotEnded(Exception):
    """The day still runs; nothing was written."""

    def __init__(self, day: date) -> None:
        super().__init__(f"{day} has not ended: it can be closed from {day + DAY} on")


class OutOfOrder(Exception):
    """A later day is closed and this one is not, or one before it is still open; nothing was written."""


class ClosingNow(Exception):
    """Somebody else is closing days at this moment; nothing was written."""

    def __init__(self) -> None:
        super().__init__("days are being closed by another process at this moment")


async def close_day(
    conn: Connection,
    day: date,
    *,
    due_on: date,
    at: datetime,
    chunk: int = CHUNK,
    progress: Progress | None = None,
) -> DayClosed:
    """Closes the books of a business day: posts what readings and late tariffs have changed in bills, payable by
    `due_on`, what late payment has cost and what instalment plans have agreed as interest, and seals what was booked
    since the last close.

    Only accounts with facts or bookings since their last close, with claims that cost more by the day, or with an
    instalment plan in force, are gone through. A chunk of accounts is a transaction:
    a close that was interrupted goes on where the last chunk was committed and ends in the same head. Closing a day
    again does nothing.

    :raises DayNotEnded: by the company's date the day still runs.
    :raises OutOfOrder: closed days must follow each other without a gap.
    :raises ClosingNow: another process is closing.
    """
    if day >= await booking.business_day(conn, at):
        raise DayNotEnded(day)
    if not await sql.try_to_close(conn):
        raise ClosingNow
    try:
        sealed = await sql.head_of(conn, day)
        if sealed is not None:
            return DayClosed(sealed, again=True)
        last = await sql.last_head(conn)
        if last is not None and day != last.day + DAY:
            raise OutOfOrder(f"the next day to be closed is {last.day + DAY}, not {day}")
        return await _close(conn, day, last, due_on=due_on, at=at, chunk=chunk, progress=progress)
    finally:
        await sql.end_to_close(conn)


async def _close(
    conn: Connection,
    day: date,
    last: Head | None,
    *,
    due_on: date,
    at: datetime,
    chunk: int,
    progress: Progress | None,
) -> DayClosed:
    async with conn.transaction():
        await booking.hold_day(conn)
        cut_at = await sql.cut(conn, day, at=at)
    since = None if last is None else last.day
    costly = await penalties.costly_before(conn, day)
    total = await sql.gather(conn, day, since=since, costly_before=costly)
    changes, accrued, done, after = Changes(), Accrued(), 0, -1
    while ids := await sql.left(conn, day, after=after, limit=chunk):
        async with conn.transaction():
            people = [account for account in ids if account != booking.COMPANY]
            if people:
                await accounts.lock(conn, people)
                changed = await sql.changed(conn, day, people)
                changes += await posting.post_changes(conn, changed, day=day, due_on=due_on, at=cut_at)
                accrued += await penalties.post_accrued(conn, people, day=day, at=cut_at, booked_on=day)
            await sql.add_rows(conn, day, await _rows(conn, ids, since=since, day=day))
        after = ids[-1]
        done += len(ids)
        if progress is not None:
            progress(done, total)
    head = await _seal(conn, day, GENESIS if last is None else last.head, at=at)
    return DayClosed(
        head,
        changes.corrections,
        changes.amount,
        changes.failed,
        penalties=accrued.amount,
        interest=accrued.interest,
    )


async def _rows(conn: Connection, ids: Sequence[int], *, since: date | None, day: date) -> list[DayRow]:
    """What the close finds of the accounts, which are locked; their bills are frozen."""
    booked = await sql.lines(conn, ids, since=since, day=day)
    issued = await sql.issued(conn, booked)
    before = await sql.balances(conn, ids, before=day)
    numbers = await billing.fact_numbers(conn, ids)
    frozen = [
        (account, one.bill_of, one.no, hashing.bill_hash(account, one))
        for account, claims in issued.items()
        for one in claims
        if one.bill_of is not None
    ]
    await sql.add_bills(conn, day, frozen)
    return [
        row(
            account,
            day,
            watermark=numbers.get(account, 0),
            balance=before.get(account, 0),
            lines=booked.get(account, ()),
            issued=issued.get(account, ()),
        )
        for account in ids
    ]


def row(
    account: int, day: date, *, watermark: int, balance: int, lines: Sequence[Line], issued: Sequence[Issued] = ()
) -> DayRow:
    """The row of an account that owed `balance` kopecks by its row before and got these lines, and claims, since."""
    owed = balance + sum(line.amount for line in lines if line.ledger == Ledger.RECEIVABLE)
    digest = hashing.row_hash(account, day, watermark=watermark, balance=owed, lines=lines, issued=issued)
    return DayRow(account, watermark, owed, len(lines), digest)


async def _seal(conn: Connection, day: date, previous: bytes, *, at: datetime) -> Head:
    chain, accounts, lines, after = Chain(day, previous), 0, 0, -1
    while found := await sql.rows(conn, day, after=after, limit=_ROWS):
        chain.add(one.hash for one in found)
        accounts += len(found)
        lines += sum(one.lines for one in found)
        after = found[-1].account_id
    head = Head(day, accounts, lines, previous, chain.head)
    await sql.add_head(conn, head, at=at)
    return head
