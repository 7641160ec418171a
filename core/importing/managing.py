"""A chunk of a file of buildings: who manages them."""

from collections.abc import Sequence
from datetime import datetime

from asyncpg import Connection

from core.books.houses import sql as houses
from core.books.houses.sql import Managed
from core.importing.model import BuildingRow, Problem
from core.importing.plan import Tally


async def store(conn: Connection, rows: Sequence[BuildingRow], *, tally: Tally, at: datetime) -> None:
    """Stores what is not known yet. What is said anew of a day holds over what was said before."""
    codes = sorted({row.building for row in rows})
    known = await houses.known(conn, codes)
    managed = await houses.managers(conn, codes)
    new: list[Managed] = []
    for row in rows:
        if row.building not in known:
            problem = Problem(row.line, "building", row.building, "no such building", "import the customers first")
            tally.wrong("managers", [problem])
        elif managed.get((row.building, row.valid_from)) == row.manager:
            tally.unchanged("managers")
        else:
            managed[row.building, row.valid_from] = row.manager
            new.append(Managed(row.building, row.manager, row.name, row.valid_from, row.document))
            tally.new(row.line, "managers")
    await houses.add(conn, new, at=at)
