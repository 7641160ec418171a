"""Words of messages are emptied after the time that their class asks for: in chunks, each a transaction (R40)."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from asyncpg import Connection

from core.billing.keeping import CLASSES, Keeping
from core.erasing import sql

CHUNK = 2000
"""Messages that are looked at in a transaction: so long the rows of a chunk are held."""

WORDED = tuple(name for name in CLASSES if name != "ledger")
"""Of the classes those that have words."""


async def empty(conn: Connection, keeping: Keeping, *, at: datetime, chunk: int = CHUNK) -> Mapping[str, int]:
    """Empties what is older than the rule pack has it kept; of how many messages the words are gone now, by class. It
    goes on where it was left, whoever began it; that a message came, when, and what became of it stays."""
    gone: dict[str, int] = {}
    for name in WORDED:
        before = at - timedelta(keeping.of(name).days)
        gone[name] = 0
        while True:
            async with conn.transaction():
                looked, cleared = await sql.empty_words(conn, name, before=before, most=chunk)
            gone[name] += cleared
            if looked < chunk:
                break
    return gone
