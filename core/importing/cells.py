"""What single cells of a file say: each function gives the value of a text that is not empty, or says what is wrong."""

import re
import unicodedata
import zoneinfo
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from typing import TypeVar

from core.accounts.model import Role
from core.basics import phone as phones
from core.basics.periods import Month
from core.finding.model import Document
from core.finding.words import code as plain_code

_CODE = re.compile(r"[0-9A-ZА-ЯЁ/-]{1,20}")
_CODE_ANY_CASE = re.compile(r"[0-9A-Za-zА-Яа-яЁё/-]{1,20}")
_PLAN = re.compile(r"[A-Z0-9-]{1,32}")
_WHOLE = re.compile(r"[0-9]{1,9}")
_DECIMAL = re.compile(r"([0-9]{1,9})(?:[.,]([0-9]{1,9}))?")
_MONEY = re.compile(r"([+-]?)([0-9]{1,3}(?:[ \u00a0\u202f][0-9]{3})+|[0-9]{1,10})(?:[.,]([0-9]{1,2}))?")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DOTTED_DAY = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_ISO_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_DOTTED_MONTH = re.compile(r"([0-9]{2})\.([0-9]{4})")
_BANK_ACCOUNT = re.compile(r"[0-9]{15,24}|[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")
_Meaning = TypeVar("_Meaning")
_SPACES = re.compile(r"\s+")
_FIRST_YEAR, _LAST_YEAR = 1990, 2099

LANGUAGES = ("ru", "en")
DEFAULT_LANGUAGE = "ru"

_KINDS = {
    "household": "household", "физ": "household", "физлицо": "household",
    "organisation": "organisation", "organization": "organisation", "юр": "organisation", "юрлицо": "organisation",
}  # fmt: skip

_SERVICES = {
    "electricity": "electricity", "электроэнергия": "electricity", "электричество": "electricity",
    "cold_water": "cold_water", "хвс": "cold_water", "hot_water": "hot_water", "гвс": "hot_water",
    "gas": "gas", "газ": "gas", "heat": "heat", "отопление": "heat",
}  # fmt: skip

_DOCUMENTS = {
    **{str(one): one for one in Document},
    "паспорт": Document.PASSPORT, "загранпаспорт": Document.FOREIGN_PASSPORT, "внж": Document.RESIDENCE_PERMIT,
    "вид на жительство": Document.RESIDENCE_PERMIT, "военный билет": Document.MILITARY_ID,
    "свидетельство о рождении": Document.BIRTH_CERTIFICATE, "снилс": Document.PENSION_INSURANCE,
    "инн": Document.TAXPAYER, "огрн": Document.REGISTRATION, "огрнип": Document.REGISTRATION,
}  # fmt: skip

_ROLES = {
    "owner": Role.OWNER, "собственник": Role.OWNER, "владелец": Role.OWNER,
    "payer": Role.PAYER, "плательщик": Role.PAYER,
    "helper": Role.HELPER, "помощник": Role.HELPER,
    "tenant": Role.TENANT, "жилец": Role.TENANT, "арендатор": Role.TENANT,
    "unverified": Role.UNVERIFIED, "непроверен": Role.UNVERIFIED,
}  # fmt: skip

_REGISTERS = {
    "total": ("total",), "общий": ("total",), "итого": ("total",),
    "day/night": ("day", "night"), "t1/t2": ("day", "night"), "т1/т2": ("day", "night"),
    "день/ночь": ("day", "night"),
    "peak/halfpeak/night": ("peak", "halfpeak", "night"), "t1/t2/t3": ("peak", "halfpeak", "night"),
    "т1/т2/т3": ("peak", "halfpeak", "night"), "пик/полупик/ночь": ("peak", "halfpeak", "night"),
}  # fmt: skip


class Unreadable(ValueError):
    """A cell that does not hold what its column is for."""

    def __init__(self, reason: str, expected: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.expected = expected


def code(text: str) -> str:
    """An account's number or a meter's serial: letters in capitals, zeros kept.

    :raises Unreadable: other characters, or too long.
    """
    if _CODE_ANY_CASE.fullmatch(text):
        found = text.upper()
        if _CODE.fullmatch(found):
            return found
    raise Unreadable(
        "not a number of an account or a meter", "1 to 20 digits, letters, - or /, such as 0012345 or РА07-12345"
    )


def plan(text: str) -> str:
    """A tariff plan's name, in capitals.

    :raises Unreadable: other characters, or too long.
    """
    found = text.upper()
    if _PLAN.fullmatch(found):
        return found
    raise Unreadable("not the name of a tariff plan", "1 to 32 Latin letters, digits or -, such as RU-FLAT")


def words(text: str) -> str:
    """A text for people, such as a name: composed letters, single spaces."""
    joined = " ".join(text.split())
    return joined if joined.isascii() else unicodedata.normalize("NFC", joined)


def whole(text: str, least: int, most: int) -> int:
    """A whole number in the given bounds.

    :raises Unreadable: not one.
    """
    if _WHOLE.fullmatch(text) and least <= int(text) <= most:
        return int(text)
    raise Unreadable("not a whole number in the bounds", f"{least} to {most}, such as {min(most, max(least, 3))}")


def positive(text: str) -> int:
    """A number above zero with at most three decimals, in thousandths.

    :raises Unreadable: not one.
    """
    found = _thousandths(text)
    if found is None or found == 0:
        raise Unreadable(
            "not a number above zero", "up to 9 digits and 3 decimals, without an exponent, such as 1 or 7,5"
        )
    return found


def counts(text: str, *, registers: int, digits: int, fraction: int) -> tuple[int, ...]:
    """What the registers of a meter show, "/" between them, in thousandths.

    :raises Unreadable: another number of registers, more digits or decimals than the meter has, or no numbers.
    """
    parts = text.split("/")
    example = "/".join(("04325", "01210", "00780")[:registers])
    if len(parts) != registers:
        raise Unreadable(
            f"{len(parts)} value(s) for {registers} register(s)", f"one value a register, / between them: {example}"
        )
    found = tuple(_thousandths(part.strip()) for part in parts)
    values = tuple(value for value in found if value is not None)
    if len(values) != registers:
        raise Unreadable("not a count of a meter", f"digits, at most 3 decimals: {example}")
    if any(value >= 1000 * 10**digits for value in values):
        raise Unreadable(f"more digits than the meter's {digits}", f"at most {'9' * digits}")
    if any(value % 10 ** (3 - fraction) for value in values):
        raise Unreadable(f"more decimals than the meter's {fraction}", f"at most {fraction} digits after the mark")
    return values


def receipt(text: str) -> tuple[str, ...]:
    """What the registers of a meter showed by a receipt, "/" between them: digits, "." before a fraction.

    :raises Unreadable: no numbers, or more than three.
    """
    found = tuple(part.strip().replace(",", ".") for part in text.split("/"))
    if len(found) > 3 or not all(_DECIMAL.fullmatch(part) for part in found):
        raise Unreadable("not the counts of a meter", "one count a register, / between them, such as 04325/01210")
    return found


def money(text: str) -> int:
    """An amount in kopecks.

    :raises Unreadable: not a plain number with at most two decimals.
    """
    match = _MONEY.fullmatch(text)
    if match is None:
        raise Unreadable("not an amount of money", "up to 10 digits and 2 decimals, such as 1054.40 or -431,60")
    sign, units, cents = match.groups()
    amount = int(_SPACES.sub("", units)) * 100 + int((cents or "").ljust(2, "0"))
    return -amount if sign == "-" else amount


@lru_cache(maxsize=4096)
def day(text: str) -> date:
    """A date written 2025-10-31 or 31.10.2025.

    :raises Unreadable: not one, or not in the years 1990 to 2099.
    """
    if match := _ISO_DAY.fullmatch(text):
        year, month_no, day_no = match.groups()
    elif match := _DOTTED_DAY.fullmatch(text):
        day_no, month_no, year = match.groups()
    else:
        raise Unreadable("not a date", "2025-10-31 or 31.10.2025")
    return _date(int(year), int(month_no), int(day_no), "no such day", "a day such as 2025-10-31")


def past_day(text: str, today: date) -> date:
    """A date that is not after today.

    :raises Unreadable: not one.
    """
    found = day(text)
    if found > today:
        raise Unreadable("a date in the future", f"a date up to {today}")
    return found


def month(text: str) -> Month:
    """A month written 2025-10 or 10.2025.

    :raises Unreadable: not one, or not in the years 1990 to 2099.
    """
    if match := _ISO_MONTH.fullmatch(text):
        year, month_no = match.groups()
    elif match := _DOTTED_MONTH.fullmatch(text):
        month_no, year = match.groups()
    else:
        raise Unreadable("not a month", "2025-10 or 10.2025")
    return Month.of(_date(int(year), int(month_no), 1, "no such month", "a month such as 2025-10"))


@cache
def timezone(text: str) -> str:
    """The name of a time zone.

    :raises Unreadable: not known.
    """
    if text in zoneinfo.available_timezones():
        return text
    raise Unreadable("not a known time zone", "a name such as Europe/Simferopol")


def language(text: str) -> str:
    """The code of a language that the gateway speaks.

    :raises Unreadable: another one.
    """
    if text.lower() in LANGUAGES:
        return text.lower()
    raise Unreadable("a language that is not spoken here", f"{' or '.join(LANGUAGES)}, such as {DEFAULT_LANGUAGE}")


def kind(text: str) -> str:
    """Whether the customer is a household or an organisation.

    :raises Unreadable: neither.
    """
    return _among(_KINDS, text, "not a kind of customer", "household or organisation (физ or юр)")


def service(text: str) -> str:
    """A metered service.

    :raises Unreadable: another one.
    """
    return _among(_SERVICES, text, "not a known service", "electricity, cold_water, hot_water, gas or heat")


def role(text: str) -> Role:
    """What ties a phone to an account.

    :raises Unreadable: not a role.
    """
    return _among(_ROLES, text, "not a role", "owner, payer, helper, tenant or unverified")


def registers(text: str) -> tuple[str, ...]:
    """The zones of a meter's registers, register 1 first.

    :raises Unreadable: not one of the sets that are known.
    """
    found = _REGISTERS.get(_SPACES.sub("", text.lower()))
    if found is not None:
        return found
    raise Unreadable(
        "not a known set of registers", "total, day/night or peak/halfpeak/night (t1/t2, t1/t2/t3), in this order"
    )


def phone(text: str) -> str:
    """A telephone number as E.164; without a country code it is taken for a Russian one.

    :raises Unreadable: not a number that can exist.
    """
    number = phones.parse(text)
    if number is None:
        raise Unreadable("not a telephone number", "+79781234567 or 8 978 123-45-67")
    return number


def document_type(text: str) -> Document:
    """The kind of an identity document.

    :raises Unreadable: not one that is known.
    """
    return _among(
        _DOCUMENTS, text, "not a kind of identity document", ", ".join(Document) + ", or in Russian such as паспорт"
    )


def document(text: str) -> str:
    """The number of an identity document: capitals and digits, without what stands between them.

    :raises Unreadable: no number.
    """
    found = plain_code(text)
    if 4 <= len(found) <= 30 and any(sign.isdigit() for sign in found):
        return found
    raise Unreadable("not the number of a document", "4 to 30 digits and letters, such as 3916 123456")


def bank_account(text: str) -> str:
    """The number of a bank account, without spaces.

    :raises Unreadable: no number of an account.
    """
    found = plain_code(text)
    if _BANK_ACCOUNT.fullmatch(found):
        return found
    raise Unreadable("not the number of a bank account", "20 digits such as 40817810570000123456, or an IBAN")


def items(text: str) -> tuple[str, ...]:
    """The parts of a list within a cell, ";" or "|" between them; one after the last is no part."""
    return tuple(part.strip() for part in text.replace("|", ";").rstrip("; ").split(";"))


def _thousandths(text: str) -> int | None:
    match = _DECIMAL.fullmatch(text)
    if match is None:
        return None
    units, decimals = match.groups()
    kept = (decimals or "").rstrip("0")
    return int(units) * 1000 + int(kept.ljust(3, "0")) if len(kept) <= 3 else None


def _date(year: int, month_no: int, day_no: int, reason: str, expected: str) -> date:
    try:
        found = date(year, month_no, day_no)
    except ValueError:
        raise Unreadable(reason, expected) from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise Unreadable("a year that cannot be meant", f"a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return found


def _among(meanings: Mapping[str, _Meaning], text: str, reason: str, expected: str) -> _Meaning:
    found = meanings.get(text.lower())
    if found is None:
        raise Unreadable(reason, expected)
    return found
