"""The commands `meterline rules …`: what a rule pack says, what is wrong in one, what a change of one would do."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from core.accounts import sql as accounts
from core.basics.periods import Month
from core.billing import packreading, packtext, previewing, profiles, sql, tariffs, vat
from core.billing.packreading import PackWrong
from core.billing.previewing import Compared, Rules, Touched
from core.billing.tariffs import NOTHING, TariffProblem, Unsaid
from core.billing.terms import Pack
from core.importing import pricing
from core.importing.model import FileRefused, Problem
from core.importing.table import Row, Table
from gateway import running
from gateway.clock import now
from gateway.commands import Trouble, connected
from gateway.settings import Settings
from gateway.telling import money

rules = typer.Typer(help="Rule packs and tables of tariffs: what they say, and what a change would do.")

FileOrName = Annotated[str, typer.Argument(help="The name of a pack that comes with the program, or a file.")]


@rules.command()
def show(
    name: Annotated[str | None, typer.Argument(help="A pack's name or file; without it all names.")] = None,
) -> None:
    """Say what a rule pack sets, in plain lines."""
    if name is None:
        for one in map(profiles.profile, profiles.names()):
            typer.echo(f"{one.name}: {one.title}, {one.currency}")
        return
    for line in packtext.as_text(pack_of(name)):
        typer.echo(line)


@rules.command()
def check(
    file: Annotated[Path, typer.Argument(help="A rule pack (.toml) or a table of tariffs (.csv).")],
) -> None:
    """Say everything that is wrong in a file, each with its line."""
    problems = _problems_of_tariffs(file) if file.suffix == ".csv" else _problems_of_pack(file)
    for line in problems:
        typer.echo(line)
    typer.echo(f"{file.name}: {f'{len(problems)} problems' if problems else 'nothing is wrong'}")
    raise typer.Exit(1 if problems else 0)


@rules.command()
def diff(
    before: FileOrName,
    after: FileOrName,
    month: Annotated[
        str | None, typer.Option(help="Of which month the bills are compared; the first that has the whole change.")
    ] = None,
) -> None:
    """Say what a change would do to the accounts of the database: packs, or tables of tariffs (.csv) that are laid over
    the stored ones; `current` is what holds now. Told are what is to be paid today, and the bills of a month, which may
    be to come, if all use goes on as usual. Nothing is written."""
    running.run(lambda settings: _differ(settings, before, after, month))


async def _differ(settings: Settings, before: str, after: str, month: str | None) -> None:
    asked = None if month is None else _month(month)
    async with connected(settings) as conn:
        company = await accounts.company(conn)
        zone = ZoneInfo(company.timezone if company else settings.timezone)
        current = Rules(profiles.profile(company.pack if company else settings.profile), await sql.tariffs(conn))
        sides = [_side(name, current) for name in (before, after)]
        today = now().astimezone(zone).date()
        asked = asked or previewing.turning(sides[0], sides[1], today=today)
        found = await previewing.compare(conn, *sides, today=today, month=asked)
    for line in (*differences(found), *left_behind(sides[1])):
        typer.echo(line)


def _month(text: str) -> Month:
    """
    :raises Trouble: it is none.
    """
    try:
        return Month.parse(text)
    except ValueError as error:
        raise Trouble(f"--month {text[:20]}: a month such as 2026-07") from error


def _side(name: str, current: Rules) -> Rules:
    if name == "current":
        return current
    if not name.endswith(".csv"):
        return replace(current, pack=pack_of(name))
    table = table_of(Path(name), current.pack.unsaid)
    if table.problems:
        raise Trouble(f"{name} is wrong; run: meterline rules check {name}")
    return replace(current, tariffs=previewing.overlaid(current.tariffs, [one.version for one in table.versions]))


def differences(found: Compared) -> list[str]:
    """What a comparison found, for people."""
    lines = [
        f"{found.accounts} accounts, {found.touched} touched: to pay {money(found.before)} before, "
        f"{money(found.after)} after, {money(found.after - found.before)} of difference"
    ]
    lines.extend(_touched(found.largest))
    if found.failed:
        lines.append(f"{found.failed} accounts cannot be reckoned for want of a tariff")
    if (bills := found.bills) is not None:
        lines.append(
            f"bills of {bills.month}, if all use goes on as usual: {bills.touched} touched, {money(bills.before)} "
            f"before, {money(bills.after)} after, {money(bills.after - bills.before)} of difference"
        )
        lines.extend(f"  {line}" for line in _touched(bills.largest))
        if bills.failed:
            lines.append(f"  {bills.failed} accounts have days of it without a tariff")
    return lines


def left_behind(rules: Rules) -> Iterator[str]:
    """The tariffs that go on at a rate of VAT which the pack has changed, and what to do."""
    for one in vat.overtaken(rules.tariffs, rules.pack.vat_on_top):
        plan, start = one.version.plan, one.version.valid.start
        was, rate = tariffs.plain(one.version.vat, 10), tariffs.plain(one.rate, 10)
        yield (
            f"{plan} of {start} goes on at {was} % VAT behind {one.since}, when it is {rate} %: import "
            "its table again once the pack is in force, or a version from that day on"
        )


def _touched(largest: Sequence[Touched]) -> Iterator[str]:
    for one in largest:
        yield f"{one.number}: {money(one.before)} -> {money(one.after)} ({money(one.after - one.before)})"


def pack_of(name: str) -> Pack:
    """The pack of this name, or that in this file.

    :raises Trouble: there is neither, or something is wrong in it.
    """
    if name in profiles.names():
        return profiles.profile(name)
    if not name.endswith(".toml"):
        raise Trouble(f"neither a file .toml nor a pack: {name!r}; there are: {', '.join(profiles.names())}")
    try:
        return packreading.parse(text_of(Path(name)))
    except PackWrong as error:
        raise Trouble(f"{name} is wrong:\n{error}") from error


def text_of(file: Path) -> str:
    """What stands in the file.

    :raises Trouble: it cannot be read as text.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise Trouble(f"no such file: {file}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"cannot be read as a text in UTF-8: {file}") from error


def table_of(file: Path, unsaid: Unsaid = NOTHING) -> tariffs.Read:
    """The versions of a table of tariffs, read as an import reads it, and what is wrong in it.

    :raises Trouble: it cannot be read, or has not the columns of such a table.
    """
    try:
        with file.open("rb") as stream, closing(Table(stream, pricing.COLUMNS)) as table:
            rows = list(table.rows())
    except FileNotFoundError as error:
        raise Trouble(f"no such file: {file}") from error
    except OSError as error:
        raise Trouble(f"cannot be read: {file}") from error
    except FileRefused as error:
        raise Trouble(f"{file.name}: {error}") from error
    read = tariffs.read([(row.line, pricing.prepared(row)) for row in rows if isinstance(row, Row)], unsaid)
    broken = [
        TariffProblem(one.line, one.column, one.value, one.reason, one.expected)
        for one in rows
        if isinstance(one, Problem)
    ]
    return tariffs.Read(read.versions, tuple(sorted((*broken, *read.problems), key=lambda problem: problem.line)))


def _problems_of_pack(file: Path) -> list[str]:
    try:
        packreading.parse(text_of(file))
    except PackWrong as error:
        return [str(one) for one in error.problems]
    return []


def _problems_of_tariffs(file: Path) -> list[str]:
    return [
        f"line {one.line}: {one.column + ': ' if one.column else ''}{one.reason}; expected: {one.expected}"
        for one in table_of(file).problems
    ]
