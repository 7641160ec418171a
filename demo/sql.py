"""What the demo asks of the database beside the subjects' own queries: to furnish the town, to show what is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from asyncpg import Connection, Record

NAME_LINKS = """
update links set name = told.name
  from unnest($1::text[], $2::bytea[], $3::text[]) as told (number, phone_hash, name), accounts a
 where a.number = told.number and links.account_id = a.id and links.phone_hash = told.phone_hash
   and links.valid_to is null
"""

VERIFY_METERS = """
update meters set verified_until = told.until
  from unnest($1::text[], $2::text[], $3::date[]) as told (number, serial, until), accounts a
 where a.number = told.number and meters.account_id = a.id and meters.serial = told.serial
"""

PROVE_PHONES = """
update phones set proven_at = $1
"""

ACCOUNT_IDS = """
select number, id from accounts where number = any($1::text[])
"""

DONE = """
select exists (select from jobs where name = $1 and period = $2 and state = 'done')
"""

MARK = """
insert into jobs (name, period, state, finished_at) values ($1, $2, 'done', now()) on conflict (name, period) do nothing
"""

MESSAGE = """
select i.id, i.received_at, i.command, i.fate, i.reason, i.account_id, a.number, i.outbound_id, i.sender_hash
  from inbox i left join accounts a on a.id = i.account_id
 where i.provider = $1 and i.reference = $2
"""

READINGS_OF = """
select r.no, m.serial, m.zones[r.register] as zone, r.day, (r.value * 1000)::bigint as value, r.source, r.flags,
       m.digits
  from readings r join meters m on m.id = r.meter_id
 where r.account_id = $1 and r.inbox_id = $2
 order by r.no, r.meter_id, r.register
"""

WITHDRAWAL_OF = """
select no, reading_no from withdrawals where account_id = $1 and inbox_id = $2
"""

OUTGOING = """
select id, state, attempt, segments, locale, kind, reference, code from outbox where id = $1
"""

RECEIPTS = """
select state, count(*) as times from reports
 where outbound_id = $1 and state is not null group by state order by min(id)
"""

QUESTION = """
select kind, terms::text as terms, expires_at from questions where phone_hash = $1
"""

PHONE = """
select p.language, p.opted_out, l.account_id, l.role, l.name, a.number, a.persons, a.timezone
  from phones p
  left join links l on l.phone_hash = p.hash and l.valid_to is null
  left join accounts a on a.id = l.account_id
 where p.hash = $1
 order by l.id
"""

LEDGER_LINES = """
select asked.account_id, found.lines
  from unnest($1::bigint[]) as asked (account_id)
 cross join lateral (select count(*)::int as lines from entries where account_id = asked.account_id) as found
"""

ANSWERS = """
select i.reference, i.received_at, i.fate, i.reason, o.reference as answered_by, o.state
  from inbox i left join outbox o on o.id = i.outbound_id
 where i.provider = $1 and i.reference = any($2::text[])
"""


@dataclass(frozen=True, slots=True)
class Linked:
    """An account that a phone is linked to."""

    id: int
    number: str
    name: str | None
    role: str
    persons: int
    timezone: str


async def name_links(conn: Connection, rows: Sequence[tuple[str, bytes, str]]) -> None:
    """Gives phones their own names for accounts: (account's number, phone's hash, name)."""
    await conn.execute(NAME_LINKS, *zip(*rows, strict=True))


async def prove_phones(conn: Connection, at: datetime) -> None:
    """Everybody in the town wrote from his phone at that time."""
    await conn.execute(PROVE_PHONES, at)


async def verify_meters(conn: Connection, rows: Sequence[tuple[str, str, date]]) -> None:
    """Sets until when meters are verified: (account's number, serial, last day)."""
    await conn.execute(VERIFY_METERS, *zip(*rows, strict=True))


async def account_ids(conn: Connection, numbers: Sequence[str]) -> dict[str, int]:
    """The ids of the accounts, by number."""
    return {row["number"]: row["id"] for row in await conn.fetch(ACCOUNT_IDS, numbers)}


async def done(conn: Connection, name: str, period: str) -> bool:
    """Whether a step of the loading was finished before."""
    return bool(await conn.fetchval(DONE, name, period))


async def mark(conn: Connection, name: str, period: str) -> None:
    """Notes a finished step."""
    await conn.execute(MARK, name, period)


async def message(conn: Connection, provider: str, reference: str) -> Record | None:
    """The row of the inbox of a carrier's message."""
    return await conn.fetchrow(MESSAGE, provider, reference)


async def answers(conn: Connection, provider: str, references: Sequence[str]) -> list[Record]:
    """How the carrier's messages ended, and the carrier's own names for the answers to them."""
    return await conn.fetch(ANSWERS, provider, references)


async def readings_of(conn: Connection, account_id: int, inbox_id: int) -> list[Record]:
    """The readings that a message brought."""
    return await conn.fetch(READINGS_OF, account_id, inbox_id)


async def withdrawal_of(conn: Connection, account_id: int, inbox_id: int) -> Record | None:
    """The withdrawal that a message brought."""
    return await conn.fetchrow(WITHDRAWAL_OF, account_id, inbox_id)


async def outgoing(conn: Connection, outbound_id: UUID) -> Record | None:
    """An answer's row of the outbox, without its words."""
    return await conn.fetchrow(OUTGOING, outbound_id)


async def receipts(conn: Connection, outbound_id: UUID) -> list[tuple[str, int]]:
    """The receipts of an answer: (state, how often it was told), in the order in which they came first."""
    return [(row["state"], row["times"]) for row in await conn.fetch(RECEIPTS, outbound_id)]


async def question(conn: Connection, phone_hash: bytes) -> tuple[str, str, datetime] | None:
    """The question open to a phone: its kind, its terms as JSON, and until when."""
    row = await conn.fetchrow(QUESTION, phone_hash)
    return None if row is None else (row["kind"], row["terms"], row["expires_at"])


async def linked(conn: Connection, phone_hash: bytes) -> tuple[Linked, ...]:
    """The accounts that a phone is linked to, in its order."""
    return tuple(
        Linked(row["account_id"], row["number"], row["name"], row["role"], row["persons"], row["timezone"])
        for row in await conn.fetch(PHONE, phone_hash)
        if row["account_id"] is not None
    )


async def ledger_lines(conn: Connection, ids: Sequence[int]) -> dict[int, int]:
    """How many lines the ledger holds of each account."""
    return {row["account_id"]: row["lines"] for row in await conn.fetch(LEDGER_LINES, ids)}
