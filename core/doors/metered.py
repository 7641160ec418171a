"""A chunk of readings of a metering system: meters are found by their serials, the counts compared and stored."""

from collections.abc import Sequence
from dataclasses import replace

from asyncpg import Connection

from core.doors import counting, sql
from core.doors.model import Setting
from core.doors.rows import CountRow
from core.importing.model import Problem
from core.metering.model import Source


async def store(conn: Connection, rows: Sequence[CountRow], setting: Setting) -> None:
    """Stores the readings that are new. One meter, register and day has one reading of a metering system."""
    owners = await sql.owners(conn, sorted({row.meter for row in rows if not row.account}))
    found: list[CountRow] = []
    for row in rows:
        accounts = owners.get(row.meter, ())
        if row.account:
            found.append(row)
        elif len(accounts) == 1:
            found.append(replace(row, account=accounts[0]))
        else:
            reason = "several meters bear this serial" if accounts else "no such meter"
            expected = "the column account beside it" if accounts else "a meter that is on record"
            setting.tally.wrong(counting.NOUN, [Problem(row.line, "meter", row.meter, reason, expected)])
    await counting.store(conn, found, setting, source=Source.AMR)
