"""What the database is asked about offices, places and visits."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from asyncpg import Connection, Record

from core.bookings.model import Office, Person, Service, Slot, State, Visit
from core.bookings.rules import DayLoad

OFFICES = """
select id, code, name, name_latin, short, short_latin, address, place, place_latin, phone, timezone, windows, step,
       calendar, services, receives
  from offices order by name
"""

SERVICES = """
select code, name, name_latin, word, word_latin, minutes, explains, stems from services order by rank, code
"""

LOADS = """
select office_id, day, sum(capacity)::int, sum(taken)::int,
       (count(*) filter (where taken < capacity and starts_at >= $4))::int
  from slots where day between $2 and $3 and office_id = any($1::bigint[])
 group by office_id, day
"""

SLOTS = """
select s.id, s.office_id, s.day, s.no, s.starts, s.starts_at, s.capacity, s.taken
  from unnest($1::bigint[], $2::date[]) as asked (office_id, day)
  join slots s using (office_id, day)
 order by s.starts_at, s.office_id
"""

BY_IDS = """
select id, office_id, day, no, starts, starts_at, capacity, taken
  from slots where id = any($1::bigint[]) order by starts_at
"""

LOCK = """
select id from slots where id = any($1::bigint[]) order by id for no key update
"""

TAKE = """
update slots set taken = taken + 1 where id = any($1::bigint[]) and taken < capacity
"""

FREE = """
update slots set taken = taken - 1 where id = any($1::bigint[])
"""

visit = """
select v.id, v.office_id, v.slots, v.day, v.starts, v.starts_at, v.ticket, v.account_id, a.number as account,
       v.customer_id, v.phone_hash, v.language, v.channel, v.service, v.state, v.since, v.held_until, v.reminded,
       v.confirmed, v.place as window, v.mark
  from visits v left join accounts a on a.id = v.account_id
"""

OF_ACCOUNT = f"""
{visit} where v.account_id = any($1::bigint[]) and v.state = any($2::text[]) and v.starts_at > $3
 order by v.starts_at, v.id
"""

OF_GUEST = f"""
{visit} where v.phone_hash = $1 and v.account_id is null and v.state = any($2::text[]) and v.starts_at > $3
 order by v.starts_at, v.id
"""

ONE = f"""
{visit} where v.id = $1
"""

LOCK_ONE = """
select state from visits where id = $1 for no key update
"""

MISSED = """
select count(*)::int from visits where state = 'missed' and starts_at > $3
   and (account_id = $1 or ($1::bigint is null and phone_hash = $2 and account_id is null))
"""

TICKETS = """
select ticket from visits where office_id = $1 and day = $2 and state not in ('cancelled', 'revoked', 'lapsed')
union
select ticket from visits where account_id = $3 and state in ('held', 'booked', 'arrived', 'called')
"""

LAST_OFFICE = """
select office_id from visits where account_id = $1 and state not in ('lapsed', 'revoked') order by id desc limit 1
"""

ADD = """
insert into visits (office_id, slots, day, starts, starts_at, ticket, account_id, customer_id, phone_hash, language,
                    channel, service, reason, state, since, held_until, made_at, made_by, phone)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $15, $17, $18)
returning id
"""

SET_STATE = """
update visits set state = $2, since = $3, held_until = null, service = coalesce($4, service) where id = $1
"""

MOVE = """
update visits set office_id = $2, slots = $3, day = $4, starts = $5, starts_at = $6, ticket = $7, since = $8,
                  state = $9, held_until = $10, reminded = 0, confirmed = false
 where id = $1
"""

CONFIRM = """
update visits set confirmed = true where id = $1
"""

MARK = """
update visits set mark = $2 where id = $1
"""

SET_REASON = """
update visits set reason = $2 where id = $1
"""

EVENTS = """
insert into visit_events (visit_id, what, at, by, starts_at, words)
select * from unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::text[], $5::timestamptz[], $6::bytea[])
"""

LISTENERS = """
select v.id as visit_id, p.hash, p.customer_id, c.data_key as sealed_key, p.language, null::bytea as sealed,
       not exists (select from questions q where q.phone_hash = p.hash and q.expires_at > $2
                      and q.kind <> 'visit_taken') as free,
       coalesce((select not w.given and w.since > v.since from consents w
                  where w.phone_hash = p.hash and w.topic = 'news' and w.since <= $2
                    and (w.account_id = v.account_id or w.account_id is null)
                  order by w.since desc, w.id desc limit 1), false) as stopped, p.told_from, p.told_till
  from visits v
  join lateral (
      select p.* from links l join phones p on p.hash = l.phone_hash
       where l.account_id = v.account_id and l.valid_to is null and l.valid_from <= $2
         and (l.phone_hash = v.phone_hash or l.role = 'owner')
       order by l.phone_hash = v.phone_hash desc nulls last, l.id limit 1) as p on true
  join customers c on c.id = p.customer_id
 where v.id = any($1::bigint[])
union all
select v.id, v.phone_hash, null, null, v.language, v.phone,
       not exists (select from questions q where q.phone_hash = v.phone_hash and q.expires_at > $2
                      and q.kind <> 'visit_taken'), false, null, null
  from visits v where v.id = any($1::bigint[]) and v.account_id is null and v.phone is not null
"""

LOCK_GUEST = """
select pg_advisory_xact_lock($1)
"""


class Event(NamedTuple):
    """What became of a visit, in the order of EVENTS."""

    visit_id: int
    what: str
    at: datetime
    by: str
    starts_at: datetime | None = None
    words: bytes | None = None


async def offices(conn: Connection) -> dict[int, Office]:
    """All offices by id, by name."""
    return {row["id"]: _office(row) for row in await conn.fetch(OFFICES)}


def _office(row: Record) -> Office:
    fields = dict(row.items())
    zone, services = ZoneInfo(fields.pop("timezone")), tuple(fields.pop("services"))
    return Office(**fields, zone=zone, services=services)


async def services(conn: Connection) -> tuple[Service, ...]:
    """What a visit can be about, in the order in which it is offered."""
    return tuple(Service(**{**row, "stems": tuple(row["stems"])}) for row in await conn.fetch(SERVICES))


async def loads(
    conn: Connection, office_ids: Collection[int], first: date, last: date, *, after: datetime
) -> tuple[DayLoad, ...]:
    """How full the offices are on each day from the first to the last; free are places that begin after a time."""
    rows = await conn.fetch(LOADS, list(office_ids), first, last, after)
    return tuple(DayLoad(*row) for row in rows)


async def slots(conn: Connection, days: Sequence[tuple[int, date]]) -> tuple[Slot, ...]:
    """The places of (office, day) pairs, by time."""
    return tuple(Slot(*row) for row in await conn.fetch(SLOTS, *zip(*days, strict=True))) if days else ()


async def by_ids(conn: Connection, ids: Collection[int]) -> tuple[Slot, ...]:
    """The places with these ids, by time; one that is gone is missing."""
    return tuple(Slot(*row) for row in await conn.fetch(BY_IDS, list(ids)))


async def lock(conn: Connection, ids: Iterable[int]) -> None:
    """Locks places until the transaction ends, in the order of their ids: whoever takes or frees several locks them by
    one call, before it changes a visit, and so no two wait in a ring (R17)."""
    await conn.execute(LOCK, sorted(set(ids)))


async def take(conn: Connection, ids: Sequence[int]) -> bool:
    """Takes a place in each, by one conditional update; False where one of them is full, and then the caller undoes
    what it did (R17)."""
    done = await conn.execute(TAKE, list(ids))
    return int(done.rpartition(" ")[2]) == len(ids)


async def free(conn: Connection, ids: Sequence[int]) -> None:
    """Gives the places back."""
    await conn.execute(FREE, list(ids))


async def of_accounts(
    conn: Connection,
    account_ids: Sequence[int],
    offices: Mapping[int, Office],
    states: Collection[State],
    *,
    since: datetime,
) -> tuple[Visit, ...]:
    """The visits of accounts that begin after a time, in these states, the next first."""
    rows = await conn.fetch(OF_ACCOUNT, list(account_ids), list(states), since)
    return tuple(visit_of(row, offices) for row in rows)


async def of_guest(
    conn: Connection, phone_hash: bytes, offices: Mapping[int, Office], states: Collection[State], *, since: datetime
) -> tuple[Visit, ...]:
    """As `of_accounts`, of a phone without an account."""
    return tuple(visit_of(row, offices) for row in await conn.fetch(OF_GUEST, phone_hash, list(states), since))


async def one(conn: Connection, visit_id: int, offices: Mapping[int, Office]) -> Visit | None:
    """A visit as it stands."""
    row = await conn.fetchrow(ONE, visit_id)
    return None if row is None else visit_of(row, offices)


async def lock_one(conn: Connection, visit_id: int) -> State | None:
    """The state of a visit, locked until the transaction ends; its places are locked before."""
    state = await conn.fetchval(LOCK_ONE, visit_id)
    return None if state is None else State(state)


def visit_of(row: Record, offices: Mapping[int, Office]) -> Visit:
    """The visit of a row of the columns of ONE."""
    fields = dict(row.items())
    office, slots_, state = fields.pop("office_id"), fields.pop("slots"), fields.pop("state")
    return Visit(office=offices[office], slots=tuple(slots_), state=State(state), **fields)


async def missed(conn: Connection, person: Person, *, since: datetime) -> int:
    """How often he was expected since then and did not come."""
    return int(await conn.fetchval(MISSED, person.account_id, person.phone_hash, since))


async def tickets(conn: Connection, office_id: int, day: date, account_id: int | None) -> frozenset[str]:
    """The tickets of a day at an office that are in use, and those of the account's other visits to come."""
    return frozenset(row[0] for row in await conn.fetch(TICKETS, office_id, day, account_id))


async def last_office(conn: Connection, account_id: int | None) -> int | None:
    """Where the account was received last, or is to be."""
    return await conn.fetchval(LAST_OFFICE, account_id) if account_id is not None else None


async def add(
    conn: Connection,
    person: Person,
    run: Sequence[Slot],
    ticket: str,
    *,
    service: str | None,
    held_until: datetime | None,
    at: datetime,
    reason: bytes | None = None,
) -> int:
    """A new visit that takes these places; its id.

    :raises asyncpg.UniqueViolationError: the account or guest has a visit that day already.
    """
    first, state = run[0], State.BOOKED if held_until is None else State.HELD
    return int(
        await conn.fetchval(
            ADD, first.office_id, [one.id for one in run], first.day, first.starts, first.starts_at, ticket,
            person.account_id, person.customer_id, person.phone_hash, person.language, person.channel, service, reason,
            state, at, held_until, person.by, person.sealed,
        )
    )  # fmt: skip


async def set_state(conn: Connection, visit_id: int, state: State, *, at: datetime, service: str | None = None) -> None:
    """Moves a visit on; a hold has no end any more."""
    await conn.execute(SET_STATE, visit_id, state, at, service)


async def move(
    conn: Connection, visit_id: int, run: Sequence[Slot], ticket: str, *, held_until: datetime | None, at: datetime
) -> None:
    """Gives a visit another time; reminders begin anew.

    :raises asyncpg.UniqueViolationError: the account or guest has another visit that day.
    """
    first, state = run[0], State.BOOKED if held_until is None else State.HELD
    await conn.execute(
        MOVE, visit_id, first.office_id, [one.id for one in run], first.day, first.starts, first.starts_at, ticket, at,
        state, held_until,
    )  # fmt: skip


async def confirm(conn: Connection, visit_id: int) -> None:
    """He said that he comes."""
    await conn.execute(CONFIRM, visit_id)


async def set_reason(conn: Connection, visit_id: int, reason: bytes) -> None:
    """What he comes for in his own words, sealed."""
    await conn.execute(SET_REASON, visit_id, reason)


async def set_mark(conn: Connection, visit_id: int, mark: int) -> None:
    await conn.execute(MARK, visit_id, mark)


async def note(conn: Connection, events: Sequence[Event]) -> None:
    """Writes down what became of visits."""
    if events:
        await conn.execute(EVENTS, *zip(*events, strict=True))


async def listeners(conn: Connection, visit_ids: Sequence[int], *, at: datetime) -> list[Record]:
    """Whom to tell of each visit: the phone that booked it while it is linked to the account, else its first owner's,
    or the guest's; and whether no question is open to it."""
    return await conn.fetch(LISTENERS, list(visit_ids), at)


async def lock_guest(conn: Connection, phone_hash: bytes) -> None:
    """Lets nobody else book for this phone until the transaction ends, so that its cap holds."""
    await conn.execute(LOCK_GUEST, int.from_bytes(phone_hash[:8], "big", signed=True))
