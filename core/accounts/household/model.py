"""What the people of an account settle themselves: invitations, and a phone that takes the place of another."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from core.accounts.model import SCOPES, Role, Scope
from core.basics.facts import dataclass

GIVEN: Mapping[Role, frozenset[Scope]] = {
    Role.PAYER: frozenset({Scope.VISIT}),
    Role.HELPER: frozenset({Scope.READ, Scope.VISIT, Scope.PROMISE}),
    Role.TENANT: frozenset({Scope.VISIT, Scope.PROMISE}),
}
"""The roles that an owner gives himself, and what he may allow beyond each. Another owner, who gets legal notices and
decides about phones, is made by a contract alone (ruling 22)."""

INVITED_FOR = timedelta(hours=72)
"""So long an invitation can be accepted."""

INVITATIONS = 5
"""So many phones may be invited to an account within a day, which costs the company a message each (T7)."""

WAITS = timedelta(hours=24)
"""So long the old phone may stop that a new one takes its place (R35; the table of what a number may authorise)."""

MOVES = 3
"""So many times a day may a code be asked for on a new phone by one person."""


class Ended(StrEnum):
    """What became of an invitation."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class MoveEnded(StrEnum):
    """How a change of phone ended. VOID: the old phone was linked to nothing any more."""

    DONE = "done"
    STOPPED = "stopped"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that is open: `account` is the account's number; `sealed_key` opens `sealed`, the number of the
    phone, and `by_sealed`, opened by `by_key`, is the phone that invites; None where that cannot be told any more."""

    id: int
    account_id: int
    account: str
    phone_hash: bytes
    sealed: bytes
    sealed_key: bytes | None
    role: Role
    extra: frozenset[Scope]
    until: datetime
    by_sealed: bytes | None = None
    by_key: bytes | None = None

    @property
    def scopes(self) -> frozenset[Scope]:
        """What the phone may do once it accepts."""
        return SCOPES[self.role] | self.extra

    @property
    def tail(self) -> str:
        return ".." + self.account[-4:]


@dataclass(frozen=True, slots=True)
class Invitee:
    """What is known of a phone that is to be invited: in whose keeping it is, None for nobody's; `linked`: it has a
    link to the account already; `enters`: it has one to some account, and can log in; `free`: no question is open to
    it."""

    customer_id: int | None
    sealed_key: bytes | None
    language: str | None
    linked: bool
    enters: bool
    free: bool


@dataclass(frozen=True, slots=True)
class Move:
    """A change of phone that has not ended: `sealed_key` opens `sealed`, the new number; from `ripe_at` on it is due.
    `language` and `opted_out` are those of the old phone."""

    id: int
    old_hash: bytes
    new_hash: bytes
    customer_id: int
    sealed_key: bytes | None
    sealed: bytes
    ripe_at: datetime
    language: str
    opted_out: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of the day, such as 9 to 20, in which somebody wants to be told what he did not ask for."""

    first: int
    last: int


FIRST, LAST = range(8, 15), range(17, 23)
"""From which and until which hours can be chosen: at least three of those in which the company may write remain."""


def may_give(role: Role, extra: frozenset[Scope]) -> bool:
    """Whether an owner may give another phone this role, and this beyond it."""
    return role in GIVEN and extra <= GIVEN[role]
