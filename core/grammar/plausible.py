"""Whether a number can be what a register shows now: below its last value, far above what is usual."""

from enum import StrEnum

from core.basics.money import milli
from core.grammar.world import KnownMeter, KnownRegister

JUMP_FACTOR = 10
"""A use of more than so many times the usual one is asked for (billing.md section 6, check 13)."""

ROLLOVER_FROM = 90
"""A register that has come to so many percent of its range can have gone through zero (check 8)."""


class Plausibility(StrEnum):
    FITS = "fits"
    LOWER = "lower"
    JUMP = "jump"
    ROLLED_OVER = "rolled_over"


def thousandths(digits: str) -> int:
    """A number as the customer wrote it in thousandths; further decimals are cut."""
    whole, _, fraction = digits.partition(".")
    return milli(f"{whole}.{fraction[:3] or 0}")


def judge(digits: str, register: KnownRegister, meter: KnownMeter) -> Plausibility:
    """What the last value and the usual use say of a number (billing.md section 6, checks 8, 11 and 13)."""
    value = thousandths(digits)
    limit = JUMP_FACTOR * register.usual if register.usual is not None else None
    if value >= register.last:
        far = limit is not None and value - register.last > limit
        return Plausibility.JUMP if far else Plausibility.FITS
    span = 10**meter.digits * 1000
    if register.last * 100 < ROLLOVER_FROM * span:
        return Plausibility.LOWER
    turned = span - register.last + value
    return Plausibility.FITS if limit is not None and turned <= limit else Plausibility.ROLLED_OVER
