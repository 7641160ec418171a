"""When silence is right: caps for unknown phones, and loops of two machines that answer each other (rulings 15, 23)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.commands import Command, NotUnderstood
from core.inbox.sql import Earlier

WINDOW = timedelta(minutes=10)
QUICK = timedelta(seconds=20)
LIMIT = 3
"""So many answers are given before silence."""

DAY = timedelta(hours=24)
"""An unknown phone gets so many neutral answers in this time."""


def why_silent(
    command: Command, said: str, said_hash: bytes, earlier: Sequence[Earlier], *, at: datetime
) -> str | None:
    """The reason to say nothing, None where an answer is due. `earlier` is newest first.

    The same text that nobody understands is answered three times in ten minutes; so are three such texts in a row that
    come as fast as a machine writes, unless there is a digit in it: a person tries a reading in many ways.
    """
    if not isinstance(command, NotUnderstood):
        return None
    same = [one for one in earlier if one.at > at - WINDOW and one.said_hash == said_hash and one.command == _NAME]
    if len(same) >= LIMIT:
        return "repeated"
    if not any(letter.isdigit() for letter in said) and _quick_run(earlier, at) >= LIMIT:
        return "automatic"
    return None


_NAME = NotUnderstood.__name__


def _quick_run(earlier: Sequence[Earlier], at: datetime) -> int:
    run = 0
    for one in earlier:
        if one.command != _NAME or at - one.at > QUICK:
            break
        run, at = run + 1, one.at
    return run
