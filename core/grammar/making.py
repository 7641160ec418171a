"""Makes a command of the row that a text's senses fit, with the account and the time that the text names."""

from collections.abc import Callable, Sequence
from datetime import date

from core.basics.money import minor
from core.commands import (
    LATEST_REQUEST,
    Balance,
    Command,
    Help,
    NotMe,
    NotUnderstood,
    OptIn,
    OptOut,
    Register,
    SetLanguage,
    Subject,
    SubmitReading,
    Unclear,
    Undo,
    Wanted,
    Why,
)
from core.grammar import dates, intents, roles
from core.grammar.intents import Row
from core.grammar.refusing import LONGEST_ACCOUNT, LONGEST_NUMBER, NUMBERS, REASONS, unclear
from core.grammar.scene import Piece
from core.grammar.senses import Sense
from core.grammar.world import KnownAccount, World

SHORTEST_ACCOUNT = 6
SHORTEST_NUMBER = 4
SHORTEST_REQUEST = 3
LONGEST_LOOSE = 8
LAST_MONTH = "-1"
"""The value of words for the month before this one."""

_UNCHANGING = frozenset(
    ("balance", "help", "why", "submit", "complaint", Subject.HISTORY, Subject.PAYMENTS, Subject.PAY, Subject.NOTICES,
     Subject.VISITS, Subject.BILL, Subject.FORECAST, Subject.BOOK, Subject.HUMAN)
)  # fmt: skip
"""Commands that change nothing by themselves: these may be understood from a word with a slip."""

_LOOSE = frozenset(
    ("balance", "help", Subject.HISTORY, Subject.PAYMENTS, Subject.PAY, Subject.FORECAST, Subject.VISITS,
     Subject.NOTICES, Subject.HUMAN)
)  # fmt: skip
"""Commands that are understood though a word or two of a short text are unknown."""


def made(row: Row, pieces: Sequence[Piece], world: World, *, slip: bool) -> Command:
    """The command of a row, with the account and the time that the text names."""
    if slip and row.kind not in _UNCHANGING:
        return no_command(pieces, frozenset())
    if row.kind == "link":
        return no_command(pieces, frozenset()) if [piece.text for piece in pieces] == ["link"] else _register(pieces)
    if isinstance(row.kind, Subject) and row.kind in _TIMED:
        stray = _stray_number(pieces, world.today)
        if stray is not None:
            return unclear(Unclear.SEVERAL_NUMBERS, stray)
        return Wanted(row.kind, argument=_when(pieces, world.today))
    numbers = [piece for piece in pieces if piece.sense in NUMBERS]
    account: str | None = None
    if row.kind is Subject.ACKNOWLEDGE:
        return Wanted(Subject.ACKNOWLEDGE, argument=numbers[0].text)
    if numbers and row.kind not in ("complaint", Subject.HUMAN):
        if len(numbers) > 1 or not _may_be_account(numbers[0], world):
            return unclear(_misplaced(row, pieces), numbers[0].raw)
        known = _own_account(numbers[0].text, world)
        account = known.number if known else numbers[0].text
    elif len(numbers) == 1 and len(numbers[0].text) >= LONGEST_NUMBER:
        account = numbers[0].text
    if row.kind == "submit" and any(_is_past(piece, world.today) for piece in pieces):
        return Wanted(Subject.HISTORY, account, _month_or_day(pieces))
    if row.kind is Subject.HUMAN:
        return Wanted(Subject.HUMAN, account, _request_number(numbers) or _month_or_day(pieces))
    if isinstance(row.kind, Subject):
        return Wanted(row.kind, account, _month_or_day(pieces))
    return _PLAIN[row.kind](pieces, account)


_TIMED = frozenset((Subject.BOOK, Subject.CANCEL_VISIT, Subject.MOVE_VISIT, Subject.PROMISE))
_PLAIN: dict[str, Callable[[Sequence[Piece], str | None], Command]] = {
    "opt_out": lambda pieces, account: OptOut(),
    "opt_in": lambda pieces, account: OptIn(),
    "undo": lambda pieces, account: Undo(),
    "not_me": lambda pieces, account: NotMe(),
    "language": lambda pieces, account: SetLanguage(_tongue(pieces)),
    "help": lambda pieces, account: Help(),
    "balance": lambda pieces, account: Balance(account),
    "why": lambda pieces, account: Why(account),
    "submit": lambda pieces, account: SubmitReading(account=account),
    "complaint": lambda pieces, account: Wanted(_complaint(pieces), account, _request_asked(pieces)),
}


def _is_past(piece: Piece, today: date) -> bool:
    if piece.sense is Sense.PERIOD:
        return piece.value == LAST_MONTH
    return piece.sense is Sense.DATE and len(piece.value) == 7 and piece.value < today.isoformat()[:7]


def _tongue(pieces: Sequence[Piece]) -> str | None:
    return next((piece.value for piece in pieces if piece.sense is Sense.TONGUE), None)


def _complaint(pieces: Sequence[Piece]) -> Subject:
    return Subject.OUTAGE if any(piece.sense is Sense.OUTAGE for piece in pieces) else Subject.DISPUTE


def _request_number(numbers: Sequence[Piece]) -> str | None:
    """The number of a request, as it was told: digits without a leading zero."""
    text = numbers[0].text if len(numbers) == 1 else ""
    fits = text.isdigit() and SHORTEST_REQUEST <= len(text) < LONGEST_NUMBER
    return text if fits and not text.startswith("0") else None


_ASKED_OF_REQUEST = intents.WEIGHTLESS | {
    Sense.REQUEST, Sense.ASK, Sense.WHAT, Sense.WHEN, Sense.WHERE, Sense.HOW, Sense.QUERY, Sense.MINE, Sense.YOURS,
    Sense.LAST, Sense.THERE_IS, Sense.WANT, Sense.CAN, Sense.NUMBER_SIGN,
}  # fmt: skip


def _request_asked(pieces: Sequence[Piece]) -> str | None:
    """«что с моим обращением»: asks of the latest request, for it says nothing that a new one could be about."""
    return LATEST_REQUEST if {piece.sense for piece in pieces} <= _ASKED_OF_REQUEST else None


def _misplaced(row: Row, pieces: Sequence[Piece]) -> Unclear:
    """What a number that is no account is taken for beside a command."""
    if any(piece.sense is Sense.USE for piece in pieces):
        return Unclear.USE
    return Unclear.MONEY if row.kind in ("balance", Subject.PAY) else Unclear.SEVERAL_NUMBERS


def _may_be_account(piece: Piece, world: World) -> bool:
    known = _own_account(piece.text, world) is not None
    return known or piece.sense is Sense.CODE or (piece.text.isdigit() and len(piece.text) >= SHORTEST_ACCOUNT)


def _own_account(text: str, world: World) -> KnownAccount | None:
    return roles.known_account(text, world) or roles.account_ending(text, world)


def _register(pieces: Sequence[Piece]) -> Command:
    """The account, the serial and the last bill's sum of «РЕГ 100004321 0098765 433,56»."""
    sums = _sums([piece for piece in pieces if piece.sense is Sense.MONEY])
    numbers = [piece.text for piece in pieces if piece.sense in NUMBERS]
    sums += [number for number in numbers if "." in number]
    plain = [number for number in numbers if "." not in number]
    wrong = any(not SHORTEST_NUMBER <= len(number) <= LONGEST_ACCOUNT for number in plain)
    if len(plain) > 2 or len(sums) > 1 or wrong:
        return unclear(Unclear.SEVERAL_NUMBERS, " ".join(numbers))
    try:
        amount = minor(sums[0]) if sums else None
    except ValueError:
        return unclear(Unclear.MONEY, sums[0])
    account, meter, *_ = *plain, None, None
    return Register(account, meter, amount)


def _sums(money: Sequence[Piece]) -> list[str]:
    """What each piece names; «431 руб 60 коп» is one sum."""
    values = [piece.value for piece in money]
    whole = len(money) == 2 and money[1].text.split()[-1].startswith("коп") and len(values[1]) <= 2
    return [f"{values[0]}.{values[1]:0>2}"] if whole and values[0].isdecimal() else values


def _when(pieces: Sequence[Piece], today: date) -> str | None:
    """The day, the time and the ticket that a text names, as ISO and as written, separated by blanks."""
    words = []
    for position, piece in enumerate(pieces):
        if piece.sense is Sense.DATE and piece.value:
            words.append(dates.day_ahead(piece.raw, piece.value, today))
        elif piece.sense is Sense.TIME:
            words.append(piece.text.zfill(5))
        elif piece.sense is Sense.CODE:
            words.append(piece.text)
        elif piece.sense is Sense.NUMBER:
            words.append(_moment(pieces, position, today) or piece.text)
    return " ".join(words) or None


def _stray_number(pieces: Sequence[Piece], today: date) -> str | None:
    """A number that is neither day nor hour."""
    places = (place for place, piece in enumerate(pieces) if piece.sense is Sense.NUMBER)
    return next((pieces[place].raw for place in places if _moment(pieces, place, today) is None), None)


def _moment(pieces: Sequence[Piece], position: int, today: date) -> str | None:
    """«в 10», «10 утра» as 10:00, «1012» as the tenth of December, «1430» as 14:30; None for another number."""
    text = pieces[position].text
    if not text.isdigit():
        return None
    before = pieces[position - 1].sense if position else None
    after = pieces[position + 1].sense if position + 1 < len(pieces) else None
    timed = before in (Sense.PREPOSITION, Sense.CLOCK) or after in (Sense.CLOCK, Sense.PART_OF_DAY)
    if len(text) <= 2 and int(text) < 24 and timed:
        return f"{int(text):02d}:00"
    if len(text) != 4:
        return None
    day = dates.day_of(int(text[:2]), int(text[2:]), today)
    hour = f"{text[:2]}:{text[2:]}" if int(text[:2]) < 24 and int(text[2:]) < 60 else None
    return day or hour


def _month_or_day(pieces: Sequence[Piece]) -> str | None:
    return next((piece.value for piece in pieces if piece.sense is Sense.DATE), None) or None


def loose(pieces: Sequence[Piece], senses: frozenset[Sense]) -> Command | None:
    """A command that changes nothing, from a short text with one unknown word, or two among as many known ones."""
    words = [piece for piece in pieces if piece.sense is not Sense.MARK]
    unknown = sum(piece.sense is Sense.UNKNOWN for piece in words)
    if not 1 <= unknown <= min(2, len(words) // 2) or len(words) > LONGEST_LOOSE:
        return None
    row = intents.match(senses - {Sense.UNKNOWN})
    if row is None or row.kind not in _LOOSE:
        return None
    return Wanted(row.kind) if isinstance(row.kind, Subject) else _PLAIN[row.kind](pieces, None)


_TELLING = frozenset((Sense.MONEY, Sense.PHONE, Sense.DATE))


_COURTESIES = {Sense.THANKS: Unclear.THANKS, Sense.GREETING: Unclear.GREETING}


def no_command(pieces: Sequence[Piece], weighty: frozenset[Sense]) -> NotUnderstood:
    """The words that stood in the way."""
    courtesy = next((_COURTESIES[each.sense] for each in pieces if each.sense in _COURTESIES), None)
    if courtesy is not None and not weighty:
        return NotUnderstood(courtesy)
    if weighty == {Sense.ACKNOWLEDGE}:
        return NotUnderstood(Unclear.THANKS)
    telling = next((each for each in pieces if each.sense in _TELLING), None)
    if telling is not None:
        return unclear(REASONS.get(telling.sense, Unclear.DATE), telling.raw)
    piece = next((each for each in pieces if each.sense is Sense.UNKNOWN), None)
    piece = piece or next((each for each in pieces if each.sense in weighty), pieces[0] if pieces else None)
    return unclear(Unclear.WORDS, piece.raw if piece else "")
