"""Of which overdue debts somebody may be warned: those whose limitation has not run (row M11b). Pure."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

from core.basics.facts import dataclass
from core.billing import stored
from core.billing.engine.limitation import last_days

Claim = list[Any]
"""A claim as the state row has it: its number, month, last day to pay, kopecks, and its component where it is not the
principal."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """The overdue claims of an account: those that may be demanded, and those `lapsed`, each with the last day of its
    limitation."""

    claims: tuple[Claim, ...]
    lapsed: tuple[tuple[Claim, date], ...]


def overdue(told: str, *, day: date, years: int) -> Overdue:
    """The claims of a state row that were due before the day, by a limitation of so many years (0: there is none)."""
    read = json.loads(told)
    rows: list[Claim] = read if isinstance(read, list) else read["open"]
    claims, late, plans, _ = stored.claims(told)
    state = replace(stored.blank(0), claims=claims, late=late, plans=plans)
    lasts = [last for _, last in last_days(state, years)] if years else [date.max] * len(rows)
    due = [(row, last) for row, last in zip(rows, lasts, strict=True) if date.fromisoformat(row[2]) < day]
    return Overdue(
        tuple(row for row, last in due if last >= day), tuple((row, last) for row, last in due if last < day)
    )
