"""A visit as a file for calendars (RFC 5545)."""

from datetime import date, time
from zoneinfo import ZoneInfo

from core.bookings.model import Office, State, Visit
from core.bookings.viewing import ics
from tests.flows.conftest import NOON

ADDRESS = "Красноперекопск, ул. Генерала Корявко, 17; вход со двора, второй этаж\\налево"


def test_long_lines_are_folded_and_no_sign_is_cut() -> None:
    office = Office(
        1, "k", "Красноперекопск", "K", "K", "K", ADDRESS, "K", "K", "", ZoneInfo("Europe/Simferopol"), 1, 20,
    )  # fmt: skip
    visit = Visit(
        7, office, (1,), date(2025, 11, 24), time(10, 20), NOON, "B31", None, None, None, None, "ru", "web", None,
        State.BOOKED, NOON, None, 0, False, "", None,
    )  # fmt: skip
    told = ics(visit, 20, at=NOON, own=True)
    assert max(len(line.encode()) for line in told.split("\r\n")) == 75
    whole = told.replace("\r\n ", "")
    escaped = ADDRESS.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    assert f"LOCATION:{escaped}\r\n" in whole
    assert whole.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert "SUMMARY:Красноперекопск B31\r\n" in told
