"""The commands about debts: writing off, demanding again, and what lapses soon."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from core.accounts import sql as accounts
from core.basics.periods import Month
from core.billing import sql as billing
from core.billing.debts import actions as debts
from core.billing.debts import customers
from gateway.clock import now
from gateway.commands import Trouble, connected
from gateway.paying import signed
from gateway.running import run
from gateway.settings import Settings
from gateway.telling import money

DAYS = 60
"""So far ahead `meterline lapsing` looks, unless it is told."""


async def written_off(
    settings: Settings, number: str, month: Month, document: str, reason: str, by: str, *, back: bool
) -> None:
    """Writes off what is open of an account's month, or demands it again.

    :raises Trouble: no such account; no document, reason or person; nothing to write off.
    """
    document, by = signed(document, by)
    if not reason.strip():
        raise Trouble("say why (--reason)")
    async with connected(settings) as conn, conn.transaction():
        found = await billing.account(conn, number)
        if found is None:
            raise Trouble(f"no account {number!r}")
        company = await accounts.company(conn)
        today = now().astimezone(ZoneInfo(company.timezone if company else settings.timezone)).date()
        act = debts.take_back if back else debts.write_off
        try:
            amount = await act(
                conn, found[0], month, document=document, reason=reason.strip(), by=by, on=today, at=now()
            )
        except debts.NothingOpen as error:
            open_or_off = "written off" if back else "open"
            raise Trouble(f"nothing is {open_or_off} of {month} on account {number}") from error
    typer.echo(f"{number} {month}: {money(amount)} {'demanded again' if back else 'written off'}, {document}")


async def lapse(settings: Settings, within: int) -> None:
    """Lists the debts whose limitation runs out within so many days."""
    async with connected(settings) as conn:
        company = await accounts.company(conn)
        today = now().astimezone(ZoneInfo(company.timezone if company else settings.timezone)).date()
        found = await debts.lapsing(conn, today=today, within=within)
    for one in found:
        typer.echo(f"{one.number} {one.month}: {money(one.amount)}, {one.days} days left")
    typer.echo(f"{len(found)} debts lapse within {within} days, {money(sum(one.amount for one in found))}")


async def told(settings: Settings, number: str) -> None:
    """Tells what the customer who holds the account owes on all that is his.

    :raises Trouble: no such account.
    """
    async with connected(settings) as conn:
        company = await accounts.company(conn)
        today = now().astimezone(ZoneInfo(company.timezone if company else settings.timezone)).date()
        found = await customers.debt_of(conn, number.upper(), today=today)
    if found is None:
        raise Trouble(f"no account {number!r}")
    for one in found.accounts:
        services = f" ({', '.join(one.services)})" if one.services else ""
        typer.echo(f"{one.number}{services}: {_stands(one)}")
    line = f"customer, {len(found.accounts)} accounts: to pay {money(found.to_pay)}, overdue {money(found.overdue)}"
    line += f", in credit {money(found.credit)}" if found.credit else ""
    typer.echo(line + (f"; {found.untold} NOT counted" if found.untold else ""))


def _stands(one: customers.OwnDebt) -> str:
    stands = one.standing
    if stands is None:
        return "cannot be told for want of a tariff or a rate"
    if stands.credit:
        return f"in credit {money(stands.credit)}"
    said = f"to pay {money(stands.to_pay)}, overdue {money(stands.overdue)}"
    if stands.part is None:
        return said
    return f"{said}, by an instalment plan {money(stands.part[1])} until {stands.part[0]}"


def debt(account: Annotated[str, typer.Argument(help="The number of any account of the customer.")]) -> None:
    """Tell what a customer owes today over all accounts and services that are his."""
    run(lambda settings: told(settings, account))


def write_off(
    account: Annotated[str, typer.Argument(help="The account's number.")],
    month: Annotated[str, typer.Argument(help="The month of the debt, such as 2022-11.")],
    document: Annotated[str, typer.Option(help="The document that orders it.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    by: Annotated[str, typer.Option(help="Who decided.")],
    back: Annotated[bool, typer.Option("--back", help="Demand again what was written off.")] = False,
) -> None:
    """Write off what is open of an account's month, its penalty with it; or take that back."""
    try:
        wanted = Month.parse(month)
    except ValueError as error:
        raise Trouble(str(error)) from error
    run(lambda settings: written_off(settings, account, wanted, document, reason, by, back=back))


def lapsing(
    within: Annotated[int, typer.Option(help="Days ahead.", min=1, max=3660)] = DAYS,
) -> None:
    """List the debts whose limitation runs out soon."""
    run(lambda settings: lapse(settings, within))


def add_to(cli: typer.Typer) -> None:
    """Puts the commands about debts among the others."""
    cli.command("write-off")(write_off)
    cli.command("lapsing")(lapsing)
    cli.command("debt")(debt)
