"""The morning report in plain lines, as it is printed and kept with its job."""

from collections.abc import Mapping, Sequence

from core.books.morning.model import Books, Morning
from core.books.payments.model import DayBalance
from core.books.reports.layout import money
from core.books.reports.model import Turnover
from core.jobs.model import Run


def text(told: Morning) -> str:
    """All of it."""
    parts = [
        [f"Morning report for {told.day}"],
        _jobs(told.runs, told.not_done),
        [f"Books: {told.day} is NOT closed"] if told.books is None else _books(told.books),
        _money(told),
        _chains(*told.chains),
        _counted("Messages that were not delivered", told.undelivered),
        _counted("Alarms", told.alarms),
    ]
    return "\n".join(line for part in parts for line in part) + "\n"


def _jobs(runs: Sequence[Run], failed: int) -> list[str]:
    lines = [f"Jobs: {len(runs)} ran, {failed} not done"]
    for one in runs:
        told = (one.error or one.report).splitlines() or [""]
        lines.append(f"  {one.name} {one.period}: {one.state}{f'. {told[0]}' if told[0] else ''}")
        lines.extend(f"    {more}" for more in told[1:])
    return lines


def _books(books: Books) -> list[str]:
    head, booked = books.head, books.booked
    return [
        f"Books: {head.accounts - 1} accounts gone through, {head.lines} lines sealed",
        f"  head {head.head.hex()}",
        f"  {_turnover(books.turnover)}",
        f"  booked: {', '.join(f'{ledger} {money(amount)}' for ledger, amount in booked.items()) or 'nothing'}",
        f"  difference of the turnover {money(books.turnover.difference)}, of the ledger {money(books.unbalanced)}",
    ]


def _turnover(total: Turnover) -> str:
    return (
        f"opening {money(total.opening)} + charged {money(total.charged)} + penalties {money(total.penalties)} - paid "
        f"{money(total.paid)} - written off {money(total.written_off)} = closing {money(total.closing)}"
    )


def _money(told: Morning) -> list[str]:
    count, amount, oldest = told.waiting
    since = f", the oldest of {oldest}" if oldest else ""
    differing = sum(one.difference != 0 for one in told.balances)
    return [
        f"Payments in suspense: {count}, {money(amount)}{since}",
        f"Bank: {len(told.balances)} agents, {differing} with a difference",
        *(f"  {_balance(one)}" for one in told.balances),
    ]


def _balance(one: DayBalance) -> str:
    came = f"accepted {money(one.accepted)}, suspense {money(one.suspense)}, commission {money(one.commission)}"
    return f"{one.agent or 'without an agent'}: {came}, bank {money(one.bank)}, difference {money(one.difference)}"


def _chains(chains: int, rows: int, head: bytes) -> list[str]:
    return [f"Evidence: {chains} warnings, {rows} rows", *([f"  heads {head.hex()}"] if chains else [])]


def _counted(what: str, counts: Mapping[str, int]) -> list[str]:
    return [f"{what}: {sum(counts.values())}", *(f"  {name}: {number}" for name, number in counts.items())]
