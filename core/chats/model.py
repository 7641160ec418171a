"""A private chat with a person: what comes out of it, and for which phone it speaks."""

from datetime import datetime, timedelta

from core.basics.facts import dataclass
from core.chatting import Foreign, Unfit
from core.messages import Reply

CODE_LIVES = timedelta(minutes=10)
CODES = 3
"""So many codes are sent for a chat within a day."""
WRONG = 5
"""So many guesses at a code are judged."""
DAY = timedelta(hours=24)
TALKS = 40
"""So often is a chat that is not bound answered within a day."""


@dataclass(frozen=True, slots=True)
class Started:
    """The person has opened the chat, or begins anew."""


@dataclass(frozen=True, slots=True)
class Said:
    text: str


@dataclass(frozen=True, slots=True)
class Choosing:
    """A command of the chat's own menu, by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class Pressing:
    """A button was pressed; `data` is what it carries."""

    data: str


@dataclass(frozen=True, slots=True)
class Sharing:
    """A contact: the phone as it came and, where it does not show that it is the sender's own, why not."""

    phone: str
    foreign: Foreign | None = None


@dataclass(frozen=True, slots=True)
class Pictured:
    """A photo; `file` is by what it can be fetched, `caption` what stands under it."""

    file: str
    caption: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that can be no command."""

    what: Unfit


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something to which silence is the answer, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """The person has blocked the chat, or (`back`) opened it again."""

    back: bool


What = Started | Said | Choosing | Pressing | Sharing | Pictured | Unreadable | Ignored | Blocked


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that came out of a chat. `reference` names it for ever; `payload` and `content` as of an inbound
    message."""

    reference: str
    chat: str
    what: What
    at: datetime
    payload: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class Bound:
    """The phone for which a chat speaks: the row of the binding, the phone and its hash; the customer in whose keeping
    it is, his key and the language of the phone; `dead`: nothing has reached the chat of late; `since` when it was
    bound."""

    id: int
    phone: str
    phone_hash: bytes
    customer_id: int | None = None
    sealed_key: bytes | None = None
    language: str | None = None
    dead: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    """How far the talk has come: its language; the phone that waits for a code, the keyed hash of the code and until
    when it holds; guesses, and codes sent since `began`."""

    began: datetime
    language: str | None = None
    phone: str | None = None
    code: str | None = None
    code_until: datetime | None = None
    wrong: int = 0
    codes: int = 0


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as it stands."""

    id: str
    hash: bytes
    bound: Bound | None
    talk: Talk | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a turn of the talk rests on. `named` is the phone that was shared, or that waits for a code; `elsewhere`
    whether it speaks in another living chat; `accounts` are those of that phone, as messages name them; `code` is a
    fresh one with its keyed hash `digest`, `given` that of the text; `spent`: no more codes are paid for this hour;
    `chosen` is the language whose button was pressed."""

    at: datetime
    chat: Chat
    named: str | None = None
    elsewhere: bool = False
    accounts: tuple[str, ...] = ()
    code: str = ""
    digest: str = ""
    given: str = ""
    spent: bool = False
    chosen: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What is answered, and what it brings about. `reply` None: silence, for the `reason`, which is shown to the staff
    with `alarm`. `keys` names what stands under it. `bind` is the phone for which the chat speaks from now on, `code`
    goes there by SMS; `talk` is how the talk stands then."""

    reply: Reply | None = None
    reason: str = ""
    keys: str = ""
    bind: str | None = None
    code: str = ""
    talk: Talk | None = None
    alarm: bool = False
