"""After a conversation the database holds no phone and no customer's words that a thief could read (R40)."""

import asyncpg
import pytest

from tests import make
from tests.flows import conftest as flows
from tests.make import A, M

KNOWN, UNKNOWN = "+79780001705", "+79031234567"
WORDS = ("04512", "почему", "непонятные слова", "ОТМ", "долг", "СТОП")
UNHEARD = "кто здесь живёт"
SECRETS = (flows.TOKEN, flows.AUDIT, make.KEY, make.PEPPER)

TABLES = """
select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relkind in ('r', 'm') and n.nspname in ('public', 'store') order by 1
"""


async def dump(owner: asyncpg.Connection) -> str:
    """Every row of every table as text; bytes are hexadecimal, as pg_dump writes them."""
    parts = []
    for row in await owner.fetch(TABLES):
        parts += [text for (text,) in await owner.fetch(f"select t::text from {row[0]} as t")]
    return "\n".join(parts).lower()


def shapes(plain: str) -> set[str]:
    """How the words would look in a dump: as they are, and as the bytes of the usual encodings."""
    encoded = (plain.encode(encoding, "replace").hex() for encoding in ("utf-8", "utf-16-le", "utf-16-be", "cp1251"))
    return {plain.lower(), *encoded}


def numbers(phone: str) -> set[str]:
    """A phone with and without its country, and its digits alone."""
    return {phone, phone[1:], phone[2:]}


@pytest.fixture
async def company(owner: asyncpg.Connection) -> asyncpg.Connection:
    await make.company(owner)
    await make.account(owner, A("100004321", (M("0098765"),), ((KNOWN, "owner"),), names=("дача",)))
    return owner


async def test_a_dump_holds_no_phone_and_no_words(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool
) -> None:  # R40
    told: list[str] = []
    async with flows.street(database, pool) as town:
        for words in WORDS:
            told += await town.text(KNOWN, words)
        told += await town.text(UNKNOWN, UNHEARD)
    assert len(told) == len(WORDS) + 1
    text = await dump(company)
    hidden = {*numbers(KNOWN), *numbers(UNKNOWN), *told, *SECRETS, WORDS[2], UNHEARD}
    found = {plain for plain in hidden for shape in shapes(plain) if shape in text}
    assert found == set()


async def test_what_is_not_sealed_would_be_found(company: asyncpg.Connection) -> None:
    await company.execute("insert into alarms (kind, about, at) values ('test', $1, now())", KNOWN)
    await company.execute(
        "insert into reports (channel, reference, raw, received_at) values ('sms', '', $1, now())", UNKNOWN.encode()
    )
    text = await dump(company)
    assert all(any(shape in text for shape in shapes(phone)) for phone in (KNOWN, UNKNOWN))


async def test_what_is_sealed_can_be_read_with_the_keys(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool
) -> None:  # R40
    """The words were not lost: they are there for those who hold the key."""
    async with flows.street(database, pool) as town:
        await town.text(KNOWN, WORDS[2])
    sql = "select c.data_key, i.payload from inbox i join customers c on c.id = i.customer_id"
    [(data_key, payload)] = await company.fetch(sql)
    opened = make.keyring().customer(data_key).open(payload, purpose=b"inbox")
    assert opened.startswith(WORDS[2].encode() + b"\0")
    assert KNOWN[1:].encode() in opened
