"""The nouns of the work of the clock: what is done daily or monthly, and how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
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


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of what a job tells, by the name that pages have for it, with its values: whole numbers, sums in minor
    units, days, names of other texts, and words that are the same in every language."""

    name: str
    numbers: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, int] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What a job tells: as it is printed, and sentence by sentence."""

    text: str
    said: tuple[Said, ...] = ()


class State(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Run:
    """How a job stands for a period; `report` is what it told, `error` why it failed; `said` either of them, sentence
    by sentence, nothing where it was told in plain lines alone."""

    name: str
    period: str
    state: State
    started_at: datetime
    finished_at: datetime | None
    report: str
    error: str | None
    said: tuple[Said, ...] = ()
