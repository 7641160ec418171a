"""The morning report to the administrator (row MA2): what ran, counts, sums, differences, anomalies, heads."""

from collections.abc import Mapping, Sequence
from datetime import date

from asyncpg import Connection

from core.books import sql as books
from core.books.model import Head
from core.books.morning import sql
from core.books.payments import sql as payments
from core.books.payments.model import DayBalance
from core.books.reports import actions as reports
from core.books.reports.layout import money
from core.books.reports.model import Level, Turnover
from core.jobs.model import Run, State


async def report(conn: Connection, day: date, runs: Sequence[Run]) -> str:
    """The report of a day, after these jobs. Of a day that is not closed it says so."""
    head = await books.head_of(conn, day)
    parts = [
        [f"Morning report for {day}"],
        _jobs(runs),
        await _books(conn, day, head),
        await _money(conn, day),
        await _chains(conn, day),
        _counted("Messages that were not delivered", await sql.failed_sends(conn, day)),
        _counted("Alarms", await sql.alarms(conn, day)),
    ]
    return "\n".join(line for part in parts for line in part) + "\n"


def _jobs(runs: Sequence[Run]) -> list[str]:
    failed = sum(one.state is not State.DONE for one in runs)
    lines = [f"Jobs: {len(runs)} ran, {failed} not done"]
    for one in runs:
        told = (one.error or one.report).splitlines() or [""]
        lines.append(f"  {one.name} {one.period}: {one.state}{f'. {told[0]}' if told[0] else ''}")
        lines.extend(f"    {more}" for more in told[1:])
    return lines


async def _books(conn: Connection, day: date, head: Head | None) -> list[str]:
    if head is None:
        return [f"Books: {day} is NOT closed"]
    total = (await reports.sheet(conn, day, day, Level.COMPANY)).total
    booked = await sql.booked(conn, day)
    unbalanced = sum(booked.values())
    return [
        f"Books: {head.accounts - 1} accounts gone through, {head.lines} lines sealed",
        f"  head {head.head.hex()}",
        f"  {_turnover(total)}",
        f"  booked: {', '.join(f'{ledger} {money(amount)}' for ledger, amount in booked.items()) or 'nothing'}",
        f"  difference of the turnover {money(total.difference)}, of the ledger {money(unbalanced)}",
    ]


def _turnover(total: Turnover) -> str:
    return (
        f"opening {money(total.opening)} + charged {money(total.charged)} + penalties {money(total.penalties)} - paid "
        f"{money(total.paid)} - written off {money(total.written_off)} = closing {money(total.closing)}"
    )


async def _money(conn: Connection, day: date) -> list[str]:
    count, amount, oldest = await sql.waiting(conn)
    since = f", the oldest of {oldest}" if oldest else ""
    balances = await payments.balance(conn, day)
    return [
        f"Payments in suspense: {count}, {money(amount)}{since}",
        f"Bank: {len(balances)} agents, {sum(one.difference != 0 for one in balances)} with a difference",
        *(f"  {_balance(one)}" for one in balances),
    ]


def _balance(one: DayBalance) -> str:
    came = f"accepted {money(one.accepted)}, suspense {money(one.suspense)}, commission {money(one.commission)}"
    return f"{one.agent or 'without an agent'}: {came}, bank {money(one.bank)}, difference {money(one.difference)}"


async def _chains(conn: Connection, day: date) -> list[str]:
    """The heads of the evidence of warnings, so that a chain that is written anew later is seen (R30)."""
    chains, rows, head = await sql.chains(conn, day)
    return [f"Evidence: {chains} warnings, {rows} rows", *([f"  heads {head.hex()}"] if chains else [])]


def _counted(what: str, counts: Mapping[str, int]) -> list[str]:
    return [f"{what}: {sum(counts.values())}", *(f"  {name}: {number}" for name, number in counts.items())]
