"""What the database is given through the doors for facts."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from asyncpg import Connection

from core.basics.periods import DAY
from core.billing.conditions import stored
from core.billing.conditions.model import TERMS, Kind, Subject
from core.billing.recording import NewFact
from core.metering.model import ReadingFact
from core.selfservice.model import NewReading

KNOWN_FACTS = """
select account_id, kind, subject, name, valid_from, valid_to, value::text, document
  from conditions_in_force where account_id = any($1::bigint[])
"""

KNOWN_BUILDING_FACTS = """
select building_id, kind, building_id, '', valid_from, valid_to, value::text, document
  from building_conditions c
 where building_id = any($1::bigint[]) and withdraws is null
   and not exists (select from building_conditions w where w.building_id = c.building_id and w.withdraws = c.no)
"""

BUILDINGS = """
select code, id from buildings where code = any($1::text[])
"""

CUSTOMERS = """
select number, customer_id from accounts where number = any($1::text[])
"""

OWNERS = """
select m.serial, a.number
  from unnest($1::text[]) as asked (serial)
  join meters m on m.serial = asked.serial and m.removed_on is distinct from m.installed_on
  join accounts a on a.id = m.account_id
"""

MOVEMENTS = """
select account_id, meter_id, event, day, document from movements v
 where account_id = any($1::bigint[])
   and not exists (select from conditions w
                    where w.account_id = v.account_id and w.kind = 'movement' and w.value = to_jsonb(v.id))
"""

ADD_MOVEMENTS = """
insert into movements (account_id, meter_id, event, day, document, author, recorded_at)
select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::date[], $5::text[], $6::text[], $7::timestamptz[])
returning meter_id, id
"""

REMOVE = """
update meters m set removed_on = new.day
  from unnest($1::bigint[], $2::bigint[], $3::date[]) as new (account_id, meter_id, day)
 where m.id = new.meter_id and m.account_id = new.account_id
"""

_READINGS = (
    "account_id", "no", "meter_id", "register", "day", "value", "source", "document", "author", "recorded_at",
)  # fmt: skip


_TOLD = (
    "account_id", "no", "meter_id", "register", "day", "value", "source", "flags", "author", "recorded_at",
    "counted_from",
)  # fmt: skip


async def add_told(conn: Connection, account_id: int, new: NewReading, *, author: str, at: datetime) -> None:
    """Writes a reading that a customer told by telephone and an operator wrote down, as his own; the account is locked
    by the caller."""
    since = new.since and new.since.first
    records = [
        (
            account_id, new.no, meter, register, new.day, Decimal(value).scaleb(-3), new.source, list(new.flags),
            author, at, since,
        )
        for meter, register, value in new.rows
    ]  # fmt: skip
    await conn.copy_records_to_table("readings", records=records, columns=_TOLD)


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


async def buildings(conn: Connection, codes: Sequence[str]) -> dict[str, int]:
    """The ids of the buildings with these codes."""
    return {row[0]: row[1] for row in await conn.fetch(BUILDINGS, codes)}


async def customers(conn: Connection, numbers: Sequence[str]) -> dict[str, int]:
    """Whose the accounts with these numbers are."""
    return {row[0]: row[1] for row in await conn.fetch(CUSTOMERS, numbers)}


async def owners(conn: Connection, serials: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The numbers of the accounts with a meter of the serial, by serial."""
    found: dict[str, tuple[str, ...]] = {}
    for serial, number in await conn.fetch(OWNERS, serials):
        found[serial] = (*found.get(serial, ()), number)
    return found


Identity = tuple[int, Kind, int, str, date, date | None, str, str]
"""What makes two dated facts one: whose, of what kind, subject and name, days, value, document."""


def identity(fact: NewFact) -> Identity:
    """What makes the fact one with another."""
    own = TERMS[fact.kind].subject in (Subject.ACCOUNT, Subject.BUILDING)
    subject = fact.owner_id if own else fact.subject
    value = json.dumps(stored.encode(fact.value), sort_keys=True)
    return fact.owner_id, fact.kind, subject, fact.name, fact.days.start, fact.days.end, value, fact.document


async def known_facts(conn: Connection, account_ids: Sequence[int]) -> set[Identity]:
    """What is on record of the accounts, their points and their meters."""
    return {_identity(row) for row in await conn.fetch(KNOWN_FACTS, account_ids)}


async def known_building_facts(conn: Connection, building_ids: Sequence[int]) -> set[Identity]:
    """What is on record of the buildings."""
    return {_identity(row) for row in await conn.fetch(KNOWN_BUILDING_FACTS, building_ids)}


def _identity(row: Any) -> Identity:
    owner, kind, subject, name, start, end, value, document = row
    return owner, Kind(kind), subject, name, start, end, json.dumps(json.loads(value), sort_keys=True), document


@dataclass(frozen=True, slots=True)
class Movement:
    """A meter came or went at the end of `day`."""

    account_id: int
    meter_id: int
    event: str
    day: date
    document: str


async def movements(conn: Connection, account_ids: Sequence[int]) -> set[Movement]:
    """What came and went in the accounts."""
    return {Movement(*row) for row in await conn.fetch(MOVEMENTS, account_ids)}


async def move(conn: Connection, moved: Sequence[Movement], *, by: str, at: datetime) -> dict[int, int]:
    """Writes movements of meters of locked accounts, one a meter; those that were removed stand there until the end of
    the day. The ids of the movements by their meters."""
    ids: dict[int, int] = {}
    if moved:
        rows = [(one.account_id, one.meter_id, one.event, one.day, one.document, by, at) for one in moved]
        added = await conn.fetch(ADD_MOVEMENTS, *zip(*rows, strict=True))
        ids = {row["meter_id"]: row["id"] for row in added}
    gone = [(one.account_id, one.meter_id, one.day + DAY) for one in moved if one.event == "removed"]
    if gone:
        await conn.execute(REMOVE, *zip(*gone, strict=True))
    return ids
