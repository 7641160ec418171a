"""What is said in a chat, as it stands in the outbox: worded, sealed, with what stands under it."""

import hashlib
from datetime import datetime

from cryptography.exceptions import InvalidTag

from core.answer import offering
from core.answer.model import Chance
from core.basics.channel import Channel
from core.basics.facts import dataclass
from core.basics.ids import uuid7
from core.basics.sealing import Keyring, Sealer
from core.chats import rules
from core.chats.model import Chat
from core.chatting import ChatGreeted
from core.messages import Reply
from core.outbox import keys as outkeys
from core.outbox import sql as outbox
from core.outbox.model import Outbound
from core.wording import segments
from core.wording.words import Words


@dataclass(frozen=True, slots=True)
class Wire:
    """By what words become rows, who carries them, and what the company allows: its telephone, and so many codes to
    all phones within an hour; `full`: a chat may be told sums."""

    keyring: Keyring
    words: Words
    chance: Chance
    owner: str
    lease: float
    telephone: str
    codes_per_hour: int
    full: bool = True


def row(
    wire: Wire,
    at: datetime,
    reply: Reply,
    language: str,
    *,
    to: str,
    digest: bytes,
    channel: Channel = Channel.TELEGRAM,
    customer: tuple[int | None, bytes | None] = (None, None),
    extras: str = "",
) -> tuple[outbox.Row, Outbound]:
    """The message to a chat (or phone), as it is kept and as it goes out; `digest` is of whom it is for, `customer` the
    one in whose keeping he is, with his key."""
    text = _said(reply, language, wire.words)
    owner, key = customer
    mine = wire.keyring.customer(key) if key else wire.keyring.installation
    made = outbox.Row(
        id=uuid7(at, wire.chance(10)),
        channel=channel,
        class_="reply",
        customer_id=owner if key else None,
        address_hash=digest,
        address=mine.seal(to.encode(), purpose=b"phone"),
        body=mine.seal(text.encode(), purpose=b"outbox"),
        body_hash=hashlib.sha256(text.encode()).digest(),
        segments=segments.count(text).segments,
        locale=language,
        kind=type(reply).__name__,
        extras=mine.seal(extras.encode(), purpose=b"extras") if extras else None,
    )
    return made, Outbound(made.id, channel, to, text, 0, extras=extras)


def keys(name: str, chat: str, language: str, wire: Wire) -> str:
    """What stands under a message of that name."""
    if name == rules.MENU:
        return offering.menu(wire.words, language, full=wire.full)
    if name == rules.SHARE:
        return offering.share(wire.words, language)
    if name == rules.LANGUAGES:
        row = [(label, outkeys.signed(wire.keyring, chat, data)) for label, data in offering.languages(wire.words)]
        return outkeys.buttons([row])
    return ""


def tongue(chat: Chat, words: Words) -> str:
    """The language of the chat: that of its phone, or the one that was chosen in it."""
    known = chat.bound.language if chat.bound else None
    return known or (chat.talk.language if chat.talk else None) or words.default


def opened(mine: Sealer, sealed: bytes | None, purpose: bytes) -> str | None:
    """The plain text; None for what is no longer there, or no key opens."""
    if sealed is None:
        return None
    try:
        return mine.open(sealed, purpose=purpose).decode()
    except InvalidTag:
        return None


def _said(reply: Reply, language: str, words: Words) -> str:
    if not isinstance(reply, ChatGreeted):
        return words.say(reply, language)
    return "\n\n".join(words.say(reply, one) for one in sorted(words.languages, key=lambda one: one != words.default))
