"""The commands for the inbox of the staff: what waits for a person, how it stands, and what is done with it."""

import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from asyncpg import Connection

from core.basics.sealing import Keyring
from core.requests.model import State
from core.tasking import TaskKind
from core.tasks import actions, deciding, reading, sql
from core.tasks.actions import Desk
from core.tasks.model import SYSTEM, Actor, Event, Filter, Mark, Paper, Refused, Task
from core.tasks.noticing import actions as noticing
from gateway.clock import now
from gateway.commands import Trouble, connected
from gateway.parts import words
from gateway.running import run
from gateway.settings import Settings
from gateway.telling import money

tasks = typer.Typer(help="Work on what waits for a person.", no_args_is_help=True)

Id = Annotated[int, typer.Argument(help="The number of the task.")]
By = Annotated[str, typer.Option(help="Who does it: the login of the employee.")]
Kind = Annotated[TaskKind | None, typer.Option(help="Only of this kind.")]

DAYS = 30


@tasks.command("list")
def list_(
    kind: Kind = None,
    state: Annotated[State | None, typer.Option(help="Only in this state; else those that wait.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only those of this employee.")] = None,
    late: Annotated[bool, typer.Option("--late", help="Only those whose term has run out.")] = False,
    most: Annotated[int, typer.Option(help="So many at most.", min=1)] = 50,
) -> None:
    """List the tasks that wait, those whose term has run out first."""
    run(lambda settings: listed(settings, Filter(kind, state, owner, late), most))


@tasks.command()
def count(
    days: Annotated[int, typer.Option(help="So many days back, for what came and what was done.", min=1)] = DAYS,
) -> None:
    """Count what waits, and what came and was done in the last days, by kind."""
    run(lambda settings: counted(settings, days))


@tasks.command()
def show(task: Id) -> None:
    """Show a task with all that was said."""
    run(lambda settings: shown(settings, task))


@tasks.command()
def take(task: Id, by: By) -> None:
    """Write down who works on a task."""
    _act(lambda to: actions.take(to.conn, task, to.actor, at=now(), desk=to.desk), by=by, told="is taken")


@tasks.command()
def hand(
    task: Id,
    to: Annotated[str, typer.Argument(help="The login of who gets it.")],
    by: By,
    word: Annotated[str, typer.Option(help="A word for him.")] = "",
) -> None:
    """Hand a task over to another employee."""
    _act(
        lambda at: actions.hand_over(at.conn, task, to, word, at.actor, at=now(), desk=at.desk),
        by=by,
        text=word,
        told=f"is with {to}",
    )


@tasks.command()
def answer(task: Id, text: Annotated[str, typer.Argument(help="What the customer is told.")], by: By) -> None:
    """Answer the customer on the channel that he used."""
    _act(
        lambda at: actions.answer(at.conn, task, text, at.actor, at=now(), desk=at.desk),
        by=by,
        text=text,
        told="is answered",
    )


@tasks.command()
def close(task: Id, reason: Annotated[str, typer.Argument(help="Why; the customer is not told.")], by: By) -> None:
    """Close a task on which nothing more is to be done."""
    _act(
        lambda at: actions.close(at.conn, task, reason, at.actor, at=now(), desk=at.desk),
        by=by,
        text=reason,
        told="is closed",
    )


@tasks.command()
def reopen(task: Id, reason: Annotated[str, typer.Argument(help="Why.")], by: By) -> None:
    """Let a task wait again that was answered or closed."""
    _act(
        lambda at: actions.reopen(at.conn, task, reason, at.actor, at=now(), desk=at.desk),
        by=by,
        text=reason,
        told="waits again",
    )


@tasks.command()
def match(
    task: Id,
    account: Annotated[str, typer.Argument(help="Whose money it is.")],
    document: Annotated[str, typer.Option(help="What says so.")],
    by: By,
) -> None:
    """Give the payment of a task its account."""
    _act(
        lambda at: deciding.match_payment(at.conn, task, account, document, at.actor, at=now(), desk=at.desk),
        by=by,
        text=document,
        told="is closed",
    )


@tasks.command()
def watch(
    login: Annotated[str, typer.Argument(help="Who is told.")],
    kinds: Annotated[list[TaskKind] | None, typer.Argument(help="Of which kinds; none: of nothing any more.")] = None,
) -> None:
    """Tell an employee by SMS of new tasks of some kinds."""
    run(lambda settings: watched(settings, login, frozenset(kinds or ())))


async def listed(settings: Settings, wanted: Filter, most: int) -> None:
    at_ = now()
    found: list[Task] = []
    async with connected(settings) as conn:
        while len(found) < most:
            last = found[-1] if found else None
            after = None if last is None else Mark(last.due_at if last.pending else last.since, last.id)
            page = await sql.listed(conn, wanted, at=at_, after=after, limit=min(most - len(found), 500))
            found += page
            if not page:
                break
    for one in found:
        typer.echo(line(one, settings, late=one.late(at_)))
    if not found:
        typer.echo("no task waits" if wanted == Filter() else "no such task")


async def counted(settings: Settings, days: int) -> None:
    at_ = now()
    async with connected(settings) as conn:
        waiting = await sql.counts(conn, at=at_, owner="")
        turns = await sql.turns(conn, at_ - timedelta(days=days), at_)
    for one in waiting:
        typer.echo(f"{one.kind}: {one.open} open, {one.taken} taken, {one.late} of them late")
    for turn in turns:
        typer.echo(f"{turn.kind}, last {days} days: {turn.came} came, {turn.done} done, {turn.late} of them late")
    all_ = sum(one.open + one.taken for one in waiting)
    typer.echo(f"{all_} wait, {sum(one.late for one in waiting)} of them late")


async def shown(settings: Settings, task: int) -> None:
    async with connected(settings) as conn:
        with refusals():
            paper = await reading.paper(conn, task, keyring=keyring(settings))
    for one in lines(paper, settings):
        typer.echo(one)


async def acted(settings: Settings, act: "Act", *, by: str, text: str = "", told: str) -> None:
    """Does it in the name of an employee, and says so."""
    check(by, text or by)
    async with connected(settings) as conn:
        with refusals():
            await act(At(conn, Actor(by), desk(settings)))
    typer.echo(f"the task {told}")


async def watched(settings: Settings, login: str, kinds: frozenset[TaskKind]) -> None:
    async with connected(settings) as conn, conn.transaction():
        with refusals():
            await noticing.watch(conn, login, kinds)
    typer.echo(f"{login} is told of: {', '.join(sorted(kinds)) or 'nothing'}")


@dataclass(frozen=True, slots=True)
class At:
    """Where and as whom something is done."""

    conn: Connection
    actor: Actor
    desk: Desk


Act = Callable[[At], Awaitable[object]]


def _act(act: Act, *, by: str, text: str = "", told: str) -> None:
    run(lambda settings: acted(settings, act, by=by, text=text, told=told))


@contextmanager
def refusals() -> Iterator[None]:
    """Tells in one line why something was not done.

    :raises Trouble: it was refused.
    """
    try:
        yield
    except Refused as refused:
        raise Trouble(str(refused)) from refused


def check(by: str, text: str) -> None:
    """
    :raises Trouble: no name, a name that stands for others, or no words that a message could carry.
    """
    if not by.strip() or not by.isprintable() or by in ("customer", SYSTEM):
        raise Trouble(f"not the name of an employee: {by!r}")
    if not text.strip() or not text.isprintable():
        raise Trouble(f"not one line of words: {text!r}")


def keyring(settings: Settings) -> Keyring:
    return Keyring(key=settings.key.get_secret_value(), pepper=settings.pepper.get_secret_value())


def desk(settings: Settings) -> Desk:
    return Desk(keyring(settings), words(), os.urandom)


def line(task: Task, settings: Settings, *, late: bool) -> str:
    """A task in one line."""
    number = f" {task.number}" if task.number else ""
    account = f"account {task.account}" if task.account else (task.about or "account not named")
    due = f"{'LATE, ' if late else ''}due {at(task.due_at, settings)}"
    owner = f" by {task.owner}" if task.owner else ""
    return f"{task.id}  {task.kind}{number}  {account}  {at(task.opened_at, settings)}  {due}  {task.state}{owner}"


def lines(paper: Paper, settings: Settings) -> list[str]:
    """A task with all that is known of it."""
    said = [line(paper.task, settings, late=paper.task.late(now()))]
    if paper.source.inbox_id is not None:
        said.append(f"  customer: {paper.words or '(erased)'}")
    if paper.aside is not None:
        day = paper.aside.day
        said.extend(f"  reading of {day}: {serial} {zone} {value}" for serial, zone, value in paper.aside.counts)
    if paper.money is not None:
        told = paper.money
        said.append(
            f"  {told.paid_on} {money(told.amount)} agent {told.agent!r} id {told.external_id!r}: {told.text!r}"
        )
    said.extend(f"  {at(one.at, settings)}  {_event(one)}" for one in paper.history)
    if paper.source.phone_hash is not None and not paper.linked:
        said.append("  the phone is not linked to the account any more: call the owner")
    return said


def _event(one: Event) -> str:
    what = f"{one.what}" + (f" to {one.owner}" if one.owner else "") if one.what else ""
    words_ = "(erased)" if one.erased else (one.words or one.why)
    return f"{one.by}: " + ": ".join(part for part in (what, words_) if part)


def at(moment: datetime, settings: Settings) -> str:
    return f"{moment.astimezone(ZoneInfo(settings.timezone)):%Y-%m-%d %H:%M}"


def add_to(cli: typer.Typer) -> None:
    """Puts the commands for tasks among the others."""
    cli.add_typer(tasks, name="tasks")
