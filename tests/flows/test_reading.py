"""A texted reading gets the debt (journeys J2, J3 and the SMS part of J4)."""

from datetime import date

import asyncpg
import pytest

from core.basics.periods import Month
from core.billing import actions as billing
from core.billing.sql import PaymentRow
from core.store.pool import acquire
from tests import make
from tests.flows.conftest import Street
from tests.make import A, M

HERO, ENGLISH = "+79780001705", "+79780001706"
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)


@pytest.fixture
async def hero(company: asyncpg.Connection) -> int:
    return await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"),), claims=OCTOBER))


@pytest.fixture
async def english(company: asyncpg.Connection) -> int:
    made = A("100004407", (M("0098766"),), ((ENGLISH, "owner"),), claims=OCTOBER, language="en")
    return await make.account(company, made)


async def test_reading_gets_the_debt_and_undo_takes_it_back(town: Street, hero: int) -> None:
    assert await town.text(HERO, "04512") == ["Принято 04512 (+187). К оплате 1052,44 р., из них долг 431,60"]
    (undone,) = await town.text(HERO, "ОТМ")
    assert "04512" in undone
    assert "04325" in undone
    assert "31.10" in undone
    (again,) = await town.text(HERO, "отм")
    assert again != undone
    assert "431,60" in (await town.text(HERO, "долг"))[0]
    rows = await town.pool.fetch("select value from readings where account_id = $1 and inbox_id is not null", hero)
    assert len(rows) == 1, "what was taken back stays on record"


async def test_the_same_in_english(town: Street, english: int) -> None:
    (accepted,) = await town.text(ENGLISH, "04512")
    assert accepted.startswith("Accepted 04512 (+187 kWh). To pay 1052.44, of which overdue 431.60.")
    (why,) = await town.text(ENGLISH, "WHY")
    assert "187x3.32=620.84" in why
    assert "1052.44" in why
    (undone,) = await town.text(ENGLISH, "UNDO")
    assert "04325" in undone


async def test_balance_and_why_show_the_parts(town: Street, hero: int) -> None:
    await town.text(HERO, "04512")
    for question in ("долг", "ДОЛГ?", "ljku", "БАЛАНС"):
        (told,) = await town.text(HERO, question)
        assert "1052,44" in told
        assert "431,60" in told
        assert "620,84" in told
    (why,) = await town.text(HERO, "ПОЧЕМУ")
    assert "187x3,32=620,84" in why.replace(" ", "")
    assert "1052,44" in why


async def test_correction_replaces_the_reading_of_the_day(town: Street, hero: int) -> None:
    await town.text(HERO, "04512")
    (corrected,) = await town.text(HERO, "04500")
    assert "04500" in corrected
    assert "04512" in corrected
    assert "1012,60" in corrected  # 431.60 + 175 x 3.32
    (undone,) = await town.text(HERO, "ОТМ")
    assert "04512" in undone.split("04500")[1], "after a correction the one before holds again"  # ruling 8
    assert "1052,44" in (await town.text(HERO, "долг"))[0]


async def test_bad_readings_are_explained_and_not_stored(town: Street, hero: int) -> None:
    (lower,) = await town.text(HERO, "04112")
    assert lower == "Не принято: 04112 меньше прошлого 04325 (31.10). Пришлите ещё раз"
    (impossible,) = await town.text(HERO, "45120")
    assert "45120" in impossible
    assert "04512" in impossible
    (unusual,) = await town.text(HERO, "04912")
    assert "587" in unusual
    assert "04912" in unusual
    (odd,) = await town.text(HERO, "45х2")
    assert "45х2" in odd
    stored = "select count(*) from readings where account_id = $1 and inbox_id is not null"
    assert await town.pool.fetchval(stored, hero) == 0
    (taken,) = await town.text(HERO, "45О2".replace("45", "04"))
    assert taken.startswith("Не принято") or taken.startswith("Принято")


async def test_a_yes_accepts_the_one_number_that_was_named(town: Street, hero: int) -> None:
    await town.text(HERO, "45120")
    (accepted,) = await town.text(HERO, "ДА")
    assert accepted.startswith("Принято 04512 (+187)")
    assert await town.pool.fetchval("select max(value) from readings where account_id = $1", hero) == 4512


async def test_an_unusual_reading_is_taken_on_yes_and_shown_to_the_staff(town: Street, hero: int) -> None:
    await town.text(HERO, "04912")
    (accepted,) = await town.text(HERO, "да")
    assert "04912" in accepted
    assert await town.pool.fetchval("select count(*) from alarms where kind = 'unusual reading'") == 1


async def test_any_new_number_replaces_the_question(town: Street, hero: int) -> None:
    await town.text(HERO, "45120")
    (accepted,) = await town.text(HERO, "04510")
    assert accepted.startswith("Принято 04510")
    (after,) = await town.text(HERO, "ДА")
    assert "04512" not in after


async def test_rollover_is_accepted_silently(town: Street, company: asyncpg.Connection) -> None:
    meter = M("0098767", readings=("99990",), usual=("22",))
    await make.account(company, A("100004500", (meter,), (("+79780001710", "owner"),)))
    (accepted,) = await town.text("+79780001710", "00012")
    assert "00012" in accepted
    assert "+22" in accepted


async def test_who_pays_what_was_told_owes_nothing(town: Street, hero: int, company: asyncpg.Connection) -> None:
    await town.text(HERO, "04512")
    paid = PaymentRow(hero, None, "100004321", "bank", "p-1", date(2025, 11, 21), 105244)
    await billing.post_payments(company, [paid], at=town.clock.at)
    (told,) = await town.text(HERO, "долг")
    assert "долга нет" in told.lower() or "0,00" in told or "нет" in told.lower()
    (again,) = await town.text(HERO, "04512")
    assert "1052" not in again
    assert (await town.audit())["balance_differs"] == 0


async def test_a_reading_after_the_bill_says_what_it_changes(
    town: Street, hero: int, company: asyncpg.Connection
) -> None:
    due = date(2025, 12, 10)
    await billing.close_month(company, Month(2025, 11), issued_on=date(2025, 12, 2), due_on=due, at=town.clock.at)
    town.clock.forward(days=12)
    (told,) = await town.text(HERO, "04512")
    assert "Пересчёт" in told or "прогноз" in told.lower()
    states = "select count(*) from account_states where account_id = $1 and balance > 43160"
    assert await town.pool.fetchval(states, hero) == 1


async def test_three_refusals_in_a_row_bring_a_person(town: Street, hero: int) -> None:
    answers = [(await town.text(HERO, number))[0] for number in ("04112", "04113", "04114")]
    assert answers[0] != answers[2]
    assert await town.pool.fetchval("select count(*) from alarms where kind = 'readings refused'") == 1


async def test_several_accounts_are_asked_for(town: Street, company: asyncpg.Connection) -> None:
    phone = "+79780001720"
    first = await make.account(company, A("100001111", (M("11"),), ((phone, "owner"),), names=("Дача",)))
    second = await make.account(company, A("100002222", (M("22"),), ((phone, "helper"),)))
    (asked,) = await town.text(phone, "04512")
    assert "1 Дача" in asked
    assert "2 ..2222" in asked
    (accepted,) = await town.text(phone, "2")
    assert "04512" in accepted
    assert "р." not in accepted, "a helper submits, and sees no sums"
    where = "select account_id from readings where inbox_id is not null"
    assert await town.pool.fetchval(where) == second != first


async def test_taking_back_a_correction_of_another_day(town: Street, hero: int) -> None:
    await town.text(HERO, "04512")
    town.clock.forward(days=1)
    (corrected,) = await town.text(HERO, "04510 на 21.11")
    assert "04510" in corrected
    (undone,) = await town.text(HERO, "ОТМ")
    assert "04510" in undone
    assert "1052,44" in (await town.text(HERO, "долг"))[0], "the reading of that day holds again"
    state = "select registers::text from account_states where account_id = $1"
    before = await town.pool.fetchval(state, hero)
    async with acquire(town.pool) as conn:
        assert await billing.rebuild(conn, [hero]) == 0, before


async def test_an_unverified_meter_is_recorded_and_not_charged_by(town: Street, company: asyncpg.Connection) -> None:
    meter = M("0098768", verified_until=date(2025, 10, 1))
    account = await make.account(company, A("100004600", (meter,), (("+79780001711", "owner"),)))
    (recorded,) = await town.text("+79780001711", "04512")
    assert "04512" in recorded
    assert "620,84" not in recorded
    (again,) = await town.text("+79780001711", "04512")
    assert again != recorded
    assert await town.pool.fetchval("select count(*) from readings where inbox_id is not null") == 1
    async with acquire(town.pool) as conn:
        assert await billing.rebuild(conn, [account]) == 0


async def test_the_question_for_the_account_can_be_asked_anew(town: Street, company: asyncpg.Connection) -> None:
    phone = "+79780001730"
    for number, serial in (("100003331", "31"), ("100003332", "32")):
        await make.account(company, A(number, (M(serial),), ((phone, "owner"),)))
    await town.text(phone, "04510")
    (asked,) = await town.text(phone, "04512")
    assert "04512" in asked
    (accepted,) = await town.text(phone, "1")
    assert "принято 04512" in accepted.lower()


async def test_what_was_paid_ahead_is_among_the_sums(town: Street, hero: int, company: asyncpg.Connection) -> None:
    await town.text(HERO, "04512")
    paid = PaymentRow(hero, None, "100004321", "bank", "p-2", date(2025, 11, 21), 105000)
    await billing.post_payments(company, [paid], at=town.clock.at)
    (told,) = await town.text(HERO, "долг")
    assert told == "К оплате 2,44 до 10.12: ноя 620,84 (187 x 3,32) - аванс 618,40"
    (why,) = await town.text(HERO, "ПОЧЕМУ")
    assert why == "Ноя: 187x3,32=620,84; аванс -618,40. Всего 2,44 р."


async def test_a_bill_takes_in_what_was_told_before_it(town: Street, company: asyncpg.Connection) -> None:
    """An account that was never billed owes at least as much once its months are closed."""
    phone = "+79780001731"
    made = A("100003333", (M("33", months=2),), ((phone, "owner"),))
    account = await make.account(company, made, billed=False)
    (told,) = await town.text(phone, "04512")
    assert "1862,52" in told, "three months of 187 kWh at 3.32, none of them billed"
    town.clock.forward(days=15)
    closed = date(2025, 12, 2)
    await billing.close_month(company, Month(2025, 11), issued_on=closed, due_on=closed, at=town.clock.at)
    (row,) = await town.pool.fetch("select balance from account_states where account_id = $1", account)
    assert row["balance"] >= 186252
    bills = await town.pool.fetch("select month from claims where account_id = $1 order by month", account)
    assert [bill["month"].month for bill in bills] == [9, 10, 11]
