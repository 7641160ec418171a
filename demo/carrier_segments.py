"""How many SMS a text costs, counted as a carrier does; on its own, so that it can catch our count being wrong."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Characters of two units: an escape, and the character."""


def segments(text: str) -> int:
    """The number of messages that the text is carried in; an empty one is carried too (3GPP TS 23.038 and 23.040)."""
    if _BASIC.issuperset(text) or (_BASIC | _EXTENDED).issuperset(text):
        return _parts([2 if char in _EXTENDED else 1 for char in text], whole=160, part=153)
    return _parts([2 if ord(char) > 0xFFFF else 1 for char in text], whole=70, part=67)


def _parts(units: list[int], *, whole: int, part: int) -> int:
    """The parts that hold these characters, none of which is split between two."""
    if sum(units) <= whole:
        return 1
    parts, room = 1, part
    for unit in units:
        if unit > room:
            parts, room = parts + 1, part
        room -= unit
    return parts
