"""What a text says about numbers: each number with the names it was given, or why it is no reading."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.commands import NotUnderstood, Unclear
from core.grammar.numerals import ROUND
from core.grammar.scene import Piece
from core.grammar.senses import Sense

LONGEST_FRAGMENT = 12
LONGEST_NUMBER = 9
LONGEST_ACCOUNT = 20

REGISTERS = frozenset(
    (
        Sense.DAY, Sense.NIGHT, Sense.PEAK, Sense.HALFPEAK, Sense.OFFPEAK, Sense.T1, Sense.T2, Sense.T3, Sense.TOTAL,
        Sense.COLD, Sense.HOT, Sense.ORDINAL,
    )
)  # fmt: skip
_DEALT = REGISTERS - {Sense.ORDINAL}
SERVICES = frozenset((Sense.ELECTRICITY, Sense.WATER, Sense.GAS, Sense.HEAT, Sense.COLD, Sense.HOT))
_LABELS = REGISTERS | SERVICES | {
    Sense.READING, Sense.METER, Sense.SERIAL, Sense.ACCOUNT, Sense.BILL, Sense.NUMBER_SIGN, Sense.SUM,
}  # fmt: skip
_ALLOWED = frozenset(
    (
        Sense.GREETING, Sense.THANKS, Sense.POLITE, Sense.FILLER, Sense.PRONOUN, Sense.PREPOSITION, Sense.AND,
        Sense.NOW, Sense.DATE, Sense.TIME, Sense.DATE_WORD, Sense.PART_OF_DAY, Sense.ASIDE, Sense.MARK, Sense.SEND,
        Sense.RECORD, Sense.WANT, Sense.CAN, Sense.MINE, Sense.KWH, Sense.CUBIC, Sense.TARIFF, Sense.YES,
    )
)  # fmt: skip
"""What may stand beside a reading. Whatever else stands there, no number is taken (MESSAGES.md, label rule 3)."""

REASONS = {
    Sense.MONEY: Unclear.MONEY, Sense.CURRENCY: Unclear.MONEY, Sense.PENALTY: Unclear.MONEY, Sense.PAY: Unclear.MONEY,
    Sense.BALANCE: Unclear.MONEY, Sense.OWE: Unclear.MONEY, Sense.PHONE: Unclear.PHONE, Sense.USE: Unclear.USE,
    Sense.ROUGH: Unclear.ROUGH, Sense.MORE: Unclear.ROUGH, Sense.JUNK: Unclear.NOT_DIGITS,
}  # fmt: skip
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
    """`days` are the ISO days named, `guessed` where a word was taken for a surname by its form only, `rounded`
    where a number in words is of whole thousands, `named` where
    the text says that it is about a reading or a meter."""

    entries: tuple[Entry, ...]
    days: tuple[str, ...] = ()
    guessed: bool = False
    rounded: bool = False
    named: bool = False


def state(pieces: Sequence[Piece], *, also: frozenset[Sense] = frozenset()) -> Statement | NotUnderstood:
    """The numbers of a text and what they are called. `also`: senses that may stand in this text besides."""
    for piece in pieces:
        if not (piece.sense in _ALLOWED or piece.sense in _LABELS or piece.sense in NUMBERS or piece.sense in also):
            if piece.sense is Sense.PHONE and piece.value == "labelled":
                continue
            if piece.sense is Sense.PERIOD and any(each.sense is Sense.READING for each in pieces):
                continue
            return unclear(REASONS.get(piece.sense, Unclear.WORDS), piece.raw)
    odd = _odd_marks(pieces)
    if odd is not None:
        return unclear(Unclear.NOT_DIGITS, odd)
    if len(pieces) > 2 and pieces[0].text == "#" and pieces[1].sense not in _HASHED:
        return unclear(Unclear.WORDS, pieces[1].raw)
    entries: list[Entry] = []
    labels: list[Piece] = []
    listed: list[Piece] = []
    for position, piece in enumerate(pieces):
        if piece.sense in NUMBERS:
            wrong = _wrong_before(pieces, position)
            if wrong is not None:
                return wrong
            entries.append(_entry(pieces, position, labels))
            listed = labels if len(entries) == 1 else listed
            labels = []
        elif piece.sense in _LABELS:
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
        any(piece.sense is Sense.NUMBER and piece.value == ROUND for piece in pieces),
        any(piece.sense in (Sense.READING, Sense.METER, Sense.SEND, Sense.RECORD) for piece in pieces),
    )


NUMBERS = frozenset((Sense.NUMBER, Sense.CODE))


def unclear(reason: Unclear, raw: str) -> NotUnderstood:
    """A refusal that quotes the customer's words, cut to LONGEST_FRAGMENT."""
    return NotUnderstood(reason, " ".join(raw.split())[:LONGEST_FRAGMENT].strip())


def _raw(pieces: Sequence[Piece]) -> str:
    return " ".join(piece.raw for piece in pieces[:LONGEST_FRAGMENT])


def _entry(pieces: Sequence[Piece], position: int, labels: Sequence[Piece]) -> Entry:
    piece = pieces[position]
    before = pieces[position - 1] if position else None
    sign = before.text if before is not None and before.sense is Sense.MARK and before.text in _SEPARATORS else ""
    ordinal = next((label.value for label in labels if label.sense is Sense.ORDINAL), "")
    senses = frozenset(label.sense for label in labels)
    return Entry(piece.text, piece.raw, piece.gap, senses, sign, piece.sense is Sense.CODE, ordinal)


def _odd_marks(pieces: Sequence[Piece]) -> str | None:
    """Marks that nobody writes around a reading: «--», «/*», «||», one quote of a pair."""
    quotes = 0
    for position, piece in enumerate(pieces):
        if piece.sense is not Sense.MARK:
            continue
        quotes += piece.text in ('"', "'")
        before = pieces[position - 1] if position else None
        if piece.gap == "" and before is not None and before.sense is Sense.MARK:
            pair = before.text + piece.text
            if pair == "--" or pair == '["' or (pair[0] in "/=|" or pair[1] in "/=|"):
                return pair
    return '"' if quotes % 2 else None


def _wrong_before(pieces: Sequence[Piece], position: int) -> NotUnderstood | None:
    """Why the number cannot be taken, by what stands right before it: a minus, a stray dot, a preposition."""
    piece = pieces[position]
    if position == 0:
        return None
    before = pieces[position - 1]
    ahead = pieces[position - 2] if position > 1 else None
    if before.text == "-" and piece.gap == "" and (before.gap or ahead is None or ahead.sense is Sense.MARK):
        return unclear(Unclear.NEGATIVE, "-" + piece.raw)
    if before.text in (".", ",") and piece.gap == "" and (before.gap or ahead is None or ahead.sense in _UNJOINED):
        return unclear(Unclear.NOT_DIGITS, before.raw + piece.raw)
    if before.text == "=" and (ahead is None or ahead.sense not in _LABELS):
        return unclear(Unclear.NOT_DIGITS, before.raw + piece.raw)
    if before.text == "/" and (ahead is None or ahead.sense is not Sense.NUMBER):
        return unclear(Unclear.NOT_DIGITS, before.raw + piece.raw)
    if before.sense is Sense.DATE_WORD or (before.sense is Sense.PREPOSITION and len(piece.text) < LONGEST_NUMBER):
        return unclear(Unclear.ROUGH, f"{before.raw} {piece.raw}")
    return None


_HASHED = frozenset((Sense.NUMBER, Sense.READING, Sense.SEND, Sense.ACCOUNT))
"""What a command that begins with # may be about, to carry a reading."""

_UNJOINED = frozenset((Sense.NUMBER, Sense.MARK))


def _wrong_names(named: Sequence[Entry], entries: Sequence[Entry], trailing: Sequence[Piece]) -> NotUnderstood | None:
    """Why the names do not go with the numbers: one is left over, or it is a sum or a bare «№» and no reading."""
    left = [label for label in trailing if label.sense in REGISTERS]
    if left and list(named) == list(entries):
        return unclear(Unclear.SEVERAL_NUMBERS, left[0].raw)
    for entry in named:
        if Sense.SUM in entry.labels and not any(each.labels & REGISTERS for each in named):
            return unclear(Unclear.MONEY, entry.raw)
        if entry.labels == {Sense.NUMBER_SIGN} and len(named) == 1:
            return unclear(Unclear.WORDS, entry.raw)
    return None


def _dealt(entries: list[Entry], listed: Sequence[Piece]) -> list[Entry]:
    """«день/ночь 5778/2542»: names listed first are dealt to the numbers in their order."""
    names = [label.sense for label in listed if label.sense in _DEALT]
    if len(names) < 2 or len(names) != len(entries) or any(entry.labels & REGISTERS for entry in entries[1:]):
        return entries
    rest = entries[0].labels - REGISTERS
    return [replace(entry, labels=rest | {name}) for entry, name in zip(entries, names, strict=True)]


def _shifted(entries: list[Entry], trailing: Sequence[Piece]) -> list[Entry]:
    """«5778 день 2542 ночь»: names that follow their numbers are given to them."""
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
