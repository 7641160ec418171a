"""What instalment plans agree: what they cover, their parts, and their interest."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from core.checking.computing import DAY
from core.checking.debts import Sum
from core.checking.document import Node, Unreadable, half_up
from core.checking.pricing import KOPECK


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
        exact = Fraction(0)
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
        dues=[later(first, number) for number in range(count)],
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


def later(first: date, months: int) -> date:
    """The day of the same number so many months later; in a month without it the last."""
    years, month = divmod(first.month - 1 + months, 12)
    for number in range(first.day, 0, -1):
        try:
            return date(first.year + years, month + 1, number)
        except ValueError:
            continue
    raise AssertionError(first)
