"""Updates as Telegram sends them, to be changed by tests."""

from typing import Any

PERSON, OTHER = 5001, 5002
CHAT = {"id": PERSON, "type": "private", "first_name": "Anna"}
SENDER = {"id": PERSON, "is_bot": False, "first_name": "Anna", "language_code": "ru"}
PHONE = "79780001701"
MESSAGE = {"message_id": 7, "date": 1763715600, "chat": CHAT, "from": SENDER}
OWN = {"phone_number": PHONE, "first_name": "Anna", "user_id": PERSON}


def message(number: int = 1, /, **content: Any) -> dict[str, Any]:
    return {"update_id": number, "message": {**MESSAGE, **content}}


def press(data: Any = "y.1.x", **changes: Any) -> dict[str, Any]:
    under = {"message_id": 6, "date": 1763715600, "chat": CHAT}
    return {"update_id": 1, "callback_query": {"id": "q1", "from": SENDER, "message": under, "data": data} | changes}
