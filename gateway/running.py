"""Runs what a command asks for: settings are read, what goes wrong comes out in one line, the exit code is its own."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import typer

from gateway import commands, disk, observe
from gateway.settings import Settings, load_settings


def run(work: Callable[[Settings], Coroutine[Any, Any, int | None]], *, logs: bool = False, bulk: bool = False) -> None:
    """Runs the work and ends the program with its exit code. Work in bulk is not begun where the disk fills.

    :raises commands.Trouble: it cannot be done.
    """
    settings = load_settings()
    if bulk and (why := disk.too_full(settings)):
        raise commands.Trouble(why)
    if logs:
        observe.configure(secrets=commands.secrets_of(settings))
    raise typer.Exit(asyncio.run(commands.told(work(settings))) or 0)
