"""One fact at a time, with what it changes told before anybody decides whether it is to stay."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from asyncpg import Connection

from core.billing import actions as billing
from core.billing import sql as accounts
from core.billing.engine.charging import NoTariff
from core.billing.engine.pricing import NoRate
from core.doors import actions
from core.doors.model import Author, Door
from core.importing.report import Report


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a fact, and what its account has to pay without and with it, in kopecks, negative where it has paid
    more; None where that cannot be told."""

    report: Report
    before: int | None
    after: int | None

    @property
    def known(self) -> bool:
        """The same is on record already."""
        return not self.report.problems and not self.report.rows.new


async def bring(
    conn: Connection, door: Door, cells: Mapping[str, str], *, author: Author, today: date, at: datetime
) -> Brought:
    """Brings one fact and tells what it changes; whoever calls keeps the transaction or undoes it.

    :raises NotAllowed: the author has no such door.
    """
    number = cells.get("account", "")
    before = await to_pay(conn, number, today)
    report = await actions.bring(conn, door, [cells], author=author, today=today, at=at)
    return Brought(report, before, await to_pay(conn, number, today))


async def to_pay(conn: Connection, number: str, today: date) -> int | None:
    """What the account has to pay today, kopecks; None where there is no such account, or a day of it has no tariff."""
    if not number.isprintable():
        return None
    try:
        told = await billing.explain(conn, number.strip().upper(), today)
    except (NoTariff, NoRate):
        return None
    return None if told is None else told.standing.to_pay - told.standing.credit


async def account_id(conn: Connection, number: str) -> int | None:
    """The account with this number, None where there is none."""
    found = await accounts.account(conn, number.strip().upper()) if number.isprintable() else None
    return None if found is None else found[0]
