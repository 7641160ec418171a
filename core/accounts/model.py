"""Who speaks and for which accounts: addresses, links with their roles, accounts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from core.basics import phone
from core.basics.facts import dataclass


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


PROVEN_FOR = timedelta(days=365)
"""A phone that was not proven to be its person's for so long may have gone to somebody else."""

PROVEN_TO = timedelta(days=30)
"""So exactly it is kept when a phone was proven: once in so long is written down."""


def stale(proven_at: datetime | None, bounced: int, *, at: datetime) -> bool:
    """Whether a phone may have gone to somebody else: he who writes from it is asked first whether he is still the one,
    and official notices go by letter too. `proven_at` None: the phone is in nobody's keeping."""
    return proven_at is not None and (bounced >= phone.BOUNCES or at - proven_at >= PROVEN_FOR)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who is speaking. `hash` finds the address; `customer_id` and `sealed_key` belong to the customer in whose
    keeping the address is, None for an unknown address; `opted_out` is the company's own STOP; `proven_at` and
    `bounced` tell since when the phone is not proven, and how many messages in a row have not reached it."""

    hash: bytes
    language: str | None = None
    links: tuple[Link, ...] = ()
    customer_id: int | None = None
    sealed_key: bytes | None = None
    opted_out: bool = False
    proven_at: datetime | None = None
    bounced: int = 0

    def stale(self, at: datetime) -> bool:
        return stale(self.proven_at, self.bounced, at=at)

    def was_stale(self, since: datetime) -> bool:
        """Whether the phone was in doubt when a chat was bound to it, which shows only whose the number is by then; and
        nobody has said since that he is still the one."""
        return self.proven_at is not None and since > self.proven_at and self.stale(since)

    def proves(self, at: datetime) -> bool:
        """Whether it is to be written down that a message of the phone's own proves it again."""
        return self.proven_at is not None and (self.bounced > 0 or at - self.proven_at >= PROVEN_TO)

    @property
    def account_ids(self) -> tuple[int, ...]:
        return tuple([link.account_id for link in self.links])


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
