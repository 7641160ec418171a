"""The commands for requests of customers: what is open, what was said, who has it, what is answered."""

from typing import Annotated

import typer
from asyncpg import Connection

from core.requests import sql
from core.requests.model import PENDING, Request, State
from core.tasks import actions, reading
from core.tasks.gathering import actions as gathering
from core.tasks.model import Actor
from gateway import tasking
from gateway.clock import now
from gateway.commands import Trouble, connected
from gateway.running import run
from gateway.settings import Settings

requests = typer.Typer(help="Attend to what customers ask the staff.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(help="The number of the request.")]
By = Annotated[str, typer.Option(help="Who does it: the name of the employee.")]


@requests.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Those that are answered and closed too.")] = False,
) -> None:
    """List the requests that wait for an answer, the oldest first."""
    run(lambda settings: listed(settings, tuple(State) if every else PENDING))


@requests.command()
def show(number: Number) -> None:
    """Show a request with all that was said."""
    run(lambda settings: shown(settings, number))


@requests.command()
def take(number: Number, by: By) -> None:
    """Write down who works on a request; the customer who asks is told that it is worked on."""
    run(lambda settings: taken(settings, number, by=by))


@requests.command()
def answer(number: Number, text: Annotated[str, typer.Argument(help="What the customer is told.")], by: By) -> None:
    """Answer the customer on the channel that he used."""
    run(lambda settings: answered(settings, number, text, by=by))


@requests.command()
def close(
    number: Number, reason: Annotated[str, typer.Argument(help="Why; the customer is not told.")], by: By
) -> None:
    """Close a request on which nothing more is to be done."""
    run(lambda settings: closed(settings, number, reason, by=by))


async def listed(settings: Settings, states: tuple[State, ...]) -> None:
    async with connected(settings) as conn:
        found = await sql.pending(conn, states)
    for request, account in found:
        typer.echo(_line(request, account, settings))
    if not found:
        typer.echo("no request waits" if states == PENDING else "no requests")


async def shown(settings: Settings, number: str) -> None:
    async with connected(settings) as conn:
        paper = await reading.paper(conn, await _task(conn, settings, number), keyring=tasking.keyring(settings))
    for line in tasking.lines(paper, settings):
        typer.echo(line)


async def taken(settings: Settings, number: str, *, by: str) -> None:
    tasking.check(by, by)
    async with connected(settings) as conn:
        with tasking.refusals():
            task = await _task(conn, settings, number)
            await actions.take(conn, task, Actor(by), at=now(), desk=tasking.desk(settings))
    typer.echo(f"request {number} is taken")


async def closed(settings: Settings, number: str, reason: str, *, by: str) -> None:
    tasking.check(by, reason)
    async with connected(settings) as conn:
        with tasking.refusals():
            task = await _task(conn, settings, number)
            await actions.close(conn, task, reason, Actor(by), at=now(), desk=tasking.desk(settings))
    typer.echo(f"request {number} is closed")


async def answered(settings: Settings, number: str, text: str, *, by: str) -> None:
    tasking.check(by, text)
    async with connected(settings) as conn:
        with tasking.refusals():
            task = await _task(conn, settings, number)
            size = await actions.answer(conn, task, text, Actor(by), at=now(), desk=tasking.desk(settings))
    typer.echo(f"request {number} is answered; {size} SMS, carried by the processes that serve or work")


async def _task(conn: Connection, settings: Settings, number: str) -> int:
    """The task that a request is.

    :raises Trouble: there is no such request.
    """
    company = await gathering.company(conn, timezone=settings.timezone, pack=settings.profile)
    async with conn.transaction():
        task = await gathering.gather_request(conn, number, company)
    if task is None:
        raise Trouble(f"no request {number}")
    return task


def _line(request: Request, account: str | None, settings: Settings) -> str:
    about = f"account {account}" if account else "account not named"
    since = "" if request.state is State.OPEN else f" since {tasking.at(request.since, settings)}"
    opened = tasking.at(request.opened_at, settings)
    return f"{request.number}  {opened}  {request.subject}  {about}  {request.state}{since}"


def add_to(cli: typer.Typer) -> None:
    """Puts the commands for requests among the others."""
    cli.add_typer(requests, name="requests")
