"""Numbers as text for other programs: in main units, exactly."""

from fractions import Fraction

from core.basics.money import MILLI
from core.billing.tariffs import plain


def money(kopecks: int) -> str:
    """Kopecks as main units with two decimals."""
    sign = "-" if kopecks < 0 else ""
    whole, rest = divmod(abs(kopecks), 100)
    return f"{sign}{whole}.{rest:02d}"


def volume(thousandths: int) -> str:
    return plain(thousandths, MILLI)


def exact(number: Fraction) -> str:
    """A number as a decimal of at most nine places, else as a quotient."""
    scaled = number * 10**9
    return plain(int(scaled), 10**9) if scaled.denominator == 1 else f"{number.numerator}/{number.denominator}"
