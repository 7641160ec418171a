"""The inbox: what waits for a person, what is late first, with filters and counters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar

from aiohttp import web

from core.basics.periods import DAY
from core.employees import actions as employees
from core.employees.model import Employee, Role
from core.requests.model import State
from core.tasking import TaskKind
from core.tasks import looking
from core.tasks.model import Count, Filter, Mark, Task, Turn
from pages.words import PageWords
from staff.model import Asked, Get, Page, Route

WORKERS = frozenset({Role.CLERK, Role.CONTROLLER, Role.BILLER, Role.COLLECTOR, Role.ADMIN})
READERS = WORKERS | {Role.AUDITOR}

TURNED = 30
"""Days back, for what came and what was done."""

_Choice = TypeVar("_Choice", bound=StrEnum)

_LONGEST_SPAN = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Row:
    """A task as the list shows it."""

    task: Task
    late: bool
    account: str | None


async def listed(asked: Asked) -> Page:
    """The tasks that are wanted, a page at a time, the counters, and what came and was done in a period."""
    wanted, days = _wanted(asked), _days(asked)
    since, until = (datetime.combine(day, time(), asked.house.zone) for day in (days[0], days[1] + DAY))
    async with asked.connection() as conn:
        async with conn.transaction():
            await asked.look(conn, None, "/inbox")
        found = await looking.inbox(
            conn, wanted, login=asked.employee.login, at=asked.at, after=_mark(asked.query("after"))
        )
        turns = await looking.turns(conn, since, until)
        people = [one for one in await employees.everybody(conn) if one.may(WORKERS)]
    rows = [Row(one, one.late(asked.at), account_for(asked.employee, one.account)) for one in found.tasks]
    return Page(
        "inbox.html",
        {
            "rows": rows,
            "wanted": wanted,
            "filtered": wanted != Filter(),
            "following": _address(asked, after=_told(found.following)) if found.following else None,
            "newest": found.newest,
            "counts": found.counts,
            "all": _all(found.counts),
            "turns": turns,
            "turned": _turned(turns),
            "days": days,
            "kinds": tuple(TaskKind),
            "states": tuple(State),
            "people": people,
            "names": {one.login: one.name for one in people},
            "due": lambda at: due(asked.words, asked.local(at)),
        },
    )


async def news(asked: Asked) -> web.StreamResponse:
    """How many tasks came behind the last one that a page shows, for its script."""
    told = asked.query("after", longest=18)
    after = int(told) if told.isascii() and told.isdigit() else 0
    async with asked.connection() as conn:
        count, last = await looking.newer(conn, after, _one_of(TaskKind, asked.query("kind")))
    text = asked.words.counted("inbox.came", count) if count else ""
    return web.json_response({"count": count, "last": last, "text": text})


def due(words: PageWords, at: datetime) -> str:
    """By when a task is due: a day where it has until midnight, else day and time."""
    if at.time() == time():
        return words("inbox.due_day", day=words.day((at - timedelta(seconds=1)).date()))
    return words("inbox.due_at", at=words.full_stamp(at))


def account_for(employee: Employee, number: str | None) -> str | None:
    """The number of an account, its last four signs for who does not see numbers in full (R39)."""
    return number if number is None or employee.sees_in_full else f"..{number[-4:]}"


def _wanted(asked: Asked) -> Filter:
    owner = asked.query("owner", longest=32)
    return Filter(
        kind=_one_of(TaskKind, asked.query("kind")),
        state=_one_of(State, asked.query("state")),
        owner=(asked.employee.login if owner == "me" else owner) or None,
        late=asked.query("late") == "1",
    )


def _one_of(kinds: type[_Choice], told: str) -> _Choice | None:
    return next((one for one in kinds if one == told), None)


def _days(asked: Asked) -> tuple[date, date]:
    """The first and last day of the period that is asked for; the last month where it is none."""
    today = asked.local(asked.at).date()
    try:
        first, last = (date.fromisoformat(asked.query(name, longest=10)) for name in ("from", "to"))
    except ValueError:
        return today - timedelta(days=TURNED - 1), today
    in_order = date(2000, 1, 1) <= first <= last <= date(2999, 1, 1) and last - first <= _LONGEST_SPAN
    return (first, last) if in_order else (today - timedelta(days=TURNED - 1), today)


def _mark(told: str) -> Mark | None:
    micros, _, id = told.partition("-")
    if not (told.isascii() and micros.isdigit() and id.isdigit() and len(micros) < 18 and len(id) < 19):
        return None
    return Mark(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(micros)), int(id))


def _told(mark: Mark | None) -> str:
    if mark is None:
        return ""
    return f"{(mark.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)}-{mark.id}"


def _address(asked: Asked, **more: str) -> str:
    return str(asked.request.rel_url.update_query(more).without_query_params("said"))


def _all(counts: Sequence[Count]) -> tuple[int, int, int, int]:
    return (
        sum(one.open for one in counts),
        sum(one.taken for one in counts),
        sum(one.late for one in counts),
        sum(one.mine for one in counts),
    )


def _turned(turns: Sequence[Turn]) -> tuple[int, int, int]:
    return sum(one.came for one in turns), sum(one.done for one in turns), sum(one.late for one in turns)


ROUTES: tuple[Route, ...] = (
    Get("/inbox", READERS, listed),
    Get("/inbox/news", READERS, news, silent=True),
)
