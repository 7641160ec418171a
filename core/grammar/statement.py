"""What a text says about numbers: each number with the names it was given, or why it is no reading."""

from collections.abc import Sequence
from dataclasses import replace

from core.basics.facts import dataclass
from core.commands import NotUnderstood, Unclear
from core.grammar import refusing
from core.grammar.refusing import LABELS, LONGEST_FRAGMENT, NUMBERS, REGISTERS, SERVICES, unclear
from core.grammar.scene import Piece
from core.grammar.senses import Sense

SHORTEST_ACCOUNT = 6
_DEALT = REGISTERS - {Sense.ORDINAL}
_SEPARATORS = frozenset("*#/|:;,-—")


@dataclass(frozen=True, slots=True)
class Entry:
    """A number of the text. `labels` are the names that stand before it, `sign` the mark between it and what stood
    before, `code` where it has letters or hyphens; `ordinal` its place in a counted list."""

    text: str
    raw: str
    gap: str
    labels: frozenset[Sense]
    sign: str
    code: bool = False
    ordinal: str = ""

    @property
    def whole(self) -> str:
        return self.text.partition(".")[0]

    @property
    def fraction(self) -> str:
        return self.text.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Statement:
    """`days` are the ISO days named, `guessed` where a word was taken for a surname by its form only, `spoken` why
    number words or «последние» leave a doubt, `named` where the text says that it is about a reading or a meter,
    `cubic` where a number has cubic metres for a unit."""

    entries: tuple[Entry, ...]
    days: tuple[str, ...] = ()
    guessed: bool = False
    spoken: str | None = None
    named: bool = False
    cubic: bool = False


def state(pieces: Sequence[Piece], *, also: frozenset[Sense] = frozenset()) -> Statement | NotUnderstood:
    """The numbers of a text and what they are called. `also`: senses that may stand in this text besides."""
    forbidden = refusing.forbidden(pieces, also=also)
    if forbidden is not None:
        return forbidden
    entries: list[Entry] = []
    labels: list[Piece] = []
    listed: list[Piece] = []
    for position, piece in enumerate(pieces):
        if piece.sense in NUMBERS:
            wrong = refusing.wrong_before(pieces, position)
            if wrong is not None:
                return wrong
            entries.append(_entry(pieces, position, labels))
            listed = labels if len(entries) == 1 else listed
            labels = []
        elif piece.sense in LABELS:
            labels.append(piece)
    if not entries:
        return unclear(Unclear.DATE if any(p.sense is Sense.DATE for p in pieces) else Unclear.WORDS, _raw(pieces))
    named = _shifted(_dealt(entries, listed), labels)
    wrong = _wrong_names(named, entries, labels)
    if wrong is not None:
        return wrong
    return Statement(
        tuple(named),
        tuple(piece.value for piece in pieces if piece.sense is Sense.DATE),
        any(piece.sense is Sense.ASIDE and piece.value == "?" for piece in pieces),
        next((piece.value for piece in pieces if piece.sense is Sense.NUMBER and piece.value), _last(pieces)),
        any(piece.sense in (Sense.READING, Sense.METER, Sense.SEND, Sense.RECORD) for piece in pieces),
        any(piece.sense is Sense.CUBIC for piece in pieces),
    )


LAST = "last"
"""«последние показания»: those of now, or those before."""


def _last(pieces: Sequence[Piece]) -> str | None:
    return LAST if any(piece.sense is Sense.LAST for piece in pieces) else None


def _raw(pieces: Sequence[Piece]) -> str:
    return " ".join(piece.raw for piece in pieces[:LONGEST_FRAGMENT])


def _entry(pieces: Sequence[Piece], position: int, labels: Sequence[Piece]) -> Entry:
    piece = pieces[position]
    before = pieces[position - 1] if position else None
    sign = before.text if before is not None and before.sense is Sense.MARK and before.text in _SEPARATORS else ""
    ordinal = next((label.value for label in labels if label.sense is Sense.ORDINAL), "")
    senses = frozenset(label.sense for label in labels)
    return Entry(piece.text, piece.raw, piece.gap, senses, sign, piece.sense is Sense.CODE, ordinal)


def _wrong_names(named: Sequence[Entry], entries: Sequence[Entry], trailing: Sequence[Piece]) -> NotUnderstood | None:
    """Why the names do not go with the numbers: one is left over, or it is a sum or a bare «№» and no reading."""
    left = [label for label in trailing if label.sense in _MUST_NAME]
    if left and (list(named) == list(entries) or left[-1].sense not in REGISTERS | SERVICES):
        return unclear(Unclear.SEVERAL_NUMBERS, left[0].raw)
    for entry in named:
        if Sense.SUM in entry.labels and not any(each.labels & REGISTERS for each in named):
            return unclear(Unclear.MONEY, entry.raw)
        if Sense.BILL in entry.labels and len(entry.text) < SHORTEST_ACCOUNT:
            return unclear(Unclear.MONEY, entry.raw)
        if entry.labels == {Sense.NUMBER_SIGN} and len(named) == 1:
            return unclear(Unclear.WORDS, entry.raw)
    return None


_MUST_NAME = REGISTERS | (SERVICES - {Sense.ELECTRICITY}) | {
    Sense.SUM, Sense.ACCOUNT, Sense.SERIAL, Sense.BILL, Sense.NUMBER_SIGN,
}  # fmt: skip
"""Names that must belong to a number, wherever they stand."""


def _dealt(entries: list[Entry], listed: Sequence[Piece]) -> list[Entry]:
    """«день/ночь 5778/2542»: names listed first are dealt to the numbers in their order."""
    names = [label.sense for label in listed if label.sense in _DEALT]
    if len(names) < 2 or len(names) != len(entries) or any(entry.labels & REGISTERS for entry in entries[1:]):
        return entries
    rest = entries[0].labels - REGISTERS
    return [replace(entry, labels=rest | {name}) for entry, name in zip(entries, names, strict=True)]


def _shifted(entries: list[Entry], trailing: Sequence[Piece]) -> list[Entry]:
    """«5778 день 2542 ночь», «12345 вода»: names that follow their numbers are given to them."""
    services = frozenset(label.sense for label in trailing) & (SERVICES - REGISTERS)
    if services and len(entries) == 1 and not entries[0].labels & (REGISTERS | SERVICES):
        return [replace(entries[0], labels=entries[0].labels | services)]
    after = frozenset(label.sense for label in trailing) & _DEALT
    if len(after) != 1 or entries[0].labels & REGISTERS:
        return entries
    following = [entry.labels & _DEALT for entry in entries[1:]]
    if any(len(labels) != 1 for labels in following):
        return entries
    names = [*following, after]
    return [
        replace(entry, labels=(entry.labels - REGISTERS) | name) for entry, name in zip(entries, names, strict=True)
    ]
