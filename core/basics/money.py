"""Exact arithmetic of money and meter values: integers at rest, one rounding, half up."""

from decimal import Decimal

MILLI = 1000
"""Readings and volumes are whole thousandths of their unit (kWh, m³)."""

MICRO = 1_000_000
"""Rates are whole millionths of the currency's main unit."""


def half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded to a whole number, halves away from zero (billing.md section 0, rule 4)."""
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    if numerator < 0:
        return -((-2 * numerator + denominator) // (2 * denominator))
    return (2 * numerator + denominator) // (2 * denominator)


def minor(amount: str | Decimal) -> int:
    """An amount such as "433.56" in minor units (kopecks).

    :raises ValueError: not a finite number, or finer than the minor unit.
    """
    return _whole(amount, 2)


def milli(value: str | Decimal) -> int:
    """A meter value such as "4325" or "12.345" in thousandths.

    :raises ValueError: not a finite number, or finer than a thousandth.
    """
    return _whole(value, 3)


def micro(rate: str | Decimal) -> int:
    """A rate such as "3.32" in millionths of the main unit.

    :raises ValueError: not a finite number, or finer than a millionth.
    """
    return _whole(rate, 6)


def _whole(number: str | Decimal, places: int) -> int:
    if isinstance(number, float):
        raise TypeError("binary floats are refused where money is counted")
    try:
        scaled = Decimal(number).scaleb(places)
    except ArithmeticError as error:
        raise ValueError(f"not a number: {number!r}") from error
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise ValueError(f"not a number with at most {places} decimals: {number!r}")
    return int(scaled)
