"""By when a task is due, who works on it, and what may be done with it as it stands."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from core.basics.facts import dataclass
from core.basics.periods import DAY
from core.billing.terms import Calendar
from core.employees.model import Role
from core.requests.model import State
from core.tasking import TaskKind
from core.tasks.model import What

FROM: Mapping[What, tuple[State, ...]] = {
    What.TAKEN: (State.OPEN, State.TAKEN, State.ANSWERED),
    What.HANDED: (State.OPEN, State.TAKEN),
    What.ANSWERED: (State.OPEN, State.TAKEN, State.ANSWERED),
    What.CLOSED: (State.OPEN, State.TAKEN, State.ANSWERED),
    What.REOPENED: (State.ANSWERED, State.CLOSED),
}
"""From which states an employee may do each."""

TO: Mapping[What, State] = {
    What.TAKEN: State.TAKEN,
    What.HANDED: State.TAKEN,
    What.ANSWERED: State.ANSWERED,
    What.CLOSED: State.CLOSED,
    What.REOPENED: State.OPEN,
    What.SETTLED: State.CLOSED,
}
"""How a task stands after each."""


class BadKinds(ValueError):
    """The table of kinds cannot be read; the text names the row and what is wrong."""


@dataclass(frozen=True, slots=True)
class Term:
    """How long a task may take from the day `since` on: one of the three is not 0. `source` says why, by language."""

    since: date
    hours: int
    days: int
    working_days: int
    source: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kinds:
    """The table of kinds: who works on each, and its terms in the order of their days."""

    roles: Mapping[TaskKind, frozenset[Role]]
    terms: Mapping[TaskKind, tuple[Term, ...]]


@cache
def kinds() -> Kinds:
    """The table that comes with the program."""
    return read(Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8"))


def read(text: str) -> Kinds:
    """The table of kinds.

    :raises BadKinds: not TOML, a kind or a role that there is not, a kind without a term, a term without one length.
    """
    try:
        table = tomllib.loads(text)
        roles = {TaskKind(row["name"]): frozenset(Role(one) for one in row["roles"]) for row in table["kind"]}
        terms: dict[TaskKind, list[Term]] = {}
        for row in table["term"]:
            terms.setdefault(TaskKind(row["kind"]), []).append(_term(row))
    except (ValueError, KeyError, TypeError) as error:
        raise BadKinds(f"{type(error).__name__}: {error}") from error
    missing = [kind for kind in TaskKind if not roles.get(kind) or kind not in terms]
    if missing:
        raise BadKinds(f"without roles or without a term: {', '.join(missing)}")
    return Kinds(roles, {kind: tuple(sorted(of, key=lambda one: one.since)) for kind, of in terms.items()})


def _term(row: Mapping[str, object]) -> Term:
    lengths = [row.get(name, 0) for name in ("hours", "days", "working_days")]
    counts = [one for one in lengths if isinstance(one, int) and one > 0]
    if len(counts) != 1 or set(row) - {"kind", "since", "hours", "days", "working_days", "source"}:
        raise ValueError(f"a term of {row.get('kind')} has one of hours, days and working_days")
    hours, days, working = (one if isinstance(one, int) else 0 for one in lengths)
    source = row["source"]
    if not isinstance(source, dict) or not source:
        raise ValueError(f"a term of {row.get('kind')} says in each language where it comes from")
    return Term(date.fromisoformat(str(row["since"])), hours, days, working, source)


def term(kind: TaskKind, day: date, table: Kinds) -> Term:
    """The term that holds for what came on that day; the first one for days before all."""
    found = [one for one in table.terms[kind] if one.since <= day]
    return found[-1] if found else table.terms[kind][0]


def due(kind: TaskKind, opened_at: datetime, *, zone: ZoneInfo, calendar: Calendar, table: Kinds) -> datetime:
    """The moment at which the term of a task runs out. Days are the company's, and end at midnight: what came on Monday
    and has one working day is due by the end of Tuesday."""
    local = opened_at.astimezone(zone)
    length = term(kind, local.date(), table)
    if length.hours:
        return opened_at + timedelta(hours=length.hours)
    day = local.date() + length.days * DAY
    for _ in range(length.working_days):
        day += DAY
        while calendar.is_off(day):
            day += DAY
    return datetime.combine(day + DAY, time(), zone)


def works_on(kind: TaskKind, roles: Sequence[Role] | frozenset[Role], table: Kinds) -> bool:
    """Whether an employee with these roles works on tasks of the kind."""
    return Role.ADMIN in roles or bool(table.roles[kind].intersection(roles))
