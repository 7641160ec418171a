"""What a supply point is charged by: several meters, dated facts, and the rules where no reading tells the use."""

from dataclasses import replace
from datetime import date

from core.basics.money import half_up
from core.basics.periods import Month, Period
from core.billing.conditions.model import Benefit, Kind
from core.billing.engine.statement import explain
from core.billing.estimation import Case, Estimation, Norm, NormUnit, Uplift
from core.billing.model import Block, Scaling, Tariffs, TariffVersion
from core.metering.model import Meter, Point, Source
from tests.core.billing.engine.histories import TARIFFS, Life, meter

NOVEMBER = Month(2025, 11)
EVER = Period(date(2020, 1, 1), None)
RULES = Estimation(
    norms=(Norm("electricity", "", NormUnit.PERSON, 90_000, EVER, "norm"),),
    uplifts=(
        Uplift("electricity", Case.FAILED, 1500, EVER, "uplift"),
        Uplift("electricity", Case.NO_METER, 1500, EVER, "uplift"),
    ),
)
BY_HEAD: Tariffs = {
    **TARIFFS,
    "HEADS": (
        TariffVersion(
            9, "HEADS", EVER, ("total",),
            (Block(90_000, {"total": 1_000_000}), Block(None, {"total": 2_000_000})), scaling=Scaling.PERSONS,
        ),
    ),
}  # fmt: skip


def since(day: date, until: date | None = None) -> Period:
    return Period(day, until)


def a_year(life: Life, *, to: int = 2_200) -> None:
    """Read at the ends of months for a year, 100 a month, and billed through October 2025."""
    month = Month(2024, 10)
    for number in range(13):
        life.read(month.last, to - 1_200 + 100 * number)
        month = month.next
    life.close(Month(2025, 10))


def lines(life: Life, month: Month) -> list[tuple[str, int, int]]:
    return [(one.kind, one.volume // 1000, one.amount) for one in life.facts.charges if one.month == month]


def explained(life: Life) -> bool:
    """Whether every line comes out again, and the lines add up."""
    found = explain(
        life.facts, life.meters, life.tariffs, account="1", persons=life.persons, today=date(2026, 6, 1),
        rules=life.rules, points=life.points,
    )  # fmt: skip
    assert sum(line.amount for line in found.lines) == found.standing.to_pay - found.standing.credit
    return all(line.reproduced for line in found.lines)


def pair(tariff: str = "BLOCKS", gone: date = date(2025, 11, 11), new: date = date(2025, 11, 10)) -> tuple[Meter, ...]:
    """A meter that stood through 10 November, and the one put in at the same point."""
    old = meter(1, tariff=tariff, installed=Period(date(2024, 1, 1), gone))
    return old, replace(meter(2, tariff=tariff, installed=Period(new, None)), point_id=1)


def test_a_meter_replaced_inside_a_month_shares_the_blocks_of_its_point() -> None:
    life = Life(pair())
    a_year(life)
    old, new = life.meters
    life.read(date(2025, 11, 10), 2_300, meter=old, source=Source.ACT)
    life.read(date(2025, 11, 10), 5, meter=new, source=Source.ACT)
    life.read(date(2025, 11, 30), 105, meter=new)
    life.close(NOVEMBER)
    energy = 150 * 505 + 50 * 543
    assert lines(life, NOVEMBER) == [
        ("energy", 200, energy),
        ("standing", 0, 6_000),
        ("vat", 0, (energy + 6_000) // 5),
    ]
    assert explained(life)


def test_days_between_two_meters_go_by_the_average() -> None:
    life = Life(pair("FLAT", new=date(2025, 11, 20)))
    a_year(life)
    old, new = life.meters
    life.read(date(2025, 11, 10), 2_300, meter=old, source=Source.ACT)
    life.read(date(2025, 11, 20), 5, meter=new, source=Source.ACT)
    life.read(date(2025, 11, 30), 45, meter=new)
    life.close(NOVEMBER)
    ((_, volume, amount),) = lines(life, NOVEMBER)
    usual = half_up(1_280 * 10, 365)  # 1200 in the year before 31 October, and from there 100 in ten days
    assert (volume, amount) == (100 + usual + 40, (140 + usual) * 332)
    assert explained(life)


def test_a_multiplier_holds_from_its_day() -> None:
    life = Life((meter(),))
    a_year(life)
    life.read(date(2025, 11, 30), 2_230)
    life.record(Kind.MULTIPLIER, since(date(2025, 11, 16)), 20_000)
    life.close(NOVEMBER)
    assert lines(life, NOVEMBER) == [("energy", 15 + 15 * 20, 315 * 332)]
    assert explained(life)


def test_persons_and_plan_cut_the_month() -> None:
    life = Life((meter(tariff="HEADS"),), tariffs=BY_HEAD)
    a_year(life)
    life.read(date(2025, 11, 30), 2_500)
    life.record(Kind.PERSONS, since(date(2025, 11, 16)), 2)
    life.record(Kind.PLAN, since(date(2025, 11, 25)), "FLAT")
    life.close(NOVEMBER)
    first = 45 * 100 + 105 * 200
    second = 54 * 100 + 36 * 200  # 9 of 30 days for two: 90 × 2 × 9/30 = 54
    assert lines(life, NOVEMBER) == [("energy", 300, first + second + 60 * 332)]
    assert explained(life)


def test_a_benefit_is_a_line_of_its_own_up_to_its_volume() -> None:
    life = Life((meter(),))
    a_year(life)
    life.read(date(2025, 11, 30), 2_350)
    life.record(Kind.BENEFIT, EVER, Benefit(share=500, limit=50_000), name="veteran")
    life.close(NOVEMBER)
    assert lines(life, NOVEMBER) == [("energy", 150, 150 * 332), ("benefit", 0, -50 * 166)]
    assert explained(life)
    life.record(Kind.BENEFIT, EVER, Benefit(amount=9_999_999), name="subsidy")
    assert life.stands(date(2025, 12, 2)).recalculated[-1].amount == 0


def test_what_the_house_used_in_common_is_a_line() -> None:
    life = Life((meter(),))
    a_year(life)
    life.read(date(2025, 11, 30), 2_350)
    life.record(Kind.COMMON, NOVEMBER.period, 12_345)
    life.close(NOVEMBER)
    assert lines(life, NOVEMBER)[1] == ("common", 0, 4_099)
    assert explained(life)


def test_unsent_readings_go_by_the_average_for_three_months_then_by_the_norm() -> None:
    life = Life((meter(),), persons=2, rules=RULES)
    a_year(life)
    for number in range(4):
        life.close(Month(2025 + (10 + number) // 12, (10 + number) % 12 + 1))
    volumes = [sum(volume for _, volume, _ in lines(life, month)) for month in
               (NOVEMBER, Month(2025, 12), Month(2026, 1), Month(2026, 2))]  # fmt: skip
    assert volumes == [99, 102, 101, 180]
    assert [kind for kind, _, _ in lines(life, Month(2026, 2))] == ["energy"]
    assert explained(life)
    life.read(date(2026, 2, 28), 2_600)
    life.close(Month(2026, 3))
    charged = [one.volume for one in life.facts.charges if NOVEMBER <= one.month <= Month(2026, 2)]
    assert sum(charged) == 400_000  # the reading replaces averages and norm


def test_a_failed_meter_goes_by_the_average_then_by_an_uplifted_norm() -> None:
    life = Life((meter(),), persons=1, rules=RULES)
    a_year(life)
    life.record(Kind.FAILED, since(date(2025, 11, 16)), "failed", subject=1)
    life.read(date(2025, 11, 30), 9_000)  # counts for nothing
    for number in range(4):
        life.close(Month(2025 + (10 + number) // 12, (10 + number) % 12 + 1))
    assert [volume for _, volume, _ in lines(life, NOVEMBER)] == [99]
    assert lines(life, Month(2026, 2)) == [("energy", 90, 90 * 332), ("uplift", 0, 45 * 332)]
    assert explained(life)


def test_an_expired_verification_and_a_broken_seal_stop_the_counts() -> None:
    for kind, value, name in ((Kind.VERIFIED, "expired", ""), (Kind.SEAL, "broken", "S-1")):
        life = Life((meter(),))
        a_year(life)
        life.read(date(2025, 11, 30), 2_800)
        life.close(NOVEMBER)
        assert life.billed[NOVEMBER] == 600 * 332
        life.record(kind, since(date(2025, 11, 1), date(2025, 12, 20)), value, name=name)
        life.close(Month(2025, 12))
        assert life.billed[NOVEMBER] == 99 * 332
        assert explained(life)


def test_a_sum_is_taken_off_an_account_once() -> None:
    """Of two points the first bears it while its meter stands there: half of November; then the second does."""
    first, second = meter(1, installed=Period(date(2024, 1, 1), date(2025, 11, 16))), meter(2)
    for meters, borne in (((meter(1), second), (-3_000, 0)), ((first, second), (-1_500, -1_500))):
        life = Life(meters)
        life.read(date(2025, 10, 31), 1_000)
        life.read(date(2025, 10, 31), 500, meter=second)
        life.record(Kind.BENEFIT, since(date(2025, 11, 1)), Benefit(amount=3_000), name="family")
        life.read(date(2025, 11, 15), 1_100)
        life.read(date(2025, 11, 30), 600, meter=second)
        if meters[0].installed.end is None:
            life.read(date(2025, 11, 30), 1_100)
        life.close(NOVEMBER)
        charged = [one for one in life.facts.charges if one.month == NOVEMBER and one.kind == "benefit"]
        found = [sum(one.amount for one in charged if one.point_id == point) for point in (1, 2)]
        assert tuple(found) == borne
        assert life.billed[NOVEMBER] == 2 * 33_200 - 3_000
        assert life.stands(date(2025, 12, 1)).recalculated == ()
        assert explained(life)


def test_a_point_without_a_meter_goes_by_the_norm() -> None:
    point = Point(7, 1, "electricity", "FLAT")
    life = Life((), persons=2, rules=RULES, points=(point,))
    life.record(Kind.METERING, since(date(2025, 11, 16)), "possible", subject=7)
    life.close(NOVEMBER)
    assert lines(life, NOVEMBER) == [("energy", 90, 90 * 332), ("uplift", 0, 45 * 332)]
    assert explained(life)
    life.record(Kind.PERSONS, EVER, 1)
    life.close(Month(2025, 12))
    assert life.billed[NOVEMBER] == (45 * 332) * 3 // 2
