"""Files to be imported in tests, and what the database holds afterwards."""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, date, datetime

from asyncpg import Connection

from core.importing import actions
from core.importing.report import Report
from tests import make

TODAY = date(2025, 11, 21)
AT = datetime(2025, 11, 21, 9, tzinfo=UTC)
ZONE = "Europe/Simferopol"

METER = {
    "service": "electricity", "tariff": "RU-FLAT", "meter": "4521", "brand": "Пример-1", "digits": "5",
    "registers": "total", "reading": "04325", "reading_date": "2025-10-31",
}  # fmt: skip
ANNA = {
    "account": "0012345", "kind": "household", "name": "Анна Петровна", "address": "ул. Садовая, д. 4",
    "phones": "+79780000017",
} | METER  # fmt: skip
TARIFF = {"plan": "RU-FLAT", "valid_from": "2025-01-01", "rates": "total=3.32", "source": "illustrative"}
ZONES = {"plan": "RU-DN", "valid_from": "2025-01-01", "rates": "day=3.81;night=2.27", "source": "illustrative"}

TABLES = (
    "customers", "buildings", "accounts", "phones", "links", "tariffs", "points", "meters", "readings", "claims",
    "claim_names", "charges", "payments", "entries", "account_states", "statements",
)  # fmt: skip


def table(*rows: Mapping[str, str], separator: str = ",") -> io.BytesIO:
    """The rows as a CSV file with every column that one of them has."""
    names = tuple(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="", delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode())


async def tariffs(conn: Connection, *rows: Mapping[str, str]) -> Report:
    return await actions.import_tariffs(conn, table(*(rows or (TARIFF, ZONES))), at=AT)


async def customers(conn: Connection, *rows: Mapping[str, str], chunk: int = actions.CHUNK) -> Report:
    return await actions.import_customers(
        conn, table(*rows), keyring=make.keyring(), zone=ZONE, today=TODAY, at=AT, chunk=chunk
    )


async def charges(conn: Connection, *rows: Mapping[str, str], chunk: int = actions.CHUNK) -> Report:
    return await actions.import_charges(conn, table(*rows), today=TODAY, at=AT, chunk=chunk)


async def payments(conn: Connection, *rows: Mapping[str, str], chunk: int = actions.CHUNK) -> Report:
    return await actions.import_payments(conn, table(*rows), today=TODAY, at=AT, keyring=make.keyring(), chunk=chunk)


def headed(head: str, *rows: Mapping[str, str]) -> io.BytesIO:
    """The rows as a file with a line before its header."""
    return io.BytesIO(f"{head}\n".encode() + table(*rows).getvalue())


async def registry(conn: Connection, head: str, *rows: Mapping[str, str], chunk: int = actions.CHUNK) -> Report:
    stream = headed(head, *rows)
    return await actions.import_payments(conn, stream, today=TODAY, at=AT, keyring=make.keyring(), chunk=chunk)


async def statement(conn: Connection, *rows: Mapping[str, str]) -> Report:
    return await actions.import_statement(conn, table(*rows), today=TODAY, at=AT)


async def snapshot(conn: Connection) -> dict[str, list[str]]:
    """Every row of every table that an import writes."""
    return {name: [row[0] for row in await conn.fetch(f"select t::text from {name} t order by 1")] for name in TABLES}


def told(report: Report) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.reason) for problem in report.problems]
