"""Numbers, sums and dates are written as each language writes them."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.basics.periods import Month
from core.wording import catalogs
from core.wording.formats import Formats, formats
from core.wording.segments import count
from core.wording.texts import TEXTS

FORMATS = {
    language: formats(catalog)
    for language, catalog in catalogs.load(Path(__file__).parents[3] / "locales", TEXTS).items()
}
RU, EN = FORMATS["ru"], FORMATS["en"]


@pytest.mark.parametrize(
    ("minor", "ru", "en"),
    [
        (0, "0,00", "0.00"),
        (5, "0,05", "0.05"),
        (-5, "-0,05", "-0.05"),
        (105440, "1054,40", "1054.40"),
        (-8300, "-83,00", "-83.00"),
        (999_999_999, "9999999,99", "9999999.99"),
    ],
)
def test_sums(minor: int, ru: str, en: str) -> None:
    assert (RU.money(minor), EN.money(minor)) == (ru, en)


@pytest.mark.parametrize(
    ("milli", "ru", "en"),
    [
        (0, "0", "0"),
        (187_000, "187", "187"),
        (-187_000, "-187", "-187"),
        (12_500, "12,5", "12.5"),
        (12_050, "12,05", "12.05"),
        (1, "0,001", "0.001"),
        (-1_500, "-1,5", "-1.5"),
    ],
)
def test_volumes(milli: int, ru: str, en: str) -> None:
    assert (RU.volume(milli), EN.volume(milli)) == (ru, en)


@pytest.mark.parametrize(
    ("micro", "ru"),
    [(3_320_000, "3,32"), (5_000_000, "5,00"), (5_123_400, "5,1234"), (1, "0,000001"), (100_000, "0,10")],
)
def test_rates(micro: int, ru: str) -> None:
    assert RU.rate(micro) == ru


def test_days() -> None:
    day = date(2025, 11, 5)
    assert (RU.day(day), EN.day(day)) == ("05.11", "5 Nov")
    assert (RU.full_day(day), EN.full_day(day)) == ("05.11.2025", "5 Nov 2025")
    assert (RU.span((15, 25), Month(2025, 11)), EN.span((15, 25), Month(2025, 11))) == ("15-25.11", "15-25 Nov")
    assert (RU.day(date(2024, 2, 29)), EN.day(date(2024, 2, 29))) == ("29.02", "29 Feb")


def test_months() -> None:
    months = [Month(2025, number) for number in range(1, 13)]
    assert " ".join(map(RU.month, months)) == "янв фев мар апр май июн июл авг сен окт ноя дек"
    assert " ".join(map(EN.month, months)) == "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
    assert (RU.full_month(months[10]), EN.full_month(months[10])) == ("ноябрь", "November")
    assert (RU.short_year(Month(2024, 12)), EN.short_year(Month(2005, 1))) == ("дек24", "Jan05")


@given(st.integers(-(10**12), 10**12), st.sampled_from(sorted(FORMATS)))
def test_a_sum_reads_back_to_the_kopeck(minor: int, language: str) -> None:
    written = FORMATS[language].money(minor)
    assert Decimal(written.replace(",", ".")) == Decimal(minor) / 100
    assert count(written).encoding == "GSM-7"


@given(st.integers(-(10**12), 10**12), st.sampled_from(sorted(FORMATS)))
def test_a_volume_reads_back_to_the_thousandth(milli: int, language: str) -> None:
    written = FORMATS[language].volume(milli)
    assert Decimal(written.replace(",", ".")) == Decimal(milli) / 1000
    assert not written.endswith((",", ".", ",0", ".0"))


@pytest.mark.parametrize("language", sorted(FORMATS))
def test_no_two_days_of_a_year_look_alike(language: str) -> None:
    written: Formats = FORMATS[language]
    days = [date(2024, 1, 1) + timedelta(number) for number in range(366)]
    assert len({written.day(day) for day in days}) == 366
