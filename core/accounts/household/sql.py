"""What the database is asked about invitations, roles that an owner gives, and phones that take the place of others."""

from collections.abc import Iterable
from datetime import datetime

from asyncpg import Connection, Record

from core.accounts.household.model import Ended, Hours, Invitation, Invitee, Move, MoveEnded
from core.accounts.model import Role, Scope

INVITE = """
insert into invitations (account_id, phone_hash, customer_id, sealed, role, extra, by_hash, at, until)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id
"""

_open = """
select i.id, i.account_id, a.number, i.phone_hash, i.sealed, c.data_key, i.role, i.extra, i.until,
       p.sealed as by_sealed, k.data_key as by_key
  from invitations i
  join accounts a on a.id = i.account_id
  join customers c on c.id = i.customer_id
  left join (phones p join customers k on k.id = p.customer_id) on p.hash = i.by_hash
 where i.until > $2 and c.data_key is not null
   and not exists (select from invitation_ends e where e.invitation_id = i.id)
   and exists (select from links l where l.account_id = i.account_id and l.phone_hash = i.by_hash and l.valid_to is null
                  and (l.role = 'owner' or 'manage' = any(l.extra)))
"""

OF_ACCOUNT = f"""
{_open} and i.account_id = $1 order by i.id
"""

OF_PHONE = f"""
{_open} and i.phone_hash = $1 order by i.id
"""

ONE = f"""
{_open} and i.id = $1
"""

INVITED_SINCE = """
select count(*) from invitations where account_id = $1 and at > $2
"""

END_INVITATION = """
insert into invitation_ends (invitation_id, how, at) values ($1, $2, $3) on conflict do nothing returning invitation_id
"""

REPLACE = """
insert into invitation_ends (invitation_id, how, at)
select i.id, 'replaced', $3 from invitations i
 where i.account_id = $1 and i.phone_hash = $2
   and not exists (select from invitation_ends e where e.invitation_id = i.id)
"""

INVITEE = """
select p.customer_id, c.data_key, p.language,
       exists (select from links l where l.account_id = $2 and l.phone_hash = asked.hash and l.valid_to is null),
       exists (select from links l where l.phone_hash = asked.hash and l.valid_to is null),
       not exists (select from questions q where q.phone_hash = asked.hash and q.expires_at > $3)
  from (values ($1::bytea)) as asked (hash)
  left join (phones p join customers c on c.id = p.customer_id and c.data_key is not null) on p.hash = asked.hash
"""

DROP_INVITED = """
delete from questions where phone_hash = $1 and kind = 'invited' and (terms->>'invitation')::bigint = $2
"""

DROP_GRANT = """
delete from questions
 where phone_hash = $1 and kind = 'grant' and terms->>'phone' = $2 and terms->>'account' = $3
"""

BEGIN_MOVE = """
insert into phone_moves (old_hash, new_hash, customer_id, sealed, at, ripe_at) values ($1, $2, $3, $4, $5, $6)
"""

_move = """
select m.id, m.old_hash, m.new_hash, m.customer_id, c.data_key, m.sealed, m.ripe_at, p.language, p.opted_out
  from phone_moves m
  join customers c on c.id = m.customer_id
  join phones p on p.hash = m.old_hash
 where not exists (select from phone_move_ends e where e.move_id = m.id)
"""

MOVE_OF = f"""
{_move} and m.old_hash = $1 order by m.id limit 1
"""

RIPE = f"""
{_move} and m.ripe_at <= $1 and m.ripe_at > $1 - interval '90 days' order by m.id limit $2
"""

END_MOVE = """
insert into phone_move_ends (move_id, how, at) values ($1, $2, $3) on conflict do nothing returning move_id
"""

HELD = """
select l.account_id, a.number, l.role, l.extra, l.name, n.role as new_role, n.extra as new_extra
  from links l
  join accounts a on a.id = l.account_id
  left join links n on n.account_id = l.account_id and n.phone_hash = $2 and n.valid_to is null
 where l.phone_hash = $1 and l.valid_to is null
 order by l.account_id
"""

AFTER_MOVE = """
update phones new set language = old.language, opted_out = new.opted_out or old.opted_out,
                      told_from = old.told_from, told_till = old.told_till, proven_at = $3, bounced = 0
  from phones old where new.hash = $2 and old.hash = $1
"""

HOURS = """
select told_from, told_till from phones where hash = $1
"""

SET_HOURS = """
update phones set told_from = $2, told_till = $3 where hash = $1
"""


async def invite(
    conn: Connection,
    account_id: int,
    phone_hash: bytes,
    *,
    customer_id: int,
    sealed: bytes,
    role: Role,
    extra: Iterable[Scope],
    by: bytes,
    at: datetime,
    until: datetime,
) -> int:
    """Keeps an invitation in place of any other of the phone to the account; its id."""
    await conn.execute(REPLACE, account_id, phone_hash, at)
    made: int = await conn.fetchval(
        INVITE, account_id, phone_hash, customer_id, sealed, role, sorted(extra), by, at, until
    )
    return made


async def of_account(conn: Connection, account_id: int, *, at: datetime) -> tuple[Invitation, ...]:
    """The invitations to the account that are open, whose inviter still manages it."""
    return tuple(_invitation(row) for row in await conn.fetch(OF_ACCOUNT, account_id, at))


async def of_phone(conn: Connection, phone_hash: bytes, *, at: datetime) -> tuple[Invitation, ...]:
    """The invitations of the phone that are open."""
    return tuple(_invitation(row) for row in await conn.fetch(OF_PHONE, phone_hash, at))


async def one(conn: Connection, invitation_id: int, *, at: datetime) -> Invitation | None:
    """The invitation, None where it is open no more."""
    row = await conn.fetchrow(ONE, invitation_id, at)
    return None if row is None else _invitation(row)


async def invited_since(conn: Connection, account_id: int, since: datetime) -> int:
    """How many phones were invited to the account since then."""
    found: int = await conn.fetchval(INVITED_SINCE, account_id, since)
    return found


async def end(conn: Connection, invitation_id: int, how: Ended, *, at: datetime) -> bool:
    """Whether it ended by this, and had not before."""
    return await conn.fetchval(END_INVITATION, invitation_id, how, at) is not None


async def invitee(conn: Connection, phone_hash: bytes, account_id: int, *, at: datetime) -> Invitee:
    row = await conn.fetchrow(INVITEE, phone_hash, account_id, at)
    assert row is not None
    return Invitee(*row)


async def drop_invited(conn: Connection, phone_hash: bytes, invitation_id: int) -> None:
    """The phone is asked no more whether it accepts this invitation."""
    await conn.execute(DROP_INVITED, phone_hash, invitation_id)


async def drop_grant(conn: Connection, owner: bytes, phone_hash: bytes, number: str) -> None:
    """The owner is asked no more whether this phone may see the sums of the account with the number."""
    await conn.execute(DROP_GRANT, owner, phone_hash.hex(), number)


async def begin_move(
    conn: Connection, old: bytes, new: bytes, *, customer_id: int, sealed: bytes, at: datetime, ripe_at: datetime
) -> None:
    await conn.execute(BEGIN_MOVE, old, new, customer_id, sealed, at, ripe_at)


async def move_of(conn: Connection, old: bytes) -> Move | None:
    """The change of this phone that has not ended."""
    row = await conn.fetchrow(MOVE_OF, old)
    return None if row is None else Move(*row)


async def ripe(conn: Connection, *, at: datetime, limit: int) -> tuple[Move, ...]:
    """The changes that nobody stopped in time and that are not done; of the last ninety days, so that a look need not
    go through all that ever were."""
    return tuple(Move(*row) for row in await conn.fetch(RIPE, at, limit))


async def end_move(conn: Connection, move_id: int, how: MoveEnded, *, at: datetime) -> bool:
    """Whether it ended by this, and had not before."""
    return await conn.fetchval(END_MOVE, move_id, how, at) is not None


async def held(conn: Connection, old: bytes, new: bytes) -> list[Record]:
    """The links of the old phone, each beside the one that the new phone has to the same account."""
    rows: list[Record] = await conn.fetch(HELD, old, new)
    return rows


async def after_move(conn: Connection, old: bytes, new: bytes, *, at: datetime) -> None:
    """The new phone's language, hours and refusal of news are the old one's; it is proven."""
    await conn.execute(AFTER_MOVE, old, new, at)


async def hours(conn: Connection, phone_hash: bytes) -> Hours | None:
    """The phone's own hours; None where it has none."""
    row = await conn.fetchrow(HOURS, phone_hash)
    return None if row is None or row["told_from"] is None else Hours(*row)


async def set_hours(conn: Connection, phone_hash: bytes, wanted: Hours | None) -> None:
    await conn.execute(SET_HOURS, phone_hash, *((wanted.first, wanted.last) if wanted else (None, None)))


def _invitation(row: Record) -> Invitation:
    extra = frozenset(Scope(one) for one in row["extra"])
    ids = (row["id"], row["account_id"], row["number"], row["phone_hash"], row["sealed"], row["data_key"])
    return Invitation(*ids, Role(row["role"]), extra, row["until"], row["by_sealed"], row["by_key"])
