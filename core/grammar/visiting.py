"""What a text says of a visit: day, hours, part of the day, ticket, and the words that may call an office or what it is
about."""

import re
from collections.abc import Sequence
from datetime import date

from core.commands import Subject, Wanted
from core.grammar import dates
from core.grammar.folding import fold
from core.grammar.intents import WEIGHTLESS
from core.grammar.refusing import NUMBERS
from core.grammar.scene import Piece
from core.grammar.senses import Sense

MOST_UNKNOWN = 3
"""Words of a text that may call an office, its street or what the visit is about."""

_BOOKING = frozenset((Sense.BOOK, Sense.VISIT))
_NAMING = frozenset(
    (
        Sense.UNKNOWN, Sense.TOPIC, Sense.CITY, Sense.STREET_NAME, Sense.COMPLAINT, Sense.BALANCE, Sense.BILL,
        Sense.METER, Sense.ACCOUNT, Sense.READING, Sense.PENALTY,
    )
)  # fmt: skip
_TIMES = frozenset((Sense.DATE, Sense.TIME, Sense.PART_OF_DAY))
_BESIDE = (
    _BOOKING
    | _NAMING
    | _TIMES
    | WEIGHTLESS
    | {
        Sense.RECORD, Sense.CLERK, Sense.CLOCK, Sense.DATE_WORD, Sense.PERIOD, Sense.NOW, Sense.WANT, Sense.CAN,
        Sense.QUERY, Sense.MINE, Sense.NUMBER, Sense.BALANCE, Sense.BILL, Sense.METER, Sense.STREET, Sense.WHEN,
        Sense.ASK, Sense.CODE,
    }
)  # fmt: skip
_MOVING = _BESIDE | {Sense.MOVE, Sense.VISIT_LIST}
_CANCELLING = (
    WEIGHTLESS
    | _TIMES
    | _BOOKING
    | {
        Sense.UNDO, Sense.CANCEL, Sense.CANCEL_WORD, Sense.UNBOOK, Sense.NUMBER, Sense.CODE, Sense.WANT, Sense.ABSENT,
        Sense.UNKNOWN,
    }
)  # fmt: skip

_AFTER = frozenset(("после", "after", "с", "from", "пiсля", "після", "позже", "later"))
_BEFORE = frozenset(("до", "before", "till", "until", "раньше", "by"))
_MORNING = ("утр", "morning", "am", "a m", "перв", "до обеда", "ранк")
_EVENING = ("вечер", "evening", "after work", "веч")
_LETTERS = frozenset("авекмрabekmp")
"""Of tickets, in both alphabets."""


def wanted(pieces: Sequence[Piece], today: date) -> Wanted | None:
    """The wish to book, move or call off a visit that a text is, with all that it names; None where it is another text.

    «сверка в пятницу после 15» is one without a word for booking: it names what for and when.
    """
    senses = frozenset(piece.sense for piece in pieces)
    if Sense.MOVE in senses and senses <= _MOVING:
        return _made(Subject.MOVE_VISIT, pieces, today)
    if senses & {Sense.UNDO, Sense.CANCEL, Sense.CANCEL_WORD, Sense.UNBOOK, Sense.ABSENT} and senses <= _CANCELLING:
        argument = _argument(pieces, today)
        named = [word for word in (argument or "").split() if not (word.startswith("?") and word[1:] in _LETTERS)]
        strange = any(word.startswith("?") for word in named)
        ticket = any(_is_ticket(word) for word in named)
        return Wanted(Subject.CANCEL_VISIT, argument=" ".join(named)) if ticket and not strange else None
    unknown = sum(piece.sense is Sense.UNKNOWN for piece in pieces)
    asks = senses & _BOOKING or (Sense.RECORD in senses and senses & _TIMES and Sense.READING not in senses)
    topical = pieces and pieces[0].sense is Sense.TOPIC and senses & _TIMES
    if not (asks or topical) or not senses <= _BESIDE or unknown > MOST_UNKNOWN or _does_else(pieces):
        return None
    if not senses & (_TIMES | _NAMING | {Sense.NUMBER, Sense.METER}):
        return None
    return _made(Subject.BOOK, pieces, today)


def _does_else(pieces: Sequence[Piece]) -> bool:
    """«подтвердить запись», «пропущу прием»: an unknown verb before the noun, so that something else is wanted;
    «на приеме нахамили», «запись разговора»: nothing says when or where, so that no visit is wanted at all."""
    nouns = [place for place, piece in enumerate(pieces) if piece.sense in _BOOKING]
    if not all(pieces[place].text.startswith(_NOUNS) for place in nouns):
        return False
    unknown = [place for place, piece in enumerate(pieces) if piece.sense is Sense.UNKNOWN]
    if any(pieces[place].slip for place in nouns) and unknown:
        return True
    if any(place < nouns[0] and _VERB.search(pieces[place].text) for place in unknown if nouns):
        return True
    booked = not nouns or any(pieces[place].sense is Sense.BOOK for place in nouns)
    timed = any(piece.sense in _TIMES or piece.sense in (Sense.TOPIC, Sense.NUMBER) for piece in pieces)
    commanded = bool(nouns) and nouns[0] == 0
    loose = [place for place in unknown if place == 0 or pieces[place - 1].sense not in _BEFORE_PLACE]
    recorded = any(pieces[place].text in _RECORDED for place in unknown)
    return recorded or (bool(loose) and not (booked or timed or commanded))


_RECORDED = frozenset(("разговора", "разговоров", "звонка", "звонков", "голоса", "голосом", "видео", "аудио"))
"""Of what there is a record that is no booking: the command «ЗАПИСЬ» may have any other word, which calls an office."""

_BEFORE_PLACE = frozenset((Sense.PREPOSITION, Sense.UNKNOWN, Sense.CLERK, Sense.MARK))
_NOUNS = ("запис", "прием", "визит", "бронир", "бронь", "встреч", "посещен", "талон")
_VERB = re.compile(r"(ть|ти|ться|тись|йте|ьте|ите|аю|яю|ую|шу|щу|жу|лю|лся|лась)$")


def words(text: str) -> tuple[str, ...]:
    """The words of an answer that says what a visit is about, in one form."""
    return tuple(word for word in "".join(c if c.isalpha() else " " for c in fold(text).casefold()).split() if word)


def _made(subject: Subject, pieces: Sequence[Piece], today: date) -> Wanted | None:
    argument = _argument(pieces, today)
    return None if argument == "" else Wanted(subject, argument=argument)


def _argument(pieces: Sequence[Piece], today: date) -> str | None:
    """The words of the argument; "" where a number of the text is neither day, hour nor ticket."""
    found: list[str] = []
    for place, piece in enumerate(pieces):
        word = _word(pieces, place, today)
        if word is None:
            return ""
        if word:
            found.append(word)
        elif piece.sense in _NAMING:
            found += [f"?{one}" for one in piece.text.split() if one not in _AFTER | _BEFORE]
    return " ".join(found) or None


def _word(pieces: Sequence[Piece], place: int, today: date) -> str | None:
    """The word that a piece makes, "" where it makes none of its own, None where it forbids to go on."""
    piece = pieces[place]
    before = pieces[place - 1].text if place else ""
    after = pieces[place + 1] if place + 1 < len(pieces) else None
    side = "after:" if before in _AFTER else "before:" if before in _BEFORE else ""
    match piece.sense:
        case Sense.DATE:
            return dates.day_ahead(piece.raw, piece.value, today) or None
        case Sense.TIME:
            return side + piece.text.zfill(5)
        case Sense.CODE:
            return piece.text if _is_ticket(piece.text) else None
        case Sense.PART_OF_DAY if place == 0 or pieces[place - 1].sense not in NUMBERS:
            return _part(piece.text)
        case Sense.NUMBER:
            return _number(pieces, place, side, after, today)
        case _:
            return ""


def _part(text: str) -> str:
    if text.startswith(_EVENING) or "вечер" in text:
        return "part:evening"
    morning = text.startswith(_MORNING) or "утр" in text or "перв" in text
    return "part:morning" if morning else "part:afternoon"


def _number(pieces: Sequence[Piece], place: int, side: str, after: Piece | None, today: date) -> str | None:
    """An hour, a day, a time without its colon, or the number of a ticket."""
    text = pieces[place].text
    before = pieces[place - 1] if place else None
    letter = before.raw.split()[-1] if before is not None and before.raw.split() else ""
    lettered = letter.casefold() in _LETTERS and (pieces[place].gap == "" or letter.isupper())
    if lettered and len(text) <= 3 and text.isdigit():
        return f"{letter.upper()}{text}"
    if text.startswith("8") and len(text) in (3, 4) and pieces[place].raw[:1] in ("в", "В", "b", "B"):
        return f"B{text[1:]}"
    if not text.isdigit():
        return None
    if len(text) <= 2 and int(text) < 24:
        later = after is not None and after.sense is Sense.PART_OF_DAY and after.text in ("pm", "p m", "вечера", "дня")
        hour = int(text) + 12 if later and int(text) < 12 else int(text)
        timed = side or (before is not None and before.sense in (Sense.PREPOSITION, Sense.CLOCK))
        timed = timed or (after is not None and after.sense in (Sense.CLOCK, Sense.PART_OF_DAY))
        return f"{side}{hour:02d}:00" if timed else None
    if len(text) != 4:
        return None
    day = dates.day_of(int(text[:2]), int(text[2:]), today)
    clock = f"{text[:2]}:{text[2:]}" if int(text[:2]) < 24 and int(text[2:]) < 60 else None
    return day or (f"{side}{clock}" if clock else None)


def _is_ticket(text: str) -> bool:
    return text[:1].casefold() in _LETTERS and text[1:].isascii() and text[1:].isdigit() and len(text) <= 5
