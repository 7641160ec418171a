"""The words of messages are emptied after their time, and nothing else of them."""

from datetime import datetime, timedelta
from os import urandom

import asyncpg
import pytest

from core.basics.ids import uuid7
from core.billing.keeping import CLASSES, Keeping, Kept
from core.erasing import emptying, sql
from gateway.clock import now

NOW = now()
"""The database's own clock counts, too."""
KEEPING = Keeping((("greeting", Kept(90)), ("official", Kept(1827)), ("reply", Kept(400)), ("text", Kept(400))))
INBOX = """
insert into inbox (channel, provider, reference, sender_hash, received_at, content_hash, payload, said_hash, fate,
                   stored_at)
values ('sms', 'twilio', $1, '\\x01', $2, '\\x02', '\\x03', '\\x04', 'answered', $2)
"""
OUTBOX = """
insert into outbox (id, channel, class, address_hash, address, body, body_hash, segments, locale, kind, state,
                    created_at)
values ($1, 'sms', $2, '\\x01', '\\x02', '\\x03', '\\x04', 1, 'ru', 'Balance', $3, $4)
"""
REPORTS = """
insert into reports (channel, reference, raw, received_at, stored_at) values ('sms', $1, '\\x0102', $2, $2)
"""


def days(number: int) -> datetime:
    return NOW - timedelta(number)


@pytest.fixture
async def old(owner_conn: asyncpg.Connection) -> asyncpg.Connection:
    """Messages of all ages, as the database holds them; the connection is in the program's role."""
    conn = owner_conn
    for no, age in enumerate((2000, 500, 399, 1)):
        await conn.execute(INBOX, f"SM{no}", days(age))
        await conn.execute(REPORTS, f"SM{no}", days(age))
    for age in (2000, 500, 399, 89, 1):
        for class_ in ("reply", "official", "greeting"):
            await conn.execute(OUTBOX, uuid7(days(age), urandom(10)), class_, "sent", days(age))
    await conn.execute(OUTBOX, uuid7(days(1999), urandom(10)), "reply", "unknown", days(1999))
    await conn.execute("set local role meterline_app")
    return conn


async def ages(conn: asyncpg.Connection, class_: str) -> list[int]:
    """How many days old the messages of the class are that have their words."""
    rows = await conn.fetch(
        "select created_at from outbox where class = $1 and body is not null and state = 'sent' order by id", class_
    )
    return [round((NOW - row[0]).total_seconds() / 86400) for row in rows]


@pytest.mark.parametrize("chunk", [1, 3, 100])
async def test_words_go_when_their_class_says(old: asyncpg.Connection, chunk: int) -> None:  # R40
    gone = await emptying.empty(old, KEEPING, at=NOW, chunk=chunk)
    assert (gone["text"], gone["receipt"], gone["reply"], gone["official"], gone["greeting"]) == (2, 1, 2, 1, 3)
    assert await ages(old, "reply") == [399, 89, 1]
    assert await ages(old, "official") == [500, 399, 89, 1]
    assert await ages(old, "greeting") == [89, 1]
    kept = await old.fetch("select payload is null, said_hash is null, content_hash, fate from inbox order by id")
    assert [tuple(row) for row in kept] == [
        (True, True, b"\x02", "answered"), (True, True, b"\x02", "answered"),
        (False, False, b"\x02", "answered"), (False, False, b"\x02", "answered"),
    ]  # fmt: skip
    bare = "select count(*) from outbox where body is null and (address is not null or extras is not null)"
    assert await old.fetchval(bare) == 0
    assert await old.fetchval("select count(*) from outbox where body_hash is null or state is null") == 0
    assert await old.fetchval("select body is not null from outbox where state = 'unknown'"), "its end is not known"
    assert set((await emptying.empty(old, KEEPING, at=NOW, chunk=chunk)).values()) == {0}
    assert (await emptying.empty(old, KEEPING, at=NOW + timedelta(2), chunk=chunk))["text"] == 1, "it goes on there"


async def test_it_goes_on_where_another_was_stopped(old: asyncpg.Connection) -> None:  # R40
    assert await sql.empty_words(old, "text", before=days(400), most=1) == (1, 1)
    assert await old.fetchval("select count(*) from inbox where payload is null") == 1
    assert (await emptying.empty(old, KEEPING, at=NOW))["text"] == 1


async def test_the_role_can_have_words_emptied_and_no_more(old: asyncpg.Connection) -> None:  # R40, R16
    """Whatever it asks for, what was said of late stays, and no word is ever another."""
    await emptying.empty(old, Keeping(), at=NOW + timedelta(100_000))
    assert await old.fetchval("select count(*) from inbox where payload is not null") == 1
    assert await ages(old, "reply") == [1]
    for statement in (
        "update inbox set payload = ''", "update outbox set body = ''", "update reports set raw = ''",
        "update emptied set through_id = 0", "delete from emptied",
    ):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with old.transaction():
                await old.execute(statement)


def test_every_class_of_message_has_its_time() -> None:  # R40
    assert {"reply", "official", "safety", "notice", "works", "reminder", "greeting"} <= CLASSES.keys()
