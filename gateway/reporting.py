"""What the commands that print reports do."""

from datetime import date
from pathlib import Path

import typer

from core.books.reports import actions as reports
from core.books.reports import aging
from core.books.reports.actions import NotClosed, ReportChanged
from core.books.reports.model import Level
from gateway.clock import now
from gateway.commands import Trouble, connected
from gateway.settings import Settings


async def turnover(settings: Settings, start: date, end: date, by: str, file: Path | None) -> None:
    """Prints the turnover sheet, or writes it to a file as CSV."""
    if by not in set(Level):
        raise Trouble(f"not a level: {by!r}; there are: {', '.join(Level)}")
    async with connected(settings) as conn:
        try:
            text = await reports.turnover(conn, start, end, Level(by), as_csv=file is not None, at=now())
        except (NotClosed, ReportChanged) as error:
            raise Trouble(str(error)) from error
    _put(text, file)


async def ages(settings: Settings, day: date, by: str, file: Path | None) -> None:
    """Prints how old the debts of a closed day are, or writes it to a file as CSV."""
    if by not in set(Level):
        raise Trouble(f"not a level: {by!r}; there are: {', '.join(Level)}")
    async with connected(settings) as conn:
        try:
            text = await aging.ages(conn, day, Level(by), as_csv=file is not None, at=now())
        except (NotClosed, ReportChanged) as error:
            raise Trouble(str(error)) from error
    _put(text, file)


async def export(settings: Settings, start: date, end: date, file: Path | None) -> None:
    """Prints, or writes to a file, all that was booked."""
    async with connected(settings) as conn:
        try:
            text = await reports.export(conn, start, end, at=now())
        except (NotClosed, ReportChanged) as error:
            raise Trouble(str(error)) from error
    _put(text, file)


def _put(text: str, file: Path | None) -> None:
    if file is None:
        typer.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise Trouble(f"cannot write {file}: {error.strerror}") from error
