"""The commands of backups, as they are typed."""

from pathlib import Path
from typing import Annotated

import typer

from core.basics.sealing import Keyring
from gateway import backups
from gateway.clock import now
from gateway.commands import Trouble, plain_database
from gateway.running import run
from gateway.settings import Settings
from gateway.telling import money

File = Annotated[Path, typer.Argument(help="The file of the dump; what it holds is told in FILE.json beside it.")]


def backup(file: File) -> None:
    """Dump the database into a file, with a note of what it holds; the gateway may go on meanwhile."""
    run(lambda settings: _backup(settings, file))


def restore(file: File) -> None:
    """Restore a dump into an empty database, prove that it is whole, and that the keys open it."""
    run(lambda settings: _restore(settings, file))


async def _backup(settings: Settings, file: Path) -> None:
    async with plain_database(settings) as dsn:
        try:
            note = await backups.backup(dsn, file, at=now())
        except backups.BackupFailed as error:
            raise Trouble(str(error)) from error
    typer.echo("\n".join(_told(note)))
    typer.echo("METERLINE_KEY and METERLINE_PEPPER are not in it: keep two copies of them, away from the dumps")


async def _restore(settings: Settings, file: Path) -> None:
    keyring = Keyring(key=settings.key.get_secret_value(), pepper=settings.pepper.get_secret_value())
    async with plain_database(settings) as dsn:
        try:
            restored = await backups.restore(dsn, file, keyring=keyring)
        except backups.BackupFailed as error:
            raise Trouble(str(error)) from error
    typer.echo("\n".join(_told(restored.note)))
    typer.echo("restored and compared: every table, the ledger, the seals and the keys are as they were")
    if restored.migrated:
        typer.echo(f"brought to this version: {', '.join(restored.migrated)}")
    typer.echo("nothing goes out of it until: meterline release")


def _told(note: backups.Note) -> list[str]:
    return [
        f"{note.rows} rows in {len(note.tables)} tables, as of {note.at}",
        f"ledger sums to {note.ledger}, customers owe {money(note.owed)}",
        f"{note.days} closed days, the last seal {note.head or 'none'}",
    ]


def add_to(cli: typer.Typer) -> None:
    cli.command()(backup)
    cli.command()(restore)
