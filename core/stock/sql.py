"""What the database is asked about the meters in stores."""

from collections.abc import Sequence
from datetime import date, datetime

from asyncpg import Connection, Record

from core.stock.model import Count, Device, Event, Kind, Moved, Place, Standing, Store, Turnover

STORES = """
select id, name, kind from stores order by kind desc, name
"""

ADD_STORE = """
insert into stores (name, kind, author, recorded_at) values ($1, $2, $3, $4) on conflict (name) do nothing returning id
"""

BRING = """
insert into devices (brand, serial, place)
select $1, serial, 'loose' from unnest($2::text[]) as new (serial)
on conflict (serial, brand) do nothing
"""

LOCK = """
select id, brand, serial, place, store_id, goal_id, verified_until
  from devices where brand = $1 and serial = any($2::text[]) order by id for update
"""

FOUND = """
select id, brand, serial, place, store_id, goal_id, verified_until
  from devices
 where (serial, brand) in (select * from unnest($1::text[], $2::text[])) order by id for update
"""

PLACE = """
update devices set place = new.place, store_id = new.store_id, goal_id = new.goal_id,
                   verified_until = coalesce($5, verified_until)
  from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[]) as new (id, place, store_id, goal_id)
 where devices.id = new.id
"""

MOVE = """
insert into device_movements (device_id, event, store_id, other_id, until, document, reason, author, recorded_at)
select device_id, $2, store_id, other_id, $6, document, $7, $8, $9
  from unnest($1::bigint[], $3::bigint[], $4::bigint[], $5::text[]) as new (device_id, store_id, other_id, document)
"""

COUNTS = """
select s.id as store_id, d.brand, count(*) filter (where d.place = 'stored' and d.store_id = s.id) as stored,
       count(*) filter (where d.goal_id = s.id) as coming
  from stores s join devices d on d.store_id = s.id and d.place = 'stored' or d.goal_id = s.id
 group by s.id, d.brand order by s.id, d.brand
"""

IN_STORE = """
select id, brand, serial, place, store_id, goal_id, verified_until
  from devices where (store_id = $1 or goal_id = $1) and id > $2 order by id limit $3
"""

BY_SERIAL = """
select id, brand, serial, place, store_id, goal_id, verified_until from devices where serial = $1 order by brand
"""

HISTORY = """
select v.device_id, v.event, s.name as store, o.name as other, v.until, v.document, v.reason, v.author, v.recorded_at
  from device_movements v left join stores s on s.id = v.store_id left join stores o on o.id = v.other_id
 where v.device_id = any($1::bigint[]) order by v.id
"""

TURNOVER = """
select v.event, s.name as store, o.name as other, d.brand, count(*) as meters
  from device_movements v join devices d on d.id = v.device_id
  left join stores s on s.id = v.store_id left join stores o on o.id = v.other_id
 where v.recorded_at >= $1 and v.recorded_at < $2
 group by v.event, s.name, o.name, d.brand order by v.event, s.name, o.name, d.brand
"""


async def stores(conn: Connection) -> list[Store]:
    return [Store(row["id"], row["name"], Kind(row["kind"])) for row in await conn.fetch(STORES)]


async def add_store(conn: Connection, name: str, kind: Kind, *, author: str, at: datetime) -> bool:
    """Whether it is new."""
    return await conn.fetchval(ADD_STORE, name, kind, author, at) is not None


async def bring(conn: Connection, brand: str, serials: Sequence[str]) -> None:
    """Meters that no store has seen yet are on record from now on, in no store."""
    await conn.execute(BRING, brand, serials)


async def locked(conn: Connection, brand: str, serials: Sequence[str]) -> dict[str, Device]:
    """The meters by serial, locked until the transaction ends, in the order of their ids."""
    return {row["serial"]: _device(row) for row in await conn.fetch(LOCK, brand, serials)}


async def found(conn: Connection, meters: Sequence[tuple[str, str]]) -> list[Device]:
    """Those of the (serial, brand) that went through a store, locked."""
    return [_device(row) for row in await conn.fetch(FOUND, *zip(*meters, strict=True))]


async def move(
    conn: Connection,
    moved: Sequence[tuple[Device, Standing]],
    event: Event,
    ends: Sequence[tuple[int | None, int | None]],
    *,
    documents: Sequence[str],
    until: date | None,
    reason: str,
    author: str,
    at: datetime,
) -> None:
    """Writes an event of locked meters and where they are after it; `ends` are the stores of each movement."""
    ids = [device.id for device, _ in moved]
    stands = [standing for _, standing in moved]
    await conn.execute(
        PLACE,
        ids,
        [one.place for one in stands],
        [one.store_id for one in stands],
        [one.goal_id for one in stands],
        until,
    )
    near, far = [one for one, _ in ends], [one for _, one in ends]
    await conn.execute(MOVE, ids, event, near, far, documents, until, reason, author, at)


async def counts(conn: Connection) -> list[Count]:
    return [Count(*row) for row in await conn.fetch(COUNTS)]


async def in_store(conn: Connection, store_id: int, *, after: int, limit: int) -> list[Device]:
    """Meters that lie there, travel from there or to there, behind that id."""
    return [_device(row) for row in await conn.fetch(IN_STORE, store_id, after, limit)]


async def by_serial(conn: Connection, serial: str) -> list[Device]:
    return [_device(row) for row in await conn.fetch(BY_SERIAL, serial)]


async def history(conn: Connection, ids: Sequence[int]) -> dict[int, list[Moved]]:
    """What befell each, the earliest first."""
    told: dict[int, list[Moved]] = {}
    for id, event, *rest in await conn.fetch(HISTORY, ids):
        told.setdefault(id, []).append(Moved(Event(event), *rest))
    return told


async def turnover(conn: Connection, since: datetime, until: datetime) -> list[Turnover]:
    """What moved at or after the one and before the other time."""
    return [Turnover(Event(event), *rest) for event, *rest in await conn.fetch(TURNOVER, since, until)]


def _device(row: Record) -> Device:
    standing = Standing(Place(row["place"]), row["store_id"], row["goal_id"])
    return Device(row["id"], row["brand"], row["serial"], standing, row["verified_until"])
