"""The commands for SMS contracts: taken, revoked, shown and listed, as at the desk."""

import asyncio
import os
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

import typer
from asyncpg import Connection

from core.accounts.model import Role, Scope
from core.basics.sealing import Keyring
from core.contracts import actions
from core.contracts.model import Contract, Document, Paper, Reason, Refused, State, Topic, Wanted
from core.employees import actions as employees
from core.outbox.noticing import Wire
from gateway.clock import now
from gateway.commands import Trouble, connected
from gateway.parts import words
from gateway.running import run
from gateway.settings import Settings

contracts = typer.Typer(help="Take, revoke and show SMS contracts.", no_args_is_help=True)

MOST = 1000

_Kind = TypeVar("_Kind", bound=StrEnum)

Number = Annotated[str, typer.Argument(help="The number of the contract, such as SMS-000017.")]
By = Annotated[str, typer.Option(help="Who does it: the login of the employee.")]


@contracts.command()
def take(
    account: Annotated[str, typer.Argument(help="The number of the account.")],
    phone: Annotated[str, typer.Option(help="The phone, as +79001234567.")],
    person: Annotated[str, typer.Option(help="The full name of who signed.")],
    tail: Annotated[str, typer.Option(help="The last 3 or 4 signs of his document's number.")],
    by: By,
    document: Annotated[Document, typer.Option(help="The document that was checked.")] = Document.PASSPORT,
    role: Annotated[str, typer.Option(help="owner, payer, helper or tenant.")] = "owner",
    extra: Annotated[list[str] | None, typer.Option(help="A scope beyond the role.")] = None,
    topic: Annotated[list[str] | None, typer.Option(help="Of what he may be told unasked.")] = None,
    dated: Annotated[str, typer.Option(help="The day of the contract, today where missing.")] = "",
    language: Annotated[str, typer.Option(help="The language of the text that was signed.")] = "ru",
    scan: Annotated[Path | None, typer.Option(help="A PDF, JPEG or PNG of it.")] = None,
) -> None:
    """Take a signed contract: the phone is linked, greeted and may be told what was agreed."""

    async def do(settings: Settings) -> None:
        day, named = _day(dated, settings), _known(Role, role)
        scopes = frozenset(_known(Scope, one) for one in extra or ())
        topics = frozenset(_known(Topic, one) for one in topic or ())
        wanted = Wanted(phone, person, named, document, tail, day, language, scopes, topics)
        await taken(settings, account, wanted, by=by, scan=scan)

    run(do)


@contracts.command()
def revoke(
    number: Number,
    by: By,
    reason: Annotated[Reason, typer.Option(help="Why.")] = Reason.REQUEST,
    words_: Annotated[str, typer.Option("--words", help="Why, in words.")] = "",
    on: Annotated[str, typer.Option(help="Since which day, today where missing.")] = "",
) -> None:
    """Revoke a contract: its phone goes off the account and gets no legal notice any more."""
    run(lambda settings: revoked(settings, number, reason, words_, on=on, by=by))


@contracts.command()
def show(
    number: Number,
    by: By,
    why: Annotated[str, typer.Option(help="Why it is looked at; kept with the look.")],
    text: Annotated[bool, typer.Option("--text", help="Print the text that was signed, and nothing else.")] = False,
) -> None:
    """Show a contract, or print its text again as it was signed."""
    run(lambda settings: shown(settings, number, by=by, why=why, text=text))


@contracts.command("list")
def list_(
    by: By,
    why: Annotated[str, typer.Option(help="Why they are looked at; kept with the look.")],
    account: Annotated[str, typer.Option(help="Those of this account.")] = "",
    day: Annotated[str, typer.Option(help="Those of this day, today where neither is named.")] = "",
) -> None:
    """List contracts of an account or a day, the latest first."""
    run(lambda settings: listed(settings, account, day, by=by, why=why))


async def taken(settings: Settings, number: str, wanted: Wanted, *, by: str, scan: Path | None) -> None:
    """
    :raises Trouble: something in it cannot be; nothing is done.
    """
    picture = await asyncio.to_thread(_read, scan) if scan else None
    async with connected(settings) as conn, conn.transaction():
        await _employee(conn, by)
        account_id = await actions.account(conn, number)
        try:
            contract = await actions.take(conn, account_id, wanted, by=by, at=now(), wire=_wire(settings))
            if picture is not None:
                await actions.scan(conn, contract.id, picture, by=by, at=now(), keyring=_keyring(settings))
        except Refused as refused:
            raise Trouble(str(refused)) from refused
    typer.echo(f"contract {contract.number} is in force; its phone is told by the processes that serve or work")


async def revoked(settings: Settings, number: str, reason: Reason, said: str, *, on: str, by: str) -> None:
    """
    :raises Trouble: there is no such contract, or it cannot end so.
    """
    async with connected(settings) as conn, conn.transaction():
        await _employee(conn, by)
        try:
            known = await actions.numbered(conn, number)
            contract = await actions.revoke(
                conn, known.id, reason, said, on=_day(on, settings), by=by, at=now(), wire=_wire(settings)
            )
        except Refused as refused:
            raise Trouble(str(refused)) from refused
    typer.echo(f"contract {contract.number} is revoked since {_since(contract, settings)}")


async def shown(settings: Settings, number: str, *, by: str, why: str, text: bool) -> None:
    """
    :raises Trouble: there is no such contract or employee, or no reason is given.
    """
    async with connected(settings) as conn, conn.transaction():
        try:
            known = await actions.numbered(conn, number)
            full = await _look(conn, known.account_id, f"contracts show {known.number}", by=by, why=why)
            paper = await actions.show(conn, known.id, keyring=_keyring(settings), full=full)
        except Refused as refused:
            raise Trouble(str(refused)) from refused
    if text:
        if paper.text is None or not paper.sound:
            raise Trouble("the text cannot be printed as it was signed: its customer was erased, or a file was changed")
        typer.echo(paper.text, nl=False)
        return
    for line in _lines(paper, settings):
        typer.echo(line)


async def listed(settings: Settings, number: str, day: str, *, by: str, why: str) -> None:
    """
    :raises Trouble: there is no such account or employee, or no reason is given.
    """
    async with connected(settings) as conn, conn.transaction():
        if number:
            account_id = await actions.account(conn, number)
            if not account_id:
                raise Trouble(f"no account {number}")
            await _look(conn, account_id, "contracts list", by=by, why=why)
            found = await actions.of_account(conn, account_id, before=2**62, most=MOST)
        else:
            await _look(conn, None, "contracts list", by=by, why=why)
            found = await actions.of_day(conn, _day(day, settings), before=2**62, most=MOST)
    for one in found:
        typer.echo(_line(one))
    if not found:
        typer.echo("no contracts")


async def _employee(conn: Connection, login: str) -> tuple[int, bool]:
    """The id of who works here, and whether he sees phones in full.

    :raises Trouble: nobody with the login does.
    """
    for one in await employees.everybody(conn):
        if one.login == login and one.roles:
            return one.id, one.sees_in_full
    raise Trouble(f"nobody works here as {login!r}; see: meterline staff list")


async def _look(conn: Connection, account_id: int | None, what: str, *, by: str, why: str) -> bool:
    """Notes the look; whether he sees phones in full."""
    if not why.strip() or not why.isprintable():
        raise Trouble("say in one line why it is looked at, with --why")
    who, full = await _employee(conn, by)
    await employees.look(conn, who, account_id=account_id, what=what, reason=f"other: {why.strip()[:200]}", at=now())
    return full


def _lines(paper: Paper, settings: Settings) -> list[str]:
    one = paper.contract
    said = [
        _line(one),
        f"  person: {paper.person or '(erased)'}",
        f"  phone: {paper.phone or '(erased)'}",
        f"  document: {paper.document} …{paper.document_tail or ''}",
        f"  beyond the role: {', '.join(sorted(one.extra)) or 'nothing'}",
        f"  text: {paper.version} {paper.language} sha256 {paper.text_hash.hex()}{'' if paper.sound else ' (differs)'}",
    ]
    if one.ended_since is not None:
        why = f"{one.reason}{': ' + paper.words if paper.words else ''}"
        said.append(f"  revoked since {_since(one, settings)} by {one.ended_by}: {why}")
    said += [f"  scan: {scan.kind}, {scan.size} bytes, sha256 {scan.sha256.hex()}" for scan in paper.scans]
    for word in paper.consents:
        state = "yes" if word.given else "no"
        said.append(f"  {word.topic}: {state} since {word.since:%Y-%m-%d} ({word.how})")
    return said


def _line(one: Contract) -> str:
    by = one.signed_by if one.state is not State.PREPARED else one.prepared_by
    return f"{one.number}  {one.dated}  account {one.account}  {one.role}  {one.state}  {by}"


def _since(one: Contract, settings: Settings) -> str:
    assert one.ended_since is not None, "it is revoked"
    return f"{one.ended_since.astimezone(ZoneInfo(settings.timezone)):%Y-%m-%d %H:%M}"


def _day(told: str, settings: Settings) -> date:
    if not told:
        return now().astimezone(ZoneInfo(settings.timezone)).date()
    try:
        return date.fromisoformat(told)
    except ValueError:
        raise Trouble(f"not a day: {told!r}; one is written as 2025-11-21") from None


def _known(kinds: type[_Kind], told: str) -> _Kind:
    try:
        return kinds(told)
    except ValueError:
        raise Trouble(f"no {kinds.__name__.lower()} {told!r}; there are: {', '.join(kinds)}") from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Trouble(f"cannot read {path}: {error.strerror}") from None


def _wire(settings: Settings) -> Wire:
    return Wire(_keyring(settings), words(), os.urandom)


def _keyring(settings: Settings) -> Keyring:
    return Keyring(key=settings.key.get_secret_value(), pepper=settings.pepper.get_secret_value())


def add_to(cli: typer.Typer) -> None:
    """Puts the commands for contracts among the others."""
    cli.add_typer(contracts, name="contracts")
