"""What the pages of the staff are made of: routes with their roles, what is asked, and what is shown."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from os import urandom
from typing import Protocol
from zoneinfo import ZoneInfo

from aiohttp import web

from core.basics.sealing import Keyring
from core.employees import actions as employees
from core.employees.model import Employee, Role
from core.jobs.model import Job
from core.outbox.noticing import Wire
from core.store.pool import Connection, Pool, acquire
from core.wording.words import Words
from pages.shown import Done as Done
from pages.shown import Go as Go
from pages.shown import Page as Page
from pages.words import PageWords


class Clock(Protocol):
    def __call__(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class House:
    """What all pages need: the database, the keys, the company's time and zone. `wall` is the time of the world, by
    which logins end and authenticators count; the demo's `now` is another. `words` are those of the pages, `speech`
    those of messages to customers."""

    pool: Pool
    keyring: Keyring
    now: Clock
    wall: Clock
    zone: ZoneInfo
    words: Mapping[str, PageWords]
    speech: Words
    jobs: tuple[Job, ...] = ()
    begin: Callable[[str, str], None] | None = None
    """Begins a job for a period in a process of its own; None where nobody may from here."""
    segment_price: int = 0
    """Kopecks that a segment of an SMS costs; 0: nobody has said."""
    tell_payments_days: int = 0
    """Customers are told of payments of so many days back; 0: of none."""


class ReasonWanted(Exception):
    """The employee has to say first why he looks at the account."""

    def __init__(self, account_id: int) -> None:
        super().__init__(f"account {account_id}")
        self.account_id = account_id


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of an employee who is logged in, and may have what he asks for."""

    house: House
    request: web.Request
    employee: Employee
    token: str
    at: datetime
    file: bytes = b""
    """What a form brought that may bring a file."""

    @property
    def words(self) -> PageWords:
        return self.house.words[self.employee.language]

    @property
    def number(self) -> int:
        """The number in the address, as in /inbox/{id}.

        :raises web.HTTPNotFound: it is none, or too large to be one of ours.
        """
        return self.number_of("id")

    def number_of(self, name: str) -> int:
        """The number in that part of the address.

        :raises web.HTTPNotFound: it is none, or too large to be one of ours.
        """
        text = self.request.match_info[name]
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise web.HTTPNotFound
        return int(text)

    def query(self, name: str, *, longest: int = 100) -> str:
        """A value of the address, without control characters."""
        told = self.request.query.get(name, "")[:longest]
        return "".join(one for one in told if one.isprintable()).strip()

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        """A connection of the pool: once a request."""
        return acquire(self.house.pool)

    @property
    def wire(self) -> Wire:
        """By what messages to customers are made."""
        return Wire(self.house.keyring, self.house.speech, urandom)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.house.zone)

    @property
    def today(self) -> date:
        """The company's date."""
        return self.local(self.at).date()

    async def look(self, conn: Connection, account_id: int | None, what: str, *, reason: str = "") -> None:
        """Notes that the employee looks at an account, or at a list that shows data of many. The reason is the one
        given, else what he said for this account within the hour.

        :raises ReasonWanted: he has not said it; the site asks, and comes back.
        """
        why = reason
        if not why and account_id is not None:
            found = await employees.standing_reason(conn, self.employee.id, account_id, at=self.at)
            if found is None:
                raise ReasonWanted(account_id)
            why = found
        await employees.look(conn, self.employee.id, account_id=account_id, what=what, reason=why or "list", at=self.at)


Form = Mapping[str, str]
View = Callable[[Asked], Awaitable[Page | web.StreamResponse]]
Act = Callable[[Asked, Connection, Form], Awaitable[Page | Go | Done]]
"""Does what a form asks, in the transaction of the connection: a page shows what is wrong, and nothing was done."""

Public = Callable[[House, web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Get:
    """A page for the roles. `silent`: a script asks for it by itself, which does not make the login last longer."""

    path: str
    roles: frozenset[Role]
    view: View
    silent: bool = False


Before = Callable[[Asked, Form], Awaitable[None]]


async def nothing_before(_: Asked, __: Form) -> None:
    """Nothing is to be noted of this form but what it does."""


@dataclass(frozen=True, slots=True)
class Post:
    """A form that the roles may send; each is done once (R14). `before` notes what stays noted even where nothing is
    done, such as a look. `file`: so many bytes a file in its field "file" may have; 0: it brings none."""

    path: str
    roles: frozenset[Role]
    act: Act
    before: Before = nothing_before
    file: int = 0


Route = Get | Post


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu: the text menu.`name`, for the roles."""

    path: str
    name: str
    roles: frozenset[Role]
