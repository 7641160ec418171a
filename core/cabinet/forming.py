"""Forms of the cabinet that are no message, each done once (R14)."""

from datetime import datetime

from asyncpg import Connection

from core.basics.facts import dataclass
from core.cabinet import sql
from core.cabinet.model import OtherForm, Twice


@dataclass(frozen=True, slots=True)
class Once:
    """A form: whose, its key, and the hash of what it says."""

    phone_hash: bytes
    key: str
    digest: bytes
    at: datetime


async def before(conn: Connection, once: Once) -> str | None:
    """Where the form led when it was done; None where it was not.

    :raises OtherForm: it said something else then.
    """
    found = await sql.form_done(conn, once.phone_hash, once.key)
    if found is None:
        return None
    if found[0] != once.digest:
        raise OtherForm
    return found[1]


async def note(conn: Connection, once: Once, went_to: str) -> None:
    """Notes in the transaction of the form that it is done.

    :raises Twice: it was done meanwhile; the transaction is to be undone.
    """
    if not await sql.form(conn, once.phone_hash, once.key, once.digest, went_to, at=once.at):
        raise Twice
