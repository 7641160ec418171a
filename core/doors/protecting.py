"""What a row must hold about an account whose supply may not be cut (idea 3 of the product)."""

from datetime import date

from core.billing.conditions.model import Kind
from core.billing.warning import Protection
from core.doors.stated import Read, Say, of_account
from core.importing import cells
from core.importing.cells import Unreadable
from core.importing.rules import Reader
from core.importing.table import Columns, Row

GIVEN, ENDED = "given", "ended"
STATUSES = (GIVEN, ENDED)
"""What becomes of a protection."""

PROTECTIONS = Columns(required=("account", "protection", "from", "document"), optional=("to", "status"))


def protection(row: Row, today: date) -> Read:
    """Why the supply may not be cut on the days, by which document; `status` "ended": it holds no longer on them."""
    del today
    reader = Reader(row, PROTECTIONS)
    why = reader.need("protection", _protection, ", ".join(Protection))
    status = reader.take("status", _status, GIVEN)
    reader.need("document", cells.words, "the paper that says so, such as certificate 17 of 2025-11-03")
    return of_account(reader, (Say(Kind.PROTECTED, "protected" if status == GIVEN else None, why or ""),))


def _protection(text: str) -> str:
    found = text.lower()
    if found not in set(Protection):
        raise Unreadable("not why a supply is not cut", ", ".join(Protection))
    return found


def _status(text: str) -> str:
    found = text.lower()
    if found not in STATUSES:
        raise Unreadable("not what becomes of a protection", ", ".join(STATUSES))
    return found
