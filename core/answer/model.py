"""What comes out of the door."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import field
from uuid import UUID

from core.basics.facts import dataclass
from core.basics.spread import SECONDS, SIZES, Spread
from core.inbox.model import Fate
from core.messages import Reply
from core.outbox.model import Outbound


@dataclass(frozen=True, slots=True)
class Answer:
    """How a message ended: the words and the facts of the reply, None where nothing is said; `outbound` is the reply on
    its way, `repeated` a message that was on record already, `changed` one that said something else then."""

    fate: Fate
    text: str | None = None
    reply: Reply | None = None
    outbound: UUID | None = None
    segments: int = 0
    repeated: bool = False
    changed: bool = False


@dataclass(slots=True)
class Tally:
    """What the door has done since it was opened, in plain numbers: messages by how they ended (repeats apart), those
    that could not be stored, and how long messages and their batches took."""

    fates: Counter[str] = field(default_factory=Counter)
    unavailable: int = 0
    waits: Spread = field(default_factory=lambda: Spread(SECONDS))
    batches: Spread = field(default_factory=lambda: Spread(SIZES))
    seconds: Spread = field(default_factory=lambda: Spread(SECONDS))

    def answered(self, answer: Answer, waited: float) -> None:
        self.fates["repeated" if answer.repeated else answer.fate] += 1
        self.waits.add(waited)


Carry = Callable[[Sequence[Outbound]], None]
"""Takes committed replies to be carried at once; must not block."""

Chance = Callable[[int], bytes]
"""So many random bytes."""

Sleep = Callable[[float], Awaitable[None]]
