"""How full the disk is on which the database lies: long work stops before PostgreSQL has no room left."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from gateway.settings import Settings, StoreSettings

HIGH = 0.85
"""The share from which on nothing in bulk is begun: imports, months, days, jobs of the clock."""

FULL = 0.95
"""The share from which on it is a matter of hours: questions are answered, and readings asked to come again later."""

LOOK = 5.0
"""Seconds between two looks at the disk where texts are answered."""


def place(settings: StoreSettings) -> Path | None:
    """The folder whose disk is watched: of our own database its data, else what is set; None where nothing is."""
    if isinstance(settings, Settings) and settings.disk_path is not None:
        return settings.disk_path
    if settings.database_url is not None:
        return None
    home = settings.data_dir / "postgres"
    elsewhere = home / "postgresql"
    return elsewhere.resolve() if elsewhere.is_symlink() else home


def used(settings: StoreSettings) -> float | None:
    """The used share of that disk, as `df` reckons it, from 0 to 1; None where it cannot be seen."""
    folder = place(settings)
    while folder is not None and not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if folder is None:
        return None
    try:
        told = shutil.disk_usage(folder)
    except OSError:
        return None
    return told.used / (told.used + told.free) if told.used + told.free else None


class Watch:
    """Looks at the disk now and then, for those who ask all the time. `clock` counts seconds and never goes back."""

    def __init__(self, settings: StoreSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._until = float("-inf")
        self._full = False

    def is_full(self) -> bool:
        """Whether only what cannot wait may be written."""
        if self._clock() >= self._until:
            self._until = self._clock() + LOOK
            self._full = (used(self._settings) or 0.0) >= FULL
        return self._full


def too_full(settings: StoreSettings) -> str | None:
    """Why nothing in bulk may begin now, None where it may."""
    share = used(settings)
    if share is None or share < HIGH:
        return None
    return f"the disk of the database is {share:.0%} full, and from {HIGH:.0%} on nothing in bulk is begun: make room"
