"""Rule packs: what stands in those that come with the program, and what is said of wrong ones."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from core.basics.periods import Month
from core.billing import packreading, profiles
from core.billing.engine import lateness, protocol
from core.billing.engine.ordering import Mode
from core.billing.engine.penalty import RatePolicy
from core.billing.estimation import Case
from core.billing.model import Component, Late
from core.billing.packreading import PackWrong
from core.billing.terms import Calendar, OnDayOff

GOOD = (profiles.PACKS / "RU-household.toml").read_text(encoding="utf-8")


SEASON = """[[season]]
customer = "household"
first = "11-01"
last = "03-31"
source = "the company's own"

"""


def test_whose_supply_is_not_cut_stands_in_the_pack() -> None:
    law = packreading.parse(GOOD.replace("[[protected]]", f"{SEASON}[[protected]]", 1)).warnings
    assert law.protects("hospital", "organisation")
    assert not law.protects("hospital", "household")
    assert law.protects("life_support", "household")
    assert law.spares(date(2026, 1, 1), "household")
    assert not law.spares(date(2026, 1, 1), "organisation")
    assert not law.spares(date(2026, 4, 1), "household")
    assert profiles.profile("GENERIC").warnings.protects("patient", "organisation"), "none is named: all protect"


def wrong(text: str) -> list[str]:
    with pytest.raises(PackWrong) as refused:
        packreading.parse(text)
    return [str(one) for one in refused.value.problems]


def line_of(text: str, part: str) -> int:
    return next(no for no, line in enumerate(text.splitlines(), 1) if part in line)


def test_all_four_packs_are_there() -> None:
    assert profiles.names() == ("GENERIC", "KZ-household", "RU-household", "RU-legal")
    for name in profiles.names():
        found = profiles.profile(name)
        assert found.name == name
        assert (found.penalty is None) is (found.late_fee is not None)


def test_households_in_russia() -> None:
    pack = profiles.profile("RU-household")
    rules = pack.penalty
    assert rules is not None
    assert rules.policy is RatePolicy.ON_PAYMENT_DATE
    assert [(one.first, one.last, one.share) for one in rules.stages] == [
        (1, 30, 0), (31, 90, Fraction(1, 300)), (91, None, Fraction(1, 130)),
    ]  # fmt: skip
    assert [one.value for one in rules.caps] == [Fraction(95, 1000)]
    assert rules.moratoria[0].end == date(2021, 1, 1)
    assert pack.allocation.order == (Component.COSTS, Component.PRINCIPAL, Component.PENALTY)
    assert pack.allocation.mode is Mode.BY_COMPONENT
    water = pack.estimation
    assert water.uplift("cold_water", Case.NO_METER, date(2025, 11, 24)) == 1_500
    assert water.uplift("cold_water", Case.NO_METER, date(2025, 11, 25)) == 3_000
    assert water.uplift("heat", Case.NO_METER, date(2025, 11, 25)) == 1_000
    assert water.uplift("electricity", Case.NOT_SENT, date(2025, 11, 25)) == 1_000
    assert water.norm("electricity", "", date(2025, 11, 25)) is not None


def test_a_due_date_on_a_day_off_goes_to_the_next_working_one_where_the_switch_says_so() -> None:
    legal = profiles.profile("RU-legal")
    assert legal.due_on(Month(2025, 9)) == date(2025, 10, 20), "18 October 2025 is a Saturday"
    assert legal.due_on(Month(2025, 10)) == date(2025, 11, 18)
    january = Calendar(OnDayOff.NEXT_WORKING_DAY, holidays=tuple((1, day) for day in range(1, 9)))
    assert january.payable(date(2026, 1, 1)) == date(2026, 1, 9)
    moved = Calendar(
        OnDayOff.NEXT_WORKING_DAY, off=frozenset({date(2026, 1, 9)}), working=frozenset({date(2026, 1, 10)})
    )
    assert moved.payable(date(2026, 1, 9)) == date(2026, 1, 10), "a Saturday on which work goes on"


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("day = 15", "day = 32", "due.day", "from 1 to 31"),
        ('months_from = "2026-02"', 'months_from = "2026-13"', "due.months_from", 'such as "2026-02"'),
        ('months_from = "2026-02"', 'months_from = "2005-03"', "due.months_from", "stands twice"),
        ('when_off = "keep"', 'when_off = "perhaps"', "calendar.when_off", "one of keep, next_working_day"),
        ('"11-04"', '"11-31"', "calendar.holidays", "11-31 is no day of a year"),
        ("weekend = [6, 7]", "weekend = [6, 8]", "calendar.weekend", "from 1 (Monday) to 7"),
        ("least_months = 3", "least_months = 13", "estimation.least_months", "more than average_months (12)"),
        ("to = 2025-11-25", "to = 2016-11-25", "uplift.to", "not after from (2017-01-01)"),
        ("to = 2025-11-25", "to = 2025-11-26", "uplift", "holds on days on which an earlier row"),
        ("factor = 3.0", "factor = 0.5", "uplift.factor", "would lower the norm"),
        ("volume = 85", "volume = 85.1234", "norm.volume", "at most 3 decimals"),
        ('service = "gas"', 'service = "gaz"', "norm.service", "one of electricity"),
        ("first = 91", "first = 92", "penalty.days", "begins with day 92 of the delay, not with day 91"),
        ("percent = 16", "percent = -1", "penalty.rate.percent", "from 0 to 1000"),
        ("last = 2022-10-01", "last = 2022-03-01", "penalty.moratorium.last", "before the first day"),
        ('"principal", "penalty"', '"principal"', "allocation.order", "each of costs, principal, penalty once"),
        ("penalty_frozen = true", "penalty_frozen = 1", "instalments.penalty_frozen", "true or false"),
        ("[habits]", "[habits]\ncolour = 1", "habits.colour", "unknown; there are:"),
        ('currency = "RUB"', "", "currency", 'such as "RUB"'),
        ('why = "patient"', 'why = "poor"', "protected.why", "one of life_support, patient"),
        ("dispute_days = 30", "dispute_days = 400", "warning.dispute_days", "from 0 to 366"),
        ("[[protected]]", f"{SEASON}[[protected]]".replace("11-01", "11-31"), "season.first", "a day of the year"),
        ("[[protected]]", f"{SEASON}[[protected]]".replace("household", "town"), "season.customer", "household or"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old: str, new: str, key: str, reason: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    told = wrong(text)
    assert any(f": {key}: " in one and reason in one for one in told), told


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text = (
        GOOD.replace("day = 15", "day = 32").replace("first = 15", "first = 0").replace("volume = 85", "volume = [1]")
    )
    told = wrong(text)
    assert [one.split(":")[0] for one in told] == [
        f"line {line_of(text, part)}" for part in ("day = 32", "first = 0", "volume = [1]")
    ]


def test_what_is_no_toml_is_told_with_its_line() -> None:
    (told,) = wrong(GOOD.replace("day = 15", "day = "))
    assert told.startswith(f"line {line_of(GOOD, 'day = 15')}: Invalid value")
    assert wrong("")[0].startswith("line 1: ")


def test_the_page_says_what_the_pack_sets() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "billing" / "packs.md").read_text(encoding="utf-8")
    text = " ".join(page.split())
    due = profiles.profile("RU-legal").due_on(Month(2025, 9))
    assert due is not None
    assert f"through Monday, {due.day} October 2025" in text
    for name in profiles.names():
        assert f"| `{name}` |" in page


def test_the_page_on_late_payment_is_right() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "billing" / "late-payment.md").read_text(encoding="utf-8")
    rules = profiles.profile("RU-household").debts.late
    assert rules is not None
    claim = Late(1, Month(2025, 8), date(2025, 9, 10), 100_000)
    paid = replace(claim, settled=((date(2025, 10, 20), 100_000),))
    long, short = (lateness.cost(one, rules, date(2025, 11, 19)).amount for one in (claim, paid))
    text = " ".join(page.split())
    assert f"40 × 1000.00 × 9.5 %/300 = {protocol.money(long)}" in text
    assert f"it is {protocol.money(short)}, and the next close posts {protocol.money(short - long)}" in text
