"""The commands for notices: written, approved, sent, stopped; and what follows from official warnings."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from asyncpg import Connection

from core.basics.money import minor
from core.basics.sealing import Keyring
from core.checking import evidence as checking
from core.employees import actions as employees
from core.employees.model import Role
from core.notices import actions, rules, texts
from core.notices.model import VISITS, Audience, Draft, Kind, Notice, Preview, Refused, Verb
from core.notices.warnings import actions as warnings
from core.notices.warnings import evidence
from core.notices.warnings.model import Case, Premise
from core.outbox.noticing import Wire
from gateway.clock import now
from gateway.commands import Trouble, connected
from gateway.parts import words
from gateway.running import run
from gateway.settings import Settings

notices = typer.Typer(help="Broadcasts and official warnings.", no_args_is_help=True)

COLLECTORS = frozenset({Role.COLLECTOR})
POSTERS = frozenset({Role.CLERK, Role.COLLECTOR})

LARGEST = 2**62

Id = Annotated[int, typer.Argument(help="The number of the notice.", min=1, max=LARGEST)]
Number = Annotated[
    int, typer.Argument(help="The number of the warning, as its recipient knows it.", min=1, max=LARGEST)
]
By = Annotated[str, typer.Option(help="Who does it: the login of the employee.")]
_Do = Callable[[Connection], Awaitable[Notice]]
_T = TypeVar("_T")


@notices.command()
def write(
    kind: Annotated[Kind, typer.Argument(help="What it is about.")],
    by: By,
    basis: Annotated[str, typer.Option(help="Why it is told: the works, the law, the day.")],
    text: Annotated[list[str] | None, typer.Option(help="ru=TEXT; the file's where missing.")] = None,
    house: Annotated[list[str] | None, typer.Option(help="The code of a house.")] = None,
    street: Annotated[str, typer.Option(help="How the codes of its houses begin.")] = "",
    account: Annotated[list[str] | None, typer.Option(help="The number of an account.")] = None,
    tariff: Annotated[list[str] | None, typer.Option(help="The name of a tariff.")] = None,
    debt: Annotated[str, typer.Option(help="Overdue debt at least, such as 400.00.")] = "0",
    most_debt: Annotated[str, typer.Option(help="Overdue debt at most.")] = "0",
    age: Annotated[int, typer.Option(help="Days since the oldest of it was due.", min=0)] = 0,
    language: Annotated[str, typer.Option(help="Phones of this language.")] = "",
    customer: Annotated[str, typer.Option(help="household or organisation.")] = "",
    visits: Annotated[str, typer.Option(help=f"Visits to an office: {', '.join(VISITS)}.")] = "",
    corrects: Annotated[int | None, typer.Option(help="The notice that it corrects.", max=LARGEST)] = None,
    change: Annotated[int | None, typer.Option(help="The notice that is written anew.", max=LARGEST)] = None,
) -> None:
    """Write a notice; it is a draft until it is submitted."""

    async def do(settings: Settings) -> None:
        houses, numbers, tariffs = tuple(house or ()), tuple(account or ()), tuple(tariff or ())
        sums = _sum(debt), _sum(most_debt)
        audience = Audience(houses, street, numbers, tariffs, *sums, age, language, customer, visits)
        draft = Draft(kind, audience, _texts(text or (), kind), basis, corrects)

        async def written(conn: Connection) -> Notice:
            if change is None:
                return await actions.create(conn, draft, by=by, at=now())
            return await actions.edit(conn, change, draft, by=by, at=now())

        await _done(settings, Verb.EDIT, by, written)

    run(do)


@notices.command()
def preview(id: Id) -> None:
    """Show who would be told, who not and why, samples, and segments."""

    async def do(settings: Settings) -> None:
        async with connected(settings) as conn:
            shown = await _tried(actions.preview(conn, id, at=now(), words=words()))
        for line in preview_lines(shown):
            typer.echo(line)

    run(do)


@notices.command()
def submit(id: Id, by: By) -> None:
    """Put a draft before whoever approves."""
    _verb(Verb.SUBMIT, by, lambda conn: actions.submit(conn, id, by=by, at=now(), words=words()))


@notices.command()
def approve(id: Id, by: By, version: Annotated[int, typer.Option(help="The version that was seen.")]) -> None:
    """Approve what another wrote: words and people are frozen."""
    _verb(Verb.APPROVE, by, lambda conn: actions.approve(conn, id, version=version, by=by, at=now()))


@notices.command("try")
def try_(id: Id, by: By) -> None:
    """Send it to employees who have a phone, ten at most."""

    async def do(settings: Settings) -> None:
        wire = Wire(_keyring(settings), words(), os.urandom)

        async def tried(conn: Connection) -> Notice:
            typer.echo(f"sent to {await actions.trial(conn, id, by=by, at=now(), wire=wire)} employees")
            return await actions.one(conn, id)

        await _done(settings, Verb.TRY, by, tried)

    run(do)


@notices.command()
def start(id: Id, by: By) -> None:
    """Begin the countdown of five minutes, after which it goes."""
    _verb(Verb.START, by, lambda conn: actions.start(conn, id, by=by, at=now()))


@notices.command()
def send(id: Id, by: By) -> None:
    """Send a message for safety at once."""
    _verb(Verb.SEND, by, lambda conn: actions.send(conn, id, by=by, at=now()))


@notices.command()
def check(id: Id, by: By) -> None:
    """Say that a message for safety was looked at after it had gone out."""
    _verb(Verb.CHECK, by, lambda conn: actions.check(conn, id, by=by, at=now()))


@notices.command()
def pause(id: Id, by: By) -> None:
    """Begin no message of it until it is resumed."""
    _verb(Verb.PAUSE, by, lambda conn: actions.pause(conn, id, by=by, at=now()))


@notices.command()
def resume(id: Id, by: By) -> None:
    """Go on behind the last one who was told."""
    _verb(Verb.RESUME, by, lambda conn: actions.resume(conn, id, by=by, at=now()))


@notices.command()
def stop(id: Id, by: By) -> None:
    """Stop it for good; what waits is never sent."""
    _verb(Verb.STOP, by, lambda conn: actions.stop(conn, id, by=by, at=now()))


@notices.command("list")
def list_() -> None:
    """List the latest notices."""

    async def do(settings: Settings) -> None:
        async with connected(settings) as conn:
            for one in await actions.latest(conn):
                typer.echo(_line(one))

    run(do)


@notices.command()
def show(id: Id) -> None:
    """Show how far a notice is."""

    async def do(settings: Settings) -> None:
        async with connected(settings) as conn:
            one = await _tried(actions.one(conn, id))
            told = await actions.progress(conn, id)
            events = await actions.events(conn, id)
        typer.echo(_line(one))
        typer.echo(f"people {told.people}, not worded yet {told.waiting}, come to their end {told.over}")
        for name, number in (*sorted(told.states.items()), *sorted(told.barred.items())):
            typer.echo(f"  {name} {number}")
        for event in events:
            typer.echo(f"{event.at:%Y-%m-%d %H:%M:%S} {event.what} by {event.by}")

    run(do)


@notices.command("evidence")
def evidence_(
    number: Number,
    by: By,
    why: Annotated[str, typer.Option(help="Why it is looked at; kept with the look.")],
    out: Annotated[Path, typer.Option(help="The zip file to be written.")],
) -> None:
    """Write the evidence of a warning into a zip that proves itself."""

    async def do(settings: Settings) -> None:
        async with connected(settings) as conn, conn.transaction():
            known = await _looked(conn, number, by, why, settings)
            content = await _tried(evidence.file(conn, known.number, at=now(), keyring=_keyring(settings)))
        try:
            await asyncio.to_thread(out.write_bytes, content)
        except OSError as error:
            raise Trouble(f"{out}: {error.strerror}") from error
        typer.echo(f"{out}: {len(content)} bytes; proven by: python verify.py {out.name} (the script is in it)")

    run(do)


@notices.command()
def verify(file: Annotated[Path, typer.Argument(help="A zip of evidence.", exists=True, dir_okay=False)]) -> None:
    """Prove a file of evidence; no database is needed."""
    raise typer.Exit(checking.main([str(file)], typer.echo))


@notices.command()
def gate(
    number: Number,
    by: By,
    why: Annotated[str, typer.Option(help="Why it is looked at; kept with the look.")],
    day: Annotated[str, typer.Option(help="On which day, today where missing.")] = "",
) -> None:
    """Say what a disconnection by this warning lacks on a day."""

    async def do(settings: Settings) -> None:
        async with connected(settings) as conn, conn.transaction():
            known = await _looked(conn, number, by, why, settings)
            on = _day(day) if day else now().astimezone(known.zone).date()
            lacking = await warnings.missing(conn, number, day=on, keyring=_keyring(settings))
        typer.echo(gate_line(known, on, lacking))

    run(do)


@notices.command()
def order(number: Number, by: By) -> None:
    """Order a disconnection today, where every premise is shown."""

    async def do(settings: Settings) -> None:
        async with connected(settings) as conn, conn.transaction():
            await _may(conn, by, COLLECTORS)
            await _tried(warnings.order(conn, number, by=by, at=now(), keyring=_keyring(settings)))
        typer.echo(f"disconnection by warning {number} is ordered")

    run(do)


@notices.command()
def letter(
    number: Number,
    by: By,
    receipt: Annotated[str, typer.Option(help="The number of the post's receipt.")],
    on: Annotated[str, typer.Option(help="The day, such as 2025-11-25.")],
    received: Annotated[bool, typer.Option("--received", help="It came back signed for.")] = False,
) -> None:
    """Write down that the letter of a warning was posted, or received."""

    async def do(settings: Settings) -> None:
        async with connected(settings) as conn, conn.transaction():
            await _may(conn, by, POSTERS)
            posted = warnings.post_letter(
                conn, number, receipt=receipt, on=_day(on), received=received, by=by, at=now(),
                keyring=_keyring(settings),
            )  # fmt: skip
            await _tried(posted)
        typer.echo(f"the letter of warning {number} is {'received' if received else 'posted'}")

    run(do)


def gate_line(of: Case, on: date, lacking: Sequence[Premise]) -> str:
    """What the gate says on a day; of an order that stands, whether it may be carried out."""
    if of.ordered is None:
        return f"{on}: missing: {', '.join(lacking)}" if lacking else f"{on}: every premise is shown"
    told = ", ".join(one for one in lacking if one is not Premise.NO_ORDER)
    may = f"must not be carried out, missing: {told}" if told else "may be carried out"
    return f"{on}: ordered on {of.ordered.at.astimezone(of.zone).date()}; {may}"


def preview_lines(shown: Preview) -> list[str]:
    """A preview in plain lines."""
    lines = [f"{shown.people} people would be told, {shown.segments} segments at the longest values"]
    lines += [
        f"  {language}: {number} people, {shown.longest[language]} segments each"
        for language, number in sorted(shown.languages.items())
    ]
    lines += [f"  not told, {why}: {number}" for why, number in sorted(shown.barred.items())]
    if shown.opens is not None:
        lines.append(f"  in their quiet hours now: {shown.quiet}, the first until {shown.opens:%Y-%m-%d %H:%M %z}")
    lines += [f"  dear in {language}: {signs}" for language, signs in sorted(shown.dear.items())]
    lines += [f"  problem: {language}: {what} {detail}".rstrip() for language, what, detail in shown.problems]
    return lines + [f"  to account {one.tail} ({one.segments}): {one.text}" for one in shown.samples]


def _verb(verb: Verb, by: str, do: _Do) -> None:
    run(lambda settings: _done(settings, verb, by, do))


async def _done(settings: Settings, verb: Verb, by: str, do: _Do) -> None:
    """
    :raises Trouble: he may not, or it cannot be done; nothing is.
    """
    async with connected(settings) as conn, conn.transaction():
        await _may(conn, by, rules.MAY[verb])
        notice = await _tried(do(conn))
    typer.echo(_line(notice))


async def _tried(doing: Awaitable[_T]) -> _T:
    try:
        return await doing
    except Refused as refused:
        raise Trouble(str(refused)) from refused


async def _may(conn: Connection, by: str, roles: frozenset[Role]) -> int:
    """His id, where he may do it.

    :raises Trouble: nobody has the login, or he has none of the roles.
    """
    found = next((one for one in await employees.everybody(conn) if one.login == by and one.roles), None)
    if found is None:
        raise Trouble(f"nobody who works here has the login {by!r}")
    if not found.may(roles):
        raise Trouble(f"{by} would have to be: {', '.join(sorted(roles))}")
    return found.id


async def _looked(conn: Connection, number: int, by: str, why: str, settings: Settings) -> Case:
    """The warning, with the look noted.

    :raises Trouble: there is none, no reason is given, or he may not look.
    """
    who = await _may(conn, by, frozenset({Role.COLLECTOR, Role.AUDITOR, Role.APPROVER}))
    if not why.strip():
        raise Trouble("say why the warning is looked at: --why")
    known = await _tried(warnings.case(conn, number, keyring=_keyring(settings)))
    what = f"notice evidence {number}"
    await employees.look(conn, who, account_id=known.account_id, what=what, reason=why, at=now())
    return known


def _keyring(settings: Settings) -> Keyring:
    return Keyring(key=settings.key.get_secret_value(), pepper=settings.pepper.get_secret_value())


def _line(one: Notice) -> str:
    people = f", {one.people} people" if one.people is not None else ""
    approved = f", approved by {one.approver}" if one.approver else ""
    return f"notice {one.id}: {one.kind}, version {one.version}, {one.state}{people}{approved}"


def _texts(told: list[str] | tuple[str, ...], kind: Kind) -> dict[str, str]:
    found = dict(texts.ready(kind)) if not told else {}
    for one in told:
        language, _, text = one.partition("=")
        if not text or not language.isalpha():
            raise Trouble(f"a text is given as LANGUAGE=TEXT: {one!r}")
        found[language] = text
    return found


def _sum(told: str) -> int:
    try:
        found = minor(told.replace(",", "."))
    except ValueError as error:
        raise Trouble(f"not a sum: {told!r}") from error
    if not 0 <= found < 10**12:
        raise Trouble(f"not a sum of a debt: {told!r}")
    return found


def _day(told: str) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError as error:
        raise Trouble(f"not a day such as 2025-11-25: {told!r}") from error


def add_to(cli: typer.Typer) -> None:
    """Puts the commands for notices among the others."""
    cli.add_typer(notices, name="notice")
