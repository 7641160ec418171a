"""A town for load: any number of accounts with one meter and one phone each, as the program's own billing left them."""

import json
from datetime import UTC, date, datetime

from asyncpg import Connection

from bench import sql
from core.accounts import sql as accounts
from core.accounts.model import CompanyProfile
from core.basics.money import MILLI
from core.basics.periods import Month
from core.basics.sealing import Keyring, Sealer
from core.billing import actions as billing
from core.billing import profiles, tariffs
from core.billing.actions import NewClaim
from core.metering import sql as metering
from core.metering.model import Source
from core.metering.sql import ReadingRow

KEY, PEPPER = "a key for benches only", "a pepper for benches only"
PACK = "RU-household"
TODAY = datetime(2025, 11, 21, 9, tzinfo=UTC)
"""When all messages of a bench are received."""

LAST = 4325
"""What every meter showed on the 24th of the month before, in whole units; a month uses USUAL of them."""
USUAL = 187

_CHUNK = 50_000


def phone(number: int) -> str:
    """The phone of the account with this number, counted from 1."""
    return f"+79{number:09d}"


def chat(number: int) -> str:
    """The private chat of the phone of that account."""
    return str(5_000_000_000 + number)


def keyring() -> Keyring:
    return Keyring(key=KEY, pepper=PEPPER)


async def build(conn: Connection, size: int) -> None:
    """Makes the town, as the tables' owner.

    Account 1 has a year of readings and a bill for October, the end of which is a forecast; the other accounts get
    copies of its state, without a history behind them.
    """
    await _company(conn)
    keys = keyring()
    await _people(conn, keys, 1, 1)
    await sql.settle(conn, 1, first=1)
    await _bill_first(conn)
    for first in range(2, size + 1, _CHUNK):
        last = min(size, first + _CHUNK - 1)
        await _people(conn, keys, first, last)
        await sql.settle(conn, last, first=first)
    await sql.copy_states(conn, size)
    await conn.execute("vacuum (analyze) customers, phones, accounts, points, meters, links, account_states")


async def open_chats(conn: Connection, size: int) -> None:
    """Binds a private chat to every phone."""
    keys = keyring()
    for first in range(1, size + 1, _CHUNK):
        numbers = range(first, min(size, first + _CHUNK - 1) + 1)
        key_of = {row[0]: row[1] for row in await conn.fetch(sql.DATA_KEYS, numbers[0], numbers[-1])}
        hashes = [keys.chat_hash(chat(number)) for number in numbers]
        sealed = [keys.customer(key_of[number]).seal(chat(number).encode(), purpose=b"chat") for number in numbers]
        await conn.execute(sql.CHATS, list(numbers), hashes, sealed)
    await conn.execute("vacuum (analyze) chats")


async def _company(conn: Connection) -> None:
    await accounts.set_company(conn, CompanyProfile("Bench", "8-800-000-00-00", "Europe/Moscow", "RUB", PACK))
    rows = [
        (one.plan, one.valid.start, one.valid.end, json.dumps(tariffs.encode(one)), one.source)
        for one in tariffs.shipped()
    ]
    await conn.copy_records_to_table(
        "tariffs", records=rows, columns=["plan", "valid_from", "valid_to", "terms", "source"]
    )


async def _people(conn: Connection, keys: Keyring, first: int, last: int) -> None:
    """Customers with a key of their own each, and their phones sealed with it."""
    sealed = {number: keys.new_customer_key() for number in range(first, last + 1)}
    customers = [(number, "household", key) for number, key in sealed.items()]
    await conn.copy_records_to_table("customers", records=customers, columns=["id", "kind", "data_key"])
    phones = [
        (keys.phone_hash(phone(number)), number, _sealed(keys.customer(key), phone(number)))
        for number, key in sealed.items()
    ]
    await conn.copy_records_to_table("phones", records=phones, columns=["hash", "customer_id", "sealed"])


def _sealed(sealer: Sealer, address: str) -> bytes:
    return sealer.seal(address.encode(), purpose=b"phone")


async def _bill_first(conn: Connection) -> None:
    """A year of readings on the 24th, nothing owed up to September, and the bill of October for account 1."""
    billed = Month(2025, 10)
    months = [billed]
    while len(months) < 13:
        months.append(months[-1].previous)
    rows = [
        ReadingRow(1, no, 1, 1, date(month.year, month.month, 24), (LAST - back * USUAL) * MILLI, Source.CUSTOMER,
                   None, None, (), TODAY)
        for no, (back, month) in enumerate(sorted(enumerate(months), reverse=True), 1)
    ]  # fmt: skip
    await conn.execute("insert into account_states (account_id, fact_no) values (1, $1)", len(rows))
    await metering.add_readings(conn, rows)
    async with conn.transaction():
        nothing = NewClaim(1, billed.previous, 0, date(2025, 10, 10), billed.previous.last)
        await billing.post_claims(conn, [nothing], at=TODAY)
    due = profiles.due_on(PACK, billed)
    await billing.close_month(conn, billed, issued_on=billed.next.first, due_on=due, at=TODAY)
