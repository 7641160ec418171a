"""By what a program of a customer's is known that calls the API, and what it may do."""

from datetime import datetime, timedelta
from enum import StrEnum

from core.basics.facts import dataclass
from core.cabinet.model import Person

PREFIX = "mtl_"
"""How every token begins, so that one that was lost is known for what it is."""

LIVES = (timedelta(days=30), timedelta(days=365))
"""How long a token may live."""

MOST = 10
"""So many tokens a phone has at a time."""

NAME = 40
"""Characters of a token's name."""


class TokenScope(StrEnum):
    """What a token may do of what its phone may: look at accounts; send readings; send any command as a text."""

    READ = "read"
    SUBMIT = "submit"
    COMMAND = "command"


class TooMany(Exception):
    """The phone has as many tokens as it may."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token that holds, without what proves it."""

    id: int
    name: str
    scopes: tuple[TokenScope, ...]
    begun_at: datetime
    expires_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who calls with a token: the person whose phone it is of, and what it may do."""

    token: int
    person: Person
    scopes: frozenset[TokenScope]
