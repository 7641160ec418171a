"""What the database is asked about debts: claims in short, those written off, those that lapse."""

from collections.abc import Sequence
from datetime import date, datetime

from asyncpg import Connection

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing.model import Claim, ClaimKind

ADD_WRITE_OFFS = """
insert into write_offs (account_id, no, document, reason, by, recorded_at)
select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
"""

OWING = """
select a.id, a.number,
       exists (select from jsonb_array_elements(
                        case jsonb_typeof(s.claims) when 'array' then s.claims else s.claims->'open' end) one
                where (one->>2)::date <= $3) as old
  from account_states s join accounts a on a.id = s.account_id
 where s.claims <> '[]' and a.id > $1 order by a.id limit $2
"""

PEOPLE = """
select id, number, persons from accounts where id = any($1::bigint[])
"""

HOLDER = """
select id, customer_id from accounts where number = $1
"""

ACCOUNTS_OF = """
select id, number, customer_id from accounts where customer_id = $1
 union
select a.id, a.number, a.customer_id
  from conditions_in_force c join accounts a on a.id = c.account_id
 where c.kind = 'holder' and c.value = to_jsonb($1::bigint)
 order by id
"""


CLAIMS_IN_SHORT = """
select c.account_id, c.no, c.month, c.kind, c.amount, c.due_on, c.issued_on, c.about
  from unnest($1::bigint[]) as asked (account_id)
 cross join lateral (select * from claims where account_id = asked.account_id and kind <> 'penalty') as c
union all
select p.account_id, one.no, p.month, 'penalty', one.amount, p.due_on, one.issued_on, p.about
  from unnest($1::bigint[]) as asked (account_id)
 cross join lateral (
    select account_id, about, month, due_on, min(no) as first, max(no) as last, sum(amount)::bigint as amount,
           min(issued_on) as first_on, max(issued_on) as last_on
      from claims where account_id = asked.account_id and kind = 'penalty'
     group by account_id, about, month, due_on) as p
 cross join lateral (values (p.first, p.amount, p.first_on), (p.last, 0, p.last_on)) as one (no, amount, issued_on)
 where one.no = p.first and one.amount = p.amount or one.no > p.first
 order by 1, 2
"""

FAVOURED = """
select asked.account_id, coalesce(greatest(p.last, c.last), '0001-01-01')
  from unnest($1::bigint[]) as asked (account_id)
 cross join lateral (
    select max(paid_on) as last, bool_or(amount < 0) as taken_back from payments where account_id = asked.account_id
 ) as p
 cross join lateral (
    select max(issued_on) as last, bool_or(kind in ('penalty', 'write_off', 'interest')) as besides
      from claims where account_id = asked.account_id and amount < 0
 ) as c
 where p.taken_back is not true and c.besides is not true
"""


@dataclass(frozen=True, slots=True)
class WriteOffRow:
    """The document behind the claim numbered `no` of an account, the reason, and who decided."""

    account_id: int
    no: int
    document: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Owing:
    """An account with open claims; `old`: one of them was due by the day that was asked for."""

    id: int
    number: str
    old: bool


@dataclass(frozen=True, slots=True)
class Lapsing:
    """What is open of an account's month, kopecks, and how many days its limitation still has."""

    number: str
    month: Month
    amount: int
    days: int


@dataclass(frozen=True, slots=True)
class Held:
    """An account and the customer for whom it was opened."""

    id: int
    number: str
    customer_id: int


async def holder(conn: Connection, number: str) -> tuple[int, int] | None:
    """The id of the account with this number, and the customer for whom it was opened."""
    row = await conn.fetchrow(HOLDER, number)
    return None if row is None else (row[0], row[1])


async def accounts_of(conn: Connection, customer_id: int) -> list[Held]:
    """The accounts that the customer holds or held, by their ids."""
    return [Held(*row) for row in await conn.fetch(ACCOUNTS_OF, customer_id)]


async def add_write_offs(conn: Connection, rows: Sequence[WriteOffRow], *, at: datetime) -> None:
    columns = [(row.account_id, row.no, row.document, row.reason, row.by, at) for row in rows]
    if columns:
        await conn.execute(ADD_WRITE_OFFS, *zip(*columns, strict=True))


async def owing(conn: Connection, *, after: int, limit: int, by: date) -> list[Owing]:
    """The next accounts with open claims, by their ids, those marked of which one was due `by` the day."""
    return [Owing(*row) for row in await conn.fetch(OWING, after, limit, by)]


async def people(conn: Connection, account_ids: Sequence[int]) -> dict[int, tuple[str, int]]:
    """The number of each account, and the persons living there."""
    return {row[0]: (row[1], row[2]) for row in await conn.fetch(PEOPLE, account_ids)}


async def favoured(conn: Connection, account_ids: Sequence[int]) -> dict[int, date]:
    """The last day of a payment of each account, or of a correction in its favour, the year 1 where there is none; an
    account is missing where a payment was taken back, or anything but use was corrected in its favour."""
    return {row[0]: row[1] for row in await conn.fetch(FAVOURED, account_ids)}


async def claims_in_short(conn: Connection, account_ids: Sequence[int]) -> dict[int, tuple[Claim, ...]]:
    """The claims of each account in the order of their numbers, all penalties of a claim told by the first and the last
    of them, the sum in the first: for what is owed they come to the same, while penalties grow by the day."""
    found: dict[int, list[Claim]] = {}
    for account, no, month, kind, amount, due_on, issued_on, about in await conn.fetch(CLAIMS_IN_SHORT, account_ids):
        claim = Claim(no, Month.of(month), ClaimKind(kind), amount, due_on, issued_on, about)
        found.setdefault(account, []).append(claim)
    return {account: tuple(claims) for account, claims in found.items()}
