"""What waits for an employee, by kind, and what employees are told of it."""

from enum import StrEnum

from core.basics.facts import dataclass


class TaskKind(StrEnum):
    """What a task is about. The first three are requests of customers by their subjects."""

    OUTAGE = "outage"
    DISPUTE = "dispute"
    HUMAN = "human"
    NOT_ME = "not_me"
    LINK = "link"
    READING = "reading"
    ANOMALY = "anomaly"
    QUARANTINED = "quarantined"
    MUTED = "muted"
    SUSPENSE = "suspense"
    HOLE = "hole"
    LETTER = "letter"
    LAPSING = "lapsing"


Counted = tuple[tuple[TaskKind, int], ...]


@dataclass(frozen=True, slots=True)
class TasksCame:
    """To an employee: so many new tasks of each kind that he is told of, and how many wait and are late in all."""

    came: Counted
    waiting: int
    late: int


@dataclass(frozen=True, slots=True)
class TasksLate:
    """To an administrator: the term of so many tasks of each kind has run out."""

    late: Counted


@dataclass(frozen=True, slots=True)
class StaffWrote:
    """To a customer: what an employee answers to a message of his that is no request, in his own words."""

    text: str


Tasked = TasksCame | TasksLate | StaffWrote
