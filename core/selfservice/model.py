"""What a decision rests on, and what it brings about."""

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from core.accounts.household.model import Ended, Invitation, Move
from core.accounts.linking.model import EndedLink, Named, Newcomer, NewLink, OtherPhone, Tries, Waiting
from core.accounts.model import Account, Link, Question, Sender
from core.accounts.rights import Proof
from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing.engine.deriving import Facts as History
from core.billing.engine.penalty import PenaltyRules
from core.billing.estimation import ESTIMATED, Estimation
from core.billing.model import AccountState, Claim, Payment, Tariffs
from core.billing.terms import LateFee, Messenger
from core.messages import Reply
from core.metering.model import DayReading, Meter, ReadingFact, Source
from core.notices.warnings.model import Act, Warned
from core.requests.model import Known, MoreWords, NewRequest

QUESTION_LIVES = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """One account of the sender, as it stands under its lock."""

    account: Account
    link: Link
    meters: tuple[Meter, ...]
    state: AccountState
    today: date

    @property
    def working(self) -> tuple[Meter, ...]:
        """The meters that stand today."""
        return tuple([meter for meter in self.meters if self.today in meter.installed])

    @property
    def called(self) -> str:
        """How a message names the account: the customer's own name, or its tail."""
        return self.link.name or self.account.tail

    @property
    def day_began(self) -> datetime:
        return datetime.combine(self.today, time.min, self.account.zone)


@dataclass(frozen=True, slots=True)
class Company:
    """What the company says of itself: its telephone, the days of the month on which readings are wanted, the last day
    to pay the bill of a month, what late payment costs (None: nothing), in its own words where to pay, how use is found
    where no reading tells it, whether a reading that comes after the window counts for the next month, and what a chat
    may be used for."""

    phone: str
    due: Callable[[Month], date]
    window: tuple[int, int] | None = None
    pay: str = ""
    late: PenaltyRules | LateFee | None = None
    rules: Estimation = ESTIMATED
    next_period: bool = False
    telegram: Messenger = Messenger.FULL


@dataclass(frozen=True, slots=True)
class Record:
    """What is on record of the account that a message asks for, loaded where the command asks for it: readings that
    were not taken back, the last payments, the claims of the month of the last bill; all of its facts, where it is
    asked why the sum is what it is."""

    readings: tuple[ReadingFact, ...] = ()
    payments: tuple[Payment, ...] = ()
    claims: tuple[Claim, ...] = ()
    history: History | None = None


class Pending(StrEnum):
    """What a yes may be about besides a number of one's own (those are in the grammar's Asked). INVITED: whether the
    phone accepts an account that its owner shares; STILL: whether the
    phone is still its person's; LEAVE: which accounts it is to be taken off, by number; GONE: whether НЕ Я, said of a
    phone that is off already, is about the sender."""

    GRANT = "grant"
    GUEST = "guest"
    INVITED = "invited"
    STILL = "still"
    LEAVE = "leave"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Alone:
    """What a message rests on that is answered alone, for it is about more than the sender's own accounts (ruling 12).

    `phone` is the end of the sender's number, `evidence` names the message. `account` is the one that the text or the
    open question names, with the link that it may become, and `named` what else stands of it. `code` is a fresh one and
    `digest` its keyed hash; `given` that of the code which was sent back. `newcomers` were linked to the sender's
    accounts by REG within the last days, `departed` are those of his accounts that such a phone is off again. `own` are
    those of the sender's accounts where he may not correct what others sent, with the phones that are to be told.
    `invitation` is the one that the open question is about, where it still holds, `move` another phone that is to take
    the place of the sender's.
    """

    tries: Tries
    phone: str = ""
    evidence: str = ""
    account: AccountFacts | None = None
    named: Named | None = None
    code: str = ""
    digest: str = ""
    given: str = ""
    newcomers: tuple[Newcomer, ...] = ()
    departed: frozenset[int] = frozenset()
    own: tuple[Named, ...] = ()
    invitation: Invitation | None = None
    move: Move | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything known when a message is decided. `language` is the one to answer in; `readings` are those of the day
    by account, loaded where the command asks for them, `record` what stands of the account that is asked for,
    `requests` those to the staff that it may be about, `warned` the official warnings that stand for his accounts;
    `proof` is how a sender who is linked is known, `since` when his chat was bound to his phone; `languages` are those
    of the words; `full`: there is hardly any room left on the disk."""

    at: datetime
    sender: Sender
    language: str
    accounts: tuple[AccountFacts, ...]
    tariffs: Tariffs
    company: Company
    question: Question | None = None
    readings: Mapping[int, tuple[DayReading, ...]] = field(default_factory=dict)
    proof: Proof = Proof.NUMBER
    record: Record = Record()
    alone: Alone | None = None
    requests: Known = field(default_factory=Known)
    warned: tuple[Warned, ...] = ()
    languages: tuple[str, ...] = ()
    full: bool = False
    since: datetime | None = None

    @property
    def doubted(self) -> bool:
        """Whether he may be another than the phone was given by (T5)."""
        if self.proof in (Proof.NUMBER, Proof.SESSION):
            return self.sender.stale(self.at)
        return self.since is not None and self.sender.was_stale(self.since)

    @property
    def today(self) -> date:
        """The day where the sender's first account is."""
        return self.accounts[0].today if self.accounts else self.at.date()


@dataclass(frozen=True, slots=True)
class NewReading:
    """One submission: (meter id, register, thousandths) rows for a day, with what a person may want to look at; `since`
    the first month whose bill goes by it, where it may change none before."""

    no: int
    rows: tuple[tuple[int, int, int], ...]
    day: date
    source: Source
    flags: tuple[str, ...] = ()
    since: Month | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    no: int
    reading_no: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody else is told of it, and asked."""

    to: OtherPhone
    reply: Reply
    ask: Question | None = None


@dataclass(frozen=True, slots=True)
class Introduced:
    """What a message brings about between phones and accounts: links made and ended, notices, what owners have yet to
    be asked, a wrong guess counted, what becomes of an invitation by its id, the change of phone that is stopped."""

    new: tuple[NewLink, ...] = ()
    ended: tuple[EndedLink, ...] = ()
    notices: tuple[Notice, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    wrong: bool = False
    invitation: tuple[int, Ended] | None = None
    stopped: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A reply, and what has to be stored with it; None leaves a thing as it is.

    `state` is the account's state with other counts, `ask` the question to open, `answered` closes the open one, `name`
    the sender's own for the account, `request` one to the staff,
    `noticed` what is said to an official warning, `alarm` is put before the staff as (kind, about),
    `proven`: the phone is its person's again.
    """

    reply: Reply
    account_id: int | None = None
    reading: NewReading | None = None
    withdrawal: Withdrawal | None = None
    state: AccountState | None = None
    ask: Question | None = None
    answered: bool = False
    language: str | None = None
    opted_out: bool | None = None
    alarm: tuple[str, str] | None = None
    name: str | None = None
    introduced: Introduced = Introduced()
    request: NewRequest | MoreWords | None = None
    noticed: Act | None = None
    proven: bool = False
