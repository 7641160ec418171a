"""Telegram's updates as bytes: what a load generator sends without thinking."""

import json
import random
from collections.abc import Iterator, Sequence
from itertools import count

from bench import town, webhooks
from channels.telegram import receive

TOKEN, SECRET = "7700000000:" + "A" * 35, "a-secret-for-benches-only"

_HEAD = (
    f"POST {receive.PATH} HTTP/1.1\r\nHost: sms.example.org\r\nAccept-Encoding: gzip, deflate\r\n"
    f"Content-Type: application/json\r\n{receive.HEADER}: {SECRET}\r\nContent-Length: {{length}}\r\n\r\n"
)

_ids = count(100_000_000)


def readings(numbers: Sequence[int], dice: random.Random) -> Iterator[bytes]:
    """The readings of `webhooks.readings`, each from the chat of its phone."""
    for number in numbers:
        yield _update(number, webhooks.reading(dice))


def _update(number: int, text: str) -> bytes:
    id, chat = next(_ids), int(town.chat(number))
    sender = {"id": chat, "is_bot": False, "first_name": "Абонент", "language_code": "ru"}
    message = {
        "message_id": id, "from": sender, "chat": {"id": chat, "first_name": "Абонент", "type": "private"},
        "date": int(town.TODAY.timestamp()), "text": text,
    }  # fmt: skip
    body = json.dumps({"update_id": id, "message": message}, ensure_ascii=False).encode()
    return _HEAD.format(length=len(body)).encode() + body
