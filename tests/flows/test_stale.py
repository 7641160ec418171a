"""A phone that was silent for a year, or that messages did not reach, may be another person's: he is asked first."""

from datetime import timedelta

import asyncpg
import pytest

from core.accounts.model import PROVEN_FOR, stale
from core.basics.phone import BOUNCES
from demo.carrier_faults import Faults
from tests import make
from tests.flows.conftest import NOON, Street, street
from tests.flows.test_identity import ENGLISH, NEW, OCTOBER, OWNER, english, home, linked, one, role
from tests.make import A, M

__all__ = ["english", "home"]

ASKED = "Проверяем номер: л/с ..4321 всё ещё связан с вами? ДА или НЕ Я"
PROVEN = "select proven_at, bounced from link_proofs where phone_hash = $1"


async def silent(company: asyncpg.Connection, phone: str, *, days: int = 400, bounced: int = 0) -> None:
    """The phone was last proven so long ago."""
    statement = "update phones set proven_at = $2, bounced = $3 where hash = $1"
    await company.execute(statement, make.keyring().phone_hash(phone), NOON - timedelta(days=days), bounced)


async def proof(town: Street, phone: str = OWNER) -> tuple[object, int]:
    row = await town.pool.fetchrow(PROVEN, make.keyring().phone_hash(phone))
    assert row
    return row["proven_at"], row["bounced"]


@pytest.mark.parametrize("days", [365, 400])
async def test_a_reading_waits_until_he_says_that_he_is_the_one(
    town: Street, home: int, company: asyncpg.Connection, days: int
) -> None:  # T5
    await silent(company, OWNER, days=days)
    assert await one(town, OWNER, "04512") == ASKED
    assert await town.pool.fetchval("select count(*) from readings where inbox_id is not null") == 0
    assert (await one(town, OWNER, "ДА")).startswith("Принято 04512 (+187). К оплате 1052,44")
    assert await proof(town) == (town.clock.at, 0)
    assert (await one(town, OWNER, "долг")).startswith("К оплате 1052,44")


async def test_the_same_in_english(town: Street, english: int, company: asyncpg.Connection) -> None:
    await silent(company, ENGLISH)
    asked = "Is account ..4407 still yours on this phone? Reply Y, or NOT ME if it is not."
    assert await one(town, ENGLISH, "BAL") == asked
    assert (await one(town, ENGLISH, "Y")).startswith("To pay 431.60")


@pytest.mark.parametrize("said", ["долг", "почему", "история", "МОИ ЛС", "привет", "ОТМ", "2", "РЕЗЕРВ 1"])
async def test_nothing_is_told_before(town: Street, home: int, company: asyncpg.Connection, said: str) -> None:  # T5
    await silent(company, OWNER)
    assert await one(town, OWNER, said) == ASKED
    assert await one(town, OWNER, said) == ASKED


async def test_the_last_wish_is_kept(town: Street, home: int, company: asyncpg.Connection) -> None:
    await silent(company, OWNER)
    await town.text(OWNER, "04400")
    await town.text(OWNER, "04512")
    await town.text(OWNER, "что?")
    assert (await one(town, OWNER, "ДА")).startswith("Принято 04512")


async def test_a_yes_alone_is_thanked_for(town: Street, home: int, company: asyncpg.Connection) -> None:
    await silent(company, OWNER)
    assert await one(town, OWNER, "ДА") == ASKED, "nothing was asked yet"
    assert await one(town, OWNER, "ДА") == "Спасибо, номер подтверждён. Шлите показание или ПОМОЩЬ"


async def test_the_new_owner_of_the_number_is_rid_of_it(town: Street, home: int, company: asyncpg.Connection) -> None:
    await silent(company, OWNER)
    assert await one(town, OWNER, "с кем я говорю") == ASKED
    assert (await one(town, OWNER, "НЕ Я")).startswith("Номер отвязан")
    assert await role(town, home, OWNER) is None


async def test_no_is_as_good_as_not_me(town: Street, home: int, company: asyncpg.Connection) -> None:
    await silent(company, OWNER)
    assert await one(town, OWNER, "НЕТ") == ASKED, "nothing was asked yet"
    assert (await one(town, OWNER, "НЕТ")).startswith("Номер отвязан")
    assert await role(town, home, OWNER) is None


async def test_the_new_owner_of_the_number_is_meant_himself(
    town: Street, home: int, company: asyncpg.Connection
) -> None:
    """Though another phone was linked of late, of which an owner would be rid by the same words."""
    await linked(town)
    await silent(company, OWNER)
    assert await one(town, OWNER, "долг") == ASKED
    assert (await one(town, OWNER, "НЕ Я")).startswith("Номер отвязан")
    assert (await role(town, home, OWNER), await role(town, home)) == (None, "unverified")


async def test_stop_and_help_are_never_in_the_way(town: Street, home: int, company: asyncpg.Connection) -> None:
    await silent(company, OWNER)
    assert (await one(town, OWNER, "СТОП")).startswith("Новости отключены")
    assert "показание" in await one(town, OWNER, "ПОМОЩЬ")
    assert await one(town, OWNER, "долг") == ASKED


async def test_several_accounts(town: Street, home: int, company: asyncpg.Connection) -> None:
    await make.account(company, A("100004500", (M("0098770"),), ((OWNER, "payer"),)))
    await silent(company, OWNER)
    told = "Проверяем номер: л/с ..4321 и другие всё ещё с вами? ДА или НЕ Я"
    assert await one(town, OWNER, "04512") == told
    assert (await one(town, OWNER, "ДА")).startswith("Для какого л/с 04512?")
    assert (await one(town, OWNER, "1")).startswith("..4321: принято 04512")


async def test_a_message_of_its_own_proves_a_phone(town: Street, home: int, company: asyncpg.Connection) -> None:
    await silent(company, OWNER, days=300, bounced=2)
    assert (await one(town, OWNER, "долг")).startswith("К оплате")
    assert await proof(town) == (town.clock.at, 0)
    town.clock.forward(days=29)
    before = await proof(town)
    await town.text(OWNER, "долг")
    assert await proof(town) == before, "once in thirty days is written down"


async def test_a_code_shows_nobody_the_accounts_that_were_there_before(
    town: Street, home: int, company: asyncpg.Connection
) -> None:  # T5
    """The new owner of a number may link his own account; that the number is his says nothing of the other's."""
    await make.account(company, A("100004500", (M("0098770"),), ((NEW, "owner"),), OCTOBER))
    await silent(company, NEW)
    assert (await linked(town)).startswith("Привязан л/с ..4321")
    for said in ("долг", "МОИ ЛС", "04512"):
        assert await one(town, NEW, said) == "Проверяем номер: л/с ..4500 и другие всё ещё с вами? ДА или НЕ Я"
    assert await one(town, NEW, "НЕ Я") == "От каких л/с отвязать номер? 1 все 2 ..4500 3 ..4321"
    await town.text(NEW, "2")
    assert await role(town, home) == "unverified"


def test_when_a_phone_is_doubtful() -> None:
    assert stale(NOON, BOUNCES, at=NOON)
    assert not stale(NOON, BOUNCES - 1, at=NOON)
    assert stale(NOON - PROVEN_FOR, 0, at=NOON)
    assert not stale(None, BOUNCES, at=NOON)


async def test_messages_that_do_not_arrive_make_a_phone_doubtful(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool
) -> None:  # R23
    """Receipts say so: two in a row are forgotten when one arrives, three are not."""
    await make.account(company, A("100004321", (M("0098765"),), ((OWNER, "owner"),), OCTOBER))
    for undelivered, expected in ((1.0, 1), (0.0, 0), (1.0, 1), (1.0, 2), (1.0, 3), (0.0, 3)):
        async with street(database, pool, Faults(undelivered=undelivered)) as town:
            await left(town)
            assert (await proof(town))[1] == expected
    async with street(database, pool) as town:
        assert await one(town, OWNER, "04512") == ASKED


async def left(town: Street) -> None:
    """A stranger leaves a reading, of which the owner is told: nobody texts from the owner's phone."""
    number = await town.pool.fetchval("select count(*) from inbox")
    town.clock.forward(hours=9 * number)
    await town.text(f"+7978000{3000 + number}", "100004321 0098765 04512")


async def test_three_bounces_are_asked_about(town: Street, home: int, company: asyncpg.Connection) -> None:
    await silent(company, OWNER, days=1, bounced=BOUNCES)
    assert await one(town, OWNER, "04512") == ASKED
    assert await proof(town) == (NOON - timedelta(days=1), BOUNCES), "that the question arrives proves nothing"
    await town.text(OWNER, "ДА")
    assert await proof(town) == (town.clock.at, 0)
