"""Making reports of closed days, which print the same bytes for ever (rows M3, M12a, M12b)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from asyncpg import Connection

from core.books import sql as books
from core.books.reports import layout, sql
from core.books.reports.model import AccountTurnover, BookedFacts, Level, Turnover


class NotClosed(Exception):
    """The last day of the report is not closed, or its first one lies behind it."""


class ReportChanged(Exception):
    """The report no longer is what it was when it was first printed: closed books were changed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the report {name} is not what it was at its first print: meterline audit verify tells why")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A turnover sheet, its lines by the name of what they group."""

    rows: tuple[tuple[str, Turnover], ...]
    total: Turnover


_NAMES: dict[Level, Callable[[AccountTurnover | BookedFacts], str]] = {
    Level.ACCOUNT: lambda one: one.number,
    Level.HOUSE: lambda one: one.house,
    Level.MANAGER: lambda one: one.manager,
    Level.COMPANY: lambda one: "company",
}


def named(level: Level, account: AccountTurnover | BookedFacts) -> str:
    """What the account is grouped under; "" where it has none of the kind."""
    return _NAMES[level](account)


async def sheet(conn: Connection, start: date, end: date, level: Level) -> Sheet:
    """The turnover of the days from `start` to `end`, both included, of every account that ever had any.

    :raises NotClosed: `end` is not closed, or lies before `start`.
    """
    known_by = await closed(conn, start, end)
    found: dict[str, Turnover] = {}
    total = Turnover()
    async for one in sql.turnover(conn, start, end, known_by=known_by):
        name = named(level, one)
        found[name] = found.get(name, Turnover()) + one.turnover
        total += one.turnover
    return Sheet(tuple(sorted(found.items())), total)


async def turnover(conn: Connection, start: date, end: date, level: Level, *, as_csv: bool, at: datetime) -> str:
    """The turnover sheet as text, or as CSV.

    :raises NotClosed: as `sheet`.
    :raises ReportChanged: it is not what it was at its first print.
    """
    made = await sheet(conn, start, end, level)
    form = "csv" if as_csv else "text"
    name = f"turnover {start}..{end} by {level} as {form}"
    if as_csv:
        text = layout.as_csv(level, made.rows, made.total)
    else:
        text = layout.as_text(f"Turnover from {start} to {end}", level, made.rows, made.total)
    return await kept(conn, name, text, end, at=at)


async def export(conn: Connection, start: date, end: date, *, at: datetime) -> str:
    """All lines that were booked on the days from `start` to `end`, as CSV with control totals.

    :raises NotClosed: as `sheet`.
    :raises ReportChanged: it is not what it was at its first print.
    """
    await closed(conn, start, end)
    text = layout.booked_csv([line async for line in sql.booked(conn, start, end)])
    return await kept(conn, f"export {start}..{end}", text, end, at=at)


async def closed(conn: Connection, start: date, end: date) -> datetime:
    """When the last day was sealed.

    :raises NotClosed: it is not closed, or lies before the first.
    """
    if end < start:
        raise NotClosed(f"{end} lies before {start}")
    sealed = await sql.sealed_at(conn, end)
    if sealed is None:
        raise NotClosed(f"{end} is not closed: reports are of closed days; run meterline close-day {end}")
    return sealed


async def kept(conn: Connection, name: str, text: str, end: date, *, at: datetime) -> str:
    """The report, with its hash kept at its first print.

    :raises ReportChanged: it is not what it was then.
    """
    digest = hashlib.sha256(text.encode()).digest()
    before = await sql.printed(conn, name)
    if before is not None and before != digest:
        raise ReportChanged(name)
    if before is None:
        head = await books.head_of(conn, end)
        assert head is not None
        await sql.add_printed(conn, name, digest, head.head, at=at)
    return text
