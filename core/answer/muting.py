"""When silence is right: caps for unknown phones, and loops of two machines that answer each other (rulings 15, 23)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from core.commands import Command, NotUnderstood
from core.inbox.model import Fate
from core.inbox.sql import Earlier

WINDOW = timedelta(minutes=10)
QUICK = timedelta(seconds=20)
LIMIT = 3
"""So many answers are given before silence."""

DAY = timedelta(hours=24)


def why_silent(
    command: Command, said_hash: bytes, earlier: Sequence[Earlier], *, at: datetime, known: bool
) -> str | None:
    """The reason to say nothing, None where an answer is due. `earlier` is newest first.

    An unknown phone gets three neutral answers a day. The same text that nobody understands is answered three times in
    ten minutes; so are three such texts in a row that come as fast as a machine writes.
    """
    if not known and _answered_since(earlier, at - DAY) >= LIMIT:
        return "unknown sender"
    if not isinstance(command, NotUnderstood):
        return None
    same = [one for one in earlier if one.at > at - WINDOW and one.said_hash == said_hash and one.command == _NAME]
    if len(same) >= LIMIT:
        return "repeated"
    if _quick_run(earlier, at) >= LIMIT:
        return "automatic"
    return None


_NAME = NotUnderstood.__name__


def _answered_since(earlier: Sequence[Earlier], since: datetime) -> int:
    return sum(one.fate is Fate.ANSWERED and one.at > since for one in earlier)


def _quick_run(earlier: Sequence[Earlier], at: datetime) -> int:
    run = 0
    for one in earlier:
        if one.command != _NAME or at - one.at > QUICK:
            break
        run, at = run + 1, one.at
    return run
