"""One message on the desk, from its facts to its answer."""

from uuid import UUID

from core.accounts.model import Sender
from core.basics.facts import dataclass
from core.commands import Command
from core.inbox.model import Fate, Inbound
from core.selfservice.model import Decision, Facts


@dataclass(frozen=True, slots=True)
class Case:
    """`decision` None: nothing is said, for the `reason`. `said_hash` counts repeats of the same words, `shape_hash` of
    the same words with other numbers."""

    inbound: Inbound
    facts: Facts
    command: Command
    said_hash: bytes
    fate: Fate = Fate.ANSWERED
    reason: str = ""
    decision: Decision | None = None
    text: str | None = None
    segments: int = 0
    outbound: UUID | None = None
    shape_hash: bytes = b""
    alarm: tuple[str, str] | None = None
    extras: str = ""

    def worded(self, decision: Decision, text: str, *, segments: int, outbound: UUID, extras: str = "") -> "Case":
        """The case with what is answered, and what stands beside it in a chat."""
        return Case(
            self.inbound, self.facts, self.command, self.said_hash, self.fate, self.reason, decision, text, segments,
            outbound, self.shape_hash, self.alarm, extras,
        )  # fmt: skip

    @property
    def sender(self) -> Sender:
        return self.facts.sender
