"""Reads the numbers, dates and tariffs of worked examples into the engine's types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

from core.basics.money import micro
from core.basics.periods import Period
from core.billing.engine import formulas
from core.billing.engine.formulas import Rounding
from core.billing.model import Block, BlockMode, TariffVersion

Inputs = Mapping[str, Any]
Found = dict[str, Any]


def fraction(inputs: Inputs, name: str, default: str = "0") -> Fraction:
    """A number of the inputs; absent and null are the default."""
    given = inputs.get(name)
    return number(default if given is None or given == "" else given)


def number(given: object) -> Fraction:
    """A number as text, also as a quotient such as 1/300 or 1.25/365."""
    above, _, below = str(given).partition("/")
    return Fraction(above) / Fraction(below or "1")


def numbers(given: object, count: int = 1) -> list[Fraction]:
    """The numbers of a list; one alone stands for so many."""
    return [number(one) for one in given] if isinstance(given, list | tuple) else [number(given)] * count


def optional(inputs: Inputs, name: str) -> Fraction | None:
    return None if inputs.get(name) is None else fraction(inputs, name)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def dates(one: Inputs) -> Period:
    return Period(date.fromisoformat(one["from"]), day(one.get("to")))


_MODES = {"ceiling": Rounding.CEIL, "up": Rounding.CEIL, "down": Rounding.FLOOR, "truncate": Rounding.FLOOR}


def rounding(rule: object, *, mode: str = "half_up", step: str = "0.01") -> tuple[Rounding, Fraction]:
    """How a case rounds, and to what step: {"mode", "step"}, each of which may be left out, or the mode alone."""
    given: Mapping[str, object] = rule if isinstance(rule, Mapping) else {"mode": rule} if rule else {}
    named = str(given.get("mode") or mode)
    return _MODES.get(named) or Rounding(named), number(given.get("step") or step)


def by_rule(amount: Fraction, rule: object, step: str = "0.01") -> Fraction:
    """The amount rounded as the case says, half up to the hundredth where it says nothing."""
    how, to = rounding(rule, step=step)
    return formulas.rounded(amount, to, how)


def spans(given: object) -> list[tuple[date, date]]:
    """Pairs of days, both of them included: lists of two, or {"from", "to"}."""
    rows = given if isinstance(given, list | tuple) else []
    pairs = [(row["from"], row["to"]) if isinstance(row, Mapping) else tuple(row) for row in rows]
    return [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in pairs]


def money(kopecks: int) -> Fraction:
    return Fraction(kopecks, 100)


@dataclass(frozen=True)
class Scales:
    """By what volumes and prices are multiplied so that the engine's units hold them exactly, however many decimals a
    case has."""

    volume: int = 1
    price: int = 1

    def volumes(self, given: Mapping[str, Fraction]) -> dict[str, Fraction]:
        return {zone: volume * self.volume for zone, volume in given.items()}

    def amount(self, found: Fraction) -> Fraction:
        """What the scaled amount stands for."""
        return found / (self.volume * self.price)


def scales(tiers: Sequence[Mapping[str, Any]]) -> Scales:
    """Those of the tiers of a tariff."""
    bounds = [number(one["up_to"]) * 1000 for one in tiers if one.get("up_to") is not None]
    rates = [
        number(rate) * 10**6 for one in tiers for rate in (one.get("rates") or {"": one.get("rate") or 0}).values()
    ]
    prices = [*rates, *(number(one.get("flat") or 0) * 100 for one in tiers)]
    return Scales(*(lcm(*(one.denominator for one in found)) for found in (bounds, prices)))


def version(
    tiers: list[Mapping[str, Any]],
    *,
    mode: str = "graduated",
    zones: tuple[str, ...] = ("total",),
    vat: int = 0,
    scaled: Scales = Scales(),
) -> TariffVersion:
    tiers = sorted(tiers, key=lambda tier: (tier.get("up_to") is None, number(tier.get("up_to") or 0)))

    def rate(tier: Mapping[str, Any], zone: str) -> int:
        given = tier["rates"][zone] if "rates" in tier else tier.get("rate") or "0"
        return int(number(given) * scaled.price * 10**6)

    blocks = tuple(
        Block(
            None if tier.get("up_to") is None else int(number(tier["up_to"]) * scaled.volume * 1000),
            {zone: rate(tier, zone) for zone in zones},
            int(number(tier.get("flat") or "0") * scaled.price * scaled.volume * 100),
        )
        for tier in tiers
    )
    return TariffVersion(1, "P", Period(date(2000, 1, 1), None), zones, blocks, BlockMode(mode), vat=vat)


def flat(rows: list[Inputs], *, vat: int = 0) -> tuple[TariffVersion, ...]:
    """Versions of one rate each; one without an end lasts until the next begins."""
    ordered = sorted(rows, key=lambda one: str(one["from"]))
    nexts = [*(str(one["from"]) for one in ordered[1:]), None]
    ends = [one.get("to") or after for one, after in zip(ordered, nexts, strict=True)]
    blocks = [(Block(None, {"total": micro(str(one["value"]))}),) for one in ordered]
    return tuple(
        TariffVersion(number, "P", Period(date.fromisoformat(one["from"]), day(end)), ("total",), block, vat=vat)
        for number, (one, end, block) in enumerate(zip(ordered, ends, blocks, strict=True), 1)
    )


def always(rate: str, *, vat: int = 0) -> tuple[TariffVersion, ...]:
    return flat([{"from": "2000-01-01", "value": rate}], vat=vat)
