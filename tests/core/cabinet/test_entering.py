"""Codes for a login: what they cost, and who may have one (R34, T7, T8)."""

import os
import re
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from asyncpg.connection import LoggedQuery

from core.cabinet import entering
from core.cabinet.entering import Door
from core.cabinet.model import PER_NETWORK, TRIES
from core.outbox.noticing import Wire
from gateway.parts import words
from tests import make
from tests.make import A, M

HERO, STRANGER, FOREIGN = "+79780001705", "+79780009999", "+12025550123"
AT = datetime(2025, 11, 21, 9, tzinfo=UTC)
WALL = datetime(2026, 3, 1, 9, tzinfo=UTC)
DOOR = Door(b"a secret for tests", frozenset({"RU"}), 500)


@pytest.fixture
async def people(owner_conn: asyncpg.Connection) -> asyncpg.Connection:
    await make.company(owner_conn)
    await make.account(owner_conn, A("100004321", (M("0098765"),), ((HERO, "owner"), (FOREIGN, "owner"))))
    return owner_conn


async def ask(
    conn: asyncpg.Connection,
    phone: str,
    *,
    at: datetime = WALL,
    network: str = "10.0.0.0/24",
    door: Door = DOOR,
    guest: str | None = None,
) -> None:
    wire = Wire(make.keyring(), words(), lambda size: bytes(range(16)) if size == 16 else os.urandom(size))
    await entering.ask_code(
        conn, phone, browser="a browser", network=network, door=door, wall=at, at=AT, wire=wire, guest=guest
    )


async def sent(conn: asyncpg.Connection, kind: str = "LoginCode") -> int:
    number: int = await conn.fetchval("select count(*) from outbox where kind = $1", kind)
    return number


@pytest.mark.parametrize("guest", [None, "ru"], ids=["login", "visit"])
async def test_a_phone_that_gets_no_code_makes_the_same_work(
    people: asyncpg.Connection, guest: str | None
) -> None:  # R34, T8
    await ask(people, STRANGER, at=WALL - timedelta(hours=1))  # the connection learns its types
    work: dict[str, list[str]] = {}
    for phone in (HERO, STRANGER, FOREIGN):
        asked: list[str] = []

        def log(query: LoggedQuery, kept: list[str] = asked) -> None:
            kept.append(query.query)

        with people.query_logger(log):
            await ask(people, phone, guest=guest)
            await people.execute("select 1")
        work[phone] = [one for one in asked if one != "select 1"]
    assert len(work[HERO]) > 5
    assert work[HERO] == work[STRANGER] == work[FOREIGN]
    assert await sent(people) == 1, "only the phone that is linked, in a country that is allowed"
    assert await sent(people, "VisitCode") == (1 if guest else 0), "for a visit the other one too"


async def test_a_code_goes_to_the_chat_that_is_bound(people: asyncpg.Connection) -> None:  # R34
    keys = make.keyring()
    await people.execute(
        "insert into chats (hash, phone_hash, sealed, evidence, bound_at) values ($1, $2, $3, 'test', $4)",
        keys.phone_hash("chat 77"),
        keys.phone_hash(HERO),
        keys.installation.seal(b"77", purpose=b"chat"),
        AT,
    )
    wire = Wire(keys, words(), os.urandom)
    for by_chat in (True, False):
        await entering.ask_code(
            people, HERO, browser="b", network="n", door=DOOR, wall=WALL, at=AT, wire=wire, by_chat=by_chat
        )
    rows = await people.fetch(
        """select o.channel, o.address, k.data_key from outbox o join customers k on k.id = o.customer_id
           where o.kind = 'LoginCode'"""
    )
    told = {row["channel"]: row for row in rows}
    assert set(told) == {"telegram", "sms"}
    chat = keys.customer(told["telegram"]["data_key"])
    assert chat.open(told["telegram"]["address"], purpose=b"phone") == b"77"


async def test_a_network_may_ask_so_often(people: asyncpg.Connection) -> None:  # R34, T7
    for no in range(PER_NETWORK):
        await ask(people, f"+7978111{no:04}")
    await ask(people, HERO)
    assert await sent(people) == 0
    await ask(people, HERO, network="10.0.1.0/24")
    assert await sent(people) == 1
    await ask(people, HERO, at=WALL + timedelta(minutes=11))
    assert await sent(people) == 2


async def test_an_hour_has_a_budget(people: asyncpg.Connection) -> None:  # R34, T7
    scarce = Door(DOOR.secret, DOOR.countries, 2)
    for hour in (0, 1):
        for no in range(4):
            at = WALL + timedelta(hours=hour, minutes=no * 11)
            await ask(people, HERO, at=at, door=scarce, network=f"10.0.{no}.0/24")
        assert await sent(people) == 2 * (hour + 1)
    assert await people.fetchval("select count(*) from alarms where kind = 'budget spent'") == 2


async def enter(conn: asyncpg.Connection, code: str, *, at: datetime = WALL, browser: str = "a browser") -> str | None:
    return await entering.enter(conn, code, browser=browser, device="tests", door=DOOR, wall=at)


CODE = f"{int.from_bytes(bytes(range(16))) % 10**6:06}"


async def test_a_code_lasts_ten_minutes_and_five_guesses(people: asyncpg.Connection) -> None:  # R34, T10
    await ask(people, HERO)
    assert await enter(people, CODE, at=WALL + timedelta(minutes=10)) is None
    for _ in range(TRIES - 2):
        assert await enter(people, "999999") is None
    assert await enter(people, CODE, browser="another browser") is None
    assert await enter(people, CODE) is not None, "the fifth guess"
    assert await enter(people, CODE) is None


async def test_a_login_ends_by_itself(people: asyncpg.Connection) -> None:  # R35
    await ask(people, HERO)
    token = await enter(people, CODE)
    assert token is not None

    async def known(at: datetime) -> bool:
        return await entering.person(people, token, wall=at, at=AT, keyring=make.keyring()) is not None

    assert await known(WALL + timedelta(minutes=29))
    assert await known(WALL + timedelta(minutes=58))
    assert not await known(WALL + timedelta(minutes=89))
    assert not re.search(token, str(await people.fetch("select * from web_sessions")))


async def test_a_login_ends_after_twelve_hours(people: asyncpg.Connection) -> None:  # R35
    token = await entering.begin(people, make.keyring().phone_hash(HERO), device="tests", wall=WALL)
    assert token is not None
    seen = 0
    while await entering.person(people, token, wall=WALL + timedelta(minutes=20 * seen), at=AT, keyring=make.keyring()):
        seen += 1
    assert seen == 36
