"""A row of a table of tariffs: its cells as numbers, days and rates, and what is wrong with them."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from core.basics.facts import dataclass
from core.basics.money import MICRO

ZONES = ("total", "day", "night", "peak", "halfpeak")

MONTHS = range(1, 13)

_MONTH = re.compile(r"0?[1-9]|1[0-2]", re.ASCII)


@dataclass(frozen=True, slots=True)
class TariffProblem:
    """Why a version was not taken in: the line, the column ("" the whole row), what stands there, the reason, and what
    would have been right."""

    line: int
    column: str
    value: str
    reason: str
    expected: str


class Row:
    """A row of a version: reads its cells, and notes what is wrong with them."""

    def __init__(self, line: int, cells: Mapping[str, str], problems: list[TariffProblem]) -> None:
        self.line = line
        self._cells = cells
        self._problems = problems

    def text(self, column: str) -> str:
        return (self._cells.get(column) or "").strip()

    def blame(self, column: str, reason: str, expected: str) -> None:
        self._problems.append(TariffProblem(self.line, column, self.text(column), reason, expected))

    def day(self, column: str) -> date | None:
        text = self.text(column)
        if not text:
            return None
        try:
            return date.fromisoformat(text if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else "")
        except ValueError:
            self.blame(column, "not a day", "2025-01-01")
            return None

    def number(self, column: str, scale: int, example: str) -> int:
        """The cell times `scale`, 0 where it is empty."""
        text = self.text(column).replace(",", ".")
        value = _scaled(text or "0", scale)
        if value is None:
            self.blame(column, "not a number", example)
            return 0
        return value

    def months(self) -> tuple[int, ...]:
        """The months of the row's season; none: the months that no other row names."""
        found: list[int] = []
        for part in filter(None, self.text("months").split(";")):
            ends = [end.strip() for end in part.split("-")]
            if len(ends) > 2 or not all(_MONTH.fullmatch(end) for end in ends):
                self.blame("months", "not months", "5-9, or 11-3, or 1;7")
                return ()
            first, last = int(ends[0]), int(ends[-1])
            found.extend(
                first + step if first + step <= 12 else first + step - 12 for step in range((last - first) % 12 + 1)
            )
        return tuple(sorted(set(found)))

    def rates(self) -> dict[str, int]:
        """The rates by zone, millionths."""
        found: dict[str, int] = {}
        for part in self.text("rates").split(";"):
            zone, mark, rate = (piece.strip() for piece in part.replace(",", ".").partition("="))
            value = _scaled(rate, MICRO) if mark else None
            if zone not in ZONES or value is None or zone in found:
                self.blame("rates", "not the rates of zones", "total=3.32, or day=3.81;night=2.27")
                return {}
            found[zone] = value
        return found


def _scaled(text: str, scale: int) -> int | None:
    """A number that is not negative times `scale`; None where it is none, or finer than that."""
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,9})?", text, re.ASCII):
        return None
    scaled = Decimal(text) * scale
    return int(scaled) if scaled == scaled.to_integral_value() else None
