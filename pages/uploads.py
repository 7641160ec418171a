"""Reads a form that brings a file, such as a scan; where no file is wanted, forms.read takes less (R10, R38)."""

from collections.abc import Mapping

from aiohttp import BodyPartReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from pages import forms

FIELD = 4 * 1024
"""Bytes of a field beside the file at most."""

AROUND = 64 * 1024
"""Bytes of a form at most beside its file."""


async def read(request: web.Request, name: str, *, largest: int) -> tuple[Mapping[str, str], bytes]:
    """The fields of a form and the bytes of the file `name`, empty where none was chosen. What the file is called and
    what it claims to be does not count. A form without a file may be urlencoded too.

    :raises web.HTTPUnsupportedMediaType, web.HTTPBadRequest: as for forms.read, or the parts are no fields;
        web.HTTPRequestEntityTooLarge: the file has more than `largest` bytes, or a field is too long.
    """
    if request.content_type != "multipart/form-data":
        return await forms.read(request), b""
    if request.headers.get(hdrs.CONTENT_ENCODING, "identity") != "identity":
        raise web.HTTPUnsupportedMediaType
    if (request.content_length or 0) > largest + AROUND:
        raise web.HTTPRequestEntityTooLarge(max_size=largest, actual_size=request.content_length or 0)
    try:
        return await _parts(request, name, largest)
    except (HttpProcessingError, ValueError, LookupError, RuntimeError, AssertionError):
        raise web.HTTPBadRequest from None


async def _parts(request: web.Request, name: str, largest: int) -> tuple[Mapping[str, str], bytes]:
    fields: dict[str, str] = {}
    file, count = b"", 0
    async for part in await request.multipart():
        count += 1
        if count > forms.FIELDS or not isinstance(part, BodyPartReader) or not part.name:
            raise web.HTTPBadRequest
        if part.name == name:
            file = await _bytes(part, largest)
        else:
            fields[part.name] = forms.clean((await _bytes(part, FIELD)).decode())
    return fields, file


async def _bytes(part: BodyPartReader, most: int) -> bytes:
    """The bytes of a part, no more of which are held than may come."""
    held = bytearray()
    while chunk := await part.read_chunk():
        held += chunk
        if len(held) > most:
            raise web.HTTPRequestEntityTooLarge(max_size=most, actual_size=len(held))
    return bytes(held)
