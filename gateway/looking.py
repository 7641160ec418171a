"""The commands that list facts: those without a document, and the history of a meter."""

import json

import typer

from core.basics.money import MILLI
from core.basics.periods import DAY
from core.billing.conditions.model import Kind
from core.billing.tariffs import plain
from core.doors.looking import sql
from gateway import telling
from gateway.commands import Trouble, connected
from gateway.running import run
from gateway.settings import Settings

_THOUSANDTHS = {
    Kind.AREA, Kind.DEMAND, Kind.MULTIPLIER, Kind.HOUSE_VOLUME, Kind.HOUSE_OTHER, Kind.COMMON_NORM, Kind.COMMON_AREA,
    Kind.TOTAL_AREA,
}  # fmt: skip


def facts(
    unproven: bool = typer.Option(False, "--unproven", help="Those that were brought without a document."),
    account: str = typer.Option("", "--account", help="Those of this account, with the numbers to take them back by."),
) -> None:
    """List facts that a person should look at, or those of an account."""
    if account:
        run(lambda settings: list_account(settings, account))
        return
    if not unproven:
        raise Trouble("say which facts, such as: meterline facts --unproven, or --account 0012345")
    run(list_unproven)


def meter(serial: str = typer.Argument(help="The meter's serial.")) -> None:
    """Show what befell a meter: movements, seals, failures, verifications, readings of acts and inspectors."""
    run(lambda settings: show_meter(settings, serial))


async def list_account(settings: Settings, number: str) -> None:
    """
    :raises Trouble: there is nothing on record of such an account.
    """
    async with connected(settings) as conn:
        found = await sql.account(conn, number.strip().upper())
    if not found:
        raise Trouble(f"nothing is on record of an account {number!r}")
    for one in found:
        until = "" if one.until is None else f" to {one.until - DAY}"
        rest = (f"by {one.author}" if one.author else "", one.document, one.reason, "TAKEN BACK" if one.back else "")
        said = "  ".join(part for part in (f"{one.what} {worded(one.what, one.value)}".strip(), *rest) if part)
        typer.echo(f"{one.no}  {one.day}{until}  {said}")


async def list_unproven(settings: Settings) -> None:
    async with connected(settings) as conn:
        found = await sql.unproven(conn)
    for one in found:
        typer.echo(f"{one.owner}  {one.day}  {one.what} {worded(one.what, one.value)}  by {one.author}")
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
        typer.echo(
            f"{one.account}  {one.day}{until}  {f'{one.what} {worded(one.what, one.value)}'.strip()}{who}{paper}"
        )


def worded(what: str, value: str) -> str:
    """The value of a fact as a person writes it in a file: the area 54200 is 54.2, a share of 500 is 50 %."""
    before, _, last = value.rpartition(" ")
    if what in _THOUSANDTHS and last.isdigit():
        return f"{before} {plain(int(last), MILLI)}".strip()
    if what not in (Kind.BENEFIT, Kind.INSTALMENTS) or "{" not in value:
        return value
    name, _, rest = value.partition("{")
    return name + (_benefit if what == Kind.BENEFIT else _instalments)(**json.loads("{" + rest))


def _benefit(share: int, amount: int, limit: int | None) -> str:
    given = f"{plain(share, 10)} %" if share else f"{telling.money(amount)} a month"
    return given if limit is None else f"{given} of the first {plain(limit, MILLI)} a month"


def _instalments(first: str, last: str, amount: int, parts: int, due_on: str, rate: int) -> str:
    interest = f", {plain(rate, 10_000)} % a year" if rate else ""
    return f"{first}..{last}: {telling.money(amount)} in {parts} parts from {due_on} on{interest}"


def add_to(cli: typer.Typer) -> None:
    """Adds the commands."""
    cli.command()(facts)
    cli.command()(meter)
