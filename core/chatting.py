"""What is said in a chat of the chat itself: whose it is, and what it cannot be used for."""

from enum import StrEnum
from typing import Literal

from core.basics.facts import dataclass


class Unfit(StrEnum):
    """What comes into a chat and can be no command."""

    PHOTO = "photo"
    VOICE = "voice"
    STICKER = "sticker"
    PLACE = "place"
    FORWARD = "forward"
    EDIT = "edit"
    FILE = "file"


class Foreign(StrEnum):
    """Why a contact does not show whose phone it is (R33)."""

    ANOTHERS = "anothers"
    FORWARDED = "forwarded"
    EDITED = "edited"
    NOBODYS = "nobodys"
    NO_PHONE = "no_phone"


@dataclass(frozen=True, slots=True)
class ChatGreeted:
    """The first words in a chat, before its language is known; said in every language."""


@dataclass(frozen=True, slots=True)
class NumberWanted:
    """Why the phone is needed, and how to share it."""


@dataclass(frozen=True, slots=True)
class ContactRefused:
    why: Foreign


@dataclass(frozen=True, slots=True)
class ChatBound:
    """The chat speaks for the phone of that tail from now on; `accounts` are what is linked to it, none for a phone
    that nobody knows."""

    phone: str
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChatCodeSent:
    """The phone speaks in another chat; a code went to it by SMS."""

    phone: str


@dataclass(frozen=True, slots=True)
class ChatCode:
    """The code, by SMS."""

    code: str


@dataclass(frozen=True, slots=True)
class ChatCodeRefused:
    """`wrong`: another one; `lapsed`: too old, or guessed at too often; `spent`: no more codes are sent today."""

    why: Literal["wrong", "lapsed", "spent"]


@dataclass(frozen=True, slots=True)
class ChatMoved:
    """To the chat that the phone has left."""

    phone: str
    telephone: str


@dataclass(frozen=True, slots=True)
class NotForChat:
    """What was sent cannot be read; how to send a reading."""

    what: Unfit


@dataclass(frozen=True, slots=True)
class ButtonOld:
    """The button belongs to a question that is no longer open."""


@dataclass(frozen=True, slots=True)
class OnlyReadings:
    """The company takes readings in the chat, and tells everything else by SMS."""


Chatted = (
    ChatGreeted
    | NumberWanted
    | ContactRefused
    | ChatBound
    | ChatCodeSent
    | ChatCode
    | ChatCodeRefused
    | ChatMoved
    | NotForChat
    | ButtonOld
    | OnlyReadings
)
