"""Measures how fast files are imported: python -m tests.core.importing.measure [ROWS]."""

import asyncio
import io
import sys
import time
from collections.abc import Iterator, Mapping

from asyncpg import Connection

from core.importing import actions
from core.importing.report import Report
from core.store import migrate
from core.store import pool as store
from gateway import embedded
from tests import make
from tests.core.importing import files
from tests.core.importing.files import AT, TODAY, ZONE


def customers(count: int) -> Iterator[dict[str, str]]:
    """Made-up households in buildings of sixty flats, every fifth with a meter of two zones."""
    for number in range(count):
        two = number % 5 == 0
        yield {
            "account": f"{number:07d}",
            "kind": "household",
            "name": f"Потребитель {number} Иванович",
            "address": f"г. Примерск, ул. Вымышленная, д. {number // 60}, кв. {number % 60}",
            "building": f"B-{number // 60}",
            "service": "electricity",
            "tariff": "RU-DN" if two else "RU-FLAT",
            "meter": str(10_000_000 + number),
            "brand": "Пример-1",
            "digits": "5",
            "capacity_kw": "15",
            "registers": "day/night" if two else "total",
            "reading": "04325/01210" if two else f"{number % 90_000:05d}",
            "reading_date": "2025-10-31",
            "persons": str(1 + number % 4),
            "phones": f"+7978{number:07d}",
            "contract": "2025-01-15" if number % 2 else "",
        }


def ledger(count: int) -> Iterator[dict[str, str]]:
    """An opening balance for every account."""
    for number in range(count):
        yield {
            "external_id": f"OLD-{number}",
            "account": f"{number:07d}",
            "period": "2025-10",
            "service": "electricity",
            "amount": f"{number % 3000}.60",
            "due_date": "2025-11-10",
        }


def money(count: int) -> Iterator[dict[str, str]]:
    """A payment for every account."""
    for number in range(count):
        yield {
            "external_id": f"K-{number}",
            "account": f"{number:07d}",
            "date": "2025-11-07",
            "amount": f"{1 + number % 3000}.60",
            "agent": "Касса",
        }


async def measure(address: str, count: int) -> None:
    owner = await store.connect(address, role=None)
    await migrate.migrate(owner)
    await owner.close()
    conn = await store.connect(address)
    await files.tariffs(conn)
    kinds: Mapping[str, Iterator[dict[str, str]]] = {
        "customers": customers(count), "charges": ledger(count), "payments": money(count)
    }  # fmt: skip
    for kind, rows in kinds.items():
        stream = files.table(*rows)
        for turn in ("first", "again"):
            began, worked = time.perf_counter(), time.process_time()
            report = await _import(conn, kind, stream)
            took, cpu = time.perf_counter() - began, time.process_time() - worked
            assert report.rows.bad == 0
            rate = f"{count / took:.0f}/s, {1e6 * cpu / count:.0f} µs of Python a row"
            print(f"{kind}, {turn}: {count} rows in {took:.1f} s, {rate}")
    await conn.close()


async def _import(conn: Connection, kind: str, stream: io.BytesIO) -> Report:
    match kind:
        case "customers":
            return await actions.import_customers(conn, stream, keyring=make.keyring(), zone=ZONE, today=TODAY, at=AT)
        case "charges":
            return await actions.import_charges(conn, stream, today=TODAY, at=AT)
        case _:
            return await actions.import_payments(conn, stream, today=TODAY, at=AT, keyring=make.keyring())


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with embedded.throwaway() as address:
        asyncio.run(measure(address, count))


if __name__ == "__main__":
    main()
