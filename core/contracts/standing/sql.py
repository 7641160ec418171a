"""What the database is asked about how phones stand: what is on record of their link, their contract and their word."""

from collections.abc import Sequence
from datetime import datetime

from asyncpg import Connection

from core.contracts.model import Standing, Topic
from core.contracts.standing.model import Stood

link_of = """
  left join links l on l.phone_hash = {phone} and l.account_id = {account} and {topic} <> ''
                   and l.valid_from <= {at} and (l.valid_to is null or l.valid_to > {at})
"""
"""The link `l` of the `{phone}` to the `{account}` `{at}` a time; `{topic}` is empty where nothing need be known."""

contract_of = """
  left join contracts g on g.number = case when l.evidence like 'contract %' then substr(l.evidence, 10) end
  left join contract_signings z on z.contract_id = g.id
"""
"""The contract from which the link `l` comes."""

word_of = """
  left join lateral (
       select w.given from consents w
         left join contract_ends e on e.contract_id = w.contract_id and e.since <= {at}
        where w.phone_hash = {phone} and w.topic = {topic} and w.since <= {at} and e.contract_id is null
          and (w.account_id = {account} or w.account_id is null)
        order by w.since desc, w.id desc limit 1) as said on {topic} <> ''
  left join lateral (
       select w.given from consents w
        where w.phone_hash = {phone} and w.topic = 'news' and w.since <= {at}
          and (w.account_id = {account} or w.account_id is null)
        order by w.since desc, w.id desc limit 1) as news on {topic} <> ''
"""
"""The last words of the `{phone}` on the `{topic}` and on NEWS, of the `{account}` or of all, `{at}` a time."""

bond = """
l.role, array_to_string(l.extra, ' ') as extra, z.contract_id is not null as contract
"""

word = """
said.given, news.given as news
"""
"""What was found, in the order of `core.contracts.standing.model.Stood`: `bond`, and then `word`."""

_asked = """
  from unnest($1::bytea[], $2::bigint[]) with ordinality as asked (phone_hash, account_id, place)
"""

_of = {"phone": "asked.phone_hash", "account": "asked.account_id", "topic": "$3::text", "at": "$4::timestamptz"}

STANDING = f"""
select {bond}, {word}
{_asked}
  {link_of.format(**_of)} {contract_of} {word_of.format(**_of)}
 order by asked.place, l.id
"""


async def of(
    conn: Connection, asked: Sequence[tuple[bytes, int]], topic: Topic, *, at: datetime
) -> tuple[Standing, ...]:
    """How each (phone hash, account) stands at that time, in their order."""
    columns = [one[0] for one in asked], [one[1] for one in asked]
    return tuple(Stood(*row).standing for row in await conn.fetch(STANDING, *columns, topic, at))
