"""What forbids to take a number from a text: words that are no part of a reading, odd marks, loose ends."""

import re
from collections.abc import Sequence

from core.commands import NotUnderstood, Unclear
from core.grammar.scene import ARROW, Piece
from core.grammar.senses import Sense

LONGEST_FRAGMENT = 12
LONGEST_NUMBER = 9
LONGEST_ACCOUNT = 20
LONGEST_METER = 7
"""More digits than that are an account or a serial, not what a meter shows."""


NUMBERS = frozenset((Sense.NUMBER, Sense.CODE))
REGISTERS = frozenset(
    (
        Sense.DAY, Sense.NIGHT, Sense.PEAK, Sense.HALFPEAK, Sense.OFFPEAK, Sense.T1, Sense.T2, Sense.T3, Sense.TOTAL,
        Sense.COLD, Sense.HOT, Sense.ORDINAL,
    )
)  # fmt: skip
SERVICES = frozenset((Sense.ELECTRICITY, Sense.WATER, Sense.GAS, Sense.HEAT, Sense.COLD, Sense.HOT))
LABELS = REGISTERS | SERVICES | {
    Sense.READING, Sense.METER, Sense.SERIAL, Sense.ACCOUNT, Sense.BILL, Sense.NUMBER_SIGN, Sense.SUM,
}  # fmt: skip
"""What a number can be called."""

_ALLOWED = frozenset(
    (
        Sense.GREETING, Sense.THANKS, Sense.POLITE, Sense.FILLER, Sense.PRONOUN, Sense.PREPOSITION, Sense.AND,
        Sense.NOW, Sense.DATE, Sense.TIME, Sense.DATE_WORD, Sense.PART_OF_DAY, Sense.ASIDE, Sense.MARK, Sense.SEND,
        Sense.RECORD, Sense.WANT, Sense.CAN, Sense.MINE, Sense.KWH, Sense.CUBIC, Sense.REGARDS, Sense.AGAIN,
    )
)  # fmt: skip
"""What may stand beside a reading. Whatever else stands there, no number is taken (MESSAGES.md, label rule 3)."""

_NEED_A_LABEL = frozenset((Sense.WANT, Sense.CAN, Sense.MINE, Sense.PRONOUN, Sense.AGAIN))
_SUBJECTS = LABELS | {Sense.SEND, Sense.RECORD, Sense.KWH}
_PLAIN_PRONOUNS = frozenset(("у меня", "у нас", "я", "мне", "i", "у мене"))
_LOOSE_ENDS = frozenset((Sense.PREPOSITION, Sense.AND, Sense.DATE_WORD, Sense.WANT, Sense.CAN))
_HASHED = frozenset((Sense.NUMBER, Sense.READING, Sense.SEND, Sense.ACCOUNT))
"""What a command that begins with # may be about, to carry a reading."""

REASONS = {
    Sense.MONEY: Unclear.MONEY, Sense.CURRENCY: Unclear.MONEY, Sense.PENALTY: Unclear.MONEY, Sense.PAY: Unclear.MONEY,
    Sense.BALANCE: Unclear.MONEY, Sense.OWE: Unclear.MONEY, Sense.PHONE: Unclear.PHONE, Sense.USE: Unclear.USE,
    Sense.ROUGH: Unclear.ROUGH, Sense.MORE: Unclear.ROUGH, Sense.JUNK: Unclear.NOT_DIGITS,
}  # fmt: skip
ANOTHERS = "another"
"""The value of words for what is somebody else's: «мамин счётчик» is read where its account is named."""

_CLOSING = frozenset(")]\"'")
_UNJOINED = frozenset((Sense.NUMBER, Sense.MARK))


def unclear(reason: Unclear, raw: str) -> NotUnderstood:
    """A refusal that quotes the customer's words, cut to LONGEST_FRAGMENT."""
    return NotUnderstood(reason, " ".join(raw.split())[:LONGEST_FRAGMENT].strip())


def forbidden(pieces: Sequence[Piece], *, also: frozenset[Sense] = frozenset()) -> NotUnderstood | None:
    """Why no number may be taken from the text, None where one may. `also`: senses that may stand in it besides."""
    senses = {piece.sense for piece in pieces}
    amid = _letter_in_number(pieces)
    if amid is not None:
        return unclear(Unclear.NOT_DIGITS, amid)
    for piece in pieces:
        if not (piece.sense in _ALLOWED or piece.sense in LABELS or piece.sense in NUMBERS or piece.sense in also):
            if piece.sense is Sense.PHONE and piece.value == "labelled":
                continue
            if piece.sense is Sense.LAST and Sense.READING in senses:
                continue
            if piece.sense is Sense.PERIOD and Sense.READING in senses and _is_running(piece):
                continue
            if piece.text in _ASSENTS and senses & {Sense.READING, Sense.SEND} and piece is pieces[0]:
                continue
            return unclear(REASONS.get(piece.sense, Unclear.WORDS), piece.raw)
        if piece.value == ANOTHERS and piece.sense is Sense.MINE and not _names_account(pieces):
            return unclear(Unclear.WORDS, piece.raw)
        if piece.sense in _NEED_A_LABEL and not senses & _SUBJECTS and piece.text not in _PLAIN_PRONOUNS:
            return unclear(Unclear.WORDS, piece.raw)
    asked = _questioning(pieces)
    if asked is not None:
        return unclear(Unclear.WORDS, asked)
    odd = _odd_marks(pieces)
    if odd is not None:
        return unclear(Unclear.NOT_DIGITS, odd)
    if len(pieces) > 2 and pieces[0].text == "#" and pieces[1].sense not in _HASHED:
        return unclear(Unclear.WORDS, pieces[1].raw)
    words = [piece for piece in pieces if piece.sense is not Sense.MARK]
    if words and words[-1].sense in _LOOSE_ENDS:
        return unclear(Unclear.WORDS, words[-1].raw)
    return None


def _is_running(period: Piece) -> bool:
    """Whether words for a time are those of the month or quarter that runs: a reading of another has another day."""
    return bool(_RUNNING.search(period.text)) and not _OTHER_TIME.search(period.text)


_RUNNING = re.compile("месяц|мiсяц|місяц|month|квартал|quarter|miesiac|^ai$|^ай$|бұл ай|^ay$")
_OTHER_TIME = re.compile("прошл|предыдущ|минул|следующ|след |наступн|last|next|previous|before|өткен")
_ASSENTS = frozenset(("ок", "окей", "ok", "okay", "хорошо", "ладно", "отлично"))
"""Words with which a text that sends a reading may begin."""


def _names_account(pieces: Sequence[Piece]) -> bool:
    return any(piece.sense in NUMBERS and len(piece.text) > LONGEST_METER for piece in pieces)


def _questioning(pieces: Sequence[Piece]) -> str | None:
    """«is it 12345», «are my readings 12345»: the verb in front makes an English question without its mark; a claim
    that stands after its number («12345 верные показания») may be one."""
    words = [piece for piece in pieces if piece.sense not in (Sense.MARK, Sense.GREETING, Sense.POLITE)]
    if words and words[0].text in ("is", "are"):
        return words[0].raw
    last = max((place for place, piece in enumerate(pieces) if piece.sense in NUMBERS), default=len(pieces))
    return next((piece.raw for piece in pieces[last:] if piece.text.startswith(_CLAIMING)), None)


_CLAIMING = ("правильн", "верн", "исправлен", "уточнен", "correct", "the correct", "right", "the right")


def _is_equated(pieces: Sequence[Piece]) -> bool:
    """Whether what stands before an equals sign or an arrow can have a reading: a name, or a number as long as an
    account."""
    ahead = next((piece for piece in reversed(pieces) if piece.text not in _CLOSING), None)
    return ahead is not None and (ahead.sense in LABELS or (ahead.sense in NUMBERS and len(ahead.text) > LONGEST_METER))


def _is_leader(pieces: Sequence[Piece], position: int) -> bool:
    """«показания.....12345»: a line of dots from a word to its number."""
    start = position
    while start and pieces[start - 1].text == "." and (start == position or not pieces[start].gap):
        start -= 1
    return position - start > 1 and start > 0 and not pieces[start].gap and pieces[start - 1].sense in LABELS


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
            if pair == "--" or pair == '["' or (pair != ")=" and (pair[0] in "/=|" or pair[1] in "/=|")):
                return pair
    return '"' if quotes % 2 else None


def _letter_in_number(pieces: Sequence[Piece]) -> str | None:
    """«45х2»: a letter between digits, where the first digits have no name to which the letter could be the next."""
    for position in range(len(pieces) - 2):
        first, letter, last = pieces[position : position + 3]
        named = position and pieces[position - 1].sense in LABELS
        digits = first.sense is Sense.NUMBER and last.sense is Sense.NUMBER
        if digits and not named and len(letter.text) == 1 and letter.text.isalpha() and letter.gap == last.gap == "":
            return first.raw + letter.raw + last.raw
    return None


def wrong_before(pieces: Sequence[Piece], position: int) -> NotUnderstood | None:
    """Why a number cannot be taken, by what stands right before it: a minus, a stray dot, a preposition."""
    piece = pieces[position]
    if position == 0:
        return None
    before = pieces[position - 1]
    ahead = pieces[position - 2] if position > 1 else None
    loose = before.gap or ahead is None or (ahead.sense is Sense.MARK and ahead.text not in _CLOSING)
    if before.text == "-" and piece.gap == "" and loose:
        return unclear(Unclear.NEGATIVE, "-" + piece.raw)
    if (
        before.text in (".", ",")
        and piece.gap == ""
        and not _is_leader(pieces, position)
        and (before.gap or ahead is None or ahead.sense in _UNJOINED)
    ):
        return unclear(Unclear.NOT_DIGITS, before.raw + piece.raw)
    if before.text == "=" and not _is_equated(pieces[: position - 1]):
        return unclear(Unclear.NOT_DIGITS, before.raw + piece.raw)
    if before.text == ARROW and ahead is not None and not _is_equated(pieces[: position - 1]):
        return unclear(Unclear.ROUGH, f"{before.raw} {piece.raw}")
    if before.text == "/" and (ahead is None or not (ahead.sense is Sense.NUMBER or ahead.sense is Sense.READING)):
        return unclear(Unclear.NOT_DIGITS, before.raw + piece.raw)
    if before.sense is Sense.DATE_WORD or (before.sense is Sense.PREPOSITION and len(piece.text) < LONGEST_NUMBER):
        return unclear(Unclear.ROUGH, f"{before.raw} {piece.raw}")
    if before.sense is Sense.AND and not any(each.sense in NUMBERS for each in pieces[:position]):
        return unclear(Unclear.ROUGH, f"{before.raw} {piece.raw}")
    return None
