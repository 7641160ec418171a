"""Runs what a command asks for: settings are read, what goes wrong comes out in one line, the exit code is its own."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import typer

from gateway import commands, observe
from gateway.settings import Settings, load_settings


def run(work: Callable[[Settings], Coroutine[Any, Any, int | None]], *, logs: bool = False) -> None:
    """Runs the work and ends the program with its exit code."""
    settings = load_settings()
    if logs:
        observe.configure(secrets=commands.secrets_of(settings))
    raise typer.Exit(asyncio.run(commands.told(work(settings))) or 0)
