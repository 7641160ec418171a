"""What is looked for, and what is found: the ways to an account (product.md, row Q0)."""

from enum import StrEnum

from core.basics.facts import dataclass


class Way(StrEnum):
    """By what an account is looked for. ACCOUNT: its number or the last signs of it. POINT: a supply point together
    with the account's number. METER: a serial, with the brand or without. BUILDING: the company's code of one."""

    ACCOUNT = "account"
    POINT = "point"
    METER = "meter"
    NAME = "name"
    DOCUMENT = "document"
    ADDRESS = "address"
    BUILDING = "building"
    BANK = "bank"
    PHONE = "phone"


class Document(StrEnum):
    """What a person or an organisation identifies itself by."""

    PASSPORT = "passport"
    FOREIGN_PASSPORT = "foreign_passport"
    RESIDENCE_PERMIT = "residence_permit"
    MILITARY_ID = "military_id"
    BIRTH_CERTIFICATE = "birth_certificate"
    PENSION_INSURANCE = "pension_insurance"
    TAXPAYER = "taxpayer"
    REGISTRATION = "registration"


@dataclass(frozen=True, slots=True)
class Query:
    """What is to be looked for in one way, as its resolver wants it: `values` are the words of a name or an address,
    (point, account) of a point, (serial, brand or "") of a meter, else the one value."""

    way: Way
    values: tuple[str, ...]


Place = tuple[int, int]
"""(customer id, account id): where in a list to go on; the customer is 0 where the list goes by accounts alone."""

START: Place = (0, 0)

MOST = 50
"""So many are shown of each way."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An account that was found: its number, who holds it today and where it is, None where that was erased or is not
    known. `before`: it was found by somebody who holds it no longer. Of a meter `serial` and `brand`, and `gone` where
    it stands there no more."""

    account_id: int
    number: str
    kind: str
    holder: str | None
    address: str | None
    before: bool = False
    serial: str = ""
    brand: str = ""
    gone: bool = False
    point: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one way: at most MOST hits, and where to go on where there are more."""

    query: Query
    hits: tuple[Hit, ...]
    more: Place | None = None

    @property
    def brands(self) -> tuple[str, ...]:
        """The brands of the meters that bear the serial, where there are several."""
        brands = tuple(sorted({hit.brand for hit in self.hits}))
        return brands if len(brands) > 1 else ()
