"""What the commands for facts do: a file through a door, a single fact with the sums before and after."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import typer

from core.doors import actions as doors
from core.doors import signing, trying
from core.doors.model import Author, Door, NotAllowed, Role
from core.doors.trying import Brought
from gateway.clock import now
from gateway.commands import SHOWN, Trouble, connected, progress
from gateway.settings import Settings

KINDS = tuple(str(door) for door in Door)
"""What can be brought, by the names that a command gives."""


def author(settings: Settings, by: str) -> Author:
    """The employee of that name with the roles that the settings give.

    :raises Trouble: nobody is named, or nobody of this name is known.
    """
    if not by:
        raise Trouble("say who brings the facts, such as --by ivanova")
    roles = frozenset(Role(role) for one in settings.staff for name, role in [one.split("=")] if name == by)
    if not roles:
        raise Trouble(f"nobody is known as {by!r}; METERLINE_STAFF lists who brings facts, such as ivanova=controller")
    return Author(by, roles)


def system(settings: Settings, name: str, signature: str) -> tuple[Author, Callable[[BinaryIO], None]]:
    """The metering system of that name, and what checks the signature of its file.

    :raises Trouble: there is no key of this name, or no signature is given.
    """
    given = settings.amr_keys.get_secret_value() if settings.amr_keys else ""
    keys = {key: value for key, _, value in (one.strip().partition("=") for one in given.split(","))}
    if not name or name not in keys:
        raise Trouble(f"no key is known as {name!r}; METERLINE_AMR_KEYS lists them; name one with --by")
    if not signature:
        raise Trouble("the file of a metering system needs --signature, the HMAC-SHA256 of its bytes in hexadecimal")
    check = partial(signing.check, key=keys[name].encode(), signature=signature)
    return Author(name, frozenset((Role.AMR,))), check


async def import_file(
    settings: Settings, door: Door, file: Path, problems: Path | None, *, by: str, signature: str = ""
) -> int:
    """Brings the facts of a file; the exit code."""
    check: Callable[[BinaryIO], None] | None = None
    if door is Door.AMR:
        who, check = system(settings, by, signature)
    else:
        who = author(settings, by)
    if not await asyncio.to_thread(file.is_file):
        raise Trouble(f"no such file: {file}")
    async with connected(settings) as conn:
        with progress() as bar:
            task = bar.add_task(f"import {door}", total=None)
            try:
                report = await doors.run(
                    door,
                    file,
                    conn=conn,
                    author=who,
                    today=_today(settings),
                    at=now(),
                    check=check,
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )
            except NotAllowed as error:
                raise Trouble(str(error)) from error
    typer.echo("\n".join(report.lines(shown=SHOWN)))
    if problems is not None:
        report.write(problems)
    return 1 if report.problems else 0


async def record(settings: Settings, door: Door, cells: Mapping[str, str], *, by: str, dry_run: bool) -> int:
    """Brings one fact and tells what it changes for its account; with `dry_run` nothing stays. The exit code."""
    who, today = author(settings, by), _today(settings)
    async with connected(settings) as conn:
        transaction = conn.transaction()
        await transaction.start()
        kept = False
        try:
            brought = await trying.bring(conn, door, cells, author=who, today=today, at=now())
            kept = not dry_run and not brought.report.problems
        except NotAllowed as error:
            raise Trouble(str(error)) from error
        finally:
            await (transaction.commit() if kept else transaction.rollback())
    for line in _told(brought, dry_run=dry_run):
        typer.echo(line)
    return 1 if brought.report.problems else 0


def _told(brought: Brought, *, dry_run: bool) -> list[str]:
    if brought.report.problems:
        problems = brought.report.problems
        said = [f"{one.column}: {one.value} {one.reason}; expected: {one.expected}" for one in problems]
        return [*said, "nothing was written"]
    if brought.known:
        return ["this is on record already: nothing was written"]
    told = ["nothing was written; with this fact:" if dry_run else "written"]
    before, after = brought.before, brought.after
    if before is not None and after is not None:
        told.append(f"to pay: {_money(before)} before, {_money(after)} after, difference {_money(after - before)}")
    return told


def _money(kopecks: int) -> str:
    return f"{Decimal(kopecks).scaleb(-2):.2f}"


def _today(settings: Settings) -> date:
    return now().astimezone(ZoneInfo(settings.timezone)).date()
