"""Single cells: what each kind takes, and what it says of the rest."""

import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.accounts.model import Role
from core.basics.periods import Month
from core.importing import cells
from core.importing.cells import Unreadable

TODAY = date(2025, 11, 21)


@pytest.mark.parametrize(
    ("text", "kopecks"),
    [
        ("0", 0),
        ("431.60", 43160),
        ("431,6", 43160),
        ("1054", 105400),
        ("-12.40", -1240),
        ("+5", 500),
        ("1 234 567,89", 123456789),
        ("1\u00a0234,50", 123450),
        ("20\u202f000", 2000000),
        ("9999999999.99", 999999999999),
        ("0.01", 1),
    ],
)
def test_money(text: str, kopecks: int) -> None:
    assert cells.money(text) == kopecks


@pytest.mark.parametrize(
    "text",
    [
        "NaN", "nan", "Infinity", "-inf", "1e5", "1E5", "0x10", "1_000", "1,234.56", "1.234,56", "1,234", "12 34",
        "1 23", "10.001", ".5", "5.", "--5", "- 5", "5-", "=5", "5 р.", "₽5", "٣", "１２", "10000000000", "", " ",
        "1\n2",
    ],
)  # fmt: skip
def test_money_that_is_none(text: str) -> None:
    with pytest.raises(Unreadable):
        cells.money(text)


@given(st.integers(-(10**12) + 1, 10**12 - 1), st.sampled_from(".,"))
def test_money_is_exact(kopecks: int, mark: str) -> None:
    text = f"{Decimal(kopecks).scaleb(-2):.2f}".replace(".", mark)
    assert cells.money(text) == kopecks


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+79781234567", "+79781234567"),
        ("8 978 123-45-67", "+79781234567"),
        ("8(978)1234567", "+79781234567"),
        ("89781234567", "+79781234567"),
        ("9781234567", "+79781234567"),
        ("79781234567", "+79781234567"),
        ("+7 (978) 123 45 67", "+79781234567"),
        ("+7\u00a0978\u2011123\u201145\u201167", "+79781234567"),
        ("8 3652 12-34-56", "+73652123456"),
        ("8 701 123 45 67", "+77011234567"),
        ("+380501234567", "+380501234567"),
        ("+1 202 555 0123", "+12025550123"),
    ],
)
def test_phone(text: str, number: str) -> None:
    assert cells.phone(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "", "123", "8978123456", "897812345678", "+7978", "+7 123 456 78 90", "phone", "8978CALLNOW",
        "+79781234567 доб. 12", "=+79781234567", "+7978123456７", "++79781234567", "+79781234567,+79781234568",
        "8" * 40,
    ],
)  # fmt: skip
def test_phone_that_is_none(text: str) -> None:
    with pytest.raises(Unreadable, match="not a telephone number"):
        cells.phone(text)


def test_the_short_way_agrees_with_phonenumbers() -> None:
    """Russian mobile numbers are told by their first digits; every such beginning, each with some numbers."""
    chance = random.Random(7)
    for code in range(900, 1000):
        for _ in range(3):
            text = f"8{code}{chance.randrange(10**7):07d}"
            number = phonenumbers.parse(text, "RU")
            expected = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            if phonenumbers.is_valid_number(number):
                assert cells.phone(text) == expected
            else:
                with pytest.raises(Unreadable):
                    cells.phone(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [("0012345", "0012345"), ("ра07-12345", "РА07-12345"), ("a/1-b", "A/1-B"), ("ё1", "Ё1"), ("9" * 20, "9" * 20)],
)
def test_code(text: str, found: str) -> None:
    assert cells.code(text) == found


@pytest.mark.parametrize(
    "text", ["", "12 34", "1.23E+11", "9" * 21, "ß1", "№5", "'0012", "0012\u200b", "=A1", "i̇1", "１２"]
)
def test_code_that_is_none(text: str) -> None:
    with pytest.raises(Unreadable):
        cells.code(text)


@pytest.mark.parametrize("text", ["2025-10-31", "31.10.2025"])
def test_day(text: str) -> None:
    assert cells.day(text) == date(2025, 10, 31)


@pytest.mark.parametrize(
    "text",
    ["31/10/2025", "10-31-2025", "2025-02-29", "2025-13-01", "1.10.2025", "31.10.25", "2025-10-31T00:00", "0001-01-01",
     "1989-12-31", "2100-01-01", "٢٠٢٥-١٠-٣١", "today", "45961", "00.00.0000"],
)  # fmt: skip
def test_day_that_is_none(text: str) -> None:
    with pytest.raises(Unreadable):
        cells.day(text)


def test_today_is_past_and_tomorrow_is_not() -> None:
    assert cells.past_day("2025-11-21", TODAY) == TODAY
    with pytest.raises(Unreadable, match="future"):
        cells.past_day("2025-11-22", TODAY)


@pytest.mark.parametrize("text", ["2025-10", "10.2025"])
def test_month(text: str) -> None:
    assert cells.month(text) == Month(2025, 10)


@pytest.mark.parametrize("text", ["2025", "2025-13", "00.2025", "2025-1", "2025-10-01", "окт 2025", "1900-01"])
def test_month_that_is_none(text: str) -> None:
    with pytest.raises(Unreadable):
        cells.month(text)


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("total", ("total",)),
        ("Общий", ("total",)),
        ("day/night", ("day", "night")),
        ("T1 / T2", ("day", "night")),
        ("Т1/Т2", ("day", "night")),
        ("День/Ночь", ("day", "night")),
        ("t1/t2/t3", ("peak", "halfpeak", "night")),
        ("т1/т2/т3", ("peak", "halfpeak", "night")),
        ("peak/halfpeak/night", ("peak", "halfpeak", "night")),
        ("пик/полупик/ночь", ("peak", "halfpeak", "night")),
    ],
)
def test_registers(text: str, zones: tuple[str, ...]) -> None:
    assert cells.registers(text) == zones


@pytest.mark.parametrize(
    "text", ["night/day", "t2/t1", "day", "day/day", "t1/t2/t3/t4", "day,night", "/", "total/total"]
)
def test_registers_that_are_none(text: str) -> None:
    with pytest.raises(Unreadable):
        cells.registers(text)


@pytest.mark.parametrize(
    ("text", "registers", "digits", "fraction", "values"),
    [
        ("04325", 1, 5, 0, (4325000,)),
        ("99999", 1, 5, 0, (99999000,)),
        ("0004325", 1, 5, 0, (4325000,)),
        ("4325.0", 1, 5, 0, (4325000,)),
        ("12,345", 1, 5, 3, (12345,)),
        ("12.3 / 6", 2, 5, 1, (12300, 6000)),
        ("1/2/3", 3, 3, 0, (1000, 2000, 3000)),
        ("999999999.999", 1, 9, 3, (999999999999,)),
    ],
)
def test_counts(text: str, registers: int, digits: int, fraction: int, values: tuple[int, ...]) -> None:
    assert cells.counts(text, registers=registers, digits=digits, fraction=fraction) == values


@pytest.mark.parametrize(
    ("text", "registers", "reason"),
    [
        ("100000", 1, "more digits"),
        ("1.5", 1, "more decimals"),
        ("1.2345", 1, "not a count"),
        ("-1", 1, "not a count"),
        ("1e3", 1, "not a count"),
        ("NaN", 1, "not a count"),
        ("1", 2, "1 value"),
        ("1/2", 1, "2 value"),
        ("1/", 2, "not a count"),
        ("", 1, "not a count"),
    ],
)
def test_counts_that_are_none(text: str, registers: int, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        cells.counts(text, registers=registers, digits=5, fraction=0)


@pytest.mark.parametrize(
    ("text", "number"), [("1", 1000), ("60", 60000), ("7,5", 7500), ("0.001", 1), ("1.500000", 1500)]
)
def test_positive(text: str, number: int) -> None:
    assert cells.positive(text) == number


@pytest.mark.parametrize("text", ["0", "0.000", "-1", "1e2", "0.0001", "1000000000", "inf"])
def test_positive_that_is_none(text: str) -> None:
    with pytest.raises(Unreadable):
        cells.positive(text)


@pytest.mark.parametrize("text", ["../../etc/passwd", "/etc/localtime", "", "Europe", "europe/moscow", "MSK", "UTC+3"])
def test_time_zone_that_is_none(text: str) -> None:
    with pytest.raises(Unreadable):
        cells.timezone(text)


def test_names_in_both_languages() -> None:
    assert (cells.kind("Физ"), cells.kind("organisation")) == ("household", "organisation")
    assert (cells.service("ХВС"), cells.service("electricity")) == ("cold_water", "electricity")
    assert (cells.role("Собственник"), cells.role("tenant")) == (Role.OWNER, Role.TENANT)
    assert (cells.language("EN"), cells.plan("ru-flat")) == ("en", "RU-FLAT")
    assert cells.timezone("Europe/Simferopol") == "Europe/Simferopol"
    assert cells.words(" Пётр \n\t  Ильи\u0306ч ") == "Пётр Ильйч"
    assert cells.whole("99", 0, 99) == 99


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (cells.kind, "person"), (cells.service, "internet"), (cells.role, "admin"), (cells.language, "de"),
        (cells.plan, "ПЛАН"), (cells.plan, "A" * 33), (cells.plan, "A B"),
    ],
)  # fmt: skip
def test_names_that_are_none(parse: Callable[[str], object], text: str) -> None:
    with pytest.raises(Unreadable):
        parse(text)


@pytest.mark.parametrize(
    ("text", "parts"), [("a;b", ("a", "b")), ("a | b", ("a", "b")), ("a;", ("a",)), ("a;;b", ("a", "", "b"))]
)
def test_items(text: str, parts: tuple[str, ...]) -> None:
    assert cells.items(text) == parts


PARSERS: tuple[Callable[[str], object], ...] = (
    cells.code, cells.plan, cells.words, cells.positive, cells.money, cells.day, cells.month, cells.timezone,
    cells.language, cells.kind, cells.service, cells.role, cells.registers, cells.phone, cells.items,
    lambda text: cells.whole(text, 0, 99), lambda text: cells.counts(text, registers=2, digits=5, fraction=1),
)  # fmt: skip


@pytest.mark.parametrize("parse", PARSERS)
@given(text=st.text(max_size=30) | st.from_regex(r"[0-9+\-., /;eEnNaA]{0,20}", fullmatch=True))
def test_a_cell_is_read_or_refused(parse: Callable[[str], object], text: str) -> None:
    try:
        parse(text)
    except Unreadable as error:
        told = (error.reason, error.expected)
    else:
        told = ("read", "as it is")
    assert all(told)
