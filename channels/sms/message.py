"""What a webhook and Twilio's list of messages agree on, so that either tells of the same message."""

import hmac
import re
from datetime import datetime

from channels.sms import form
from core.basics.channel import Channel
from core.inbox.model import Inbound
from core.outbox.model import State

PROVIDER = "twilio"
PATH = "/sms/twilio"
STATUS_PATH = "/sms/twilio/status"

_SID = re.compile(r"(SM|MM)[0-9a-f]{32}", re.ASCII)

_STATES = {
    "accepted": None,
    "scheduled": None,
    "queued": None,
    "sending": None,
    "sent": State.SENT,
    "partially_delivered": State.SENT,
    "delivered": State.DELIVERED,
    "read": State.DELIVERED,
    "undelivered": State.UNDELIVERED,
    "failed": State.FAILED,
    "canceled": State.FAILED,
}


def is_sid(text: str) -> bool:
    """Whether this is the form of a message's name at Twilio."""
    return _SID.fullmatch(text) is not None


def state(status: str) -> State | None:
    """Our word for Twilio's status of a message; None where it only says that Twilio has the message."""
    return _STATES.get(status)


def inbound(*, sid: str, sender: str, to: str, body: str, payload: bytes, at: datetime, token: str) -> Inbound:
    """A received message. A `sender` that is no phone number stays as it came, and is nobody where it has to be cleaned
    to be kept: it matches no account (R7).

    The hash of the content is keyed, for from a bare one the phone could be found by trial, and covers what is the
    same in a webhook, its repeat and the list.
    """
    address, said = sender if form.clean(sender) == sender else "", form.clean(body)
    content = hmac.digest(token.encode(), "\0".join((address, form.clean(to), said)).encode(), "sha256")
    return Inbound(Channel.SMS, PROVIDER, sid, address, said, at, payload, content)
