"""Reads a form that a page of ours posted, and knows it again."""

import hashlib
import re
from collections.abc import Mapping
from datetime import time

from aiohttp import web

FIELDS = 100
"""Fields of a form at most (R10)."""


class OtherForm(Exception):
    """A form with this key was sent before that said something else, or the key is none of ours."""


async def read(request: web.Request) -> Mapping[str, str]:
    """The fields of a form, the last of those with one name; NUL is taken out.

    :raises web.HTTPUnsupportedMediaType: it is no form; web.HTTPBadRequest: it cannot be read, or has too many fields;
        web.HTTPRequestEntityTooLarge: it is larger than the application takes.
    """
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    if (request.charset or "utf-8").lower() not in ("utf-8", "utf8"):
        raise web.HTTPUnsupportedMediaType
    try:
        fields = await request.post()
    except (ValueError, LookupError):
        raise web.HTTPBadRequest from None
    if len(fields) > FIELDS:
        raise web.HTTPBadRequest
    return {name: clean(value) for name, value in fields.items() if isinstance(value, str)}


def clean(value: str) -> str:
    """The value without NUL, and with what is no character replaced."""
    return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


def clock(told: str) -> time:
    """A time on the clock of a place, such as 08:20.

    :raises ValueError: it is none.
    """
    if not _CLOCK.fullmatch(told):
        raise ValueError(f"no time of a clock: {told[:20]!r}")
    return time.fromisoformat(told)


_OWN = re.compile(r"/(?:[^/\\][^\\\x00-\x20]*)?")
_SHORTEST, _LONGEST = 16, 64


def own(told: str, *, otherwise: str = "/") -> str:
    """The address within this application that was told, `otherwise` for any other (R37)."""
    return told if _OWN.fullmatch(told) and len(told) < 500 else otherwise


def is_key(told: str) -> bool:
    """Whether it can be the key of a form that a page of ours showed."""
    return _SHORTEST <= len(told) <= _LONGEST and told.isprintable()


def digest_of(path: str, form: Mapping[str, str]) -> bytes:
    """The hash of what a form says, by which the same form is known again (R14)."""
    told = sorted((name, value) for name, value in form.items() if name not in ("csrf", "key"))
    return hashlib.sha256(repr((path, told)).encode()).digest()
