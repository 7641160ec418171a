"""What the database is asked for the morning report."""

from datetime import date

from asyncpg import Connection

ALARMS = """
select kind, count(*) from alarms
 where at >= $1::date::timestamp at time zone coalesce((select timezone from company), 'UTC')
   and at < ($1::date + 1)::timestamp at time zone coalesce((select timezone from company), 'UTC')
 group by kind order by kind
"""

FAILED_SENDS = """
select state, count(*) from outbox
 where state in ('failed', 'undelivered', 'expired')
   and changed_at >= $1::date::timestamp at time zone coalesce((select timezone from company), 'UTC')
   and changed_at < ($1::date + 1)::timestamp at time zone coalesce((select timezone from company), 'UTC')
 group by state order by state
"""

CHAINS = """
select count(*)::int, coalesce(sum(ends.no), 0)::bigint,
       sha256(convert_to(coalesce(string_agg(ends.recipient_id || ' ' || ends.no || ' ' || encode(ends.hash, 'hex'),
                                             chr(10) order by ends.recipient_id), ''), 'UTF8'))
  from (select distinct on (recipient_id) recipient_id, no, hash
          from notice_evidence
         where at < ($1::date + 1)::timestamp at time zone coalesce((select timezone from company), 'UTC')
         order by recipient_id, no desc) as ends
"""

BOOKED = """
select ledger, sum(amount)::bigint from entries where booked_on = $1 group by ledger order by ledger
"""

WAITING = """
select count(*), coalesce(sum(amount), 0)::bigint, min(paid_on) from payments_in_suspense
"""


async def alarms(conn: Connection, day: date) -> dict[str, int]:
    """How many alarms of each kind the company's day brought."""
    return {row[0]: row[1] for row in await conn.fetch(ALARMS, day)}


async def failed_sends(conn: Connection, day: date) -> dict[str, int]:
    """How many messages ended on the day without being delivered, by how."""
    return {row[0]: row[1] for row in await conn.fetch(FAILED_SENDS, day)}


async def chains(conn: Connection, day: date) -> tuple[int, int, bytes]:
    """The chains of evidence as they stood at the end of the company's day: how many, their rows, and the hash of all
    their heads in the order of the warnings."""
    row = await conn.fetchrow(CHAINS, day)
    assert row is not None
    return row[0], row[1], row[2]


async def booked(conn: Connection, day: date) -> dict[str, int]:
    """What was booked on the day on each ledger, kopecks, debit positive."""
    return {row[0]: row[1] for row in await conn.fetch(BOOKED, day)}


async def waiting(conn: Connection) -> tuple[int, int, date | None]:
    """How many payments are in suspense, what they come to in kopecks, and the day of the oldest."""
    row = await conn.fetchrow(WAITING)
    assert row is not None
    return row[0], row[1], row[2]
