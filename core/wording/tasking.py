"""What employees are told of tasks, and what they write to customers, in words."""

from collections.abc import Iterator
from typing import assert_never

from core.tasking import Counted, StaffWrote, Tasked, TasksCame, TasksLate
from core.wording.phrases import Phrases


def tasked(phrases: Phrases, reply: Tasked) -> Iterator[str]:
    """With the kinds where there is room for them."""
    put = phrases.catalog.put
    match reply:
        case TasksCame(came=came, waiting=waiting, late=late):
            told = {"count": str(_all(came)), "waiting": str(waiting), "late": str(late)}
            return iter((put("task.came", kinds=_kinds(phrases, came), **told), put("task.came_bare", **told)))
        case TasksLate(late=counted):
            count = str(_all(counted))
            return iter(
                (put("task.late", count=count, kinds=_kinds(phrases, counted)), put("task.late_bare", count=count))
            )
        case StaffWrote(text=text):
            return iter((put("task.wrote", text=text),))
        case _:
            assert_never(reply)


def _all(counted: Counted) -> int:
    return sum(number for _, number in counted)


def _kinds(phrases: Phrases, counted: Counted) -> str:
    return ", ".join(f"{phrases.catalog.put(f'kind.{kind}')} {number}" for kind, number in counted)
