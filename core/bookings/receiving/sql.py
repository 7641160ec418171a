"""What the database is asked about the day of an office: who comes, who waits, who is served, and what was brought."""

from collections.abc import Mapping
from datetime import date, datetime

from asyncpg import Connection, Record

from core.basics.facts import dataclass
from core.bookings.model import Office, Visit
from core.bookings.sql import visit, visit_of

OF_DAY = f"""
{visit} where v.office_id = $1 and v.day = $2 and v.state not in ('cancelled', 'revoked', 'lapsed')
 order by v.starts_at, v.id
"""

WALK_IN = """
insert into visits (office_id, day, starts, starts_at, ticket, account_id, customer_id, language, channel, service,
                    state, since, made_at, made_by)
select $1, $2, $3, $4, 'A' || (1 + coalesce(max(substr(ticket, 2)::int), 0)), $5, $6, $7, 'desk', $8, 'arrived', $4, $4,
       $9
  from visits where office_id = $1 and day = $2 and ticket like 'A%'
returning id
"""

NEXT = """
select v.id from visits v
 where v.office_id = $1 and v.day = $2 and v.state = 'arrived'
 order by v.starts_at, v.id
 limit 1 for no key update skip locked
"""

BEFORE = """
select count(*)::int from visits o
 where o.office_id = $1 and o.day = $2 and o.state = 'arrived' and o.id <> $3 and (o.starts_at, o.id) < ($4, $3)
"""

CALL = """
update visits set state = 'called', since = $2, place = $3 where id = $1
"""

BUSY = """
select exists (select from visits where office_id = $1 and day = $2 and state = 'called' and place = $3)
"""

HOLDER = """
select a.id, a.customer_id, c.data_key,
       (select p.language from links l join phones p on p.hash = l.phone_hash
         where l.account_id = a.id and l.valid_to is null order by l.id limit 1) as language
  from accounts a join customers c on c.id = a.customer_id where a.number = $1
"""

SEALED = """
select v.reason, c.data_key, v.phone_hash from visits v left join customers c on c.id = v.customer_id where v.id = $1
"""

EVENTS = """
select what, at, by, words from visit_events where visit_id = $1 order by id
"""

ADD_PAPER = """
insert into visit_papers (visit_id, name, media_type, sha256, sealed, size, by, at)
values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (visit_id, sha256) do nothing
"""

PAPERS = """
select id, name, media_type, sha256, size, by, at from visit_papers where visit_id = $1 order by id
"""

PAPER = """
select p.name, p.media_type, p.sha256, p.sealed, c.data_key
  from visit_papers p join visits v on v.id = p.visit_id left join customers c on c.id = v.customer_id
 where p.visit_id = $1 and p.id = $2
"""

EARLIER = """
select count(*) filter (where state = 'missed')::int as missed, count(*) filter (where state = 'done')::int as done,
       avg(mark)::float8 as mark
  from visits where account_id = $1
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """A copy that was filed, with its hash."""

    id: int
    name: str
    media_type: str
    sha256: bytes
    size: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Earlier:
    """What became of an account's visits: missed, done, and the mean of their marks."""

    missed: int
    done: int
    mark: float | None


async def of_day(conn: Connection, office: Office, day: date) -> tuple[Visit, ...]:
    """The visits of a day at an office that were not called off, by time."""
    return tuple(visit_of(row, {office.id: office}) for row in await conn.fetch(OF_DAY, office.id, day))


async def walk_in(
    conn: Connection,
    office: Office,
    holder: Record | None,
    service: str | None,
    *,
    by: str,
    at: datetime,
) -> int:
    """A visit without a booking that waits from now on; its id. The caller has locked the office."""
    local = at.astimezone(office.zone)
    told: Mapping[str, object] = {} if holder is None else dict(holder.items())
    return int(
        await conn.fetchval(
            WALK_IN, office.id, local.date(), local.time().replace(microsecond=0), at, told.get("id"),
            told.get("customer_id"), told.get("language") or "ru", service, by,
        )
    )  # fmt: skip


async def next_one(conn: Connection, office: Office, *, at: datetime) -> int | None:
    """Who is called next of those who wait, by the time that was booked or at which he came; locked."""
    found: int | None = await conn.fetchval(NEXT, office.id, office.today(at))
    return found


async def before(conn: Connection, one: Visit) -> int:
    """How many wait that are called before him."""
    return int(await conn.fetchval(BEFORE, one.office.id, one.day, one.id, one.starts_at))


async def call(conn: Connection, visit_id: int, window: str, *, at: datetime) -> None:
    """He is at a window."""
    await conn.execute(CALL, visit_id, at, window)


async def is_busy(conn: Connection, office: Office, window: str, *, at: datetime) -> bool:
    """Whether somebody was called to the window today and is there still."""
    return bool(await conn.fetchval(BUSY, office.id, office.today(at), window))


async def holder(conn: Connection, number: str) -> Record | None:
    """The account of that number, with its customer."""
    return await conn.fetchrow(HOLDER, number)


async def sealed(conn: Connection, visit_id: int) -> Record | None:
    """The customer's own words of a visit, sealed, and the key."""
    return await conn.fetchrow(SEALED, visit_id)


async def events(conn: Connection, visit_id: int) -> list[Record]:
    """What became of a visit, in order: what, at, by, sealed words."""
    return await conn.fetch(EVENTS, visit_id)


async def add_paper(
    conn: Connection, visit_id: int, name: str, media_type: str, digest: bytes, sealed_: bytes, size: int, *, by: str,
    at: datetime,
) -> None:  # fmt: skip
    """Files a copy; the same one twice is once."""
    await conn.execute(ADD_PAPER, visit_id, name, media_type, digest, sealed_, size, by, at)


async def papers(conn: Connection, visit_id: int) -> tuple[Paper, ...]:
    """What was filed."""
    return tuple(Paper(**row) for row in await conn.fetch(PAPERS, visit_id))


async def paper(conn: Connection, visit_id: int, paper_id: int) -> Record | None:
    """A copy, sealed, with the key of its customer."""
    return await conn.fetchrow(PAPER, visit_id, paper_id)


async def earlier(conn: Connection, account_id: int) -> Earlier:
    """What became of the account's visits."""
    row = await conn.fetchrow(EARLIER, account_id)
    assert row is not None
    return Earlier(**row)
