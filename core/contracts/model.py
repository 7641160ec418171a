"""An SMS contract: who may do what from which phone, and what he agreed to be told (row MS3, R39)."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from core.accounts.model import Role, Scope
from core.basics.facts import dataclass


class Refused(Exception):
    """It cannot be written down so; the message says why, in English, for the command line. `key` names the sentence
    for pages, `field` what is wrong in a form."""

    def __init__(self, key: str, message: str, field: str = "") -> None:
        super().__init__(message)
        self.key = key
        self.field = field


class Document(StrEnum):
    """By what the person was known to be who he says."""

    PASSPORT = "passport"
    FOREIGN_PASSPORT = "foreign_passport"
    RESIDENCE_PERMIT = "residence_permit"
    MILITARY_ID = "military_id"
    POWER_OF_ATTORNEY = "power_of_attorney"
    REGISTRATION = "registration"


class Topic(StrEnum):
    """Of what one may be told unasked. NEWS is no topic of its own: it stands for all that STOP stops."""

    LEGAL_SMS = "legal_sms"
    LEGAL_CHAT = "legal_chat"
    SERVICE = "service"
    GREETING = "greeting"
    ADVERTISING = "advertising"
    NEWS = "news"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a topic asks for beside the person's word. `contract`: it is given in a contract that holds. `scope`: the
    link must have it. `stops`: STOP stops it."""

    contract: bool
    scope: Scope | None
    stops: bool
    law: str


TERMS: Mapping[Topic, Terms] = {
    Topic.LEGAL_SMS: Terms(contract=True, scope=Scope.LEGAL, stops=False, law="ЖК 155, ПП 354 п. 119, ГК 165.1"),
    Topic.LEGAL_CHAT: Terms(contract=True, scope=Scope.LEGAL, stops=False, law="ЖК 155, ПП 354 п. 119, ГК 165.1"),
    Topic.SERVICE: Terms(contract=True, scope=None, stops=True, law="126-ФЗ ст. 44.1"),
    Topic.GREETING: Terms(contract=False, scope=None, stops=True, law="126-ФЗ ст. 44.1"),
    Topic.ADVERTISING: Terms(contract=False, scope=None, stops=True, law="38-ФЗ ст. 18 ч. 1, 126-ФЗ ст. 44.1"),
}
"""The topics and what each asks for (reliability.md, the classes of messages)."""

TOPICS = tuple(TERMS)

EXTRA: Mapping[Role, frozenset[Scope]] = {
    Role.OWNER: frozenset(),
    Role.PAYER: frozenset({Scope.VISIT}),
    Role.HELPER: frozenset({Scope.READ, Scope.VISIT, Scope.PROMISE}),
    Role.TENANT: frozenset({Scope.VISIT, Scope.PROMISE}),
}
"""What a contract may allow beyond the role. Legal notices and the say over other phones are the owner's alone."""

ROLES = tuple(EXTRA)


class How(StrEnum):
    """How a word on consent came: in a contract, by a text of the phone, by the staff's page, on paper."""

    CONTRACT = "contract"
    TEXT = "text"
    PAGE = "page"
    PAPER = "paper"


class State(StrEnum):
    """PREPARED: printed, and not signed yet. UNLINKED: the phone was taken off the account since, or has a newer
    contract."""

    PREPARED = "prepared"
    IN_FORCE = "in_force"
    UNLINKED = "unlinked"
    REVOKED = "revoked"


class Reason(StrEnum):
    """Why a contract was revoked."""

    REQUEST = "request"
    PHONE_CHANGED = "phone_changed"
    PHONE_LOST = "phone_lost"
    MOVED_OUT = "moved_out"
    MISTAKE = "mistake"
    OTHER = "other"


class Bar(StrEnum):
    """Why a phone may not be told something of an account."""

    NOT_LINKED = "not_linked"
    NO_RIGHT = "no_right"
    NO_CONTRACT = "no_contract"
    NO_CONSENT = "no_consent"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A contract as it is asked for: `phone` in E.164, `document_tail` the last signs of its number, `extra` what is
    allowed beyond the role, `dated` the day that stands on the paper."""

    phone: str
    person: str
    role: Role
    document: Document
    document_tail: str
    dated: date
    language: str
    extra: frozenset[Scope] = frozenset()
    topics: frozenset[Topic] = frozenset()


@dataclass(frozen=True, slots=True)
class Contract:
    """How a contract stands. `phone_hash` is that of the phone; times are aware, None for what has not happened.
    `ended_since`: since when it holds no more, which may be before `ended_at`, when that was written down."""

    id: int
    number: str
    account_id: int
    account: str
    phone_hash: bytes
    role: Role
    extra: frozenset[Scope]
    topics: frozenset[Topic]
    dated: date
    state: State
    prepared_at: datetime
    prepared_by: str
    signed_at: datetime | None = None
    signed_by: str | None = None
    ended_since: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """A picture of a signed contract: its `kind` is pdf, jpeg or png, `size` its bytes, `sha256` their hash."""

    id: int
    kind: str
    size: int
    sha256: bytes
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Consent:
    """The last word on a topic. `by` is an employee, empty where the phone itself said it."""

    topic: Topic
    given: bool
    how: How
    by: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """A contract with what is sealed of it. `person`, `phone`, `document_tail`, `words` (why it was revoked) and `text`
    are None once its customer was erased. `sound`: the text comes out byte for byte as it was printed."""

    contract: Contract
    document: Document
    version: date
    language: str
    text_hash: bytes
    person: str | None
    phone: str | None
    document_tail: str | None
    words: str | None
    text: str | None
    sound: bool
    scans: tuple[Scan, ...]
    consents: tuple[Consent, ...]
    """On each topic the phone's last word of this account, and on NEWS that of the phone altogether."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What must be known to say whether a phone may be told something: the scopes of its link, None where it has none;
    whether a contract holds; its last words on the topic and on NEWS, None where it never said one."""

    scopes: frozenset[Scope] | None
    contract: bool
    given: bool | None
    news: bool | None
