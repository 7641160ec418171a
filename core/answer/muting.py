"""When silence is right: caps for unknown phones, and loops of two machines that answer each other (rulings 15, 23)."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from core.commands import Choose, Code, Command, No, NotMe, NotUnderstood, OptOut, Register, SubmitReading, Yes
from core.inbox.sql import Earlier

WINDOW = timedelta(minutes=10)
QUICK = timedelta(seconds=20)
LIMIT = 3
"""So many answers are given before silence."""

DAY = timedelta(hours=24)
"""An unknown phone gets so many neutral answers in this time."""

PHRASE = 2
"""So many words or more, again and again as fast as a machine writes, are a machine's."""
SENTENCE = 4
"""So many words or more, again and again at any pace, are."""

_BRINGS_SOMETHING = (Choose, Code, No, NotMe, OptOut, Register, Yes)


def prints(said: str, *, key: bytes) -> tuple[bytes, bytes]:
    """Two keyed hashes of a text: of all of it, and of its words alone, which a counter or a clock in it leaves alike;
    the second is empty where there are too few words to tell by."""
    words = _words(said)
    shape = " ".join(words).encode() if len(words) >= PHRASE else b""
    return _hash(said.encode(), key), _hash(shape, key) if shape else b""


def wonders(command: Command, said: str) -> bool:
    """Whether what the sender said before may be a reason for silence: not where a person sends a reading or answers a
    question."""
    if isinstance(command, NotUnderstood):
        return True
    if isinstance(command, _BRINGS_SOMETHING) or (isinstance(command, SubmitReading) and command.values):
        return False
    return len(_words(said)) >= PHRASE


def why_silent(
    command: Command, said: str, hashes: tuple[bytes, bytes], earlier: Sequence[Earlier], *, at: datetime
) -> str | None:
    """The reason to say nothing, None where an answer is due. `hashes` as `prints` gives them; `earlier` is newest
    first.

    The same text that nobody understands is answered three times in ten minutes; so is a sentence in which only numbers
    change; and so are three texts in a row that come as fast as a machine writes and are alike, or of which nobody
    understands one and that hold no digit: a person tries a reading in many ways.
    """
    if not wonders(command, said):
        return None
    said_hash, shape = hashes
    lately = [one for one in earlier if one.at > at - WINDOW]
    alike = [one for one in lately if shape and one.shape_hash == shape]
    if isinstance(command, NotUnderstood):
        same = [one for one in lately if one.said_hash == said_hash and one.command == _NAME]
        if len(same) >= LIMIT:
            return "repeated"
    if len(_words(said)) >= SENTENCE and len(alike) >= LIMIT:
        return "repeated"
    run = _quick_run(earlier, at)
    if shape and sum(one.shape_hash == shape for one in run) >= LIMIT:
        return "automatic"
    wordless = isinstance(command, NotUnderstood) and not any(letter.isdigit() for letter in said)
    if wordless and _unread(run) >= LIMIT:
        return "automatic"
    return None


_NAME = NotUnderstood.__name__


def _words(said: str) -> list[str]:
    if said.isdecimal():
        return []
    bare = "".join(letter if letter.isalpha() else " " for letter in said.casefold())
    return [word for word in bare.split() if len(word) > 1]


def _hash(text: bytes, key: bytes) -> bytes:
    return hashlib.blake2b(text, key=key, digest_size=8).digest()


def _quick_run(earlier: Sequence[Earlier], at: datetime) -> list[Earlier]:
    """The last messages, newest first, with no pause between them that a person would need."""
    run: list[Earlier] = []
    for one in earlier:
        if at - one.at > QUICK:
            break
        run.append(one)
        at = one.at
    return run


def _unread(run: Sequence[Earlier]) -> int:
    """How many at its end were not understood."""
    return next((no for no, one in enumerate(run) if one.command != _NAME), len(run))
