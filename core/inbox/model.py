"""What a customer said, as it came in."""

import hashlib
from dataclasses import field
from datetime import datetime
from enum import StrEnum

from core.basics.channel import Channel
from core.basics.facts import dataclass
from core.commands import Command


class Unavailable(Exception):
    """Nothing could be stored, so nothing may be acknowledged; the provider shall come again."""


class Fate(StrEnum):
    """How an inbound message ended (R13, ruling 15)."""

    ANSWERED = "answered"
    MUTED = "muted"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Inbound:
    """One thing a person said.

    `provider` and `reference` name it for ever: the same pair is the same message (R2). `address` is the sender's phone
    as the provider gave it, or the phone to which his chat is bound or with which he is logged in: a person is a phone,
    whatever the wire; `answer_to` is where the answer goes where that is not the address, a chat. `said` is text, or
    the Command that a form or button already made, with the `words` that were typed beside it. `payload` is what the
    provider sent, kept sealed; `content` is the hash by which a repeat with other content is told from an honest
    repeat. `at` is the aware time of receipt. `about` marks the question that a button stood under; empty: it is
    whatever is open. `since` is when the chat was bound to the phone; None: it came out of no chat.
    """

    channel: Channel
    provider: str
    reference: str
    address: str
    said: str | Command
    at: datetime
    payload: bytes
    content: bytes = field(default=b"")
    answer_to: str = ""
    words: str = ""
    about: str = ""
    since: datetime | None = None

    def __post_init__(self) -> None:
        if not self.content:
            object.__setattr__(self, "content", hashlib.sha256(self.payload).digest())

    @property
    def text(self) -> str:
        """What the person wrote: the text, or the words beside a command."""
        return self.said if isinstance(self.said, str) else self.words


@dataclass(frozen=True, slots=True)
class Noted:
    """An inbound message that is on record already: its fate, and the hash of its content."""

    reference: str
    fate: Fate
    content: bytes
