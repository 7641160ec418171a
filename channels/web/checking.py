"""«Check a protocol»: whoever has the file learns which of its lines do not hold; nothing is kept, nobody is asked.

The check runs in a process of its own with little time and memory, behind everything else that wants the processor. Two
at most run at once and few wait: what a stranger sends can stop nothing but its own check.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from enum import StrEnum

from aiohttp import web

from channels.web.model import Guest, Open, Page, Route, Try
from pages import forms, uploads

LARGEST = 1024 * 1024
"""Bytes of a protocol that is checked here; one of ten years has some hundred thousand."""

PATIENCE = 8.0
"""Seconds for which a check may run; it is given five of the processor."""

AT_ONCE, WAITING = 2, 6
"""So many checks run at a time, and so many wait for their turn; who comes then is asked to come again."""

TOLD = 500
"""Characters of a line of the verdict, which may quote the file."""

_line = asyncio.Semaphore(AT_ONCE + WAITING)
_turns = asyncio.Semaphore(AT_ONCE)


class Trouble(StrEnum):
    """Why nothing was checked: no file came, it is no JSON, the check took too long, or too many wait for theirs."""

    NOTHING = "nothing"
    NO_JSON = "no_json"
    TOO_MUCH = "too_much"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the protocol holds, and what was found, line by line."""

    holds: bool
    lines: tuple[str, ...]


async def show(asked: Guest) -> Page:
    """The form."""
    return Page("check.html", {"verdict": None, "trouble": None})


async def check(asked: Guest) -> Page:
    """The verdict on the file that came, or why there is none."""
    try:
        _, file = await uploads.read(asked.request, "file", largest=LARGEST)
    except web.HTTPRequestEntityTooLarge:
        return Page("check.html", {"verdict": None, "trouble": "check.too_large"}, 413)
    found = await judged(file, asked.language) if file.strip() else Trouble.NOTHING
    if isinstance(found, Trouble):
        status = 429 if found is Trouble.BUSY else 422
        return Page("check.html", {"verdict": None, "trouble": f"check.{found}"}, status)
    return Page("check.html", {"verdict": found, "trouble": None})


async def judged(file: bytes, language: str) -> Verdict | Trouble:
    """What the independent checker says of the file."""
    if _line.locked():
        return Trouble.BUSY
    async with _line, _turns:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "core.checking", language,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            async with asyncio.timeout(PATIENCE):
                told, _ = await process.communicate(file)
        except TimeoutError:
            return Trouble.TOO_MUCH
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    if process.returncode == 2:
        return Trouble.NO_JSON
    if process.returncode != 0:
        return Trouble.TOO_MUCH
    found = json.loads(told)
    return Verdict(found["holds"], tuple(forms.clean(line)[:TOLD] for line in found["lines"]))


ROUTES: tuple[Route, ...] = (Open("/check", show), Try("/check", check))
