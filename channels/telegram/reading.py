"""What an update of Telegram's is: read by hand, so that whatever comes is something, and nothing of it is believed
that was not looked at."""

import re
from collections.abc import Mapping
from typing import Any

from core.chats.model import (
    Blocked,
    Choosing,
    Ignored,
    Pictured,
    Pressing,
    Said,
    Sharing,
    Started,
    Unreadable,
    What,
)
from core.chatting import Foreign, Unfit

COMMANDS = (
    "reading", "balance", "why", "history", "forecast", "payments", "notices", "requests", "accounts", "book", "visits",
    "undo", "language", "help",
)  # fmt: skip
"""The commands of the chat's own menu, each with a description in every language."""

LARGEST_PHOTO = 10 * 1024 * 1024

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]{1,64})?(?:\s|$)")
_FORWARDED = ("forward_origin", "forward_from", "forward_from_chat", "forward_sender_name", "forward_date", "via_bot")
_KINDS = {
    "voice": Unfit.VOICE, "audio": Unfit.VOICE, "video": Unfit.VOICE, "video_note": Unfit.VOICE,
    "sticker": Unfit.STICKER, "animation": Unfit.STICKER, "dice": Unfit.STICKER, "game": Unfit.STICKER,
    "location": Unfit.PLACE, "venue": Unfit.PLACE,
    "document": Unfit.FILE, "poll": Unfit.FILE, "story": Unfit.FILE, "paid_media": Unfit.FILE, "checklist": Unfit.FILE,
}  # fmt: skip
"""By the field in which it stands. Of an animation the document is there as well, so it is looked for first."""


def heard(update: Mapping[str, Any]) -> tuple[str, What]:
    """The chat that an update came out of, empty where it names none, and what it is."""
    if "message" in update:
        return _message(update["message"], edited=False)
    if "edited_message" in update:
        return _message(update["edited_message"], edited=True)
    if "callback_query" in update:
        return _pressed(update["callback_query"])
    if "my_chat_member" in update:
        return _member(update["my_chat_member"])
    if "channel_post" in update or "edited_channel_post" in update:
        return "", Ignored("channel")
    return "", Ignored("inline" if any("inline" in name for name in update) else "kind")


def query(update: Mapping[str, Any]) -> str | None:
    """The id of the press of a button, which Telegram wants acknowledged; None where the update is none."""
    pressed = update.get("callback_query")
    found = pressed.get("id") if isinstance(pressed, dict) else None
    return found if isinstance(found, str) and found else None


def clean(text: str) -> str:
    """The text without what can be neither kept nor shown: NUL goes, a lone surrogate becomes a question mark."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _message(message: object, *, edited: bool) -> tuple[str, What]:
    if not isinstance(message, dict):
        return "", Ignored("odd")
    chat, sender = _part(message, "chat"), _part(message, "from")
    number = _whole(chat.get("id"))
    if number is None:
        return "", Ignored("odd")
    if chat.get("type") != "private":
        return str(number), Ignored("channel" if chat.get("type") == "channel" else "group")
    if sender.get("is_bot") is True:
        return str(number), Ignored("bot")
    if _whole(sender.get("id")) != number or "sender_chat" in message:
        return str(number), Ignored("odd")
    return str(number), _content(message, number, edited=edited)


def _content(message: Mapping[str, Any], sender: int, *, edited: bool) -> What:
    forwarded = any(name in message for name in _FORWARDED)
    if "contact" in message:
        return _contact(message["contact"], sender, edited=edited, forwarded=forwarded)
    if edited:
        # A place that is shared while it moves is edited every few seconds, for hours; its person writes nothing then.
        return Ignored("moving") if "location" in message else Unreadable(Unfit.EDIT)
    if forwarded:
        return Unreadable(Unfit.FORWARD)
    text = message.get("text")
    if isinstance(text, str):
        return _text(clean(text))
    picture = _picture(message)
    if picture is not None:
        return picture
    kind = next((kind for name, kind in _KINDS.items() if name in message), None)
    return Ignored("service") if kind is None else Unreadable(kind)


def _text(text: str) -> What:
    command = _COMMAND.match(text)
    if command is None:
        return Said(text)
    name = command[1].lower()
    if name in ("start", "menu"):
        return Started()
    rest = text[command.end() :].strip()
    return Choosing(name) if name in COMMANDS and not rest else Said(f"{name.replace('_', ' ')} {rest}".strip())


def _contact(contact: object, sender: int, *, edited: bool, forwarded: bool) -> Sharing:
    """A contact is the sender's own only in a fresh message of his that names him (R33)."""
    if not isinstance(contact, dict):
        return Sharing("", Foreign.NO_PHONE)
    phone = contact.get("phone_number")
    told = clean(phone) if isinstance(phone, str) else ""
    # Telegram writes numbers in full, with or without the plus.
    told = "+" + told if told[:1].isdigit() else told
    owner = contact.get("user_id")
    if edited:
        return Sharing(told, Foreign.EDITED)
    if forwarded:
        return Sharing(told, Foreign.FORWARDED)
    if owner is None:
        return Sharing(told, Foreign.NOBODYS)
    if _whole(owner) != sender:
        return Sharing(told, Foreign.ANOTHERS)
    return Sharing(told, None if told else Foreign.NO_PHONE)


def _picture(message: Mapping[str, Any]) -> What | None:
    """The largest size of a photo that is not too large; also a photo that was sent as a file."""
    told = message.get("caption")
    caption = clean(told) if isinstance(told, str) else ""
    sizes = message.get("photo")
    if isinstance(sizes, list):
        known = [size for size in sizes if isinstance(size, dict) and isinstance(size.get("file_id"), str)]
        fitting = [size for size in known if (_whole(size.get("file_size")) or 0) <= LARGEST_PHOTO]
        best = max(fitting, key=lambda size: _whole(size.get("width")) or 0, default=None)
        if best is None:
            return Unreadable(Unfit.PHOTO)
        if not caption and "media_group_id" in message:
            return Ignored("album")
        return Pictured(best["file_id"], caption)
    document = _part(message, "document")
    mime, file = document.get("mime_type"), document.get("file_id")
    if "animation" not in message and isinstance(mime, str) and mime.startswith("image/") and isinstance(file, str):
        large = (_whole(document.get("file_size")) or 0) > LARGEST_PHOTO
        return Unreadable(Unfit.PHOTO) if large else Pictured(file, caption)
    return None


def _pressed(pressed: object) -> tuple[str, What]:
    if not isinstance(pressed, dict):
        return "", Ignored("odd")
    sender, message = _part(pressed, "from"), _part(pressed, "message")
    chat = _part(message, "chat")
    number, data = _whole(chat.get("id")), pressed.get("data")
    if "inline_message_id" in pressed or number is None:
        return "", Ignored("inline")
    if chat.get("type") != "private":
        return str(number), Ignored("group")
    if _whole(sender.get("id")) != number or sender.get("is_bot") is True or not isinstance(data, str):
        return str(number), Ignored("odd")
    return str(number), Pressing(clean(data))


def _member(change: object) -> tuple[str, What]:
    if not isinstance(change, dict):
        return "", Ignored("odd")
    chat, new = _part(change, "chat"), _part(change, "new_chat_member")
    number = _whole(chat.get("id"))
    if number is None or chat.get("type") != "private":
        return "" if number is None else str(number), Ignored("group")
    return str(number), Blocked(back=new.get("status") != "kicked")


def _part(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53 else None
