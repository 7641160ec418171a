"""What stands on record is told: accounts and their names, readings, payments, the bill, how to pay, the forecast."""

from dataclasses import replace
from datetime import date

import asyncpg
import pytest

from core.accounts import sql as accounts
from core.basics.periods import Month
from core.billing import actions as billing
from core.billing.sql import PaymentRow
from tests import make
from tests.flows.conftest import Street, street
from tests.make import A, M

HERO, ENGLISH, TWO, HELPER = "+79780001705", "+79780001706", "+79780001720", "+79780001721"
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)


@pytest.fixture
async def hero(company: asyncpg.Connection) -> int:
    return await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"),), claims=OCTOBER))


@pytest.fixture
async def english(company: asyncpg.Connection) -> int:
    made = A("100004407", (M("0098766"),), ((ENGLISH, "owner"),), claims=OCTOBER, language="en")
    return await make.account(company, made)


@pytest.fixture
async def two(company: asyncpg.Connection) -> tuple[int, int]:
    """A phone that owns one account and helps with another."""
    first = A("100001111", (M("11"),), ((TWO, "owner"),), claims=OCTOBER)
    second = A("100002222", (M("22"),), ((TWO, "helper"),), claims=OCTOBER)
    return await make.account(company, first), await make.account(company, second)


async def test_sums_without_a_tariff_are_told_later(town: Street, company: asyncpg.Connection) -> None:
    made = A("100004321", (M("0098765", tariff="NONE"),), ((HERO, "owner"),), claims=OCTOBER)
    await make.account(company, made)
    assert (await town.text(HERO, "04512")) == ["Принято 04512 (+187). Сумму сообщим позже: уточняем тариф"]
    for text in ("долг", "почему", "прогноз", "оплатить"):
        assert await town.text(HERO, text) == ["Сумму сообщим позже: уточняем тариф"]


async def names(town: Street) -> list[str | None]:
    return [row[0] for row in await town.pool.fetch("select name from links order by account_id")]


async def pay(town: Street, company: asyncpg.Connection, account: int, *paid: tuple[date, int]) -> None:
    rows = [
        PaymentRow(account, None, "", "bank", f"p-{account}-{no}", on, amount) for no, (on, amount) in enumerate(paid)
    ]
    await billing.post_payments(company, rows, at=town.clock.at)


async def test_accounts_are_listed_and_named(town: Street, two: tuple[int, int]) -> None:
    assert await town.text(TWO, "МОИ ЛС") == ["Ваши л/с: 1 ..1111 владелец, 2 ..2222 помощник. Назвать: ИМЯ 1 ДАЧА"]
    assert await town.text(TWO, "ИМЯ 2 Мама") == ["Л/с ..2222 теперь зовётся Мама. Список: МОИ ЛС"]
    (listed,) = await town.text(TWO, "МОИ ЛС")
    assert "2 Мама ..2222" in listed
    (asked,) = await town.text(TWO, "04512")
    assert "1 ..1111 2 Мама" in asked
    assert await names(town) == [None, "Мама"]


async def test_a_name_belongs_to_the_phone_that_gave_it(town: Street, hero: int, company: asyncpg.Connection) -> None:
    customer = await company.fetchval("select customer_id from accounts where id = $1", hero)
    await make.link(company, hero, customer, HELPER, "helper")
    await town.text(HERO, "ИМЯ 1 Дом")
    assert await town.text(HELPER, "МОИ ЛС") == ["Ваши л/с: 1 ..4321 помощник. Назвать: ИМЯ 1 ДАЧА"]


async def test_a_name_may_be_in_any_script(town: Street, english: int) -> None:
    for name in ("Home", "Café Ö", "Ёлка", "家", "मेरा घर", "بيت", "Дом №2 🏡"):
        (named,) = await town.text(ENGLISH, f"NAME 1 {name}")
        assert name in named
        assert await town.pool.fetchval("select name from links") == name


async def test_names_that_mislead_are_refused(town: Street, two: tuple[int, int]) -> None:
    await town.text(TWO, "ИМЯ 1 Дача")
    refused = {
        "ИМЯ 2 дача": "уже у другого",
        "ИМЯ 2 12345": "спутать",
        "ИМЯ 2 ДОЛГ": "спутать",
        "ИМЯ 2 СТОП": "спутать",
        "ИМЯ 2 Тринадцать 123": "длиннее 12",
        "ИМЯ 3 Мама": "1 Дача 2 ..2222. Назвать: ИМЯ 2 ДОМ",
        "ИМЯ 2": "Назвать: ИМЯ 2 ДОМ",
        "ИМЯ": "Назвать: ИМЯ 2 ДОМ",
    }
    for said, why in refused.items():
        (told,) = await town.text(TWO, said)
        assert why in told, said
        assert "ИМЯ 2 " in told
    assert await names(town) == ["Дача", None]


async def test_a_name_without_a_number_is_asked_about(town: Street, two: tuple[int, int]) -> None:
    (asked,) = await town.text(TWO, "ИМЯ Мама")
    assert "1 ..1111 2 ..2222" in asked
    (named,) = await town.text(TWO, "2")
    assert named == "Л/с ..2222 теперь зовётся Мама. Список: МОИ ЛС"
    (again,) = await town.text(TWO, "ИМЯ 1111 Дача")
    assert "..1111 теперь зовётся Дача" in again
    await town.text(TWO, "1")
    assert await names(town) == ["Дача", "Мама"]


async def test_the_last_readings(town: Street, hero: int, english: int) -> None:
    await town.text(HERO, "04512")
    assert await town.text(HERO, "ИСТОРИЯ") == [
        "Показания: 04512 на 21.11, 04325 на 31.10, 04138 на 30.09"
    ]  # fmt: skip
    assert await town.text(ENGLISH, "HISTORY") == [
        "Readings: 04325 on 31 Oct, 04138 on 30 Sep, 03951 on 31 Aug, 03764 on 31 Jul."
    ]
    (before,) = await town.text(HERO, "история за август")
    assert before == "Показания: 03951 на 31.08, 03764 на 31.07, 03577 на 30.06"
    await town.text(HERO, "ОТМ")
    (after,) = await town.text(HERO, "ИСТОРИЯ")
    assert "04512" not in after, "what was taken back is no reading"


async def test_the_readings_of_zones_and_of_several_meters(town: Street, company: asyncpg.Connection) -> None:
    zoned = M("31", ("5600", "2450"), ("day", "night"), "RU-DN", usual=("180", "90"))
    await make.account(company, A("100003111", (zoned,), (("+79780001731", "owner"),)))
    (told,) = await town.text("+79780001731", "ИСТОРИЯ")
    assert told.startswith("Показания день/ночь: 05600/02450 на 31.10, 05420/02360 на 30.09")
    await make.account(company, A("100003112", (M("3208"), M("3209")), (("+79780001732", "owner"),)))
    (several,) = await town.text("+79780001732", "ИСТОРИЯ")
    assert "*3208 04325 на 31.10" in several
    assert "*3209 04325 на 31.10" in several


async def test_the_last_payments(town: Street, hero: int, english: int, company: asyncpg.Connection) -> None:
    assert await town.text(HERO, "ПЛАТЕЖИ") == ["Оплат пока не поступало"]
    paid = tuple((date(2025, month, 9), 43000 + month) for month in range(6, 12))
    await pay(town, company, hero, *paid, (date(2025, 11, 12), -100))
    await pay(town, company, english, (date(2024, 3, 5), 40000))
    assert await town.text(HERO, "ПЛАТЕЖИ") == ["Оплаты: 12.11 -1,00, 09.11 430,11, 09.10 430,10, 09.09 430,09"]
    assert await town.text(HERO, "платежи август") == ["Оплаты: 09.08 430,08, 09.07 430,07, 09.06 430,06"]
    assert await town.text(ENGLISH, "PAYMENTS") == ["Payments: 5 Mar 2024 400.00."]


async def test_the_last_bill(town: Street, hero: int, english: int, company: asyncpg.Connection) -> None:
    assert await town.text(HERO, "СЧЕТ") == ["Счёт окт: 431,60 р. Не оплачено 431,60, срок был 10.11"]
    await pay(town, company, hero, (date(2025, 11, 20), 23160))
    assert await town.text(HERO, "СЧЕТ") == ["Счёт окт: 431,60 р. Не оплачено 200,00, срок был 10.11"]
    await pay(town, company, english, (date(2025, 11, 20), 43160))
    assert await town.text(ENGLISH, "BILL") == ["Bill Oct: 431.60. Paid."]
    assert await town.text(ENGLISH, "bill sep") == ["There is no bill of Sep25."]


async def test_a_corrected_bill(town: Street, hero: int, company: asyncpg.Connection) -> None:
    due = date(2025, 12, 10)
    await billing.close_month(company, Month(2025, 11), issued_on=date(2025, 12, 2), due_on=due, at=town.clock.at)
    town.clock.forward(days=12)
    (bill,) = await town.text(HERO, "СЧЕТ")
    assert bill.startswith("Счёт ноя: 610,88 р. Оплатить 610,88 до 10.12"), bill
    assert (await town.text(HERO, "счет за октябрь"))[0].startswith("Счёт окт: 431,60")
    (taken,) = await town.text(HERO, "04500 на 30.11")
    assert "Пересчёт -29,88" in taken
    town.clock.forward(days=28)
    january = date(2026, 1, 10)
    await billing.close_month(company, Month(2025, 12), issued_on=date(2026, 1, 1), due_on=january, at=town.clock.at)
    (corrected,) = await town.text(HERO, "счет за ноябрь")
    assert corrected == "Счёт ноя: 610,88 р. Пересчёт -29,88. Не оплачено 581,00 (до 10.12)"


async def test_how_to_pay(town: Street, hero: int, english: int, company: asyncpg.Connection) -> None:
    assert await town.text(HERO, "ОПЛАТИТЬ") == ["К оплате 431,60 р., всё это долг. Как платить - на счёте. Л/с ..4321"]
    await pay(town, company, english, (date(2025, 11, 20), 43160))
    assert await town.text(ENGLISH, "PAY") == ["Nothing to pay."]


async def test_where_to_pay_is_what_the_company_says(
    company: asyncpg.Connection, hero: int, english: int, database: str, pool: asyncpg.Pool
) -> None:
    profile = await accounts.company(company)
    assert profile is not None
    await accounts.set_company(company, replace(profile, pay="Сбер, Госуслуги, касса"))
    async with street(database, pool) as town:
        paid = "К оплате 431,60 р., всё это долг. Сбер, Госуслуги, касса. Л/с ..4321"
        assert await town.text(HERO, "ОПЛАТИТЬ") == [paid]
        assert await town.text(ENGLISH, "PAY") == ["To pay 431.60. Сбер, Госуслуги, касса. Account ..4407."]


async def test_the_forecast(town: Street, hero: int, english: int) -> None:
    """As last November; the bounds are a month of 31 days and one of 28."""
    assert await town.text(HERO, "ПРОГНОЗ") == ["Прогноз ноя: 187 кВтч (181-200), 621 р. (601-664). По 12 мес."]
    (told,) = await town.text(ENGLISH, "FORECAST")
    assert told.startswith("Forecast Nov: 187 kWh (181-200), 621 (601-664). By 12 past months.")
    await town.text(HERO, "04512")
    (after,) = await town.text(HERO, "ПРОГНОЗ")
    assert after.startswith("Прогноз ноя: 243 кВтч (241-247)"), "187 are read, nine days are left"


async def test_little_history_foretells_nothing(town: Street, company: asyncpg.Connection) -> None:
    new = M("41", readings=("00300",), usual=("150",))
    await make.account(company, A("100004111", (new,), ((HERO, "owner"),)))
    assert await town.text(HERO, "ПРОГНОЗ") == ["Мало данных для прогноза: есть 2 мес., нужно 3"]


@pytest.mark.parametrize("said", ["ИСТОРИЯ", "ПЛАТЕЖИ", "СЧЕТ", "ОПЛАТИТЬ", "ПРОГНОЗ"])
async def test_of_several_accounts_it_is_asked(town: Street, company: asyncpg.Connection, said: str) -> None:
    await make.account(company, A("100001111", (M("11"),), ((TWO, "owner"),), claims=OCTOBER, names=("Дача",)))
    await make.account(company, A("100002222", (M("22"),), ((TWO, "payer"),), claims=OCTOBER))
    (asked,) = await town.text(TWO, said)
    assert asked == "Какой л/с? 1 Дача 2 ..2222"
    (told,) = await town.text(TWO, "2")
    assert "..2222" in told
    (named,) = await town.text(TWO, f"{said} 100001111")
    assert named.startswith("Дача: ") or "..1111" in named
    assert await town.pool.fetchval("select count(*) from questions") == 0


async def test_the_month_that_was_named_is_kept_with_the_question(town: Street, company: asyncpg.Connection) -> None:
    await make.account(company, A("100001111", (M("11"),), ((TWO, "owner"),), claims=OCTOBER))
    await make.account(company, A("100002222", (M("22"),), ((TWO, "owner"),), claims=OCTOBER))
    await town.text(TWO, "счет за сентябрь")
    assert await town.text(TWO, "1") == ["..1111: счёта за сен25 нет"]


@pytest.mark.parametrize("said", ["ИСТОРИЯ", "ПЛАТЕЖИ", "СЧЕТ", "ОПЛАТИТЬ", "ПРОГНОЗ"])
async def test_a_helper_sees_none_of_it(
    town: Street, two: tuple[int, int], company: asyncpg.Connection, said: str
) -> None:
    customer = await company.fetchval("select customer_id from accounts where id = $1", two[1])
    await make.link(company, two[1], customer, HELPER, "helper")
    (refused,) = await town.text(HELPER, said)
    assert "431" not in refused
    assert "04325" not in refused
    (own,) = await town.text(TWO, said)
    assert "2222" not in own, "of two accounts only one may be looked at, and nothing is asked"
    (other,) = await town.text(TWO, f"{said} 100002222")
    assert other == refused


ASKED = [
    ("ИСТОРИЯ", "HISTORY"),
    ("ПЛАТЕЖИ", "PAYMENTS"),
    ("СЧЕТ", "BILL"),
    ("ОПЛАТИТЬ", "PAY"),
    ("ПРОГНОЗ", "FORECAST"),
    ("ПОЧЕМУ", "WHY"),
]


@pytest.mark.parametrize(("ru", "en"), ASKED)
async def test_an_account_that_is_not_linked(town: Street, hero: int, english: int, ru: str, en: str) -> None:  # R32
    """Whether there is one, and what is owed on it, is told to nobody else."""
    for number in ("100004407", "100009999"):
        told = f"К этому номеру л/с {number} не привязан. Ваши: МОИ ЛС"
        assert await town.text(HERO, f"{ru} {number}") == [told]
    for number in ("100004321", "100009999"):
        told = f"Account {number} is not linked to this phone. Yours: ACCOUNTS"
        assert await town.text(ENGLISH, f"{en} {number}") == [told]


NOTHING_YET = {
    "ИСТОРИЯ": "Показаний пока нет. Пришлите первое: цифры до запятой",
    "ПЛАТЕЖИ": "Оплат пока не поступало",
    "СЧЕТ": "Счетов пока нет",
    "ОПЛАТИТЬ": "Долга нет, платить не нужно",
    "ПРОГНОЗ": "На вашем л/с нет счётчика, показание не нужно",
    "ПОЧЕМУ": "Долга нет, платить не нужно",
    "ДОЛГ": "Долга нет, платить не нужно",
}


async def test_where_nothing_is_on_record(town: Street, company: asyncpg.Connection) -> None:
    await make.account(company, A("100004112", (), ((HERO, "owner"),)), billed=False)
    for said, told in NOTHING_YET.items():
        assert await town.text(HERO, said) == [told], said
