"""What the database knows of the accounts, meters and phones that a chunk of customers names."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from asyncpg import Connection

from core.accounts.model import Role
from core.basics.sealing import Keyring
from core.finding import keying
from core.finding import sql as finding
from core.finding.sql import Key
from core.importing import sql
from core.importing.known import Known, KnownAccount, KnownCustomer
from core.importing.model import CustomerRow
from core.metering import sql as metering


async def known(conn: Connection, rows: Sequence[CustomerRow], *, keyring: Keyring) -> Known:
    """All that the rows are to be compared with; their accounts are locked until the transaction ends."""
    numbers = sorted({row.account for row in rows})
    await sql.lock(conn, numbers)
    hashes = {number: keyring.phone_hash(number) for number in {cell.number for row in rows for cell in row.phones}}
    accounts = await sql.accounts(conn, numbers)
    await _add_meters(conn, accounts)
    await _add_links(conn, rows, accounts, hashes)
    owners = await sql.owners(conn, _owners_asked(rows, accounts, hashes))
    return Known(
        accounts=accounts,
        readings=await sql.neighbours(conn, _counts_asked(rows, accounts)),
        owners=owners,
        phones=await sql.phones(conn, list(hashes.values())),
        hashes=hashes,
        keys=await finding.known_keys(conn, list(_keys_asked(rows, accounts, owners, hashes, keyring))),
    )


def _keys_asked(
    rows: Sequence[CustomerRow],
    accounts: Mapping[str, KnownAccount],
    owners: Mapping[bytes, Sequence[KnownCustomer]],
    hashes: Mapping[str, bytes],
    keyring: Keyring,
) -> Iterator[Key]:
    """The keys of the documents and bank accounts of the rows, for each customer whose they may be."""
    for row in rows:
        account = accounts.get(row.account)
        people = (
            [account.customer_id]
            if account
            else [one.id for cell in row.phones for one in owners.get(hashes[cell.number], ())]
        )
        for customer in people:
            if row.document is not None:
                yield from keying.of_document(keyring, customer, row.document.kind, row.document.number)
            if row.bank and account is not None:
                yield from keying.of_bank(keyring, customer, account.id, row.bank)


async def _add_meters(conn: Connection, accounts: dict[str, KnownAccount]) -> None:
    found = await metering.meters_there(conn, [account.id for account in accounts.values()])
    for account in accounts.values():
        account.meters = {meter.serial: meter for meter in found.get(account.id, ())}


async def _add_links(
    conn: Connection, rows: Sequence[CustomerRow], accounts: dict[str, KnownAccount], hashes: dict[str, bytes]
) -> None:
    found = await sql.links(conn, [account.id for account in accounts.values()])
    asked: set[tuple[int, bytes]] = set()
    for row in rows:
        account = accounts.get(row.account)
        if account is not None:
            account.links = found.get(account.id, {})
            digests = (hashes[cell.number] for cell in row.phones)
            asked.update((account.id, digest) for digest in digests if digest not in account.links)
    ended = await sql.ended_links(conn, sorted(asked))
    for account in accounts.values():
        account.links = ended.get(account.id, {}) | account.links


def _counts_asked(
    rows: Sequence[CustomerRow], accounts: dict[str, KnownAccount]
) -> Sequence[tuple[int, int, int, date]]:
    asked: list[tuple[int, int, int, date]] = []
    for row in rows:
        if row.account in accounts and row.meter is not None and row.meter.reading is not None:
            account, reading = accounts[row.account], row.meter.reading
            meter = account.meters.get(row.meter.serial)
            if meter is not None:
                asked.extend((account.id, meter.id, no, reading.day) for no in range(1, len(reading.values) + 1))
    return asked


def _owners_asked(
    rows: Sequence[CustomerRow], accounts: dict[str, KnownAccount], hashes: dict[str, bytes]
) -> list[bytes]:
    """The first owner's phone of each row that may open an account."""
    found: set[bytes] = set()
    for row in rows:
        if row.account not in accounts and row.name:
            owners = (hashes[cell.number] for cell in row.phones if cell.role is Role.OWNER)
            found.update(list(owners)[:1])
    return sorted(found)
