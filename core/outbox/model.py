"""One worded message to one address, and the states it goes through (R18)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from core.basics.channel import Channel
from core.basics.facts import dataclass


class State(StrEnum):
    READY = "ready"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    EXPIRED = "expired"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.READY: frozenset(
        {State.SENDING, State.EXPIRED, State.SENT, State.DELIVERED, State.UNDELIVERED, State.FAILED}
    ),
    State.SENDING: frozenset(
        {State.READY, State.UNKNOWN, State.SENT, State.DELIVERED, State.UNDELIVERED, State.FAILED}
    ),
    State.UNKNOWN: frozenset({State.READY, State.SENT, State.DELIVERED, State.UNDELIVERED, State.FAILED}),
    State.SENT: frozenset({State.DELIVERED, State.UNDELIVERED, State.FAILED}),
    State.DELIVERED: frozenset(),
    State.UNDELIVERED: frozenset({State.DELIVERED}),
    State.FAILED: frozenset({State.DELIVERED}),
    State.EXPIRED: frozenset(),
}
"""The only changes of state there are; a receipt never moves a message back (R23).

A message that waits to be sent again is SENT after all when the provider proves that it has it from an earlier attempt.
"""


LASTS = {
    "reply": 72 * 3600.0, "official": 72 * 3600.0, "safety": 24 * 3600.0, "notice": 72 * 3600.0, "works": 24 * 3600.0,
    "reminder": 72 * 3600.0, "greeting": 24 * 3600.0,
}  # fmt: skip
"""Seconds, by class, for which a message is tried to be sent; then it expires, with a record (the failure "provider
down for a day")."""


def sources(target: State) -> tuple[State, ...]:
    """The states from which `target` may be entered."""
    return tuple(state for state, targets in TRANSITIONS.items() if target in targets)


@dataclass(frozen=True, slots=True)
class Outbound:
    """A message as it will be carried: `id` is a UUIDv7 and goes out with it as our own mark. Of those that wait the
    lowest `rank` goes first; that of a reply is 0. `extras` is what goes out beside the words, as the channel reads it.
    """

    id: UUID
    channel: Channel
    address: str
    body: str
    attempt: int
    rank: int = 0
    extras: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a provider told about a message of ours. `key` is our mark from the callback's address, None where it was
    missing or no UUID. `state` is None where the provider's word for it says nothing new (queued). `unreachable`: the
    code says of the phone that nothing reaches it."""

    key: UUID | None
    reference: str
    state: State | None
    code: str | None
    raw: bytes
    at: datetime
    unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt to carry a message ended. `again_after`: seconds to wait before another attempt, for READY, or
    before it is looked for, for UNKNOWN; such a one has a `code` where the provider said that it took nothing.
    `unreachable` as in a report."""

    id: UUID
    attempt: int
    state: State
    reference: str | None = None
    code: str | None = None
    again_after: float | None = None
    unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A message of the outbox with its address and words readable. `quiet` is the seconds, by the database's clock,
    since it came into its state; `refused`, of an unclear one, that the provider said it took nothing; `doubts`: how
    often nobody has known whether it was taken."""

    outbound: Outbound
    created_at: datetime
    quiet: float
    refused: bool = False
    doubts: int = 0
