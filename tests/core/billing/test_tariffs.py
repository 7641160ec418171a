"""Tariffs as tables and as stored terms."""

from datetime import date

import pytest

from core.basics.periods import Period
from core.billing import tariffs
from core.billing.model import Block, BlockMode, Scaling, Season, TariffVersion, ZoneRule
from core.billing.tariffs import TariffProblem, Unsaid
from core.billing.vat import Vat

HEADER = (*tariffs.REQUIRED, *tariffs.OPTIONAL)


def row(**cells: str) -> dict[str, str]:
    base = {"plan": "CITY", "valid_from": "2025-07-01", "rates": "total=5.05", "source": "an order"}
    return dict.fromkeys(HEADER, "") | base | cells


def problems(*rows: dict[str, str]) -> list[tuple[int, str]]:
    return [(one.line, one.column) for one in tariffs.read(enumerate(rows, 2)).problems]


def test_a_version_that_says_nothing_of_vat_is_parted_where_the_law_changes_it() -> None:
    law = Unsaid(vat=Vat(((date(2019, 1, 1), 200), (date(2026, 1, 1), 220))))
    rows = [row(valid_from="2025-07-01"), row(plan="TILL", valid_from="2025-07-01", valid_to="2026-02-01")]
    rows += [row(plan="NEXT", valid_from="2025-07-01"), row(plan="NEXT", valid_from="2025-12-01")]
    rows += [
        row(plan="SAID", valid_from="2025-07-01", vat="20"),
        row(plan="OLD", valid_from="2010-01-01", valid_to="2019-01-01"),
    ]
    found = tariffs.read(enumerate(rows, 2), law)
    assert found.problems == ()
    told = [(one.version.plan, one.version.valid.start.isoformat(), one.version.vat) for one in found.versions]
    assert told == [
        ("CITY", "2025-07-01", 200), ("CITY", "2026-01-01", 220),
        ("TILL", "2025-07-01", 200), ("TILL", "2026-01-01", 220),
        ("NEXT", "2025-07-01", 200), ("NEXT", "2025-12-01", 200), ("NEXT", "2026-01-01", 220),
        ("SAID", "2025-07-01", 200), ("OLD", "2010-01-01", 0),
    ]  # fmt: skip
    assert found.versions[3].version.valid.end == date(2026, 2, 1)


def test_a_version_of_several_blocks() -> None:
    found = tariffs.read(
        enumerate(
            [
                row(
                    up_to="150", standing="60", vat="20", currency="RUB", mode="volume", scaling="persons", flat="1.50"
                ),
                row(up_to="600,5", rates="total=5.43"),
                row(rates="total=9.32"),
            ],
            2,
        )
    )
    assert found.problems == ()
    (one,) = found.versions
    assert (one.line, one.currency) == (2, "RUB")
    assert one.version == TariffVersion(
        id=0,
        plan="CITY",
        valid=Period(date(2025, 7, 1), None),
        zones=("total",),
        blocks=(
            Block(150_000, {"total": 5_050_000}, 150),
            Block(600_500, {"total": 5_430_000}),
            Block(None, {"total": 9_320_000}),
        ),
        mode=BlockMode.VOLUME,
        scaling=Scaling.PERSONS,
        standing=6_000,
        vat=200,
        source="an order",
    )


def test_seasons_households_of_one_and_zones_with_bounds_of_their_own() -> None:
    found = tariffs.read(
        enumerate(
            [
                row(months="11-3", up_to="100", alone="150", rates="day=2;night=1", zone_rule="per_zone"),
                row(months="11-3", rates="day=4;night=3"),
                row(rates="day=1.5;night=0.5"),
                row(months="7;8", rates="day=1;night=1"),
            ],
            2,
        )
    )
    assert found.problems == ()
    ((_, version),) = [(one.line, one.version) for one in found.versions]
    winter = (
        Block(100_000, {"day": 2_000_000, "night": 1_000_000}, alone=150_000),
        Block(None, {"day": 4_000_000, "night": 3_000_000}),
    )
    summer = (Block(None, {"day": 1_000_000, "night": 1_000_000}),)
    assert version.seasons == (Season((1, 2, 3, 11, 12), winter), Season((7, 8), summer))
    assert version.blocks == (Block(None, {"day": 1_500_000, "night": 500_000}),)
    assert version.zone_rule is ZoneRule.PER_ZONE
    again = tariffs.decode(
        tariffs.encode(version), id=0, plan="CITY", valid_from=date(2025, 7, 1), valid_to=None, source="an order"
    )
    assert again == version
    assert version.holding(1, 2).blocks == winter
    assert [block.up_to for block in version.holding(12, 1).blocks] == [150_000, None]
    assert (version.holding(8, 1).blocks, version.holding(4, 1).blocks) == (summer, version.blocks)
    assert version.holding(8, 1).seasons == ()


def test_all_months_may_be_named() -> None:
    rows = [row(months="1-6", rates="total=1"), row(months="7-12", rates="total=2")]
    (one,) = tariffs.read(enumerate(rows, 2)).versions
    held = [one.version.holding(month, 1).blocks[0].rates["total"] for month in (1, 6, 7, 12)]
    assert held == [1_000_000, 1_000_000, 2_000_000, 2_000_000]


@pytest.mark.parametrize(
    "months",
    [("13",), ("5-",), ("May",), ("1-2-3",), ("1-6", "6-12"), ("1-6",), ("1-6", "8-12")],
)
def test_months_that_are_none(months: tuple[str, ...]) -> None:
    rows = [row(months=one, rates="total=1") for one in months]
    assert "months" in {column for _, column in problems(*rows)}


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"zone_rule": "mine"}, "zone_rule"), ({"alone": "110"}, "alone"), ({"alone": "many"}, "alone")],
)
def test_what_else_a_block_may_not_say(cells: dict[str, str], column: str) -> None:
    assert column in {name for _, name in problems(row(**cells))}


def test_bounds_of_who_lives_alone_ascend() -> None:
    rows = (row(up_to="100", alone="300"), row(up_to="200", rates="total=6"), row(rates="total=7"))
    assert problems(*rows) == [(3, "alone")]


def test_seasons_have_the_same_zones() -> None:
    assert problems(row(rates="total=1"), row(months="1", rates="day=1;night=2")) == [(3, "rates")]


def test_a_plan_of_two_parts_is_read_and_kept() -> None:
    (one,) = tariffs.read([(2, row(demand="950,5", ratchet="80", ratchet_months="11"))]).versions
    version = one.version
    assert (version.demand, version.ratchet, version.ratchet_months) == (950_500_000, 800, 11)
    terms = tariffs.encode(version)
    assert (terms["demand"], terms["ratchet"], terms["ratchet_months"]) == ("950.5", "80", 11)
    start, end = version.valid.start, version.valid.end
    assert tariffs.decode(terms, id=0, plan="CITY", valid_from=start, valid_to=end, source="an order") == version


def test_zones_stand_in_one_cell() -> None:
    (one,) = tariffs.read([(2, row(rates="day=4,29; night=2.55"))]).versions
    assert one.version.zones == ("day", "night")
    assert one.version.blocks[0].rates == {"day": 4_290_000, "night": 2_550_000}


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"plan": "город"}, "plan"),
        ({"valid_from": ""}, "valid_from"),
        ({"valid_from": "01.07.2025"}, "valid_from"),
        ({"valid_to": "2025-07-01"}, "valid_to"),
        ({"valid_to": "2025-13-01"}, "valid_to"),
        ({"rates": ""}, "rates"),
        ({"rates": "3.32"}, "rates"),
        ({"rates": "total=-1"}, "rates"),
        ({"rates": "total=1.1234567"}, "rates"),
        ({"rates": "noon=1"}, "rates"),
        ({"rates": "day=1;day=2"}, "rates"),
        ({"up_to": "150"}, "up_to"),
        ({"standing": "many"}, "standing"),
        ({"standing": "1.005"}, "standing"),
        ({"minimum": "1e3"}, "minimum"),
        ({"vat": "20.05"}, "vat"),
        ({"demand": "much"}, "demand"),
        ({"ratchet": "80", "ratchet_months": "11"}, "demand"),
        ({"demand": "950", "ratchet": "80"}, "ratchet_months"),
        ({"demand": "950", "ratchet_months": "11"}, "ratchet"),
        ({"demand": "950", "ratchet": "101", "ratchet_months": "11"}, "ratchet"),
        ({"demand": "950", "ratchet": "80", "ratchet_months": "13"}, "ratchet_months"),
        ({"mode": "steps"}, "mode"),
        ({"scaling": "cats"}, "scaling"),
        ({"source": ""}, "source"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column(cells: dict[str, str], column: str) -> None:
    found = tariffs.read([(7, row(**cells))])
    assert (7, column) in [(one.line, one.column) for one in found.problems]
    assert found.versions == ()


def test_a_wrong_row_leaves_out_its_version_and_no_other() -> None:
    found = tariffs.read([(2, row(up_to="150")), (3, row(rates="x")), (4, row(plan="RURAL"))])
    assert [one.version.plan for one in found.versions] == ["RURAL"]


def test_blocks_rise() -> None:
    assert problems(row(up_to="150"), row(up_to="150"), row()) == [(3, "up_to")]
    assert problems(row(), row()) == [(2, "up_to")]
    assert problems(row(up_to="150"), row(rates="day=1")) == [(3, "rates")]


def test_rows_of_a_version_do_not_contradict_each_other() -> None:
    assert problems(row(up_to="150", vat="20"), row(vat="10")) == [(3, "vat")]


def test_versions_of_a_plan_do_not_overlap() -> None:
    found = tariffs.read([(2, row(valid_from="2024-01-01", valid_to="2025-08-01")), (3, row())])
    assert found.problems == (
        TariffProblem(2, "valid_to", "2025-08-01", "the next version begins on 2025-07-01", "2025-07-01"),
    )
    assert [one.line for one in found.versions] == [3]


def test_every_shipped_version_is_stored_and_read_back() -> None:
    shipped = tariffs.shipped()
    assert {one.plan for one in shipped} >= {"RU-FLAT", "RU-DN", "CRIMEA-CITY"}
    for one in shipped:
        terms = tariffs.encode(one)
        again = tariffs.decode(
            terms, id=one.id, plan=one.plan, valid_from=one.valid.start, valid_to=one.valid.end, source=one.source
        )
        assert again == one


def test_terms_that_are_none_are_refused() -> None:
    terms = tariffs.encode(tariffs.shipped()[0])
    with pytest.raises(ValueError):
        tariffs.decode(terms | {"mode": "?"}, id=1, plan="P", valid_from=date(2025, 1, 1), valid_to=None, source="")
    with pytest.raises(KeyError):
        tariffs.decode({"zones": []}, id=1, plan="P", valid_from=date(2025, 1, 1), valid_to=None, source="")
