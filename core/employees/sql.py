"""What the database is asked about the company's own people."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from asyncpg import Connection, Record

from core.basics.facts import dataclass
from core.employees.model import Employee, Look, Role, Secrets

ALL = """
select id, login, name, roles, language, has_phone from employed order by login
"""

BY_LOGIN = """
select id, login, name, roles, language, has_phone from employed where login = $1
"""

ADD = """
insert into employees (login, name, phone_sealed, added_at, added_by) values ($1, $2, $3, $4, $5)
on conflict (login) do nothing returning id
"""

POST = """
insert into employee_posts (employee_id, roles, at, by) values ($1, $2, $3, $4)
"""

INVITE = """
insert into employee_secrets (employee_id, password, totp_sealed, invitation, invited_till)
values ($1, null, $2, $3, $4)
on conflict (employee_id) do update
   set password = null, totp_sealed = $2, totp_step = 0, invitation = $3, invited_till = $4,
       failed = 0, locked_till = null
"""

INVITED = """
select e.login, s.totp_sealed
  from employee_secrets s join employees e on e.id = s.employee_id
 where s.invitation = $1 and s.invited_till > $2
"""

TAKE_UP = """
update employee_secrets set password = $2, totp_step = $3, invitation = null, invited_till = null
 where invitation = $1 and invited_till > $4
 returning employee_id
"""

SECRETS = """
select password, totp_sealed, totp_step, failed, locked_till from employee_secrets where employee_id = $1
"""

TRY = """
update employee_secrets
   set failed = case when locked_till is null then failed else 0 end + 1, locked_till = null
 where employee_id = $1 and (locked_till is null or locked_till <= $2)
 returning failed
"""

LOCK_OUT = """
update employee_secrets set locked_till = $2 where employee_id = $1
"""

USE_CODE = """
update employee_secrets set totp_step = $2, failed = 0, locked_till = null where employee_id = $1 and totp_step < $2
 returning employee_id
"""

SET_LANGUAGE = """
update employee_secrets set language = $2 where employee_id = $1
"""

BEGIN = """
insert into staff_sessions (digest, employee_id, begun_at, seen_at) values ($1, $2, $3, $3)
"""

SESSION = """
select e.id, e.login, e.name, e.roles, e.language, e.has_phone, s.begun_at, s.seen_at, s.ended_at
  from staff_sessions s join employed e on e.id = s.employee_id
 where s.digest = $1
"""

SEEN = """
update staff_sessions set seen_at = $2 where digest = $1 and seen_at < $2 and ended_at is null
"""

END = """
update staff_sessions set ended_at = $2 where digest = $1 and ended_at is null
"""

END_ALL = """
update staff_sessions set ended_at = $2 where employee_id = $1 and ended_at is null
"""

FORM = """
insert into staff_forms (employee_id, key, digest, went_to, at) values ($1, $2, $3, $4, $5)
on conflict do nothing returning key
"""

FORM_DONE = """
select digest, went_to from staff_forms where employee_id = $1 and key = $2
"""

FORGET_FORMS = """
delete from staff_forms where at < $1
"""

LOOK_TURN = """
select pg_advisory_xact_lock(hashtextextended('meterline looks', 0))
"""

LAST_LOOK = """
select no, hash from looks order by no desc limit 1
"""

LOOK = """
insert into looks (no, employee_id, at, account_id, what, reason, previous, hash)
values ($1, $2, $3, $4, $5, $6, $7, $8)
"""

REASON = """
select reason from looks where employee_id = $1 and account_id = $2 and at > $3 order by no desc limit 1
"""

LOOKS_FROM = """
select no, employee_id, at, account_id, what, reason, previous, hash from looks where no > $1 order by no limit $2
"""

LOOKS_AT = """
select l.no, l.at, l.what, l.reason, e.name from looks l join employees e on e.id = l.employee_id
 where l.account_id = $1 order by l.no desc limit $2
"""

LATEST_LOOKS = """
select l.no, l.at, l.what, l.reason, e.name, a.id as account_id, a.number as account
  from looks l join employees e on e.id = l.employee_id left join accounts a on a.id = l.account_id
 where l.no < $1 order by l.no desc limit $2
"""

HAS_ACCOUNT = """
select exists (select from accounts where id = $1)
"""


@dataclass(frozen=True, slots=True)
class Login:
    """A login by what the browser holds: whose it is, and since when."""

    employee: Employee
    begun_at: datetime
    seen_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Seen:
    """A look with the name of who looked, and the number of the account where it was one."""

    no: int
    at: datetime
    what: str
    reason: str
    name: str
    account_id: int | None = None
    account: str | None = None


async def all_(conn: Connection) -> list[Employee]:
    """Everybody, in the order of their logins."""
    return [_employee(row) for row in await conn.fetch(ALL)]


async def by_login(conn: Connection, login: str) -> Employee | None:
    row = await conn.fetchrow(BY_LOGIN, login)
    return None if row is None else _employee(row)


async def add(
    conn: Connection, login: str, name: str, phone_sealed: bytes | None, *, at: datetime, by: str
) -> int | None:
    """The id of the new employee; None where the login is another's."""
    found: int | None = await conn.fetchval(ADD, login, name, phone_sealed, at, by)
    return found


async def post(conn: Connection, employee_id: int, roles: Sequence[Role], *, at: datetime, by: str) -> None:
    """From now on the employee has these roles and no others."""
    await conn.execute(POST, employee_id, [str(role) for role in roles], at, by)


async def invite(conn: Connection, employee_id: int, totp_sealed: bytes, invitation: bytes, till: datetime) -> None:
    """Forgets the password and the old codes; who brings the invitation in time sets new ones."""
    await conn.execute(INVITE, employee_id, totp_sealed, invitation, till)


async def invited(conn: Connection, invitation: bytes, *, at: datetime) -> tuple[str, bytes] | None:
    """The login that an invitation is for, and its sealed secret of codes."""
    row = await conn.fetchrow(INVITED, invitation, at)
    return None if row is None else (row[0], row[1])


async def take_up(conn: Connection, invitation: bytes, password: str, step: int, *, at: datetime) -> int | None:
    """Whose invitation it was; None where it was taken up already, or is too old."""
    found: int | None = await conn.fetchval(TAKE_UP, invitation, password, step, at)
    return found


async def secrets(conn: Connection, employee_id: int) -> Secrets | None:
    row = await conn.fetchrow(SECRETS, employee_id)
    return None if row is None else Secrets(*row)


async def try_(conn: Connection, employee_id: int, *, at: datetime) -> int | None:
    """Counts a try before it is looked at, so that many at once are many; None where the login is locked."""
    tried: int | None = await conn.fetchval(TRY, employee_id, at)
    return tried


async def lock_out(conn: Connection, employee_id: int, till: datetime) -> None:
    await conn.execute(LOCK_OUT, employee_id, till)


async def use_code(conn: Connection, employee_id: int, step: int) -> bool:
    """Whether a code of that step was still unused; the wrong tries are then forgotten."""
    return await conn.fetchval(USE_CODE, employee_id, step) is not None


async def set_language(conn: Connection, employee_id: int, language: str) -> None:
    await conn.execute(SET_LANGUAGE, employee_id, language)


async def begin(conn: Connection, digest: bytes, employee_id: int, *, at: datetime) -> None:
    await conn.execute(BEGIN, digest, employee_id, at)


async def session(conn: Connection, digest: bytes) -> Login | None:
    row = await conn.fetchrow(SESSION, digest)
    return None if row is None else Login(_employee(row), row["begun_at"], row["seen_at"], row["ended_at"])


async def seen(conn: Connection, digest: bytes, *, at: datetime) -> None:
    await conn.execute(SEEN, digest, at)


async def end(conn: Connection, digest: bytes, *, at: datetime) -> None:
    await conn.execute(END, digest, at)


async def end_all(conn: Connection, employee_id: int, *, at: datetime) -> None:
    await conn.execute(END_ALL, employee_id, at)


async def form_done(conn: Connection, employee_id: int, key: str) -> tuple[bytes, str] | None:
    """The hash of the fields of a form that was done, and where it led."""
    row = await conn.fetchrow(FORM_DONE, employee_id, key)
    return None if row is None else (row[0], row[1])


async def form(conn: Connection, employee_id: int, key: str, digest: bytes, went_to: str, *, at: datetime) -> bool:
    """Notes that a form is done; whether it was the first time."""
    return await conn.fetchval(FORM, employee_id, key, digest, went_to, at) is not None


async def forget_forms(conn: Connection, *, at: datetime, after: timedelta) -> None:
    """Forgets forms that nobody will send again."""
    await conn.execute(FORGET_FORMS, at - after)


async def last_look(conn: Connection) -> tuple[int, bytes] | None:
    """The number and hash of the last look; nobody else adds one until the transaction ends."""
    await conn.execute(LOOK_TURN)
    row = await conn.fetchrow(LAST_LOOK)
    return None if row is None else (row[0], row[1])


async def add_look(conn: Connection, look: Look) -> None:
    await conn.execute(
        LOOK, look.no, look.employee_id, look.at, look.account_id, look.what, look.reason, look.previous, look.hash
    )


async def reason(conn: Connection, employee_id: int, account_id: int, *, since: datetime) -> str | None:
    """Why the employee looked at the account last, after that time."""
    found: str | None = await conn.fetchval(REASON, employee_id, account_id, since)
    return found


async def looks_from(conn: Connection, no: int, most: int) -> list[Look]:
    """The looks after that number, in their order, so many at most."""
    return [Look(*row) for row in await conn.fetch(LOOKS_FROM, no, most)]


async def looks_at(conn: Connection, account_id: int, most: int) -> list[Seen]:
    """Who looked at an account, the latest first."""
    return [Seen(*row) for row in await conn.fetch(LOOKS_AT, account_id, most)]


async def has_account(conn: Connection, account_id: int) -> bool:
    return bool(await conn.fetchval(HAS_ACCOUNT, account_id))


async def latest_looks(conn: Connection, *, before: int, most: int) -> list[Seen]:
    """The looks with smaller numbers than that, the latest first."""
    return [Seen(*row) for row in await conn.fetch(LATEST_LOOKS, before, most)]


def _employee(row: Record) -> Employee:
    roles = frozenset(Role(one) for one in row["roles"])
    return Employee(row["id"], row["login"], row["name"], roles, row["language"], row["has_phone"])
