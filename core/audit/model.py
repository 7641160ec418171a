"""What a monitor is told of the database."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stand:
    """How the database stands: open messages by state with the age of the oldest in seconds, those of the last day that
    did not arrive, alarms by kind (all, and of the last hour), jobs whose last run failed, the size in bytes, and the
    connections."""

    open: dict[str, tuple[int, float]]
    lost: dict[str, int]
    alarms: dict[str, tuple[int, int]]
    failed_jobs: dict[str, int]
    size: int
    connections: int
    version: str
