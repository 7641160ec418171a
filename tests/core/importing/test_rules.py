"""Rows of each kind: what they become, and everything that is wrong with them at once."""

from datetime import date

import pytest

from core.accounts.model import Role
from core.basics.periods import Month
from core.importing import rules
from core.importing.model import (
    ChargeRow,
    CustomerRow,
    MeterCell,
    PaymentRow,
    PhoneCell,
    Problem,
    ReadingCell,
)
from core.importing.rules import Frame
from core.importing.table import Columns, Row

TODAY = date(2025, 11, 21)
DAY_NIGHT = frozenset({"day", "night"})
FRAME = Frame(TODAY, {"FLAT": (frozenset({"total"}),), "DN": (DAY_NIGHT, frozenset({"total"})), "DN2": (DAY_NIGHT,)})

METER = {
    "service": "electricity", "tariff": "FLAT", "meter": "4521", "digits": "5", "registers": "total",
    "reading": "04325", "reading_date": "31.10.2025",
}  # fmt: skip
CUSTOMER = {"account": "0012345", "kind": "физ", "name": "Анна  Петровна", "phones": "8 978 000 00 17"} | METER
CHARGE = {
    "external_id": "OLD-1", "account": "0012345", "period": "2025-10", "service": "electricity", "amount": "431,60",
    "due_date": "2025-11-10",
}  # fmt: skip
PAYMENT = {"external_id": "K-1", "account": "0012345", "date": "2025-11-07", "amount": "431.60"}


def row(columns: Columns, cells: dict[str, str]) -> Row:
    return Row(7, [cells.get(name, "") for name in columns.names])


def customer(**changes: str) -> CustomerRow | tuple[Problem, ...]:
    return rules.customer(row(rules.CUSTOMERS, CUSTOMER | changes), FRAME)


def problems(found: object) -> list[tuple[str, str, str]]:
    assert isinstance(found, tuple)
    return [(problem.column, problem.value, problem.reason) for problem in found]


def test_customer() -> None:
    assert customer() == CustomerRow(
        line=7,
        account="0012345",
        kind="household",
        name="Анна Петровна",
        meter=MeterCell(
            serial="4521",
            service="electricity",
            tariff="FLAT",
            brand="",
            digits=5,
            fraction=0,
            multiplier=1000,
            capacity_kw=None,
            zones=("total",),
            reading=ReadingCell(date(2025, 10, 31), (4325000,)),
        ),
        phones=(PhoneCell("+79780000017", Role.OWNER),),
    )


def test_personal_data_are_not_in_the_repr() -> None:
    shown = repr(customer(address="ул. Садовая"))
    assert "Анна" not in shown
    assert "Садовая" not in shown
    assert "+7978" not in shown


@pytest.mark.parametrize(
    ("phones", "roles", "expected"),
    [
        ("89780000017", "", [(Role.OWNER, False)]),
        ("89780000017;89780000018;", "", [(Role.OWNER, False), (Role.TENANT, False)]),
        ("89780000017|89780000018", "payer", [(Role.PAYER, True), (Role.TENANT, False)]),
        ("89780000017;89780000018", "жилец|собственник", [(Role.TENANT, True), (Role.OWNER, True)]),
        ("", "", []),
    ],
)
def test_roles(phones: str, roles: str, expected: list[tuple[Role, bool]]) -> None:
    found = customer(phones=phones, roles=roles)
    assert isinstance(found, CustomerRow)
    assert [(cell.role, cell.stated) for cell in found.phones] == expected


def test_a_row_without_a_meter() -> None:
    found = customer(**dict.fromkeys(METER, ""))
    assert isinstance(found, CustomerRow)
    assert found.meter is None


def test_zones_with_decimals_and_multiplier() -> None:
    found = customer(
        tariff="dn", registers="т1/т2", reading="12045,3/6120,8", fraction="1", multiplier="60", capacity_kw="7.5"
    )
    assert isinstance(found, CustomerRow)
    assert found.meter is not None
    assert found.meter.zones == ("day", "night")
    assert (found.meter.multiplier, found.meter.capacity_kw) == (60000, 7500)
    assert found.meter.reading == ReadingCell(date(2025, 10, 31), (12045300, 6120800))


@pytest.mark.parametrize(
    ("changes", "column", "value", "reason"),
    [
        ({"account": ""}, "account", "", "empty"),
        ({"account": "1.2E+5"}, "account", "1.2E+5", "not a number of an account or a meter"),
        ({"kind": "бизнес"}, "kind", "бизнес", "not a kind of customer"),
        ({"timezone": "Mars"}, "timezone", "Mars", "not a known time zone"),
        ({"language": "de"}, "language", "de", "a language that is not spoken here"),
        ({"persons": "100"}, "persons", "100", "not a whole number in the bounds"),
        ({"service": ""}, "service", "", "empty"),
        ({"tariff": ""}, "tariff", "", "empty"),
        ({"tariff": "NONE"}, "tariff", "NONE", "no such tariff plan is stored"),
        ({"tariff": "DN2"}, "registers", "total", "the plan DN2 has no price for all of them"),
        ({"digits": ""}, "digits", "", "empty"),
        ({"digits": "2"}, "digits", "2", "not a whole number in the bounds"),
        ({"digits": "10"}, "digits", "10", "not a whole number in the bounds"),
        ({"digits": "4", "reading": "10000"}, "reading", "10000", "more digits than the meter's 4"),
        ({"fraction": "4"}, "fraction", "4", "not a whole number in the bounds"),
        ({"multiplier": "0"}, "multiplier", "0", "not a number above zero"),
        ({"capacity_kw": "1e3"}, "capacity_kw", "1e3", "not a number above zero"),
        ({"registers": "ночь/день"}, "registers", "ночь/день", "not a known set of registers"),
        ({"reading": "1/2"}, "reading", "1/2", "2 value(s) for 1 register(s)"),
        ({"reading": ""}, "reading", "", "empty"),
        ({"reading_date": ""}, "reading_date", "", "empty"),
        ({"reading_date": "2025-11-22"}, "reading_date", "2025-11-22", "a date in the future"),
        (
            {"meter": ""},
            "meter",
            "",
            "empty, though service, tariff, digits, registers, reading, reading_date is given",
        ),
        ({"phones": "12"}, "phones", "…", "not a telephone number"),
        ({"phones": "89780000017;+79780000017"}, "phones", "…17 …17", "a phone named twice"),
        ({"phones": ";".join(["89780000017"] * 21)}, "phones", " ".join(["…17"] * 21)[:40], "21 phones"),
        ({"roles": "owner;payer"}, "roles", "owner;payer", "2 role(s) for 1 phone(s)"),
        ({"roles": "boss"}, "roles", "boss", "not a role"),
        ({"phones": "", "roles": "owner"}, "roles", "owner", "roles without phones"),
        ({"contract": "2026-01-01"}, "contract", "2026-01-01", "a date in the future"),
        ({"brand": "x", "kind": "a\u200bb"}, "kind", "a\\u200bb", "not a kind of customer"),
    ],
)
def test_what_is_wrong_with_a_customer(changes: dict[str, str], column: str, value: str, reason: str) -> None:
    assert problems(customer(**changes)) == [(column, value, reason)]


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = problems(customer(account="?", kind="?", digits="x", phones="x", contract="x"))
    assert [column for column, _, _ in found] == ["account", "kind", "digits", "phones", "contract"]


def test_every_problem_says_what_is_expected() -> None:
    found = customer(account="?", kind="?", digits="x", phones="x", contract="x", registers="x", reading="x")
    assert isinstance(found, tuple)
    assert all(problem.expected and problem.line == 7 for problem in found)


def test_charge() -> None:
    assert rules.charge(row(rules.CHARGES, CHARGE), FRAME) == ChargeRow(
        7, "OLD-1", "0012345", Month(2025, 10), "electricity", 43160, date(2025, 11, 10)
    )


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"external_id": ""}, "external_id", "empty"),
        ({"account": "a b"}, "account", "not a number of an account or a meter"),
        ({"period": "2025-12", "due_date": "2026-01-10"}, "period", "a month in the future"),
        ({"period": ""}, "period", "empty"),
        ({"service": "phone"}, "service", "not a known service"),
        ({"amount": "NaN"}, "amount", "not an amount of money"),
        ({"amount": ""}, "amount", "empty"),
        ({"due_date": "2025-09-30"}, "due_date", "before the month 2025-10"),
        ({"due_date": "soon"}, "due_date", "not a date"),
    ],
)
def test_what_is_wrong_with_a_charge(changes: dict[str, str], column: str, reason: str) -> None:
    found = problems(rules.charge(row(rules.CHARGES, CHARGE | changes), FRAME))
    assert [(where, why) for where, _, why in found] == [(column, reason)]


def test_payment() -> None:
    given = PAYMENT | {"account": "Садовая  4-17", "amount": "-1 000,5", "period": "10.2025", "agent": "Касса"}
    assert rules.payment(row(rules.PAYMENTS, given), FRAME) == PaymentRow(
        7, "K-1", "Садовая 4-17", date(2025, 11, 7), -100050, Month(2025, 10), "Касса"
    )


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"external_id": ""}, "external_id", "empty"),
        ({"date": "2025-11-22"}, "date", "a date in the future"),
        ({"amount": "0.00"}, "amount", "nothing was paid"),
        ({"amount": "1e5"}, "amount", "not an amount of money"),
        ({"period": "autumn"}, "period", "not a month"),
    ],
)
def test_what_is_wrong_with_a_payment(changes: dict[str, str], column: str, reason: str) -> None:
    found = problems(rules.payment(row(rules.PAYMENTS, PAYMENT | changes), FRAME))
    assert [(where, why) for where, _, why in found] == [(column, reason)]


@pytest.mark.parametrize("column", ["name", "address"])
def test_nothing_of_a_name_or_an_address_is_shown(column: str) -> None:
    assert rules.shown(column, "Анна, Садовая 4") == ""


def test_a_problem_shows_no_control_characters_and_no_more_than_forty() -> None:
    assert rules.shown("brand", "a\r\n\x1b" + "b" * 60) == "a\\r\\n\\x1b" + "b" * 36
