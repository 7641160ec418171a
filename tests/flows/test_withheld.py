"""A phone that may send readings and not see the account's use is told nothing but its own numbers (ruling 22)."""

import re

import asyncpg
import pytest

from tests import make
from tests.flows.conftest import Street
from tests.flows.test_identity import ENGLISH as ENGLISH_OWNER
from tests.flows.test_identity import NEW, OCTOBER, OWNER, english, home, linked, one
from tests.make import A, M

__all__ = ["english", "home"]

TELLING = re.compile(r"4325|4138|187|129|431|620|1052|31\.10|31 Oct")
"""The last count, the one before, the use and what is usual, the sums, the day of the last reading."""

RUSSIAN = {
    "04112": "Не принято: 04112 меньше прошлого. Пришлите ещё раз",
    "45120": "45120 невозможно: слишком много. Пришлите ещё раз",
    "04912": "04912: необычный расход. Принять 04912? ДА или новое число",
    "показание": "Пришлите показание цифрами, например 12345",
    "45х2": "Не понял «45х2». Пришлите цифры до запятой, напр. 12345",
    "0451234": "«0451234»: слишком много цифр. Пришлите цифры до запятой, напр. 12345",
    "04512": "Принято 04512",
    "04513": "Принято 04513",
    "ОТМ": "Отменено 04513. Пришлите верное показание",
    "долг": "С этого номера это не разрешено. Спросите владельца л/с",
}
ENGLISH = {
    "04112": "Not accepted: 04112 is less than the last reading. Please check and send it again.",
    "45120": "45120 is impossible: too much. Please check and send again.",
    "04912": "04912 would be an unusual use. Accept 04912? Reply Y or send a new number.",
    "reading": "Send the reading in digits, for example 12345.",
    "04512": "Accepted 04512.",
    "UNDO": "Taken back 04512. Please send the right reading.",
}


@pytest.mark.parametrize("role", ["helper", "unverified"])
@pytest.mark.parametrize(("language", "told"), [("ru", RUSSIAN), ("en", ENGLISH)], ids=["ru", "en"])
async def test_nothing_of_the_use_is_told(
    town: Street, company: asyncpg.Connection, role: str, language: str, told: dict[str, str]
) -> None:  # ruling 22, R32
    made = A("100004321", (M("0098765"),), ((OWNER, "owner"), (NEW, role)), OCTOBER, language=language)
    await make.account(company, made)
    for said, expected in told.items():
        answer = await one(town, NEW, said)
        assert answer == expected
        assert not TELLING.search(answer)


async def test_a_yes_takes_no_number_that_was_not_named(town: Street, home: int) -> None:
    """Whom the last count is hidden from is offered none near it, and his yes accepts none."""
    await linked(town)
    await one(town, NEW, "45120")
    assert "04512" not in await one(town, NEW, "ДА")
    assert await town.pool.fetchval("select count(*) from readings where inbox_id is not null") == 0


async def test_the_owner_of_another_account_sees_only_his_own(
    town: Street, home: int, company: asyncpg.Connection
) -> None:
    await make.account(company, A("100004500", (M("0098770", ("7000",)),), ((NEW, "owner"),), OCTOBER))
    await linked(town)
    assert not TELLING.search(await one(town, NEW, "100004321 04112"))
    assert "07000 (31.10)" in await one(town, NEW, "100004500 06112")
    assert "07129" in await one(town, NEW, "привет"), "the example is of the meter that he may see"


async def test_zones_without_an_example_of_the_meter(town: Street, company: asyncpg.Connection) -> None:
    meter = M("0098765", ("5591", "2420"), zones=("day", "night"), tariff="RU-DN", usual=("133", "92"))
    await make.account(company, A("100004321", (meter,), ((OWNER, "owner"), (NEW, "helper")), OCTOBER))
    assert await one(town, NEW, "5778") == "Счётчик двухтарифный: пришлите день и ночь, напр. 12345 12345"
    assert await one(town, NEW, "5778 2542") == "Принято: день 5778, ночь 2542"


async def test_who_is_trusted_sees_again(town: Street, home: int) -> None:
    await linked(town)
    assert await one(town, NEW, "04512") == "Принято 04512"
    await town.text(OWNER, "ДА")
    assert "04513 вместо 04512" in await one(town, NEW, "04513")
    assert "1055,76" in await one(town, NEW, "долг")


# A reading of the same day by another phone

ASIDE = "04600 покажем владельцу л/с: за этот день показание уже есть"


async def test_an_unverified_phone_does_not_replace_anothers_reading(town: Street, home: int) -> None:  # T4
    await linked(town)
    await town.text(OWNER, "НЕТ")
    assert (await one(town, OWNER, "04512")).startswith("Принято 04512")
    assert await one(town, NEW, "04600") == ASIDE
    assert await town.answers(OWNER) == ["Л/с ..4321: тел. ..17-05 прислал 04600. Принять? ДА или НЕТ"]
    assert await town.pool.fetchval("select max(value) from readings_in_force") == 4512
    assert (await one(town, OWNER, "ДА")).startswith("Исправлено: 04600 вместо 04512")
    assert (await town.audit())["balance_differs"] == 0


async def test_it_corrects_its_own(town: Street, home: int) -> None:
    await linked(town)
    assert await one(town, NEW, "04512") == "Принято 04512"
    assert await one(town, NEW, "04513") == "Принято 04513"
    assert (await one(town, OWNER, "04514")).startswith("Исправлено: 04514 вместо 04513")
    assert "покажем владельцу" in await one(town, NEW, "04515"), "the owner's stands since"
    assert await town.pool.fetchval("select value from readings_in_force where source = 2") == 4514


async def test_nor_by_a_yes_nor_for_a_day_before(town: Street, home: int) -> None:
    await linked(town)
    assert (await one(town, OWNER, "04500 на 19.11")).startswith("Принято")
    assert "покажем владельцу" in await one(town, NEW, "04512 на 19.11")
    await town.text(OWNER, "04512")
    assert "необычный расход" in await one(town, NEW, "04912")
    assert "покажем владельцу" in await one(town, NEW, "ДА")
    assert await town.pool.fetchval("select max(value) from readings_in_force") == 4512


async def test_the_owner_is_told_beside_another_question(town: Street, home: int) -> None:
    """His open question is not displaced: he takes the reading by sending it himself."""
    await linked(town)
    await town.text(OWNER, "04512")
    assert "ДА" in await one(town, OWNER, "04912")
    await town.text(NEW, "04600")
    assert await town.answers(OWNER) == ["Л/с ..4321: тел. ..17-05 прислал 04600. Верно? Пришлите сами"]
    told, asked = await town.text(OWNER, "04600")
    assert told.startswith("Исправлено: 04600 вместо 04512")
    assert "Показывать ему долг?" in asked, "which had waited meanwhile"


async def test_the_same_in_english(town: Street, english: int) -> None:
    await linked(town, "REG 100004407 0098766")
    await town.text(ENGLISH_OWNER, "NO")
    await town.text(ENGLISH_OWNER, "04512")
    told = "That day has a reading from another phone. The owner of the account will see 04600."
    assert await one(town, NEW, "04600") == told
    (notice,) = await town.answers(ENGLISH_OWNER)
    assert notice == "Phone ..17-05 sent 04600 for account ..4407. Record it? Reply Y or NO."


async def test_without_an_owner_the_staff_is_told(town: Street, company: asyncpg.Connection) -> None:
    await make.account(company, A("100004321", (M("0098765"),), ((OWNER, "payer"), (NEW, "unverified")), OCTOBER))
    await town.text(OWNER, "04512")
    assert await one(town, NEW, "04600") == ASIDE
    assert await town.pool.fetchval("select about from alarms where kind = 'reading left'") == "100004321"
