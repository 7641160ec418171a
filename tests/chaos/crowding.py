"""A crowd for a broadcast: accounts with a phone each and nothing owed, written set-wise."""

from asyncpg import Connection

from tests import make

FIRST = 2_000_000

PHONES = """
insert into phones (hash, customer_id, sealed, language)
select told.hash, told.customer, told.sealed, case when told.customer % 5 = 4 then 'en' else 'ru' end
  from unnest($1::bytea[], $2::bigint[], $3::bytea[]) as told (hash, customer, sealed)
"""
REST = """
with made as (
    insert into accounts (customer_id, number, timezone, opened_on)
    select id, '2' || lpad(id::text, 8, '0'), 'Europe/Moscow', date '2023-11-01'
      from unnest($1::bigint[]) as asked (id) returning id, customer_id
), stated as (
    insert into account_states (account_id, fact_no) select id, 0 from made
)
insert into links (phone_hash, account_id, role, valid_from, evidence)
select p.hash, made.id, 'owner', '2023-11-01', 'crowd' from made join phones p on p.customer_id = made.customer_id
"""


async def crowd(conn: Connection, size: int) -> set[str]:
    """So many people; their phones."""
    keys = make.keyring()
    sealed = {FIRST + number: keys.new_customer_key() for number in range(size)}
    phones = {id: f"+7979{id}" for id in sealed}
    async with conn.transaction():
        await conn.execute(
            "insert into customers (id, kind, data_key) overriding system value "
            "select id, 'household', key from unnest($1::bigint[], $2::bytea[]) as told (id, key)",
            list(sealed), list(sealed.values()),
        )  # fmt: skip
        rows = [
            (keys.phone_hash(phones[id]), id, keys.customer(key).seal(phones[id].encode(), purpose=b"phone"))
            for id, key in sealed.items()
        ]
        await conn.execute(PHONES, *zip(*rows, strict=True))
        await conn.execute(REST, list(sealed))
    await conn.execute("vacuum (analyze) customers, phones, accounts, account_states, links")
    return set(phones.values())
