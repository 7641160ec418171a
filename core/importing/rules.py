"""What a row of each kind must hold: pure functions from cells to rows, or to all that is wrong with them."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from core.accounts.model import Role
from core.basics import phone as phones
from core.books.payments.model import Statement
from core.importing import cells
from core.importing.model import (
    BuildingRow,
    ChargeRow,
    CustomerRow,
    DocumentCell,
    MeterCell,
    PaymentRow,
    PhoneCell,
    Problem,
    ReadingCell,
    StatementRow,
)
from core.importing.table import Columns, Row

_Value = TypeVar("_Value")
_MOST_PHONES = 20

CUSTOMERS = Columns(
    required=("account", "kind", "name", "service", "tariff", "meter", "digits", "registers"),
    optional=(
        "address", "building", "timezone", "language", "brand", "fraction", "multiplier", "capacity_kw", "reading",
        "reading_date", "persons", "phones", "roles", "contract", "document_type", "document", "bank_account",
    ),
)  # fmt: skip

CHARGES = Columns(required=("external_id", "account", "period", "service", "amount", "due_date"))

PAYMENTS = Columns(
    required=("external_id", "account", "date", "amount"),
    optional=("period", "agent", "readings", "meter"),
    headed=True,
)

STATEMENT = Columns(required=("external_id", "date", "agent", "amount"), optional=("for_date",))

BUILDINGS = Columns(required=("building", "manager", "from", "document"), optional=("name",))

_OF_A_METER = (
    "service", "tariff", "brand", "digits", "fraction", "multiplier", "capacity_kw", "registers", "reading",
    "reading_date",
)  # fmt: skip
_PERSONAL = frozenset({"name", "address", "document", "bank_account"})


@dataclass(frozen=True, slots=True)
class Frame:
    """What rows are judged by: the company's date, and the zones of every stored version of each tariff plan."""

    today: date
    plans: Mapping[str, tuple[frozenset[str], ...]] = field(default_factory=dict)


class Reader:
    """Reads the cells of one row and collects what is wrong with them."""

    def __init__(self, row: Row, columns: Columns) -> None:
        self.line = row.line
        self.cells = dict(zip(columns.names, row.cells, strict=True))
        self.problems: list[Problem] = []

    def wrong(self, column: str, reason: str, expected: str) -> None:
        self.problems.append(Problem(self.line, column, shown(column, self.cells[column]), reason, expected))

    def take(self, column: str, parse: Callable[[str], _Value], empty: _Value) -> _Value:
        """The value of a cell, or `empty`."""
        text = self.cells[column]
        if not text:
            return empty
        try:
            return parse(text)
        except cells.Unreadable as error:
            self.wrong(column, error.reason, error.expected)
            return empty

    def need(self, column: str, parse: Callable[[str], _Value], expected: str) -> _Value | None:
        """The value of a cell that must not be empty."""
        if not self.cells[column]:
            self.wrong(column, "empty", expected)
            return None
        return self.take(column, lambda text: parse(text), None)


def shown(column: str, value: str) -> str:
    """How a problem shows a cell: nothing of a name, an address, a document or a bank account, two digits of a phone,
    no control characters."""
    if column in _PERSONAL:
        return ""
    if column == "phones":
        value = " ".join(phones.mask(item) for item in cells.items(value))
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in value[:40])


def customer(row: Row, frame: Frame) -> CustomerRow | tuple[Problem, ...]:
    """The row of a file of customers, or what is wrong with it."""
    reader = Reader(row, CUSTOMERS)
    past = functools.partial(cells.past_day, today=frame.today)
    account = reader.need("account", cells.code, "the number of the account, such as 0012345")
    found = CustomerRow(
        line=row.line,
        account=account or "",
        kind=reader.take("kind", cells.kind, None),
        name=reader.take("name", cells.words, ""),
        address=reader.take("address", cells.words, ""),
        building=reader.take("building", cells.words, ""),
        timezone=reader.take("timezone", cells.timezone, ""),
        language=reader.take("language", cells.language, ""),
        persons=reader.take("persons", lambda text: cells.whole(text, 0, 99), None),
        meter=_meter(reader, frame),
        phones=_phones(reader),
        contract=reader.take("contract", past, None),
        document=_document(reader),
        bank=reader.take("bank_account", cells.bank_account, ""),
    )
    return tuple(reader.problems) or found


def _document(reader: Reader) -> DocumentCell | None:
    """The number and what kind of document it is of stand together."""
    text, typed = reader.cells["document"], reader.cells["document_type"]
    if bool(text) != bool(typed):
        column = "document_type" if text else "document"
        reader.wrong(column, "empty", "a document's number and its type stand together, such as passport")
        return None
    kind = reader.take("document_type", cells.document_type, None)
    number = reader.take("document", cells.document, "")
    return DocumentCell(kind, number) if kind is not None and number else None


def _meter(reader: Reader, frame: Frame) -> MeterCell | None:
    if not reader.cells["meter"]:
        given = [column for column in _OF_A_METER if reader.cells[column]]
        if given:
            reader.wrong("meter", f"empty, though {', '.join(given)} is given", "the meter's serial, such as 4521")
        return None
    serial = reader.take("meter", cells.code, "")
    service = reader.need("service", cells.service, "electricity, cold_water, hot_water, gas or heat")
    zones = reader.need("registers", cells.registers, "total, day/night or peak/halfpeak/night")
    tariff = reader.need("tariff", cells.plan, "the name of a plan that is stored, such as RU-FLAT")
    digits = reader.need("digits", lambda text: cells.whole(text, 3, 9), "3 to 9, such as 5")
    fraction = reader.take("fraction", lambda text: cells.whole(text, 0, 3), 0)
    multiplier = reader.take("multiplier", cells.positive, 1000)
    capacity = reader.take("capacity_kw", cells.positive, None)
    if zones is not None and tariff is not None:
        _check_tariff(reader, frame, tariff, zones)
    reading = _reading(reader, frame.today, zones, digits, fraction)
    if service is None or zones is None or tariff is None or digits is None:
        return None
    brand = reader.take("brand", cells.words, "")
    return MeterCell(serial, service, tariff, brand, digits, fraction, multiplier, capacity, zones, reading)


def _check_tariff(reader: Reader, frame: Frame, plan: str, zones: Sequence[str]) -> None:
    versions = frame.plans.get(plan)
    if versions is None:
        reader.wrong("tariff", "no such tariff plan is stored", "import the tariffs first, or correct the name")
        return
    for priced in versions:
        if "total" not in priced and not priced.issuperset(zones):
            reader.wrong("registers", f"the plan {plan} has no price for all of them", "/".join(sorted(priced)))
            return


def _reading(
    reader: Reader, today: date, zones: tuple[str, ...] | None, digits: int | None, fraction: int
) -> ReadingCell | None:
    on = reader.take("reading_date", functools.partial(cells.past_day, today=today), None)
    text, dated = reader.cells["reading"], reader.cells["reading_date"]
    if bool(text) != bool(dated):
        column = "reading_date" if text else "reading"
        reader.wrong(column, "empty", "a reading and its date stand together")
    if zones is None or digits is None or not text or on is None:
        return None
    parse = functools.partial(cells.counts, registers=len(zones), digits=digits, fraction=fraction)
    values = reader.take("reading", parse, None)
    return None if values is None else ReadingCell(on, values)


def _phones(reader: Reader) -> tuple[PhoneCell, ...]:
    numbers = reader.take("phones", _numbers, None) or ()
    roles = reader.take("roles", lambda text: tuple(map(cells.role, cells.items(text))), None) or ()
    if numbers and len(roles) > len(numbers):
        reader.wrong("roles", f"{len(roles)} role(s) for {len(numbers)} phone(s)", "at most one role a phone, in order")
    elif roles and not reader.cells["phones"]:
        reader.wrong("roles", "roles without phones", "empty, or a phone for each role")
    defaults = (Role.OWNER, *[Role.TENANT] * len(numbers))
    return tuple(
        PhoneCell(number, roles[place], stated=True) if place < len(roles) else PhoneCell(number, defaults[place])
        for place, number in enumerate(numbers)
    )


def _numbers(text: str) -> tuple[str, ...]:
    listed = cells.items(text)
    if len(listed) > _MOST_PHONES:
        raise cells.Unreadable(f"{len(listed)} phones", f"at most {_MOST_PHONES}")
    numbers = tuple(cells.phone(item) for item in listed)
    if len(set(numbers)) < len(numbers):
        raise cells.Unreadable("a phone named twice", "each phone once")
    return numbers


def charge(row: Row, frame: Frame) -> ChargeRow | tuple[Problem, ...]:
    """The row of a file of charges, or what is wrong with it."""
    reader = Reader(row, CHARGES)
    external_id = _external_id(reader)
    account = reader.need("account", cells.code, "the number of an account, such as 0012345")
    month = reader.need("period", cells.month, "a month such as 2025-10")
    service = reader.need("service", cells.service, "electricity, cold_water, hot_water, gas or heat")
    amount = reader.need("amount", cells.money, "an amount such as 431.60")
    due_on = reader.need("due_date", cells.day, "a date such as 2025-11-10")
    if month is not None and month.first > frame.today:
        reader.wrong("period", "a month in the future", f"a month up to {frame.today:%Y-%m}")
    if month is not None and due_on is not None and due_on < month.first:
        reader.wrong("due_date", f"before the month {month}", f"a date from {month.first} on")
    if reader.problems or account is None or month is None or service is None or amount is None or due_on is None:
        return tuple(reader.problems)
    return ChargeRow(row.line, external_id, account, month, service, amount, due_on)


def payment(row: Row, frame: Frame) -> PaymentRow | tuple[Problem, ...]:
    """The row of a file of payments, or what is wrong with it. Any text is taken as an account: money whose account is
    not known waits in suspense (billing.md section 4.3)."""
    reader = Reader(row, PAYMENTS)
    external_id = _external_id(reader)
    past = functools.partial(cells.past_day, today=frame.today)
    paid_on = reader.need("date", past, "a date such as 2025-11-10")
    amount = reader.need("amount", cells.money, "an amount such as 431.60")
    if amount == 0:
        reader.wrong("amount", "nothing was paid", "an amount above zero, or below for a reversal")
    month = reader.take("period", cells.month, None)
    agent = reader.take("agent", cells.words, "")
    account = reader.take("account", cells.words, "")
    if reader.problems or paid_on is None or amount is None:
        return tuple(reader.problems)
    return PaymentRow(
        row.line, external_id, account, paid_on, amount, month, agent, reader.cells["readings"], reader.cells["meter"]
    )


def statement(row: Row, frame: Frame) -> StatementRow | tuple[Problem, ...]:
    """The row of a bank's statement, or what is wrong with it."""
    reader = Reader(row, STATEMENT)
    external_id = _external_id(reader)
    past = functools.partial(cells.past_day, today=frame.today)
    came_on = reader.need("date", past, "a date such as 2025-11-10")
    for_day = reader.take("for_date", past, came_on)
    agent = reader.take("agent", cells.words, "")
    amount = reader.need("amount", cells.money, "an amount such as 431.60")
    if amount == 0:
        reader.wrong("amount", "nothing came", "an amount above zero, or below where it went back")
    if reader.problems or came_on is None or for_day is None or amount is None:
        return tuple(reader.problems)
    return StatementRow(row.line, Statement(external_id, agent, came_on, for_day, amount))


def building(row: Row) -> BuildingRow | tuple[Problem, ...]:
    """The row of a file of buildings, or what is wrong with it."""
    reader = Reader(row, BUILDINGS)
    house = reader.need("building", cells.words, "the company's own code of the building")
    manager = reader.need("manager", cells.words, "the code of the managing company, such as UK-1")
    since = reader.need("from", cells.day, "a date such as 2025-11-01")
    document = reader.need("document", cells.words, "the document that this rests on")
    name = reader.take("name", cells.words, "")
    if reader.problems or house is None or manager is None or since is None or document is None:
        return tuple(reader.problems)
    return BuildingRow(row.line, house, manager, name, since, document)


def _external_id(reader: Reader) -> str:
    example = "the number in the older system or the register, such as A-1001"
    return reader.need("external_id", cells.words, example) or ""
