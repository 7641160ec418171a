"""Reads what a customer may see of an account over time; whether he may is the caller's to ask."""

from asyncpg import Connection

from core.dossier.own import sql
from core.dossier.own.model import Life


async def life(conn: Connection, account_id: int) -> Life:
    """Everything on record of the account, in one statement.

    :raises LookupError: there is no such account.
    """
    found = await sql.life(conn, account_id)
    if found is None:
        raise LookupError(f"no account {account_id}")
    return found
