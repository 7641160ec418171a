"""What the cabinet's pages are made of: routes, who asks for what, and what is shown.

A page is a module of this folder with its ROUTES, a template, words in texts/<language>/, and a line in menu.py.
"""

import base64
import hmac
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from aiohttp import web

from core.accounts import rights
from core.accounts.rights import Operation, Proof
from core.answer.model import Answer
from core.basics.sealing import Keyring
from core.cabinet.entering import Door
from core.cabinet.model import FRESH, Holding, Person
from core.cabinet.viewing import Viewer
from core.commands import Command
from core.inbox.model import Inbound
from core.outbox.noticing import Wire
from core.selfservice.model import AccountFacts, Facts
from core.store.pool import Connection, Pool, acquire
from core.wording.words import Words
from pages.shown import Done as Done
from pages.shown import Go as Go
from pages.shown import Page as Page
from pages.words import PageWords


class Clock(Protocol):
    def __call__(self) -> datetime: ...


class Answers(Protocol):
    async def __call__(self, inbound: Inbound) -> Answer: ...


@dataclass(frozen=True, slots=True)
class House:
    """What all pages need. `now` is the company's time, `wall` that of the world, by which logins and codes end;
    `words` are those of the pages, `speech` those of messages; `origin` is what the world calls us, such as
    https://example.org; `client` tells who calls; `chats`: the bot is switched on."""

    pool: Pool
    keyring: Keyring
    answer: Answers
    viewer: Viewer
    now: Clock
    wall: Clock
    zone: ZoneInfo
    words: Mapping[str, PageWords]
    speech: Words
    door: Door
    wire: Wire
    origin: str
    client: Callable[[web.Request], str]
    chats: bool = False

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")

    def address_of(self, account_id: int) -> str:
        """What stands for the account in an address: 96 bits that tell nothing of it (R36)."""
        told = hmac.digest(self.door.secret, b"account\0" + str(account_id).encode(), "sha256")
        return base64.b32encode(told[:12]).decode().lower().rstrip("=")


_MARK = re.compile(r"[a-z2-7]{20}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a person who is logged in. Pages get everything from here: who he is (`person`), for which of his
    accounts he asks (`holding`, that of the {account} in the address), when (`at`), and in which `words`."""

    house: House
    request: web.Request
    person: Person
    token: str
    at: datetime
    language: str
    file: bytes = b""
    """What a form brought that may bring a file."""

    @property
    def words(self) -> PageWords:
        return self.house.words[self.language]

    @property
    def holding(self) -> Holding:
        """The account of the address.

        :raises web.HTTPNotFound: it is none of his, whether it is another's or nobody's.
        """
        told = self.request.match_info.get("account", "")
        if _MARK.fullmatch(told):
            for one in self.person.holdings:
                if hmac.compare_digest(told, self.house.address_of(one.account.id)):
                    return one
        raise web.HTTPNotFound

    def may(self, what: Operation) -> bool:
        """Whether his link to the account of the address allows it: the table of core.accounts.rights."""
        return rights.allowed(what, self.holding.link, Proof.SESSION)

    @property
    def fresh(self) -> bool:
        """Whether he has just logged in with a code, as he must have to let others in or change his phone (R35)."""
        return self.house.wall() - self.person.begun_at <= FRESH

    def need(self, what: Operation) -> None:
        """Lets pass who may do it to the account of the address.

        :raises web.HTTPForbidden: his link does not allow it.
        """
        if not self.may(what):
            raise web.HTTPForbidden

    def path(self, page: str = "", *, of: Holding | None = None) -> str:
        """The address of a page of the account, the one asked for where none is given: path("readings")."""
        place = f"/my/{self.house.address_of((of or self.holding).account.id)}"
        return f"{place}/{page}" if page else place

    def query(self, name: str, *, longest: int = 100) -> str:
        """A value of the address, without control characters."""
        told = self.request.query.get(name, "")[:longest]
        return "".join(one for one in told if one.isprintable()).strip()

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        """A connection of the pool: once a request."""
        return acquire(self.house.pool)

    async def facts(self, conn: Connection) -> Facts:
        """All that is known of his accounts, as a message of his would find it; one statement."""
        return await self.house.viewer.facts(conn, self.person, language=self.language, at=self.at)

    def mine(self, facts: Facts) -> AccountFacts:
        """What is known of the account of the address."""
        return next(one for one in facts.accounts if one.account.id == self.holding.account.id)

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.house.zone)

    @property
    def today(self) -> date:
        """The day where the account of the address is."""
        return self.at.astimezone(self.holding.account.zone).date()


Form = Mapping[str, str]
View = Callable[[Asked], Awaitable[Page | web.StreamResponse]]
Act = Callable[[Asked, Connection, Form], Awaitable[Page | Go | Done]]
"""Does what a form asks, in the transaction of the connection: a page shows what is wrong, and nothing was done."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a form says to the company, as a text would, and what the person typed, for the record."""

    command: Command
    words: str = ""


Speech = Callable[[Asked, Form], Awaitable[Said | Page]]
"""What a form says; a page shows what is wrong, and nothing was said."""

PublicView = Callable[["Guest"], Awaitable[Page | web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Guest:
    """A request of whoever comes: nobody need be logged in. `language` is the one he chose, else his browser's."""

    house: House
    request: web.Request
    language: str
    person: Person | None = None

    @property
    def words(self) -> PageWords:
        return self.house.words[self.language]


@dataclass(frozen=True, slots=True)
class Open:
    """A page for everybody. It is not told who is logged in, and may be kept by caches of the browser only."""

    path: str
    view: PublicView


@dataclass(frozen=True, slots=True)
class Try:
    """A form of a page for everybody that changes nothing: what it brings is looked at, answered and forgotten."""

    path: str
    view: PublicView


DoorView = Callable[["Guest", Form, str], Awaitable[Page | web.StreamResponse]]
"""Gets the form, empty where there is none, and what the browser holds before anybody is logged in."""


@dataclass(frozen=True, slots=True)
class Ring:
    """A page for everybody with a form: its browser is given something to be known by."""

    path: str
    view: DoorView


@dataclass(frozen=True, slots=True)
class Knock:
    """A form of such a page; it comes from the browser that was shown it."""

    path: str
    view: DoorView


@dataclass(frozen=True, slots=True)
class Get:
    """A page for who is logged in; {account} in its path is one of his accounts, any other is not found. `doubted`: it
    is open to a phone that may have gone to somebody else, and tells nothing of an account."""

    path: str
    view: View
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """A form of who is logged in, done once (R14). `file`: so many bytes a file in its field "file" may have; 0: it
    brings none."""

    path: str
    act: Act
    file: int = 0
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class Say:
    """A form that is a command: it is answered as a text would be, and the answer shown on the page `to`, which is one
    of the account where the path names one."""

    path: str
    speech: Speech
    to: str
    doubted: bool = False


Route = Open | Try | Ring | Knock | Get | Post | Say


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu of an account: the page my/{account}/`page`, the text menu.`name`, for whom `what` is allowed;
    None: for all; `group` is the text group.`group` that it stands under."""

    page: str
    name: str
    what: Operation | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the menu with its entries; `open_`: the page that is shown stands in it."""

    name: str
    entries: tuple[Entry, ...]
    open_: bool


def grouped(entries: Iterable[Entry], page: str) -> tuple[Group, ...]:
    """The entries by their groups, in their order; `page` is the one that is shown, such as bills/3, which belongs to
    the entry bills."""
    found: dict[str, list[Entry]] = {}
    for one in entries:
        found.setdefault(one.group, []).append(one)
    head = page.partition("/")[0]
    return tuple(Group(name, tuple(some), any(one.page == head for one in some)) for name, some in found.items())
