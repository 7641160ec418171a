"""Telephone numbers: the one written form, and how much of one may be shown."""

import re

import phonenumbers

_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)

BOUNCES = 3
"""So many messages in a row that do not reach a phone make it doubtful whose it is; what is delivered after that is no
proof, for it may be delivered to somebody else."""


def is_e164(text: str) -> bool:
    return _E164.fullmatch(text) is not None


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
