"""What the database is asked about conditions of accounts and of buildings."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from asyncpg import Connection

from core.basics.facts import dataclass
from core.basics.periods import Period
from core.billing.conditions import stored
from core.billing.conditions.model import Condition, Kind, Subject

ADD = """
insert into conditions (account_id, no, kind, subject, name, valid_from, valid_to, value, source, document, author,
                        recorded_at, withdraws, reason)
select account_id, no, kind, subject, name, valid_from, valid_to, value::jsonb, source, document, author, recorded_at,
       nullif(withdraws, 0), reason
  from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::date[], $7::date[], $8::text[],
              $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::bigint[], $14::text[])
       as new (account_id, no, kind, subject, name, valid_from, valid_to, value, source, document, author, recorded_at,
               withdraws, reason)
"""

OF_ACCOUNTS = """
select account_id, no, kind, subject, name, valid_from, valid_to, value::text, coalesce(withdraws, 0)
  from conditions where account_id = any($1::bigint[]) order by account_id, no
"""

SUBJECTS = """
select 'point', id, account_id from points where account_id = any($1::bigint[])
union all
select 'meter', id, account_id from meters where account_id = any($1::bigint[])
"""

LOCK_BUILDINGS = """
select pg_advisory_xact_lock(hashtextextended('building', id)) from unnest($1::bigint[]) as these (id)
"""

LAST_OF_BUILDINGS = """
select building_id, max(no) from building_conditions where building_id = any($1::bigint[]) group by building_id
"""

ADD_OF_BUILDINGS = """
insert into building_conditions (building_id, no, kind, valid_from, valid_to, value, source, document, author,
                                 recorded_at, withdraws, reason)
select building_id, no, kind, valid_from, valid_to, value::jsonb, source, document, author, recorded_at,
       nullif(withdraws, 0), reason
  from unnest($1::bigint[], $2::bigint[], $3::text[], $4::date[], $5::date[], $6::text[], $7::text[], $8::text[],
              $9::text[], $10::timestamptz[], $11::bigint[], $12::text[])
       as new (building_id, no, kind, valid_from, valid_to, value, source, document, author, recorded_at, withdraws,
               reason)
"""

OF_BUILDINGS = """
select building_id, no, kind, building_id, '', valid_from, valid_to, value::text, coalesce(withdraws, 0)
  from building_conditions where building_id = any($1::bigint[]) order by building_id, no
"""


SHARING = """
select distinct building_id from building_conditions where kind in ('house_volume', 'common_norm') order by building_id
"""

ACCOUNTS_IN = """
select id from accounts where building_id = $1 order by id
"""


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition of an account (or, by the functions that say so, of a building), with who says it and by what
    document, and, of one that takes another back, why."""

    owner_id: int
    fact: Condition
    source: str
    document: str
    author: str
    recorded_at: datetime
    reason: str = ""


async def add(conn: Connection, rows: Sequence[ConditionRow]) -> None:
    """Writes conditions of accounts, which are locked by the caller."""
    if rows:
        columns = (
            (
                row.owner_id, row.fact.no, row.fact.kind, row.fact.subject, row.fact.name, row.fact.days.start,
                row.fact.days.end, json.dumps(stored.encode(row.fact.value)), row.source, row.document, row.author,
                row.recorded_at, row.fact.withdraws, row.reason,
            )
            for row in rows
        )  # fmt: skip
        await conn.execute(ADD, *zip(*columns, strict=True))


async def of_accounts(conn: Connection, account_ids: Sequence[int]) -> dict[int, tuple[Condition, ...]]:
    """The conditions of each account that has any, in the order of their numbers."""
    return _by_owner(await conn.fetch(OF_ACCOUNTS, account_ids))


async def subjects(conn: Connection, account_ids: Sequence[int]) -> set[tuple[int, Subject, int]]:
    """What the accounts' conditions may be of: (account, point or meter, its id)."""
    return {(account, Subject(kind), id) for kind, id, account in await conn.fetch(SUBJECTS, account_ids)}


async def lock_buildings(conn: Connection, building_ids: Sequence[int]) -> dict[int, int]:
    """The last number that each of the buildings has given to a fact, 0 where none; no other transaction gives one
    until this one ends."""
    await conn.execute(LOCK_BUILDINGS, sorted(building_ids))
    last = {row[0]: row[1] for row in await conn.fetch(LAST_OF_BUILDINGS, building_ids)}
    return {building: last.get(building, 0) for building in building_ids}


async def add_of_buildings(conn: Connection, rows: Sequence[ConditionRow]) -> None:
    """Writes conditions of buildings, which are locked by the caller."""
    if rows:
        columns = (
            (
                row.owner_id, row.fact.no, row.fact.kind, row.fact.days.start, row.fact.days.end,
                json.dumps(stored.encode(row.fact.value)), row.source, row.document, row.author, row.recorded_at,
                row.fact.withdraws, row.reason,
            )
            for row in rows
        )  # fmt: skip
        await conn.execute(ADD_OF_BUILDINGS, *zip(*columns, strict=True))


async def of_buildings(conn: Connection, building_ids: Sequence[int]) -> dict[int, tuple[Condition, ...]]:
    """The conditions of each building that has any, in the order of their numbers."""
    return _by_owner(await conn.fetch(OF_BUILDINGS, building_ids))


async def sharing(conn: Connection) -> list[int]:
    """The buildings of which it is known what was used in them in common."""
    return [row[0] for row in await conn.fetch(SHARING)]


async def accounts_in(conn: Connection, building_id: int) -> list[int]:
    """The accounts of a building."""
    return [row[0] for row in await conn.fetch(ACCOUNTS_IN, building_id)]


def _by_owner(rows: Iterable[Any]) -> dict[int, tuple[Condition, ...]]:
    found: dict[int, list[Condition]] = {}
    for owner, no, kind, subject, name, start, end, value, withdraws in rows:
        fact = Condition(no, Kind(kind), subject, _days(start, end), stored.decode(json.loads(value)), name, withdraws)
        found.setdefault(owner, []).append(fact)
    return {owner: tuple(facts) for owner, facts in found.items()}


def _days(start: date, end: date | None) -> Period:
    return Period(start, end)
