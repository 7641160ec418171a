"""What stands beside a reading and is none: addresses, names, telephones, sums of money, signatures."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from core.grammar.scene import Piece
from core.grammar.senses import Sense

_SURNAME = re.compile(r"(ов|ев|ин|ын|ская|ский|цкий|цкая|ко|ук|юк|ян|янц|дзе|швили|ых|их)(а|ой)?$")
_PATRONYMIC = re.compile(r"(ович|евич|ич|овна|евна|ична|инична)$")

_ADDRESS_STARTS = frozenset((Sense.CITY, Sense.STREET, Sense.STREET_NAME, Sense.HOUSE, Sense.FLAT))
_TAKES_NAME = frozenset((Sense.CITY, Sense.STREET))
_TAKES_NUMBER = frozenset((Sense.STREET_NAME, Sense.HOUSE, Sense.FLAT, Sense.STREET))
_LABELS = frozenset(
    (Sense.READING, Sense.ACCOUNT, Sense.METER, Sense.SERIAL, Sense.T1, Sense.T2, Sense.T3, Sense.NIGHT, Sense.BILL)
)


def set_aside(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces with every address, name and sum put together to one piece that carries no reading. A
    name that is known by its form only has the value "?"."""
    kept = _without_coins(tuple(pieces))
    senses = {piece.sense for piece in kept}
    for triggers, recognize in _RECOGNIZERS:
        if not triggers.isdisjoint(senses):
            kept = _replaced(kept, recognize)
    return kept


_CARRYING_NOTHING = frozenset((Sense.FILLER, Sense.PREPOSITION, Sense.PRONOUN, Sense.AND))


def without_glue(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces with every single letter that carries nothing, but is glued to a number, as not known: «12345a» and
    «62Z123» are no numbers."""
    result = list(pieces)
    for position, piece in enumerate(pieces):
        if piece.sense not in _CARRYING_NOTHING or len(piece.text) > 1:
            continue
        before = position > 0 and not piece.gap and pieces[position - 1].sense is Sense.NUMBER
        after = pieces[position + 1] if position + 1 < len(pieces) else None
        if before or (after is not None and not after.gap and after.sense is Sense.NUMBER):
            result[position] = replace(piece, sense=Sense.UNKNOWN)
    return tuple(result)


def _without_coins(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pieces with a sign of money as a mere ornament («💰 Баланс») where there is no number."""
    if any(piece.sense is Sense.NUMBER for piece in pieces):
        return pieces
    return tuple(
        replace(piece, sense=Sense.MARK) if piece.sense is Sense.CURRENCY and not piece.text.isalpha() else piece
        for piece in pieces
    )


def without_phones(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces without a device's signature, and with every telephone number put together to one piece; the value
    is "labelled" where the text says that it is one."""
    kept = _without_signature(pieces)
    longest = max((len(piece.text) for piece in kept if piece.sense is Sense.NUMBER), default=0)
    told = longest >= 10 or any(piece.sense is Sense.PHONE_LABEL or piece.text in _DIALLED for piece in kept)
    return _replaced(kept, _phone) if told else kept


LONGEST_PHONE = 16
LONGEST_ADDRESS = 40
"""Pieces of a telephone number and of an address."""

_DIALLED = frozenset(("+", "7", "8", "т", "t"))

Recognizer = Callable[[Sequence[Piece], int], tuple[Piece, int] | None]


def _replaced(pieces: Sequence[Piece], recognize: Recognizer) -> tuple[Piece, ...]:
    result: list[Piece] = []
    position = 0
    while position < len(pieces):
        found = recognize(pieces, position)
        if found is None:
            result.append(pieces[position])
            position += 1
        else:
            result.append(found[0])
            position += found[1]
    return tuple(result)


def _without_signature(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    for position, piece in enumerate(pieces):
        if piece.sense is Sense.SIGNATURE and (position == 0 or piece.gap == "\n" or pieces[position - 1].text in "-—"):
            while position and pieces[position - 1].text in ("-", "—"):
                position -= 1
            return tuple(pieces[:position])
    return tuple(pieces)


def _aside(pieces: Sequence[Piece], start: int, end: int, sense: Sense = Sense.ASIDE, value: str = "") -> Piece:
    raw = pieces[start].raw + "".join(piece.gap[:1] + piece.raw for piece in pieces[start + 1 : end])
    return Piece(sense, raw.lower(), raw, pieces[start].gap, value)


def _address_label(pieces: Sequence[Piece], start: int) -> tuple[Piece, int] | None:
    """«Адрес: …» up to the end of its line or to the next label."""
    if pieces[start].sense is not Sense.ADDRESS:
        return None
    end = start + 1
    while end < len(pieces) and pieces[end].gap != "\n" and pieces[end].sense not in _LABELS:
        if end > start + 3 and pieces[end - 1].text == ":" and pieces[end].sense is Sense.NUMBER:
            break
        end += 1
    return (_aside(pieces, start, end), end - start) if end > start + 1 else None


def _person_label(pieces: Sequence[Piece], start: int) -> tuple[Piece, int] | None:
    """«Абонент: Иванов И.И.», «ФИО …»: the capitalized words after the label."""
    label = pieces[start]
    if label.sense is not Sense.PERSON and label.text not in ("абонент", "плательщик", "споживач"):
        return None
    end = start + 1
    while end < len(pieces) and pieces[end].text in (":", "-"):
        end += 1
    first = end
    while end < len(pieces) and (_is_capitalized(pieces[end]) or _is_initial(pieces, end) or pieces[end].text == "."):
        if pieces[end].gap == "\n":
            break
        end += 1
    return None if end == first else (_aside(pieces, start, end), end - start)


def _phone(pieces: Sequence[Piece], start: int) -> tuple[Piece, int] | None:
    piece = pieces[start]
    first = start
    labelled = piece.sense is Sense.PHONE_LABEL or (piece.text in ("т", "t") and _dot_and_digits(pieces, start))
    if labelled:
        first += 1
        while first < len(pieces) and pieces[first].text in (".", ":", "№", "-"):
            first += 1
    elif not (piece.text == "+" or _is_mobile(pieces, start)):
        return None
    end, digits = _digits_run(pieces, first)
    if digits < 5 or (not labelled and not 10 <= digits <= 15):
        return None
    value = "labelled" if labelled else ""
    return _aside(pieces, start, end, Sense.PHONE, value), end - start


def _dot_and_digits(pieces: Sequence[Piece], start: int) -> bool:
    return start + 2 < len(pieces) and pieces[start + 1].text == "." and len(pieces[start + 2].text) >= 10


def _is_mobile(pieces: Sequence[Piece], start: int) -> bool:
    """Whether an unlabelled number begins like a Russian one: 8 978 …, 7978…, and is written as one."""
    text = pieces[start].text
    if pieces[start].sense is not Sense.NUMBER or not text.isdigit() or (start and pieces[start - 1].sense in _LABELS):
        return False
    if len(text) == 11:
        return text[0] in "78" and text[1] in "3489"
    if text not in ("7", "8") or start + 3 >= len(pieces):
        return False
    return _digits_run(pieces, start)[1] == 11


def _digits_run(pieces: Sequence[Piece], start: int) -> tuple[int, int]:
    """Where a run of digits with brackets, hyphens and spaces ends, and how many digits it has."""
    end = start
    digits = 0
    while end < min(len(pieces), start + LONGEST_PHONE) and pieces[end].gap != "\n":
        piece = pieces[end]
        if piece.sense is Sense.NUMBER and piece.text.isdigit() and digits + len(piece.text) <= 15:
            digits += len(piece.text)
        elif piece.text not in ("(", ")", "-", "+"):
            break
        end += 1
        if digits == 11 and pieces[start].text[:1] in "78":
            break
    while end > start and pieces[end - 1].sense is not Sense.NUMBER:
        end -= 1
    return end, digits


def _money(pieces: Sequence[Piece], start: int) -> tuple[Piece, int] | None:
    piece = pieces[start]
    following = pieces[start + 1] if start + 1 < len(pieces) else None
    if following is None:
        return None
    if piece.sense is Sense.NUMBER and following.sense is Sense.CURRENCY and following.gap != "\n":
        return _aside(pieces, start, start + 2, Sense.MONEY, piece.text), 2
    if piece.sense is Sense.CURRENCY and following.sense is Sense.NUMBER and len(piece.text) == 1:
        return _aside(pieces, start, start + 2, Sense.MONEY, following.text), 2
    return None


def _address(pieces: Sequence[Piece], start: int) -> tuple[Piece, int] | None:
    """A town, a street, a house and a flat in any part of them; «Мира 5-12» too."""
    piece = pieces[start]
    city = piece.text in ("г", "с", "п", "д") and _dot_and_name(pieces, start)
    house = piece.text == "д" and _is_house_before_flat(pieces, start)
    if not (piece.sense in _ADDRESS_STARTS or city or house or _is_unmarked_street(pieces, start)):
        return None
    end = start + 1
    last: Sense = (
        Sense.CITY
        if city
        else Sense.HOUSE
        if house
        else Sense.STREET_NAME
        if piece.sense is Sense.UNKNOWN
        else piece.sense
    )
    numbers = 0
    while end < min(len(pieces), start + LONGEST_ADDRESS) and pieces[end].gap != "\n":
        step = _address_step(pieces, end, last)
        if step is None:
            break
        last = step
        numbers += step is Sense.NUMBER
        end += 1
    while end > start + 1 and pieces[end - 1].sense is Sense.MARK:
        end -= 1
    bare = (piece.sense in (Sense.HOUSE, Sense.FLAT) and not numbers) or (
        piece.sense in _TAKES_NAME and end == start + 1
    )
    value = "?" if piece.sense is Sense.STREET_NAME and not numbers else ""
    return None if bare else (_aside(pieces, start, end, value=value), end - start)


def _address_step(pieces: Sequence[Piece], position: int, last: Sense) -> Sense | None:
    """What the piece is within an address that has come to `last`; None where the address is over."""
    piece = pieces[position]
    if piece.sense in _ADDRESS_STARTS:
        return piece.sense
    if piece.sense is Sense.NUMBER_SIGN and last in (Sense.HOUSE, Sense.FLAT):
        return last
    if piece.text in ("д", "г", "с", "п", "к", "стр") and _number_or_name_follows(pieces, position):
        return Sense.HOUSE if piece.text in ("д", "к", "стр") else Sense.CITY
    if piece.sense is Sense.MARK and piece.text in (",", ".", "-", "/"):
        return last if piece.text in ",." else Sense.HOUSE if last is Sense.NUMBER and piece.gap == "" else None
    if piece.sense is Sense.NUMBER and len(piece.text) <= 3 and last in _TAKES_NUMBER:
        return Sense.NUMBER
    if last in _TAKES_NAME and _is_capitalized(piece):
        return Sense.STREET_NAME
    if last is Sense.NUMBER and piece.gap == "" and len(piece.text) == 1 and piece.text.isalpha():
        return Sense.NUMBER
    return None


def _dot_and_name(pieces: Sequence[Piece], start: int) -> bool:
    after = start + 1
    if after < len(pieces) and pieces[after].text == ".":
        after += 1
    return after < len(pieces) and _is_capitalized(pieces[after]) and pieces[after].sense is Sense.UNKNOWN


def _number_or_name_follows(pieces: Sequence[Piece], position: int) -> bool:
    after = position + 1
    if after < len(pieces) and pieces[after].text == ".":
        after += 1
    if after >= len(pieces):
        return False
    small = pieces[after].sense is Sense.NUMBER and len(pieces[after].text) <= 3
    return small or (pieces[position].text in ("г", "с", "п") and _is_capitalized(pieces[after]))


def _is_house_before_flat(pieces: Sequence[Piece], start: int) -> bool:
    """«д.5 кв.25»: a lone «д» is a house only where a flat follows its small number."""
    after = [piece for piece in pieces[start + 1 : start + 6] if piece.sense is not Sense.MARK]
    small = bool(after) and after[0].sense is Sense.NUMBER and len(after[0].text) <= 3
    return small and len(after) > 1 and after[1].sense is Sense.FLAT


def _is_unmarked_street(pieces: Sequence[Piece], start: int) -> bool:
    """«Заречный 5-12», «Заречный 5 кв 12»: a capitalized word and two small numbers."""
    if not (pieces[start].sense is Sense.UNKNOWN and _is_capitalized(pieces[start]) and start + 3 < len(pieces)):
        return False
    house, link, flat = pieces[start + 1 : start + 4]
    small = all(each.sense is Sense.NUMBER and len(each.text) <= 3 for each in (house, flat))
    return small and (link.sense is Sense.FLAT or (link.text in ("-", "/") and link.gap == "" == flat.gap))


def _name(pieces: Sequence[Piece], start: int) -> tuple[Piece, int] | None:
    """«Иванова М.И.», «И. И. Иванов», «Петров Пётр Петрович», «Иванов»."""
    if not ((pieces[start].sense is Sense.UNKNOWN and _is_capitalized(pieces[start])) or _is_initial(pieces, start)):
        return None
    end = start
    words = initials = 0
    patronymic = False
    while end < len(pieces) and (end == start or pieces[end].gap != "\n"):
        if _is_initial(pieces, end):
            initials += 1
            end += 2
        elif pieces[end].sense is Sense.UNKNOWN and _is_capitalized(pieces[end]) and words < 3:
            patronymic |= bool(words and _PATRONYMIC.search(pieces[end].text))
            words += 1
            end += 1
        else:
            break
    if words and (initials or patronymic):
        return _aside(pieces, start, end), end - start
    if words == 1 and _SURNAME.search(pieces[start].text) and len(pieces[start].text) > 4:
        return _aside(pieces, start, start + 1, value="?"), 1
    return None


def _signed(pieces: Sequence[Piece], start: int) -> tuple[Piece, int] | None:
    """«С уважением, Захарова», «Regards, Anne»: the end of a letter with the name after it."""
    if pieces[start].sense is not Sense.REGARDS:
        return None
    end = start + 1
    while end < len(pieces) and pieces[end].text in _SIGNED_MARKS:
        end += 1
    first = end
    while end < len(pieces) and (_is_capitalized(pieces[end]) or _is_initial(pieces, end) or pieces[end].text == "."):
        end += 1
    return (_aside(pieces, start, end), end - start) if end > first else None


_SIGNED_MARKS = frozenset((",", ".", "!", ":", "-", "—"))


def _is_capitalized(piece: Piece) -> bool:
    return piece.sense in (Sense.UNKNOWN, Sense.STREET_NAME) and len(piece.raw) > 2 and piece.raw[0].isupper()


def _is_initial(pieces: Sequence[Piece], position: int) -> bool:
    piece = pieces[position]
    if not (len(piece.raw) == 1 and piece.raw.isalpha() and piece.raw.isupper()) or position + 1 >= len(pieces):
        return False
    return pieces[position + 1].text == "." and pieces[position + 1].gap == ""


def _part(pieces: Sequence[Piece], start: int) -> tuple[Piece, int] | None:
    """«(2/2)» before a part of a long message."""
    if start or len(pieces) < 6 or [piece.text for piece in pieces[:5:2]] != ["(", "/", ")"]:
        return None
    if any(not piece.text.isdigit() or len(piece.text) > 1 for piece in pieces[1:4:2]):
        return None
    return replace(_aside(pieces, 0, 5), gap=" "), 5


_RECOGNIZERS: tuple[tuple[frozenset[Sense], Recognizer], ...] = (
    (frozenset((Sense.ADDRESS,)), _address_label),
    (frozenset((Sense.PERSON, Sense.ACCOUNT)), _person_label),
    (frozenset((Sense.REGARDS,)), _signed),
    (frozenset((Sense.CURRENCY,)), _money),
    (_ADDRESS_STARTS | {Sense.UNKNOWN}, _address),
    (frozenset((Sense.UNKNOWN,)), _name),
    (frozenset((Sense.MARK,)), _part),
)
"""What is looked for, and the senses of which one must be there for it."""
