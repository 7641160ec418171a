"""The forms that suppliers publish, known by their shape: menu numbers, coded meters, ordinals, dashed accounts."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from core.grammar.lexicon import LANGUAGES
from core.grammar.scene import Piece
from core.grammar.senses import Sense

_ZONES = {"1": Sense.T1, "2": Sense.T2, "3": Sense.T3}
_CODES = frozenset(language.code for language in LANGUAGES)
_UTILITY_COMMANDS = {"1": Sense.SEND, "2": Sense.LINK}
SHORTEST_ACCOUNT = 6


def shaped(pieces: Sequence[Piece], *, hot_water: bool = False, peak: bool = False) -> tuple[Piece, ...]:
    """The pieces with every published shape put into words. `hot_water`: the sender has a meter of it, so that a
    lone «Г» can mean it; `peak`: a register of his is one, else a lone «П» is a reading («ЛС… П12345»)."""
    kept = _without_lone(_without_menu(pieces))
    senses = {piece.sense for piece in kept}
    texts = {piece.text for piece in kept}
    if Sense.LANGUAGE in senses and kept[-1].text in _CODES:
        kept = [*kept[:-1], replace(kept[-1], sense=Sense.TONGUE, value=kept[-1].text)]
    if not peak and "п" in texts and sum(piece.sense is Sense.NUMBER for piece in kept) > 1:
        kept = [replace(piece, sense=Sense.READING) if piece.text == "п" else piece for piece in kept]
    if Sense.NUMBER not in senses:
        return tuple(kept)
    if Sense.UNKNOWN in senses or "-" in texts:
        kept = _coded_accounts(kept)
    if Sense.TARIFF in senses or texts & {"т", "t"}:
        kept = _hyphened_zones(kept) if texts & _ZONE_MARKS else kept
        kept = _numbered_zones(_ordinal_zones(_named_zones(kept)))
    if "(" in texts and senses & _ZONE_NAMES:
        kept = _bracketed_zones(kept)
    if "et" in texts:
        kept = _slovak(kept)
    if texts & {"1"}:
        kept = _numbered_meters(_ordinals(kept))
    if senses & _TICKETED and Sense.READING not in senses:
        kept = _clocked(kept)
    if senses & _TICKETED:
        kept = _tickets(kept)
    if "г" in texts and (hot_water or Sense.COLD in senses):
        kept = _water_letters(kept)
    return tuple(kept)


_TICKETED = frozenset(
    (Sense.UNDO, Sense.CANCEL, Sense.CANCEL_WORD, Sense.VISIT, Sense.MOVE, Sense.ACKNOWLEDGE, Sense.BOOK)
)


def _without_menu(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """«1#12345»: the menu's number for a reading; «ЖКХ 1#», «ЖКХ 2#»: a reading, a registration."""
    texts = [piece.text for piece in pieces[:3]]
    if len(pieces) > 2 and texts[:2] == ["1", "#"] and pieces[2].sense is Sense.NUMBER:
        return [replace(pieces[0], sense=Sense.SEND), *pieces[2:]]
    if len(pieces) > 3 and pieces[0].sense is Sense.UTILITY and texts[1] in _UTILITY_COMMANDS and texts[2] == "#":
        return [replace(pieces[0], sense=_UTILITY_COMMANDS[texts[1]]), *pieces[3:]]
    return pieces


def _without_lone(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """«I am moving out»: a code of one word is none within a sentence."""
    if len(pieces) <= LONGEST_CODED:
        return pieces
    return [replace(piece, sense=Sense.UNKNOWN) if piece.text in _LONE else piece for piece in pieces]


_LONE = frozenset(("out", "ref", "da", "lp", "nc", "np", "rt", "bd", "mb", "wr", "md"))
"""Codes that suppliers publish and that are words of other meaning in a sentence."""

LONGEST_CODED = 3


def _coded_accounts(pieces: Sequence[Piece]) -> list[Piece]:
    """«AB00456», «РА07-12345», «000-0000-1234» as one code."""
    result: list[Piece] = []
    position = 0
    while position < len(pieces):
        length = _code_length(pieces, position)
        if length:
            raw = "".join(piece.raw for piece in pieces[position : position + length])
            result.append(Piece(Sense.CODE, raw, raw, pieces[position].gap))
        else:
            result.append(pieces[position])
        position += length or 1
    return result


def _code_length(pieces: Sequence[Piece], start: int) -> int:
    end = start
    letters = pieces[start].sense is Sense.UNKNOWN and pieces[start].raw.isupper() and len(pieces[start].raw) == 2
    digits = groups = 0
    if letters:
        end += 1
    while end < len(pieces) and pieces[end].sense is Sense.NUMBER and pieces[end].text.isdigit():
        if end > start and pieces[end].gap:
            break
        digits += len(pieces[end].text)
        groups += 1
        end += 1
        if end + 1 < len(pieces) and pieces[end].text == "-" and not pieces[end].gap and not pieces[end + 1].gap:
            end += 1
        else:
            break
    while end > start and pieces[end - 1].sense is Sense.MARK:
        end -= 1
    enough = (letters and digits >= 5) or (groups >= 3 and digits >= 9)
    return end - start if enough and groups else 0


def _numbered_zones(pieces: Sequence[Piece]) -> list[Piece]:
    """«тариф 1 5778», «1 тариф 5778», «т 1 5778» as the register's name."""
    result: list[Piece] = []
    numbers = sum(piece.sense is Sense.NUMBER for piece in pieces)
    position = 0
    while position < len(pieces):
        pair = pieces[position : position + 2]
        zone = _zone(pair) if len(pair) == 2 and (numbers > 2 or _names_one(pieces, position)) else None
        result.append(pieces[position] if zone is None else replace(pair[0], sense=zone, text=f"t{_digit(pair)}"))
        position += 1 if zone is None else 2
    return result


def _hyphened_zones(pieces: Sequence[Piece]) -> list[Piece]:
    """«Т-1 5778», «Т.1: 5778», «т №1 5778» as «Т1 5778»."""
    result: list[Piece] = []
    for position, piece in enumerate(pieces):
        before = [each.text for each in result[-2:]]
        after = pieces[position + 1] if position + 1 < len(pieces) else None
        followed = after is not None and (after.gap or after.text in _BEFORE_VALUE)
        joined = len(before) == 2 and before[0] in ("т", "t") and before[1] in _ZONE_MARKS and not piece.gap
        if joined and piece.text in _ZONES and followed:
            zone = replace(piece, sense=_ZONES[piece.text], text=f"t{piece.text}", gap=result[-2].gap)
            result[-2:] = [zone]
        else:
            result.append(piece)
    return result


_ZONE_MARKS = frozenset(("-", ".", "№"))
_BEFORE_VALUE = frozenset((":", "=", "—"))


def _named_zones(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """«тариф день 5778», «ночная зона: 2542»: the word for a tariff says nothing beside a zone's name."""
    words = [piece for piece in pieces if piece.sense is not Sense.MARK]
    beside = {
        id(tariff)
        for before, after in pairwise(words)
        for tariff, zone in ((before, after), (after, before))
        if tariff.sense is Sense.TARIFF and zone.sense in _ZONE_NAMES
    }
    return [piece for piece in pieces if id(piece) not in beside]


_ZONE_NAMES = frozenset(
    (Sense.DAY, Sense.NIGHT, Sense.PEAK, Sense.HALFPEAK, Sense.OFFPEAK, Sense.T1, Sense.T2, Sense.T3)
)


def _bracketed_zones(pieces: Sequence[Piece]) -> list[Piece]:
    """«Т1 5778 (день)» as «Т1 день 5778»: the second name of a register that has its first before the number."""
    result: list[Piece] = []
    for piece in pieces:
        result.append(piece)
        number, opening, zone = result[-4:-1] if len(result) > 4 else (None, None, None)
        if piece.text != ")" or number is None or opening is None or zone is None or opening.text != "(":
            continue
        named = next((each.sense for each in reversed(result[:-4]) if each.text not in _BEFORE_VALUE | {"-"}), None)
        if number.sense is Sense.NUMBER and zone.sense in _ZONE_NAMES and named in _ZONE_NAMES:
            result[-4:] = [zone, replace(number, gap=" ")]
    return result


def _ordinal_zones(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """«первый тариф 3849 второй 5243»: the places are those of tariffs, once one of them is called so."""
    if not {Sense.TARIFF, Sense.ORDINAL} <= {piece.sense for piece in pieces}:
        return pieces
    named = [piece for piece in pieces if piece.sense is not Sense.TARIFF]
    return [
        replace(piece, sense=_ZONES[piece.value], value="") if piece.sense is Sense.ORDINAL else piece
        for piece in named
    ]


def _zone(pair: Sequence[Piece]) -> Sense | None:
    first, second = pair
    if first.sense is Sense.TARIFF or (first.text in ("т", "t") and second.gap == " "):
        return _ZONES.get(second.text) if second.sense is Sense.NUMBER else None
    glued = second.text in ("т", "t") and not second.gap
    if (second.sense is Sense.TARIFF or glued) and first.sense is Sense.NUMBER:
        return _ZONES.get(first.text)
    return None


def _names_one(pieces: Sequence[Piece], position: int) -> bool:
    """«тариф 1 12345»: the only register named so, with its number."""
    after = pieces[position + 2 :]
    return pieces[position].sense is Sense.TARIFF and sum(piece.sense is Sense.NUMBER for piece in after) == 1


def _slovak(pieces: Sequence[Piece]) -> list[Piece]:
    """«ET 1234567, T 0000123, COM 7654321»: T is the reading beside the meter's ET."""
    return [replace(piece, sense=Sense.READING) if piece.text in ("t", "т") else piece for piece in pieces]


def _digit(pair: Sequence[Piece]) -> str:
    return pair[0].text if pair[0].sense is Sense.NUMBER else pair[1].text


def _ordinals(pieces: Sequence[Piece]) -> list[Piece]:
    """«1) 4321 2) 765»: the numbers of a list; only where the list counts 1, 2, …"""
    places: list[int] = []
    for position in range(len(pieces) - 2):
        number, mark, after = pieces[position : position + 3]
        counted = number.sense is Sense.NUMBER and number.text == str(len(places) + 1)
        if counted and mark.text in (")", ".") and not mark.gap and after.sense is Sense.NUMBER and after.gap:
            places.append(position)
    if len(places) < 2:
        return list(pieces)
    result = []
    for position, piece in enumerate(pieces):
        if position in places:
            result.append(replace(piece, sense=Sense.ORDINAL, value=piece.text))
        elif position - 1 not in places:
            result.append(piece)
    return result


def _numbered_meters(pieces: Sequence[Piece]) -> list[Piece]:
    """«счетчик 1 4321 счетчик 2 765», «1 счетчик 4321 2 счетчик 765»: meters counted by number."""
    before = [
        position
        for position in range(len(pieces) - 2)
        if [piece.sense for piece in pieces[position : position + 3]] == [Sense.NUMBER, Sense.METER, Sense.NUMBER]
    ]
    if len(before) > 1 and [pieces[place].text for place in before] == [str(no + 1) for no in range(len(before))]:
        return [
            replace(piece, sense=Sense.ORDINAL, value=piece.text) if position in before else piece
            for position, piece in enumerate(pieces)
        ]
    places = [
        position
        for position in range(len(pieces) - 2)
        if pieces[position].sense is Sense.METER
        and [piece.sense for piece in pieces[position + 1 : position + 3]] == [Sense.NUMBER, Sense.NUMBER]
    ]
    if [pieces[place + 1].text for place in places] != [str(number + 1) for number in range(len(places))]:
        return list(pieces)
    counted = {place + 1 for place in places} if len(places) > 1 else set()
    return [
        replace(piece, sense=Sense.ORDINAL, value=piece.text) if position in counted else piece
        for position, piece in enumerate(pieces)
    ]


def _clocked(pieces: Sequence[Piece]) -> list[Piece]:
    """«завтра в 14-30», «в 9.30 утра», «на 28.11 14.30» in a text about a visit: hours and minutes."""
    result: list[Piece] = []
    for place, piece in enumerate(pieces):
        ahead, *before = result[-3:] if len(result) > 2 else (None, None, None)
        hour, hyphen = before
        dashed = hyphen is not None and hyphen.text == "-" and not hyphen.gap and not piece.gap and _is_minutes(piece)
        if dashed and hour is not None and _is_hour(hour.text) and ahead and ahead.sense in _BEFORE_CLOCK:
            result[-2:] = [replace(hour, sense=Sense.TIME, text=f"{hour.text}:{piece.text}")]
        elif place and _may_precede_time(pieces[place - 1]) and _is_dotted_time(piece):
            result.append(replace(piece, sense=Sense.TIME, text=piece.text.replace(".", ":")))
        else:
            result.append(piece)
    return result


def _may_precede_time(piece: Piece) -> bool:
    return piece.sense in _BEFORE_CLOCK or (piece.sense is Sense.NUMBER and "." in piece.raw)


def _is_dotted_time(piece: Piece) -> bool:
    """Whether «14.30» is no date either: its minutes are no month."""
    hour, _, minutes = piece.text.partition(".")
    told = piece.sense is Sense.NUMBER and "." in piece.raw and _is_hour(hour) and len(minutes) == 2
    return told and minutes.isdigit() and (minutes == "00" or 12 < int(minutes) < 60)


def _is_hour(text: str) -> bool:
    return text.isdigit() and len(text) <= 2 and int(text) < 24


def _is_minutes(piece: Piece) -> bool:
    return piece.sense is Sense.NUMBER and piece.text.isdigit() and len(piece.text) == 2 and int(piece.text) < 60


_BEFORE_CLOCK = frozenset(
    (
        Sense.PREPOSITION, Sense.CLOCK, Sense.DATE, Sense.MONTH, Sense.RELATIVE_DAY, Sense.WEEKDAY, Sense.DATE_WORD,
        Sense.BOOK,
    )
)  # fmt: skip
"""What stands right before the hours of a visit."""


def _tickets(pieces: Sequence[Piece]) -> list[Piece]:
    """«отм В17» as a visit's ticket, «ОК 7Q4K» as a notice's code."""
    result: list[Piece] = []
    coded = any(piece.sense is Sense.ACKNOWLEDGE for piece in pieces)
    for piece in pieces:
        before = result[-1] if result else None
        if before is not None and not coded and (len(before.raw) > 1 or before.sense is Sense.NUMBER):
            result.append(piece)
            continue
        glued = before is not None and piece.gap == "" and before.raw.isalnum() and piece.raw.isalnum()
        if before is not None and glued and before.sense is not Sense.ACKNOWLEDGE and len(before.raw + piece.raw) <= 5:
            raw = (before.raw + piece.raw).upper()
            mixed = not raw.isdigit() and not raw.isalpha()
            result[-1] = Piece(Sense.CODE if mixed else before.sense, raw, raw, before.gap)
        else:
            result.append(piece)
    return result


def _water_letters(pieces: Sequence[Piece]) -> list[Piece]:
    """«Х 56 Г 47»: Г is hot water beside Х, or where the sender has a meter of it."""
    result = list(pieces)
    for position, piece in enumerate(pieces):
        after = next((each for each in pieces[position + 1 : position + 3] if each.text not in "-:="), None)
        if piece.text == "г" and after is not None and after.sense is Sense.NUMBER:
            result[position] = replace(piece, sense=Sense.HOT)
    return result
