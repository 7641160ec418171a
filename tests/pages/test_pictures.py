"""Charts as pictures of their own."""

from decimal import Decimal
from xml.etree import ElementTree

from pages import pictures
from pages.pictures import Column

NS = "{http://www.w3.org/2000/svg}"


def columns(count: int) -> list[Column]:
    return [
        Column(
            f"{no + 1:02}.11", Decimal(no % 7), f"day {no} <&>", foretold=no >= 20,
            least=Decimal(1) if no >= 20 else None, most=Decimal(9) if no >= 20 else None,
        )
        for no in range(count)
    ]  # fmt: skip


def drawn(count: int, width: int) -> ElementTree.Element:
    picture = pictures.chart(columns(count), title="Use <a day>", unit="kWh", written=str, width=width, empty="nothing")
    return ElementTree.fromstring(picture)


def test_a_picture_has_a_name_bars_axis_and_band() -> None:
    root = drawn(30, pictures.WIDE)
    assert root.findtext(f"{NS}title") == "Use <a day>"
    assert root.get("role") == "img"
    assert len(root.findall(f"{NS}rect")) == 1 + 30
    assert len(root.findall(f"{NS}polygon")) == 1
    texts = [one.text for one in root.findall(f"{NS}text")]
    assert "kWh" in texts
    assert "30.11" in texts


def test_on_a_phone_there_are_fewer_labels_and_all_of_it_is_inside() -> None:
    wide, narrow = drawn(90, pictures.WIDE), drawn(90, pictures.NARROW)
    assert len(narrow.findall(f"{NS}text")) < len(wide.findall(f"{NS}text"))
    for bar in narrow.findall(f"{NS}rect"):
        assert float(bar.get("x", "0")) + float(bar.get("width", "0")) <= pictures.NARROW
    [band] = narrow.findall(f"{NS}polygon")
    for point in (band.get("points") or "").split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= pictures.NARROW
        assert 0 <= y <= 240


def test_there_is_a_picture_where_there_is_nothing_to_draw() -> None:
    root = drawn(0, pictures.NARROW)
    assert [one.text for one in root.findall(f"{NS}text")] == ["nothing"]


def test_no_style_is_needed() -> None:
    assert b"style" not in pictures.chart(columns(3), title="t", unit="u", written=str)
