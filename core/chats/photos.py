"""Photos that came with a reading: wanted together with their message, fetched aside, kept as evidence."""

import hashlib
from datetime import datetime

from asyncpg import Connection

from core.basics.facts import dataclass
from core.basics.sealing import Keyring
from core.chats import sql
from core.chats.model import Bound, Heard, Pictured

TRIES = 5
"""So often is a photo asked for before it is given up."""

LEASE = 60.0
"""Seconds for which a process that fetches one has it to itself."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A photo to be fetched: its row, the file, and the key of the customer whose phone sent it."""

    id: int
    file: str
    sealed_key: bytes | None


async def want(conn: Connection, one: Heard, bound: Bound, keyring: Keyring) -> None:
    """Puts down that the photo of the message is wanted; once for each message."""
    assert isinstance(one.what, Pictured)
    key = bound.sealed_key
    mine = keyring.customer(key) if key else keyring.installation
    customer = bound.customer_id if key else None
    file = mine.seal(one.what.file.encode(), purpose=b"file")
    await sql.want_photo(conn, one.reference, bound.phone_hash, customer, file, at=one.at)


async def due(conn: Connection, keyring: Keyring) -> Wanted | None:
    """The next photo to be fetched, held for a while; None where there is none."""
    row = await sql.due_photo(conn, seconds=LEASE, tries=TRIES)
    if row is None:
        return None
    mine = keyring.customer(row["data_key"]) if row["data_key"] else keyring.installation
    return Wanted(row["id"], mine.open(row["file"], purpose=b"file").decode(), row["data_key"])


async def keep(conn: Connection, photo: Wanted, came: bytes, plain: bytes, keyring: Keyring, *, at: datetime) -> None:
    """Keeps the photo sealed, with the hash of what came and of what is kept."""
    mine = keyring.customer(photo.sealed_key) if photo.sealed_key else keyring.installation
    sealed = mine.seal(plain, purpose=b"photo")
    hashes = hashlib.sha256(came).digest(), hashlib.sha256(plain).digest()
    await sql.keep_photo(conn, photo.id, *hashes, sealed, at=at)
