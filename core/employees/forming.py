"""Forms of employees, each done once (R14)."""

from datetime import datetime, timedelta

from asyncpg import Connection

from core.basics.facts import dataclass
from core.employees import sql

KEPT = timedelta(days=2)
"""So long a form is known again."""


class OtherForm(Exception):
    """A form with the key was done that said something else."""


class Twice(Exception):
    """The same form was done at the same instant; this time nothing may be done."""


@dataclass(frozen=True, slots=True)
class Once:
    """A form: whose, its key, and the hash of what it says."""

    employee_id: int
    key: str
    digest: bytes
    at: datetime


async def before(conn: Connection, once: Once) -> str | None:
    """Where the form led when it was done; None where it was not.

    :raises OtherForm: it said something else then.
    """
    found = await sql.form_done(conn, once.employee_id, once.key)
    if found is None:
        return None
    if found[0] != once.digest:
        raise OtherForm
    return found[1]


async def note(conn: Connection, once: Once, went_to: str) -> None:
    """Notes in the transaction of the form that it is done.

    :raises Twice: it was done meanwhile; the transaction is to be undone.
    """
    if not await sql.form(conn, once.employee_id, once.key, once.digest, went_to, at=once.at):
        raise Twice
    await sql.forget_forms(conn, at=once.at, after=KEPT)
