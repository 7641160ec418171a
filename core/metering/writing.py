"""A count as people write it."""

import re

from core.basics.money import MILLI
from core.commands import Unclear
from core.metering.model import Given, Meter

_LONGEST = 40
_DIGITS = re.compile(rf"([0-9]{{1,{_LONGEST}}})(?:\.([0-9]{{1,{_LONGEST}}}))?", re.ASCII)
_CUT = 2
"""Decimals beyond the meter's own are cut where the customer wrote no more than so many (ruling 7)."""


def read(digits: str, meter: Meter, register: int) -> Given | Unclear:
    """The number on that register with the decimals that the meter has, or why it cannot be one (billing.md section 6,
    check 2). `digits` of the result are those that count."""
    if digits.isascii() and digits.isdigit() and len(digits.lstrip("0")) <= meter.digits and len(digits) <= _LONGEST:
        return Given(meter, register, digits, int(digits) * MILLI)
    match = _DIGITS.fullmatch(digits)
    if match is None:
        return Unclear.NOT_DIGITS
    whole, fraction = match[1], match[2] or ""
    if len(whole.lstrip("0")) > meter.digits:
        return Unclear.TOO_MANY_DIGITS
    if len(fraction) > max(_CUT, meter.fraction):
        return Unclear.TOO_MANY_DECIMALS
    kept = fraction[: meter.fraction]
    return Given(meter, register, f"{whole}.{kept}" if kept else whole, int(whole) * MILLI + int(kept.ljust(3, "0")))
