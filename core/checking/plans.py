"""Computes instalment plans again: what they cover, their parts, what money has paid of them, and when they ended."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from core.checking.computing import DAY
from core.checking.debts import Sum
from core.checking.document import Node, Unreadable, half_up
from core.checking.pricing import KOPECK

NOTHING = Fraction(0)


@dataclass
class Agreement:
    """A plan as its fact agrees it; the numbers are in main units. `last` is the day before which a document, or the
    next plan, ends it."""

    no: int
    start: date
    months: tuple[str, str]
    amount: Fraction
    dues: list[date]
    rate: Fraction
    grace: timedelta
    last: date | None
    covered: list[Sum] = field(default_factory=list)
    broken: date | None = None

    def holds(self, day: date) -> bool:
        ends = [end for end in (self.last, self.broken) if end is not None]
        return self.start <= day and all(day < end for end in ends)

    @property
    def parts(self) -> list[Fraction]:
        """Equal parts; the last takes the rest."""
        count = len(self.dues)
        part = half_up(self.amount / count, KOPECK)
        if part * (count - 1) > self.amount:
            part = (self.amount / count) // KOPECK * KOPECK
        return [part] * (count - 1) + [self.amount - part * (count - 1)]

    def interest(self, until: date | None) -> Fraction:
        """Of each part from the first day through its last, or before the day on which the plan ended."""
        exact = NOTHING
        for due, part in zip(self.dues, self.parts, strict=True):
            day, end = self.start, due + DAY if until is None else min(due + DAY, until)
            while day < end:
                stop = min(end, date(day.year + 1, 1, 1))
                length = date(day.year + 1, 1, 1) - date(day.year, 1, 1)
                exact += part * (stop - day).days * self.rate / length.days
                day = stop
        return half_up(exact, KOPECK)


def agreement(plan: Node, facts: Node, following: date | None) -> Agreement:
    """What the fact of the plan, and the documents that ended it, agree."""
    name = plan.get("fact").text
    fact = facts.get(name)
    value, start = fact.get("value"), fact.get("from").day
    ends = [
        facts.get(key).get("from").day
        for key in facts.keys
        if key.startswith("condition:")
        and facts.get(key).get("kind").text == "instalments_end"
        and facts.get(key).get("name").text == fact.get("name").text
        and _latest(facts, key)
    ]
    ends += [] if following is None else [following]
    count, first = _whole(value.get("parts")), value.get("due_on").day
    if not 1 <= count <= 1000:
        raise Unreadable(value.place, "so many parts")
    return Agreement(
        no=int(name.removeprefix("condition:")),
        start=start,
        months=(value.get("first").text, value.get("last").text),
        amount=Fraction(_whole(value.get("amount")), 100),
        dues=[_later(first, number) for number in range(count)],
        rate=Fraction(_whole(value.get("rate")), 1_000_000),
        grace=timedelta(plan.get("grace_days").count),
        last=min(ends, default=None),
    )


def _latest(facts: Node, key: str) -> bool:
    """Whether the document that ends a plan stands: none that came later, from its day or before, takes it back."""
    fact = facts.get(key)
    if fact.maybe("value") is None:
        return False
    number = int(key.removeprefix("condition:"))
    others = (
        facts.get(other)
        for other in facts.keys
        if other.startswith("condition:") and int(other.removeprefix("condition:")) > number
    )
    return not any(
        one.get("kind").text == "instalments_end"
        and one.get("name").text == fact.get("name").text
        and one.get("from").day <= fact.get("from").day
        for one in others
    )


def _whole(node: Node) -> int:
    if isinstance(node.value, bool) or not isinstance(node.value, int) or node.value < 0:
        raise Unreadable(node.place, "a whole number")
    return node.value


def _later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    for number in range(first.day, 0, -1):
        try:
            return date(first.year + years, month + 1, number)
        except ValueError:
            continue
    raise AssertionError(first)


@dataclass
class Book:
    """All money of an account, brought to its debts in the order of its days, while plans put some of them off.

    `principal` are the claims for what was used and the interest of plans; `penal` what was posted for late payment,
    which money settles behind all of it.
    """

    principal: list[Sum]
    penal: list[Sum]
    plans: list[Agreement]
    interest: frozenset[int] = frozenset()
    """The numbers of those that are interest."""
    excess: frozenset[int] = frozenset()
    """The numbers of those that are money taken back which never came."""
    taken: list[tuple[int, date | None, Fraction]] = field(default_factory=list)
    _full: dict[int, Fraction] = field(default_factory=dict)

    def settle(self, corrections: Sequence[Sum], payments: Sequence[Sum]) -> None:
        """Brings corrections in the customer's favour, and payments without what was taken back."""
        self.principal.sort(key=_by_due)
        self.penal.sort(key=_by_due)
        self._full = {one.no: one.left for one in self.principal}
        for plan in self.plans:
            plan.covered = [
                one
                for one in self.principal
                if plan.months[0] <= (one.month or "") <= plan.months[1]
                and one.due_on < plan.start
                and one.no not in self.interest | self.excess
            ]
        for one in corrections:
            self._take(one, [(debt, one.left) for debt in self.principal if debt.month == one.month], None)
        credits = sorted([*corrections, *payments], key=lambda one: (one.day, one.no))
        for one in credits:
            if one.month is not None:
                self._take(one, [(debt, one.left) for debt in self.principal if debt.month == one.month], one.day)
        for one in credits:
            for plan in self.plans:
                self._look(plan, one.day)
            self._take(one, [*self._order(one.day), *((debt, debt.left) for debt in self.penal)], one.day)

    def _take(self, credit: Sum, debts: Iterable[tuple[Sum, Fraction]], on: date | None) -> None:
        for debt, most in debts:
            part = min(credit.left, debt.left, most)
            if part > 0:
                credit.left -= part
                debt.left -= part
                self.taken.append((debt.no, on, part))

    def _order(self, day: date) -> list[tuple[Sum, Fraction]]:
        plan = next((one for one in self.plans if one.holds(day)), None)
        if plan is None:
            return [(debt, debt.left) for debt in self.principal]
        mine = [one.no for one in plan.covered]
        rows = [(_by_due(debt), debt, debt.left) for debt in self.principal if debt.no not in mine]
        rooms = [(due, left) for due, left in zip(plan.dues, self.left(plan), strict=True) if left]
        spare = sum((one.left for one in plan.covered), NOTHING) - sum((left for _, left in rooms), NOTHING)
        for debt in plan.covered:
            rest = debt.left
            if spare:
                part = min(rest, spare)
                spare -= part
                rest -= part
                rows.append((_by_due(debt), debt, part))
            while rest and rooms:
                due, left = rooms.pop(0)
                part = min(rest, left)
                rest -= part
                rows.append(((due, *_by_due(debt)[1:]), debt, part))
                if left > part:
                    rooms.insert(0, (due, left - part))
        return [(debt, most) for _, debt, most in sorted(rows, key=lambda row: row[0])]

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
        current = (one for one in self.principal if one.due_on >= plan.start and one.no not in self.interest)
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


def _by_due(one: Sum) -> tuple[date, str, int]:
    return one.due_on, one.month or "", one.no
