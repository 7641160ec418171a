"""Brings all money of an account to its debts again, in the order of its days, and says how its plans stand then."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from core.checking.computing import DAY
from core.checking.debts import NOTHING, PRINCIPAL, Rules, Sum
from core.checking.plans import Agreement, later

Row = tuple[Sum, Fraction, date]
"""A debt, so much of it at the most, and the last day to pay that."""


@dataclass
class Book:
    """The debts of an account: claims for use, and what was posted for late payment, as interest of plans or taken back
    beyond all that came."""

    debts: list[Sum]
    plans: list[Agreement]
    rules: Rules
    taken: list[tuple[int, date | None, Fraction]] = field(default_factory=list)
    _full: dict[int, Fraction] = field(default_factory=dict)

    def settle(self, corrections: Sequence[Sum], payments: Sequence[Sum]) -> None:
        """Brings corrections in the customer's favour, and payments without what was taken back."""
        self._full = {one.no: one.left for one in self.debts}
        for plan in self.plans:
            inside = (
                one for one in self.debts if one.claimed and plan.months[0] <= (one.month or "") <= plan.months[1]
            )
            plan.covered = sorted((one for one in inside if one.due_on < plan.start), key=by_due)
        for one in corrections:
            own = (debt for debt in self.debts if debt.component == PRINCIPAL and debt.month == one.month)
            self._take(one, [(debt, debt.left, debt.due_on) for debt in own], None)
        credits = sorted([*corrections, *payments], key=lambda one: (one.day, one.no))
        for one in credits:
            if self.rules.named_first and one.month is not None and one.about is None:
                self._take(one, self._order(self._named(one.month), one.day, self._barred(one.day)), one.day)
        for one in credits:
            rows = self._found(one.day)
            if one.about is not None:
                rows = [row for row in rows if one.about in (row[0].no, row[0].about)]
            self._take(one, rows, one.day)
        for one in credits:
            if one.about is not None:
                self._take(one, self._order(self._whole(self.debts), date.min), one.day)

    def _take(self, credit: Sum, rows: Iterable[Row], on: date | None) -> None:
        for debt, most, _ in rows:
            part = min(credit.left, debt.left, most)
            if part > 0:
                credit.left -= part
                debt.left -= part
                self.taken.append((debt.no, on, part))

    def _whole(self, debts: Iterable[Sum]) -> list[Row]:
        return [(one, one.left, one.due_on) for one in debts]

    def _named(self, month: str) -> list[Row]:
        """What money settles that names a month: by component not its penalties."""
        mine = (one for one in self.debts if one.month == month)
        return self._whole(one for one in mine if self.rules.by_debt or one.component != "penalty")

    def _found(self, day: date) -> list[Row]:
        """The debts as money of the day finds them, those of a plan in force by its parts."""
        for plan in self.plans:
            self._look(plan, day)
        barred = self._barred(day)
        held = next((one for one in self.plans if one.holds(day)), None)
        if held is None:
            return self._order(self._whole(self.debts), day, barred)
        mine = {one.no for one in held.covered}
        rows = self._whole(one for one in self.debts if one.no not in mine)
        return self._order([*rows, *self._parted(held)], day, barred - mine)

    def _parted(self, plan: Agreement) -> Iterator[Row]:
        """What a plan covers, the oldest on the earliest part; what no part has room for as if there were none."""
        rooms = [(due, left) for due, left in zip(plan.dues, self.left(plan), strict=True) if left]
        spare = sum((one.left for one in plan.covered), NOTHING) - sum((left for _, left in rooms), NOTHING)
        for debt in plan.covered:
            rest = debt.left
            if spare:
                part = min(rest, spare)
                spare -= part
                rest -= part
                yield debt, part, debt.due_on
            while rest and rooms:
                due, left = rooms.pop(0)
                part = min(rest, left)
                rest -= part
                yield debt, part, due
                if left > part:
                    rooms.insert(0, (due, left - part))

    def _order(self, rows: Iterable[Row], day: date, barred: set[int] | None = None) -> list[Row]:
        """The rows in the order in which money of the day settles them. Those that are barred come behind what there
        was to pay on the day."""
        rules, found = self.rules, sorted(rows, key=lambda row: self._rank(row, day))
        if not barred:
            return found
        groups: list[list[Row]] = [[]] if rules.by_debt else [[] for _ in rules.order]
        for row in found:
            groups[0 if rules.by_debt else rules.place(row[0].component)].append(row)
        ordered: list[Row] = []
        for group in groups:
            free = [row for row in group if row[0].no not in barred]
            payable = [at for at, row in enumerate(free, 1) if _payable(row, day)]
            cut = payable[-1] if payable else 0
            ordered += [*free[:cut], *(row for row in group if row[0].no in barred), *free[cut:]]
        return ordered

    def _rank(self, row: Row, day: date) -> tuple[Any, ...]:
        debt, _, due = row
        place, to_come = self.rules.place(debt.component), self.rules.latest_first and due > day
        turn = (to_come, -due.toordinal() if to_come else due.toordinal(), debt.month or "")
        if self.rules.by_debt:
            return (*turn, debt.about or debt.no, place)
        return (place, *turn, debt.no)

    def _barred(self, day: date) -> set[int]:
        """The numbers of the debts whose limitation has run before the day."""
        if not self.rules.years:
            return set()
        return {one.no for one in self.debts if one.left and self.last_day(one, self.rules.years) < day}

    def last_day(self, debt: Sum, years: int) -> date:
        """The last day of a debt's limitation, of a penalty that of its claim; a plan that covers it, agreed in time,
        begins it anew."""
        if debt.component == "penalty":
            debt = next((one for one in self.debts if one.claimed and one.no == debt.about), debt)
        last = later(debt.due_on, 12 * years)
        for start in sorted(plan.start for plan in self.plans if any(one.no == debt.no for one in plan.covered)):
            last = later(start, 12 * years) if start <= last else last
        return last

    def target(self, plan: Agreement) -> Fraction:
        """What the parts are to pay: what was agreed, no more than was open on the first day."""
        full = sum((self._full[one.no] for one in plan.covered), NOTHING)
        return min(plan.amount, full - self._of(plan, lambda on: on is None or on < plan.start))

    def paid(self, plan: Agreement, through: date = date.max) -> Fraction:
        return self._of(plan, lambda on: on is not None and plan.start <= on <= through)

    def _of(self, plan: Agreement, counts: Callable[[date | None], bool]) -> Fraction:
        mine = [one.no for one in plan.covered]
        return sum((amount for no, on, amount in self.taken if no in mine and counts(on)), NOTHING)

    def left(self, plan: Agreement) -> list[Fraction]:
        """What is unpaid of each part."""
        paid, room = self.paid(plan), self.target(plan)
        found = []
        for part in plan.parts:
            wanted = min(part, room)
            done = min(paid, wanted)
            room -= wanted
            paid -= done
            found.append(wanted - done)
        return found

    def _look(self, plan: Agreement, day: date) -> None:
        if plan.broken is None:
            plan.broken = next(self._breaks(plan, day), None)

    def _breaks(self, plan: Agreement, day: date) -> Iterator[date]:
        """The days up to `day` on which something was overdue although the plan still ran."""
        target, due = self.target(plan), NOTHING
        tests: list[tuple[date, Fraction, Sum | None]] = []
        for last, part in zip(plan.dues, plan.parts, strict=True):
            due += part
            tests.append((last, min(due, target), None))
        current = (one for one in self.debts if one.component == PRINCIPAL and one.due_on >= plan.start)
        tests += [(one.due_on, NOTHING, one) for one in current]
        for last, need, debt in sorted(tests, key=lambda test: test[0]):
            end = last + plan.grace
            if end >= day or (plan.last is not None and end + DAY >= plan.last) or self.paid(plan, end) >= target:
                continue
            if debt is None and self.paid(plan, end) < need:
                yield end + DAY
            if debt is not None and self._open(debt, end):
                yield end + DAY

    def _open(self, debt: Sum, through: date) -> bool:
        done = (amount for no, on, amount in self.taken if no == debt.no and (on is None or on <= through))
        return self._full[debt.no] > sum(done, NOTHING)

    def ending(self, plan: Agreement, today: date) -> tuple[date | None, str | None]:
        """The first day on which the plan holds no more, and why, by all money that is known on a day."""
        self._look(plan, today)
        ends = [(day, why) for day, why in ((plan.last, "terminated"), (plan.broken, "broken")) if day is not None]
        paid, target = NOTHING, self.target(plan)
        mine = [one.no for one in plan.covered]
        money = sorted((on, amount) for no, on, amount in self.taken if no in mine and on is not None)
        if target <= 0:
            ends.insert(0, (plan.start, "fulfilled"))
        for on, amount in money:
            paid += amount if on >= plan.start else NOTHING
            if paid >= target > 0:
                ends.insert(0, (on + DAY, "fulfilled"))
                break
        return min(ends, key=lambda end: end[0], default=(None, None))


def _payable(row: Row, day: date) -> bool:
    """Whether there was this to pay on the day: it was due, or, put off by no plan, of a month that was over."""
    debt, _, due = row
    return due <= day or (due == debt.due_on and (debt.month or "") < f"{day:%Y-%m}")


def by_due(one: Sum) -> tuple[date, str, int]:
    return one.due_on, one.month or "", one.no
