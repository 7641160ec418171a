"""What comes out of the door."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.inbox.model import Fate
from core.messages import Reply
from core.outbox.model import Outbound


@dataclass(frozen=True, slots=True)
class Answer:
    """How a message ended: the words and the facts of the reply, None where nothing is said; `outbound` is the reply on
    its way, `repeated` a message that was on record already."""

    fate: Fate
    text: str | None = None
    reply: Reply | None = None
    outbound: UUID | None = None
    segments: int = 0
    repeated: bool = False


Carry = Callable[[Sequence[Outbound]], None]
"""Takes committed replies to be carried at once; must not block."""

Chance = Callable[[int], bytes]
"""So many random bytes."""

Sleep = Callable[[float], Awaitable[None]]
