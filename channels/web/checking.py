"""«Check a protocol»: whoever has the file learns which of its lines do not hold; nothing is kept, nobody is asked.

The check runs in a process of its own with little time and memory, and two at most run at once: what a stranger sends
can stop nothing but its own check.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from enum import StrEnum

from aiohttp import web

from channels.web.model import Guest, Open, Page, Route, Try
from pages import uploads

LARGEST = 1024 * 1024
"""Bytes of a protocol that is checked here; one of ten years has some hundred thousand."""

PATIENCE = 8.0
"""Seconds for which a check may run; it is given five of the processor."""

AT_ONCE = 2

_turns = asyncio.Semaphore(AT_ONCE)


class Trouble(StrEnum):
    """Why nothing was checked: no file came, it is no JSON, or the check took too long."""

    NOTHING = "nothing"
    NO_JSON = "no_json"
    TOO_MUCH = "too_much"


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
        return Page("check.html", {"verdict": None, "trouble": f"check.{found}"}, 422)
    return Page("check.html", {"verdict": found, "trouble": None})


async def judged(file: bytes, language: str) -> Verdict | Trouble:
    """What the independent checker says of the file."""
    async with _turns:
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
    return Verdict(found["holds"], tuple(found["lines"]))


ROUTES: tuple[Route, ...] = (Open("/check", show), Try("/check", check))
