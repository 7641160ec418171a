"""What the database is asked when the months of ordinary accounts are closed, and what is kept of them.

Rows of a chunk come and go as one JSON text: to take them apart, and put them together, in the driver would take longer
than all that is reckoned.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from io import BytesIO

import orjson
from asyncpg import Connection

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing.engine import closing
from core.billing.engine.kept import Kept
from core.billing.engine.ordinary import Closed, Row
from core.billing.model import Claim, ClaimKind, Ledger

LOCK = """
select from accounts where id = any($1::bigint[]) order by id for no key update
"""

ROWS = """
select json_agg(json_build_array(
           s.account_id, a.persons, s.fact_no, s.balance, s.claims, s.issued, s.registers, m.id, m.point_id, p.service,
           p.tariff, array_to_string(m.zones, ' '), m.fraction, (m.multiplier * 1000)::bigint, m.installed_on, k.no,
           k.bill, k.issued_on, k.tariffs, k.plan, k.counts, new.first_day, new.odd,
           m.verified_until))
  from unnest($1::bigint[]) as asked (account_id)
  join kept_counts k on k.account_id = asked.account_id
  join account_states s on s.account_id = asked.account_id
  join accounts a on a.id = asked.account_id
  join points p on p.account_id = asked.account_id
  join meters m on m.account_id = asked.account_id
 cross join lateral (
       select min(day) as first_day,
              coalesce(bool_or(source > 3 or flags @> '{late}' or counted_from is not null
                               or (source > 0 and not coalesce(s.registers -> (meter_id || '.' || register) -> 0 @>
                                   jsonb_build_array(jsonb_build_array(day, (value * 1000)::bigint)), false))),
                       false) as odd
         from readings where account_id = asked.account_id and no > k.no) as new
 where k.plan <> '' and s.billed_through = $2 and s.conditions = '[]' and m.removed_on is null
   and (m.verified_until is null or m.verified_until >= $3)
"""

TAKEN_BACK = """
select account_id, max(no) from withdrawals where account_id between $1 and $2 group by account_id
"""

DATED = """
select account_id from conditions where account_id between $1 and $2
"""

ENTANGLED = """
select account_id from claims where account_id between $1 and $2 and kind in ('penalty', 'write_off', 'interest')
union all
select account_id from payments where account_id between $1 and $2 and month >= $3
"""

LAST_PAID = """
select max(paid_on) from payments where kind = 'received'
"""

CLOSE_STATES = """
update account_states as s
   set fact_no = new.fact_no, balance = new.balance, billed_through = $2, claims = (new.lists -> 0),
       issued = (new.lists -> 1), registers = (new.lists -> 2)
  from (select account_id, fact_no, balance, lists::jsonb as lists
          from unnest($1::bigint[], $3::bigint[], $4::bigint[], $5::text[])
               as given (account_id, fact_no, balance, lists) offset 0) as new
 where s.account_id = new.account_id
"""

CLOSE_COUNTS = """
update kept_counts as k
   set no = new.no, bill = new.bill, issued_on = $2, tariffs = $3, plan = new.plan, counts = new.counts::json
  from unnest($1::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[])
       as new (account_id, no, bill, plan, counts)
 where k.account_id = new.account_id
"""

KEEP = """
insert into kept_counts as k (account_id, no, bill, issued_on, tariffs, plan, counts)
select (new ->> 0)::bigint, (new ->> 1)::bigint, (new ->> 2)::bigint, (new ->> 3)::date, (new ->> 4)::bigint, new ->> 5,
       new -> 6
  from json_array_elements($1::text::json) as new
on conflict (account_id) do update
   set no = excluded.no, bill = excluded.bill, issued_on = excluded.issued_on, tariffs = excluded.tariffs,
       plan = excluded.plan, counts = excluded.counts
"""

_CLAIM = ("account_id", "no", "month", "kind", "amount", "due_on", "issued_on", "agent", "recorded_at")
_CHARGE = ("account_id", "no", "line", "month", "point_id", "service", "kind", "volume", "amount", "known", "tariffs")
_ENTRY = ("account_id", "no", "line", "ledger", "amount", "on_day", "booked_on", "recorded_at")


@dataclass(frozen=True, slots=True)
class Closing:
    """The days, and the moment, of the claims that a close writes."""

    issued_on: date
    due_on: date
    booked_on: date
    at: datetime


async def lock(conn: Connection, account_ids: Sequence[int]) -> None:
    """Locks the accounts until the transaction ends, in the order of their ids."""
    await conn.execute(LOCK, account_ids)


async def rows(conn: Connection, account_ids: Sequence[int], *, before: Month) -> list[Row]:
    """Those of the accounts that may be ordinary ones and are billed through the month `before`, and whose meters are
    verified through the next one; one that has several points or meters comes as often. The accounts are locked by the
    caller."""
    found = await conn.fetchval(ROWS, account_ids, before.last, before.next.last)
    return [Row._make(row) for row in orjson.loads(found or "[]")]


async def taken_back(conn: Connection, first: int, last: int) -> dict[int, int]:
    """The number of the last withdrawal of each account in a range that has any."""
    return {row[0]: row[1] for row in await conn.fetch(TAKEN_BACK, first, last)}


async def dated(conn: Connection, first: int, last: int) -> set[int]:
    """The accounts in a range with dated facts."""
    return {row[0] for row in await conn.fetch(DATED, first, last)}


async def entangled(conn: Connection, first: int, last: int, *, since: Month) -> set[int]:
    """The accounts in a range with claims that are not for use, or payments that name that month or a later one."""
    return {row[0] for row in await conn.fetch(ENTANGLED, first, last, since.first)}


async def paid_ahead(conn: Connection, day: date) -> bool:
    """Whether any payment is of a later day."""
    last: date | None = await conn.fetchval(LAST_PAID)
    return last is not None and last > day


async def add_claims(conn: Connection, found: Sequence[Closed], *, close: Closing) -> None:
    """Writes the claims that close a month of the accounts, with their lines and their lines of the ledger."""
    claims: list[str] = []
    charges: list[str] = []
    entries: list[str] = []
    due = f"{close.due_on}\t{close.issued_on}\t\t{close.at.isoformat()}\n"
    booked = f"{close.issued_on}\t{close.booked_on}\t{close.at.isoformat()}\n"
    for one in found:
        account, point, service, known = one.kept.account_id, one.point_id, one.service, one.known
        for issue in one.issues:
            no, month, amount = issue.no, f"{issue.text}-01", issue.amount
            claims.append(f"{account}\t{no}\t{month}\t{issue.kind}\t{amount}\t{due}")
            if amount:
                debit, credit = _sides(issue.kind)
                entries.append(
                    f"{account}\t{no}\t1\t{debit}\t{amount}\t{booked}{account}\t{no}\t2\t{credit}\t{-amount}\t{booked}"
                )
            for number, (kind, volume, cost) in enumerate(issue.lines, 1):
                charges.append(
                    f"{account}\t{no}\t{number}\t{month}\t{point}\t{service}\t{kind}\t{volume}e-3\t{cost}\t{known}\t"
                    f"{issue.tariffs}\n"
                )
    await _copy(conn, "claims", _CLAIM, claims)
    await _copy(conn, "charges", _CHARGE, charges)
    await _copy(conn, "entries", _ENTRY, entries)


async def _copy(conn: Connection, table: str, columns: Sequence[str], lines: Sequence[str]) -> None:
    await conn.copy_to_table(table, source=BytesIO("".join(lines).encode()), columns=columns, format="text")


@lru_cache
def _sides(kind: ClaimKind) -> tuple[Ledger, Ledger]:
    """The ledgers of a claim of a kind, as `closing` books it: debit, then credit."""
    some = date.min
    (debit, _), (credit, _) = closing.entries(Claim(1, Month.of(some), kind, 1, some, some))
    return debit, credit


async def close_states(conn: Connection, found: Sequence[Closed], month: Month) -> None:
    """Writes the states of accounts whose month is closed, and what is kept beside them."""
    kept = [one.kept for one in found]
    ids = [one.account_id for one in kept]
    await conn.execute(
        CLOSE_STATES,
        ids,
        month.last,
        [one.fact_no for one in found],
        [one.balance for one in found],
        [_json([one.claims, one.issued, one.registers]) for one in found],
    )
    some = kept[0]
    await conn.execute(
        CLOSE_COUNTS,
        ids,
        some.issued_on,
        some.tariffs,
        [one.no for one in kept],
        [one.bill for one in kept],
        [one.plan for one in kept],
        [_json(one.counts) for one in kept],
    )


async def keep(conn: Connection, rows: Iterable[Kept]) -> None:
    """Writes what is kept of the accounts."""
    new = [
        (one.account_id, one.no, one.bill, one.issued_on.isoformat(), one.tariffs, one.plan, one.counts) for one in rows
    ]
    if new:
        await conn.execute(KEEP, _json(new))


def _json(value: object) -> str:
    return orjson.dumps(value).decode()
