"""Absence of people who are charged by a norm (section VIII of the Russian rules; billing.md section 3.1)."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from core.basics.periods import DAY, Period
from core.billing.conditions.model import Conditions, Kind
from core.doors.rows import ACCOUNT
from core.doors.stated import Read, Say, StatedRow, name_of
from core.importing import cells
from core.importing.model import Problem
from core.importing.rules import Reader
from core.importing.table import Columns, Row
from core.metering.model import Meter, Point

ABSENCES = Columns(required=("account", "persons", "left", "returned", "applied", "document"))

MORE_THAN = 5
"""So many full days of absence change nothing yet."""

TERM = timedelta(30)
"""So long after the return the application may come."""


def absence(row: Row, today: date) -> Read:
    """How many were absent on which full days: neither the day of leaving nor that of the return is one. The document
    tells several absences apart."""
    reader = Reader(row, ABSENCES)
    account = reader.need("account", cells.code, ACCOUNT)
    persons = reader.need("persons", lambda text: cells.whole(text, 1, 999), "how many were absent, such as 2")
    left = reader.need("left", cells.day, "the day of leaving, such as 2025-07-01")
    returned = reader.need("returned", cells.day, "the day of the return, such as 2025-07-15")
    applied = reader.need("applied", partial(cells.past_day, today=today), "the day of the application")
    document = reader.need("document", name_of, "what proves the absence, such as: ticket 118")
    if left is not None and returned is not None and (returned - left).days - 1 <= MORE_THAN:
        reader.wrong("returned", f"{max(0, (returned - left).days - 1)} full days of absence", "6 full days at least")
    if returned is not None and applied is not None and applied > returned + TERM:
        reader.wrong("applied", f"later than 30 days after {returned}", f"a day up to {returned + TERM}")
    if reader.problems or account is None or left is None or returned is None or persons is None:
        return tuple(reader.problems)
    days = Period(left + DAY, returned)
    return StatedRow(reader.line, days, (Say(Kind.ABSENCE, persons, document or ""),), document or "", account)


def unfit(row: StatedRow, meters: Sequence[Meter], points: Sequence[Point], known: Conditions) -> Problem | None:
    """Why the absence changes nothing: of no point of the account is it known that on all these days it has no meter
    because there can be none."""
    bare = [one.id for one in points if _without(row.days, one.id, meters, known)]
    if bare:
        return None
    expected = "a row of points with metering impossible, for all of these days"
    return Problem(row.line, "account", row.account, "no point at which there can be no meter on these days", expected)


def _without(days: Period, point: int, meters: Sequence[Meter], known: Conditions) -> bool:
    if any(one.point_id == point and one.installed.meet(days) is not None for one in meters):
        return False
    return all(one.value == "impossible" for one in known.words(Kind.METERING, point, days, ""))
