"""The company's own people: what each may do, how long a login holds, and which looks at customers' data are noted."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from core.basics.facts import dataclass

IDLE = timedelta(minutes=30)
"""After so long without a request a login has ended (R35)."""

LONGEST = timedelta(hours=12)
"""After so long a login has ended whatever was done (R35)."""

TRIES = 5
"""Wrong passwords or codes in a row, after which a login waits."""

LOCKED = timedelta(minutes=15)

INVITED = timedelta(hours=24)
"""For so long an invitation may be taken up."""

SHORTEST, LONGEST_PASSWORD = 12, 128
"""Characters of a password."""

STEP = 30
"""Seconds for which a code of the authenticator holds; one step before and after is taken too (RFC 6238)."""

STANDING = timedelta(hours=1)
"""For so long the reason of a look holds for further looks of the employee at the same account."""

_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,31}")


class Role(StrEnum):
    """What an employee may do (R39)."""

    CLERK = "clerk"
    CONTROLLER = "controller"
    BILLER = "biller"
    AUTHOR = "author"
    APPROVER = "approver"
    COLLECTOR = "collector"
    AUDITOR = "auditor"
    ADMIN = "admin"


EVERYBODY = frozenset(Role)

SEES_IN_FULL = frozenset({Role.CONTROLLER, Role.COLLECTOR, Role.AUDITOR, Role.ADMIN})
"""Who sees phones and documents of customers in full; others see their last digits (R39)."""


class Refused(Exception):
    """An employee cannot be as he is told to be; the message says why, in English, for the command line. `key` names
    the sentence for pages."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody who works at the company. Without roles he has left."""

    id: int
    login: str
    name: str
    roles: frozenset[Role]
    language: str = "ru"
    has_phone: bool = False

    def may(self, roles: frozenset[Role]) -> bool:
        return bool(self.roles & roles)

    @property
    def sees_in_full(self) -> bool:
        return self.may(SEES_IN_FULL)


@dataclass(frozen=True, slots=True)
class Secrets:
    """How an employee proves who he is; `password` is its Argon2 hash, None until an invitation is taken up."""

    password: str | None
    totp_sealed: bytes
    totp_step: int
    failed: int
    locked_till: datetime | None


@dataclass(frozen=True, slots=True)
class Look:
    """A look at the data of a customer: `what` names the page, `account_id` is None where it was a list.

    `no` counts all looks without a gap; `previous` is the hash of the one before, and `hash` covers it all.
    """

    no: int
    employee_id: int
    at: datetime
    account_id: int | None
    what: str
    reason: str
    previous: bytes
    hash: bytes


FIRST = bytes(32)
"""What stands before the first look."""


def look_hash(
    no: int, employee_id: int, at: datetime, account_id: int | None, what: str, reason: str, previous: bytes
) -> bytes:
    """The hash of a look, over all that it says and the hash before it; 32 bytes."""
    told = (str(no), str(employee_id), at.astimezone(UTC).isoformat(), str(account_id or ""), what, reason)
    parts = [f"{len(one.encode())}:".encode() + one.encode() for one in told]
    return hashlib.sha256(previous + b"".join(parts)).digest()


def is_open(begun_at: datetime, seen_at: datetime, ended_at: datetime | None, *, at: datetime) -> bool:
    """Whether a login still holds."""
    return ended_at is None and at - seen_at < IDLE and at - begun_at < LONGEST


def check_login(login: str) -> None:
    """
    :raises Refused: it cannot be a login.
    """
    if not _LOGIN.fullmatch(login):
        raise Refused("login", f"not a login: {login!r}; one is 2 to 32 of a-z, digits, . _ -, a letter first")


def check_password(password: str, *, login: str, name: str) -> None:
    """
    :raises Refused: too short, too long, or made of the name.
    """
    if len(password) < SHORTEST:
        raise Refused("short", f"a password has at least {SHORTEST} characters")
    if len(password) > LONGEST_PASSWORD:
        raise Refused("long", f"a password has at most {LONGEST_PASSWORD} characters")
    known = [login, *name.lower().split(), "meterline", "password", "пароль"]
    rest = password.lower()
    for one in known:
        rest = rest.replace(one, "")
    if len(set(password)) < 5 or len(rest) < SHORTEST // 2:
        raise Refused("plain", "a password is not one's name, nor one letter again and again")
