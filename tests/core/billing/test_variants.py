"""Other cases of the published kinds: other numbers, bounds met exactly, parts left out or given, other roundings and
orders that the description of the kinds allows. What is expected is worked by plain arithmetic, without the engine."""

from collections.abc import Callable
from fractions import Fraction
from random import Random

import pytest

from tests.core.billing import published
from tests.core.billing import variants_debts as debts
from tests.core.billing import variants_services as services
from tests.core.billing import variants_use as use
from tests.core.billing.drawing import Drawn

VARIANTS: tuple[tuple[str, Callable[[Random], Drawn]], ...] = (
    ("consumption", use.consumption),
    ("interpolate", use.interpolate),
    ("standing_charge", use.standing_charge),
    ("blocks", use.blocks),
    ("blocks", use.packages),
    ("tou_blocks_year", use.tou_blocks_year),
    ("energy_demand", use.energy_demand),
    ("demand_ratchet", use.demand_ratchet),
    ("proration", use.proration),
    ("norm_hot_water", services.norm_hot_water),
    ("heating", services.heating),
    ("common_needs", services.common_needs),
    ("penalty", debts.penalty),
    ("allocation", debts.allocation),
    ("late_fee", debts.late_fee),
    ("late_fee", debts.fee_by_power),
    ("instalments", debts.instalments),
    ("average", services.average),
    ("benefit", services.benefit),
    ("prepaid", services.prepaid),
    ("per_head", services.per_head),
    ("hot_water_prepared", services.hot_water_prepared),
    ("hot_water_price", services.hot_water_price),
    ("threshold", services.threshold),
)


@pytest.mark.parametrize(("kind", "draw"), VARIANTS, ids=lambda one: one if isinstance(one, str) else one.__name__)
def test_variants(kind: str, draw: Callable[[Random], Drawn]) -> None:
    for seed in range(150):
        inputs, expected = draw(Random(seed))
        found = published.computed(kind, inputs)
        shown = {name: found.get(name) for name in expected}
        assert published.agrees(found, expected, Fraction(0)), f"{seed}: {inputs}: {shown} is not {expected}"


def test_every_kind_is_varied() -> None:
    assert {kind for kind, _ in VARIANTS} == set(published.KINDS)
