"""What an instalment plan in force puts off: the debts that wait for parts which are not due yet (billing.md 4.7)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from core.billing.engine import planning
from core.billing.model import AccountState, Component, OpenClaim, Part, Plan


def part(one: OpenClaim, today: date) -> Part:
    """An open claim as a part of what there is to pay."""
    late = one.due_on < today
    planned = one.component is Component.INTEREST and not late
    return Part(one.month, one.remaining, late, penalty=one.component is Component.PENALTY, planned=planned)


def parts(claims: Sequence[OpenClaim], plan: Plan | None, today: date) -> tuple[Part, ...]:
    """The open claims. While a plan is in force, as much as its parts to come of those that it covers is put off, the
    newest first; so is its interest until the last part is due."""
    if plan is None:
        return tuple([part(one, today) for one in claims])
    return tuple(one for _, one in _parts(claims, plan, today))


def planned(state: AccountState, numbers: Collection[int], today: date) -> int:
    """What of the open claims with these numbers is put off on the day, kopecks."""
    now = planning.as_of(state, today)
    plan = planning.in_force(now.plans, today)
    if plan is None:
        return 0
    return sum(one.amount for no, one in _parts(now.claims, plan, today) if no in numbers and one.planned)


def dated(state: AccountState, today: date) -> Iterator[tuple[date, int]]:
    """The open claims with their last days to pay; what a plan puts off on the day is never due."""
    plan = planning.in_force(state.plans, today)
    if plan is None:
        yield from ((one.due_on, one.remaining) for one in state.claims)
        return
    due = {one.no: one.due_on for one in state.claims}
    for no, one in _parts(state.claims, plan, today):
        yield (date.max if one.planned else due[no]), one.amount


def _parts(claims: Sequence[OpenClaim], plan: Plan, today: date) -> Iterator[tuple[int, Part]]:
    """The parts with the numbers of their claims."""
    covered = sum(one.remaining for one in claims if one.no in plan.covers)
    due = covered - min(covered, sum(one.left for one in plan.parts if one.due_on >= today))
    for one in claims:
        if one.no not in plan.covers:
            yield one.no, part(one, today)
        else:
            now = min(due, one.remaining)
            due -= now
            if now:
                yield one.no, Part(one.month, now, overdue=True)
            if one.remaining > now:
                yield one.no, Part(one.month, one.remaining - now, planned=True)


def following(state: AccountState, plan: Plan, today: date) -> tuple[date, int] | None:
    """The last day of the next part that is not paid, and what is left of it; of the last part with the interest."""
    left = [one for one in plan.parts if one.left and one.due_on >= today]
    if not left:
        return None
    due_on, amount = left[0].due_on, left[0].left
    if due_on == plan.parts[-1].due_on:
        amount += sum(one.remaining for one in state.claims if _is_of(one, plan))
        amount += sum(rest for of, rest in planning.unposted(state.plans, today) if of.no == plan.no)
    return due_on, amount


def _is_of(one: OpenClaim, plan: Plan) -> bool:
    return one.component is Component.INTEREST and one.due_on == plan.parts[-1].due_on
