"""Facts of every kind that come late end in the same sums as if they had come in time (billing.md section 10)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.basics.periods import DAY, Month, Period
from core.billing.conditions.model import TERMS, Benefit, Kind, Subject, Value
from core.billing.engine.statement import explain
from core.billing.estimation import ESTIMATED, Case, Estimation, Norm, NormUnit, Uplift
from core.billing.model import Block, BlockMode, ClaimKind, Scaling, Tariffs, TariffVersion
from core.billing.tariffs import in_order
from core.metering.model import Meter, Point, Source
from tests.core.billing.engine.histories import ALWAYS, Life, meter

START = Month(2025, 1)
MONTHS = 7
END = date(2025, 8, 1)
RULES = Estimation(
    norms=(
        Norm("electricity", "", NormUnit.PERSON, 85_500, Period(date(2020, 1, 1), date(2025, 4, 10)), "norm"),
        Norm("electricity", "", NormUnit.PERSON, 91_000, Period(date(2025, 4, 10), None), "norm"),
        Norm("electricity", "stove", NormUnit.AREA, 2_300, ALWAYS, "norm"),
    ),
    uplifts=(
        Uplift("electricity", Case.FAILED, 1500, ALWAYS, "uplift"),
        Uplift("electricity", Case.NO_METER, 1500, Period(date(2020, 1, 1), date(2025, 5, 5)), "uplift"),
        Uplift("electricity", Case.NO_METER, 3000, Period(date(2025, 5, 5), None), "uplift"),
    ),
)
VERSIONS = (
    TariffVersion(1, "A", ALWAYS, ("total",), (Block(None, {"total": 3_320_000}),), standing=7_000),
    TariffVersion(2, "A", Period(date(2025, 3, 17), None), ("total",), (Block(None, {"total": 3_777_000}),), vat=200),
    TariffVersion(
        3, "B", ALWAYS, ("total",), (Block(60_000, {"total": 4_490_000}), Block(None, {"total": 5_430_000})),
        scaling=Scaling.PERSONS, minimum=9_000, demand=12_345_000, ratchet=750, ratchet_months=2,
    ),
    TariffVersion(
        4, "B", Period(date(2025, 5, 1), None), ("total",),
        (Block(150_000, {"total": 4_490_000}), Block(None, {"total": 4_100_000}, 1_000)),
        mode=BlockMode.VOLUME, demand=15_000_000,
    ),
)  # fmt: skip


def tariffs(ids: frozenset[int]) -> Tariffs:
    known = [one for one in VERSIONS if one.id in ids]
    return {plan: in_order(one for one in known if one.plan == plan) for plan in ("A", "B")}


ALL = frozenset(one.id for one in VERSIONS)


@dataclass(frozen=True)
class Count:
    """A reading of a meter, whole units."""

    of: int
    day: date
    value: int


@dataclass(frozen=True)
class Dated:
    """A dated fact; `slot` tells the facts of one timeline, whose order counts."""

    kind: Kind
    days: Period
    value: Value | None
    subject: int
    name: str = ""

    @property
    def slot(self) -> tuple[Kind, int, str]:
        return self.kind, self.subject, self.name


@dataclass(frozen=True)
class Comes:
    """A version of a tariff comes to be known."""

    id: int


Event = Count | Dated | Comes

OLD = meter(1, tariff="A", installed=Period(date(2024, 1, 1), date(2025, 4, 20)))
NEW = replace(meter(2, tariff="A", installed=Period(date(2025, 4, 22), None)), point_id=1)
SITES: tuple[tuple[tuple[Meter, ...], tuple[Point, ...]], ...] = (
    ((meter(1, tariff="A"),), ()),
    ((meter(1, tariff="A"), meter(2, tariff="B")), ()),
    ((OLD, NEW), ()),
    ((meter(1, tariff="B", verified_until=date(2025, 3, 10)),), (Point(7, 1, "electricity", "A"),)),
)

VALUES: dict[Kind, Callable[[Callable[[int, int], int]], Value]] = {
    Kind.PERSONS: lambda draw: draw(0, 5),
    Kind.OWNERS: lambda draw: draw(1, 4),
    Kind.AREA: lambda draw: draw(20_000, 90_000),
    Kind.CATEGORY: lambda draw: "stove" if draw(0, 1) else "other",
    Kind.HOLDER: lambda draw: draw(1, 9),
    Kind.BENEFIT: lambda draw: (
        Benefit(share=draw(1, 1000), limit=draw(1, 90) * 1000 if draw(0, 1) else None)
        if draw(0, 2)
        else Benefit(amount=draw(1, 9_000))
    ),
    Kind.PLAN: lambda draw: "AB"[draw(0, 1)],
    Kind.SUPPLY: lambda draw: ("connected", "suspended")[draw(0, 1)],
    Kind.METERING: lambda draw: ("possible", "impossible")[draw(0, 1)],
    Kind.DEMAND: lambda draw: draw(0, 60) * 500,
    Kind.MULTIPLIER: lambda draw: draw(1, 40) * 500,
    Kind.FAILED: lambda draw: "failed",
    Kind.VERIFIED: lambda draw: ("verified", "expired")[draw(0, 1)],
    Kind.SEAL: lambda draw: ("set", "broken")[draw(0, 1)],
    Kind.ACCESS: lambda draw: "refused",
}


def count(of: int, day: date) -> int:
    days = (day - date(2024, 6, 30)).days
    return 500 + (2 + of) * days + days * days // 60


def drawn(data: st.DataObject, meters: tuple[Meter, ...], points: tuple[Point, ...]) -> list[Event]:
    """The facts of a life, each once: what is to arrive in some order."""

    def draw(low: int, high: int) -> int:
        return data.draw(st.integers(low, high))

    events: list[Event] = [Comes(one.id) for one in VERSIONS if one.id in (2, 4)]
    for one in meters:
        read = data.draw(st.sets(st.dates(START.first, END - DAY), max_size=6))
        removed = one.installed.end or END
        events += [
            Count(one.id, day, count(one.id, day)) for day in sorted(read) if one.installed.start <= day < removed
        ]
    for _ in range(draw(0, 6)):
        kind = data.draw(st.sampled_from(list(VALUES)))
        first = data.draw(st.dates(START.first, END - DAY))
        days = Period(first, None if draw(0, 2) == 0 else first + timedelta(days=draw(1, 120)))
        value = None if draw(0, 5) == 0 else VALUES[kind](draw)
        match TERMS[kind].subject:
            case Subject.METER:
                subject = data.draw(st.sampled_from([one.id for one in meters]))
            case Subject.POINT:
                subject = data.draw(st.sampled_from([*(one.point_id for one in meters), *(one.id for one in points)]))
            case _:
                subject = 1
        name = "ab"[draw(0, 1)] if TERMS[kind].named else ""
        events.append(Dated(kind, days, value, subject, name))
    return events


def first_counts(life: Life) -> None:
    """What every life begins with: half a year of counts, and the initial one of a meter that comes later."""
    for one in life.meters:
        if one.installed.start > START.first:
            life.read(one.installed.start, count(one.id, one.installed.start), meter=one, source=Source.ACT)
            continue
        for day in (date(2024, 6, 30), date(2024, 9, 30), date(2024, 12, 31)):
            life.read(day, count(one.id, day), meter=one, source=Source.ACT)


def happen(life: Life, event: Event) -> None:
    match event:
        case Count():
            of = next(one for one in life.meters if one.id == event.of)
            life.read(event.day, event.value, meter=of)
            life.state = life.derived()
        case Dated():
            life.record(event.kind, event.days, event.value, subject=event.subject, name=event.name)
        case Comes():
            known = {version.id for versions in life.tariffs.values() for version in versions}
            life.tariffs = tariffs(frozenset({*known, event.id}))
            life.state = life.derived()


def new_life(site: tuple[tuple[Meter, ...], tuple[Point, ...]], rules: Estimation) -> Life:
    meters, points = site
    life = Life(meters, persons=2, tariffs=tariffs(frozenset({1, 3})), rules=rules, points=points)
    first_counts(life)
    life.billed_elsewhere(Month(2024, 12))
    return life


def sums(life: Life) -> dict[Month, int]:
    months = [START]
    while len(months) < MONTHS:
        months.append(months[-1].next)
    return {month: life.billed.get(month, 0) for month in months}


@pytest.mark.properties
@settings(deadline=None)
@given(st.data(), st.integers(0, len(SITES) - 1), st.booleans(), st.randoms(use_true_random=False))
def test_late_is_early(data: st.DataObject, at: int, normed: bool, chance: Random) -> None:
    site, rules = SITES[at], RULES if normed else ESTIMATED
    events = drawn(data, *site)
    arrival = chance.sample(events, len(events))
    late, early = new_life(site, rules), new_life(site, rules)
    month = START
    for number in range(MONTHS):
        share = len(arrival) * (number + 1) // MONTHS if data.draw(st.booleans()) or number == MONTHS - 1 else 0
        while len(events) - len(arrival) < share and arrival:
            happen(late, arrival.pop(0))
            if data.draw(st.integers(0, 2)) == 0:
                late.close_day(month.first + timedelta(days=14))
        late.close(month)
        month = month.next
    for event in arrival:
        happen(late, event)
    late.close(month)
    for event in _as_came(late, events):
        happen(early, event)
    early.close(month)
    assert sums(late) == sums(early)
    assert late.derived() == late.state
    assert late.close(month.previous) == ()
    _adds_up(late)


@pytest.mark.parametrize("metering", ["possible", "impossible"])
@pytest.mark.parametrize("known", [1, 4, 6, 8])
def test_a_late_tariff_reopens_the_months_of_a_point_without_a_meter(metering: str, known: int) -> None:
    """The standing charge of 70.00 that the version of 17 March does away with is given back for the months billed: 16
    days of March are left, 36.13, and VAT on the part of the other 15, 3.50."""
    site, bare = SITES[3], Dated(Kind.METERING, Period(START.first, None), None, 7)
    lives = new_life(site, ESTIMATED), new_life(site, ESTIMATED)
    for life, first in zip(lives, (known, 1), strict=True):
        happen(life, replace(bare, value=metering))
        for month in (Month(2025, number) for number in range(1, 9)):
            if month.month == first:
                happen(life, Comes(2))
            life.close(month)
        assert life.derived() == life.state
    late, early = (sums(life) for life in lives)
    assert late == early
    metered = new_life(site, ESTIMATED)
    metered.close(Month(2025, 8))
    fixed = [late[month] - amount for month, amount in sums(metered).items()]
    assert fixed == [7_000, 7_000, 3_613 + 350, 0, 0, 0, 0]


def test_a_late_tariff_that_holds_only_without_a_meter_reopens_the_month() -> None:
    """A meter taken out on 10 March; from then on the point is charged by the norm, from 17 March by a late version."""
    site = (replace(OLD, installed=Period(OLD.installed.start, date(2025, 3, 10))),), ()
    late, early = new_life(site, RULES), new_life(site, RULES)
    bare = Dated(Kind.METERING, Period(date(2025, 3, 10), None), "impossible", 1)
    march, april = Month(2025, 3), Month(2025, 4)
    for event in (Count(1, date(2025, 3, 9), count(1, date(2025, 3, 9))), bare, Comes(2)):
        happen(early, event)
        if event != Comes(2):
            happen(late, event)
    late.close(march)
    before = sums(late)
    happen(late, Comes(2))
    late.close(april)
    early.close(april)
    assert sums(late)[march] == sums(early)[march] != before[march]


def _as_came(late: Life, events: list[Event]) -> list[Event]:
    """The same facts: those of one timeline in the order in which they came, for the later holds."""
    order = {(one.kind, one.subject, one.name, one.days, one.value): one.no for one in late.facts.conditions}
    dated = [one for one in events if isinstance(one, Dated)]
    dated.sort(key=lambda one: order[one.kind, one.subject, one.name, one.days, one.value])
    return [*(one for one in events if not isinstance(one, Dated)), *dated]


def _adds_up(life: Life) -> None:
    """The protocol adds up, every line of a claim is the sum of its steps, and closings are balanced."""
    today = date(2025, 10, 1)
    found = explain(
        life.facts, life.meters, life.tariffs, account="1", persons=life.persons, today=today, rules=life.rules,
        points=life.points,
    )  # fmt: skip
    stands = life.stands(today)
    assert sum(line.amount for line in found.lines) == stands.to_pay - stands.credit
    for line in found.lines:
        if line.calculation is not None:
            charge = line.calculation.charge
            assert sum(one.amount for one in charge.lines) == charge.amount
            assert sum(one.volume for one in line.calculation.measured) == charge.volume
            assert all(one.amount >= 0 or one.kind == "benefit" for one in charge.lines)
        if line.kind.value == ClaimKind.RECALCULATION.value:
            assert line.reproduced
    if stands.to_pay:
        life.pay(today, stands.to_pay)
        after = life.stands(today)
        assert (after.to_pay, after.credit, after.overdue) == (0, 0, 0)


@pytest.mark.properties
@given(st.data(), st.integers(0, len(SITES) - 1), st.sampled_from((Kind.PERSONS, Kind.PLAN, Kind.SUPPLY, Kind.AREA)))
def test_a_fact_that_says_what_holds_already_changes_nothing(data: st.DataObject, at: int, kind: Kind) -> None:
    """Cutting a month where nothing changes alters neither volume nor sum."""
    life = new_life(SITES[at], RULES)
    for event in drawn(data, life.meters, ()):
        if not isinstance(event, Dated):
            happen(life, event)
    for month in sums(life):
        life.close(month)
    first = data.draw(st.dates(START.first, END - DAY))
    said: dict[Kind, Value] = {Kind.PERSONS: 2, Kind.SUPPLY: "connected", Kind.PLAN: life.meters[0].tariff}
    subject = 1 if kind in (Kind.PERSONS, Kind.AREA) else life.meters[0].point_id
    life.record(kind, Period(first, None), said.get(kind, 50_000), subject=subject)
    assert life.stands(END).recalculated == ()
