"""Who could do what, as it was on record: what the gateway did can be shown to be right, whatever was learned since."""

from datetime import datetime

from asyncpg import Connection

from core.accounts import rights
from core.accounts.linking import sql
from core.accounts.rights import Operation, Proof


async def who_could(
    conn: Connection, account_id: int, what: Operation, *, on: datetime, known_at: datetime, proof: Proof = Proof.NUMBER
) -> frozenset[bytes]:
    """The hashes of the phones that could do it to the account at the time `on`, as far as it was known at `known_at`;
    `proof` is how their person is known. What began or ended later, or was recorded later, does not count.

    :raises KeyError: the operation has no row in the table.
    """
    links = await sql.links_known(conn, account_id, on=on, known_at=known_at)
    return frozenset(phone for phone, link in links if rights.allowed(what, link, proof))
