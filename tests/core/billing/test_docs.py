"""The worked numbers in docs/billing come out of the engine."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from core.basics.periods import DAY, Month, Period
from core.billing import tariffs
from core.billing.conditions.model import Kind
from core.billing.engine import (
    charging,
    fees,
    formulas,
    houses,
    instalments,
    limitation,
    ordering,
    penalty,
    protocol,
    services,
    settling,
)
from core.billing.engine.charging import Charge
from core.billing.engine.penalty import PenaltyRules, Rate, Settlement, Stage
from core.billing.engine.services import Component, Count
from core.billing.engine.usage import Curve
from core.billing.model import Block, Claim, ClaimKind, Payment, Scaling, Season, TariffVersion, ZoneRule
from core.metering.model import Anchor, Usual
from tests.core.billing.engine import test_planning as planning
from tests.core.billing.engine.histories import Life, meter
from tests.core.billing.engine.test_demand import life as life_of

DOCS = Path(__file__).resolve().parents[3] / "docs" / "billing"
NOVEMBER = Month(2025, 11)
OCTOBER = NOVEMBER.previous


def page(name: str) -> str:
    return " ".join((DOCS / name).read_text(encoding="utf-8").split())


def curve(*anchors: tuple[date, int], usual: Usual | None = None) -> Curve:
    known = [Anchor(day, value * 1000) for day, value in anchors]
    return Curve(known, wheel=10**8, multiplier=1000, fraction=0, usual=usual)


def november(versions: tuple[TariffVersion, ...], volumes: Mapping[str, int], *, persons: int = 1) -> Charge:
    curves = {zone: curve((NOVEMBER.first - DAY, 0), (NOVEMBER.last, volume)) for zone, volume in volumes.items()}
    return charging.charge(
        days=NOVEMBER.period, month=NOVEMBER, curves=curves, versions=versions, persons=persons, fixed=True
    )


def shipped(plan: str) -> tuple[TariffVersion, ...]:
    return tariffs.in_order(version for version in tariffs.shipped() if version.plan == plan)


def test_use_by_day() -> None:
    text = page("usage.md")
    known = curve((date(2025, 10, 20), 4_300), (date(2025, 11, 20), 4_500))
    count = known.count(date(2025, 10, 31).toordinal()) // 1000
    parts = [
        known.volume(Period(date(2025, 10, 21), date(2025, 11, 1))).volume // 1000,
        known.volume(Period(date(2025, 11, 1), date(2025, 11, 21))).volume // 1000,
    ]
    assert f"rounded {count}. So 21 to 31 October used {parts[0]} kWh, 1 to 20 November {parts[1]} kWh" in text
    forecast = curve((date(2025, 10, 31), 4_325), (date(2025, 11, 20), 4_500), usual=Usual(2_184_000, 365))
    assert f"rounded {forecast.count(date(2025, 11, 30).toordinal()) // 1000}, so" in text
    assert f"charged {forecast.volume(NOVEMBER.period).volume // 1000} kWh" in text
    turned = curve((date(2025, 10, 31), 99_990), (date(2025, 11, 30), 12))
    assert f"00012 on 30 November is {turned.volume(NOVEMBER.period).volume // 1000} kWh" in text


def test_what_a_month_costs() -> None:
    text = page("charging.md")
    for plan, volumes in (
        ("RU-FLAT", {"total": 187}),
        ("RU-DN", {"day": 150, "night": 60}),
        ("CRIMEA-CITY", {"total": 210}),
        ("CRIMEA-CITY", {"total": 700}),
    ):
        found = november(shipped(plan), volumes)
        products = " + ".join(f"{volume // 1000} × {tariffs.plain(rate, 10**6)}" for volume, rate in found.pieces)
        assert f"{products.replace(' × ', ' kWh × ', 1) if len(found.pieces) == 1 else products} = " in text
        assert f"= {protocol.money(found.amount)}" in text
    always = Period(date(2020, 1, 1), None)
    shared = TariffVersion(
        1, "P", always, ("day", "night"),
        (Block(150_000, {"day": 4_560_000, "night": 1_220_000}), Block(None, {"day": 5_710_000, "night": 1_520_000})),
    )  # fmt: skip
    assert f"= {protocol.money(november((shared,), {'day': 200, 'night': 100}).amount)}" in text
    each = replace(shared, zone_rule=ZoneRule.PER_ZONE)
    assert f"= {protocol.money(november((each,), {'day': 200, 'night': 100}).amount)}. " in text
    topped = TariffVersion(1, "P", always, ("total",), (Block(None, {"total": 10**6}),), standing=15_000, vat=200)
    lines = [protocol.money(line.amount) for line in november((topped,), {"total": 100}).lines]
    assert "energy {}, standing {}, VAT {}".format(*lines) in text


def test_a_household_of_one_and_seasons() -> None:
    text = page("charging.md")
    always = Period(date(2020, 1, 1), None)
    norm = (Block(75_000, {"total": 3 * 10**6}, alone=110_000), Block(None, {"total": 5 * 10**6}))
    social = TariffVersion(1, "P", always, ("total",), norm, scaling=Scaling.PERSONS)
    one, two = (protocol.money(november((social,), {"total": 200}, persons=persons).amount) for persons in (1, 2))
    assert f"90 × 5.00 = {one} for one, 150 × 3.00 + 50 × 5.00 = {two} for two" in text
    winter = (Season((11, 12, 1, 2, 3), (Block(None, {"total": 2 * 10**6}),)),)
    year = TariffVersion(1, "P", always, ("total",), (Block(None, {"total": 1_500_000}),), seasons=winter)
    sums = [sum(formulas.priced(year.holding(month, 1), {"total": Fraction(100)})) for month in (11, 7)]
    assert "are {}.00 in November, {}.00 in July".format(*sums) in text
    assert protocol.money(november((year,), {"total": 100}).amount) == f"{sums[0]}.00"
    assert f"in it has {formulas.vat_within(Fraction(120), Fraction(1, 5))}.00" in text


def test_two_parts() -> None:
    text = page("charging.md")
    always = Period(date(2020, 1, 1), None)
    plan = TariffVersion(
        1, "P", always, ("total",), (Block(None, {"total": 2 * 10**6}),), vat=200, demand=950 * 10**6
    )  # fmt: skip
    made = life_of(plan)
    made.record(Kind.DEMAND, Period(date(2025, 10, 1), None), 40_000)
    made.close(OCTOBER)
    sums = [protocol.money(one.amount) for one in made.facts.charges]
    assert "energy {}, demand {}, VAT {}. ".format(*sums) in text
    cut = life_of(replace(plan, vat=0))
    cut.record(Kind.DEMAND, Period(date(2025, 10, 1), None), 40_000)
    cut.record(Kind.DEMAND, Period(date(2025, 10, 11), None), 50_000)
    cut.close(OCTOBER)
    assert f"(40 × 10 + 50 × 21)/31 × 950.00 = {protocol.money(cut.facts.charges[1].amount)}." in text
    kept = life_of(replace(plan, vat=0, ratchet=800, ratchet_months=3))
    kept.record(Kind.DEMAND, Period(date(2025, 10, 1), None), 30_000)
    kept.record(Kind.DEMAND, OCTOBER.period, 60_000)
    for month in range(5):
        kept.close(OCTOBER.back(-month))
    powers = [one.amount // 95_000 for one in kept.facts.charges if one.kind == "demand"]
    assert "{}, {}, {}, {} kW are charged until January, then {}.".format(*powers) in text


def test_what_late_payment_costs() -> None:
    text = page("penalty.md")
    rules = PenaltyRules(
        (Stage(31, 90, Fraction(1, 300)), Stage(91, None, Fraction(1, 130))),
        (Rate(date(2020, 1, 1), Fraction(95, 1000)),),
    )
    found = penalty.penalty(231_547, date(2026, 4, 15), [], rules, through=date(2026, 6, 30))
    last = found.segments[-1]
    span = f"{last.first:%d.%m}–{last.last:%d.%m} {last.days} days × {protocol.money(last.balance)}"
    assert f"{span} × 9.5 %/300 = {protocol.money(found.amount)}" in text
    paid = [Settlement(date(2026, 7, 25), 60_000)]
    partly = penalty.penalty(100_000, date(2026, 6, 15), paid, rules, through=date(2026, 8, 4))
    one, other = (segment for segment in partly.segments if segment.share)
    said = " and ".join(f"{segment.days} days × {protocol.money(segment.balance)}" for segment in (one, other))
    assert f"{said} at 9.5 %/300 = {protocol.money(partly.amount)}" in text


def rated(rate: int) -> tuple[TariffVersion, ...]:
    return (TariffVersion(1, "P", Period(date(2000, 1, 1), None), ("total",), (Block(None, {"total": rate}),)),)


def test_services_by_norm_by_volume_and_by_house() -> None:
    text = page("services.md")
    june = Month(2026, 6).period
    hot = (
        Component("cold", rated(40_100_000)),
        Component("heat", rated(2_000_000_000), Fraction("0.05"), uplifted=False),
    )
    persons = [
        Count(Period(date(2020, 1, 1), date(2026, 6, 11)), Fraction(1)),
        Count(Period(date(2026, 6, 11), None), Fraction(2)),
    ]
    found = services.by_norm(june, Fraction(3), persons, hot)
    one, heat, four, more = (protocol.money(line.amount) for line in found)
    assert f"1 m³: cold {one}, heat {heat}; 20 days are 4 m³: cold {four}, heat {more}" in text
    assert f"together {protocol.money(services.total(found))}." in text
    uplifted = services.by_norm(june, Fraction(3), [Count(june, Fraction(1))], hot, uplift=Fraction(3))
    assert "cold {}, uplift {}, heat {}".format(*(protocol.money(line.amount) for line in uplifted)) in text
    evenly = houses.heat_by_norm(Fraction("0.0195"), Fraction("55.44"), evenly=Fraction(7, 12))
    (line,) = services.by_volume(june, evenly, [Component("heat", rated(2_000_000_000))])
    assert f"× 7/12 × 2000.00 = {protocol.money(line.amount)}" in text
    common = houses.common_volume(Fraction(1_000), [Fraction(433)])
    assert f"{common} kWh in common" in text
    own = houses.share(common, area=Fraction(50), total_area=Fraction(3_000))
    assert f"has {tariffs.plain(int(own * 1000), 1000)} kWh" in text
    assert "are {}, {} and {}".format(*houses.shares(100, [1, 1, 1])) in text
    price = houses.heated_water_price(Fraction(10), Fraction(1_500), Fraction(200), Fraction("25.25"))
    assert f"are {tariffs.plain(int(price * 100), 100)} a m³" in text


def test_a_debt_in_instalments() -> None:
    text = page("instalments.md")
    parts = instalments.plan(100_000, first=date(2025, 1, 31), count=3)
    assert ", ".join(f"{protocol.money(part.amount)} by {part.due_on:%d.%m}" for part in parts) in text
    found = instalments.with_interest(
        [instalments.Part(date(2025, 2, 19), 200_000)],
        initial=0,
        initial_days=7,
        start=date(2025, 3, 1),
        first=date(2025, 3, 31),
        count=2,
        rates=[Rate(date(2020, 1, 1), Fraction(365, 10_000))],
    )
    first, last = (protocol.money(part.amount) for part in found.parts)
    assert f"= {protocol.money(found.interest)}, so {first} and {last}." in text


def test_an_instalment_plan_of_an_account() -> None:
    text = page("instalments.md")
    known = planning.facts(
        planning.plan(),
        claims=(*planning.OLD, planning.CURRENT),
        paid=(planning.pay(20, date(2025, 10, 10), 150_000),),
    )
    before = planning.stands(known, planning.START - DAY)
    assert f"late payment has cost {protocol.money(before.penalty)}." in text
    for day in (date(2025, 10, 11), date(2025, 11, 15), date(2025, 11, 16), date(2025, 12, 1)):
        told = planning.stands(known, day)
        following = "broken" if told.part is None else f"{protocol.money(told.part[1])} by {told.part[0]}"
        sums = " | ".join(map(protocol.money, (told.to_pay, told.overdue, told.penalty)))
        assert f"| {day} | {sums} | {following} |" in text
    dear = planning.facts(planning.plan(rate=36_500))
    whole = planning.stands(dear, planning.START).interest
    assert f"1.50 + 4.60 + 7.60 + 10.70 = {protocol.money(whole)}." in text
    cut = planning.stands(dear, planning.FIRST + DAY).interest
    assert f"Broken on 16 October: 15 days of each part, {protocol.money(cut)}." in text


def test_fees_for_late_payment() -> None:
    text = page("fees.md")
    interest = fees.simple_interest(100_000, rate=Fraction(1, 10), year_days=365, days=73)
    assert f"for 73 days: {protocol.money(interest)}" in text
    step = fees.PowerStep(None, 75_000, Fraction(3, 100))
    fee = fees.by_power(Fraction(6_600), bill=2_499_999, months=1, steps=[step])
    assert f"at least 750.00: {protocol.money(fee)}" in text
    six, begun = (fees.by_month(50_000, days=days, share=Fraction(2, 100), grace=5) for days in (6, 31))
    assert fees.by_month(50_000, days=5, share=Fraction(2, 100), grace=5) == 0
    assert f"nothing on day 5, {protocol.money(six)} on day 6, {protocol.money(begun)} on day 31" in text


def test_limitation_and_age() -> None:
    text = page("limitation.md")
    due = date(2023, 2, 15)
    for said, last in (
        ("three years", limitation.limitation_on(due, years=3)),
        ("the last day", limitation.limitation_on(due, years=3, restarts=[date(2026, 2, 15)])),
        ("30 days", limitation.limitation_on(due, years=3, pauses=[Period(date(2026, 2, 1), date(2026, 3, 3))])),
    ):
        assert f"{said}: {last:%d.%m.%Y}" in text
    spans = [f"{age.first}–{age.last}" for age in limitation.ages([], today=due)[1:-1]]
    assert f"not payable yet, {', '.join(spans)}, older" in text
    places = [[age.amount for age in limitation.ages([(due, 1)], today=due + days * DAY)].index(1) for days in (30, 31)]
    assert places == [1, 2]


def test_what_has_lapsed_when_money_comes() -> None:
    text = page("limitation.md")
    _, section = text.split("## Money that comes")
    worked = section[section.index("Worked: 300.00") :]
    old = Claim(1, Month(2022, 10), ClaimKind.OPENING, 30_000, due_on=date(2022, 11, 10), issued_on=date(2022, 11, 1))
    bill = Claim(2, NOVEMBER, ClaimKind.BILL, 50_000, due_on=date(2025, 12, 10), issued_on=date(2025, 12, 1))
    for day, said in (
        (date(2025, 11, 10), "the last day, the old debt takes {} and November {}."),
        (date(2025, 11, 11), "before November has ended: the old debt {}, November {}."),
        (date(2025, 12, 5), "Paid on 5 December 2025: November {1}, the old debt {0}."),
    ):
        found = settling.settle([old, bill], [Payment(3, day, 60_000)], years=3)
        taken = [sum(one.amount for one in found.allocations if one.claim == no) for no in (1, 2)]
        assert said.format(*map(protocol.money, taken)) in worked


def test_which_payment_settles_which_claim() -> None:
    text = page("allocation.md")
    bills = [
        Claim(1, Month(2025, 10), ClaimKind.BILL, 43_160, due_on=date(2025, 11, 10), issued_on=date(2025, 11, 1)),
        Claim(3, Month(2025, 11), ClaimKind.BILL, 62_084, due_on=date(2025, 12, 10), issued_on=date(2025, 12, 1)),
    ]
    paid = [Payment(2, date(2025, 11, 20), 105_244)]
    october = settling.settle(bills[:1], paid)
    assert (
        f"October takes {protocol.money(october.allocations[0].amount)}, and {protocol.money(october.advance)}" in text
    )
    assert settling.settle(bills, paid).open == ()
    components: tuple[dict[str, int], ...] = (
        {"costs": 1_000, "principal": 10_000, "penalty": 500},
        {"principal": 10_000, "penalty": 300},
    )
    debts = [settling.Debt(str(number), date(2025, number, 10), owed) for number, owed in enumerate(components, 1)]
    order = ("costs", "principal", "penalty")
    for name, mode in (("By debt", ordering.Mode.BY_DEBT), ("By component", ordering.Mode.BY_COMPONENT)):
        shares, _ = settling.spread(21_200, debts, on=date(2025, 2, 10), order=order, mode=mode)
        said = ", ".join(f"{share.debt} {share.component} {protocol.money(share.amount)}" for share in shares)
        assert f"{name}: {said}." in text


def test_what_holds_on_which_days() -> None:
    """The lives behind these numbers are played in tests/core/billing/engine/test_supplying.py and test_sharing.py."""
    text = page("conditions.md")
    two = shipped("CRIMEA-CITY")
    assert f"150 × 5.05 + 50 × 5.43 = {protocol.money(november(two, {'total': 200}).amount)}" in text
    assert f"15 + 15 × 20 = {15 + 15 * 20} kWh" in text
    half = november(shipped("RU-FLAT"), {"total": 50}).amount // 2
    assert f"of 150 used at 3.32: −{protocol.money(half)}" in text
    assert houses.shares(100, [30, 30, 40, 20])[0] == 25


def test_what_is_answered_at_once() -> None:
    """The first example is charged at 3.32 a kWh without anything else; the second had 7 kWh a day behind it."""
    text = page("instant-answer.md")
    life, october = Life((meter(),)), Month(2025, 10)
    life.read(date(2025, 9, 30), 4195)
    life.billed_elsewhere(october.previous)
    life.read(date(2025, 10, 31), 4325)
    (bill,) = life.close(october)
    life.read(date(2025, 11, 21), 4512)
    stands = life.stands(date(2025, 11, 21))
    assert (bill.claim.amount, stands.to_pay, stands.overdue) == (43_160, 105_244, 43_160)
    assert "187 × 3.32 = 620.84. To pay 1052.44, of which overdue 431.60" in text
    life.pay(date(2025, 11, 21), stands.to_pay)
    assert life.stands(date(2025, 11, 21)).to_pay == 0
    late, day = Life((meter(),)), date(2025, 7, 31)
    while day <= date(2025, 10, 31):
        late.read(day, 1000 + 7 * (day - date(2025, 7, 31)).days)
        day = Month.of(day).next.last
    late.billed_elsewhere(october)
    (forecast,) = late.close(NOVEMBER)
    late.read(NOVEMBER.last, 1000 + 7 * 92 + 187)
    told = late.stands(date(2025, 12, 5))
    assert (forecast.claim.amount, told.recalculated[0].amount) == (69_720, 62_084)
    assert "forecast of 210 kWh, 697.20" in text
    assert "costs 620.84: 76.36 less" in text
