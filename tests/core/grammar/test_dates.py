"""Days in a text, and the day that they give to a reading (rulings.md section 1, 5)."""

from datetime import date

import pytest

from core.grammar import dates, scene
from core.grammar.dates import ReadOn
from core.grammar.senses import Sense

TODAY = date(2025, 11, 24)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("25.11.25", "2025-11-25"), ("25/11/2025", "2025-11-25"), ("2025-11-25", "2025-11-25"), ("25.11", "2025-11-25"),
        ("05.01", "2026-01-05"), ("11.2025", "2025-11"), ("11.25", "2025-11"), ("25 ноября", "2025-11-25"),
        ("25 ноября 2025 г.", "2025-11-25"), ("ноябрь", "2025-11"), ("декабрь 2024 года", "2024-12"),
        ("24 число", "2025-11-24"), ("30 число", "2025-10-30"), ("завтра", "2025-11-25"), ("вчера", "2025-11-23"),
        ("в пятницу", "2025-11-28"), ("5 грудня", "2025-12-05"), ("на 25/11", "2025-11-25"), ("11 месяц", "2025-11"),
        ("31.02.2025", ""), ("24-го", "2025-11-24"), ("30-е число", "2025-10-30"), ("5-го декабря", "2025-12-05"),
        ("понедельник, 24.11", "2025-11-24"), ("в пятницу 28 ноября", "2025-11-28"),
    ],
)  # fmt: skip
def test_days(text: str, value: str) -> None:
    pieces = dates.dated(scene.read(text).pieces, TODAY)
    assert [piece.value for piece in pieces if piece.sense is Sense.DATE] == [value]


@pytest.mark.parametrize("text", ["12.345", "25.13", "32.11", "хол 25.11", "т1 25.11", "47"])
def test_numbers_that_are_no_days(text: str) -> None:
    assert all(piece.sense is not Sense.DATE for piece in dates.dated(scene.read(text).pieces, TODAY))


@pytest.mark.parametrize(
    ("values", "on"),
    [
        ((), ReadOn()), (("2025-11-24",), ReadOn()), (("2025-11-25",), ReadOn()), (("2025-11",), ReadOn()),
        (("2025-11-20",), ReadOn(date(2025, 11, 20))), (("2025-10-24",), ReadOn(date(2025, 10, 24))),
        (("2025-10-23",), ReadOn(far=True)), (("2025-11-26",), ReadOn(far=True)), (("2025-10",), ReadOn(far=True)),
        (("",), ReadOn(far=True)), (("2025-11-20", "2025-11-21"), ReadOn(far=True)),
        (("2025-11-20", "2025-11"), ReadOn(date(2025, 11, 20))),
    ],
)  # fmt: skip
def test_day_of_a_reading(values: tuple[str, ...], on: ReadOn) -> None:
    assert dates.reading_day(values, TODAY) == on
