"""Days and times in a text."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from core.basics.facts import dataclass
from core.grammar.scene import Piece
from core.grammar.senses import Sense

EARLIEST = timedelta(days=31)
"""A reading may be of a day so far back (rulings.md section 1, 5)."""

LATEST = timedelta(days=1)
"""A reading of tomorrow counts as today's."""

_NO_DATE_LABEL = frozenset((Sense.COLD, Sense.HOT, Sense.WATER, Sense.GAS, Sense.HEAT, Sense.T1, Sense.T2, Sense.T3))
_BEFORE_DATE = frozenset((Sense.PREPOSITION, Sense.DATE_WORD, Sense.NOW, Sense.BOOK, Sense.VISIT, Sense.MOVE))


def dated(pieces: Sequence[Piece], today: date) -> tuple[Piece, ...]:
    """The pieces with every day put together to one piece: Sense.DATE with the ISO day (or month) as value, "" where
    the calendar does not have it."""
    result: list[Piece] = []
    position = 0
    while position < len(pieces):
        found = _date_at(pieces, position, today) if pieces[position].sense in _STARTS else None
        if found is None:
            result.append(pieces[position])
            position += 1
        else:
            piece, length = found
            result.append(piece)
            position += length
    return _without_weekdays(result, today)


def _without_weekdays(pieces: Sequence[Piece], today: date) -> tuple[Piece, ...]:
    """«в понедельник 24.11»: the name of the day beside its date says nothing more."""
    kept: list[Piece] = []
    for place, piece in enumerate(pieces):
        after = next((each for each in pieces[place + 1 : place + 3] if each.text not in (",", "(")), None)
        both = piece.sense is Sense.DATE and after is not None and after.sense is Sense.DATE and len(after.value) == 10
        if both and after is not None and not _has_digit(piece) and _has_digit(after):
            named = date.fromisoformat(piece.value).weekday() if len(piece.value) == 10 else None
            if named == date.fromisoformat(after.value).weekday() and piece.value >= today.isoformat():
                continue
        kept.append(piece)
    return tuple(kept)


def _has_digit(piece: Piece) -> bool:
    return any(sign.isdigit() for sign in piece.raw)


_STARTS = frozenset((Sense.DATE, Sense.NUMBER, Sense.MONTH, Sense.RELATIVE_DAY, Sense.WEEKDAY))


def _date_at(pieces: Sequence[Piece], position: int, today: date) -> tuple[Piece, int] | None:
    piece = pieces[position]
    match piece.sense:
        case Sense.DATE:
            return replace(piece, value=_written(piece.text, today)), 1 + _year_words(pieces, position + 1)
        case Sense.NUMBER:
            return _number_as_date(pieces, position, today)
        case Sense.MONTH:
            return _month(pieces, position, today)
        case Sense.RELATIVE_DAY:
            day = today + timedelta(days=int(piece.value))
            return replace(piece, sense=Sense.DATE, value=day.isoformat()), 1
        case _:
            ahead = (int(piece.value) - today.weekday() - 1) % 7 + 1
            return replace(piece, sense=Sense.DATE, value=(today + timedelta(days=ahead)).isoformat()), 1


def _number_as_date(pieces: Sequence[Piece], position: int, today: date) -> tuple[Piece, int] | None:
    piece = pieces[position]
    following = pieces[position + 1] if position + 1 < len(pieces) else None
    before = pieces[position - 1] if position else None
    if following is not None and piece.text.isdigit() and len(piece.text) <= 2 and 1 <= int(piece.text) <= 31:
        if following.sense is Sense.MONTH:
            year, words = _year(pieces, position + 2)
            value = _nearest(int(piece.text), int(following.value), year, today)
            return replace(piece, sense=Sense.DATE, value=value, raw=f"{piece.raw} {following.raw}"), 2 + words
        if following.text == "месяц" and int(piece.text) <= 12:
            value = f"{today.year - (int(piece.text) > today.month + 1):04d}-{int(piece.text):02d}"
            return replace(piece, sense=Sense.DATE, value=value, raw=f"{piece.raw} {following.raw}"), 2
        if following.sense is Sense.DATE_WORD and (before is None or before.sense is not Sense.NUMBER_SIGN):
            value = _day_of_month(int(piece.text), today)
            return replace(piece, sense=Sense.DATE, value=value, raw=f"{piece.raw} {following.raw}"), 2
        if (suffix := _suffix(pieces, position)) > 0:
            return _with_suffix(pieces, position, suffix, today)
        if following.text == "/" and before is not None and before.sense in _BEFORE_DATE:
            return _slashed(pieces, position, today)
    if before is not None and before.sense in _NO_DATE_LABEL:
        return None
    dotted = _dotted(piece.raw, today)
    if dotted is None:
        return None
    return replace(piece, sense=Sense.DATE, value=dotted), 1 + _year_words(pieces, position + 1)


def _suffix(pieces: Sequence[Piece], position: int) -> int:
    """How many pieces the ending of «24-го», «24-е число» takes, 0 where there is none."""
    after = pieces[position + 1 : position + 4]
    if len(after) < 2 or after[0].text != "-" or after[1].sense is not Sense.DATE_WORD or after[0].gap or after[1].gap:
        return 0
    return 3 if len(after) > 2 and after[2].sense is Sense.DATE_WORD else 2


def _with_suffix(pieces: Sequence[Piece], position: int, suffix: int, today: date) -> tuple[Piece, int]:
    """«24-го», «5-го декабря»: the day of this month or the last, or of the month named."""
    piece, after = pieces[position], position + 1 + suffix
    raw = "".join(each.raw for each in pieces[position : position + 3])
    if after < len(pieces) and pieces[after].sense is Sense.MONTH:
        year, words = _year(pieces, after + 1)
        value = _nearest(int(piece.text), int(pieces[after].value), year, today)
        return replace(piece, sense=Sense.DATE, value=value, raw=f"{raw} {pieces[after].raw}"), 2 + suffix + words
    return replace(piece, sense=Sense.DATE, value=_day_of_month(int(piece.text), today), raw=raw), 1 + suffix


def day_ahead(raw: str, value: str, today: date) -> str:
    """The ISO day of a visit: «5-е», «5 числа» without a month are the next such day, not the last."""
    if not (value and value < today.isoformat() and _DAY_ALONE.match(raw)):
        return value
    day = date.fromisoformat(value).day
    months = (divmod(today.year * 12 + today.month - 1 + ahead, 12) for ahead in range(3))
    days = (_iso(year, month + 1, day) for year, month in months)
    return next(each for each in days if each >= today.isoformat())


_DAY_ALONE = re.compile(r"\d{1,2}[- ]?(?:го|е|ое|й|числ\w*|th|st|nd|rd)$", re.IGNORECASE)


def _slashed(pieces: Sequence[Piece], position: int, today: date) -> tuple[Piece, int] | None:
    if position + 2 >= len(pieces) or pieces[position + 2].sense is not Sense.NUMBER:
        return None
    value = _dotted(f"{pieces[position].text}.{pieces[position + 2].text}", today)
    return None if value is None else (replace(pieces[position], sense=Sense.DATE, value=value), 3)


def _month(pieces: Sequence[Piece], position: int, today: date) -> tuple[Piece, int] | None:
    year, words = _year(pieces, position + 1)
    month = int(pieces[position].value)
    if year is None:
        year = today.year - (month > today.month + 1)
    return replace(pieces[position], sense=Sense.DATE, value=f"{year:04d}-{month:02d}"), 1 + words


def _year(pieces: Sequence[Piece], position: int) -> tuple[int | None, int]:
    """The year that stands at a place, and how many pieces it takes."""
    if position < len(pieces) and pieces[position].sense is Sense.NUMBER:
        text = pieces[position].text
        if len(text) == 4 and text.startswith("20") and text.isdigit():
            return int(text), 1 + _year_words(pieces, position + 1)
    return None, 0


def _year_words(pieces: Sequence[Piece], position: int) -> int:
    if position < len(pieces) and pieces[position].text in ("г", "года", "год", "року", "рік", "г г"):
        dot = position + 1 < len(pieces) and pieces[position + 1].text == "." and pieces[position + 1].gap == ""
        return 1 + dot
    return 0


def _written(text: str, today: date) -> str:
    """The ISO day of "25.11.25", "25/11/2025" or "2025-11-25"; "" where there is no such day."""
    parts = text.replace("/", ".").replace("-", ".").split(".")
    numbers = [int(part) for part in parts]
    if len(parts[0]) == 4:
        year, month, day = numbers
    else:
        day, month, year = numbers
    return _iso(year if year > 99 else 2000 + year, month, day)


def _dotted(raw: str, today: date) -> str | None:
    """The ISO day of "25.11", the month of "11.2025"; None where it is a number."""
    left, dot, right = raw.partition(".")
    if not dot or not left.isdigit() or not right.isdigit() or len(left) > 2:
        return None
    if len(right) == 4 and right.startswith("20") and 1 <= int(left) <= 12:
        return f"{int(right):04d}-{int(left):02d}"
    if len(right) == 2 and int(right) == today.year % 100 and 1 <= int(left) <= 12 < int(right):
        return f"{today.year:04d}-{int(left):02d}"
    if len(right) != 2 or not 1 <= int(left) <= 31 or not 1 <= int(right) <= 12:
        return None
    return _nearest(int(left), int(right), None, today)


def _nearest(day: int, month: int, year: int | None, today: date) -> str:
    """The day in the given year, or in the year in which it is nearest to today."""
    if year is not None:
        return _iso(year, month, day)
    found = [_iso(near, month, day) for near in (today.year - 1, today.year, today.year + 1)]
    days = [date.fromisoformat(each) for each in found if each]
    return min(days, key=lambda each: abs(each - today)).isoformat() if days else ""


def day_of(day: int, month: int, today: date) -> str:
    """The ISO day in the year in which it is nearest to today, "" where no calendar has it."""
    return _nearest(day, month, None, today) if 1 <= month <= 12 and 1 <= day <= 31 else ""


def _day_of_month(day: int, today: date) -> str:
    this = _iso(today.year, today.month, day)
    if this and date.fromisoformat(this) <= today + LATEST:
        return this
    before = date(today.year, today.month, 1) - timedelta(days=1)
    return _iso(before.year, before.month, day)


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class ReadOn:
    """The day of a reading: None is today. `far` where the customer must be asked."""

    day: date | None = None
    far: bool = False


def reading_day(values: Sequence[str], today: date) -> ReadOn:
    """The day that dates in a text give to a reading (rulings.md section 1, 5): up to 31 days back is that day, up to
    one day ahead is today, the running month is today; all else, and two different days, is to be asked."""
    days = set()
    for value in values:
        if len(value) == 7:
            if value != today.isoformat()[:7]:
                return ReadOn(far=True)
            continue
        day = date.fromisoformat(value) if value else None
        if day is None or not today - EARLIEST <= day <= today + LATEST:
            return ReadOn(far=True)
        days.add(min(day, today))
    if len(days) > 1:
        return ReadOn(far=True)
    day = days.pop() if days else None
    return ReadOn(None if day == today else day)
