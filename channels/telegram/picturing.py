"""Pictures of a chat: the small chart under a history, and photos made plain before they are kept."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont, ImageOps, UnidentifiedImageError

WIDTH, HEIGHT = 640, 320
LARGEST_SIDE = 2000
MOST_PIXELS = 50_000_000

_PAPER, _INK, _LINE, _BAR = (255, 254, 251), (28, 35, 38), (217, 212, 201), (11, 95, 89)
_LEFT, _TOP, _BOTTOM = 16, 34, 36
_FORMATS = ("JPEG", "PNG", "WEBP")


class NoPicture(Exception):
    """What came is no photo that can be kept."""


def chart(bars: Sequence[tuple[str, float]]) -> bytes:
    """Bars with their values above and their labels below, as PNG; no words, so that it is read in every language."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(size=17)
    floor, top = HEIGHT - _BOTTOM, max((value for _, value in bars), default=0.0) or 1.0
    draw.line((_LEFT, floor, WIDTH - _LEFT, floor), fill=_LINE, width=2)
    room = (WIDTH - 2 * _LEFT) / max(len(bars), 1)
    for no, (label, value) in enumerate(bars):
        middle = _LEFT + room * (no + 0.5)
        height = max((floor - _TOP) * max(value, 0.0) / top, 2.0)
        draw.rectangle((middle - room * 0.36, floor - height, middle + room * 0.36, floor - 1), fill=_BAR)
        draw.text((middle, floor - height - 4), f"{value:g}", fill=_INK, font=font, anchor="ms")
        draw.text((middle, floor + 8), label, fill=_INK, font=font, anchor="mt")
    written = BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


def plain(content: bytes) -> bytes:
    """The photo written anew as JPEG: upright, of a size that one can look at, without anything beside the picture.

    :raises NoPicture: it is none, or far too large.
    """
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise NoPicture("too large")
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise NoPicture(type(error).__name__) from error
    upright.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    bare = Image.new("RGB", upright.size)
    bare.paste(upright)
    written = BytesIO()
    bare.save(written, "JPEG", quality=85)
    return written.getvalue()
