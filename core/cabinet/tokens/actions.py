"""Tokens of programs: made and shown once, known again by their hash, ended; what a token is stands nowhere."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from asyncpg import Connection

from core.basics import tokens
from core.basics.sealing import Keyring
from core.cabinet import entering
from core.cabinet.model import Person
from core.cabinet.tokens import sql
from core.cabinet.tokens.model import MOST, PREFIX, Bearer, Token, TokenScope, TooMany


async def begin(
    conn: Connection, person: Person, *, name: str, scopes: Iterable[TokenScope], lives: timedelta, wall: datetime
) -> str:
    """A new token, which nobody can see again. In a transaction.

    :raises TooMany: the phone has MOST of them.
    """
    token = PREFIX + secrets.token_urlsafe(32)
    kept = await sql.begin(
        conn, _digest(token), person.sender.hash, name=name, scopes=sorted(scopes), at=wall, till=wall + lives,
        most=MOST,
    )  # fmt: skip
    if not kept:
        raise TooMany
    return token


async def bearer(conn: Connection, token: str, *, wall: datetime, at: datetime, keyring: Keyring) -> Bearer | None:
    """Who calls with the token; None where it is none, any more, or its customer was erased. One statement."""
    if not token.startswith(PREFIX) or len(token) > 100:
        return None
    rows = await sql.bearer(conn, _digest(token), wall=wall, at=at)
    person = entering.person_of(rows, keyring)
    if person is None:
        return None
    return Bearer(person.session, person, frozenset(TokenScope(one) for one in rows[0]["scopes"]))


async def end(conn: Connection, person: Person, token: int, *, wall: datetime) -> None:
    """Ends one of the person's tokens."""
    await sql.end(conn, person.sender.hash, token, at=wall)


async def end_all(conn: Connection, phone_hash: bytes, *, wall: datetime) -> None:
    """Ends all tokens of the phone."""
    await sql.end_all(conn, phone_hash, at=wall)


async def held(conn: Connection, person: Person, *, wall: datetime) -> tuple[Token, ...]:
    """The person's tokens, the latest first."""
    return tuple(
        Token(row["id"], row["name"], tuple(TokenScope(one) for one in row["scopes"]), *tuple(row)[3:])
        for row in await sql.held(conn, person.sender.hash, at=wall)
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(b"token\0" + tokens.written(token)).digest()
