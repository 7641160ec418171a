"""What a row about the place of an account must hold: its control devices, and where the inspector comes by it."""

from datetime import date
from functools import partial

from core.basics.periods import Period
from core.billing.conditions.model import Kind
from core.doors.rows import ACCOUNT, DAY
from core.doors.stated import DATED, Read, Say, StatedRow, name_of, of_account
from core.importing import cells
from core.importing.cells import Unreadable
from core.importing.rules import Reader
from core.importing.table import Columns, Row

INSTALLED, REMOVED = "installed", "removed"
CHANGES = (INSTALLED, REMOVED)
"""What becomes of a control device."""

DEVICES = Columns(required=("account", "device", "change", "date"), optional=("model", "meter", "document"))
ROUTES = Columns(required=("account", "route", "sequence", "from"), optional=DATED)


def device(row: Row, today: date) -> Read:
    """A control device of a point (row Q4), such as a circuit breaker: from the day on it stands there, or no longer.
    `meter` names the point where the account has several."""
    reader = Reader(row, DEVICES)
    account = reader.need("account", cells.code, ACCOUNT)
    number = reader.need("device", name_of, "the number on the device, such as QF-2207")
    change = reader.need("change", _change, ", ".join(CHANGES))
    on = reader.need("date", partial(cells.past_day, today=today), DAY)
    model = reader.take("model", name_of, "")
    if change == INSTALLED and not model and not reader.problems:
        reader.wrong("model", "empty for a device that was installed", "what it is and for how much: breaker C25, 25 A")
    if change == REMOVED and model:
        reader.wrong("model", "says nothing of a device that was removed", "an empty cell")
    meter, document = reader.take("meter", cells.code, ""), reader.take("document", cells.words, "")
    if reader.problems or account is None or number is None or on is None:
        return tuple(reader.problems)
    say = Say(Kind.DEVICE, model if change == INSTALLED else None, number)
    return StatedRow(reader.line, Period(on, None), (say,), document, account, meter or "")


def route(row: Row, today: date) -> Read:
    """On which route the account lies, and in which place (row Q5)."""
    del today
    reader = Reader(row, ROUTES)
    name = reader.need("route", name_of, "the name of the route, such as 12 or North-3")
    place = reader.need("sequence", lambda text: cells.whole(text, 1, 999_999), "the place on the route, such as 34")
    return of_account(reader, (Say(Kind.ROUTE, name), Say(Kind.SEQUENCE, place)))


def _change(text: str) -> str:
    found = text.lower()
    if found not in CHANGES:
        raise Unreadable("not what becomes of a control device", ", ".join(CHANGES))
    return found
