"""The doors through which employees and metering systems bring facts, and who may go through which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from core.importing.plan import Tally


class Role(StrEnum):
    """What an author is. AMR is a metering system, known by its key."""

    CONTROLLER = "controller"
    CLERK = "clerk"
    BILLER = "biller"
    AMR = "amr"


STAFF = tuple(str(role) for role in Role if role is not Role.AMR)
"""What an employee may be."""


class Door(StrEnum):
    """What kind of fact is brought. No door leads to a charge (row M7a)."""

    CONTROL = "control"
    AMR = "amr"
    METERS = "meters"
    MULTIPLIERS = "multipliers"
    OCCUPANCY = "occupancy"
    HOLDERS = "holders"
    BENEFITS = "benefits"
    PLANS = "plans"
    DEMANDS = "demands"
    POINTS = "points"
    INSTALMENTS = "instalments"
    HOUSES = "houses"
    DEVICES = "devices"
    ROUTES = "routes"
    PROTECTIONS = "protections"
    ABSENCES = "absences"
    WITHDRAWALS = "withdrawals"


TABLE: Mapping[Door, frozenset[Role]] = MappingProxyType(
    {
        Door.CONTROL: frozenset((Role.CONTROLLER,)),
        Door.AMR: frozenset((Role.AMR,)),
        Door.METERS: frozenset((Role.CONTROLLER,)),
        Door.MULTIPLIERS: frozenset((Role.CONTROLLER,)),
        Door.OCCUPANCY: frozenset((Role.CLERK,)),
        Door.HOLDERS: frozenset((Role.CLERK,)),
        Door.BENEFITS: frozenset((Role.CLERK,)),
        Door.PLANS: frozenset((Role.BILLER,)),
        Door.DEMANDS: frozenset((Role.CONTROLLER, Role.BILLER)),
        Door.POINTS: frozenset((Role.CONTROLLER,)),
        Door.INSTALMENTS: frozenset((Role.BILLER,)),
        Door.HOUSES: frozenset((Role.BILLER,)),
        Door.DEVICES: frozenset((Role.CONTROLLER,)),
        Door.ROUTES: frozenset((Role.CONTROLLER,)),
        Door.PROTECTIONS: frozenset((Role.CLERK,)),
        Door.ABSENCES: frozenset((Role.CLERK,)),
        Door.WITHDRAWALS: frozenset((Role.CONTROLLER, Role.CLERK, Role.BILLER)),
    }
)
"""Who may go through which door. What is not in the row has no door. Who takes a fact back may bring facts of its kind:
`withdrawing` asks that of each."""


def allowed(role: Role, door: Door) -> bool:
    """Whether an author of the role may bring facts through the door: the one place where that is decided.

    :raises KeyError: the door has no row.
    """
    return role in TABLE[door]


@dataclass(frozen=True, slots=True)
class Author:
    """Who brings facts, and what he is."""

    name: str
    roles: frozenset[Role]


class NotAllowed(Exception):
    """None of the author's roles has this door; nothing was written."""

    def __init__(self, author: Author, door: Door) -> None:
        held = ", ".join(sorted(author.roles))
        who = " or ".join(sorted(TABLE[door]))
        super().__init__(f"{author.name} is {held}; facts of the kind {door} are brought by: {who}")


def enter(author: Author, door: Door) -> None:
    """
    :raises NotAllowed: the author may not go through the door.
    """
    if not any(allowed(role, door) for role in author.roles):
        raise NotAllowed(author, door)


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for all rows that an author brings at a time: the company's date, when they are recorded, and the
    tally that is told what became of them."""

    author: Author
    today: date
    at: datetime
    tally: Tally
