"""Rows that nobody would write: each is taken or told, by line, and nothing raises."""

import csv

import pytest
from asyncpg import Connection

from core.doors import actions
from core.doors.model import TABLE, Door
from core.importing import actions as importing
from tests import make
from tests.core.doors.bringing import AT, TODAY, bring
from tests.core.doors.test_actions import EXAMPLES

ODD = (
    "", "0", "-1", "1e5", "NaN", "=1+1", "x" * 300, "\x00", "\ufffd", "'; drop table accounts; --", "🏠", "31.02.2025",
    "2025-02-30", "2025-13-01", "9999-12-31", "0001-01-01", "20250101", "99999999999999999999", "0,0000001", "1/2/3/4",
    "١٢٣", "１２", "а" * 64, " ", "..", "2025-05..2025-04", "0/0", "-0", "+5", "1 000", "null", "total", "suspended",
)  # fmt: skip


@pytest.mark.parametrize("door", Door)
async def test_each_is_taken_or_told(conn: Connection, door: Door) -> None:
    for kind in ("tariffs", "customers", "charges"):
        path = EXAMPLES / f"{kind}.csv"
        await importing.run(kind, path, conn=conn, keyring=make.keyring(), zone="Europe/Moscow", today=TODAY, at=AT)
    with (EXAMPLES / "facts" / f"{door}.csv").open(encoding="utf-8", newline="") as file:
        examples = list(csv.DictReader(file))
    names = actions.columns(door).names
    rows = [{**row, name: odd} for row in examples[:2] for name in names for odd in ODD]
    report = await bring(conn, door, *rows, role=sorted(TABLE[door])[0])
    counted = report.rows
    assert counted.new + counted.unchanged + counted.bad == len(rows)
    told = {problem.line for problem in report.problems}
    assert len(told) == counted.bad > 0
    assert all(problem.reason and problem.expected for problem in report.problems)
