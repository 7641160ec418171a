"""What was known at a moment: the number of an account's last fact, and the versions of tariffs."""

from datetime import datetime

from asyncpg import Connection

LAST_BY = """
select coalesce(max(no), 0)
  from (select no from readings where account_id = $1 and recorded_at < $2
        union all select no from withdrawals where account_id = $1 and recorded_at < $2
        union all select no from claims where account_id = $1 and recorded_at < $2
        union all select no from payments where account_id = $1 and recorded_at < $2
        union all select no from conditions where account_id = $1 and recorded_at < $2) as known
"""

TARIFFS_BY = """
select id from tariffs where recorded_at < $1
"""


async def last_by(conn: Connection, account: int, moment: datetime) -> int:
    """The number of the last fact that was recorded before the moment, 0 where there was none."""
    no: int = await conn.fetchval(LAST_BY, account, moment)
    return no


async def tariffs_by(conn: Connection, moment: datetime) -> frozenset[int]:
    """The ids of the versions that were recorded before the moment."""
    return frozenset(row["id"] for row in await conn.fetch(TARIFFS_BY, moment))
