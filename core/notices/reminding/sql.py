"""What the database is asked about accounts of which a reminder is true."""

from collections.abc import Sequence
from datetime import date

from asyncpg import Connection

_read_since = """
exists (select from jsonb_each(s.registers) k
         where split_part(k.key, '.', 1) = m.id::text and (k.value->0->-1->>0)::date >= {since})
"""

_unread = """
exists (select from meters m
         where m.account_id = s.account_id and (m.removed_on is null or m.removed_on > {day}::date)
           and m.installed_on < {since} and not {read})
"""

_two_months = """
(date_trunc('month', s.billed_through) - interval '1 month')::date
"""


def _unread_since(since: str) -> str:
    return _unread.replace("{read}", _read_since).replace("{since}", since)


apt = f"""
  case {{kind}}::text
  when 'reading' then {_unread_since("{since}::date")}
  when 'estimated' then {_unread_since(_two_months)}
  when 'bill' then coalesce(s.billed_through >= date_trunc('month', {{day}}::date)::date - 1, false)
  else true end
"""
"""Whether the reminder of the `{kind}` is true on the `{day}` of the account of a state row `s`: a meter of it was not
read `{since}` that day; the last two months billed have no reading of a meter; last month is billed."""

_of = {"kind": "$2", "day": "$3", "since": "$4"}

_accounts = """
select s.account_id from account_states s where s.account_id = any($1::bigint[])
"""

NEEDLESS = f"""
{_accounts} and not {apt.format(**_of)}
"""


async def needless(conn: Connection, accounts: Sequence[int], kind: str, *, day: date, since: date) -> frozenset[int]:
    """Those of the accounts of which the reminder of the kind is not true on the day."""
    return frozenset(row[0] for row in await conn.fetch(NEEDLESS, accounts, kind, day, since))
