"""How the town pays its bills: in full or in part, in time or late, ahead, or not at all."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from core.basics.periods import Month
from core.billing.model import Claim
from demo.clock import START
from demo.town_model import Dwelling, Paying

_TODAY = START.date()
_AGENTS = ("Банк Прибой", "Почта", "Касса")
_ROUND = 10_000
"""A hundred in kopecks."""


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment, kopecks."""

    external_id: str
    account: str
    on: date
    amount: int
    agent: str
    month: Month | None = None


def payments(dwelling: Dwelling, claims: Iterable[Claim], *, seed: int) -> Iterator[Paid]:
    """The payments of an account for what it was billed, oldest first, none of them of today or later; the same for the
    same seed and bills."""
    chance = random.Random(f"pays {seed} {dwelling.number}")
    agent = chance.choice(_AGENTS)
    owed = 0
    for number, (due_on, month, amount) in enumerate(_bills(claims)):
        owed += amount
        pays = _amount(dwelling.paying, owed, amount, number, chance)
        on = _on(dwelling.paying, due_on, chance)
        if dwelling.paid_until is not None and month.first > dwelling.paid_until:
            return
        if pays > 0 and on < _TODAY:
            owed -= pays
            yield Paid(f"{dwelling.number}-{month}", dwelling.number, on, pays, agent)


def _bills(claims: Iterable[Claim]) -> list[tuple[date, Month, int]]:
    """What fell due together: the day, the latest month in it, the sum."""
    found: dict[date, tuple[Month, int]] = {}
    for claim in claims:
        month, amount = found.get(claim.due_on, (claim.month, 0))
        found[claim.due_on] = max(month, claim.month), amount + claim.amount
    return [(due_on, month, amount) for due_on, (month, amount) in sorted(found.items())]


def _amount(paying: Paying, owed: int, billed: int, number: int, chance: random.Random) -> int:
    part = chance.randrange(50, 95)
    match paying:
        case Paying.EXACT | Paying.LATE:
            return owed
        case Paying.PARTIAL:
            return max(billed, 0) * part // 100
        case Paying.AHEAD:
            return owed + 2 * billed if number % 3 == 0 else 0
        case Paying.ROUNDED:
            return -(-owed // _ROUND) * _ROUND


def _on(paying: Paying, due_on: date, chance: random.Random) -> date:
    if paying is Paying.LATE:
        return due_on + timedelta(days=chance.randrange(4, 27))
    return due_on - timedelta(days=chance.randrange(0, 7))
