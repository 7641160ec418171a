"""What the database is asked to show the people of a notice one by one."""

from datetime import date

from asyncpg import Connection, Record

from core.notices.owing.sql import overdue_of
from core.notices.sql import LONG

_people = """
select a.number as account, coalesce(b.code, '') as house, r.language, case when $6 then r.debt else d.debt end as debt,
       r.bar, d.oldest
  from notice_recipients r
  join accounts a on a.id = r.account_id
  join account_states s on s.account_id = r.account_id
  left join buildings b on b.id = a.building_id
"""

PEOPLE = f"""
{_people} {overdue_of.format(day="$5", years="$7::int")}
 where r.notice_id = $1 and case $2 when '' then true when 'told' then r.bar is null else r.bar = $2 end
 order by a.number, r.phone_hash offset $3 limit $4
"""

ZONES = """
select a.timezone, p.told_from, p.told_till, count(*)::int as people
  from notice_recipients r
  join accounts a on a.id = r.account_id
  join phones p on p.hash = r.phone_hash
 where r.notice_id = $1 and r.bar is null and r.worded_at is null
   and (r.look_after is not null
        or exists (select from notice_chunks c
                    where c.notice_id = $1 and r.id between c.first and c.last and c.worded_at is null))
 group by a.timezone, p.told_from, p.told_till
"""


async def people(
    conn: Connection, notice_id: int, bar: str, *, day: date, behind: int, limit: int, frozen: bool, years: int
) -> list[Record]:
    """People of a notice in the order of their accounts, behind so many: those who are told (`bar` "told"), those who
    are not for that reason, or all. `frozen`: with the debts that were written down with them, and not those of the
    day; without those older than so many `years` (0: all of them)."""
    return list(await conn.fetch(PEOPLE, notice_id, bar, behind, limit, day, frozen, years, timeout=LONG))


async def zones(conn: Connection, notice_id: int) -> list[Record]:
    """How many of those who are to be told go by which clock and which hours of their own."""
    return list(await conn.fetch(ZONES, notice_id, timeout=LONG))
