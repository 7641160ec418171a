"""What is said of requests to the staff, in words."""

from datetime import timedelta
from typing import assert_never

from core.requests.model import (
    RequestAnswered,
    Requested,
    RequestOpened,
    RequestRepeated,
    RequestsFull,
    RequestStands,
    RequestUnknown,
)
from core.wording.phrases import Phrases, quoted

_NUMBER = 12
"""Units of a number of a request that the customer named and we do not know."""

LONG_AGO = timedelta(days=300)
"""From here on a day is told with its year."""


def requested(phrases: Phrases, reply: Requested) -> str:
    put = phrases.catalog.put
    match reply:
        case RequestOpened(subject=subject, number=number, phone=phone):
            return put(f"request.{subject}", number=number, phone=phone or put("phone.on_bill"))
        case RequestRepeated(number=number, phone=phone):
            return put("request.repeated", number=number, phone=phone or put("phone.on_bill"))
        case RequestsFull(phone=phone):
            return put("request.full", phone=phone or put("phone.on_bill"))
        case RequestStands(number=number, state=state, day=day, today=today):
            dated = phrases.formats.day(day) if today - day < LONG_AGO else phrases.formats.full_day(day)
            return put(f"request.state_{state}", number=number, day=dated)
        case RequestAnswered(number=number, text=text):
            return put("request.answered", number=number, text=text)
        case RequestUnknown(number=number):
            return put("request.unknown", number=quoted(number, _NUMBER))
        case _:
            assert_never(reply)
