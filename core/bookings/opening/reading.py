"""A file of offices: one office a line, checked whole before anything of it is taken in."""

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.basics.facts import dataclass
from core.bookings.calendar import NoCalendar, public_holidays
from core.bookings.model import Hours, Office

COLUMNS = (
    "code", "name", "name_latin", "short", "short_latin", "address", "place", "place_latin", "phone", "timezone",
    "windows", "step", "calendar", "services", "hours",
)  # fmt: skip
NEEDED = ("code", "name", "short", "address", "place", "timezone", "windows", "hours")
SHORT = 8
"""Signs of a town's short name: three offers with it are one SMS."""
PLACE = 21
"""Signs of a place in a confirmation, which is one SMS."""
LONGEST = 200
"""Signs of any other cell."""
_LONGEST = {"short": SHORT, "short_latin": SHORT, "place": PLACE, "place_latin": PLACE, "code": 31, "hours": 400}

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS = re.compile(
    r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))? (?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)"
    r"(?: (?P<pause>\d\d:\d\d)-(?P<resumes>\d\d:\d\d))?"
)
_CODE = re.compile(r"[a-z][a-z0-9-]{1,30}")


class BadOffices(ValueError):
    """The file is not taken in; the text names the line, the column and what is wanted; `column` is "" where it is the
    file itself."""

    def __init__(self, told: str, column: str = "") -> None:
        super().__init__(told)
        self.column = column


@dataclass(frozen=True, slots=True)
class Line:
    """An office as the file has it; its id is 0."""

    office: Office
    hours: tuple[Hours, ...]


def read(text: str, services: Collection[str] | None = None) -> tuple[Line, ...]:
    """The offices of a CSV file with a head. `services` are the codes of those that there are, None where nobody knows.

    :raises BadOffices: a column is missing, or something in a line cannot be.
    """
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""))
    try:
        head, rows = reader.fieldnames or (), list(enumerate(reader, 2))
    except csv.Error as error:
        raise BadOffices(f"line {reader.line_num}: {error}") from error
    missing = [one for one in NEEDED if one not in head]
    unknown = [one for one in head if one not in COLUMNS]
    if missing or unknown:
        raise BadOffices(f"line 1: columns missing: {missing or 'none'}, unknown: {unknown or 'none'}")
    lines = tuple(line(row, services, number=number) for number, row in rows)
    if not lines:
        raise BadOffices("line 2: there is no office")
    codes = [one.office.code for one in lines]
    twice = next((one for one in codes if codes.count(one) > 1), None)
    if twice is not None:
        raise BadOffices(f"the code {twice} is there twice", "code")
    return lines


def line(row: Mapping[str, str | None], services: Collection[str] | None = None, *, number: int = 1) -> Line:
    """The office that the cells of a row make, by the names of the columns.

    :raises BadOffices: something in it cannot be.
    """

    def wrong(column: str, wanted: str) -> BadOffices:
        return BadOffices(f"line {number}, {column}: {wanted}", column)

    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    for name in COLUMNS:
        if name in NEEDED and not cells[name]:
            raise wrong(name, "is empty")
        if len(cells[name]) > (most := _LONGEST.get(name, LONGEST)):
            raise wrong(name, f"{len(cells[name])} signs, {most} at most")
        if not cells[name].isprintable():
            raise wrong(name, "signs that cannot be printed")
    if not _CODE.fullmatch(cells["code"]):
        raise wrong("code", "small Latin letters, digits and hyphens, such as yalta")
    zone = _zone(cells["timezone"])
    if zone is None:
        raise wrong("timezone", "such as Europe/Moscow")
    if not _is_calendar(cells["calendar"]):
        raise wrong("calendar", "such as RU or US-CA")
    given = tuple(dict.fromkeys(cells["services"].split()))
    unknown = [] if services is None else [one for one in given if one not in services]
    if unknown:
        raise wrong("services", f"there is no {unknown[0]}; there are: {', '.join(services or ())}")
    windows, step = _number(cells["windows"], 1, 20), _number(cells["step"] or "20", 15, 120)
    if windows is None:
        raise wrong("windows", f"a number from 1 to 20, not {cells['windows']!r}")
    if step is None:
        raise wrong("step", f"a number from 15 to 120, not {cells['step']!r}")
    try:
        hours = read_hours(cells["hours"])
    except ValueError as error:
        raise wrong("hours", str(error)) from error
    office = Office(
        0, cells["code"], cells["name"], cells["name_latin"] or cells["name"], cells["short"],
        cells["short_latin"] or cells["short"], cells["address"], cells["place"],
        cells["place_latin"] or cells["place"], cells["phone"], zone, windows, step, cells["calendar"], given,
    )  # fmt: skip
    return Line(office, hours)


def cells_of(office: Office, hours: Sequence[Hours]) -> dict[str, str]:
    """An office as a row of a file has it: `line` reads the same again."""
    return {
        "code": office.code, "name": office.name, "name_latin": office.name_latin, "short": office.short,
        "short_latin": office.short_latin, "address": office.address, "place": office.place,
        "place_latin": office.place_latin, "phone": office.phone, "timezone": office.zone.key,
        "windows": str(office.windows), "step": str(office.step), "calendar": office.calendar,
        "services": " ".join(office.services), "hours": written(hours),
    }  # fmt: skip


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: it is a folder of zones
        return None


def _is_calendar(name: str) -> bool:
    try:
        public_holidays(name, 2025)
    except NoCalendar:
        return False
    return True


def _number(text: str, least: int, most: int) -> int | None:
    """The whole number that is written, None where it is none between the two."""
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        return None
    return int(text) if least <= int(text) <= most else None


def read_hours(text: str) -> tuple[Hours, ...]:
    """The hours written as "mon-thu 08:00-17:00 12:00-13:00; fri 08:00-16:00", the second span a break.

    :raises ValueError: not of that form, or a day is named twice.
    """
    found: dict[int, Hours] = {}
    for part in text.split(";"):
        match = _HOURS.fullmatch(part.strip().lower())
        days = _days(match["first"], match["last"]) if match else ()
        if match is None or not days:
            raise ValueError(f"{part.strip()!r} is not of the form mon-fri 08:00-17:00 12:00-13:00")
        opens, closes = (time.fromisoformat(match[name]) for name in ("opens", "closes"))
        pause, resumes = (time.fromisoformat(match[name]) if match[name] else None for name in ("pause", "resumes"))
        inside = pause is None or resumes is None or opens < pause < resumes < closes
        if not opens < closes or not inside:
            raise ValueError(f"{part.strip()!r}: the hours are not in their order")
        for day in days:
            if day in found:
                raise ValueError(f"{_DAYS[day - 1]} is named twice")
            found[day] = Hours(day, opens, closes, pause, resumes)
    return tuple(found[day] for day in sorted(found))


def _days(first: str, last: str | None) -> Sequence[int]:
    if first not in _DAYS or (last is not None and last not in _DAYS):
        return ()
    begin, end = _DAYS.index(first), _DAYS.index(last or first)
    return range(begin + 1, end + 2)


def written(hours: Sequence[Hours]) -> str:
    """The hours as `read_hours` reads them, a part for each run of equal days."""
    parts: list[str] = []
    runs: list[list[Hours]] = []
    for one in sorted(hours, key=lambda each: each.weekday):
        before = runs[-1][-1] if runs else None
        same = before is not None and _span(before) == _span(one) and before.weekday + 1 == one.weekday
        runs[-1].append(one) if same else runs.append([one])
    for run in runs:
        days = _DAYS[run[0].weekday - 1] + (f"-{_DAYS[run[-1].weekday - 1]}" if len(run) > 1 else "")
        parts.append(f"{days} {_span(run[0])}")
    return "; ".join(parts)


def _span(hours: Hours) -> str:
    pause = f" {hours.pause:%H:%M}-{hours.resumes:%H:%M}" if hours.pause and hours.resumes else ""
    return f"{hours.opens:%H:%M}-{hours.closes:%H:%M}{pause}"
