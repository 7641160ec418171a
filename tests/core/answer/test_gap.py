"""A link that ends between the reading of who speaks and the lock of his account allows nothing any more."""

from typing import Any

import asyncpg
import pytest

from core.accounts.sql import LOCK_FREE
from core.store.pool import APP_ROLE
from tests import make
from tests.core.answer.test_door import PHONES, desk, logs, people, text

__all__ = ["logs", "people"]

END = "update links set valid_to = $1 where phone_hash = $2 and valid_to is null"
WITH_ROLE = """
insert into links (phone_hash, account_id, role, valid_from, evidence)
select $1, id, $2, '2025-10-31', 'test' from accounts where number = '100000'
"""


async def _fetch(self: Any, query: str, *args: Any, **options: Any) -> Any:
    if query == LOCK_FREE:
        digest = make.keyring().phone_hash(PHONES[0])
        await self.elsewhere.execute(END, text(1).at, digest)
        if self.role:
            await self.elsewhere.execute(WITH_ROLE, digest, self.role)
    return await asyncpg.Connection.fetch(self, query, *args, **options)


INTERRUPTED: Any = type("Interrupted", (asyncpg.Connection,), {"fetch": _fetch})
"""A connection on which something happens elsewhere just before the accounts are locked."""


async def answered(database: str, people: asyncpg.Connection, said: str, role: str | None = None) -> str:
    """What the phone is told whose link ends, or begins anew in that role, in the gap."""
    conn = await asyncpg.connect(database, connection_class=INTERRUPTED, server_settings={"role": APP_ROLE})
    conn.elsewhere, conn.role = people, role
    try:
        first = await desk().answer(conn, [text(1, said=said)])
        result = await desk().answer_alone(conn, text(1, said=said)) if first.alone else first
        return result.answers[0].text or ""
    finally:
        await conn.close()


@pytest.mark.parametrize("said", ["04512", "ДОЛГ", "ОТМ", "ДА", "МОИ ЛС"])
async def test_a_phone_unlinked_in_the_gap_is_a_stranger(
    database: str, people: asyncpg.Connection, said: str
) -> None:  # R32
    told = await answered(database, people, said)
    assert told.startswith("Номер не привязан")
    assert await people.fetchval("select count(*) from readings where inbox_id is not null") == 0


async def test_a_role_that_begins_in_the_gap_is_the_one_that_counts(
    database: str, people: asyncpg.Connection
) -> None:  # R32
    told = await answered(database, people, "ДОЛГ", "helper")
    assert told == "С этого номера это не разрешено. Спросите владельца л/с"
