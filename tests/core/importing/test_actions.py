"""Whole files: the way to them, progress, interruption, two at once, and the examples of the documentation."""

import asyncio
import csv
from pathlib import Path

import pytest
from asyncpg import Connection, Pool

from core.importing import actions
from core.importing.model import Counts, FileRefused, Kind, Problem
from core.importing.report import Report
from core.store import pool as store
from tests import make
from tests.core.importing import files
from tests.core.importing.files import ANNA, AT, TODAY, ZONE

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"
ROWS = [ANNA | {"account": str(number), "phones": f"8978{number:07d}"} for number in range(100, 150)]


class Interrupted(Exception):
    pass


async def run(conn: Connection, kind: str, path: Path) -> Report:
    return await actions.run(kind, path, conn=conn, keyring=make.keyring(), zone=ZONE, today=TODAY, at=AT)


async def test_the_examples_of_the_documentation(conn: Connection) -> None:
    for kind in ("tariffs", "customers", "buildings", "charges", "payments", "statement"):
        report = await run(conn, kind, EXAMPLES / f"{kind}.csv")
        assert report.problems == (), list(report.lines())
        assert report.rows.new > 0
        assert (await run(conn, kind, EXAMPLES / f"{kind}.csv")).rows == Counts(unchanged=report.rows.new)


def test_every_kind_has_an_example() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.csv")} == set(actions.KINDS)


async def test_a_kind_that_is_none(conn: Connection, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("a\n")
    with pytest.raises(ValueError, match="people"):
        await run(conn, "people", path)


@pytest.mark.parametrize("kind", actions.KINDS)
async def test_files_without_rows(conn: Connection, tmp_path: Path, kind: str) -> None:
    header = (EXAMPLES / f"{kind}.csv").read_text(encoding="utf-8").splitlines()[0]
    path = tmp_path / "file.csv"
    path.write_text(header + "\n")
    assert (await run(conn, kind, path)).rows == Counts()
    path.write_text("")
    with pytest.raises(FileRefused, match="empty"):
        await run(conn, kind, path)
    path.write_bytes(header.encode() + "\nПетров".encode("cp1251"))
    with pytest.raises(FileRefused, match="Windows-1251"):
        await run(conn, kind, path)


async def test_an_interrupted_file_goes_on(pool: Pool) -> None:
    seen: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        if len(seen) == 2:
            raise Interrupted

    async with store.acquire(pool) as conn:
        await files.tariffs(conn)
        with pytest.raises(Interrupted):
            await actions.import_customers(
                conn, files.table(*ROWS), keyring=make.keyring(), zone=ZONE, today=TODAY, at=AT,
                progress=progress, chunk=10,
            )  # fmt: skip
        assert seen == [(12, 51), (22, 51)]
        assert await conn.fetchval("select count(*) from accounts") == 20
        report = await files.customers(conn, *ROWS)
        assert report.rows == Counts(new=30, unchanged=20)
        assert await conn.fetchval("select count(*) from accounts") == 50


async def test_progress_ends_with_the_file(conn: Connection) -> None:
    await files.tariffs(conn)
    seen: list[tuple[int, int]] = []
    await actions.import_customers(
        conn, files.table(*ROWS), keyring=make.keyring(), zone=ZONE, today=TODAY, at=AT,
        progress=lambda done, total: seen.append((done, total)), chunk=20,
    )  # fmt: skip
    assert seen[-1] == (51, 51)
    assert seen == sorted(seen)


async def test_two_imports_of_one_file_at_once(pool: Pool) -> None:
    async with store.acquire(pool) as first, store.acquire(pool) as second:
        await files.tariffs(first)
        reports = await asyncio.gather(
            *(files.customers(conn, *ROWS, chunk=5) for conn in (first, second)), return_exceptions=False
        )
        assert sum(report.rows.new for report in reports) == 50
        assert sum(report.rows.unchanged for report in reports) == 50
        assert await first.fetchval("select count(*) from accounts") == 50
        assert await first.fetchval("select count(*) from links") == 50


async def test_rows_of_an_account_that_stand_together_are_one_transaction(pool: Pool) -> None:
    rows = [ANNA | {"account": "1", "meter": str(number)} for number in range(30)]
    seen: list[int] = []
    async with store.acquire(pool) as conn:
        await files.tariffs(conn)
        await actions.import_customers(
            conn, files.table(*rows, *ROWS[:5]), keyring=make.keyring(), zone=ZONE, today=TODAY, at=AT,
            progress=lambda done, total: seen.append(done), chunk=4,
        )  # fmt: skip
    assert seen == [32, 36, 36, 36]


def test_a_report_for_people(tmp_path: Path) -> None:
    problems = tuple(Problem(line, "phones", "…17", "bad", "good") for line in range(2, 27))
    report = Report(Kind.CUSTOMERS, {"rows": Counts(1, 2, 25)}, problems)
    lines = list(report.lines())
    assert lines[0] == "rows: 1 new, 2 unchanged, 25 bad"
    assert lines[1] == "line 2, phones: '…17' bad; expected: good"
    assert lines[-1] == "… and 5 more problem(s)"
    assert len(lines) == 22
    assert len(list(report.lines(shown=0))) == 2


def test_the_table_of_problems(tmp_path: Path) -> None:
    odd = '=cmd|"x",@y'
    report = Report(Kind.CHARGES, {"rows": Counts(bad=2)}, (
        Problem(2, "amount", odd, "not an amount of money", "431.60"),
        Problem(3, "", "", "5 cells where the header has 6", "quotes"),
    ))  # fmt: skip
    path = tmp_path / "problems.csv"
    report.write(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [
            ["line", "column", "value", "reason", "expected"],
            ["2", "amount", f"'{odd}", "not an amount of money", "431.60"],
            ["3", "", "", "5 cells where the header has 6", "quotes"],
        ]
