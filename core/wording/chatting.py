"""What is said in a chat of the chat itself, and what stands on its buttons, in words."""

from collections.abc import Iterator
from typing import assert_never

from core.chatting import (
    ButtonOld,
    ChatBound,
    ChatCode,
    ChatCodeRefused,
    ChatCodeSent,
    ChatGreeted,
    ChatMoved,
    Chatted,
    ContactRefused,
    NotForChat,
    NumberWanted,
    OnlyReadings,
)
from core.wording.phrases import Phrases

LISTED = 5
"""So many accounts are named at once."""

LABELS = {
    "yes": "button.yes",
    "no": "button.no",
    "share": "button.share",
    "reading": "button.reading",
    "balance": "button.balance",
    "why": "button.why",
    "pay": "button.pay",
    "undo": "button.undo",
    "history": "button.history",
    "forecast": "button.forecast",
    "payments": "button.payments",
    "requests": "button.requests",
    "accounts": "button.accounts",
    "language": "button.language",
    "help": "button.help",
    "own_language": "button.own_language",
    "book": "button.book",
    "visits": "button.visits",
    "notices": "button.notices",
    "pick": "button.pick",
    "move": "button.move",
    "call_off": "button.call_off",
    "read": "button.read",
}
"""What may stand on a button, and its text."""

DESCRIPTIONS = {
    "reading": "command.reading",
    "balance": "command.balance",
    "why": "command.why",
    "history": "command.history",
    "forecast": "command.forecast",
    "payments": "command.payments",
    "requests": "command.requests",
    "accounts": "command.accounts",
    "book": "command.book",
    "visits": "command.visits",
    "notices": "command.notices",
    "undo": "command.undo",
    "language": "command.language",
    "help": "command.help",
}
"""The commands of the chat's own menu, and what stands beside each."""


def chatted(phrases: Phrases, reply: Chatted) -> Iterator[str]:
    """The reply in words."""
    return iter((_plain(phrases, reply),))


def _plain(phrases: Phrases, reply: Chatted) -> str:
    put = phrases.catalog.put
    match reply:
        case ChatGreeted():
            return put("chat.greeting")
        case NumberWanted():
            return put("chat.number")
        case ContactRefused(why=why):
            return put(f"chat.refused_{why}")
        case ChatBound(phone=phone, accounts=()):
            return put("chat.bound_nowhere", phone=phone)
        case ChatBound(phone=phone, accounts=accounts):
            return put("chat.bound", phone=phone, accounts=", ".join(accounts[:LISTED]))
        case ChatCodeSent(phone=phone):
            return put("chat.code_sent", phone=phone)
        case ChatCode(code=code):
            return put("chat.code", code=code)
        case ChatCodeRefused(why=why):
            return put(f"chat.code_{why}")
        case ChatMoved(phone=phone, telephone=telephone):
            return put("chat.moved", phone=phone, telephone=telephone or put("phone.on_bill"))
        case NotForChat(what=what):
            return put(f"chat.unfit_{what}")
        case ButtonOld():
            return put("chat.button_old")
        case OnlyReadings():
            return put("chat.only_readings")
        case _:
            assert_never(reply)
