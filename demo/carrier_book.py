"""The simulated carrier's own record of every message, in the words of Twilio's interface."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from uuid import uuid4

from demo.carrier_segments import segments

API_VERSION = "2010-04-01"


@dataclass(frozen=True, slots=True)
class Message:
    """One SMS, either way. `number` counts from 0 in the order of acceptance; `price_micro` is millionths of a dollar
    for all its segments, None before it was sent; times are aware UTC."""

    number: int
    sid: str
    direction: str
    sender: str
    to: str
    body: str
    status: str
    created: datetime
    updated: datetime
    sent: datetime | None
    segments: int
    media: int = 0
    price_micro: int | None = None
    error: int | None = None
    callback: str | None = None
    webhook: int | None = None
    """The HTTP status with which the gateway took a text of a phone, None while it has not."""


class Book:
    """All messages of one account; what was said is found by either party's number."""

    def __init__(self, account_sid: str) -> None:
        self._account_sid = account_sid
        self._messages: list[Message] = []
        self._numbers: dict[str, int] = {}
        self._by_party: defaultdict[str, list[int]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._messages)

    def add(
        self,
        *,
        direction: str,
        sender: str,
        to: str,
        body: str,
        at: datetime,
        media: int = 0,
        callback: str | None = None,
        price_micro: int = 0,
    ) -> Message:
        """A message just accepted. `price_micro` is that of a segment: a text of a phone is charged at once, one to a
        phone when it leaves."""
        inbound = direction == "inbound"
        parts = segments(body)
        added = Message(
            number=len(self._messages),
            sid=("MM" if media else "SM") + uuid4().hex,
            direction=direction,
            sender=sender,
            to=to,
            body=body,
            status="received" if inbound else "queued",
            created=at,
            updated=at,
            sent=at if inbound else None,
            segments=parts,
            media=media,
            price_micro=price_micro * parts if inbound else None,
            callback=callback,
        )
        self._messages.append(added)
        self._numbers[added.sid] = added.number
        for party in {sender, to}:
            self._by_party[party].append(added.number)
        return added

    def get(self, sid: str) -> Message | None:
        number = self._numbers.get(sid)
        return None if number is None else self._messages[number]

    def moved(self, sid: str, status: str, *, at: datetime, price_micro: int, error: int | None = None) -> Message:
        """The message with a new status; a message is priced and dated when it leaves for the phone."""
        old = self._messages[self._numbers[sid]]
        left = status in ("sent", "delivered", "undelivered")
        new = replace(
            old,
            status=status,
            updated=at,
            sent=old.sent or (at if left else None),
            price_micro=price_micro * old.segments if left else old.price_micro,
            error=error,
        )
        self._messages[old.number] = new
        return new

    def taken(self, sid: str, status: int | None) -> Message:
        """The text with the answer that the gateway gave to it."""
        old = self._messages[self._numbers[sid]]
        self._messages[old.number] = new = replace(old, webhook=status)
        return new

    def conversation(self, phone: str) -> tuple[Message, ...]:
        """What was said with this phone, oldest first."""
        return tuple(self._messages[number] for number in self._by_party.get(phone, ()))

    def from_number(self, number: int, *, limit: int) -> tuple[Message, ...]:
        return tuple(self._messages[number : number + limit])

    def newest_first(self, *, party: str | None, before: int | None) -> Iterator[Message]:
        """All messages, or those with one party, that were accepted before the one of the given number."""
        numbers = range(len(self._messages)) if party is None else self._by_party.get(party, ())
        end = len(numbers) if before is None else bisect_left(numbers, before)
        for position in range(end - 1, -1, -1):
            yield self._messages[numbers[position]]

    def as_json(self, message: Message) -> dict[str, object]:
        """The message as Twilio's interface shows it."""
        uri = f"/{API_VERSION}/Accounts/{self._account_sid}/Messages/{message.sid}"
        return {
            "account_sid": self._account_sid,
            "api_version": API_VERSION,
            "body": message.body,
            "date_created": format_datetime(message.created),
            "date_sent": format_datetime(message.sent) if message.sent else None,
            "date_updated": format_datetime(message.updated),
            "direction": message.direction,
            "error_code": message.error,
            "error_message": None,
            "from": message.sender,
            "messaging_service_sid": None,
            "num_media": str(message.media),
            "num_segments": str(message.segments),
            "price": price(message),
            "price_unit": "USD",
            "sid": message.sid,
            "status": message.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": message.to,
            "uri": f"{uri}.json",
        }


def price(message: Message) -> str | None:
    """The price as Twilio writes it: negative, five decimals."""
    if message.price_micro is None:
        return None
    whole, rest = divmod(message.price_micro // 10, 100_000)
    return f"-{whole}.{rest:05d}"
