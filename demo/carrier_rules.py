"""What the simulated carrier refuses to send, and the words with which a phone opts out, as Twilio does it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.basics import phone

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})

_LONGEST = 1600
_BAD_TO = {
    "+15005550001": (21211, "The 'To' number is not a valid phone number"),
    "+15005550002": (21612, "The 'To' number cannot be reached from this number"),
    "+15005550003": (21408, "Permission to send to this region is not switched on"),
    "+15005550004": (21610, "The recipient has opted out"),
    "+15005550009": (21614, "The 'To' number is no mobile number"),
}
"""Twilio's numbers for trying its errors."""


@dataclass(frozen=True, slots=True)
class Error:
    """An answer that refuses: HTTP status, Twilio's code, words."""

    status: int
    code: int
    message: str


def refusal(form: Mapping[str, str], *, numbers: Collection[str], stopped: Collection[tuple[str, str]]) -> Error | None:
    """Why a message of these fields is not taken; `stopped` are pairs of our number and a phone."""
    to, sender, body = form.get("To", ""), form.get("From", ""), form.get("Body", "")
    if not to:
        return Error(400, 21604, "A 'To' phone number is required")
    if not sender:
        return Error(400, 21603, "A 'From' phone number is required")
    if not body:
        return Error(400, 21602, "A message body is required")
    if not phone.is_e164(to):
        return Error(400, 21211, f"The 'To' number {to} is not a valid phone number")
    if sender not in numbers:
        return Error(400, 21606, f"The 'From' number {sender} is not one of this account")
    if to == sender:
        return Error(400, 21266, "'To' and 'From' cannot be the same")
    if to in _BAD_TO:
        return Error(400, *_BAD_TO[to])
    if len(body) > _LONGEST:
        return Error(400, 21617, f"The body is longer than {_LONGEST} characters")
    if (sender, to) in stopped:
        return Error(400, 21610, "The recipient has opted out")
    callback = form.get("StatusCallback")
    if callback and urlsplit(callback).scheme not in ("http", "https"):
        return Error(400, 21609, "The 'StatusCallback' is not a valid address")
    return None


def keyword(body: str, *, advanced: bool) -> str | None:
    """STOP, START or HELP where the text is nothing but such a word, in any case. With the advanced opt-out a company
    keeps only the one word of each kind that it cannot give up."""
    word = body.strip().upper()
    if advanced:
        return word if word in ("STOP", "START", "HELP") else None
    if word in STOP:
        return "STOP"
    if word in START:
        return "START"
    return "HELP" if word in HELP else None
