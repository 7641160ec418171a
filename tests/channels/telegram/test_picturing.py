"""Charts and photos: what is drawn, and what is left of a photo."""

from io import BytesIO

import pytest
from PIL import Image

from channels.telegram import picturing


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480)) -> bytes:
    made, written = Image.new("RGB", size, (200, 30, 30)), BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "flat 4-12, the secret of the house"
    exif[0x0112] = 6
    made.save(written, kind, exif=exif)
    return written.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_of_a_photo_only_the_picture_is_left(kind: str) -> None:
    plain = picturing.plain(photo(kind) + b"and what follows")
    assert b"secret" not in plain
    assert b"follows" not in plain
    with Image.open(BytesIO(plain)) as opened:
        assert opened.format == "JPEG"
        assert not opened.getexif()
        assert opened.size == (480, 640)  # upright


def test_a_large_photo_is_made_smaller() -> None:
    with Image.open(BytesIO(picturing.plain(photo(size=(4000, 1000))))) as opened:
        assert max(opened.size) == picturing.LARGEST_SIDE


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", photo()[:200], b"<svg/>", b"%PDF-1.7"])
def test_what_is_no_photo_is_refused(content: bytes) -> None:
    with pytest.raises(picturing.NoPicture):
        picturing.plain(content)


def test_a_bomb_is_refused() -> None:
    written = BytesIO()
    Image.new("1", (20_000, 20_000)).save(written, "PNG")
    with pytest.raises(picturing.NoPicture):
        picturing.plain(written.getvalue())


@pytest.mark.parametrize("bars", [[], [("30.09", 0.0)], [(f"{no:02}.10", 187.5) for no in range(12)]])
def test_a_chart_is_a_small_picture(bars: list[tuple[str, float]]) -> None:
    drawn = picturing.chart(bars)
    assert len(drawn) < 20_000
    with Image.open(BytesIO(drawn)) as opened:
        assert (opened.format, opened.size) == ("PNG", (picturing.WIDTH, picturing.HEIGHT))
