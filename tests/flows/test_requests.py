"""Disputes, outages and calls for a person become requests with numbers, and how they stand is told to whom it concerns
(reliability.md, what a phone may do)."""

import asyncio
from datetime import datetime

import asyncpg
import pytest

from core.requests import sql as requests
from core.requests.model import State
from core.requests.sql import Event
from tests import make
from tests.flows.conftest import NOON, Street
from tests.flows.test_network import post, sid
from tests.make import A, M

HERO, ENGLISH, PAYER, OTHER, TWO = "+79780001705", "+79780001706", "+79780001707", "+79780001708", "+79780001720"
CALL = "8-800-000-00-00"
ROWS = "select number, subject, state from request_states order by number"


@pytest.fixture
async def hero(company: asyncpg.Connection) -> int:
    account = await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"), (PAYER, "payer"))))
    await make.account(company, A("100004333", (M("0098767"),), ((OTHER, "owner"),)))
    return account


@pytest.fixture
async def english(company: asyncpg.Connection) -> int:
    return await make.account(company, A("100004322", (M("0098766"),), ((ENGLISH, "owner"),), language="en"))


async def states(town: Street) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in await town.pool.fetch(ROWS)]


async def words(town: Street, sealed: bytes) -> str:
    key = await town.pool.fetchval("select data_key from customers order by id limit 1")
    return make.keyring().customer(key).open(sealed, purpose=b"request").decode()


async def become(conn: asyncpg.Connection, number: str, state: State, at: datetime = NOON) -> None:
    """What an employee writes down."""
    id_ = await conn.fetchval("select id from requests where number = $1", number)
    await requests.add(conn, [Event(id_, state, at, "Petrova", None)])


async def test_a_dispute_opens_a_request(town: Street, hero: int) -> None:
    said = "СПОР столько не жгли"
    assert await town.text(HERO, said) == ["Обращение 101: проверим и ответим. Узнать: ОБРАЩЕНИЕ 101"]
    (row,) = await town.pool.fetch("select * from requests")
    assert (row["number"], row["account_id"]) == ("101", hero)
    assert row["phone_hash"] == make.keyring().phone_hash(HERO)
    assert row["opened_at"] == NOON
    assert said.encode() not in row["words"]
    assert await words(town, row["words"]) == said
    assert await town.pool.fetchval("select account_id from inbox where id = $1", row["inbox_id"]) == hero
    alarms = [tuple(row) for row in await town.pool.fetch("select kind, about from alarms")]
    assert alarms == [("request", "101")]
    assert (await town.audit())["requests_open"] == 1


@pytest.mark.parametrize(
    ("said", "subject", "answer"),
    [
        ("СВЕТА НЕТ", "outage", f"Обращение 101: нет света. При опасности звоните {CALL}"),
        ("ОПЕРАТОР", "human", f"Обращение 101: вам ответят. Срочно - звоните {CALL}"),
        ("неправильный счет, проверьте", "dispute", "Обращение 101: проверим и ответим. Узнать: ОБРАЩЕНИЕ 101"),
    ],
)
async def test_each_kind_has_its_answer(town: Street, hero: int, said: str, subject: str, answer: str) -> None:
    assert await town.text(HERO, said) == [answer]
    assert await states(town) == [("101", subject, "open")]


@pytest.mark.parametrize(
    ("said", "subject", "answer"),
    [
        ("OUTAGE", "outage", f"Case 101: no power. If there is danger or it is urgent, call {CALL}."),
        ("HUMAN", "human", f"Case 101: our staff will answer. If it is urgent, call {CALL}."),
        ("DISPUTE", "dispute", "Case 101: we will check and answer. To ask how it stands: CASE 101"),
    ],
)
async def test_each_kind_in_english(town: Street, english: int, said: str, subject: str, answer: str) -> None:
    assert await town.text(ENGLISH, said) == [answer]
    assert await states(town) == [("101", subject, "open")]


async def test_how_it_stands(town: Street, hero: int, company: asyncpg.Connection) -> None:
    await town.text(HERO, "СПОР")
    assert await town.text(HERO, "что с обращением 101?") == ["Обращение 101 от 21.11 ждёт ответа"]
    told = {
        State.TAKEN: "Обращение 101 в работе с 22.11",
        State.ANSWERED: "На обращение 101 ответили 23.11",
        State.CLOSED: "Обращение 101 закрыто 24.11",
        State.OPEN: "Обращение 101 от 25.11 ждёт ответа",
    }
    for state, answer in told.items():
        town.clock.forward(days=1)
        await become(company, "101", state, town.clock.at)
        assert await town.text(HERO, "ОПЕРАТОР 101") == [answer]
        assert (await town.audit())["requests_open"] == (state in (State.TAKEN, State.OPEN))
    assert await town.pool.fetchval("select count(*) from requests") == 1


async def test_how_it_stands_in_english(town: Street, english: int, company: asyncpg.Connection) -> None:
    await town.text(ENGLISH, "DISPUTE too high")
    assert await town.text(ENGLISH, "CASE 101") == ["Case 101 of 21 Nov waits for our staff."]
    await become(company, "101", State.TAKEN)
    assert await town.text(ENGLISH, "status of my case") == ["Case 101 is being worked on since 21 Nov."]
    town.clock.forward(days=400)
    assert await town.text(ENGLISH, "CASE 101") == ["Case 101 is being worked on since 21 Nov 2025."]


async def test_without_a_number_the_latest_is_told(town: Street, hero: int) -> None:
    await town.text(HERO, "СПОР")
    await town.text(HERO, "СВЕТА НЕТ")
    assert await town.text(HERO, "что с моим обращением") == ["Обращение 102 от 21.11 ждёт ответа"]
    (opened,) = await town.text(PAYER, "обращение")
    assert "проверим и ответим" in opened
    assert len(await states(town)) == 3


async def test_more_words_are_added_to_what_stands_open(town: Street, hero: int, company: asyncpg.Connection) -> None:
    await town.text(HERO, "СПОР")
    again = f"Обращение 101 дополнено. Срочно - звоните {CALL}"
    assert await town.text(HERO, "не согласен, счётчик сломан") == [again]
    await become(company, "101", State.TAKEN)
    assert await town.text(HERO, "СПОР") == [again]
    assert await states(town) == [("101", "dispute", "taken")]
    added = await town.pool.fetch("select by, note from request_events where state is null order by id")
    assert [row["by"] for row in added] == ["customer"] * 2
    assert await words(town, added[0]["note"]) == "не согласен, счётчик сломан"
    assert await town.pool.fetchval("select count(*) from alarms") == 1


async def test_after_the_answer_a_new_one_is_opened(town: Street, hero: int, company: asyncpg.Connection) -> None:
    await town.text(HERO, "СПОР")
    await become(company, "101", State.ANSWERED)
    (opened,) = await town.text(HERO, "СПОР")
    assert "ОБРАЩЕНИЕ" in opened
    assert [row[2] for row in await states(town)] == ["answered", "open"]


async def test_three_new_ones_a_day(town: Street, hero: int, company: asyncpg.Connection) -> None:  # T8
    for said in ("СПОР", "СВЕТА НЕТ", "ОПЕРАТОР"):
        await town.text(HERO, said)
    for number, _, _ in await states(town):
        await become(company, number, State.CLOSED)
    full = f"За сутки от вас уже три обращения. Звоните {CALL}"
    assert await town.text(HERO, "СПОР") == [full]
    assert await town.text(HERO, "СВЕТА НЕТ") == [full]
    assert len(await states(town)) == 3
    assert (await town.text(PAYER, "СПОР"))[0].startswith("Обращение")
    town.clock.forward(hours=24)
    assert (await town.text(HERO, "СПОР"))[0].startswith("Обращение")
    assert len(await states(town)) == 5


async def test_a_state_is_told_to_whom_it_concerns(town: Street, hero: int) -> None:  # R32
    await town.text(PAYER, "СПОР")
    await town.text(HERO, "ОПЕРАТОР")
    assert (await town.text(PAYER, "ОБРАЩЕНИЕ 101"))[0].endswith("ждёт ответа")
    assert (await town.text(HERO, "ОБРАЩЕНИЕ 101"))[0].endswith("ждёт ответа"), "the owner of the account"
    numbers = await town.pool.fetch("select number from requests order by id")
    assert len(numbers) == 2
    for phone, number in ((PAYER, numbers[1][0]), (OTHER, "101"), (OTHER, "999")):
        unknown = f"Обращения {number} от вас нет. Новое: ОПЕРАТОР или СПОР"
        assert await town.text(phone, f"ОБРАЩЕНИЕ {number}") == [unknown]


async def test_a_stranger_opens_nothing(town: Street, hero: int) -> None:  # T8
    (told,) = await town.text("+79780001799", "СПОР")
    assert "101" not in told
    assert await states(town) == []


async def test_of_several_accounts_the_one_that_is_named(town: Street, company: asyncpg.Connection) -> None:
    first = await make.account(company, A("100001111", (M("11"),), ((TWO, "owner"),)))
    await make.account(company, A("100002222", (M("22"),), ((TWO, "owner"),)))
    await town.text(TWO, "жалоба 100001111")
    await town.text(TWO, "жалоба")
    await town.text(TWO, "жалоба 100009999")
    rows = await town.pool.fetch("select account_id from requests order by id")
    assert [row[0] for row in rows] == [first, None]
    assert (await town.text(TWO, "жалоба 100001111"))[0].startswith("Обращение 101 дополнено")


async def test_copies_of_a_message_open_one(town: Street, hero: int) -> None:  # R2
    statuses = await asyncio.gather(*(post(town, "СПОР", sid=sid(1), sender=HERO) for _ in range(12)))
    assert set(statuses) == {200}
    assert len(await town.answers(HERO)) == 1
    assert len(await states(town)) == 1
    assert await town.pool.fetchval("select count(*) from request_events") == 0


async def test_many_at_once_open_one(town: Street, hero: int) -> None:  # R2
    await asyncio.gather(*(post(town, "СПОР", sid=sid(no), sender=HERO) for no in range(6)))
    assert len(await town.answers(HERO)) == 6
    assert len(await states(town)) == 1
    assert await town.pool.fetchval("select count(*) from request_events") == 5
