"""What the morning report says of a day (row MA2)."""

from collections.abc import Mapping
from datetime import date

from core.basics.facts import dataclass
from core.books.model import Head
from core.books.payments.model import DayBalance
from core.books.reports.model import Turnover
from core.jobs.model import Run, State


@dataclass(frozen=True, slots=True)
class Books:
    """A closed day: its head, the turnover of the company, and what was booked on each ledger, kopecks, debit
    positive."""

    head: Head
    turnover: Turnover
    booked: Mapping[str, int]

    @property
    def unbalanced(self) -> int:
        """What the ledgers come to together: zero in sound books."""
        return sum(self.booked.values())


@dataclass(frozen=True, slots=True)
class Morning:
    """The report of a day. `books` None: the day is not closed. `waiting` is how many payments have no account, what
    they come to in kopecks, and the day of the oldest; `chains` how many warnings have evidence, its rows, and the hash
    of the heads of all (R30); messages that were not delivered are counted by how they ended, alarms by their kind."""

    day: date
    runs: tuple[Run, ...]
    books: Books | None
    waiting: tuple[int, int, date | None]
    chains: tuple[int, int, bytes]
    balances: tuple[DayBalance, ...]
    undelivered: Mapping[str, int]
    alarms: Mapping[str, int]

    @property
    def not_done(self) -> int:
        return sum(one.state is not State.DONE for one in self.runs)
