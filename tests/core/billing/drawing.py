"""How variants of the published kinds are drawn, and the plain arithmetic of their rounding."""

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

Drawn = tuple[dict[str, Any], dict[str, Any]]
ROUNDINGS: tuple[Any, ...] = (
    None, {"step": "0.01", "mode": "half_up"}, {"step": "1", "mode": "half_up"}, {"step": "1", "mode": "floor"},
    {"step": "0.05", "mode": "ceil"}, {"mode": "half_even"}, {"step": "0.1"}, "floor",
)  # fmt: skip


def rounded(exact: Fraction, rule: Any = None, *, step: str = "0.01", mode: str = "half_up") -> Fraction:
    """Half up, down, up, or to the even one of two neighbours; of numbers that are not negative."""
    given = rule if isinstance(rule, dict) else {"mode": rule} if rule else {}
    to, how = Fraction(given.get("step", step)), given.get("mode", mode)
    whole, rest = divmod(exact, to)
    up = {"floor": False, "ceil": rest > 0, "half_up": 2 * rest >= to, "none": False}
    if how == "half_even":
        up["half_even"] = 2 * rest > to or (2 * rest == to and whole % 2 == 1)
    return exact if how == "none" else (whole + up[how]) * to


def decimal(dice: Random, low: int, high: int, places: int = 2) -> Fraction:
    return Fraction(dice.randint(low * 10**places, high * 10**places), 10**places)


def text(number: Fraction) -> str:
    """As a decimal; the numbers here have few places."""
    shown = f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
    assert Fraction(shown) == number
    return shown


def maybe(dice: Random, inputs: dict[str, Any], name: str, value: Any) -> bool:
    """Gives a part, leaves it out, or gives it as null; whether it is given."""
    choice = dice.randrange(4)
    if choice == 0:
        inputs[name] = None
    elif choice > 1:
        inputs[name] = value
    return choice > 1


def rounding(dice: Random, inputs: dict[str, Any]) -> Any:
    rule = dice.choice(ROUNDINGS)
    return rule if maybe(dice, inputs, "rounding", rule) else None
