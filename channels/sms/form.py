"""A webhook's form, read strictly: what was signed is kept byte for byte, what is shown is cleaned (R10)."""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import unquote_to_bytes

MAX_BYTES = 64 * 1024
MAX_FIELDS = 100

_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Malformed(ValueError):
    """The bytes are no form, or one with too many fields."""


@lru_cache(maxsize=64)
def is_form(content_type: str) -> bool:
    """Whether a Content-Type names a form in UTF-8; a form of no named charset is one."""
    kind, *parameters = [part.strip().lower() for part in content_type.split(";")]
    if kind != "application/x-www-form-urlencoded":
        return False
    named = [parameter.partition("=") for parameter in parameters if parameter]
    return all(name.strip() == "charset" and value.strip().strip('"') == "utf-8" for name, _, value in named)


def parse(body: bytes) -> tuple[tuple[str, str], ...]:
    """The fields in order, repeats and blanks kept; bytes that are not UTF-8 stand as lone surrogates.

    :raises Malformed: a field without "=", a broken escape, or more than MAX_FIELDS fields.
    """
    if not body:
        return ()
    if _BROKEN_ESCAPE.search(body):
        raise Malformed("a broken escape")
    pieces = body.decode("utf-8", "surrogateescape").split("&")
    if len(pieces) > MAX_FIELDS:
        raise Malformed("too many fields")
    fields = []
    for piece in pieces:
        name, mark, value = piece.partition("=")
        if not mark:
            raise Malformed("a field without a value")
        fields.append((_decoded(name), _decoded(value)) if "%" in piece or "+" in piece else (name, value))
    return tuple(fields)


def clean(text: str) -> str:
    """The text as the core may have it: composed (NFC), without NUL, without lone surrogates."""
    if text.isascii():
        return text.replace("\0", "")
    return unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", text.replace("\0", "")))


def _decoded(written: str) -> str:
    text = written.replace("+", " ")
    if "%" not in text:
        return text
    return unquote_to_bytes(text.encode("utf-8", "surrogateescape")).decode("utf-8", "surrogateescape")
