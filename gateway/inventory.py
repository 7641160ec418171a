"""The command `meterline holes`: gaps and overlaps in consumption, with their days and what they are worth."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import typer

from core.basics.periods import DAY, Period
from core.billing.booking import sql as booking
from core.billing.engine.covering import Hole, Lack
from core.billing.inventory import actions as inventory
from core.billing.inventory.actions import Counted
from core.jobs.model import Said
from gateway import bookkeeping, telling
from gateway.clock import now
from gateway.commands import Trouble, connected
from gateway.running import run
from gateway.settings import Settings

_LACKS = {
    Lack.NO_METER: "no meter and no norm",
    Lack.UNREAD: "a meter that was not read yet",
    Lack.NO_BASIS: "nothing to estimate by",
    Lack.NOT_BILLED: "left out of the bill",
    Lack.TWICE: "counted by two meters",
}


def holes(
    start: Annotated[str | None, typer.Option("--from", help="The first day; a year before the last.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="The last day; yesterday where missing.")] = None,
) -> None:
    """List the days of supply points that are charged by nothing, or twice, and what they are about worth."""
    first, last = (bookkeeping.day(text) if text else None for text in (start, end))
    run(lambda settings: listed(settings, first, last))


async def listed(settings: Settings, start: date | None, end: date | None) -> int:
    """Prints them one by one as they are found, and their number; 1 where there are any."""
    async with connected(settings) as conn:
        last = end or await booking.business_day(conn, now()) - DAY
        days = inventory.year_before(last) if start is None else Period(start, last + DAY)
        if days.start > last:
            raise Trouble(f"the days end ({last}) before they begin ({days.start})")
        counted = Counted()
        async for one in inventory.find(conn, days):
            typer.echo(line(one.account, one.hole))
            counted = counted.with_one(one.hole)
    typer.echo(f"{days.start} to {last}: {summed(counted)}")
    return 1 if counted.gaps or counted.overlaps else 0


def line(account: str, hole: Hole) -> str:
    """A hole in one line: account, point, days, what is wrong, volume and price."""
    return f"{account}, {told(hole)}"


def told(hole: Hole) -> str:
    """A hole in one line, without its account."""
    assert hole.days.end is not None
    days = f"{hole.days.start} to {hole.days.end - DAY}"
    worth = f"about {_volume(hole.volume)}, {telling.money(hole.amount)}"
    return f"point {hole.point}, {days}: {_LACKS[hole.lack]}, {worth}"


def name(hole: Hole) -> str:
    """By what a hole is known again the next day, though it may have become longer."""
    return f"{hole.point} {hole.lack} {hole.days.start}"


def summed(counted: Counted) -> str:
    """Their number and worth in one line."""
    return (
        f"{counted.gaps} gaps, {counted.overlaps} overlaps, about {_volume(counted.volume)}, "
        f"{telling.money(counted.amount)}"
    )


def said(counted: Counted) -> Said:
    """The same for pages."""
    numbers = {"gaps": counted.gaps, "overlaps": counted.overlaps}
    return Said("holes", numbers, {"amount": counted.amount}, words={"volume": _volume(counted.volume)})


def _volume(volume: int) -> str:
    return f"{Decimal(volume).scaleb(-3).normalize():f}"


def add_to(cli: typer.Typer) -> None:
    """Puts the command among the others."""
    cli.command("holes")(holes)
