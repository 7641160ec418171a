"""Whole files through the doors: the examples of the documentation, twice, and in chunks."""

from pathlib import Path

import pytest
from asyncpg import Connection

from core.doors import actions
from core.doors.model import TABLE, Author, Door, NotAllowed, Role, allowed
from core.importing import actions as importing
from core.importing.model import Counts
from core.importing.report import Report
from tests import make
from tests.core.doors.bringing import AT, AUTHORS, TODAY, bring

EXAMPLES = Path(__file__).resolve().parents[3] / "docs" / "examples"


BEFORE = {Door.WITHDRAWALS: (Door.OCCUPANCY, Door.METERS), Door.ABSENCES: (Door.POINTS,)}
"""Whose examples come before that of a door."""


def may(door: Door) -> Author:
    return Author("all", TABLE[door])


async def run(conn: Connection, door: Door, path: Path, chunk: int = actions.CHUNK) -> Report:
    return await actions.run(door, path, conn=conn, author=may(door), today=TODAY, at=AT, chunk=chunk)


async def charged(conn: Connection) -> list[str]:
    tables = ("claims", "charges", "entries", "payments")
    return [row[0] for name in tables for row in await conn.fetch(f"select t::text from {name} t order by 1")]


@pytest.mark.parametrize("door", Door)
async def test_the_example_is_taken_and_again_brings_nothing_new(conn: Connection, door: Door) -> None:
    for kind in ("tariffs", "customers", "charges"):
        path = EXAMPLES / f"{kind}.csv"
        await importing.run(kind, path, conn=conn, keyring=make.keyring(), zone="Europe/Moscow", today=TODAY, at=AT)
    for other in BEFORE.get(door, ()):
        await run(conn, other, EXAMPLES / "facts" / f"{other}.csv")
    path = EXAMPLES / "facts" / f"{door}.csv"
    before = await charged(conn)
    report = await run(conn, door, path, chunk=1)
    assert report.problems == (), list(report.lines())
    assert report.rows.new > 0
    assert (await run(conn, door, path)).rows == Counts(unchanged=report.rows.new)
    assert await charged(conn) == before


def test_every_example_is_of_a_door() -> None:
    assert {path.stem for path in (EXAMPLES / "facts").glob("*.csv")} == {str(door) for door in Door}


@pytest.mark.parametrize("door", Door)
@pytest.mark.parametrize("role", Role)
async def test_a_role_that_is_not_allowed_has_no_door(conn: Connection, role: Role, door: Door) -> None:
    if allowed(role, door):
        await bring(conn, door, role=role)
        return
    with pytest.raises(NotAllowed, match="brought by"):
        await bring(conn, door, role=role)
    with pytest.raises(NotAllowed):
        await actions.run(door, EXAMPLES / "facts" / f"{door}.csv", conn=conn, author=AUTHORS[role], today=TODAY, at=AT)


def test_every_door_has_a_row_and_somebody_in_it() -> None:
    assert set(TABLE) == set(Door)
    assert all(TABLE.values())
