"""What the database is asked about who manages which building."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from asyncpg import Connection

BUILDINGS = """
select code, id from buildings where code = any($1::text[])
"""

ADD_ORGANISATIONS = """
insert into organisations (code, name)
select code, name from unnest($1::text[], $2::text[]) as given (code, name)
 where not exists (select from organisations o where o.code = given.code)
"""

MANAGERS = """
select b.code, m.valid_from, o.code
  from unnest($1::text[]) as asked (code)
  join buildings b on b.code = asked.code
  join building_managers m on m.building_id = b.id
  join organisations o on o.id = m.organisation_id
 order by m.id
"""

ADD_MANAGERS = """
insert into building_managers (building_id, organisation_id, valid_from, document, recorded_at)
select b.id, o.id, given.valid_from, given.document, $5
  from unnest($1::text[], $2::text[], $3::date[], $4::text[]) with ordinality
       as given (building, manager, valid_from, document, place)
  join buildings b on b.code = given.building
  join organisations o on o.code = given.manager
 order by given.place
"""


@dataclass(frozen=True, slots=True)
class Managed:
    """Who manages a building from a day on, by codes, and by which document."""

    building: str
    manager: str
    name: str
    valid_from: date
    document: str


async def known(conn: Connection, codes: Sequence[str]) -> set[str]:
    """Which of these are codes of buildings."""
    return {row[0] for row in await conn.fetch(BUILDINGS, codes)}


async def managers(conn: Connection, codes: Sequence[str]) -> dict[tuple[str, date], str]:
    """Who manages the buildings from which day on, as it was last said."""
    return {(row[0], row[1]): row[2] for row in await conn.fetch(MANAGERS, codes)}


async def add(conn: Connection, rows: Sequence[Managed], *, at: datetime) -> None:
    """Adds what is new; organisations are made where they are."""
    if not rows:
        return
    names = {row.manager: row.name or row.manager for row in rows}
    await conn.execute(ADD_ORGANISATIONS, list(names), list(names.values()))
    columns = [(row.building, row.manager, row.valid_from, row.document) for row in rows]
    await conn.execute(ADD_MANAGERS, *zip(*columns, strict=True), at)
