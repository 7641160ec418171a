"""Importing files: rows are read, compared with what is stored, and stored in chunks that are committed one by one."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from asyncpg import Connection

from core.basics.sealing import Keyring
from core.billing import actions as billing
from core.billing import posting as issuing
from core.billing import sql as billing_sql
from core.billing.engine import deriving
from core.billing.engine.deriving import Facts
from core.billing.model import Tariffs
from core.billing.tariffs import NOTHING
from core.importing import customers, gathering, managing, paying, posting, pricing, registries, rules, sql, streaming
from core.importing.known import Known
from core.importing.model import ChargeRow, CustomerRow, Kind, PaymentRow, Progress
from core.importing.plan import Setting, Tally
from core.importing.report import Report
from core.importing.rules import Frame
from core.importing.table import Columns, Table
from core.importing.telling import Telling

CHUNK = 1000
"""Rows in one transaction (performance.md, rule 8): texts of the customers in them wait for it."""

KINDS = tuple(str(kind) for kind in Kind)
"""What can be imported, by the names that a command gives."""


_COLUMNS: Mapping[Kind, Columns] = MappingProxyType(
    {
        Kind.CUSTOMERS: rules.CUSTOMERS,
        Kind.CHARGES: rules.CHARGES,
        Kind.PAYMENTS: rules.PAYMENTS,
        Kind.STATEMENT: rules.STATEMENT,
        Kind.BUILDINGS: rules.BUILDINGS,
        Kind.TARIFFS: pricing.COLUMNS,
    }
)


def columns(kind: str) -> Columns:
    """What a file of the kind has.

    :raises ValueError: there is no such kind.
    """
    return _COLUMNS[Kind(kind)]


async def run(
    kind: str,
    path: Path,
    *,
    conn: Connection,
    keyring: Keyring,
    zone: str,
    today: date,
    at: datetime,
    progress: Progress | None = None,
    telling: Telling | None = None,
) -> Report:
    """Imports the file of that kind. A row that is wrong is reported and the others go in; a file that was interrupted,
    or is imported again, adds what is missing and changes nothing else.

    `zone` is the company's, for accounts without their own; `today` its business date; `at` when facts are recorded;
    `telling` how customers are told of payments, None: nobody is.

    :raises FileRefused: the file cannot be read as one of this kind; nothing was stored.
    :raises ValueError: there is no such kind.
    """
    with path.open("rb") as stream:
        return await take(
            kind, stream, conn=conn, keyring=keyring, zone=zone, today=today, at=at, progress=progress, telling=telling
        )


async def take(
    kind: str,
    stream: BinaryIO,
    *,
    conn: Connection,
    keyring: Keyring,
    zone: str,
    today: date,
    at: datetime,
    progress: Progress | None = None,
    telling: Telling | None = None,
) -> Report:
    """Imports what a stream of bytes that can be read twice has, as `run` does a file."""
    match Kind(kind):
        case Kind.CUSTOMERS:
            return await import_customers(
                conn, stream, keyring=keyring, zone=zone, today=today, at=at, progress=progress
            )
        case Kind.CHARGES:
            return await import_charges(conn, stream, today=today, at=at, progress=progress)
        case Kind.PAYMENTS:
            return await import_payments(
                conn, stream, today=today, at=at, keyring=keyring, progress=progress, telling=telling
            )
        case Kind.STATEMENT:
            return await import_statement(conn, stream, today=today, at=at, progress=progress)
        case Kind.BUILDINGS:
            return await import_buildings(conn, stream, at=at, progress=progress)
        case Kind.TARIFFS:
            return await import_tariffs(conn, stream, at=at, progress=progress)


async def import_customers(
    conn: Connection,
    stream: BinaryIO,
    *,
    keyring: Keyring,
    zone: str,
    today: date,
    at: datetime,
    progress: Progress | None = None,
    chunk: int = CHUNK,
) -> Report:
    """Customers with their accounts, meters, first readings and phones, from a stream that can be read twice; see
    `run`."""
    tally = Tally()
    with closing(Table(stream, rules.CUSTOMERS)) as table:
        frame = Frame(today, _priced(await billing_sql.tariffs(conn)))
        setting = Setting(zone, await sql.currency(conn), today, at)
        store = partial(_store_customers, conn, tally=tally, keyring=keyring, setting=setting)
        rows = streaming.rows(table, tally, lambda row: rules.customer(row, frame))
        await streaming.each(conn, table, tally, streaming.chunks(rows, chunk), store, progress)
    return Report(Kind.CUSTOMERS, tally.counts(), tally.in_order())


async def import_charges(
    conn: Connection,
    stream: BinaryIO,
    *,
    today: date,
    at: datetime,
    progress: Progress | None = None,
    chunk: int = CHUNK,
) -> Report:
    """What an older system demanded, from a stream that can be read twice; see `run`."""
    tally = Tally()
    gaps: set[int] = set()
    with closing(Table(stream, rules.CHARGES)) as table:
        store = partial(_store_charges, conn, tally=tally, gaps=gaps, today=today, at=at)
        rows = streaming.rows(table, tally, lambda row: rules.charge(row, Frame(today)))
        await streaming.each(conn, table, tally, streaming.chunks(rows, chunk), store, progress)
    return Report(Kind.CHARGES, tally.counts(), tally.in_order(), gaps=len(gaps))


async def import_payments(
    conn: Connection,
    stream: BinaryIO,
    *,
    today: date,
    at: datetime,
    keyring: Keyring | None = None,
    progress: Progress | None = None,
    chunk: int = CHUNK,
    telling: Telling | None = None,
) -> Report:
    """Money that was received or given back, from a stream that can be read twice; see `run`. `keyring` seals what
    stands in place of an account that is not known; without it such payments are refused. Customers are told of
    their payments by `telling`."""
    tally = Tally()
    suspense = 0
    registry, digest = registries.examined(stream, today=today)
    async with conn.transaction():
        await sql.take_turn(conn)
        id, before = await paying.note(conn, registry, digest, today=today, at=at)
    setting = paying.Setting(keyring, registry, id, today, at, telling)

    async def store(rows: Sequence[PaymentRow]) -> None:
        nonlocal suspense
        suspense += await paying.store(conn, rows, tally=tally, setting=setting)

    with closing(Table(stream, rules.PAYMENTS)) as table:
        rows = streaming.rows(table, tally, lambda row: rules.payment(row, Frame(today)))
        await streaming.each(conn, table, tally, streaming.chunks(rows, chunk), store, progress)
    return Report(Kind.PAYMENTS, tally.counts(), tally.in_order(), suspense, loaded_before=before)


async def import_statement(
    conn: Connection,
    stream: BinaryIO,
    *,
    today: date,
    at: datetime,
    progress: Progress | None = None,
    chunk: int = CHUNK,
) -> Report:
    """What the bank says has come, from a stream that can be read twice; see `run`."""
    tally = Tally()
    with closing(Table(stream, rules.STATEMENT)) as table:
        store = partial(paying.store_statement, conn, tally=tally, at=at)
        rows = streaming.rows(table, tally, lambda row: rules.statement(row, Frame(today)))
        await streaming.each(conn, table, tally, streaming.plain_chunks(rows, chunk), store, progress)
    return Report(Kind.STATEMENT, tally.counts(), tally.in_order())


async def import_buildings(
    conn: Connection, stream: BinaryIO, *, at: datetime, progress: Progress | None = None, chunk: int = CHUNK
) -> Report:
    """Who manages buildings, from a stream that can be read twice; see `run`."""
    tally = Tally()
    with closing(Table(stream, rules.BUILDINGS)) as table:
        store = partial(managing.store, conn, tally=tally, at=at)
        rows = streaming.rows(table, tally, rules.building)
        await streaming.each(conn, table, tally, streaming.plain_chunks(rows, chunk), store, progress)
    return Report(Kind.BUILDINGS, tally.counts(), tally.in_order())


async def import_tariffs(
    conn: Connection, stream: BinaryIO, *, at: datetime, progress: Progress | None = None
) -> Report:
    """Versions of tariff plans, from a stream that can be read twice, in one transaction: the rows of a version may
    stand anywhere in the file; see `run`."""
    tally = Tally()
    with closing(Table(stream, pricing.COLUMNS)) as table:
        rows = list(streaming.rows(table, tally, lambda row: row))
        async with conn.transaction():
            await sql.take_turn(conn)
            stored, currency, pack = await sql.tariffs(conn), await sql.currency(conn), await issuing.pack(conn)
            unsaid = NOTHING if pack is None else pack.unsaid
            new = pricing.new(rows, stored, tally, currency=currency, unsaid=unsaid)
            await sql.add_tariffs(conn, new, at=at)
        tally.settle(len(rows))
        if progress is not None:
            progress(table.lines, table.lines)
    return Report(Kind.TARIFFS, tally.counts(), tally.in_order())


def _priced(tariffs: Tariffs) -> dict[str, tuple[frozenset[str], ...]]:
    """The zones of every version of each plan."""
    return {plan: tuple(frozenset(version.zones) for version in versions) for plan, versions in tariffs.items()}


async def _store_customers(
    conn: Connection, rows: Sequence[CustomerRow], *, tally: Tally, keyring: Keyring, setting: Setting
) -> None:
    known = await gathering.known(conn, rows, keyring=keyring)
    new = [row for row in rows if row.account not in known.accounts]
    plan = customers.plan(
        rows,
        known,
        tally,
        buildings=await sql.buildings(conn, sorted({row.building for row in new if row.building})),
        keyring=keyring,
        ids=await sql.ids(conn, accounts=len({row.account for row in new}), meters=_unknown_meters(rows, known)),
        setting=setting,
    )
    await sql.store(conn, plan, at=setting.at)
    states = [
        deriving.derive(Facts(one.id, readings=tuple(plan.facts.get(one.id, ()))), tuple(one.meters.values()))
        for one in plan.opened
    ]
    await billing_sql.write_states(conn, states)
    await billing.rebuild(conn, sorted(plan.touched))


def _unknown_meters(rows: Sequence[CustomerRow], known: Known) -> int:
    """How many meters the rows may add."""
    named = {(row.account, row.meter.serial) for row in rows if row.meter is not None}
    return sum(
        account not in known.accounts or serial not in known.accounts[account].meters for account, serial in named
    )


async def _store_charges(
    conn: Connection, rows: Sequence[ChargeRow], *, tally: Tally, gaps: set[int], today: date, at: datetime
) -> None:
    """`gaps` is kept up to the accounts of the file whose claims leave months out."""
    ids = await sql.locked(conn, {row.account for row in rows})
    asked = {row.external_id for row in rows}
    new = posting.new_charges(rows, ids, await sql.known_claims(conn, sorted(asked)), tally)
    await billing.post_claims(conn, [posting.claim(row, ids[row.account], today=today) for row in new], at=at)
    await sql.add_opening_lines(conn, [(row.external_id, row.service) for row in new])
    gaps.difference_update(ids.values())
    gaps.update(await sql.gaps(conn, sorted(ids.values())))
