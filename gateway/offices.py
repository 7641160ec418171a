"""The commands for offices: where customers are received, when, and how full the days are."""

import os
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from asyncpg import Connection

from core.bookings import sql
from core.bookings.model import HORIZON, Office, Special
from core.bookings.opening import actions, reading
from core.bookings.opening import sql as opening
from core.bookings.opening.actions import Remade
from core.outbox.noticing import Wire
from gateway import bookkeeping, tasking
from gateway.clock import now
from gateway.commands import Trouble, connected
from gateway.parts import words
from gateway.running import run
from gateway.settings import Settings

offices = typer.Typer(help="Set up where and when customers are received.", no_args_is_help=True)

Code = Annotated[str, typer.Argument(help="The code of the office, such as yalta.")]
By = Annotated[str, typer.Option(help="Who does it: the login of the employee.")]


@offices.command("import")
def import_(file: Annotated[Path, typer.Argument(help="A CSV file, an office a line.")], by: By) -> None:
    """Take in offices; one that is there is changed, none is deleted."""
    run(lambda settings: imported(settings, file, by=by))


@offices.command("list")
def list_() -> None:
    """List the offices with their hours."""
    run(listed)


@offices.command()
def load(
    code: Annotated[str | None, typer.Argument(help="Only of this office.")] = None,
    days: Annotated[int, typer.Option(help="So many days ahead.", min=1, max=HORIZON)] = 14,
) -> None:
    """Show how full the coming days are."""
    run(lambda settings: loaded(settings, code, days))


@offices.command()
def close(
    code: Code,
    day: Annotated[str, typer.Argument(help="The day, as 2025-11-24.")],
    by: By,
    reason: Annotated[str, typer.Option(help="Why, for the staff.")] = "",
) -> None:
    """Close an office for a day; who has a visit then is told and offered other times."""
    run(lambda settings: closed(settings, code, Special(bookkeeping.day(day), reason=reason), by=by))


@offices.command("open")
def open_(code: Code, day: Annotated[str, typer.Argument(help="The day, as 2025-11-24.")], by: By) -> None:
    """Let a day be as always again, though it were a holiday."""
    run(lambda settings: closed(settings, code, Special(bookkeeping.day(day), usual=True), by=by))


@offices.command()
def remake() -> None:
    """Make the places of all offices as far ahead as can be booked; a job does it every night."""
    run(remade)


def wire(settings: Settings) -> Wire:
    """By what messages become rows of the outbox."""
    return Wire(tasking.keyring(settings), words(), os.urandom)


async def imported(settings: Settings, file: Path, *, by: str) -> None:
    tasking.check(by, by)
    async with connected(settings) as conn, conn.transaction():
        lines = lines_of(file, [one.code for one in await sql.services(conn)])
        done = await actions.take_in(conn, lines, wire(settings), by=by, at=now())
    for code, one in done.items():
        typer.echo(f"{code}: {told(one)}")


def lines_of(file: Path, services: Collection[str] | None = None) -> tuple[reading.Line, ...]:
    """The offices of a file; `services` are the codes of those that there are, None where nobody knows.

    :raises Trouble: it cannot be read, or something in it cannot be.
    """
    try:
        return reading.read(file.read_text(encoding="utf-8"), services)
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"{file}: cannot be read: {error}") from error
    except reading.BadOffices as error:
        raise Trouble(f"{file}, {error}") from error


async def listed(settings: Settings) -> None:
    async with connected(settings) as conn:
        for one in (await sql.offices(conn)).values():
            hours = reading.written(tuple((await opening.hours(conn, one.id)).values()))
            shut = "" if one.receives else ", receives nobody"
            typer.echo(f"{one.code}  {one.address}, {one.zone.key}, {one.windows} windows, {hours}{shut}")


async def loaded(settings: Settings, code: str | None, days: int) -> None:
    async with connected(settings) as conn:
        chosen = [await _office(conn, code)] if code else list((await sql.offices(conn)).values())
        at = now()
        span = [at.date() + timedelta(days=ahead) for ahead in range(days)]
        found = await actions.capacity(conn, [one.id for one in chosen], span, at=at)
    codes = {one.id: one.code for one in chosen}
    for one in found:
        typer.echo(f"{one.day}  {codes[one.office_id]}  {one.taken} of {one.capacity} taken, {one.free} free to book")


async def closed(settings: Settings, code: str, special: Special, *, by: str) -> None:
    tasking.check(by, by)
    async with connected(settings) as conn, conn.transaction():
        office = await _office(conn, code)
        done = await actions.make_exception(conn, office, special, wire(settings), by=by, at=now())
    typer.echo(f"{code} on {special.day}: {told(done)}")


async def remade(settings: Settings) -> None:
    async with connected(settings) as conn:
        done = await actions.remake_all(conn, wire(settings), at=now())
    for code, one in done.items():
        typer.echo(f"{code}: {told(one)}")


def told(one: Remade) -> str:
    """What a change did, in one line."""
    return (
        f"{one.new} new places, {one.changed} changed, {one.gone} taken away; "
        f"{len(one.revoked)} visits called off, {one.told} messages"
    )


async def _office(conn: Connection, code: str) -> Office:
    found = next((one for one in (await sql.offices(conn)).values() if one.code == code), None)
    if found is None:
        raise Trouble(f"no office {code}")
    return found


def add_to(cli: typer.Typer) -> None:
    """Puts the commands for offices among the others."""
    cli.add_typer(offices, name="offices")
