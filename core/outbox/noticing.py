"""A message that nobody asked for, as it stands in the outbox."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from core.basics.channel import Channel
from core.basics.facts import dataclass
from core.basics.ids import uuid7
from core.basics.sealing import Keyring
from core.messages import Reply
from core.outbox.sql import Row
from core.wording import segments
from core.wording.words import Words


@dataclass(frozen=True, slots=True)
class Wire:
    """By what words become rows: the keys, the words, and so many random bytes."""

    keyring: Keyring
    words: Words
    chance: Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Recipient:
    """A phone in a customer's keeping; `sealed_key` None: his key was destroyed."""

    hash: bytes
    customer_id: int
    sealed_key: bytes | None
    language: str


def row(to: Recipient, reply: Reply, at: datetime, wire: Wire) -> Row | None:
    """The reply in the recipient's language, sealed for him; none to a customer whose key was destroyed."""
    if to.sealed_key is None:
        return None
    text = wire.words.say(reply, to.language)
    return Row(
        id=uuid7(at, wire.chance(10)),
        channel=Channel.SMS,
        class_="notice",
        customer_id=to.customer_id,
        address_hash=to.hash,
        address=None,
        body=wire.keyring.customer(to.sealed_key).seal(text.encode(), purpose=b"outbox"),
        body_hash=hashlib.sha256(text.encode()).digest(),
        segments=segments.count(text).segments,
        locale=to.language,
        kind=type(reply).__name__,
    )
