"""How many segments a text takes as SMS: GSM-7 where every character allows it, UCS-2 otherwise."""

import re
from typing import Literal

from core.basics.facts import dataclass

Encoding = Literal["GSM-7", "UCS-2"]

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = "\f^{}\\[~]|€"
"""Each is an escape and a character: two septets that may not be parted."""

_ONLY_BASIC = re.compile(f"[{re.escape(_BASIC)}]*")
_ONLY_GSM = re.compile(f"[{re.escape(_BASIC + _EXTENDED)}]*")
_PAIR = frozenset(_EXTENDED)
_PLAIN = frozenset(_BASIC + _EXTENDED)

_GSM_ALONE, _GSM_PART = 160, 153
_UCS_ALONE, _UCS_PART = 70, 67
"""A text of several segments loses six octets of each to the header that joins them."""


@dataclass(frozen=True, slots=True)
class Segments:
    """`units` are septets of GSM-7 or 16-bit units of UCS-2; `segments` is at least 1, for an empty text too."""

    encoding: Encoding
    units: int
    segments: int


def count(text: str) -> Segments:
    """The encoding, units and segments of a text (3GPP TS 23.038 default alphabet, no national shift tables)."""
    if _ONLY_BASIC.fullmatch(text):
        size = len(text)
        return Segments("GSM-7", size, 1 if size <= _GSM_ALONE else -(-size // _GSM_PART))
    if _ONLY_GSM.fullmatch(text):
        widths = [2 if character in _PAIR else 1 for character in text]
        return Segments("GSM-7", sum(widths), _parts(widths, _GSM_ALONE, _GSM_PART))
    size = units(text)
    if size <= _UCS_ALONE:
        return Segments("UCS-2", size, 1)
    if size == len(text):
        return Segments("UCS-2", size, -(-size // _UCS_PART))
    return Segments("UCS-2", size, _parts([2 if character > "\uffff" else 1 for character in text], 0, _UCS_PART))


def dear(text: str) -> str:
    """The characters, each once, for which a text is sent in UCS-2, where 70 fit into a segment instead of 160."""
    return "".join(dict.fromkeys(one for one in text if one not in _PLAIN))


def fits(text: str, segments: int) -> bool:
    """Whether a text takes at most so many segments; mostly told by its size, without counting."""
    size = len(text)
    if size <= _UCS_ALONE // 2:
        return True
    gsm, ucs = (_GSM_ALONE, _UCS_ALONE) if segments == 1 else (segments * _GSM_PART, segments * _UCS_PART)
    if size > gsm or (size > ucs and not _ONLY_GSM.fullmatch(text)):
        return False
    return count(text).segments <= segments


def units(text: str) -> int:
    """The 16-bit units of a text; a character beyond the basic plane takes two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _parts(widths: list[int], alone: int, part: int) -> int:
    """How many segments hold characters of these widths when none is cut in two."""
    if sum(widths) <= alone:
        return 1
    segments, room = 1, part
    for width in widths:
        if width > room:
            segments, room = segments + 1, part
        room -= width
    return segments
