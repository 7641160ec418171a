"""Twilio's refusals: which are clear, and after which the same message may be tried again."""

import json
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from channels.port import SendFailed, SendUnclear

_LONGEST_WAIT = 3600.0

_AGAIN = {
    "14107": True,  # too many messages at once
    "20003": True,  # not authenticated: ours to put right
    "20005": True,  # the account is not active
    "20006": True,  # access denied
    "20404": True,  # no such account
    "20429": True,  # too many requests
    "21211": False,  # the number is invalid
    "21212": True,  # our number is invalid: ours to put right
    "21214": False,  # the number cannot be reached
    "21217": False,  # the number does not seem valid
    "21219": False,  # a trial account may not write to it
    "21266": False,  # to and from are the same
    "21408": False,  # the country is not switched on
    "21601": True,  # our number cannot send SMS
    "21602": False,  # no text
    "21603": True,  # no sender: ours to put right
    "21604": False,  # no recipient
    "21606": True,  # our number is not one of the account
    "21608": False,  # a trial account may not write to it
    "21609": True,  # the address for reports is invalid: ours to put right
    "21610": False,  # the person opted out at the carrier
    "21611": True,  # the queue of our number is full
    "21612": False,  # no route to the number
    "21614": False,  # no mobile number
    "21617": False,  # too long
    "21619": False,  # no text
    "21635": False,  # a landline
    "21659": True,  # our number is not Twilio's
    "21660": True,  # our number is not one of the account
    "30001": True,  # queue overflow
    "30002": True,  # the account is suspended
    "30003": False,  # handset unreachable
    "30004": False,  # blocked
    "30005": False,  # unknown handset
    "30006": False,  # a landline, or an unreachable carrier
    "30007": False,  # filtered
    "30008": True,  # unknown error
    "30022": True,  # over the rate of the carrier
    "63038": True,  # over the account's daily limit
}
"""Codes that say clearly that the message was not taken, and whether it may be tried again."""


UNREACHABLE = frozenset({"21211", "21214", "21217", "21612", "21614", "21635", "30003", "30005", "30006"})
"""Codes of refusals and receipts that say of a number that nothing reaches it. Not that its person opted out or was
blocked: the phone is his all the same."""


def refusal(status: int, headers: Mapping[str, str], text: str) -> SendFailed | SendUnclear:
    """What an answer other than 2xx to a request to send means.

    Of 5xx only those are clear that carry one of the codes above: Twilio is known to have sent messages for which it
    answered 500 (R20). Nor is 429 taken for more than a wish to be left alone. An answer without a code of Twilio's is
    somebody else's, between us and Twilio.
    """
    code, words = _told(text)
    wait = _wait(headers)
    told = f"HTTP {status} {code or ''}".strip()
    if status == 429:
        return SendUnclear(told, wait, refused=code or "http-429")
    if status == 408 or (not 400 <= status < 500 and code not in _AGAIN):
        return SendUnclear(told, wait)
    if code is None:
        return SendFailed(f"http-{status}", f"HTTP {status}", again=status != 400, retry_after=wait)
    again = _AGAIN.get(code, status == 401)
    return SendFailed(code, words, again=again, retry_after=wait if again else None, unreachable=code in UNREACHABLE)


def without_numbers(words: str) -> str:
    """The words without phone numbers, for Twilio repeats them (R41)."""
    return re.sub(r"\+?\d[\d ()\-]{4,}\d", "…", words)[:200]


def _told(text: str) -> tuple[str | None, str]:
    """Twilio's code and words; an HTTP status in the code's place is none."""
    try:
        told = json.loads(text)
    except ValueError:
        return None, ""
    if not isinstance(told, dict):
        return None, ""
    code, words = told.get("code"), told.get("message") or told.get("detail") or ""
    return str(code) if isinstance(code, int) and code >= 10_000 else None, without_numbers(str(words))


def _wait(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by Retry-After; a date in it counts from the answer's own date."""
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdigit():
        return min(float(told[:9]), _LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(told) - parsedate_to_datetime(headers.get("Date", ""))
    except (ValueError, TypeError):
        return None
    return min(max(wait.total_seconds(), 0.0), _LONGEST_WAIT)
