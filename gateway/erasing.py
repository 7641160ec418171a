"""The commands by which a customer is erased: what stands in the way, asking, doing it as another person, the act."""

from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from asyncpg import Connection

from core.basics.sealing import Keyring
from core.employees import actions as employees
from core.employees.model import Role
from core.erasing import actions
from core.erasing.acts import LANGUAGES
from core.erasing.model import ASKERS, DOERS, Erasure, Refused, Standing, State
from gateway.clock import now
from gateway.commands import Trouble, connected
from gateway.running import run
from gateway.settings import Settings
from gateway.telling import money

privacy = typer.Typer(help="Erase a customer: asked for by one person, done by another.", no_args_is_help=True)

Account = Annotated[str, typer.Argument(help="The number of an account that he holds.")]
Id = Annotated[int, typer.Argument(help="The number of the erasure, as `ask` and `list` tell it.")]
By = Annotated[str, typer.Option(help="Who does it: the login of the employee.")]


@privacy.command()
def look(account: Account) -> None:
    """Tell which accounts are the customer's, and what stands in the way of erasing him. Nothing is done."""
    run(lambda settings: looked(settings, account))


@privacy.command()
def ask(
    account: Account,
    by: By,
    request: Annotated[str, typer.Option(help="The number of the customer's request. No name, no phone.")],
    supply: Annotated[str, typer.Option(help="The number of the paper by which his supply has ended.")] = "",
) -> None:
    """Ask for the customer who holds an account to be erased. Another person does it."""
    run(lambda settings: asked(settings, account, request=request, supply=supply, by=by))


@privacy.command()
def erase(
    id: Id,
    by: By,
    language: Annotated[str, typer.Option(help="The language of the act: ru or en.")] = "ru",
) -> None:
    """Destroy the customer's key, and with it his phones, name and words; print the act. It cannot be undone."""
    run(lambda settings: erased(settings, id, by=by, language=language))


@privacy.command("turn-down")
def turn_down(id: Id, by: By) -> None:
    """Let an erasure that was asked for not be done."""
    run(lambda settings: turned_down(settings, id, by=by))


@privacy.command()
def act(
    id: Id,
    language: Annotated[str, typer.Option(help="ru or en.")] = "ru",
) -> None:
    """Print the act of an erasure again, as it was."""
    run(lambda settings: shown(settings, id, language=language))


@privacy.command("list")
def list_(most: Annotated[int, typer.Option(help="So many at most.", min=1)] = 50) -> None:
    """List what was asked for and done, the latest first."""
    run(lambda settings: listed(settings, most))


async def looked(settings: Settings, number: str) -> None:
    """
    :raises Trouble: there is no such account, or its customer was erased.
    """
    async with connected(settings) as conn, conn.transaction():
        try:
            of = await actions.case(conn, number, at=now())
        except Refused as refused:
            raise Trouble(str(refused)) from refused
    typer.echo(f"accounts: {', '.join(of.numbers)}")
    for one in of.standing:
        typer.echo(f"  in the way: {_standing(one)}")
    if not of.standing:
        typer.echo("  nothing stands in the way")


async def asked(settings: Settings, number: str, *, request: str, supply: str, by: str) -> None:
    """
    :raises Trouble: it cannot be asked for; nothing is written.
    """
    async with connected(settings) as conn, conn.transaction():
        await _employee(conn, by, ASKERS)
        try:
            one = await actions.ask(conn, number, request=request, supply=supply, by=by, at=now())
        except Refused as refused:
            raise Trouble(_why(refused)) from refused
    typer.echo(f"erasure {one.id} is asked for; another person does it: meterline privacy erase {one.id} --by LOGIN")


async def erased(settings: Settings, id: int, *, by: str, language: str) -> None:
    """
    :raises Trouble: it may not be done; nothing is destroyed.
    """
    _check_language(language)
    keyring = Keyring(key=settings.key.get_secret_value(), pepper=settings.pepper.get_secret_value())
    async with connected(settings) as conn, conn.transaction():
        await _employee(conn, by, DOERS)
        try:
            one = await actions.erase(conn, id, by=by, at=now(), keyring=keyring)
        except Refused as refused:
            raise Trouble(_why(refused)) from refused
    typer.echo(one.text[language], nl=False)


async def turned_down(settings: Settings, id: int, *, by: str) -> None:
    """
    :raises Trouble: there is none of that number, or it was done.
    """
    async with connected(settings) as conn, conn.transaction():
        await _employee(conn, by, ASKERS | DOERS)
        try:
            one = await actions.turn_down(conn, id, by=by, at=now())
        except Refused as refused:
            raise Trouble(str(refused)) from refused
    typer.echo(f"erasure {one.id} is turned down; nothing was destroyed")


async def shown(settings: Settings, id: int, *, language: str) -> None:
    """
    :raises Trouble: there is none of that number, or it was not done.
    """
    _check_language(language)
    async with connected(settings) as conn:
        try:
            one = await actions.one(conn, id)
        except Refused as refused:
            raise Trouble(str(refused)) from refused
    if one.state is not State.DONE:
        raise Trouble(f"erasure {id} has no act: it is {one.state.replace('_', ' ')}")
    typer.echo(one.text[language], nl=False)


async def listed(settings: Settings, most: int) -> None:
    """Prints each in a line."""
    async with connected(settings) as conn:
        found = await actions.listed(conn, most=most)
    for one in found:
        typer.echo(_line(one, ZoneInfo(settings.timezone)))
    if not found:
        typer.echo("no erasures")


async def _employee(conn: Connection, login: str, roles: frozenset[Role]) -> None:
    """
    :raises Trouble: nobody with the login works here, or he may not do this.
    """
    found = next((one for one in await employees.everybody(conn) if one.login == login and one.roles), None)
    if found is None:
        raise Trouble(f"nobody works here as {login!r}; see: meterline staff list")
    if not found.may(roles):
        raise Trouble(f"{login} may not do this; it is for: {', '.join(sorted(roles))}")


def _check_language(language: str) -> None:
    if language not in LANGUAGES:
        raise Trouble(f"no act in {language!r}; there are: {', '.join(LANGUAGES)}")


def _why(refused: Refused) -> str:
    return (
        "; ".join([str(refused).partition(":")[0], *map(_standing, refused.standing)])
        if refused.standing
        else str(refused)
    )


def _standing(one: Standing) -> str:
    return _OBSTACLES[one.obstacle].format(about=one.about, amount=money(one.amount))


_OBSTACLES = {
    "debt": "{amount} are to be paid on account {about}",
    "credit": "{amount} were paid ahead on account {about}: pay them back first",
    "untold": "what account {about} owes cannot be told for want of a tariff or a rate",
    "contract": "contract {about} is in force: revoke it first",
    "warning": "an official warning is kept while it is open and within the limitation: account {about}",
    "visit": "a visit is booked for {about}: call it off first",
    "supply": "account {about} has a meter in use: name the paper by which the supply has ended, with --supply",
    "another": "account {about} was opened for him and is another's now: its address rests on his key",
}


def _line(one: Erasure, zone: ZoneInfo) -> str:
    ended = f" by {one.ended_by} on {one.ended_at.astimezone(zone):%Y-%m-%d}" if one.ended_at else ""
    return (
        f"{one.id}  account {one.account}  request {one.request}  asked by {one.asked_by} on "
        f"{one.asked_at.astimezone(zone):%Y-%m-%d}  {one.state.replace('_', ' ')}{ended}"
    )


def add_to(cli: typer.Typer) -> None:
    """Puts the commands for erasing among the others."""
    cli.add_typer(privacy, name="privacy")
