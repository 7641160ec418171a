"""The nouns of the work of the clock: what is done daily or monthly, and how it stands."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum


class Every(StrEnum):
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Job:
    """Work done once for each business day, or month, that has ended: from `at` of the day after it on, by the
    company's clock. `tells` is what it is for, in plain words."""

    name: str
    every: Every
    at: time
    tells: str


@dataclass(frozen=True, slots=True)
class Task:
    """A job for one period, a day as 2025-11-21 or a month as 2025-11; `due` without a zone on the company's clock."""

    job: Job
    period: str
    due: datetime


class State(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """How a job stands for a period; `report` is what it told, `error` why it failed."""

    name: str
    period: str
    state: State
    started_at: datetime
    finished_at: datetime | None
    report: str
    error: str | None
