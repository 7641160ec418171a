"""Taking employees on, logging them in, and noting at whose data they look. The caller owns the transaction."""

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import datetime

from asyncpg import Connection, Pool

from core.basics import tokens
from core.basics.facts import dataclass
from core.basics.sealing import Keyring
from core.employees import proving, sql
from core.employees.model import (
    FIRST,
    INVITED,
    LOCKED,
    STANDING,
    TRIES,
    Employee,
    Look,
    Refused,
    Role,
    check_login,
    check_password,
    is_open,
    look_hash,
)
from core.store.pool import acquire

_PHONE = b"employee's phone"
_MANY = 1000


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who holds an invitation: his login, and the secret that his authenticator is to read."""

    login: str
    secret: str


async def add(
    conn: Connection,
    login: str,
    name: str,
    roles: Collection[Role],
    *,
    phone: str | None = None,
    by: str,
    at: datetime,
    keyring: Keyring,
) -> str:
    """Takes an employee on; the invitation with which he sets his password.

    :raises Refused: not a login or a name, no role, or the login is another's.
    """
    check_login(login)
    if not name.strip() or not name.isprintable():
        raise Refused("name", f"not a name: {name!r}")
    if not roles:
        raise Refused("roles", "an employee has at least one role")
    sealed = None if phone is None else keyring.installation.seal(phone.encode(), purpose=_PHONE)
    employee_id = await sql.add(conn, login, name.strip(), sealed, at=at, by=by)
    if employee_id is None:
        raise Refused("taken", f"the login {login} is another's")
    await sql.post(conn, employee_id, sorted(roles), at=at, by=by)
    return await _invitation(conn, employee_id, at=at, keyring=keyring)


def phone_of(sealed: bytes, keyring: Keyring) -> str:
    """The phone of an employee, from what is stored of it."""
    return keyring.installation.open(sealed, purpose=_PHONE).decode()


async def post(conn: Connection, login: str, roles: Collection[Role], *, by: str, at: datetime) -> Employee:
    """Gives an employee these roles and no others; with none he has left, and his logins end.

    :raises Refused: nobody has the login.
    """
    employee = await _known(conn, login)
    await sql.post(conn, employee.id, sorted(roles), at=at, by=by)
    if not roles:
        await sql.end_all(conn, employee.id, at=at)
    return employee


async def invite(conn: Connection, login: str, *, at: datetime, keyring: Keyring) -> str:
    """A new invitation, in place of the old password and codes; his logins end.

    :raises Refused: nobody has the login.
    """
    employee = await _known(conn, login)
    await sql.end_all(conn, employee.id, at=at)
    return await _invitation(conn, employee.id, at=at, keyring=keyring)


async def _invitation(conn: Connection, employee_id: int, *, at: datetime, keyring: Keyring) -> str:
    code = proving.new_invitation()
    sealed = keyring.installation.seal(proving.new_secret().encode(), purpose=proving.seal_purpose())
    await sql.invite(conn, employee_id, sealed, proving.invitation_digest(code), at + INVITED)
    return code


async def invited(conn: Connection, code: str, *, at: datetime, keyring: Keyring) -> Invited | None:
    """Who was invited by this code; None where nobody was, or not any more."""
    found = await sql.invited(conn, proving.invitation_digest(code), at=at)
    return None if found is None else Invited(found[0], _opened(found[1], keyring))


async def take_up(
    conn: Connection, code: str, *, password: str, totp: str, name: str = "", at: datetime, keyring: Keyring
) -> int:
    """Sets the password of who was invited, once he shows a code of his authenticator; his id.

    :raises Refused: nobody was invited by this code, the password is too weak, or the code is wrong.
    """
    found = await invited(conn, code, at=at, keyring=keyring)
    if found is None:
        raise Refused("invitation", "nobody was invited by this code, or not any more")
    check_password(password, login=found.login, name=name)
    step = proving.step_of(found.secret, totp, at=at)
    if step is None:
        raise Refused("code", "that is not the code that the authenticator shows now")
    kept = await asyncio.to_thread(proving.hashed, password)
    employee_id = await sql.take_up(conn, proving.invitation_digest(code), kept, step, at=at)
    if employee_id is None:
        raise Refused("invitation", "nobody was invited by this code, or not any more")
    return employee_id


async def sign_in(pool: Pool, login: str, password: str, code: str, *, at: datetime, keyring: Keyring) -> str | None:
    """The token of a new login; None where login, password or code is wrong, whichever it was, or after too many tries.

    Takes as long for a login that nobody has. No connection is held while the password is hashed.
    """
    async with acquire(pool) as conn:
        employee = await sql.by_login(conn, login)
        secrets = await sql.secrets(conn, employee.id) if employee else None
        tried = await sql.try_(conn, employee.id, at=at) if employee and secrets else None
    right = await asyncio.to_thread(proving.is_password, secrets.password if secrets else None, password)
    if employee is None or secrets is None or tried is None:
        return None
    step = proving.step_of(_opened(secrets.totp_sealed, keyring), code, at=at)
    good = right and employee.roles and tried <= TRIES
    async with acquire(pool) as conn, conn.transaction():
        if good and step is not None and await sql.use_code(conn, employee.id, step):
            return await begin(conn, employee.id, at=at)
        if tried >= TRIES:
            await sql.lock_out(conn, employee.id, at + LOCKED)
    return None


async def begin(conn: Connection, employee_id: int, *, at: datetime) -> str:
    """The token of a new login, for somebody who has proved who he is."""
    token = tokens.new_token()
    await sql.begin(conn, tokens.token_digest(token), employee_id, at=at)
    return token


async def signed_in(conn: Connection, token: str, *, at: datetime, silent: bool = False) -> Employee | None:
    """Whose login this is, which lasts longer by it unless `silent`; None where it has ended, or its owner has left."""
    digest = tokens.token_digest(token)
    login = await sql.session(conn, digest)
    if login is None or not login.employee.roles:
        return None
    if not is_open(login.begun_at, login.seen_at, login.ended_at, at=at):
        return None
    if at > login.seen_at and not silent:
        await sql.seen(conn, digest, at=at)
    return login.employee


async def set_language(conn: Connection, employee_id: int, language: str) -> None:
    await sql.set_language(conn, employee_id, language)


async def sign_out(conn: Connection, token: str, *, at: datetime) -> None:
    await sql.end(conn, tokens.token_digest(token), at=at)


async def look(
    conn: Connection, employee_id: int, *, account_id: int | None, what: str, reason: str, at: datetime
) -> None:
    """Notes a look at a customer's data, chained to the one before; the others wait until the transaction ends."""
    no, previous = await sql.last_look(conn) or (0, FIRST)
    found = look_hash(no + 1, employee_id, at, account_id, what, reason, previous)
    await sql.add_look(conn, Look(no + 1, employee_id, at, account_id, what, reason, previous, found))


async def look_first(conn: Connection, employee_id: int, account_id: int, *, reason: str, at: datetime) -> bool:
    """Notes why an employee is about to look at an account; whether there is such an account."""
    if not await sql.has_account(conn, account_id):
        return False
    await look(conn, employee_id, account_id=account_id, what="/why", reason=reason, at=at)
    return True


async def standing_reason(conn: Connection, employee_id: int, account_id: int, *, at: datetime) -> str | None:
    """Why the employee looks at the account: what he said within the last hour, None where he has to say it."""
    return await sql.reason(conn, employee_id, account_id, since=at - STANDING)


async def latest_looks(conn: Connection, *, before: int, most: int) -> list[sql.Seen]:
    """The looks with smaller numbers than that, the latest first."""
    return await sql.latest_looks(conn, before=before, most=most)


async def everybody(conn: Connection) -> list[Employee]:
    """All employees, those who have left too, in the order of their logins."""
    return await sql.all_(conn)


async def broken(conn: Connection) -> int | None:
    """The number of the first look that is not as it was written, or before which one is missing; None: all hold."""
    no, previous = 0, FIRST
    async for one in _looks(conn):
        told = look_hash(one.no, one.employee_id, one.at, one.account_id, one.what, one.reason, one.previous)
        if one.no != no + 1 or one.previous != previous or told != one.hash:
            return one.no
        no, previous = one.no, one.hash
    return None


async def last(conn: Connection) -> tuple[int, bytes] | None:
    """The number and hash of the last look, None where there is none: kept outside, it proves all before."""
    async with conn.transaction():
        return await sql.last_look(conn)


async def _looks(conn: Connection) -> AsyncIterator[Look]:
    no = 0
    while found := await sql.looks_from(conn, no, _MANY):
        for one in found:
            yield one
        no = found[-1].no


async def _known(conn: Connection, login: str) -> Employee:
    employee = await sql.by_login(conn, login)
    if employee is None:
        raise Refused("nobody", f"nobody has the login {login}")
    return employee


def _opened(sealed: bytes, keyring: Keyring) -> str:
    return keyring.installation.open(sealed, purpose=proving.seal_purpose()).decode()
