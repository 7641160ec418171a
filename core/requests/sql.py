"""What the database is asked about requests."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from asyncpg import Connection

from core.basics.facts import dataclass
from core.commands import Subject
from core.requests.model import Known, Request, State

OF_PHONES = """
select asked.hash, asked.number, r.id, r.number, r.subject, r.account_id, r.phone_hash, r.opened_at, r.state, r.since
  from (select hash, nextval('request_numbers')::text as number from unnest($1::bytea[]) as wanted (hash)) as asked
  left join lateral (select * from request_states where phone_hash = asked.hash order by id desc limit 50) as r on true
 order by asked.hash, r.id desc
"""

BY_NUMBERS = """
select id, number, subject, account_id, phone_hash, opened_at, state, since
  from request_states where number = any($1::text[])
"""

OPEN = """
insert into requests (number, subject, account_id, customer_id, phone_hash, inbox_id, words, opened_at)
select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bigint[], $7::bytea[],
                     $8::timestamptz[])
"""

ADD = """
insert into request_events (request_id, state, at, by, note)
select * from unnest($1::bigint[], $2::text[], $3::timestamptz[], $4::text[], $5::bytea[])
"""

PENDING_ONES = """
select r.id, r.number, r.subject, r.account_id, r.phone_hash, r.opened_at, r.state, r.since, a.number as account
  from request_states r left join accounts a on a.id = r.account_id
 where r.state = any($1::text[]) order by r.id
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """A request as it is written; `words` are sealed with the key of the customer in whose keeping the phone is."""

    number: str
    subject: Subject
    account_id: int | None
    customer_id: int | None
    phone_hash: bytes
    inbox_id: int
    words: bytes
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """What came later: another state, words, or both. `by` is the employee, or "customer"."""

    request_id: int
    state: State | None
    at: datetime
    by: str
    note: bytes | None


async def of_phones(conn: Connection, hashes: Sequence[bytes]) -> dict[bytes, Known]:
    """The last requests of each phone, the latest first, and a number for its next one that nobody else gets."""
    numbers: dict[bytes, str] = {}
    own: dict[bytes, list[Request]] = {digest: [] for digest in hashes}
    for row in await conn.fetch(OF_PHONES, hashes):
        numbers[row[0]] = row[1]
        if row[2] is not None:
            own[row[0]].append(_request(row[2:]))
    return {digest: Known(numbers[digest], tuple(requests)) for digest, requests in own.items()}


async def by_numbers(conn: Connection, numbers: Sequence[str]) -> dict[str, Request]:
    """The requests with these numbers, whosesoever they are."""
    return {row["number"]: _request(row) for row in await conn.fetch(BY_NUMBERS, numbers)}


def _request(row: Iterable[Any]) -> Request:
    id_, number, subject, account_id, phone_hash, opened_at, state, since = row
    return Request(id_, number, Subject(subject), account_id, phone_hash, opened_at, State(state), since)


async def open_all(conn: Connection, rows: Sequence[Opened]) -> None:
    columns = zip(
        *(
            (
                row.number, row.subject, row.account_id, row.customer_id, row.phone_hash, row.inbox_id, row.words,
                row.opened_at,
            )
            for row in rows
        ),
        strict=True,
    )  # fmt: skip
    await conn.execute(OPEN, *columns)


async def add(conn: Connection, events: Sequence[Event]) -> None:
    """Writes down what happened to requests, in that order."""
    await conn.execute(
        ADD, *zip(*((one.request_id, one.state, one.at, one.by, one.note) for one in events), strict=True)
    )


async def pending(conn: Connection, states: Sequence[State]) -> list[tuple[Request, str | None]]:
    """The requests in those states with the numbers of their accounts, the oldest first."""
    return [(_request(list(row)[:8]), row["account"]) for row in await conn.fetch(PENDING_ONES, list(states))]
