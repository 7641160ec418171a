"""What there is to pay now, from the state alone."""

from dataclasses import replace
from datetime import date

import pytest

from core.basics.periods import Month, Period
from core.billing import profiles
from core.billing.engine import standing
from core.billing.model import Block, Part, Recalculated, TariffVersion
from core.billing.tariffs import in_order
from core.metering.model import Anchor, Given, Source
from tests.core.billing.engine.histories import FLAT, TARIFFS, Life, meter

TODAY = date(2025, 11, 21)
OCTOBER, NOVEMBER = Month(2025, 10), Month(2025, 11)


@pytest.fixture
def demo() -> Life:
    """Read on the last days of September and October, October billed: 130 kWh at 3.32, payable until 10 November."""
    life = Life((meter(),))
    life.read(date(2024, 9, 30), 1_950)
    life.read(date(2025, 9, 30), 4_195)
    life.billed_elsewhere(Month(2025, 9))
    life.read(date(2025, 10, 31), 4_325)
    life.close(OCTOBER)
    return life


def test_the_bill_of_october(demo: Life) -> None:
    found = demo.stands(date(2025, 11, 10))
    assert (found.to_pay, found.overdue, found.due_on) == (43_160, 0, date(2025, 11, 10))
    late = demo.stands(date(2025, 11, 11))
    assert (late.to_pay, late.overdue, late.due_on) == (43_160, 43_160, None)


def test_a_reading_is_answered_with_what_makes_even(demo: Life) -> None:
    demo.read(TODAY, 4_512)
    found = demo.stands(TODAY)
    assert (found.to_pay, found.overdue, found.credit) == (105_244, 43_160, 0)
    assert found.claims == (Part(OCTOBER, 43_160, overdue=True),)
    assert found.provisional == (Part(NOVEMBER, 62_084, volume=187_000, pieces=((187_000, 3_320_000),), point_id=1),)
    assert found.recalculated == ()


def test_who_pays_exactly_that_owes_nothing_the_same_day(demo: Life) -> None:
    demo.read(TODAY, 4_512)
    demo.pay(TODAY, demo.stands(TODAY).to_pay)
    found = demo.stands(TODAY)
    assert (found.to_pay, found.overdue, found.credit, found.due_on) == (0, 0, 0, None)
    assert found.advance == 62_084


@pytest.mark.parametrize("tariff", ["ZONES", "FLAT"])
def test_a_total_beside_zones_is_not_charged(tariff: str) -> None:
    """It is a check on them: answer, bill and protocol are those of a meter without it."""
    beside = Life((meter(tariff=tariff, zones=("total", "day", "night")),))
    alone = Life((meter(tariff=tariff, zones=("day", "night")),))
    for day, peak, night in ((date(2025, 9, 30), 2_000, 1_000), (date(2025, 10, 31), 2_100, 1_050)):
        beside.read(day, peak + night, peak, night)
        alone.read(day, peak, night)
    issued = [[(issue.claim.amount, line.volume) for issue in life.close(OCTOBER) for line in issue.lines]
              for life in (beside, alone)]  # fmt: skip
    assert issued[0] == issued[1]
    assert issued[0][0][1] == 150_000
    (of,) = beside.meters
    later = [Given(of, 2, "2150", 2_150_000), Given(of, 3, "1070", 1_070_000)]  # the total may be left out
    beside.state = standing.accept(beside.state, later, day=TODAY, no=9)
    alone.read(TODAY, 2_150, 1_070)
    assert beside.stands(TODAY) == alone.stands(TODAY)
    assert alone.stands(TODAY).provisional[0].volume == 70_000


@pytest.mark.parametrize(
    ("zones", "last", "billed", "again"),
    [(("total",), (4_325,), 130 * 332, 130 * 400), (("day", "night"), (4_325, 2_050), 130 * 332 + 50 * 332, 180 * 400)],
)
def test_a_tariff_that_comes_late_changes_what_was_billed(
    zones: tuple[str, ...], last: tuple[int, ...], billed: int, again: int
) -> None:
    life = Life((meter(zones=zones),))
    life.read(date(2025, 9, 30), *(4_195, 2_000)[: len(zones)])
    life.read(date(2025, 10, 31), *last)
    life.close(OCTOBER)
    assert [line.tariffs for line in life.state.issued] == [(1,)]
    late = TariffVersion(9, "FLAT", Period(OCTOBER.first, None), ("total",), (Block(None, {"total": 4_000_000}),))
    tariffs = {"FLAT": in_order((*FLAT, late))}
    found = standing.standing(life.state, life.meters, tariffs, persons=1, today=TODAY)
    assert [(one.billed, one.amount, one.tariffs) for one in found.recalculated] == [(billed, again, (9,))]
    ahead = replace(late, valid=Period(date(2026, 1, 1), None))
    unmoved = standing.standing(life.state, life.meters, {"FLAT": in_order((*FLAT, ahead))}, persons=1, today=TODAY)
    assert unmoved.recalculated == ()


def test_a_credit_is_not_a_debt(demo: Life) -> None:
    demo.pay(TODAY, 79_130)
    found = demo.stands(TODAY)
    assert (found.to_pay, found.credit) == (0, 35_970)


def test_what_is_not_billed_yet_has_the_date_of_its_bill(demo: Life) -> None:
    demo.pay(date(2025, 11, 3), 43_160)
    demo.read(TODAY, 4_512)
    found = standing.standing(
        demo.state, demo.meters, TARIFFS, persons=1, today=TODAY,
        due=lambda month: profiles.due_on("RU-household", month),
    )  # fmt: skip
    assert (found.to_pay, found.due_on) == (62_084, date(2025, 12, 10))


def test_late_truth_changes_the_billed_month_at_once(demo: Life) -> None:
    """Nothing was sent by the end of November; its bill is a forecast; the reading of the 30th comes on 5 December."""
    usual = demo.state.registers[1, 1].usual
    assert usual is not None
    assert (usual.volume, usual.days) == (2_184_000, 365)
    demo.close(NOVEMBER)
    assert demo.billed[NOVEMBER] == 180 * 332
    demo.read(date(2025, 11, 30), 4_500)
    found = demo.stands(date(2025, 12, 5))
    assert found.recalculated == (
        Recalculated(NOVEMBER, 1, 180_000, 175_000, billed=180 * 332, amount=175 * 332, tariffs=(1,)),
    )
    assert found.to_pay == 43_160 + 175 * 332
    demo.close(Month(2025, 12))
    assert demo.billed[NOVEMBER] == 175 * 332
    assert demo.stands(date(2025, 12, 31)).recalculated == ()


def test_a_reading_taken_back_leaves_no_trace(demo: Life) -> None:
    before = demo.state.registers
    demo.withdraw(demo.read(TODAY, 4_512))
    assert demo.state.registers == before
    first = demo.read(TODAY, 4_500)
    demo.withdraw(demo.read(TODAY, 4_512))
    assert demo.stands(TODAY).provisional[0].volume == 175_000
    demo.withdraw(first)
    assert demo.stands(TODAY).provisional == ()


def test_an_inspector_is_not_overruled_by_a_customer(demo: Life) -> None:
    demo.read(TODAY, 4_400, source=Source.CONTROL)
    demo.read(TODAY, 4_512)
    assert demo.stands(TODAY).provisional[0].volume == 75_000


def test_a_month_read_on_one_register_only_waits_for_the_other() -> None:
    life = Life((meter(tariff="ZONES", zones=("day", "night")),))
    life.read(date(2025, 10, 31), 5_000, 2_000)
    life.read(date(2025, 11, 20), 5_100)
    assert life.stands(TODAY).provisional == ()
    life.read(date(2025, 11, 20), 5_100, 2_050)
    (part,) = life.stands(TODAY).provisional
    assert (part.volume, part.amount) == (150_000, 10_000 * 429 // 100 + 5_000 * 255 // 100)


def test_months_without_a_bill_are_parts_of_their_own(demo: Life) -> None:
    demo.read(date(2026, 1, 31), 4_325 + 92)
    found = demo.stands(date(2026, 2, 1))
    assert [(part.month, part.volume) for part in found.provisional] == [
        (NOVEMBER, 30_000),
        (Month(2025, 12), 31_000),
        (Month(2026, 1), 31_000),
    ]


def test_a_new_meter_owns_the_days_after_the_old_one() -> None:
    old = meter(1, installed=Period(date(2024, 1, 1), date(2025, 11, 11)))
    new = meter(2, installed=Period(date(2025, 11, 11), None))
    life = Life((old, new))
    life.read(date(2025, 10, 31), 4_325, meter=old)
    life.close(OCTOBER)
    life.read(date(2025, 11, 10), 4_385, meter=old, source=Source.ACT)
    life.read(date(2025, 11, 10), 7, meter=new, source=Source.ACT)
    life.read(date(2025, 11, 20), 57, meter=new)
    assert [part.volume for part in life.stands(TODAY).provisional] == [60_000, 50_000]
    life.close(NOVEMBER)
    assert life.billed[NOVEMBER] == 110 * 332
    life.read(date(2025, 11, 30), 117, meter=new)
    assert life.stands(date(2025, 12, 1)).to_pay == life.billed[OCTOBER] + 170 * 332


def test_behind_the_end_of_its_verification_a_meter_counts_nothing(demo: Life) -> None:
    life = Life((meter(verified_until=date(2025, 11, 10)),), facts=demo.facts, state=demo.state)
    life.read(TODAY, 4_512)
    assert life.stands(TODAY).provisional == ()
    assert life.state.registers[1, 1].anchors[-1].value == 4_512_000


def test_taking_back_what_did_not_count_changes_nothing(demo: Life) -> None:
    demo.read(TODAY, 4_400, source=Source.CONTROL)
    overruled = demo.read(TODAY, 4_512)
    before = demo.state.registers
    after = standing.withdraw(demo.state, [(1, 1), (9, 1)], day=TODAY, no=99, earlier={})
    assert after.registers == before
    demo.withdraw(overruled)
    assert demo.state.registers == before
    guest = Anchor(TODAY, 4_600_000, Source.GUEST)
    assert standing.withdraw(demo.state, [(2, 1)], day=TODAY, no=99, earlier={(2, 1): guest}).registers == before
