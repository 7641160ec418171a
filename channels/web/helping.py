"""Help for each command, from the tables of docs/commands.md: what one may write, and what comes of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from channels.web.model import Guest, Open, Page, Route

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"

_TABLE = re.compile(r"^\| Command \| Russian \| English \| What it answers \|\n\|[-|]+\|\n((?:\|.*\n)+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Command:
    """A command that works: its name, and what may be written for it, by language."""

    name: str
    samples: dict[str, Sequence[str]]


@cache
def commands() -> tuple[Command, ...]:
    """The commands that work, in the order of the page."""
    found = []
    for table in _TABLE.finditer(PAGE.read_text(encoding="utf-8")):
        for row in table[1].splitlines():
            name, russian, english = (re.findall(r"`([^`]+)`", cell) for cell in row.split("|")[1:4])
            found.append(Command(name[0], {"ru": russian, "en": english}))
    return tuple(found)


async def show(_: Guest) -> Page:
    """What may be written, in the language of the page, and what comes of it."""
    return Page("help.html", {"commands": commands()})


ROUTES: tuple[Route, ...] = (Open("/help", show),)
