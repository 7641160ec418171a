"""A contract taken at the desk: a strange phone is the owner's, and a stranger's again when it is revoked (MS3)."""

import os
from datetime import date

import asyncpg
import pytest

from core.accounts.model import Role
from core.contracts import actions as contracts
from core.contracts.model import Document, Reason, State, Topic, Wanted
from core.outbox.noticing import Wire
from core.store.pool import acquire
from gateway.parts import words
from tests import make
from tests.flows.conftest import Street
from tests.flows.test_identity import NEW, OCTOBER, OWNER
from tests.make import A, M

WIRE = Wire(make.keyring(), words(), os.urandom)
HASH = make.keyring().phone_hash(NEW)
TODAY = date(2025, 11, 21)
WANTED = Wanted(
    NEW, "Анна Иванова", Role.OWNER, Document.PASSPORT, "4321", TODAY, "ru", frozenset(),
    frozenset({Topic.LEGAL_SMS, Topic.SERVICE}),
)  # fmt: skip
TAKEN = "Договор по л/с ..4321 принят. Шлите показание или ДОЛГ, ПОМОЩЬ"
ENDED = "Договор по л/с ..4321 расторгнут, этот номер от него отвязан"


@pytest.fixture
async def home(town: Street, company: asyncpg.Connection) -> int:
    return await make.account(company, A("100004321", (M("0098765"),), ((OWNER, "owner"),), claims=OCTOBER))


async def may(town: Street, account_id: int, topic: Topic = Topic.LEGAL_SMS) -> bool:
    async with acquire(town.pool) as conn:
        return await contracts.may_be_told(conn, HASH, account_id, topic, at=town.clock.at)


async def taken(town: Street, account_id: int, wanted: Wanted = WANTED) -> int:
    async with acquire(town.pool) as conn, conn.transaction():
        made = await contracts.take(conn, account_id, wanted, by="ivanova", at=town.clock.at, wire=WIRE)
    return made.id


async def revoked(town: Street, contract_id: int) -> None:
    async with acquire(town.pool) as conn, conn.transaction():
        await contracts.revoke(
            conn, contract_id, Reason.PHONE_LOST, "", on=TODAY, by="ivanova", at=town.clock.at, wire=WIRE
        )


async def test_from_a_strange_phone_to_legal_notices_and_back(town: Street, home: int) -> None:
    (told,) = await town.text(NEW, "ДОЛГ 100004321")
    assert "431,60" not in told
    assert not await may(town, home)
    contract = await taken(town, home)
    assert await town.answers(NEW) == [TAKEN]
    assert await town.answers(OWNER) == ["К л/с ..4321 привязан тел. ..17-05, видит долг. Чужой? НЕ Я"]
    assert "431,60" in str(await town.text(NEW, "ДОЛГ"))
    assert await may(town, home)
    town.clock.forward(minutes=5)
    await revoked(town, contract)
    assert await town.answers(NEW) == [ENDED]
    assert not await may(town, home)
    town.clock.forward(hours=25)
    (told,) = await town.text(NEW, "ДОЛГ")
    assert "431,60" not in told
    assert "не привязан" in told


async def test_stop_and_start_are_words_on_consent(town: Street, home: int) -> None:
    await taken(town, home)
    town.clock.forward(minutes=1)
    await town.text(NEW, "СТОП")
    assert not await may(town, home, Topic.SERVICE)
    assert await may(town, home), "notices of the law ignore it"
    town.clock.forward(minutes=1)
    await town.text(NEW, "СТАРТ")
    assert await may(town, home, Topic.SERVICE)


async def test_an_owner_who_does_not_know_the_phone_takes_it_off(town: Street, home: int) -> None:  # ruling 24
    contract = await taken(town, home)
    await town.answers(OWNER)
    town.clock.forward(hours=1)
    await town.text(OWNER, "НЕ Я")
    assert not await may(town, home)
    async with acquire(town.pool) as conn:
        found = await contracts.one(conn, contract)
    assert found is not None
    assert found.state is State.UNLINKED


async def test_an_owners_yes_to_an_older_question_does_not_lower_the_role(town: Street, home: int) -> None:
    await town.text(NEW, "РЕГ 100004321 0098765")
    said = [one.body for one in town.carrier.book.conversation(NEW)][-1]
    code = "".join(one for one in said if one.isdigit())[:6]
    await town.text(NEW, code)
    await taken(town, home)
    await town.answers(NEW)
    await town.text(OWNER, "ДА")
    assert await may(town, home)
    role = "select role from links where phone_hash = $1 and valid_to is null"
    assert await town.pool.fetchval(role, HASH) == "owner"


async def test_a_code_that_was_open_before_the_contract_does_not_lower_it(town: Street, home: int) -> None:
    await town.text(NEW, "РЕГ 100004321 0098765")
    said = [one.body for one in town.carrier.book.conversation(NEW)][-1]
    code = "".join(one for one in said if one.isdigit())[:6]
    await taken(town, home)
    await town.text(NEW, code)
    assert await may(town, home)
