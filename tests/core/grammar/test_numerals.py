"""Numbers in words, in thousands, digit by digit."""

import pytest

from core.grammar import numerals, scene
from core.grammar.senses import Sense


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("двенадцать тысяч триста сорок пять", ["12345"]), ("десять тысяч ноль пять", ["10005"]),
        ("двести тысяч сто одиннадцать", ["200111"]), ("тысяча сто", ["1100"]), ("сорок", ["40"]),
        ("один два три", ["123"]), ("один, два, три", ["123"]), ("ноль пять", ["05"]), ("12 тыс 345", ["12345"]),
        ("12 тысяч", ["12000"]), ("двенадцать триста сорок пять", ["12", "345"]), ("пять десять", ["5", "10"]),
        ("twelve thousand three hundred and forty five", ["12345"]), ("two hundred", ["200"]),
        ("дванадцять тисяч триста сорок п'ять", ["12345"]), ("день два ночь три", ["2", "3"]),
    ],
)  # fmt: skip
def test_words(text: str, numbers: list[str]) -> None:
    pieces = numerals.spoken(scene.read(text).pieces)
    assert [piece.text for piece in pieces if piece.sense is Sense.NUMBER] == numbers


def test_what_may_be_meant_otherwise_is_marked() -> None:
    assert [piece.value for piece in numerals.spoken(scene.read("двенадцать тысяч").pieces)] == [numerals.ROUND]
    assert {piece.value for piece in numerals.spoken(scene.read("двенадцать триста").pieces)} == {numerals.SPLIT}
