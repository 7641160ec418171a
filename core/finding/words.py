"""Words by which people and places are found, written one way however they were typed."""

import re

from core.grammar import folding

_WORDS = re.compile(r"[^\W_]+")
_TOO_SHORT = 2
_LEGAL = frozenset(
    (
        "ооо", "оао", "пао", "зао", "ао", "нао", "ип", "тсж", "тсн", "снт", "мкд", "ltd", "llc", "inc", "plc",
        "общество", "ограниченной", "ответственностью",
    )
)  # fmt: skip
"""What half of all organisations are called, and so finds nobody."""

_PLACES = frozenset(
    (
        "г", "гор", "город", "пгт", "п", "пос", "поселок", "с", "село", "д", "дер", "деревня", "р", "рн",
        "район", "обл", "область", "респ", "республика", "край", "мкр", "ул", "улица", "пр", "пркт", "проспект",
        "пер", "переулок", "пл", "площадь", "б", "бр", "бульвар", "наб", "ш", "шоссе", "туп", "тупик", "дом",
        "корп", "корпус", "к", "стр", "строение", "лит", "литера", "кв", "квартира", "оф", "офис", "ком",
        "комната", "пом", "помещение", "под", "подъезд", "эт", "этаж", "уч", "участок", "st", "str", "street",
        "ave", "avenue", "rd", "road", "apt", "flat", "house", "city", "town", "building",
    )
)  # fmt: skip
"""What stands beside the names in an address and tells nothing."""

_INDEX = re.compile(r"[0-9]{6}")
_HOUSE = re.compile(r"[0-9]+[^\W\d_]?")
_CODE = re.compile(r"[^0-9A-ZА-ЯЁ]")

LOOKALIKES = ("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")
"""Cyrillic capitals, and the Latin ones that they are taken for in names of meters."""
_LATIN = str.maketrans(*LOOKALIKES)


def name(text: str) -> tuple[str, ...]:
    """The words of a name, initials and legal forms left out, each once, in their order."""
    words = _WORDS.findall(folding.fold(text).casefold())
    return tuple(dict.fromkeys(word for word in words if len(word) >= _TOO_SHORT and word not in _LEGAL))


def address(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names in an address (towns, streets), and its numbers in their order (house, flat); postcodes, and what towns
    and streets are called beside their names, are left out."""
    names: list[str] = []
    numbers: list[str] = []
    for word in _pieces(folding.fold(text).casefold()):
        if _HOUSE.fullmatch(word) and not _INDEX.fullmatch(word):
            numbers.append(word)
        elif numbers and len(word) == 1 and word not in _PLACES and numbers[-1].isdecimal() and word.isalpha():
            numbers[-1] += word
        elif word not in _PLACES and not _INDEX.fullmatch(word) and len(word) >= _TOO_SHORT:
            names.append(word)
    return tuple(dict.fromkeys(names)), tuple(numbers)


def _pieces(text: str) -> list[str]:
    return _WORDS.findall(text)


def address_keys(text: str) -> tuple[str, ...]:
    """By what an account at the address is found: each name with the house, and with the flat too. A name alone would
    find a street or a town, which nobody looks through; it is a key only where there is no number."""
    names, numbers = address(text)
    if not numbers:
        return names
    tails = [numbers[:end] for end in range(1, min(len(numbers), 3) + 1)]
    if len(numbers) > 2:  # a house with a wing: people leave the wing out
        tails.append((numbers[0], numbers[-1]))
    return tuple(dict.fromkeys(" ".join((word, *tail)) for word in names for tail in tails))


def address_asked(text: str) -> tuple[str, ...]:
    """The keys that all accounts at what is asked for have."""
    names, numbers = address(text)
    return tuple(" ".join((word, *numbers[:3])) for word in names)


def code(text: str) -> str:
    """A number of a document, an account or a meter: capitals and digits alone."""
    return _CODE.sub("", folding.fold(text).upper())


def document_keys(kind: str, number: str) -> tuple[str, ...]:
    """By what a customer is found who has the document: its number, and its number with the kind."""
    plain = code(number)
    return (plain, f"{kind} {plain}")


def brand(text: str) -> str:
    """A brand as it is compared: СЕ-101 is what CE 101 is, in whichever alphabet."""
    return code(text).translate(_LATIN)
