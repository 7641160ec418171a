"""What a house uses in common, and an owner's share of it: common needs, heating, water heated in the house
(billing.md 3.2)."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from fractions import Fraction

from core.billing.engine.exact import exactly
from core.billing.engine.formulas import distributed

NOTHING = Fraction(0)


class Negative(StrEnum):
    """What becomes of a house that used less than its owners together: nothing, or it is given back to them."""

    NOTHING = "nothing"
    BACK = "back"


@exactly
def common_volume(
    house: Fraction,
    others: Iterable[Fraction],
    *,
    negative: Negative = Negative.NOTHING,
    most: Fraction | None = None,
) -> Fraction:
    """What a house used in common: its meter less all that was used inside (premises that are no flats, flats by norm,
    flats by meter, boilers), at most `most` (formula 12 of the Russian rules)."""
    rest = house - sum(others, NOTHING)
    if rest < 0 and negative is Negative.NOTHING:
        return NOTHING
    return rest if most is None else min(rest, most)


@exactly
def common_norm(norm: Fraction, common_area: Fraction) -> Fraction:
    """What a house without a meter is taken to use in common: a norm for each m² in common (formula 15)."""
    return norm * common_area


@exactly
def share(volume: Fraction, *, area: Fraction, total_area: Fraction) -> Fraction:
    """An owner's share of what a house used, by area; exact."""
    return volume * Fraction(area, total_area)


@exactly
def shares(volume: int, areas: Sequence[int]) -> tuple[int, ...]:
    """The shares of all owners in whole thousandths by their areas in any whole unit; they add up to the volume
    exactly, also where it is given back (negative).

    :raises ValueError: the areas come to nothing.
    """
    return distributed(volume, areas) if volume >= 0 else tuple(-part for part in distributed(-volume, areas))


@exactly
def heat_by_norm(norm: Fraction, area: Fraction, *, evenly: Fraction = Fraction(1)) -> Fraction:
    """The heat of a month for so many m²: a norm in the season, or the share `evenly` of it in every month of the year
    (7/12 where the season has seven months)."""
    return norm * area * evenly


@exactly
def heated_water_price(heat: Fraction, heat_rate: Fraction, water: Fraction, water_rate: Fraction) -> Fraction:
    """What a unit of hot water made in the house costs: all its heat and cold water, by the volume (formula 20)."""
    return (heat * heat_rate + water * water_rate) * Fraction(1, water)


@exactly
def hot_water_price(cold_rate: Fraction, heat_per_unit: Fraction, heat_rates: Iterable[Fraction]) -> Fraction:
    """What a unit of hot water costs: the cold water, and the norm of heat in it at the tariff with its surcharges."""
    return cold_rate + heat_per_unit * sum(heat_rates, NOTHING)
