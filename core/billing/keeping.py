"""For how long a rule pack has the words of messages kept, and what stays of a customer who is erased (R40, R42)."""

from core.basics.facts import dataclass
from core.billing.packtable import Table

LEAST = 30
"""Days for which words are kept whatever a pack says: who is told what must be able to ask about it."""

CLASSES = {
    "text": 1096, "receipt": 1096, "reply": 1096, "official": 1827, "safety": 1096, "notice": 1096, "works": 366,
    "reminder": 366, "greeting": 90, "ledger": 1827,
}  # fmt: skip
"""Days, by class, where a pack says nothing: what a customer wrote, what the provider told, what he was told by class
of message, and the books."""


@dataclass(frozen=True, slots=True)
class Kept:
    """So many days from when it was written, by which law."""

    days: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Keeping:
    """By class; what is not named is kept as `CLASSES` says."""

    rows: tuple[tuple[str, Kept], ...] = ()

    def of(self, class_: str) -> Kept:
        """
        :raises KeyError: there is no such class.
        """
        return dict(self.rows).get(class_, Kept(CLASSES[class_]))


def read(top: Table) -> Keeping:
    """The tables [[keep]] of a pack."""
    found: dict[str, Kept] = {}
    for row in top.rows("keep"):
        name = row.text("class")
        if name and name not in CLASSES:
            row.wrong("class", f"is {name}: one of {', '.join(CLASSES)}")
        if name in found:
            row.wrong("class", f"{name} stands twice")
        found[name] = Kept(row.whole("days", LEAST, 36525), row.text("source"))
        row.end()
    return Keeping(tuple(sorted(found.items())))
