"""A call of the API: who calls, for which account, with what; and what an operation is."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from channels.web.api.model import Problem
from channels.web.model import House
from core.accounts import rights
from core.accounts.rights import Proof
from core.cabinet.model import Holding, Person
from core.cabinet.tokens.model import Bearer, TokenScope
from core.dossier.own import actions as own
from core.dossier.own.model import Life
from core.selfservice.model import AccountFacts, Facts
from core.store.pool import Connection, acquire
from pages import forms

TOLD = 500
"""Characters of what a problem tells, for it may quote what came."""


class Refused(Exception):
    """A call that comes to nothing: a problem with its status."""

    def __init__(self, status: int, title: str, detail: str = "") -> None:
        super().__init__(title)
        self.problem = Problem(title=title, status=status, detail=forms.clean(detail)[:TOLD])


@dataclass(frozen=True, slots=True)
class Call:
    """A call that may be answered. `given` is its body, checked; `key` its idempotency key, "" where it needs none."""

    house: House
    request: web.Request
    bearer: Bearer
    at: datetime
    account: Holding | None
    given: Any = None
    key: str = ""

    @property
    def person(self) -> Person:
        return self.bearer.person

    @property
    def holding(self) -> Holding:
        """The account of the address; only operations that name one ask for it."""
        assert self.account is not None
        return self.account

    @property
    def today(self) -> date:
        return self.at.astimezone(self.holding.account.zone).date()

    @property
    def language(self) -> str:
        """The language of answers: the phone's own, else Russian."""
        told = self.person.sender.language
        return told if told is not None and told in self.house.words else "ru"

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        return acquire(self.house.pool)

    async def facts(self) -> Facts:
        """What is known of all accounts of the person now."""
        async with self.connection() as conn:
            return await self.house.viewer.facts(conn, self.person, language=self.language, at=self.at)

    async def past(self) -> tuple[Facts, AccountFacts, Life]:
        """What is known of the account now, and all that is on record of it."""
        async with self.connection() as conn:
            facts = await self.house.viewer.facts(conn, self.person, language=self.language, at=self.at)
            life = await own.life(conn, self.holding.account.id)
        return facts, next(one for one in facts.accounts if one.account.id == self.holding.account.id), life


Act = Callable[[Call], Awaitable[BaseModel | dict[str, Any] | web.Response]]


@dataclass(frozen=True, slots=True)
class Query:
    """A value of the address that an operation understands."""

    name: str
    pattern: str
    told: str


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that can be called: what its token needs (`scope`), what the link to the account must allow (`what`),
    what it takes (`body`) and gives (`answer`: a model, "object" for JSON of its own, or a media type). `keyed`: it
    changes something, and is done once for its key."""

    name: str
    method: str
    path: str
    told: str
    scope: TokenScope
    act: Act
    answer: type[BaseModel] | str
    what: rights.Operation | None = None
    body: type[BaseModel] | None = None
    query: tuple[Query, ...] = ()
    keyed: bool = False

    @property
    def of_account(self) -> bool:
        return "{account}" in self.path


def allowed(operation: Operation, holding: Holding) -> bool:
    """Whether the link allows it: what a session may do, a token of its owner may."""
    return operation.what is None or rights.allowed(operation.what, holding.link, Proof.SESSION)
