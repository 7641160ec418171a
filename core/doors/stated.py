"""What a row of dated facts must hold: who lives there, who holds the account, benefits, plans, powers, houses."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from core.basics.money import MILLI
from core.basics.periods import DAY, Period
from core.billing.conditions.model import TERMS, Benefit, Kind, Value
from core.doors.rows import ACCOUNT, METER
from core.importing import cells
from core.importing.cells import Unreadable
from core.importing.model import Problem
from core.importing.rules import Reader
from core.importing.table import Columns, Row

DATED = ("to", "document")
OCCUPANCY = Columns(required=("account", "from"), optional=("persons", "owners", "area", "category", *DATED))
HOLDERS = Columns(required=("account", "holder", "from"), optional=DATED)
BENEFITS = Columns(required=("account", "benefit", "from"), optional=("share", "amount", "limit", *DATED))
PLANS = Columns(required=("account", "plan", "from"), optional=("meter", *DATED))
MULTIPLIERS = Columns(required=("account", "meter", "multiplier", "from"), optional=DATED)
DEMANDS = Columns(required=("account", "demand", "from"), optional=("meter", *DATED))
HOUSES = Columns(required=("building", "what", "value", "from"), optional=DATED)

_NAUGHT = re.compile(r"0{1,9}(?:[.,]0{1,3})?")

WHAT = {
    "volume": Kind.HOUSE_VOLUME, "other": Kind.HOUSE_OTHER, "norm": Kind.COMMON_NORM,
    "common_area": Kind.COMMON_AREA, "total_area": Kind.TOTAL_AREA,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Say:
    """A value of a kind; None: what held before any fact. `name` tells several of the kind apart."""

    kind: Kind
    value: Value | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class StatedRow:
    """What holds on the days, of an account, of a meter of it, or of a building; `holder` is an account of the customer
    who is to hold this one."""

    line: int
    days: Period
    says: tuple[Say, ...]
    document: str
    account: str = ""
    meter: str = ""
    building: str = ""
    holder: str = ""


Read = StatedRow | tuple[Problem, ...]


def occupancy(row: Row, today: date) -> Read:
    """How many live there, how many own it, on what area, of what category."""
    del today
    reader = Reader(row, OCCUPANCY)
    parsed: tuple[tuple[Kind, Value | None], ...] = (
        (Kind.PERSONS, reader.take("persons", lambda text: cells.whole(text, 0, 999), None)),
        (Kind.OWNERS, reader.take("owners", lambda text: cells.whole(text, 1, 999), None)),
        (Kind.AREA, reader.take("area", _within(Kind.AREA), None)),
        (Kind.CATEGORY, reader.take("category", name_of, None)),
    )
    says = tuple(Say(kind, value) for kind, value in parsed if value is not None)
    if not says and not reader.problems:
        reader.wrong("persons", "empty, as owners, area and category are", "one of them at least, such as 3")
    return of_account(reader, says)


def holder(row: Row, today: date) -> Read:
    """Whose the account is."""
    del today
    reader = Reader(row, HOLDERS)
    known = reader.need("holder", cells.code, "the number of an account of the new holder, such as 0012346")
    return of_account(reader, (), holder=known or "")


def benefit(row: Row, today: date) -> Read:
    """What is taken off."""
    del today
    reader = Reader(row, BENEFITS)
    name = reader.need("benefit", name_of, "a name by which it is known, such as VETERAN")
    share = reader.take("share", _percent, None)
    amount = reader.take("amount", cells.money, None)
    limit = reader.take("limit", cells.positive, None)
    if (share is None) == (amount is None) and not reader.problems:
        expected = "a share in per cent, such as 50, or an amount a month, such as 120.00; share 0 ends it"
        reader.wrong("share", "neither a share nor an amount" if share is None else "a share and an amount", expected)
    if amount is not None and amount <= 0:
        reader.wrong("amount", "not above zero", "an amount a month, such as 120.00")
    value = Benefit(share or 0, amount or 0, limit) if share or amount else None
    return of_account(reader, (Say(Kind.BENEFIT, value, name or ""),))


def plan(row: Row, today: date) -> Read:
    """By which plan a point is charged; `meter` names it where the account has several."""
    del today
    reader = Reader(row, PLANS)
    found = reader.need("plan", cells.plan, "the name of a plan that is stored, such as RU-FLAT")
    meter = reader.take("meter", cells.code, "")
    return of_account(reader, (Say(Kind.PLAN, found),), meter=meter)


def demand(row: Row, today: date) -> Read:
    """For how many kW a point is charged: contracted, or the highest that was measured in a month; `meter` names the
    point where the account has several."""
    del today
    reader = Reader(row, DEMANDS)
    power = reader.need("demand", _within(Kind.DEMAND, _value), "kW, such as 40 or 37.5; 0 for none")
    meter = reader.take("meter", cells.code, "")
    return of_account(reader, (Say(Kind.DEMAND, power),), meter=meter)


def multiplier(row: Row, today: date) -> Read:
    """By what the counts of a meter are multiplied."""
    del today
    reader = Reader(row, MULTIPLIERS)
    meter = reader.need("meter", cells.code, METER)
    times = reader.need("multiplier", _within(Kind.MULTIPLIER), "a number above zero, such as 40")
    return of_account(reader, (Say(Kind.MULTIPLIER, times),), meter=meter or "")


def house(row: Row, today: date) -> Read:
    """What is known of a building: what its meter counted, norms, areas."""
    del today
    reader = Reader(row, HOUSES)
    building = reader.need("building", cells.words, "the company's own code of the building")
    kind = reader.need("what", _what, ", ".join(WHAT))
    value = reader.need("value", _value, "a number, such as 5120.5")
    if kind is Kind.TOTAL_AREA and value == 0:
        reader.wrong("value", "not above zero", "the area of all premises in m², such as 2400")
    days, document = days_of(reader), reader.take("document", cells.words, "")
    if reader.problems or building is None or kind is None or value is None or days is None:
        return tuple(reader.problems)
    return StatedRow(reader.line, days, (Say(kind, value),), document, building=building)


def of_account(reader: Reader, says: Sequence[Say], *, meter: str = "", holder: str = "") -> Read:
    account = reader.need("account", cells.code, ACCOUNT)
    days, document = days_of(reader), reader.take("document", cells.words, "")
    if reader.problems or account is None or days is None:
        return tuple(reader.problems)
    return StatedRow(reader.line, days, tuple(says), document, account, meter, holder=holder)


def days_of(reader: Reader) -> Period | None:
    """From the first day to the last one, which may be left open."""
    first = reader.need("from", cells.day, "the first day, such as 2025-11-01")
    last = reader.take("to", cells.day, None)
    if first is not None and last is not None and last < first:
        reader.wrong("to", f"before {first}", f"the last day, from {first} on")
        return None
    return None if first is None else Period(first, None if last is None else last + DAY)


def _within(kind: Kind, read: Callable[[str], int] = cells.positive) -> Callable[[str], int]:
    """Reads thousandths that are a value of the kind."""
    numbers = TERMS[kind].numbers
    assert numbers is not None

    def parse(text: str) -> int:
        found = read(text)
        if found > numbers[1]:
            raise Unreadable("more than can be meant", f"at most {numbers[1] // MILLI}")
        return found

    return parse


def _value(text: str) -> int:
    """Thousandths; nothing is a value too: it ends what was used beside the accounts."""
    return 0 if _NAUGHT.fullmatch(text) else cells.positive(text)


def _percent(text: str) -> int:
    """Thousandths of the price."""
    value = 0 if text.strip("0") == "" else cells.positive(text)
    if value > 100_000 or value % 100:
        raise Unreadable("not a share in per cent", "up to 100, with one decimal at most, such as 50")
    return value // 100


def name_of(text: str) -> str:
    found = cells.words(text)
    if len(found) > 64:
        raise Unreadable("a longer name than can be kept", "64 characters at most")
    return found


def _what(text: str) -> Kind:
    found = WHAT.get(text.lower())
    if found is None:
        raise Unreadable("not what is known of a building", ", ".join(WHAT))
    return found


def accounts_of(rows: Sequence[StatedRow]) -> Iterator[str]:
    """Every account that the rows name."""
    for row in rows:
        if row.account:
            yield row.account
        if row.holder:
            yield row.holder
