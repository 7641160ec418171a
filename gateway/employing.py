"""The commands for the company's own people: taking on, roles, invitations, and the proof of their looks."""

from typing import Annotated

import typer
from asyncpg import Connection

from core.basics import phone as phones
from core.basics.sealing import Keyring
from core.employees import actions
from core.employees.model import Refused, Role
from gateway.clock import now
from gateway.commands import Trouble, connected
from gateway.running import run
from gateway.settings import Settings

staff = typer.Typer(help="Who works here, and what each may do.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="The employee's login, such as ivanova.")]
Roles = Annotated[list[str], typer.Option("--role", help=f"What he may do, may be given again: {', '.join(Role)}.")]
By = Annotated[str, typer.Option(help="Who does it.")]


@staff.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option(help="First and last name.")],
    role: Roles,
    phone: Annotated[str, typer.Option(help="The phone that is told of new tasks, such as +79001234567.")] = "",
    by: By = "command line",
) -> None:
    """Take an employee on; prints the invitation with which he sets his password and his codes."""
    run(lambda settings: added(settings, login, name, role, phone=phone, by=by))


@staff.command()
def invite(login: Login) -> None:
    """Print a new invitation, for who lost his password or his authenticator; the old ones no longer hold."""
    run(lambda settings: invited(settings, login))


@staff.command()
def roles(login: Login, role: Roles, by: By = "command line") -> None:
    """Give an employee these roles and no others."""
    run(lambda settings: posted(settings, login, role, by=by))


@staff.command()
def leave(login: Login, by: By = "command line") -> None:
    """Take all roles from an employee who leaves; his logins end."""
    run(lambda settings: posted(settings, login, [], by=by))


@staff.command("list")
def list_() -> None:
    """List the employees with their roles."""
    run(listed)


@staff.command()
def verify() -> None:
    """Check that no look at a customer's data was changed or taken out since it was noted."""
    run(verified)


async def added(settings: Settings, login: str, name: str, told: list[str], *, phone: str, by: str) -> None:
    """
    :raises Trouble: something that is told cannot be.
    """
    if phone and not phones.is_e164(phone):
        raise Trouble(f"not a phone: {phone!r}; one is written as +79001234567")
    async with connected(settings) as conn, conn.transaction():
        try:
            code = await actions.add(
                conn, login, name, _roles(told), phone=phone or None, by=by, at=now(), keyring=_keyring(settings)
            )
        except Refused as refused:
            raise Trouble(str(refused)) from refused
    _tell(settings, login, code)


async def invited(settings: Settings, login: str) -> None:
    async with connected(settings) as conn, conn.transaction():
        try:
            code = await actions.invite(conn, login, at=now(), keyring=_keyring(settings))
        except Refused as refused:
            raise Trouble(str(refused)) from refused
    _tell(settings, login, code)


async def posted(settings: Settings, login: str, told: list[str], *, by: str) -> None:
    async with connected(settings) as conn, conn.transaction():
        try:
            employee = await actions.post(conn, login, _roles(told), by=by, at=now())
        except Refused as refused:
            raise Trouble(str(refused)) from refused
    typer.echo(f"{employee.login} {'is ' + ', '.join(sorted(told)) if told else 'has left'}")


async def listed(settings: Settings) -> None:
    async with connected(settings) as conn:
        found = await actions.everybody(conn)
    for one in found:
        typer.echo(f"{one.login}  {one.name}  {', '.join(sorted(one.roles)) or 'has left'}")
    if not found:
        typer.echo("nobody works here; take somebody on with: meterline staff add ivanova --name … --role admin")


async def verified(settings: Settings) -> None:
    """
    :raises Trouble: the chain is broken; the message names the first look that does not fit.
    """
    async with connected(settings) as conn:
        broken = await actions.broken(conn)
        last = await _last(conn)
    if broken is not None:
        raise Trouble(f"look {broken} is not as it was written, or one before it is missing")
    typer.echo(f"all looks hold, the last is {last}")


async def _last(conn: Connection) -> str:
    found = await actions.last(conn)
    return "none" if found is None else f"{found[0]}, hash {found[1].hex()}"


def _tell(settings: Settings, login: str, code: str) -> None:
    where = settings.staff_url or f"http://{settings.host}:{settings.staff_port}"
    typer.echo(f"{login} opens {where}/welcome within a day and gives this code, which is shown once:\n\n    {code}\n")


def _roles(told: list[str]) -> frozenset[Role]:
    unknown = sorted(set(told) - set(Role))
    if unknown:
        raise Trouble(f"no role {unknown[0]!r}; roles are {', '.join(Role)}")
    return frozenset(Role(one) for one in told)


def _keyring(settings: Settings) -> Keyring:
    return Keyring(key=settings.key.get_secret_value(), pepper=settings.pepper.get_secret_value())


def add_to(cli: typer.Typer) -> None:
    """Puts the commands for employees among the others."""
    cli.add_typer(staff, name="staff")
