"""What the database is asked about contracts and consents."""

import json
from collections.abc import Sequence
from datetime import date, datetime

from asyncpg import Connection, Record

from core.accounts.model import Role, Scope
from core.basics.facts import dataclass
from core.contracts.model import Consent, Contract, How, Reason, Scan, State, Topic

HOLDER = """
select a.id, a.number, a.customer_id, c.data_key, c.name_sealed, a.timezone,
       (select p.language from links l join phones p on p.hash = l.phone_hash
         where l.account_id = a.id and l.valid_to is null order by l.id limit 1) as language
  from accounts a join customers c on c.id = a.customer_id
 where a.id = $1
"""

NEXT = """
select nextval('contracts_id_seq')
"""

PREPARE = """
insert into contracts (id, account_id, customer_id, phone_hash, role, extra, topics, dated, document, text_version,
                       language, text_hash, sealed, prepared_at, prepared_by)
overriding system value
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
"""

ONE = """
select n.*, a.number as account
  from contracts_now n join accounts a on a.id = n.account_id
 where n.id = $1
"""

SEALED = """
select c.document, c.text_version, c.language, c.text_hash, c.sealed, c.customer_id, k.data_key, e.words
  from contracts c
  join customers k on k.id = c.customer_id
  left join contract_ends e on e.contract_id = c.id
 where c.id = $1
"""

NUMBERED = """
select id from contracts where number = $1
"""

OF_ACCOUNT = """
select n.*, a.number as account
  from contracts_now n join accounts a on a.id = n.account_id
 where n.account_id = $1 and n.id < $2
 order by n.id desc limit $3
"""

OF_PHONE = """
select n.*, a.number as account,
       c.document, c.text_version, c.language, c.text_hash, c.sealed, c.customer_id, k.data_key
  from contracts_now n
  join accounts a on a.id = n.account_id
  join contracts c on c.id = n.id
  join customers k on k.id = c.customer_id
 where n.account_id = $1 and n.phone_hash = $2
   and (n.state = 'in_force' or (n.state = 'prepared' and n.prepared_at > $3))
 order by n.id desc
"""

OF_DAY = """
select n.*, a.number as account
  from contracts_now n join accounts a on a.id = n.account_id
 where n.dated = $1 and n.id < $2
 order by n.id desc limit $3
"""

SIGN = """
insert into contract_signings (contract_id, at, by) values ($1, $2, $3) on conflict do nothing returning contract_id
"""

END = """
insert into contract_ends (contract_id, since, reason, words, at, by) values ($1, $2, $3, $4, $5, $6)
on conflict do nothing returning contract_id
"""

LINK = """
insert into links (phone_hash, account_id, role, extra, name, valid_from, contract_on, evidence, recorded_at)
select $1, $2, $3, $4, (select name from links where phone_hash = $1 and account_id = $2 order by id desc limit 1),
       $5, $6, $7, $5
"""

UNLINK = """
with ended as (
    update links set valid_to = $4
     where account_id = $1 and phone_hash = $2 and valid_to is null and evidence = $3
    returning id
)
insert into link_ends (link_id, at, evidence, recorded_at) select id, $4, $5, $6 from ended returning link_id
"""

PHONE = """
select p.customer_id, c.data_key, p.language, p.sealed
  from phones p join customers c on c.id = p.customer_id
 where p.hash = $1
"""

SCAN = """
insert into contract_scans (contract_id, kind, size, sha256, sealed, at, by) values ($1, $2, $3, $4, $5, $6, $7)
on conflict do nothing
"""

SCANS = """
select id, kind, size, sha256, at, by from contract_scans where contract_id = $1 order by id
"""

PICTURE = """
select s.kind, s.sha256, s.sealed, k.data_key
  from contract_scans s join contracts c on c.id = s.contract_id join customers k on k.id = c.customer_id
 where s.contract_id = $1 and s.id = $2
"""

CONSENT = """
insert into consents (phone_hash, account_id, topic, given, how, contract_id, by, since, recorded_at)
select $1, $2, topic, $4, $5, $6, $7, $8, $9 from unnest($3::text[]) as new (topic)
"""

CONSENTS = """
select topic, given, how, by, since from consents_now
 where phone_hash = $1 and (account_id = $2 or (account_id is null and topic = 'news'))
 order by topic
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """An account and the customer whose key seals what belongs to it; None once he was erased."""

    account_id: int
    number: str
    customer_id: int
    data_key: bytes | None
    name_sealed: bytes | None
    timezone: str
    language: str | None

    @property
    def tail(self) -> str:
        return ".." + self.number[-4:]


@dataclass(frozen=True, slots=True)
class New:
    """A contract to be stored; `sealed` holds what fills its blanks."""

    id: int
    holder: Holder
    phone_hash: bytes
    role: Role
    extra: frozenset[Scope]
    topics: frozenset[Topic]
    dated: date
    document: str
    version: date
    language: str
    text_hash: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """What is stored of a contract beside its state; `blanks` and `words` are sealed, `data_key` opens them."""

    document: str
    version: date
    language: str
    text_hash: bytes
    blanks: bytes
    customer_id: int
    data_key: bytes | None
    words: bytes | None


async def holder(conn: Connection, account_id: int) -> Holder | None:
    row = await conn.fetchrow(HOLDER, account_id)
    return None if row is None else Holder(*row)


async def next_id(conn: Connection) -> int:
    found: int = await conn.fetchval(NEXT)
    return found


async def prepare(conn: Connection, new: New, *, at: datetime, by: str) -> None:
    await conn.execute(
        PREPARE, new.id, new.holder.account_id, new.holder.customer_id, new.phone_hash, new.role, sorted(new.extra),
        sorted(new.topics), new.dated, new.document, new.version, new.language, new.text_hash, new.sealed, at, by,
    )  # fmt: skip


async def one(conn: Connection, contract_id: int) -> Contract | None:
    row = await conn.fetchrow(ONE, contract_id)
    return None if row is None else _contract(row)


async def kept(conn: Connection, contract_id: int) -> Kept:
    """What is sealed of a contract that is there."""
    row = await conn.fetchrow(SEALED, contract_id)
    assert row is not None, "contracts stay"
    return Kept(*row)


async def numbered(conn: Connection, number: str) -> int | None:
    found: int | None = await conn.fetchval(NUMBERED, number)
    return found


async def of_account(conn: Connection, account_id: int, *, before: int, most: int) -> list[Contract]:
    """The contracts of an account with smaller ids, the latest first."""
    return [_contract(row) for row in await conn.fetch(OF_ACCOUNT, account_id, before, most)]


async def of_phone(
    conn: Connection, account_id: int, phone_hash: bytes, *, since: datetime
) -> list[tuple[Contract, Kept]]:
    """The contracts of the account for this phone that hold, or were prepared since then and wait; the latest first."""
    return [(_contract(row), _kept(row)) for row in await conn.fetch(OF_PHONE, account_id, phone_hash, since)]


def _kept(row: Record) -> Kept:
    return Kept(
        row["document"], row["text_version"], row["language"], row["text_hash"], row["sealed"], row["customer_id"],
        row["data_key"], None,
    )  # fmt: skip


async def of_day(conn: Connection, day: date, *, before: int, most: int) -> list[Contract]:
    """The contracts with that date and smaller ids, the latest first."""
    return [_contract(row) for row in await conn.fetch(OF_DAY, day, before, most)]


async def sign(conn: Connection, contract_id: int, *, at: datetime, by: str) -> bool:
    """Whether it was not signed before."""
    return await conn.fetchval(SIGN, contract_id, at, by) is not None


async def end(
    conn: Connection, contract_id: int, reason: Reason, words: bytes | None, *, since: datetime, at: datetime, by: str
) -> bool:
    """Whether it was not revoked before."""
    return await conn.fetchval(END, contract_id, since, reason, words, at, by) is not None


async def link(conn: Connection, contract: Contract, *, at: datetime) -> None:
    """Makes the link of a contract; the phone keeps its own name for the account."""
    await conn.execute(
        LINK, contract.phone_hash, contract.account_id, contract.role, sorted(contract.extra), at, contract.dated,
        evidence(contract.number),
    )  # fmt: skip


async def unlink(conn: Connection, contract: Contract, why: str, *, since: datetime, at: datetime) -> bool:
    """Ends the link of a contract as of `since`; whether it stood."""
    of = evidence(contract.number)
    found = await conn.fetchval(UNLINK, contract.account_id, contract.phone_hash, of, since, why, at)
    return found is not None


def evidence(number: str) -> str:
    """What stands with the link of a contract."""
    return f"contract {number}"


async def phone(conn: Connection, phone_hash: bytes) -> tuple[int, bytes | None, str, bytes] | None:
    """The customer in whose keeping a phone is, his key, the phone's language, and its sealed number."""
    row = await conn.fetchrow(PHONE, phone_hash)
    return None if row is None else (row[0], row[1], row[2], row[3])


async def add_scan(conn: Connection, contract_id: int, scan: Scan, sealed: bytes) -> None:
    """Keeps a picture; the same one again is the one that is there. The scan's own id does not count."""
    await conn.execute(SCAN, contract_id, scan.kind, scan.size, scan.sha256, sealed, scan.at, scan.by)


async def scans(conn: Connection, contract_id: int) -> tuple[Scan, ...]:
    return tuple(Scan(*row) for row in await conn.fetch(SCANS, contract_id))


async def picture(conn: Connection, contract_id: int, scan_id: int) -> tuple[str, bytes, bytes, bytes | None] | None:
    """The kind, the hash and the sealed bytes of a scan, and the key that opens them."""
    row = await conn.fetchrow(PICTURE, contract_id, scan_id)
    return None if row is None else (row[0], row[1], row[2], row[3])


async def consent(
    conn: Connection,
    phone_hash: bytes,
    account_id: int,
    topics: Sequence[Topic],
    consented: Consent,
    *,
    contract_id: int | None,
    at: datetime,
) -> None:
    """Writes down a word on each of the topics; that of the consent itself does not count."""
    await conn.execute(
        CONSENT, phone_hash, account_id, topics, consented.given, consented.how, contract_id, consented.by,
        consented.since, at,
    )  # fmt: skip


async def consents(conn: Connection, phone_hash: bytes, account_id: int) -> tuple[Consent, ...]:
    rows = await conn.fetch(CONSENTS, phone_hash, account_id)
    return tuple(Consent(Topic(topic), given, How(how), by, since) for topic, given, how, by, since in rows)


def packed(blanks: dict[str, str], tail: str) -> bytes:
    """What is sealed of a contract, as bytes."""
    return json.dumps({"blanks": blanks, "tail": tail}, ensure_ascii=False).encode()


def unpacked(plain: bytes) -> tuple[dict[str, str], str]:
    found = json.loads(plain)
    return found["blanks"], found["tail"]


def _contract(row: Record) -> Contract:
    return Contract(
        id=row["id"],
        number=row["number"],
        account_id=row["account_id"],
        account=row["account"],
        phone_hash=row["phone_hash"],
        role=Role(row["role"]),
        extra=frozenset(Scope(one) for one in row["extra"]),
        topics=frozenset(Topic(one) for one in row["topics"]),
        dated=row["dated"],
        state=State(row["state"]),
        prepared_at=row["prepared_at"],
        prepared_by=row["prepared_by"],
        signed_at=row["signed_at"],
        signed_by=row["signed_by"],
        ended_since=row["ended_since"],
        ended_at=row["ended_at"],
        ended_by=row["ended_by"],
        reason=None if row["reason"] is None else Reason(row["reason"]),
    )
