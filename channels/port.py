"""What every channel offers for carrying messages out, and how it says that it could not."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.inbox.model import Inbound
from core.outbox.model import State


@dataclass(eq=False)
class SendFailed(Exception):
    """The provider did not take the message. Plain, for a frozen exception cannot pass through a context manager.

    `code` is the provider's own where it gave one, `detail` its words without phone numbers. `again`: the same message
    may be tried again, no sooner than after `retry_after` seconds where the provider named a time. `unreachable`: no
    message reaches that number.
    """

    code: str
    detail: str
    again: bool
    retry_after: float | None = None
    unreachable: bool = False


@dataclass(eq=False)
class SendUnclear(Exception):
    """The request left and no clear answer came: the provider may or may not have the message. It is looked for with
    `find` before anything is sent again (R20). `retry_after`: for so many seconds the provider wants to be left alone.

    `refused` is its code where it answered that this was too much for it. That is believed once the list, too, does not
    have the message.
    """

    detail: str
    retry_after: float | None = None
    refused: str | None = None


@dataclass(eq=False)
class ListUnavailable(Exception):
    """The provider's list could not be read, so nothing is known yet; it is read again later."""

    detail: str


@dataclass(eq=False)
class NoList(Exception):
    """The provider tells nobody what it took: an unclear message is sent once more, or never."""


@dataclass(frozen=True, slots=True)
class Found:
    """A message on the provider's list, so it was accepted. `state` is what became of it, SENT where the provider only
    has it yet; `sent_at` (aware) is when the provider took it."""

    reference: str
    state: State
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the provider's list of what people wrote, newest first. `told_at` (aware) is the provider's own time of
    the page, None where it tells none."""

    inbounds: tuple[Inbound, ...]
    told_at: datetime | None


class Mailbox(Protocol):
    """A provider that can be asked what it took for us, whether we were told of it or not (R5)."""

    def received(self, *, since: datetime, until: datetime | None, at: datetime) -> AsyncIterator[Page]:
        """What people wrote to our numbers between the two times of the provider's clock (aware); without `until` up
        to now, which by our clock is `at`. The webhook of the same message has the same reference and content.

        :raises ListUnavailable: the list could not be read.
        """
        ...


class Carrier(Protocol):
    """One provider's way out."""

    async def send(self, *, address: str, body: str, key: str, extras: str = "") -> str:
        """Hands over one message, once, and returns the provider's reference. `key` is our own mark for it, which the
        provider's reports carry back; `extras` is what goes out beside the words, where the channel has such.

        :raises SendFailed: it was refused, or never left.
        :raises SendUnclear: it left, and whether it was taken is unknown.
        """
        ...

    async def find(self, *, address: str, body: str, key: str, since: datetime) -> Sequence[Found]:
        """The messages with this text to this address that the provider took at or after `since` (aware), oldest
        first. Where the provider cannot be asked for `key`, other messages of the same words are among them: leave out
        the references that are known already.

        :raises ListUnavailable: the list could not be read.
        :raises NoList: there is none.
        """
        ...

    async def close(self) -> None:
        """Lets go of the connections."""
        ...
