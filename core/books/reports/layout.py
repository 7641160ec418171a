"""Reports as text for people and as CSV for other programs."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from core.billing.engine.limitation import AGES
from core.books.reports.model import Aged, AgedSheet, BookedLine, Turnover

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
SUMS = ("opening", "charged", "penalties", "paid", "written off", "closing", "difference", "collected %")


_SPANS = zip((0, *(last + 1 for last in AGES)), AGES[:-1], strict=False)
AGE_SUMS = (
    "debt", "not due", *(f"{first}-{last}" for first, last in _SPANS), "1-3 years", "over 3 years", "paid ahead",
    "balance", "difference",
)  # fmt: skip


def money(amount: int) -> str:
    """Kopecks as 1054.40."""
    return f"{Decimal(amount).scaleb(-2):.2f}"


def safe(cell: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def sums(row: Turnover) -> list[str]:
    """The cells of a line of the sheet."""
    amounts = (row.opening, row.charged, row.penalties, row.paid, row.written_off, row.closing, row.difference)
    collected = "" if row.collected is None else f"{Decimal(row.collected).scaleb(-1):.1f}"
    return [*map(money, amounts), collected]


def as_text(title: str, level: str, rows: Sequence[tuple[str, Turnover]], total: Turnover) -> str:
    """The sheet as lines of a terminal, with its total."""
    table = [[level, *SUMS], *([name or "-", *sums(row)] for name, row in rows), ["TOTAL", *sums(total)]]
    count = f"{total.accounts} accounts, difference {money(total.difference)}"
    return "\n".join([title, *_table(table), count]) + "\n"


def _table(table: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows as lines, the first column to the left, the others to the right."""
    widths = [max(len(line[place]) for line in table) for place in range(len(table[0]))]
    for first, *cells in table:
        padded = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        yield "  ".join([first.ljust(widths[0]), *padded]).rstrip()


def as_csv(level: str, rows: Sequence[tuple[str, Turnover]], total: Turnover) -> str:
    """The sheet as CSV, its last row the total."""
    return _csv([[level, *SUMS], *([safe(name), *sums(row)] for name, row in rows), ["TOTAL", *sums(total)]])


def _aged(row: Aged) -> list[str]:
    return list(map(money, (row.debt, *row.ages, row.ahead, row.balance, row.difference)))


def ages_text(title: str, level: str, made: AgedSheet) -> str:
    """The ages of debts as lines of a terminal, with their total."""
    rows = [[name or "-", *_aged(row)] for name, row in made.rows]
    count = f"{made.total.accounts} accounts, difference {money(made.total.difference)}"
    return "\n".join([title, *_table([[level, *AGE_SUMS], *rows, ["TOTAL", *_aged(made.total)]]), count]) + "\n"


def ages_csv(level: str, made: AgedSheet) -> str:
    """The ages of debts as CSV, the last row the total."""
    rows = [[safe(name), *_aged(row)] for name, row in made.rows]
    return _csv([[level, *AGE_SUMS], *rows, ["TOTAL", *_aged(made.total)]])


def booked_csv(lines: Iterable[BookedLine]) -> str:
    """The ledger's lines as CSV, debit and credit apart; the last row holds their count and what they come to."""
    rows: list[list[str]] = [["booked_on", "on_day", "account", "fact", "line", "ledger", "debit", "credit"]]
    debit = credit = 0
    for one in lines:
        into, out = max(one.amount, 0), max(-one.amount, 0)
        debit += into
        credit += out
        days = [one.booked_on, one.on_day, safe(one.account)]
        rows.append([*days, str(one.no), str(one.line), one.ledger, money(into), money(out)])
    rows.append(["CONTROL", "", "", str(len(rows) - 1), "", "", money(debit), money(credit)])
    return _csv(rows)


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
