"""The second way of a notice: the same words in the chat that speaks for the person's phone (R29)."""

from datetime import datetime

from asyncpg import Record
from cryptography.exceptions import InvalidTag

from core.basics.ids import uuid7
from core.basics.sealing import Keyring
from core.billing.terms import Messenger, Pack
from core.outbox import keys
from core.outbox.noticing import Wire
from core.outbox.sql import Chatted


def may(pack: Pack) -> bool:
    """Whether the company may say in a chat whatever it may say by SMS (149-FZ, article 10)."""
    return pack.habits.telegram is Messenger.FULL


def message(row: Record, wire: Wire, *, at: datetime, until: datetime | None, code: str = "") -> Chatted | None:
    """The words of the lost message `outbound_id` for the `chat` of a row, with the button that acknowledges by the
    `code`; not begun to be sent after `until`. None where no key opens the chat."""
    assert row["data_key"] is not None, "an erased customer is told nothing"
    mine = wire.keyring.customer(row["data_key"])
    chat = _opened(row, wire.keyring)
    if chat is None:
        return None
    extras = None
    if code:
        label = wire.words.label("button.read", row["language"])
        told = keys.buttons([[(label, keys.signed(wire.keyring, chat, f"{keys.READ}.{code}"))]])
        extras = mine.seal(told.encode(), purpose=b"extras")
    address = mine.seal(chat.encode(), purpose=b"phone")
    return Chatted(row["outbound_id"], uuid7(at, wire.chance(10)), address, extras, until)


def _opened(row: Record, keyring: Keyring) -> str | None:
    """The chat. One that was bound before its phone had a customer is sealed by the installation."""
    theirs = keyring.customer(row["data_key"]) if row["chat_customer"] is not None else keyring.installation
    try:
        return theirs.open(row["chat"], purpose=b"chat").decode()
    except InvalidTag:
        return None
