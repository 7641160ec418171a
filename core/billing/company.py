"""What the company says of itself: checked, read and kept."""

import re
from dataclasses import dataclass

from asyncpg import Connection

from core.accounts import sql as accounts
from core.accounts.model import WAYS, CompanyProfile
from core.basics import payee as payees
from core.basics.payee import Payee
from core.billing import profiles, sql
from core.billing.model import TariffVersion

_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{2,17}", re.ASCII)


class BadProfile(ValueError):
    """Something that is said of the company cannot be; `field` is name, phone, window or pay."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Said:
    """What people say of the company: `window` is such as 15-25, "" for what the rule pack says."""

    name: str
    phone: str
    window: str = ""
    pay: str = ""


def checked(said: Said, *, zone: str, pack: str) -> CompanyProfile:
    """The profile that this is.

    :raises BadProfile: a field cannot be so.
    """
    first, _, last = said.window.replace("–", "-").partition("-")
    days = (int(first), int(last)) if first.strip().isdecimal() and last.strip().isdecimal() else None
    if said.window and (days is None or not 1 <= days[0] <= days[1] <= 31):
        raise BadProfile("window", f"not days like 15-25: {said.window!r}")
    if not said.name.strip() or not said.name.isprintable():
        raise BadProfile("name", f"not a name of a company: {said.name!r}")
    if not _PHONE.fullmatch(said.phone):
        raise BadProfile("phone", f"not a telephone that a message can name, such as 8-800-555-35-35: {said.phone!r}")
    if len(said.pay) > WAYS or not said.pay.isprintable():
        raise BadProfile("pay", f"not one line of {WAYS} characters at most: {said.pay!r}")
    terms = profiles.profile(pack)
    if days is None and terms.window is not None:
        days = terms.window.first, terms.window.last
    return CompanyProfile(said.name.strip(), said.phone, zone, terms.currency, pack, days, said.pay)


async def told(conn: Connection) -> CompanyProfile | None:
    """What the company says of itself, None before it has said anything."""
    return await accounts.company(conn)


async def tell(conn: Connection, profile: CompanyProfile) -> None:
    """Keeps it; running processes take it up when they are started again."""
    await accounts.set_company(conn, profile)


async def payee(conn: Connection) -> Payee | None:
    """Whom bills are paid to, None where nothing is said of it."""
    return await accounts.payee(conn)


async def tell_payee(conn: Connection, said: Payee | None) -> None:
    """Keeps whom bills are paid to from now on, on those that were not printed yet; None: they name nobody.

    :raises payees.BadPayee: a field cannot be so.
    """
    await accounts.set_payee(conn, None if said is None else payees.checked(said))


async def tariffs(conn: Connection) -> list[TariffVersion]:
    """Every version of every plan, plans in their order, the oldest version first."""
    return [version for versions in (await sql.tariffs(conn)).values() for version in versions]
