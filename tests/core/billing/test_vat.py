"""A version that spans a change of VAT is charged as two would be that were written by hand, and the checker agrees."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.periods import Month
from core.billing import profiles, tariffs, vat
from core.billing.model import TariffVersion
from core.billing.tariffs import Unsaid
from core.billing.vat import Vat
from core.checking.checker import check
from tests.core.billing.engine.histories import Life, meter
from tests.core.billing.test_tariffs import row
from tests.core.checking import lives
from tests.house import tree

LEGAL = profiles.profile("RU-legal")
START = date(2025, 9, 1)


def versions(*rows: dict[str, str], law: Vat) -> tuple[TariffVersion, ...]:
    found = tariffs.read(enumerate(rows, 2), replace(LEGAL.unsaid, vat=law))
    assert found.problems == ()
    return tariffs.in_order(
        replace(one.version, id=number, plan="CITY") for number, one in enumerate(found.versions, 1)
    )


def played(known: tuple[TariffVersion, ...], chance: Random) -> dict[str, Any]:
    """The protocol of some months under these versions."""
    life = Life((meter(tariff="CITY"),), persons=chance.randint(1, 3), tariffs={"CITY": known})
    count, month = chance.randint(0, 5_000), Month.of(START)
    for _ in range(5):
        count += chance.randint(0, 400)
        life.read(month.day(chance.randint(1, 31)), count)
        life.close(month)
        month = month.next
    return lives.told(life, month.first + timedelta(5))


CELLS = st.fixed_dictionaries(
    {
        "rates": st.sampled_from(["total=5.05", "total=0.987"]),
        "standing": st.sampled_from(["", "150.00", "33.33"]),
        "minimum": st.sampled_from(["", "900.00"]),
        "scaling": st.sampled_from(["", "persons", "days/30"]),
    }
)


@pytest.mark.properties
def test_a_version_that_a_change_has_left_behind_is_found() -> None:
    """A version that named the rate, or was stored before the change was known, is one. None are those without VAT on
    top, those that have ended, those that had another rate from the beginning, and the two parts of one table."""
    before, law = Vat(((date(2019, 1, 1), 200),)), Vat(((date(2019, 1, 1), 200), (date(2026, 1, 1), 220)))
    table = [row(plan="OPEN"), row(plan="SAID", vat="20"), row(plan="FREE", vat="0"), row(plan="OTHER", vat="10")]
    table.append(row(plan="OVER", valid_to="2026-01-01"))

    def left(rows: list[dict[str, str]], known: Vat) -> list[tuple[str, date, int]]:
        found = [one.version for one in tariffs.read(enumerate(rows, 2), replace(LEGAL.unsaid, vat=known)).versions]
        of = {one.plan: tariffs.in_order(each for each in found if each.plan == one.plan) for one in found}
        return [(one.version.plan, one.since, one.rate) for one in vat.overtaken(of, law)]

    assert left(table, before) == [("OPEN", date(2026, 1, 1), 220), ("SAID", date(2026, 1, 1), 220)]
    assert left(table, law) == [("SAID", date(2026, 1, 1), 220)]


@given(
    cells=CELLS,
    bound=st.none() | st.integers(20, 300),
    change=st.integers(1, 140).map(lambda days: START + timedelta(days)),
    rates=st.tuples(st.sampled_from([0, 100, 200]), st.sampled_from([0, 180, 220])),
    seed=st.integers(0, 10**6),
)
def test_one_version_that_spans_it_is_two_written_by_hand(
    cells: dict[str, str], bound: int | None, change: date, rates: tuple[int, int], seed: int
) -> None:
    law = Vat(((date(2019, 1, 1), rates[0]), (change, rates[1])))
    old, new = (f"{rate / 10:g}" for rate in rates)

    def rows(since: date, vat: str) -> list[dict[str, str]]:
        first = row(valid_from=since.isoformat(), vat=vat, **cells)
        if bound is None:
            return [first]
        return [first | {"up_to": str(bound)}, row(valid_from=since.isoformat(), rates="total=7.5")]

    one = versions(*rows(START, ""), law=law)
    two = versions(*rows(START, old), *(rows(change, new) if old != new else []), law=law)
    assert one == two
    document = played(one, Random(seed))
    assert document == played(two, Random(seed))
    report = check(document)
    assert report.holds, report.faults


def test_the_law_is_that_of_the_pack() -> None:
    law = LEGAL.vat_on_top
    assert [law.on(date(*day)) for day in ((2018, 12, 31), (2019, 1, 1), (2025, 12, 31), (2026, 1, 1))] == [
        0,
        200,
        200,
        220,
    ]
    household = profiles.profile("RU-household").vat_on_top
    assert {household.on(START), Unsaid().vat.on(START)} == {0}, "what is in the tariffs is not put on top"


def test_the_worked_example() -> None:
    known = versions(row(valid_from="2025-12-01"), law=Vat(((date(2019, 1, 1), 200), (date(2025, 12, 17), 220))))
    life = Life((meter(tariff="CITY"),), tariffs={"CITY": known})
    life.read(date(2025, 11, 30), 1_000)
    life.billed_elsewhere(Month(2025, 11))
    life.read(date(2025, 12, 31), 1_310)
    (issue,) = life.close(Month(2025, 12))
    assert [(line.kind, line.amount) for line in issue.lines] == [("energy", 156_550), ("vat", 32_825)]
    text = " ".join((tree.ROOT / "docs" / "billing" / "charging.md").read_text(encoding="utf-8").split())
    assert "energy 310 × 5.05 = 1565.50; VAT 808.00 × 20 % + 757.50 × 22 % = 328.25" in text
