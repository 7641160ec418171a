"""Files of tariffs: versions are added, and never changed."""

from datetime import date

import pytest
from asyncpg import Connection

from core.accounts import sql as accounts
from core.accounts.model import CompanyProfile
from core.billing import sql as billing_sql
from core.billing.tariffs import SHIPPED
from core.importing import actions
from core.importing.model import Counts, FileRefused
from tests.core.importing import files
from tests.core.importing.files import AT, TARIFF, ZONES

BLOCKS = (
    {"plan": "BLOCKS", "valid_from": "01.07.2025", "up_to": "150", "rates": "total=5,05", "source": "illustrative"},
    {"plan": "blocks", "valid_from": "2025-07-01", "up_to": "600", "rates": "total=5.43"},
    {"plan": "BLOCKS", "valid_from": "2025-07-01", "rates": "total=9.32"},
)


async def test_versions_are_stored_once(conn: Connection) -> None:
    report = await files.tariffs(conn, TARIFF, *BLOCKS)
    assert report.counts == {"rows": Counts(new=4), "tariffs": Counts(new=2)}
    before = await files.snapshot(conn)
    assert (await files.tariffs(conn, *BLOCKS, TARIFF)).rows == Counts(unchanged=4)
    assert await files.snapshot(conn) == before
    (version,) = (await billing_sql.tariffs(conn))["BLOCKS"]
    assert [(block.up_to, dict(block.rates)) for block in version.blocks] == [
        (150_000, {"total": 5_050_000}),
        (600_000, {"total": 5_430_000}),
        (None, {"total": 9_320_000}),
    ]
    assert version.valid.start == date(2025, 7, 1)


async def test_the_shipped_tariffs_can_be_imported(conn: Connection) -> None:
    with SHIPPED.open("rb") as stream:
        report = await actions.import_tariffs(conn, stream, at=AT)
    assert not report.problems
    assert report.rows.new > 0


async def test_bars_between_rates(conn: Connection) -> None:
    assert not (await files.tariffs(conn, ZONES | {"rates": "day=3,81|night=2,27"})).problems


async def test_vat_that_changes_parts_what_says_nothing_of_it(conn: Connection) -> None:
    """By the pack of the company, 20 % and from 2026 on 22 %; the same file again changes nothing, and what was stored
    by hand holds."""
    profile = CompanyProfile("Энергосбыт", "8-800-000-00-00", "Europe/Moscow", "RUB", "RU-legal", (15, 25))
    await accounts.set_company(conn, profile)
    assert (await files.tariffs(conn, TARIFF)).counts == {"rows": Counts(new=1), "tariffs": Counts(new=2)}
    before = await files.snapshot(conn)
    assert (await files.tariffs(conn, TARIFF)).rows == Counts(unchanged=1)
    assert await files.snapshot(conn) == before
    stored = (await billing_sql.tariffs(conn))["RU-FLAT"]
    assert [(one.valid.start, one.vat) for one in stored] == [(date(2025, 1, 1), 200), (date(2026, 1, 1), 220)]
    hand = TARIFF | {"plan": "HAND", "valid_from": "2026-01-01", "rates": "total=4.44", "vat": "10"}
    assert not (await files.tariffs(conn, hand)).problems
    assert not (await files.tariffs(conn, TARIFF | {"plan": "HAND"})).problems
    stored = (await billing_sql.tariffs(conn))["HAND"]
    assert [(one.valid.start, one.vat) for one in stored] == [(date(2025, 1, 1), 200), (date(2026, 1, 1), 100)]


@pytest.mark.parametrize("changes", [{"rates": "total=3.33"}, {"valid_to": "2026-01-01"}, {"source": "another"}])
async def test_a_stored_version_of_other_terms_is_refused(conn: Connection, changes: dict[str, str]) -> None:
    await files.tariffs(conn)
    before = await files.snapshot(conn)
    report = await files.tariffs(conn, TARIFF | changes)
    assert files.told(report) == [(2, "valid_from", "this version is stored with other terms")]
    assert await files.snapshot(conn) == before


async def test_a_version_that_runs_into_a_stored_one_is_refused(conn: Connection) -> None:
    await files.tariffs(conn)
    report = await files.tariffs(conn, TARIFF | {"valid_from": "2024-01-01", "valid_to": "2025-02-01"})
    reason = "goes on after the stored version of 2025-01-01 has begun"
    assert files.told(report) == [(2, "valid_from", reason)]


async def test_an_earlier_and_a_later_version_are_added(conn: Connection) -> None:
    await files.tariffs(conn)
    earlier = TARIFF | {"valid_from": "2024-01-01", "rates": "total=3"}
    later = TARIFF | {"valid_from": "2026-01-01", "rates": "total=4"}
    assert (await files.tariffs(conn, earlier, later)).rows == Counts(new=2)
    assert len((await billing_sql.tariffs(conn))["RU-FLAT"]) == 3


async def test_a_bad_version_is_refused_as_a_whole(conn: Connection) -> None:
    bad = (BLOCKS[0], BLOCKS[1] | {"up_to": "100"}, BLOCKS[2])
    report = await files.tariffs(conn, *bad, TARIFF)
    assert report.rows == Counts(new=1, bad=3)
    assert [(line, column) for line, column, _ in files.told(report)] == [(3, "up_to")]
    assert set(await billing_sql.tariffs(conn)) == {"RU-FLAT"}


async def test_a_column_of_another_kind_is_refused(conn: Connection) -> None:
    with pytest.raises(FileRefused, match="unknown column"):
        await files.tariffs(conn, TARIFF | {"account": "1"})
