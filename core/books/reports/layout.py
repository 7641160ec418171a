"""Reports as text for people and as CSV for other programs."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

from core.books.reports.model import BookedLine, Turnover

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
SUMS = ("opening", "charged", "penalties", "paid", "written off", "closing", "difference", "collected %")


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
    widths = [max(len(line[place]) for line in table) for place in range(len(table[0]))]
    lines = [
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        )
        for line in table
    ]
    count = f"{total.accounts} accounts, difference {money(total.difference)}"
    return "\n".join([title, *(line.rstrip() for line in lines), count]) + "\n"


def as_csv(level: str, rows: Sequence[tuple[str, Turnover]], total: Turnover) -> str:
    """The sheet as CSV, its last row the total."""
    return _csv([[level, *SUMS], *([safe(name), *sums(row)] for name, row in rows), ["TOTAL", *sums(total)]])


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
