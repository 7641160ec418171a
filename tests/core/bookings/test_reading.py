"""A file of offices is taken in whole or not at all, and says where it is wrong."""

from datetime import time
from pathlib import Path

import pytest

from core.bookings.opening import reading
from core.bookings.opening.reading import BadOffices
from tests import offices

DEMO = Path(__file__).parents[3] / "demo" / "offices.csv"


def test_the_offices_of_the_demo() -> None:
    lines = reading.read(DEMO.read_text(encoding="utf-8"))
    assert len(lines) == 13
    assert {line.office.name for line in lines} >= {"Ялта", "Красноперекопск", "Симферополь"}
    assert all(line.hours for line in lines)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"code": "Ялта"}, "line 2, code: small Latin letters"),
        ({"name": ""}, "line 2, name: is empty"),
        ({"short": "Красноперекопск"}, "line 2, short: 15 signs, 8 at most"),
        ({"timezone": "Mars/Base"}, "line 2, timezone: such as Europe/Moscow"),
        ({"calendar": "XX"}, "line 2, calendar: such as RU or US-CA"),
        ({"windows": "0"}, "line 2, windows: a number from 1 to 20, not '0'"),
        ({"step": "5"}, "line 2, step: a number from 15 to 120, not '5'"),
        ({"hours": "mon-fri 9-17"}, "line 2, hours: 'mon-fri 9-17' is not of the form"),
        ({"hours": "mon 17:00-09:00"}, "the hours are not in their order"),
        ({"hours": "mon 09:00-17:00; mon 09:00-12:00"}, "mon is named twice"),
        ({"hours": "fri-mon 09:00-17:00"}, "is not of the form"),
        ({"hours": "mon 25:00-26:00"}, "line 2, hours"),
        ({"windows": "9" * 5000}, "line 2, windows"),
        ({"timezone": "Europe"}, "line 2, timezone"),
        ({"calendar": "utils"}, "line 2, calendar"),
        ({"services": "meter dance"}, "line 2, services: there is no dance; there are: meter"),
        ({"address": "x" * 201}, "line 2, address: 201 signs, 200 at most"),
    ],
)
def test_what_is_wrong_is_named(row: dict[str, str], complaint: str) -> None:
    with pytest.raises(BadOffices, match=complaint):
        reading.read(offices.text(row), ["meter"])


@pytest.mark.parametrize("text", ["", "code,name\n", "a,b\n1,2\n", offices.text(), offices.text({}, {})])
def test_a_file_that_is_none(text: str) -> None:
    with pytest.raises(BadOffices):
        reading.read(text)


def test_hours_are_written_as_they_are_read() -> None:
    text = "mon-thu 08:00-17:00 12:00-13:00; fri 08:00-16:00 12:00-13:00; sun 10:00-12:00"
    hours = reading.read_hours(text)
    assert reading.written(hours) == text
    assert hours[0].pause == time(12)


def test_an_office_is_written_as_it_is_read() -> None:
    for line in reading.read(DEMO.read_text(encoding="utf-8")):
        assert reading.line(reading.cells_of(line.office, line.hours)) == line
