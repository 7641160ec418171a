"""What is meant by what is typed into the search box: every way in which it may find somebody (row Q0)."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from core.basics import phone as phones
from core.finding import words
from core.finding.model import Document, Query, Way
from core.grammar import folding

SHORTEST_TAIL = 4
"""As many last signs of an account as messages name."""

_SHORTEST_DOCUMENT, _SHORTEST_BANK = 6, 15
_LONGEST_BRAND, _SHORTEST_SERIAL = 3, 4
_LONGEST = 200
_CODE = re.compile(r"[0-9A-ZА-ЯЁ/-]{1,20}")
_NUMBERS = re.compile(r"[0-9 ()+./-]+")
_POINT = re.compile(r"([0-9]{1,12})(?:\s*[/,;]\s*|\s+)([0-9A-ZА-ЯЁ-]{1,20})")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")
_BESIDE = re.compile(r"Л/С|ЛС|№|СЧЕТ|ACCOUNT|ТОЧКА|POINT")
_PUNCTUATION = " .,:;№#\"'"

_DOCUMENTS: Mapping[str, Document] = MappingProxyType(
    {
        "паспорт": Document.PASSPORT, "passport": Document.PASSPORT,
        "загранпаспорт": Document.FOREIGN_PASSPORT, "foreign": Document.FOREIGN_PASSPORT,
        "внж": Document.RESIDENCE_PERMIT, "permit": Document.RESIDENCE_PERMIT,
        "военник": Document.MILITARY_ID, "военный": Document.MILITARY_ID, "military": Document.MILITARY_ID,
        "свидетельство": Document.BIRTH_CERTIFICATE, "certificate": Document.BIRTH_CERTIFICATE,
        "снилс": Document.PENSION_INSURANCE, "snils": Document.PENSION_INSURANCE,
        "инн": Document.TAXPAYER, "inn": Document.TAXPAYER,
        "огрн": Document.REGISTRATION, "ogrn": Document.REGISTRATION,
    }
)  # fmt: skip

_HINTS: Mapping[str, Way] = MappingProxyType(
    {
        **dict.fromkeys(("лс", "л/с", "счет", "лицевой", "договор", "account", "contract"), Way.ACCOUNT),
        **dict.fromkeys(("точка", "тп", "point"), Way.POINT),
        **dict.fromkeys(("счетчик", "сч", "пу", "прибор", "meter"), Way.METER),
        **dict.fromkeys(("фио", "имя", "name"), Way.NAME),
        **dict.fromkeys(("документ", "document", *_DOCUMENTS), Way.DOCUMENT),
        **dict.fromkeys(("адрес", "address"), Way.ADDRESS),
        **dict.fromkeys(("дом", "building"), Way.BUILDING),
        **dict.fromkeys(("банк", "р/с", "рс", "iban", "bank"), Way.BANK),
        **dict.fromkeys(("тел", "телефон", "phone"), Way.PHONE),
    }
)
"""Words before what is looked for that tell what it is."""


def guess(text: str, way: Way | None = None) -> tuple[Query, ...]:
    """All that may be meant, each way once and the likeliest first; nothing where it is none of them. `way`: only that
    is meant. A first word such as «тел» or «паспорт» tells it too."""
    typed = " ".join(folding.fold(text[:_LONGEST]).split())
    first, _, rest = typed.partition(" ")
    hint = first.casefold().strip(_PUNCTUATION)
    told = _HINTS.get(hint) if rest else None
    if told is Way.BUILDING and " " in rest:  # «дом 4, Свободы» is an address
        told = None
    if told is not None and way in (None, told):
        return tuple(_of_way(told, rest, hint))
    if way is not None:
        return tuple(_of_way(way, typed, ""))
    if not typed:
        return ()
    ways = _numbers() if _NUMBERS.fullmatch(typed) else _worded(typed)
    return tuple(dict.fromkeys(query for one in ways for query in _of_way(one, typed, "")))


def _numbers() -> tuple[Way, ...]:
    return (Way.ACCOUNT, Way.METER, Way.PHONE, Way.POINT, Way.DOCUMENT, Way.BANK)


def _worded(typed: str) -> tuple[Way, ...]:
    if not any(sign.isdigit() for sign in typed):
        return (Way.NAME, Way.ADDRESS, Way.BUILDING)
    if " " not in typed:
        return (Way.ACCOUNT, Way.METER, Way.BUILDING, Way.DOCUMENT, Way.BANK, Way.ADDRESS)
    return (Way.ADDRESS, Way.METER, Way.POINT, Way.NAME)


def _of_way(way: Way, typed: str, hint: str) -> Iterator[Query]:
    values = _VALUES[way](typed, hint)
    if values:
        yield Query(way, values)


def _account(typed: str, hint: str) -> tuple[str, ...]:
    found = typed.upper().strip(_PUNCTUATION).replace(" ", "").removeprefix("..")
    return (found,) if _CODE.fullmatch(found) and len(found) >= SHORTEST_TAIL else ()


def _point(typed: str, hint: str) -> tuple[str, ...]:
    found = _POINT.fullmatch(" ".join(_BESIDE.sub(" ", typed.upper()).split()).strip(_PUNCTUATION))
    return (found[1], found[2]) if found else ()


def _meter(typed: str, hint: str) -> tuple[str, ...]:
    """The serial is the last piece; what stands before it is the brand."""
    *brand, serial = typed.upper().replace("№", " ").split() or [""]
    if not _CODE.fullmatch(serial) or not any(sign.isdigit() for sign in serial):
        return ()
    named = words.brand("".join(brand))
    if not hint and (
        named.isdecimal() or (named and (len(brand) > _LONGEST_BRAND or len(words.code(serial)) < _SHORTEST_SERIAL))
    ):
        return ()  # a number that is written in groups, an address
    return (serial, named)


def _name(typed: str, hint: str) -> tuple[str, ...]:
    return words.name(typed)


def _document(typed: str, hint: str) -> tuple[str, ...]:
    kind = _DOCUMENTS.get(hint)
    number = words.code(typed)
    if sum(sign.isdigit() for sign in number) < _SHORTEST_DOCUMENT:
        return ()
    return (f"{kind} {number}",) if kind else (number,)


def _address(typed: str, hint: str) -> tuple[str, ...]:
    return words.address_asked(typed)


def _building(typed: str, hint: str) -> tuple[str, ...]:
    return (typed,) if len(typed) > 1 and (hint or " " not in typed) else ()


def _bank(typed: str, hint: str) -> tuple[str, ...]:
    number = words.code(typed)
    whole = number.isdecimal() and len(number) >= _SHORTEST_BANK
    return (number,) if whole or _IBAN.fullmatch(number) else ()


def _phone(typed: str, hint: str) -> tuple[str, ...]:
    found = phones.parse(typed)
    return (found,) if found else ()


_VALUES = {
    Way.ACCOUNT: _account,
    Way.POINT: _point,
    Way.METER: _meter,
    Way.NAME: _name,
    Way.DOCUMENT: _document,
    Way.ADDRESS: _address,
    Way.BUILDING: _building,
    Way.BANK: _bank,
    Way.PHONE: _phone,
}
