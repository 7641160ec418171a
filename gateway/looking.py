"""The commands that list facts: those without a document, and the history of a meter."""

import typer

from core.basics.periods import DAY
from core.doors.looking import sql
from gateway.commands import Trouble, connected
from gateway.running import run
from gateway.settings import Settings


def facts(
    unproven: bool = typer.Option(False, "--unproven", help="Those that were brought without a document."),
) -> None:
    """List facts that a person should look at."""
    if not unproven:
        raise Trouble("say which facts, such as: meterline facts --unproven")
    run(list_unproven)


def meter(serial: str = typer.Argument(help="The meter's serial.")) -> None:
    """Show what befell a meter: movements, seals, failures, verifications, readings of acts and inspectors."""
    run(lambda settings: show_meter(settings, serial))


async def list_unproven(settings: Settings) -> None:
    async with connected(settings) as conn:
        found = await sql.unproven(conn)
    for one in found:
        typer.echo(f"{one.owner}  {one.day}  {one.what} {one.value}  by {one.author}")
    typer.echo(f"{len(found)} fact(s) without a document")


async def show_meter(settings: Settings, serial: str) -> None:
    """
    :raises Trouble: no meter bears the serial.
    """
    async with connected(settings) as conn:
        found = await sql.meter(conn, serial.upper())
    if not found:
        raise Trouble(f"no meter {serial!r}")
    for one in found:
        until = "" if one.until is None else f" to {one.until - DAY}"
        who = f"  by {one.author}" if one.author else ""
        paper = f"  {one.document}" if one.document else "  UNPROVEN" if one.author else ""
        typer.echo(f"{one.account}  {one.day}{until}  {f'{one.what} {one.value}'.strip()}{who}{paper}")


def add_to(cli: typer.Typer) -> None:
    """Adds the commands."""
    cli.command()(facts)
    cli.command()(meter)
