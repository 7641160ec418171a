"""Broadcasts that begin while everything is struck: each to a part of the people, in words of its own (R27)."""

import asyncio
import json
from collections.abc import Sequence

from asyncpg import Connection, PostgresError

from core.notices import actions
from core.notices.model import Audience, Draft, Kind
from core.store.failures import GONE
from gateway.clock import now
from gateway.parts import words
from tests.chaos.observing import Account, Told
from tests.chaos.stage import Stage

SPEECH = words()
"""Read beforehand: the carrier of the tests answers in this process, and is not kept waiting for it."""

NUMBERS = "select id, number from accounts"
SAID = """
select v.texts::text, v.audience::text from notices n
  join notice_versions v on v.notice_id = n.id and v.version = n.version where n.state <> 'draft'
"""


async def all_parts(there: Stage, parts: int, *, seconds: float) -> None:
    """Begins one broadcast after another, spread over this time; each again where the database was away, even if nobody
    knows whether it had begun: that would be another one, in words of its own."""
    tries = 0
    for part in range(parts):
        while True:
            tries += 1
            try:
                await _begin(there, there.people[part::parts], tries)
                break
            except (*GONE, PostgresError):
                await asyncio.sleep(0.2)
        await asyncio.sleep(seconds / parts)


async def _begin(there: Stage, people: Sequence[Account], number: int) -> None:
    conn = await there.owner()
    try:
        numbers: dict[int, str] = {row[0]: row[1] for row in await conn.fetch(NUMBERS)}
        audience = Audience(accounts=tuple(numbers[one.id] for one in people))
        said = {
            "ru": f"Авария {number}: не подходите к проводам",
            "en": f"Emergency {number}: keep off the wires",
        }
        draft = Draft(Kind.SAFETY, audience, said, "line down")
        async with conn.transaction():
            made = await actions.create(conn, draft, by="author", at=now())
            await actions.submit(conn, made.id, by="author", at=now(), words=SPEECH)
            await actions.send(conn, made.id, by="author", at=now())
    finally:
        await conn.close()


async def told(conn: Connection, people: Sequence[Account]) -> tuple[Told, ...]:
    """The broadcasts that are on record: in which words, and to whom."""
    phones = {one.id: one.phone for one in people}
    numbers = {row[1]: phones[row[0]] for row in await conn.fetch(NUMBERS) if row[0] in phones}
    return tuple(
        Told(frozenset(json.loads(texts).values()), tuple(numbers[one] for one in json.loads(audience)["accounts"]))
        for texts, audience in await conn.fetch(SAID)
    )
