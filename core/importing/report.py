"""What came of a file, to be read by people: lines for a terminal, and all problems as a table."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.importing.model import Counts, Problem

SHOWN = 20
"""How many problems a terminal is shown; all of them can be written to a file."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a file.

    `counts` are by noun, "rows" among them: there every row of the file is counted once. `suspense` is how many
    payments of the file wait for somebody to find their account, `gaps` how many accounts of the file have months that
    were read and count as billed without a claim. `loaded_before`: this very file was imported before.
    """

    kind: str
    counts: Mapping[str, Counts]
    problems: tuple[Problem, ...] = ()
    suspense: int = 0
    gaps: int = 0
    loaded_before: bool = False

    @property
    def rows(self) -> Counts:
        return self.counts["rows"]

    def lines(self, *, shown: int = SHOWN) -> Iterator[str]:
        """The counts, and the first problems."""
        for noun, counts in self.counts.items():
            yield f"{noun}: {counts.new} new, {counts.unchanged} unchanged, {counts.bad} bad"
        if self.loaded_before:
            yield "this file was loaded before: only what was missing was added"
        if self.suspense:
            yield f"ATTENTION: {self.suspense} payment(s) belong to no known account and wait in suspense"
        if self.gaps:
            yield (
                f"ATTENTION: {self.gaps} account(s) have months without a claim between their first reading and their "
                "last claim; these count as billed, and what was used in them is never charged"
            )
        for problem in self.problems[:shown]:
            yield line(problem)
        if len(self.problems) > shown:
            yield f"… and {len(self.problems) - shown} more problem(s)"

    def write(self, path: Path) -> None:
        """All problems as CSV in UTF-8; a cell that a spreadsheet would take for a formula is told by a quote.

        :raises OSError: the file cannot be written.
        """
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            table = csv.writer(file)
            table.writerow(("line", "column", "value", "reason", "expected"))
            for one in self.problems:
                cells = (one.column, one.value, one.reason, one.expected)
                table.writerow((one.line, *(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells)))


def line(problem: Problem) -> str:
    """A problem on one line."""
    place = f"line {problem.line}" + (f", {problem.column}" if problem.column else "")
    value = f" {problem.value!r}" if problem.value else ""
    return f"{place}:{value} {problem.reason}; expected: {problem.expected}"
