"""What the database is asked about chats."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Connection, Record

KNOWN = """
select asked.no, c.id, c.phone_hash, c.dead_at is not null as dead, c.bound_at, c.phone_sealed, p.sealed, p.language,
       p.customer_id, k.data_key, t.began, t.language as tongue, t.phone_sealed as waiting, t.code, t.code_until,
       t.wrong, t.codes
  from unnest($1::bytea[]) with ordinality as asked (hash, no)
  left join chats c on c.hash = asked.hash and c.ended_at is null
  left join (phones p join customers k on k.id = p.customer_id and k.data_key is not null) on p.hash = c.phone_hash
  left join chat_talks t on t.hash = asked.hash
 order by asked.no
"""

OF_PHONE = """
select p.customer_id, k.data_key, p.language,
       (select c.hash from chats c
         where c.phone_hash = asked.hash and c.ended_at is null and c.dead_at is null) as chat,
       array(select coalesce(l.name, '..' || right(a.number, 4))
               from links l join accounts a on a.id = l.account_id
              where l.phone_hash = asked.hash and l.valid_to is null and l.valid_from <= $2 order by l.id) as accounts
  from (values ($1::bytea)) as asked (hash)
  left join (phones p join customers k on k.id = p.customer_id and k.data_key is not null) on p.hash = asked.hash
"""

SEEN = """
select content_hash from inbox where provider = $1 and reference = $2
"""

KEEP_TALK = """
insert into chat_talks (hash, language, phone_sealed, code, code_until, wrong, codes, began)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (hash) do update
   set language = excluded.language, phone_sealed = excluded.phone_sealed, code = excluded.code,
       code_until = excluded.code_until, wrong = excluded.wrong, codes = excluded.codes, began = excluded.began
"""

END = """
with ended as (
    update chats set ended_at = $3 where (hash = $1 or phone_hash = $2) and ended_at is null
    returning id, hash, sealed, customer_id, phone_hash
), kept as (
    insert into chat_ends (chat_id, at, why)
    select id, $3, case when hash = $1 then 'other phone' else 'moved' end from ended
)
select e.hash, e.sealed, k.data_key, p.language
  from ended e left join customers k on k.id = e.customer_id left join phones p on p.hash = e.phone_hash
 where e.hash <> $1
"""

BIND = """
insert into chats (hash, phone_hash, customer_id, sealed, phone_sealed, evidence, bound_at)
values ($1, $2, $3, $4, $5, $6, $7)
"""

ALIVE = """
update chats set dead_at = null where id = $1 and dead_at is not null
"""

DEAD = """
update chats set dead_at = $2 where id = $1 and dead_at is null
"""

FALL_BACK = """
with lost as (
    select o.*, new.id as new_id
      from unnest($1::uuid[], $2::uuid[]) as new (lost_id, id) join outbox o on o.id = new.lost_id
     where o.channel = 'telegram' and o.state in ('failed', 'undelivered')
), died as (
    update chats set dead_at = $3
     where $5 and phone_hash in (select address_hash from lost) and ended_at is null and dead_at is null
)
insert into outbox (id, channel, class, customer_id, address_hash, body, body_hash, segments, locale, kind, state)
select l.new_id, 'sms', l.class, l.customer_id, l.address_hash, l.body, l.body_hash, l.segments, l.locale, l.kind,
       'ready'
  from lost l join phones p on p.hash = l.address_hash and p.customer_id = l.customer_id
 where l.body is not null and l.class = 'reply' and l.kind <> all($4::text[])
on conflict (id) do nothing
returning id
"""


WANT_PHOTO = """
insert into chat_photos (reference, phone_hash, customer_id, file, wanted_at) values ($1, $2, $3, $4, $5)
on conflict (reference) do nothing
"""

DUE_PHOTO = """
update chat_photos as photo
   set tries = tries + 1, not_before = clock_timestamp() + make_interval(secs => $1::float8 * (tries + 1))
  from (select due.id, k.data_key from chat_photos due left join customers k on k.id = due.customer_id
         where due.kept_at is null and due.tries < $2 and due.not_before <= clock_timestamp()
           and (due.customer_id is null or k.data_key is not null)
         order by due.not_before, due.id limit 1 for update of due skip locked) as next
 where photo.id = next.id
returning photo.id, photo.file, next.data_key
"""

KEEP_PHOTO = """
update chat_photos set kept_at = $5, digest = $2, kept_digest = $3, content = $4 where id = $1 and kept_at is null
"""


async def known(conn: Connection, hashes: Sequence[bytes]) -> list[Record]:
    """How each chat stands, in the order of the hashes."""
    return list(await conn.fetch(KNOWN, hashes))


async def of_phone(conn: Connection, phone_hash: bytes, *, at: datetime) -> Record:
    """In whose keeping a phone is, in which living chat it speaks, and how messages name its accounts."""
    row = await conn.fetchrow(OF_PHONE, phone_hash, at)
    assert row is not None
    return row


async def seen(conn: Connection, provider: str, reference: str) -> bytes | None:
    """The hash of the content that is on record under the reference; None where nothing is."""
    found: bytes | None = await conn.fetchval(SEEN, provider, reference)
    return found


async def keep_talk(
    conn: Connection,
    chat: bytes,
    *,
    language: str | None,
    phone: bytes | None,
    code: str | None,
    code_until: datetime | None,
    wrong: int,
    codes: int,
    began: datetime,
) -> None:
    await conn.execute(KEEP_TALK, chat, language, phone, code, code_until, wrong, codes, began)


async def end(conn: Connection, chat: bytes, phone: bytes, *, at: datetime) -> list[Record]:
    """Ends what binds the chat or the phone; the other chats in which the phone spoke."""
    return list(await conn.fetch(END, chat, phone, at))


async def bind(
    conn: Connection,
    chat: bytes,
    phone: bytes,
    *,
    customer_id: int | None,
    sealed: bytes,
    phone_sealed: bytes | None,
    evidence: str,
    at: datetime,
) -> None:
    """Binds a chat that is bound to nothing to a phone that speaks nowhere."""
    await conn.execute(BIND, chat, phone, customer_id, sealed, phone_sealed, evidence, at)


async def alive(conn: Connection, chat_id: int) -> None:
    """Its person has written: something reaches it again."""
    await conn.execute(ALIVE, chat_id)


async def dead(conn: Connection, chat_id: int, *, at: datetime) -> None:
    """Nothing reaches it from now on."""
    await conn.execute(DEAD, chat_id, at)


async def fall_back(
    conn: Connection, lost: Sequence[UUID], instead: Sequence[UUID], kept: Sequence[str], *, dead: bool, at: datetime
) -> int:
    """Has the replies among these messages go out by SMS under the ids `instead`, but for those of a kind in `kept`;
    how many. `dead`: their chats are marked so."""
    return len(await conn.fetch(FALL_BACK, lost, instead, at, kept, dead))


async def want_photo(
    conn: Connection, reference: str, phone: bytes, customer_id: int | None, file: bytes, *, at: datetime
) -> None:
    await conn.execute(WANT_PHOTO, reference, phone, customer_id, file, at)


async def due_photo(conn: Connection, *, seconds: float, tries: int) -> Record | None:
    """The next photo that is wanted, held for so many seconds, longer each time; no more than so many times."""
    return await conn.fetchrow(DUE_PHOTO, seconds, tries)


async def keep_photo(
    conn: Connection, photo: int, digest: bytes, kept_digest: bytes, content: bytes, *, at: datetime
) -> None:
    await conn.execute(KEEP_PHOTO, photo, digest, kept_digest, content, at)
