"""The keys by which customers and their accounts are found: what is written beside what is sealed."""

import json
from collections.abc import Iterator

from asyncpg import Connection

from core.basics.sealing import Keyring
from core.finding import sql, words
from core.finding.sql import Key

CHUNK = 1000


def of_name(keyring: Keyring, customer_id: int, name: str) -> Iterator[Key]:
    """By which a customer of the name is found."""
    for word in words.name(name):
        yield keyring.search_digest("name", word), customer_id, 0


def of_address(keyring: Keyring, customer_id: int, account_id: int, address: str) -> Iterator[Key]:
    """By which an account at the address is found."""
    for key in words.address_keys(address):
        yield keyring.search_digest("address", key), customer_id, account_id


def of_document(keyring: Keyring, customer_id: int, kind: str, number: str) -> Iterator[Key]:
    """By which a customer is found who has the document."""
    for key in words.document_keys(kind, number):
        yield keyring.search_digest("document", key), customer_id, 0


def of_bank(keyring: Keyring, customer_id: int, account_id: int, number: str) -> Iterator[Key]:
    """By which an account is found that is paid from the bank account."""
    yield keyring.search_digest("bank", words.code(number)), customer_id, account_id


async def fill(conn: Connection, keyring: Keyring) -> int:
    """Makes the keys of names and addresses of all customers, for those who were taken in before there were any; how
    many customers there are. A chunk is a transaction; what is there stays."""
    done = after = 0
    while rows := await sql.to_key(conn, after=after, limit=CHUNK):
        async with conn.transaction():
            await sql.add_keys(conn, (key for row in rows for key in _keys(keyring, *row)))
        done, after = done + len(rows), rows[-1]["id"]
    return done


def _keys(
    keyring: Keyring,
    customer_id: int,
    sealed_key: bytes | None,
    name: bytes | None,
    addresses: str | None,
) -> Iterator[Key]:
    if sealed_key is None:
        return
    sealer = keyring.customer(sealed_key)
    if name is not None:
        yield from of_name(keyring, customer_id, sealer.open(name, purpose=b"name").decode())
    for account, sealed in json.loads(addresses or "{}").items():
        address = bytes.fromhex(sealed)
        yield from of_address(keyring, customer_id, int(account), sealer.open(address, purpose=b"address").decode())
