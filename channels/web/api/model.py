"""What the JSON API takes and gives. Sums and volumes are text in main units, such as "431.60"; days are 2025-11-21,
months 2025-11."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_DAY = re.compile(r"(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}", re.ASCII)


class Given(BaseModel):
    """What comes: nothing but what is described is taken."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Told(BaseModel):
    """What goes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(Told):
    """Why a call came to nothing (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""


class Account(Told):
    """An account of the phone: by `id` it is named in addresses; `may` are the scopes of the phone's link to it."""

    id: str
    number: str
    name: str | None
    role: str
    may: list[str]


class Accounts(Told):
    accounts: list[Account]


class Part(Told):
    """A part of what there is to pay."""

    kind: Literal["charge", "penalty", "planned", "paid_ahead"]
    month: str | None
    amount: str
    overdue: bool


class Balance(Told):
    """What there is to pay: `to_pay` makes even now, `overdue` is the part of it past its day, `credit` what is paid
    ahead; `due_on` is the nearest day by which something is to be paid."""

    to_pay: str
    overdue: str
    credit: str
    due_on: date | None
    parts: list[Part]


class RegisterGiven(Given):
    """What a register shows: its meter by the serial, its zone where the meter has several, its digits."""

    meter: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f]+$")]
    zone: Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[a-z0-9]+$")] = "total"
    value: Annotated[str, Field(pattern=r"^[0-9]{1,12}(\.[0-9]{1,6})?$", max_length=19)]


def _day(told: object) -> object:
    """
    :raises ValueError: it is no day written out: a number would be taken for seconds since 1970.
    """
    if told is None or (isinstance(told, str) and _DAY.fullmatch(told)):
        return told
    raise ValueError("a day such as 2025-11-21 is wanted")


class ReadingsGiven(Given):
    """Readings of one day, today where none is named."""

    readings: Annotated[list[RegisterGiven], Field(min_length=1, max_length=20)]
    on: Annotated[
        date | None, Field(strict=False, json_schema_extra={"pattern": f"^{_DAY.pattern}$"}), BeforeValidator(_day)
    ] = None


class MessageGiven(Given):
    """Any command, as a text message would say it."""

    text: Annotated[str, Field(min_length=1, max_length=480)]


class Answer(Told):
    """What was answered: `kind` names the answer, `accepted` tells whether a reading was taken, `text` says it in the
    phone's language; `repeated`: the same call was answered before, and this is what was answered then."""

    kind: str | None
    accepted: bool
    text: str | None
    repeated: bool


class Reading(Told):
    """What a register showed at the end of a day."""

    meter: str
    zone: str
    day: date
    value: str
    source: str


class Readings(Told):
    readings: list[Reading]


class Bill(Told):
    """A claim: `left` of it is not paid."""

    no: int
    kind: str
    month: str
    amount: str
    issued_on: date
    due_on: date
    left: str
    status: Literal["open", "overdue", "paid"]


class Bills(Told):
    bills: list[Bill]


class BillLine(Told):
    service: str
    kind: str
    volume: str | None
    amount: str


class BillPaper(Told):
    """A bill as it was issued: what was open before, what was charged and paid since, what that comes to; `code` is
    what its payment code says, `sha256` that of what is kept of it."""

    no: int
    kind: str
    month: str
    issued_on: date
    due_on: date
    lines: list[BillLine]
    amount: str
    opening: str
    paid: str
    closing: str
    code: str | None
    sha256: str


class Payment(Told):
    """Money that came; negative where it was taken back."""

    day: date
    amount: str
    month: str | None


class Payments(Told):
    payments: list[Payment]


class Day(Told):
    """The use of a day; `least` and `most` are how far a forecast may be off."""

    day: date
    volume: str
    foretold: bool
    least: str | None
    most: str | None


class Use(Told):
    service: str
    days: list[Day]


class BookMonth(Told):
    """A month of the subscriber's book."""

    month: str
    volumes: dict[str, str]
    charged: str
    corrected: str
    late: str
    paid: str
    left: str


class Book(Told):
    months: list[BookMonth]


Protocol = dict[str, Any]
"""The protocol as docs/billing/protocol.md describes it."""
