"""What the database is given through the doors for facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from asyncpg import Connection

from core.metering.model import ReadingFact

_READINGS = (
    "account_id", "no", "meter_id", "register", "day", "value", "source", "document", "author", "recorded_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BroughtReading:
    """A reading with who brought it and by what document."""

    account_id: int
    fact: ReadingFact
    document: str
    author: str
    recorded_at: datetime


async def add_readings(conn: Connection, rows: Sequence[BroughtReading]) -> None:
    """Writes readings of accounts that the caller has locked."""
    records = [
        (
            row.account_id, row.fact.no, row.fact.meter_id, row.fact.register, row.fact.day,
            Decimal(row.fact.value).scaleb(-3), row.fact.source, row.document, row.author, row.recorded_at,
        )
        for row in rows
    ]  # fmt: skip
    if records:
        await conn.copy_records_to_table("readings", records=records, columns=_READINGS)
