"""What the core knows of the sender when it reads a text: enough to tell one number from another."""

from datetime import date
from enum import StrEnum

from core.basics.facts import dataclass


@dataclass(frozen=True, slots=True)
class KnownRegister:
    """`name` is the register's name in the account ("total", "t1", "t2", "t3"), `zone` what it measures ("day",
    "night", "peak", "halfpeak", None for a single register). `last` and `usual` are thousandths: the last value, and
    the use that one would expect since then (None where nothing is known)."""

    name: str
    zone: str | None
    last: int
    usual: int | None = None


@dataclass(frozen=True, slots=True)
class KnownMeter:
    """A meter of the account; `digits` before the decimal mark, `fraction` after it. `removed` meters are known too,
    so that a text with the old serial can be explained."""

    serial: str
    service: str
    digits: int
    fraction: int
    registers: tuple[KnownRegister, ...]
    removed: date | None = None


@dataclass(frozen=True, slots=True)
class KnownAccount:
    number: str
    name: str | None
    meters: tuple[KnownMeter, ...]


class Asked(StrEnum):
    """What the open question waits for."""

    ACCOUNT = "account"
    CONFIRM = "confirm"
    READING = "reading"
    CODE = "code"
    MENU = "menu"


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """`pending` is the one number that a yes would accept, `choices` how many numbered answers were offered;
    `accounts` their accounts, in that order, where they are accounts."""

    asked: Asked
    pending: str | None = None
    choices: int = 0
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """The sender's accounts, the question open to him, the local day, and the language of his link.

    `visits` counts his booked visits; `reminded` is true just after a reminder of one.
    """

    today: date
    language: str = "ru"
    accounts: tuple[KnownAccount, ...] = ()
    question: OpenQuestion | None = None
    visits: int = 0
    reminded: bool = False
