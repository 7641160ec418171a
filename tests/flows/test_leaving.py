"""НЕ Я from a phone with several accounts; and an owner who is asked late about a phone, which is told what he said."""

import asyncpg
import pytest

from tests import make
from tests.flows.conftest import Street
from tests.flows.test_identity import NEW, OCTOBER, OTHER, OWNER, home, linked, one, role
from tests.make import A, M

__all__ = ["home"]

WHICH = "От каких л/с отвязать номер? 1 все 2 ..4321 3 ..4500"
GRANT = "К л/с ..4321 привязан тел. ..17-05. Показывать ему долг? ДА / НЕ Я"


@pytest.fixture
async def second(home: int, company: asyncpg.Connection) -> int:
    return await make.account(company, A("100004500", (M("0098770"),), ((OWNER, "payer"),), OCTOBER))


async def test_one_account_is_left_at_once(town: Street, home: int) -> None:  # J14, ruling 24
    assert await one(town, OWNER, "НЕ Я") == "Номер отвязан от л/с. Больше писем о нём не будет"
    assert await role(town, home, OWNER) is None
    assert "не привязан" in await one(town, OWNER, "долг")
    assert await town.pool.fetchval("select evidence from link_ends") == "not me"


@pytest.mark.parametrize(
    ("answer", "told", "left"),
    [
        ("1", "Номер отвязан от л/с. Больше писем о нём не будет", {1, 2}),
        ("2", "Номер отвязан от л/с ..4321. Остальные л/с остались при нём", {1}),
        ("3", "Номер отвязан от л/с ..4500. Остальные л/с остались при нём", {2}),
        ("НЕ Я", "Номер отвязан от л/с. Больше писем о нём не будет", {1, 2}),
        ("НЕТ", "Хорошо, ничего не записано", set()),
    ],
)
async def test_of_several_it_is_asked_which(
    town: Street, home: int, second: int, answer: str, told: str, left: set[int]
) -> None:  # ruling 24
    assert await one(town, OWNER, "НЕ Я") == WHICH
    assert await town.pool.fetchval("select about from alarms where kind = 'not me'") == "100004321, 100004500"
    reply = await one(town, OWNER, answer)
    assert reply == told or answer == "НЕТ"
    ended = {no for no, account in ((1, home), (2, second)) if await role(town, account, OWNER) is None}
    assert ended == left


async def test_the_same_in_english(town: Street, company: asyncpg.Connection) -> None:
    for number, serial in (("100004407", "0098766"), ("100004408", "0098767")):
        await make.account(company, A(number, (M(serial),), ((OTHER, "owner"),), OCTOBER, language="en"))
    asked = "Which accounts shall this phone be taken off? 1 all 2 ..4407 3 ..4408"
    assert await one(town, OTHER, "NOT ME") == asked
    told = "This phone is no longer linked to account ..4408. The others stay."
    assert await one(town, OTHER, "3") == told
    assert (await one(town, OTHER, "BAL")).startswith("To pay 431.60")


@pytest.mark.parametrize("said", ["долг", "почему", "04512", "ДА", "4", "привет", "МОИ ЛС", "история"])
async def test_nothing_is_told_or_done_meanwhile(town: Street, home: int, second: int, said: str) -> None:  # T5
    await one(town, OWNER, "НЕ Я")
    assert await one(town, OWNER, said) == WHICH
    assert await town.pool.fetchval("select count(*) from readings where inbox_id is not null") == 0


async def test_an_owner_is_asked_once_his_question_is_answered(town: Street, home: int) -> None:
    await town.text(OWNER, "04912")
    await linked(town)
    assert await town.answers(OWNER) == ["К л/с ..4321 привязан тел. ..17-05. Не знаете его? Ответьте НЕ Я"]
    assert (await town.text(OWNER, "НЕТ"))[1:] == [GRANT]
    await one(town, OWNER, "ДА")
    assert await role(town, home) == "tenant"


async def test_a_question_that_another_displaced_comes_again(town: Street, home: int) -> None:
    await linked(town)
    assert await town.answers(OWNER) == [GRANT]
    assert "ДА или новое число" in await one(town, OWNER, "04912")
    told, asked = await town.text(OWNER, "04512")
    assert told.startswith("Принято 04512")
    assert asked == GRANT
    await one(town, OWNER, "ДА")
    assert await role(town, home) == "tenant"


async def test_or_when_the_other_has_run_out(town: Street, home: int) -> None:
    await town.text(OWNER, "04912")
    await linked(town)
    town.clock.forward(hours=25)
    await town.answers(OWNER)
    assert (await town.text(OWNER, "долг"))[1:] == [GRANT]


async def test_of_a_phone_that_is_gone_nobody_is_asked(town: Street, home: int) -> None:
    await town.text(OWNER, "04912")
    await linked(town)
    await town.text(NEW, "НЕ Я")
    await town.answers(OWNER)
    assert len(await town.text(OWNER, "НЕТ")) == 1


async def test_two_phones_are_asked_about_one_after_the_other(town: Street, home: int) -> None:
    await linked(town)
    town.clock.forward(minutes=1)
    await linked(town, phone=OTHER)
    await town.answers(OWNER)
    assert "..17-06" in (await town.text(OWNER, "НЕТ"))[1]
    await one(town, OWNER, "ДА")
    assert (await role(town, home), await role(town, home, OTHER)) == ("unverified", "tenant")


async def test_the_phone_is_told_what_the_owner_said(town: Street, home: int) -> None:
    await linked(town)
    await town.text(OWNER, "ДА")
    assert await town.answers(NEW) == ["Владелец л/с ..4321 открыл этому номеру долг. Узнать: ДОЛГ"]
    await town.text(OWNER, "НЕ Я")
    assert await town.answers(NEW) == ["Владелец л/с ..4321 отвязал этот номер от л/с"]
