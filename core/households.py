"""What is said to people who share an account: invitations, what the owner lets a phone do, a phone that takes the
place of another. `account` is the account's tail, `phone` the end of a number."""

from datetime import datetime

from core.basics.facts import dataclass


@dataclass(frozen=True, slots=True)
class Invited:
    """To a phone that another wants to share its account with. `reads`: it will see the sums; `asks`: a yes accepts,
    else it is accepted in the cabinet, for another question is open to the phone."""

    account: str
    phone: str
    reads: bool
    asks: bool = True


@dataclass(frozen=True, slots=True)
class InvitationTaken:
    """The phone that accepted is linked; `reads`: it may ask for the sums."""

    account: str
    reads: bool


@dataclass(frozen=True, slots=True)
class InvitationDeclined:
    account: str


@dataclass(frozen=True, slots=True)
class InvitationOver:
    """It was taken back, or its time is over."""

    account: str


@dataclass(frozen=True, slots=True)
class RightsChanged:
    """To a phone that the owner lets do other things than before; `reads`: the sums are among them."""

    account: str
    reads: bool


@dataclass(frozen=True, slots=True)
class MoveCode:
    """The one-time code that shows that a person's new phone is his."""

    code: str


@dataclass(frozen=True, slots=True)
class MoveBegun:
    """To the old phone: another takes its place at `at`, the time where the company is; НЕ Я stops that."""

    phone: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MoveStopped:
    """The old phone stays in its place."""


@dataclass(frozen=True, slots=True)
class MovedAway:
    """To the old phone, the last that it is told: another has taken its place."""

    phone: str


@dataclass(frozen=True, slots=True)
class MovedHere:
    """To the new phone: what the old one was linked to, it is."""


@dataclass(frozen=True, slots=True)
class ContractCode:
    """The one-time code with which the contract of an account is accepted."""

    account: str
    code: str


Household = (
    Invited
    | InvitationTaken
    | InvitationDeclined
    | InvitationOver
    | RightsChanged
    | MoveCode
    | MoveBegun
    | MoveStopped
    | MovedAway
    | MovedHere
    | ContractCode
)
