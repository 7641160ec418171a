"""Reads a form that a page of ours posted."""

from collections.abc import Mapping

from aiohttp import web

FIELDS = 100
"""Fields of a form at most (R10)."""


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
