"""A database as a version wrote it, kept for later ones to bring forward.

`python -m tests.core.store.sealing` writes it anew by the newest migrations: a dump, and beside it what its books said
(`told`).
"""

import asyncio
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from asyncpg import Connection

from core.basics.periods import DAY, Month
from core.billing import actions as billing
from core.billing.engine import protocol
from core.books import verifying
from core.store import migrate
from core.store import pool as store
from gateway import binaries, embedded
from tests.core.books import chronicle
from tests.core.books.feeding import Books

FOLDER = Path(__file__).with_name("filled")
NUMBERS = range(1, 9)
MONTHS = 2
TODAY = date(2024, 3, 5)

SUMS = "select ledger, sum(amount)::bigint as sum, count(*) as lines from entries group by ledger order by ledger"
HEADS = "select day, encode(head, 'hex') as head from day_heads order by day"
SEALS = "select account_id, month, encode(hash, 'hex') as hash from bill_seals order by account_id, month"
CLAIMS = "select account_id, no, month, kind, amount, due_on from claims order by account_id, no"
_NOISE = re.compile(r"^(--.*|\\(un)?restrict .*|SET .*|SELECT pg_catalog\.set_config.*|)\n", re.MULTILINE)


async def told(conn: Connection) -> dict[str, Any]:
    """What the books say: sums, claims, heads, seals, and what each account is told on a day."""
    found: dict[str, Any] = {
        name: [[str(cell) for cell in row] for row in await conn.fetch(statement)]
        for name, statement in (("sums", SUMS), ("heads", HEADS), ("seals", SEALS), ("claims", CLAIMS))
    }
    numbers = [str(100_000_000 + number) for number in NUMBERS]
    found["answers"] = {number: await _answer(conn, number) for number in numbers}
    proven = await verifying.verify(conn)
    found["proven"] = [proven.days, proven.rows, None if proven.broken is None else str(proven.broken)]
    return found


async def _answer(conn: Connection, number: str) -> list[str]:
    explained = await billing.explain(conn, number, TODAY)
    assert explained is not None
    stands = explained.standing
    sums = [stands.to_pay, stands.overdue, stands.credit, *(line.amount for line in explained.lines)]
    return [protocol.money(one) for one in sums]


async def fill(dsn: str) -> dict[str, Any]:
    """Lives the months of a few accounts; what the books say then."""
    conn = await store.connect(dsn, role=None)
    try:
        await migrate.migrate(conn)
        homes = [chronicle.home(number) for number in NUMBERS]
        facts = [one for home in homes for one in chronicle.facts(home, MONTHS)]
        books, day, end = Books(conn), chronicle.FIRST.first, date(2024, 3, 1)
        await books.furnish(homes)
        while day <= end:
            if day.day == 1 and day > chronicle.FIRST.first:
                await books.bill(Month.of(day).previous)
            await books.tell([one.fact for one in facts if one.on == day], on=day)
            await books.close(day)
            day += DAY
        return await told(conn)
    finally:
        await conn.close()


def main() -> None:
    with embedded.throwaway() as dsn:
        held = asyncio.run(fill(dsn))
        command = ["--data-only", "--inserts", "--rows-per-insert=200", "--no-owner", "--load-via-partition-root",
                   "--restrict-key=meterline", "--exclude-schema=store", f"--dbname={dsn}"]  # fmt: skip
        dump = binaries.Account().run([binaries.find().program("pg_dump"), *command])
    if dump.returncode != 0:
        raise SystemExit(dump.stderr)
    name = migrate.read()[-1].name[:4]
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.sql").write_text(_NOISE.sub("", dump.stdout), encoding="utf-8")
    (FOLDER / f"{name}.json").write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
