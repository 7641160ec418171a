"""Private chats of the kill test: some phones write there too, and get their answers there."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count
from typing import Any

from asyncpg import Connection

from core.chats import sql
from demo.messenger import Messenger
from demo.messenger_faults import Faults
from gateway.clock import now
from tests import make
from tests.chaos.observing import Account, Got

BOT, SECRET = "7700000001:" + "A" * 35, "a-secret-for-the-kill-test"

EACH = 3
"""Of so many phones one has a chat."""

FAULTS = Faults(
    before_429=0.02, before_500=0.02, before_502=0.02, after_500=0.02, after_drop=0.02,
)  # fmt: skip


def messenger(faults: Faults = FAULTS) -> Messenger:
    """The simulated messenger, with no chat yet."""
    return Messenger(token=BOT, now=now, faults=faults, rate=1000.0, gap=0.0)


def settings(base: str) -> dict[str, str]:
    return {
        "METERLINE_TELEGRAM_TOKEN": BOT,
        "METERLINE_TELEGRAM_SECRET": SECRET,
        "METERLINE_TELEGRAM_API_BASE": base,
        "METERLINE_TELEGRAM_CHAT_SECONDS": "0",
    }


def person(phone: str) -> int:
    """Whose chat is that of the phone."""
    return 5_000_000_000 + int(phone[-7:])


def chatting(people: Sequence[Account]) -> tuple[Account, ...]:
    """Those who have a chat."""
    return tuple(people[::EACH])


async def bind(conn: Connection, people: Sequence[Account], *, since: date) -> None:
    """Binds the chats of those who have one."""
    keys = make.keyring()
    for one in chatting(people):
        chat, digest = str(person(one.phone)), keys.phone_hash(one.phone)
        known = await sql.of_phone(conn, digest, at=now())
        await sql.bind(
            conn,
            keys.chat_hash(chat),
            digest,
            customer_id=known["customer_id"],
            sealed=keys.customer(known["data_key"]).seal(chat.encode(), purpose=b"chat"),
            phone_sealed=None,
            evidence=f"test {since}",
            at=now(),
        )


def open_chats(exchange: Messenger, people: Sequence[Account]) -> None:
    """The messenger knows the chats: without them it would refuse, and the answers come as SMS."""
    for one in chatting(people):
        exchange.book.talk(person(one.phone))


_ids = count(700_000_001)


def update(phone: str, said: str) -> tuple[str, dict[str, Any]]:
    """What the bot is told when the phone's owner writes, and how the inbox names it."""
    id, who = next(_ids), person(phone)
    sender = {"id": who, "is_bot": False, "first_name": "Person", "language_code": "ru"}
    message = {
        "message_id": id, "date": int(now().timestamp()), "chat": {"id": who, "type": "private"}, "from": sender,
        "text": said,
    }  # fmt: skip
    return f"{BOT.partition(':')[0]}:{id}", {"update_id": id, "message": message}


def named(phone: str, reference: str) -> str:
    """The name of a message to a chat, by the reference that the outbox keeps of it."""
    return f"{phone}/{reference.partition('-')[0]}"


def got(exchange: Messenger, people: Sequence[Account]) -> Iterator[Got]:
    """What the chats show by our hand."""
    for one in chatting(people):
        for line in exchange.book.from_bot(person(one.phone)):
            yield Got(named(one.phone, str(line.id)), one.phone, line.text, chat=True)
