"""The commands for requests of customers: what is open, what was said, who has it, what is answered."""

import os
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from asyncpg import Connection

from core.answer import attending
from core.answer.attending import Desk, Refused
from core.basics.sealing import Keyring
from core.requests import sql
from core.requests.model import PENDING, Paper, Request, State
from core.wording.words import Words
from gateway.clock import now
from gateway.commands import Trouble, connected
from gateway.parts import LOCALES
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
    run(lambda settings: moved(settings, number, State.TAKEN, by=by, note=""))


@requests.command()
def answer(number: Number, text: Annotated[str, typer.Argument(help="What the customer is told.")], by: By) -> None:
    """Answer the customer on the channel that he used."""
    run(lambda settings: answered(settings, number, text, by=by))


@requests.command()
def close(
    number: Number, reason: Annotated[str, typer.Argument(help="Why; the customer is not told.")], by: By
) -> None:
    """Close a request on which nothing more is to be done."""
    run(lambda settings: moved(settings, number, State.CLOSED, by=by, note=reason))


async def listed(settings: Settings, states: tuple[State, ...]) -> None:
    async with connected(settings) as conn:
        found = await sql.pending(conn, states)
    for request, account in found:
        typer.echo(_line(request, account, settings))
    if not found:
        typer.echo("no request waits" if states == PENDING else "no requests")


async def shown(settings: Settings, number: str) -> None:
    async with connected(settings) as conn:
        try:
            paper = await attending.paper(conn, number, keyring=_keyring(settings))
        except Refused as refused:
            raise Trouble(str(refused)) from refused
    for line in _lines(paper, settings):
        typer.echo(line)


async def moved(settings: Settings, number: str, state: State, *, by: str, note: str) -> None:
    _check(by, note or by)
    async with connected(settings) as conn:
        try:
            await attending.move(conn, number, state, by=by, at=now(), note=note, keyring=_keyring(settings))
        except Refused as refused:
            raise Trouble(str(refused)) from refused
    typer.echo(f"request {number} is {state}")


async def answered(settings: Settings, number: str, text: str, *, by: str) -> None:
    _check(by, text)
    async with connected(settings) as conn:
        size = await _said(conn, settings, number, text, by=by)
    typer.echo(f"request {number} is answered; {size} SMS, carried by the processes that serve or work")


async def _said(conn: Connection, settings: Settings, number: str, text: str, *, by: str) -> int:
    desk = Desk(_keyring(settings), Words.read(LOCALES), os.urandom)
    try:
        return await attending.answer(conn, number, text, by=by, at=now(), desk=desk)
    except Refused as refused:
        raise Trouble(str(refused)) from refused


def _check(by: str, text: str) -> None:
    """
    :raises Trouble: no name, the name that stands for customers, or no words that a message could carry.
    """
    if not by.strip() or not by.isprintable() or by == "customer":
        raise Trouble(f"not the name of an employee: {by!r}")
    if not text.strip() or not text.isprintable():
        raise Trouble(f"not one line of words: {text!r}")


def _keyring(settings: Settings) -> Keyring:
    return Keyring(key=settings.key.get_secret_value(), pepper=settings.pepper.get_secret_value())


def _line(request: Request, account: str | None, settings: Settings) -> str:
    about = f"account {account}" if account else "account not named"
    since = "" if request.state is State.OPEN else f" since {_at(request.since, settings)}"
    return f"{request.number}  {_at(request.opened_at, settings)}  {request.subject}  {about}  {request.state}{since}"


def _lines(paper: Paper, settings: Settings) -> list[str]:
    said = [_line(paper.request, paper.account, settings), f"  customer: {paper.words or '(erased)'}"]
    for note in paper.notes:
        state = f"{note.state}: " if note.state else ""
        said.append(f"  {_at(note.at, settings)}  {note.by}: {state}{note.words or ''}".rstrip(": "))
    return said if paper.linked else [*said, "  the phone is not linked to the account any more: call the owner"]


def _at(moment: datetime, settings: Settings) -> str:
    return f"{moment.astimezone(ZoneInfo(settings.timezone)):%Y-%m-%d %H:%M}"


def add_to(cli: typer.Typer) -> None:
    """Puts the commands for requests among the others."""
    cli.add_typer(requests, name="requests")
