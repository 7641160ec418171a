"""The command `meterline forecast`: what the running month will come to for the whole company."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from core.accounts import sql as accounts
from core.billing import foretelling
from core.billing.engine.totalling import Total, Tried
from core.billing.foretelling import Foretold
from gateway import bookkeeping
from gateway.clock import now
from gateway.commands import Trouble, connected
from gateway.running import run
from gateway.settings import Settings
from gateway.telling import money

BACK = 6
"""Months on which the forecast is tried, unless another number is given."""

MOST = 24


def told(found: Foretold) -> list[str]:
    """The forecast for people, and how it did before."""
    one = found.total
    lines = [
        f"{one.month}: {one.accounts} accounts foretold, of {one.unknown} too little is known",
        f"  use   {_kwh(one.volume)} kWh, from {_kwh(one.least)} to {_kwh(one.most)}",
        f"  bills {money(one.amount)}, from {money(one.least_amount)} to {money(one.most_amount)}",
        f"  the bounds are the least and the most of {one.months} months before",
    ]
    if found.failed:
        lines.append(f"  {found.failed} accounts have days without a tariff and are left out")
    tried = "Tried on the months before, by what was read up to the same day:"
    lines.append(tried if found.tried else "Not tried: no month before was read to its end")
    lines.extend(_tried(each) for each in found.tried)
    if found.tried:
        mean = sum(abs(each.off) for each in found.tried) / len(found.tried) / 10
        inside = sum(each.inside for each in found.tried)
        lines.append(f"  mean error {mean:.1f} %, {inside} of {len(found.tried)} months within the bounds")
    return lines


def _tried(one: Tried) -> str:
    then: Total = one.foretold
    return (
        f"  {then.month}: {then.accounts} accounts, foretold {money(then.amount)} ({money(then.least_amount)} to "
        f"{money(then.most_amount)}), came {money(one.amount)}, {one.off / 10:+.1f} %; {one.within} within their own"
    )


def _kwh(thousandths: int) -> str:
    return f"{round(thousandths / 1000)}"


async def _tell(settings: Settings, on: str | None, back: int) -> None:
    async with connected(settings) as conn:
        company = await accounts.company(conn)
        zone = ZoneInfo(company.timezone if company else settings.timezone)
        today = bookkeeping.day(on) if on else now().astimezone(zone).date()
        found = await foretelling.foretell(conn, today=today, back=back)
    typer.echo("\n".join(told(found)))


def add_to(cli: typer.Typer) -> None:
    """Adds the command."""

    @cli.command()
    def forecast(
        on: Annotated[str | None, typer.Option(help="The day, such as 2025-11-21; today where missing.")] = None,
        back: Annotated[int, typer.Option(help="On so many months before the forecast is tried.")] = BACK,
    ) -> None:
        """Foretell the running month of all accounts: use and bills with their bounds, and how right it was before."""
        if not 0 <= back <= MOST:
            raise Trouble(f"--back {back}: a number of months from 0 to {MOST}, such as --back 6")
        run(lambda settings: _tell(settings, on, back))
