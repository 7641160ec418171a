"""Instalment plans of an account: what they agree, how payments keep them, and when they end (billing.md 4.7)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate, zip_longest

from core.basics.facts import dataclass
from core.basics.money import MICRO, half_up
from core.basics.periods import DAY, Period
from core.billing.conditions.model import Conditions, Instalments, Kind
from core.billing.engine import instalments
from core.billing.engine.owing import Allocation, Owed, Piece
from core.billing.engine.penalty import Rate
from core.billing.model import AccountState, Component, OpenClaim, Plan, PlanEnd, PlanPart


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement by the fact numbered `no`, and the days on which it holds as far as nobody breaks it."""

    no: int
    days: Period
    terms: Instalments


def agreed(conditions: Conditions, account: int) -> tuple[Agreed, ...]:
    """The agreements of the account, oldest first. A document ends one from its day on, and so does the next agreement:
    there is one at a time."""
    if Kind.INSTALMENTS not in conditions.kinds:
        return ()
    found = [
        Agreed(one.no, days, one.value)
        for name in conditions.names(Kind.INSTALMENTS, account)
        for one in conditions.said(Kind.INSTALMENTS, account, name)
        if isinstance(one.value, Instalments) and (days := _days(conditions, account, name, one.days)) is not None
    ]
    found.sort(key=lambda one: (one.days.start, one.no))
    return tuple(_one_at_a_time(found))


def _days(conditions: Conditions, account: int, name: str, days: Period) -> Period | None:
    """The days of the agreement until a document ends it; None where that was before its first."""
    ends = [one.days.start for one in conditions.said(Kind.INSTALMENTS_END, account, name)]
    ends += [] if days.end is None else [days.end]
    end = min(ends, default=None)
    return None if end is not None and end <= days.start else Period(days.start, end)


def _one_at_a_time(found: Sequence[Agreed]) -> Iterator[Agreed]:
    for one, after in zip_longest(found, found[1:]):
        if after is None or (one.days.end is not None and one.days.end <= after.days.start):
            yield one
        elif one.days.start < after.days.start:
            yield replace(one, days=Period(one.days.start, after.days.start))


@dataclass(slots=True)
class Course:
    """A plan while the account's money is being settled. `debts` and `allocations` are those of the settling, and grow
    with it; money must be brought in the order of its days."""

    plan: Agreed
    debts: Sequence[Owed]
    allocations: Sequence[Allocation]
    grace: int
    broken: date | None = None
    covered: list[Owed] = field(init=False)

    def __post_init__(self) -> None:
        terms, start = self.plan.terms, self.plan.days.start
        self.covered = [
            one for one in self.debts if one.claimed and terms.first <= one.month <= terms.last and one.due_on < start
        ]
        self.covered.sort(key=lambda one: (one.due_on, one.month, one.no))

    @property
    def numbers(self) -> frozenset[int]:
        """Those of the claims that the plan covers."""
        return frozenset(one.no for one in self.covered)

    def holds(self, day: date) -> bool:
        """Whether the plan is in force on the day, by the money brought so far."""
        return day in self.plan.days and (self.broken is None or day < self.broken)

    def look(self, day: date) -> None:
        """Notes whether the plan is broken before the day, or on it: all money before it has been brought."""
        if self.broken is not None:
            return
        target = self._target()
        for last, need, debt in self._tests(target):
            if last >= day or last + DAY not in self.plan.days:
                return
            paid = self._paid(last)
            if paid < target and (paid < need if debt is None else self._left(debt, last) > 0):
                self.broken = last + DAY
                return

    def pieces(self) -> list[Piece]:
        """What is left of the covered claims, the oldest on the earliest part; what no part has room for keeps the date
        of its claim."""
        parts = [(part.left, part.due_on) for part in self._parts()]
        spare = sum(one.left for one in self.covered) - sum(left for left, _ in parts)
        rooms = [(spare, None), *parts]
        found: list[Piece] = []
        for debt in self.covered:
            left = debt.left
            while left and rooms:
                room, due_on = rooms[0]
                taken = min(left, room)
                if taken:
                    found.append((debt, taken, due_on or debt.due_on))
                left -= taken
                rooms[0] = room - taken, due_on
                if room == taken:
                    rooms.pop(0)
        return found

    def outcome(self, posted: int) -> Plan:
        """How the plan stands once all money is brought; `posted` is the interest that was demanded for it."""
        terms, days = self.plan.terms, self.plan.days
        ends = [(paid_on, PlanEnd.FULFILLED) for paid_on in self._fulfilled()]
        ends += [] if days.end is None else [(days.end, PlanEnd.TERMINATED)]
        ends += [] if self.broken is None else [(self.broken, PlanEnd.BROKEN)]
        until, end = min(ends, key=lambda one: one[0], default=(None, None))
        covers = tuple(one.no for one in self.covered)
        return Plan(self.plan.no, days.start, self._parts(), covers, until, end, terms.rate, posted, self.grace)

    def _fulfilled(self) -> Iterator[date]:
        """The day behind the one on which the last of it was paid."""
        target = self._target()
        if not target:
            yield self.plan.days.start
            return
        paid = 0
        for on, amount in sorted((one.on, one.amount) for one in self._own() if one.on is not None):
            paid += amount if on >= self.plan.days.start else 0
            if paid >= target:
                yield on + DAY
                return

    def _tests(self, target: int) -> list[tuple[date, int, Owed | None]]:
        """On which last days how much of the plan, or which current bill, must be paid, in the order of the days."""
        grace = timedelta(self.grace)
        schedule = _schedule(self.plan.terms)
        due = accumulate(part.amount for part in schedule)
        tests: list[tuple[date, int, Owed | None]] = [
            (part.due_on + grace, min(need, target), None) for part, need in zip(schedule, due, strict=True)
        ]
        tests += [(one.due_on + grace, 0, one) for one in self.debts if self._is_current(one)]
        return sorted(tests, key=lambda one: one[0])

    def _is_current(self, one: Owed) -> bool:
        return one.component is Component.PRINCIPAL and one.due_on >= self.plan.days.start

    def _own(self) -> list[Allocation]:
        mine = {one.no for one in self.covered}
        return [one for one in self.allocations if one.claim in mine]

    def _target(self) -> int:
        """What is to be paid by parts: what was agreed, but no more than was open on the first day."""
        start = self.plan.days.start
        before = sum(one.amount for one in self._own() if one.on is None or one.on < start)
        return min(self.plan.terms.amount, sum(one.amount for one in self.covered) - before)

    def _paid(self, through: date = date.max) -> int:
        start = self.plan.days.start
        return sum(one.amount for one in self._own() if one.on is not None and start <= one.on <= through)

    def _left(self, debt: Owed, through: date) -> int:
        taken = (one for one in self.allocations if one.claim == debt.no and (one.on is None or one.on <= through))
        return debt.amount - sum(one.amount for one in taken)

    def _parts(self) -> tuple[PlanPart, ...]:
        """The parts with what is unpaid of each: what was paid since the first day settles the first ones, what was
        paid before it takes the place of the last."""
        room, paid = self._target(), self._paid()
        found: list[PlanPart] = []
        for part in _schedule(self.plan.terms):
            wanted = min(part.amount, room)
            taken = min(paid, wanted)
            room -= wanted
            paid -= taken
            found.append(PlanPart(part.due_on, part.amount, wanted - taken))
        return tuple(found)


def _schedule(terms: Instalments) -> tuple[instalments.Part, ...]:
    return instalments.plan(terms.amount, first=terms.due_on, count=terms.parts)


def frozen(plans: Iterable[Plan]) -> Mapping[int, tuple[Period, ...]]:
    """The days on which each covered claim bears no penalty, where the rules freeze it: those of its plans."""
    found: dict[int, tuple[Period, ...]] = {}
    for plan in plans:
        if plan.until is None or plan.start < plan.until:
            days = Period(plan.start, plan.until)
            found.update({no: (*found.get(no, ()), days) for no in plan.covers})
    return found


def as_of(state: AccountState, today: date) -> AccountState:
    """The state with the plan ended that is broken on the day, because the money that is known has not kept it: neither
    are its claims put off, nor is their penalty frozen from that day on."""
    plans = ended(state.plans, state.claims, today)
    if plans == state.plans:
        return state
    days = frozen(plans)
    late = tuple(replace(one, frozen=days.get(one.no, ())) if one.frozen else one for one in state.late)
    return replace(state, plans=plans, late=late)


def ended(plans: Sequence[Plan], claims: Sequence[OpenClaim], today: date) -> tuple[Plan, ...]:
    """The plans, by all money that is known, as they stand on the day: one is ended that its open parts, or the open
    claims for what was used since, have broken."""
    return tuple(_ended(plan, claims, today) for plan in plans)


def _ended(plan: Plan, claims: Sequence[OpenClaim], today: date) -> Plan:
    broken = _broken_on(plan, claims, today)
    if broken is None or (plan.until is not None and plan.until <= broken):
        return plan
    return replace(plan, until=broken, end=PlanEnd.BROKEN)


def _broken_on(plan: Plan, claims: Sequence[OpenClaim], today: date) -> date | None:
    if not plan.left or plan.start > today:
        return None
    last = today - timedelta(plan.grace)
    days = [part.due_on for part in plan.parts if part.left and part.due_on < last]
    days += [one.due_on for one in claims if one.component is Component.PRINCIPAL and plan.start <= one.due_on < last]
    return min(days) + timedelta(plan.grace) + DAY if days else None


def in_force(plans: Iterable[Plan], day: date) -> Plan | None:
    """The plan that holds on the day."""
    return next((one for one in plans if one.holds(day) and one.left), None)


def interest(plan: Plan) -> int:
    """What the plan costs, kopecks, rounded once: simple interest on each part from its first day through the part's
    last, a day being a 365th of the yearly rate, in leap years a 366th; of a plan that was broken, or ended by a
    document, for the days before that."""
    if not plan.rate:
        return 0
    exact = sum((worth for _, _, worth in interest_steps(plan)), Fraction(0))
    return half_up(exact.numerator, exact.denominator)


def interest_steps(plan: Plan) -> Iterator[tuple[PlanPart, date, Fraction]]:
    """The parts that bear interest, the day before which it ends, and what it comes to, kopecks, exact."""
    rates = [Rate(plan.start, Fraction(plan.rate, MICRO))]
    stop = plan.until if plan.end in (PlanEnd.BROKEN, PlanEnd.TERMINATED) else None
    for part in plan.parts:
        end = part.due_on + DAY if stop is None else min(part.due_on + DAY, stop)
        if plan.start < end:
            yield part, end, instalments.accrued(part.amount, plan.start, end, rates)


def unposted(plans: Iterable[Plan], today: date) -> tuple[tuple[Plan, int], ...]:
    """What of the interest of each plan that has begun is not demanded yet, kopecks; negative: too much was."""
    due = ((one, interest(one) - one.posted) for one in plans if one.start <= today)
    return tuple((plan, amount) for plan, amount in due if amount)
