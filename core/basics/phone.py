"""Telephone numbers: the one written form, and how much of one may be shown."""

import re

import phonenumbers

_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)

_WRITTEN = re.compile(r"\+?[0-9][0-9 ().\u00a0\u2010-\u2013-]{5,29}")
_RUSSIAN_MOBILE = re.compile(r"(?:\+7|7|8)?(9(?!30)[0-9]{9})")
"""What phonenumbers takes for valid without exception, only that it needs 30 µs to say so."""

_PUNCTUATION = dict.fromkeys(map(ord, " ().\u00a0-\u2010\u2011\u2012\u2013"))

DEFAULT_REGION = "RU"
"""Whose national form a phone without a country code has."""

BOUNCES = 3
"""So many messages in a row that do not reach a phone make it doubtful whose it is; what is delivered after that is no
proof, for it may be delivered to somebody else."""


def is_e164(text: str) -> bool:
    return _E164.fullmatch(text) is not None


def parse(text: str) -> str | None:
    """A number as people write it as E.164, without a country code taken for a Russian one; None where it cannot
    exist."""
    if not _WRITTEN.fullmatch(text):
        return None
    mobile = _RUSSIAN_MOBILE.fullmatch(text.translate(_PUNCTUATION))
    if mobile is not None:
        return "+7" + mobile.group(1)
    try:
        number = phonenumbers.parse(text, DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def veiled(phone: str) -> str:
    """What an employee sees of a number who may not see all of it: +7 9** ***-**-12."""
    known = _VEILED.fullmatch(phone)
    if known is None:
        return phone[:2] + "*" * max(len(phone) - 4, 0) + phone[-2:]
    return f"+7 {known[1]}** ***-**-{known[2]}"


_VEILED = re.compile(r"\+7([0-9])[0-9]{7}([0-9]{2})")


def mask(phone: str) -> str:
    """What a log may show of a number: its last two digits."""
    return "…" + phone[-2:] if len(phone) > 2 else "…"


def tail(phone: str) -> str:
    """What another customer may be told of a number: its last four digits."""
    return f"..{phone[-4:-2]}-{phone[-2:]}"


def country(phone: str) -> str | None:
    """The ISO code of the country of a number in E.164, None where it has none."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return None
