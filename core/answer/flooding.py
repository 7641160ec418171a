"""How many messages of one linked phone are answered in a day: a forged sender, or a machine, comes to an end (T4)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from asyncpg import Connection

from core.answer.case import Case
from core.inbox import sql as inbox

DAY = timedelta(hours=24)

MOST = 500
"""Messages of a phone that are answered within a day, where nothing else is set; the next one is told so, and then
there is silence."""

SUSPECT = 10
"""From so many messages of a phone on, this process asks the database how many there were in all."""

REMEMBERED = 50_000
"""Phones that are counted at a time."""


class Floods:
    """Counts the messages of each phone in this process, which costs nothing, and asks the database about the few that
    send many."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._counts: dict[bytes, tuple[datetime, int]] = {}

    async def sent(self, conn: Connection, cases: Sequence[Case]) -> dict[bytes, int]:
        """How many messages of each sender who sends many were on record within the day before, one more than are
        answered at most."""
        suspects = [case for case in cases if case.sender.links and self._counted(case) >= SUSPECT]
        if not suspects:
            return {}
        since = [(case.sender.hash, case.inbound.at - DAY) for case in suspects]
        return await inbox.sent(conn, since, limit=self._most + 1)

    def over(self, sent: int) -> int:
        """By how many the messages of a day are more than are answered; 0 or less: they are not."""
        return sent + 1 - self._most

    def _counted(self, case: Case) -> int:
        if len(self._counts) > REMEMBERED:
            self._counts.clear()
        at = case.inbound.at
        began, number = self._counts.get(case.sender.hash, (at, 0))
        if at - began > DAY:
            # A phone that is quiet for a day begins again; one that is not is asked about at once.
            began, number = at, SUSPECT if number >= SUSPECT else 0
        self._counts[case.sender.hash] = (began, number + 1)
        return number + 1
