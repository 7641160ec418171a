"""In which order money settles debts: the rules of a pack (billing.md section 4.3)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any

from core.basics.facts import dataclass
from core.billing.engine import limitation
from core.billing.engine.owing import Owed, Piece
from core.billing.engine.planning import Course
from core.billing.model import Component


class Mode(StrEnum):
    """Whether a payment settles a debt with all its components before the next, or a component of all debts first."""

    BY_DEBT = "by_debt"
    BY_COMPONENT = "by_component"


class Ahead(StrEnum):
    """Which debt, of those not due yet, takes what is left."""

    NEXT = "next"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class AllocationRules:
    """Which debt a payment settles (billing.md section 4.3): those of the month that the payer named first, if
    `designated_first`; then the oldest due, those whose limitation has run last, if `barred_last`."""

    order: tuple[Component, ...] = (Component.COSTS, Component.PRINCIPAL, Component.PENALTY)
    mode: Mode = Mode.BY_COMPONENT
    ahead: Ahead = Ahead.NEXT
    designated_first: bool = True
    barred_last: bool = True


ALLOCATED = AllocationRules()
"""What holds where no pack says otherwise."""


def ordered(pieces: Iterable[Piece], on: date, rules: AllocationRules, behind: Collection[int] = ()) -> list[Piece]:
    """The pieces in the order in which money of that day settles them; those with the numbers `behind` come last of
    what there was to pay on the day, and before what only came to be demanded later."""
    rank = {component: place for place, component in enumerate(rules.order)}
    principal, by_debt, last = rank[Component.PRINCIPAL], rules.mode is Mode.BY_DEBT, rules.ahead is Ahead.LAST

    def key(piece: Piece) -> tuple[Any, ...]:
        debt, _, due_on = piece
        ahead = last and due_on > on
        due = -due_on.toordinal() if ahead else due_on.toordinal()
        place = rank.get(debt.component, principal)
        if by_debt:
            return ahead, due, debt.month, debt.about or debt.no, place
        return place, ahead, due, debt.month, debt.no

    found = sorted(pieces, key=key)
    if not behind:
        return found
    if by_debt:
        return list(_behind(found, on, behind))
    groups = groupby(found, key=lambda piece: rank.get(piece[0].component, principal))
    return [piece for _, group in groups for piece in _behind([*group], on, behind)]


def _behind(pieces: Sequence[Piece], on: date, behind: Collection[int]) -> Iterator[Piece]:
    last = [piece for piece in pieces if piece[0].no in behind]
    others = [piece for piece in pieces if piece[0].no not in behind]
    cut = max((at for at, piece in enumerate(others, 1) if _payable(piece, on)), default=0)
    yield from others[:cut]
    yield from last
    yield from others[cut:]


def _payable(piece: Piece, on: date) -> bool:
    """Whether there was this to pay on the day: it was due, or is of a month that had ended; what an instalment plan
    puts off is to pay by its parts."""
    debt, _, due_on = piece
    return due_on <= on or (due_on == debt.due_on and debt.month.last < on)


_NONE: frozenset[int] = frozenset()


class Barred:
    """The debts whose limitation has run, while an account's money is being settled."""

    def __init__(self, debts: Sequence[Owed], courses: Sequence[Course], years: int, *, latest: date) -> None:
        """`debts` and `courses` are those of the settling, `latest` the day of its last money; of no debt the
        limitation runs where `years` is zero."""
        oldest = min((one.due_on for one in debts), default=latest)
        some = years and limitation.later_by_years(oldest, years) < latest
        self._rows = sorted(_lasts(debts, courses, years), key=lambda row: row[:2]) if some else []

    def on(self, day: date) -> frozenset[int]:
        """The numbers of the unsettled debts that could not be brought to court any more on the day."""
        if not self._rows:
            return _NONE
        while self._rows and not self._rows[0][2].left:
            del self._rows[0]
        if not self._rows or self._rows[0][0] >= day:
            return _NONE
        return frozenset(no for last, no, debt in self._rows if last < day and debt.left)


def _lasts(debts: Sequence[Owed], courses: Sequence[Course], years: int) -> Iterator[tuple[date, int, Owed]]:
    """The last days of limitation: of a penalty that of its claim. An instalment plan acknowledges what it covers."""
    restarts: dict[int, list[date]] = {}
    for course in courses:
        for one in course.covered:
            restarts.setdefault(one.no, []).append(course.plan.days.start)
    dues = {one.no: one.due_on for one in debts if one.claimed}
    for debt in debts:
        no = debt.about if debt.component is Component.PENALTY and debt.about in dues else debt.no
        due_on = dues.get(no, debt.due_on)
        last = limitation.limitation_on(due_on, years=years, restarts=restarts.get(no, ()))
        assert last is not None
        yield last, debt.no, debt
