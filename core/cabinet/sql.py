"""What the database is asked about logins of customers, their codes and their forms."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from asyncpg import Connection, Record

from core.accounts.model import Sender
from core.basics.facts import dataclass
from core.cabinet.model import CODE_LIVES, DAY, FORGOTTEN, IDLE, LONGEST, SEEN_TO, TRIES, WINDOW

LOCK = """
select pg_advisory_xact_lock(key) from unnest($1::bigint[]) as asking (key) order by key
"""

ASKING = """
select (select count(*) from web_codes where phone_hash = $1 and asked_at > $3) as of_phone,
       (select count(*) from web_codes where network = $2 and asked_at > $3) as of_network,
       (select count(*) from web_codes where phone_hash = $1 and phone is not null and asked_at > $5) as of_guest,
       (select count(*) from web_codes where network = $2 and phone is not null and asked_at > $5) as of_guests,
       p.customer_id, c.data_key, p.language,
       exists (select from links l where l.phone_hash = p.hash and l.valid_to is null and l.valid_from <= $4) as linked,
       h.sealed as chat, k.data_key as chat_key
  from (values ($1::bytea)) as asked (hash)
  left join (phones p join customers c on c.id = p.customer_id) on p.hash = asked.hash
  left join (chats h left join customers k on k.id = h.customer_id)
         on h.phone_hash = asked.hash and h.ended_at is null and h.dead_at is null
"""

ADD_CODE = """
insert into web_codes (browser, phone_hash, network, digest, asked_at, phone) values ($1, $2, $3, $4, $5, $6)
"""

FORGET_CODES = """
delete from web_codes where asked_at < $1
"""

GUESS = """
update web_codes c set tries = tries + 1
 where c.id = (select id from web_codes where browser = $1 order by id desc limit 1)
   and c.tries < $2 and c.used_at is null and c.asked_at > $3
   and not exists (select from web_codes n where n.phone_hash = c.phone_hash and n.id > c.id)
returning c.id, c.phone_hash, c.digest
"""

VISITOR = """
select phone_hash, phone from web_codes
 where browser = $1 and used_at > $2 and phone is not null order by id desc limit 1
"""

USE_CODE = """
update web_codes set used_at = $2 where id = $1 and used_at is null returning id
"""

BEGIN = """
insert into web_sessions (digest, phone_hash, device, begun_at, seen_at)
select $1, hash, $3, $4, $4 from phones where hash = $2
returning id
"""

PERSON = """
with found as (
    select id, phone_hash, begun_at, seen_at from web_sessions
     where digest = $1 and ended_at is null and begun_at > $2 and seen_at > $3
), seen as (
    update web_sessions s set seen_at = $5 from found where s.id = found.id and found.seen_at < $4
)
select found.id as session, found.begun_at, p.hash, p.sealed, p.language, p.opted_out, p.customer_id, c.data_key,
       p.proven_at, p.bounced, l.account_id, l.role, l.extra, l.name, a.number, a.timezone, a.currency, a.persons,
       (select coalesce(max(id), 0) from tariffs) as tariff
  from found
  join phones p on p.hash = found.phone_hash
  join customers c on c.id = p.customer_id
  left join (links l join accounts a on a.id = l.account_id)
         on l.phone_hash = p.hash and l.valid_to is null and l.valid_from <= $6
 order by l.id
"""

END = """
update web_sessions set ended_at = $2 where digest = $1 and ended_at is null
"""

END_ONE = """
update web_sessions set ended_at = $3 where phone_hash = $1 and id = $2 and ended_at is null
"""

END_ALL = """
update web_sessions set ended_at = $2 where phone_hash = $1 and ended_at is null
"""

OPEN = """
select id, device, begun_at, seen_at from web_sessions
 where phone_hash = $1 and ended_at is null and begun_at > $2 and seen_at > $3 order by id desc
"""

FORM = """
insert into web_forms (phone_hash, key, digest, went_to, at) values ($1, $2, $3, $4, $5)
on conflict do nothing returning key
"""

FORM_DONE = """
select digest, went_to from web_forms where phone_hash = $1 and key = $2
"""

FORGET_FORMS = """
delete from web_forms where at < $1
"""

TOLD = """
select o.kind, o.body, k.data_key
  from inbox i
  join outbox o on o.id = i.outbound_id
  left join customers k on k.id = o.customer_id
 where i.provider = $1 and i.reference = $2 and i.sender_hash = $3
"""

LINKS = """
select l.id, l.phone_hash, l.role, l.extra, l.name, l.evidence, l.valid_from,
       p.customer_id, c.data_key, p.sealed, p.language
  from links l join phones p on p.hash = l.phone_hash join customers c on c.id = p.customer_id
 where l.account_id = $1 and l.valid_to is null order by l.id
"""

SERVICES = """
select tariff, min(service) as service from points where tariff is not null group by tariff
"""

NEWEST_TARIFF = """
select coalesce(max(id), 0) from tariffs
"""

REQUESTS = """
select r.id, r.number, r.subject, r.opened_at, r.state, r.since, q.words, k.data_key, r.phone_hash = $2 as own,
       (select json_agg(json_build_array(v.state, v.at, v.by, encode(v.note, 'hex')) order by v.id)
          from request_events v where v.request_id = r.id and v.note is not null)::text as notes
  from (select id from requests where account_id = $1 and ($3 or phone_hash = $2)
        union select id from requests where phone_hash = $2 and account_id is null
        order by id desc limit $4) as mine
  join request_states r on r.id = mine.id
  join requests q on q.id = r.id
  left join customers k on k.id = q.customer_id
 order by r.id desc
"""

CAME = """
select i.id, i.received_at, i.channel, i.command, i.fate, i.payload, k.data_key
  from inbox i left join customers k on k.id = i.customer_id
 where i.sender_hash = $1 and i.id < $2 and i.customer_id = $4
 order by i.id desc limit $3
"""

SENT = """
select o.id, o.channel, o.kind, o.state, o.body, k.data_key
  from outbox o left join customers k on k.id = o.customer_id
 where o.address_hash = $1 and o.id < $2 and o.customer_id = $4
 order by o.id desc limit $3
"""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a code: how many were asked for within the window, for his phone and from his network; how many
    within a day for visits without an account (`of_guest`, `of_guests`); and the customer in whose keeping the phone
    is; `linked`: it is tied to an account; `chat`, sealed with `chat_key` or for the installation: the chat that is
    bound to it."""

    of_phone: int
    of_network: int
    of_guest: int
    of_guests: int
    customer_id: int | None
    sealed_key: bytes | None
    language: str | None
    linked: bool
    chat: bytes | None
    chat_key: bytes | None


async def lock(conn: Connection, hashes: Sequence[bytes]) -> None:
    """Lets nobody else ask for these phones and networks until the transaction ends, so that the limits hold."""
    await conn.execute(LOCK, sorted(int.from_bytes(one[:8], "big", signed=True) for one in hashes))


async def asking(conn: Connection, phone_hash: bytes, network: bytes, *, wall: datetime, at: datetime) -> Asking:
    row = await conn.fetchrow(ASKING, phone_hash, network, wall - WINDOW, at, wall - DAY)
    assert row is not None
    return Asking(*row)


async def add_code(
    conn: Connection,
    browser: bytes,
    phone_hash: bytes,
    network: bytes,
    digest: bytes,
    *,
    at: datetime,
    phone: bytes | None = None,
) -> None:
    """Keeps a code, in place of any earlier one of the phone; codes of long ago go. `phone`: a guest's, sealed."""
    await conn.execute(ADD_CODE, browser, phone_hash, network, digest, at, phone)
    await conn.execute(FORGET_CODES, at - FORGOTTEN)


async def guess(conn: Connection, browser: bytes, *, at: datetime) -> tuple[int, bytes, bytes] | None:
    """Counts a guess at the browser's code; its id, the phone's hash and the code's digest. None where no guess is
    left, or the code was used, is too old, or was followed by another."""
    row = await conn.fetchrow(GUESS, browser, TRIES, at - CODE_LIVES)
    return None if row is None else (row["id"], row["phone_hash"], row["digest"])


async def visitor(conn: Connection, browser: bytes, *, since: datetime) -> tuple[bytes, bytes] | None:
    """The hash of the phone that a guest has shown to be his in this browser since then, and the phone, sealed."""
    row = await conn.fetchrow(VISITOR, browser, since)
    return None if row is None else (row["phone_hash"], row["phone"])


async def use_code(conn: Connection, code_id: int, *, at: datetime) -> bool:
    """Whether the code is used now, and was not before."""
    return await conn.fetchval(USE_CODE, code_id, at) is not None


async def begin(conn: Connection, digest: bytes, phone_hash: bytes, device: str, *, at: datetime) -> bool:
    """Begins a login; False where the phone is in nobody's keeping."""
    return await conn.fetchval(BEGIN, digest, phone_hash, device, at) is not None


async def person(conn: Connection, digest: bytes, *, wall: datetime, at: datetime) -> list[Record]:
    """The login that is open with the phone and the links that it has at the time `at`, a row each; none where none is.
    That it was used is noted in the same statement."""
    rows: list[Record] = await conn.fetch(PERSON, digest, wall - LONGEST, wall - IDLE, wall - SEEN_TO, wall, at)
    return rows


async def end(conn: Connection, digest: bytes, *, at: datetime) -> None:
    await conn.execute(END, digest, at)


async def end_one(conn: Connection, phone_hash: bytes, session: int, *, at: datetime) -> None:
    """Ends a login of this phone; one of another stays."""
    await conn.execute(END_ONE, phone_hash, session, at)


async def end_all(conn: Connection, phone_hash: bytes, *, at: datetime) -> None:
    await conn.execute(END_ALL, phone_hash, at)


async def open_logins(conn: Connection, phone_hash: bytes, *, at: datetime) -> list[Record]:
    """The logins of the phone that are open, the latest first."""
    rows: list[Record] = await conn.fetch(OPEN, phone_hash, at - LONGEST, at - IDLE)
    return rows


async def form(conn: Connection, phone_hash: bytes, key: str, digest: bytes, went_to: str, *, at: datetime) -> bool:
    """Notes a form as done, unless it is; whether it was not. Those of long ago go."""
    done = await conn.fetchval(FORM, phone_hash, key, digest, went_to, at) is not None
    await conn.execute(FORGET_FORMS, at - FORGOTTEN)
    return done


async def form_done(conn: Connection, phone_hash: bytes, key: str) -> tuple[bytes, str] | None:
    """The hash of what a done form said, and where it led."""
    row: Any = await conn.fetchrow(FORM_DONE, phone_hash, key)
    return None if row is None else (row["digest"], row["went_to"])


async def told(conn: Connection, provider: str, reference: str, phone_hash: bytes) -> Record | None:
    """What was answered to a message of the phone, sealed, with the key that opens its customer's."""
    return await conn.fetchrow(TOLD, provider, reference, phone_hash)


async def links(conn: Connection, account_id: int) -> list[Record]:
    """The phones that are linked to the account, with what seals and tells them."""
    rows: list[Record] = await conn.fetch(LINKS, account_id)
    return rows


async def services(conn: Connection) -> dict[str, str]:
    """The service that each plan is for, by what the supply points have."""
    return {row["tariff"]: row["service"] for row in await conn.fetch(SERVICES)}


async def newest_tariff(conn: Connection) -> int:
    found: int = await conn.fetchval(NEWEST_TARIFF)
    return found


async def requests(conn: Connection, account_id: int, phone_hash: bytes, *, all_: bool, most: int) -> list[Record]:
    """The requests of the phone about the account, and those about none; `all_`: those of other phones about it too.
    The latest first, what was said sealed."""
    rows: list[Record] = await conn.fetch(REQUESTS, account_id, phone_hash, all_, most)
    return rows


async def came(conn: Connection, sender: Sender, before: int, *, most: int) -> list[Record]:
    """What came from the phone before the message with that id, since it is in its customer's keeping; the latest
    first."""
    rows: list[Record] = await conn.fetch(CAME, sender.hash, before, most, sender.customer_id)
    return rows


async def sent(conn: Connection, sender: Sender, before: UUID, *, most: int) -> list[Record]:
    """What was said to the phone before the message with that id, the latest first."""
    rows: list[Record] = await conn.fetch(SENT, sender.hash, before, most, sender.customer_id)
    return rows
