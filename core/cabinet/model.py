"""Who is logged in to the cabinet, and what holds for codes and logins (R34, R35)."""

from datetime import datetime, timedelta

from core.accounts.model import Account, Link, Sender
from core.basics.facts import dataclass

DIGITS = 6
CODE_LIVES = timedelta(minutes=10)
TRIES = 5
"""So many guesses at a code are judged."""

WINDOW = timedelta(minutes=10)
PER_PHONE = 3
PER_NETWORK = 20
"""So many codes may be asked for within the window, for one phone and from one network."""

DAY = timedelta(hours=24)
GUEST_PER_DAY = 3
GUESTS_PER_DAY = 60
"""So many codes for visits go within a day to a phone without an account, and to such phones from one network."""

PROVEN = timedelta(minutes=30)
"""So long after the code may a guest book, move and call off in the browser that he gave it to."""

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
"""A login ends so long after it was last used, and so long after it began."""

FRESH = timedelta(minutes=15)
"""So long after a login with a code its person may decide who else has his accounts, and change his phone (ASVS 7.5.1);
later he logs in again first."""

SEEN_TO = timedelta(minutes=1)
"""So exactly it is kept when a login was used last."""

FORGOTTEN = timedelta(days=2)
"""So long codes and done forms are kept."""

DEVICE = 60
"""Characters of what a browser calls itself."""


class OtherForm(Exception):
    """A form with the key was done that said something else."""


class Twice(Exception):
    """The same form was done at the same instant; this time nothing may be done."""


@dataclass(frozen=True, slots=True)
class Holding:
    """An account of the person, with his link to it."""

    account: Account
    link: Link

    @property
    def called(self) -> str:
        """The person's own name for it, else its number."""
        return self.link.name or self.account.number


@dataclass(frozen=True, slots=True)
class Person:
    """Who is logged in: his phone in E.164, what it is linked to, and since when. `session` is the login's id, `tariff`
    the newest tariff's, by which it is known whether there is a new one."""

    session: int
    phone: str
    sender: Sender
    holdings: tuple[Holding, ...]
    begun_at: datetime
    tariff: int = 0


@dataclass(frozen=True, slots=True)
class Login:
    """A login that is open: when it began, when it was used last, and what its browser calls itself."""

    id: int
    device: str
    begun_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered to a form, in the words that the outbox keeps; `kind` is the Reply's."""

    kind: str
    text: str
