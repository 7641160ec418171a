"""The commands of the books, as they are typed."""

from typing import Annotated

import typer

from gateway import bookkeeping
from gateway.running import run

audit = typer.Typer(help="Prove the books.", no_args_is_help=True)


def close_day(
    through: Annotated[
        str | None, typer.Argument(help="The last day to close, such as 2025-11-21; yesterday where missing.")
    ] = None,
) -> None:
    """Close the books of the days that have ended: post corrections, seal what was booked."""
    run(lambda settings: bookkeeping.close_days(settings, bookkeeping.day(through) if through else None))


@audit.command()
def verify() -> None:
    """Compute the seals of all closed days again, and name the first row that does not hold."""
    run(bookkeeping.verify)


def add_to(cli: typer.Typer) -> None:
    """Puts the commands of the books among the others."""
    cli.command("close-day")(close_day)
    cli.add_typer(audit, name="audit")
