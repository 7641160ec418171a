"""What a monitor is told of the database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stand:
    """How the database stands: open messages by state with the age of the oldest in seconds, those of the last day that
    did not arrive, alarms by kind (all, and of the last hour), jobs whose last run failed, readings of a provider's
    list (seconds since the last began, failures in a row, texts that only it brought), channels that are held, the
    size in bytes, and the connections."""

    open: dict[str, tuple[int, float]]
    lost: dict[str, int]
    alarms: dict[str, tuple[int, int]]
    failed_jobs: dict[str, int]
    polls: dict[str, tuple[float, int, int]]
    held: tuple[str, ...]
    size: int
    connections: int
    version: str


@dataclass(frozen=True, slots=True)
class Setup:
    """How a database is set up: its version (18), the settings that matter, seconds by which its clock is ahead of
    ours, whether the program's role may change facts, and the alarms of the last day."""

    version: int
    settings: dict[str, str]
    ahead: float
    may_change_facts: bool
    alarms: int
