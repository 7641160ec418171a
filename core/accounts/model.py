"""Who speaks and for which accounts: addresses, links with their roles, accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo


class Role(StrEnum):
    """What ties a phone to an account (ruling 22)."""

    OWNER = "owner"
    PAYER = "payer"
    HELPER = "helper"
    TENANT = "tenant"
    UNVERIFIED = "unverified"


class Scope(StrEnum):
    """What a link allows."""

    READ = "read"
    SUBMIT = "submit"
    VISIT = "visit"
    PROMISE = "promise"
    LEGAL = "legal"
    MANAGE = "manage"


SCOPES: dict[Role, frozenset[Scope]] = {
    Role.OWNER: frozenset(Scope),
    Role.PAYER: frozenset({Scope.READ, Scope.SUBMIT, Scope.PROMISE}),
    Role.HELPER: frozenset({Scope.SUBMIT}),
    Role.TENANT: frozenset({Scope.READ, Scope.SUBMIT}),
    Role.UNVERIFIED: frozenset({Scope.SUBMIT}),
}
"""What each role allows; the owner may add to a helper's (ruling 22)."""


@dataclass(frozen=True, slots=True)
class Link:
    """A phone's tie to an account, with the phone's own name for the account."""

    account_id: int
    role: Role
    scopes: frozenset[Scope]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who is speaking. `hash` finds the address; `customer_id` and `sealed_key` belong to the customer in whose
    keeping the address is, None for an unknown address; `opted_out` is the company's own STOP."""

    hash: bytes
    language: str | None = None
    links: tuple[Link, ...] = ()
    customer_id: int | None = None
    sealed_key: bytes | None = None
    opted_out: bool = False

    @property
    def account_ids(self) -> tuple[int, ...]:
        return tuple(link.account_id for link in self.links)


@dataclass(frozen=True, slots=True)
class Account:
    """A personal account; `zone` is where its days are counted."""

    id: int
    number: str
    zone: ZoneInfo
    currency: str
    persons: int

    @property
    def tail(self) -> str:
        """How a message names the account: its last four characters (ruling 26)."""
        return ".." + self.number[-4:]


@dataclass(frozen=True, slots=True)
class Question:
    """What a person was asked and has not answered: plain `terms` that come back with the answer."""

    kind: str
    terms: Mapping[str, Any]
    asked_at: datetime
    expires_at: datetime


WAYS = 32
"""Characters of what the company says of where to pay: there is room for no more beside the sum and the account."""


@dataclass(frozen=True, slots=True)
class CompanyProfile:
    """The one company of the installation. `timezone` is that of its business date, `pack` its rule pack, `window` the
    first and last day of the month on which readings are wanted, `pay` where to pay in at most WAYS characters."""

    name: str
    phone: str
    timezone: str
    currency: str
    pack: str
    window: tuple[int, int] | None = None
    pay: str = ""
