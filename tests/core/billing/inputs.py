"""Reads the numbers, dates and tariffs of worked examples into the engine's types."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from core.basics.money import micro, milli, minor
from core.basics.periods import Period
from core.billing.engine import formulas
from core.billing.engine.formulas import Rounding
from core.billing.model import Block, BlockMode, TariffVersion

Inputs = Mapping[str, Any]
Found = dict[str, Any]


def fraction(inputs: Inputs, name: str, default: str = "0") -> Fraction:
    """A number of the inputs; absent and null are the default."""
    given = inputs.get(name)
    return Fraction(str(default if given is None or given == "" else given))


def optional(inputs: Inputs, name: str) -> Fraction | None:
    return None if inputs.get(name) is None else fraction(inputs, name)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def dates(one: Inputs) -> Period:
    return Period(date.fromisoformat(one["from"]), day(one.get("to")))


def by_rule(amount: Fraction, rule: Mapping[str, str] | None, step: str = "0.01") -> Fraction:
    """The amount rounded as the case says, half up to the hundredth where it says nothing."""
    rule = rule or {}
    return formulas.rounded(amount, Fraction(str(rule.get("step", step))), Rounding(rule.get("mode", "half_up")))


def money(kopecks: int) -> Fraction:
    return Fraction(kopecks, 100)


def version(
    tiers: list[Mapping[str, Any]], *, mode: str = "graduated", zones: tuple[str, ...] = ("total",), vat: int = 0
) -> TariffVersion:
    blocks = tuple(
        Block(
            None if tier["up_to"] is None else milli(str(tier["up_to"])),
            {zone: micro(str(tier["rates"][zone] if "rates" in tier else tier.get("rate") or "0")) for zone in zones},
            minor(str(tier.get("flat") or "0")),
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
