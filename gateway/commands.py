"""What each command of `meterline` does, once the settings are read."""

import asyncio
import json
import os
import runpy
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer
from asyncpg import Connection, InvalidCatalogNameError, PostgresError, UndefinedObjectError, UndefinedTableError
from pydantic import SecretStr
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from core.accounts import sql as accounts
from core.basics.payee import BadPayee, Payee
from core.basics.periods import Month
from core.basics.sealing import Keyring
from core.billing import actions as billing
from core.billing import company as companies
from core.billing import profiles, sharing, tariffs
from core.billing import sql as billing_sql
from core.billing.engine import charging, protocol, readable
from core.books import closing
from core.doors.model import Door
from core.importing import actions as importing
from core.importing.model import FileRefused
from core.importing.telling import Telling
from core.outbox.noticing import Wire
from core.store import migrate as migrations
from core.store import pool as store
from core.store.failures import GONE
from gateway import demonstrating, parts, serving
from gateway.binaries import PostgresMissing
from gateway.clock import now
from gateway.cluster import EmbeddedFailed
from gateway.embedded import EmbeddedPostgres
from gateway.settings import Settings, StoreSettings

SHOWN = 20
"""Problems of an import that are printed; all of them go into the file that is asked for."""

Before = Callable[[Connection], Awaitable[None]]
"""What is done on the database before a process begins."""


class Trouble(Exception):
    """Something that the one who called can mend; its text is one line."""


async def told(work: Coroutine[Any, Any, int | None]) -> int | None:
    """Runs the work; what is known to go wrong comes out as Trouble."""
    try:
        return await work
    except (UndefinedTableError, UndefinedObjectError) as error:
        raise Trouble("the database is not migrated; run: meterline migrate") from error
    except InvalidCatalogNameError as error:
        raise Trouble(f"{error}") from error
    except (EmbeddedFailed, PostgresMissing) as error:
        raise Trouble(str(error)) from error
    except (profiles.NoProfile, billing.NotEnded, closing.DayNotEnded, closing.OutOfOrder, closing.ClosingNow) as error:
        raise Trouble(str(error)) from error
    except (migrations.MigrationError, FileRefused, serving.SlowHttp) as error:
        raise Trouble(str(error)) from error
    except PostgresError as error:
        raise Trouble(f"the database refused: {str(error).splitlines()[0]}") from error
    except GONE as error:
        raise Trouble(f"cannot go on: {str(error).splitlines()[0] if str(error) else type(error).__name__}") from error


@asynccontextmanager
async def database(settings: StoreSettings) -> AsyncIterator[str]:
    """The address of the database: the one that is set, or our own, which is brought to this version at once."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    with EmbeddedPostgres(settings.data_dir / "postgres") as own:
        await _migrated(own.url)
        yield own.url


@asynccontextmanager
async def plain_database(settings: StoreSettings) -> AsyncIterator[str]:
    """The address of the database as it is, whatever its version."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    with EmbeddedPostgres(settings.data_dir / "postgres") as own:
        yield own.url


async def _migrated(dsn: str) -> list[str]:
    """Brings the database to this version; one without tariffs is given those that come with the program. What was
    applied."""
    conn = await store.connect(dsn, role=None)
    try:
        applied = await migrations.migrate(conn)
    finally:
        await conn.close()
    conn = await store.connect(dsn)
    try:
        if not await billing_sql.newest_tariff(conn):
            with tariffs.SHIPPED.open("rb") as stream:
                await importing.import_tariffs(conn, stream, at=now())
    finally:
        await conn.close()
    return applied


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Connection]:
    async with database(settings) as dsn:
        conn = await store.connect(dsn)
        try:
            yield conn
        finally:
            await conn.close()


@asynccontextmanager
async def connected_twice(settings: Settings) -> AsyncIterator[tuple[Connection, Connection]]:
    """Two connections: what is written by one does not keep the other from reading."""
    async with database(settings) as dsn:
        conn = await store.connect(dsn)
        try:
            beside = await store.connect(dsn)
            try:
                yield conn, beside
            finally:
                await beside.close()
        finally:
            await conn.close()


async def serve(settings: Settings, *, works: bool, before: Before, polling: bool = False) -> None:
    async with database(settings) as dsn:
        await _done_before(dsn, before)
        await serving.serve(settings, dsn, now=now, works=works, polling=polling)


async def _done_before(dsn: str, before: Before) -> None:
    conn = await store.connect(dsn)
    try:
        await before(conn)
    finally:
        await conn.close()


async def work(settings: Settings, *, before: Before) -> None:
    if settings.database_url is None:
        raise Trouble("several processes need METERLINE_DATABASE_URL; for one process tree use: meterline serve --work")
    async with database(settings) as dsn:
        await _done_before(dsn, before)
        await serving.work(settings, dsn, now=now)


async def migrate(settings: StoreSettings) -> None:
    async with database(settings) as dsn:
        applied = await _migrated(dsn)
    typer.echo("\n".join(applied) if applied else "the database is up to date")


async def company(settings: Settings, *, name: str, phone: str, window: str, pay: str) -> None:
    said = companies.Said(name, phone, window, pay)
    try:
        profile = companies.checked(said, zone=settings.timezone, pack=settings.profile)
    except companies.BadProfile as error:
        raise Trouble(str(error)) from error
    async with connected(settings) as conn:
        await companies.tell(conn, profile)
    typer.echo("set; running processes take it up when they are started again")


async def payee(settings: Settings, said: Payee | None) -> None:
    async with connected(settings) as conn:
        if await companies.told(conn) is None:
            raise Trouble("there is no company yet: meterline company --name … --phone …")
        try:
            await companies.tell_payee(conn, said)
        except BadPayee as error:
            raise Trouble(f"--{error.field}: {error}") from error
    typer.echo("set; bills that are printed from now on have it" if said else "bills name nobody to pay from now on")


async def import_file(settings: Settings, kind: str, file: Path, problems: Path | None) -> int:
    if kind not in importing.KINDS:
        known = (*importing.KINDS, *Door)
        raise Trouble(f"unknown kind {kind!r}; there are: {', '.join(known)}")
    if not await asyncio.to_thread(file.is_file):
        raise Trouble(f"no such file: {file}")
    keyring = Keyring(key=settings.key.get_secret_value(), pepper=settings.pepper.get_secret_value())
    today = now().astimezone(ZoneInfo(settings.timezone)).date()
    async with connected(settings) as conn:
        with progress() as bar:
            task = bar.add_task(f"import {kind}", total=None)
            report = await importing.run(
                kind,
                file,
                conn=conn,
                keyring=keyring,
                zone=settings.timezone,
                today=today,
                at=now(),
                progress=lambda done, total: bar.update(task, completed=done, total=total),
                telling=Telling(Wire(keyring, parts.words(), os.urandom), settings.tell_payments_days),
            )
    for line in report.lines(shown=SHOWN):
        typer.echo(line)
    if problems is not None:
        report.write(problems)
    return 1 if report.problems else 0


async def close_month(settings: Settings, month: Month) -> int:
    async with connected_twice(settings) as (conn, beside):
        profile = await accounts.company(conn)
        pack = profile.pack if profile else settings.profile
        today = now().astimezone(ZoneInfo(profile.timezone if profile else settings.timezone)).date()
        with progress() as bar:
            task = bar.add_task(f"close {month}", total=None)
            await sharing.share_common(conn, month, on=today, at=now())
            closed = await billing.close_month(
                conn,
                month,
                issued_on=today,
                due_on=profiles.due_on(pack, month),
                at=now(),
                progress=lambda done, total: bar.update(task, completed=done, total=total),
                beside=beside,
            )
    typer.echo(
        f"{month}: {closed.accounts} accounts, {closed.bills} bills, {closed.recalculations} corrections, "
        f"{Decimal(closed.amount).scaleb(-2):.2f} demanded"
        + (f"; {closed.caught_up} accounts got the bills of earlier months too" if closed.caught_up else "")
        + (f"; {closed.failed} NOT billed for want of a tariff, see the alarms" if closed.failed else "")
    )
    return 1 if closed.failed else 0


async def explain(settings: Settings, account: str, day: date | None, *, language: str, as_json: bool) -> None:
    if language not in readable.LANGUAGES:
        raise Trouble(f"unknown language {language!r}; there are: {', '.join(readable.LANGUAGES)}")
    async with connected(settings) as conn:
        try:
            told = await billing.explain(conn, account, day or now().astimezone(ZoneInfo(settings.timezone)).date())
        except charging.NoTariff as error:
            raise Trouble(str(error)) from error
    if told is None:
        raise Trouble(f"no account {account!r}")
    typer.echo(
        json.dumps(protocol.as_json(told), ensure_ascii=False, indent=2)
        if as_json
        else "\n".join(readable.as_text(told, language))
    )


async def demo(*, script: bool) -> int:
    return await demonstrating.demo(only_script=script)


def bench(arguments: list[str]) -> int:
    """Runs bench/ from the project's tree."""
    place = Path(__file__).parents[1] / "bench"
    if not (place / "__main__.py").is_file():
        raise Trouble("bench/ is not there; run this from the project's tree")
    sys.argv = ["meterline bench", *arguments]
    runpy.run_module("bench", run_name="__main__")
    return 0


def secrets_of(settings: Settings) -> list[str]:
    """What no log may show."""
    values = (getattr(settings, name) for name in type(settings).model_fields)
    return [value.get_secret_value() for value in values if isinstance(value, SecretStr)]


def progress() -> Progress:
    """A bar on the error output, so that the output can be piped; none where that is no terminal but a log."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
