"""The cabinet of many accounts: what they are, and files with readings for them (row G1)."""

import io
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import datetime

from asyncpg import Connection
from cryptography.exceptions import InvalidTag

from core.basics.sealing import Keyring
from core.cabinet.model import Person
from core.cabinet.sheets import sql
from core.cabinet.sheets.model import ROWS, Answered, Place, Reading
from core.finding.actions import opened
from core.importing import cells
from core.importing.model import FileRefused, Problem
from core.importing.table import Columns, Row, Table

COLUMNS = Columns(required=("account", "meter", "reading"), optional=("zone", "date"))


class TooManyRows(Exception):
    """The file has more rows than are taken at a time."""


def read(file: bytes) -> tuple[Reading | Problem, ...]:
    """The rows of a CSV file; a row that cannot be read is a Problem, whose `column` names the cell.

    :raises FileRefused: it is no text, or its first line does not name the columns; TooManyRows: it has more than ROWS.
    """
    found: list[Reading | Problem] = []
    with closing(Table(io.BytesIO(file), COLUMNS)) as table:
        for row in table.rows():
            if len(found) == ROWS:
                raise TooManyRows
            found.append(row if isinstance(row, Problem) else _read(row))
    if not found:
        raise FileRefused("the file has no rows behind its header")
    return tuple(found)


def _read(row: Row) -> Reading | Problem:
    account, meter, value, zone, day = row.cells
    for name, cell in (("account", account), ("meter", meter), ("reading", value)):
        if not cell:
            return Problem(row.line, name, "", "empty", "")
    try:
        on = cells.day(day) if day else None
    except ValueError:
        return Problem(row.line, "date", day, "not a day", "2025-11-21")
    return Reading(row.line, account, meter, zone.lower() or "total", on, value)


async def places(conn: Connection, person: Person, *, keyring: Keyring) -> dict[int, Place]:
    """What each of the person's accounts is; one statement."""
    return {
        row["id"]: Place(
            row["id"], row["opened_on"], opened(keyring, row["data_key"], row["address_sealed"], b"address"),
            tuple(tuple(one) for one in json.loads(row["points"] or "[]")),
        )
        for row in await sql.places(conn, [one.account.id for one in person.holdings])
    }  # fmt: skip


async def keep(
    conn: Connection, person: Person, key: str, answers: Sequence[Answered], *, keyring: Keyring, wall: datetime
) -> None:
    """Keeps what was answered to the rows of a file of the person's."""
    assert person.sender.sealed_key is not None
    body = json.dumps([asdict(one) for one in answers], ensure_ascii=False).encode()
    sealed = keyring.customer(person.sender.sealed_key).seal(body, purpose=b"sheet")
    await sql.keep(conn, person.sender.hash, key, sealed, at=wall)


async def kept(conn: Connection, person: Person, key: str, *, keyring: Keyring) -> tuple[Answered, ...] | None:
    """What was answered to the rows of the file with that key; None where the person has none."""
    assert person.sender.sealed_key is not None
    sealed = await sql.sheet(conn, person.sender.hash, key)
    if sealed is None:
        return None
    try:
        body = keyring.customer(person.sender.sealed_key).open(sealed, purpose=b"sheet")
    except InvalidTag:
        return None
    return tuple(Answered(**one) for one in json.loads(body))
