"""What a row through each door must hold: pure functions from cells to rows, or to all that is wrong with them."""

import functools
from dataclasses import dataclass
from datetime import date

from core.importing import cells
from core.importing.model import Problem
from core.importing.rules import Reader
from core.importing.table import Columns, Row

CONTROL = Columns(required=("account", "meter", "date", "reading"), optional=("document",))

AMR = Columns(required=("meter", "register", "date", "reading"), optional=("account",))

ACCOUNT = "the number of an account, such as 0012345"
METER = "the meter's serial, such as 4521"
DAY = "a date such as 2025-11-10"


@dataclass(frozen=True, slots=True)
class CountRow:
    """What registers of a meter showed at the end of a day, as it was written; `register` the one that is meant, by
    number or zone, "": all of them, "/" between their counts."""

    line: int
    account: str
    meter: str
    day: date
    counts: str
    document: str = ""
    register: str = ""


def control(row: Row, today: date) -> CountRow | tuple[Problem, ...]:
    """A reading that an inspector took."""
    reader = Reader(row, CONTROL)
    account = reader.need("account", cells.code, ACCOUNT)
    meter = reader.need("meter", cells.code, METER)
    on = reader.need("date", functools.partial(cells.past_day, today=today), DAY)
    counts = reader.need("reading", str, "the count of each register, such as 04325 or 04325/01210")
    document = reader.take("document", cells.words, "")
    if reader.problems or account is None or meter is None or on is None or counts is None:
        return tuple(reader.problems)
    return CountRow(row.line, account, meter, on, counts, document)


def amr(row: Row, today: date) -> CountRow | tuple[Problem, ...]:
    """A reading that a metering system took of one register."""
    reader = Reader(row, AMR)
    account = reader.take("account", cells.code, "")
    meter = reader.need("meter", cells.code, METER)
    register = reader.need("register", str, "its number or its zone, such as 1 or night")
    on = reader.need("date", functools.partial(cells.past_day, today=today), DAY)
    counts = reader.need("reading", str, "the count of the register, such as 04325")
    if reader.problems or meter is None or register is None or on is None or counts is None:
        return tuple(reader.problems)
    return CountRow(row.line, account, meter, on, counts, register=register)
