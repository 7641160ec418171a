"""The warnings of a notice as a list shows them, and those of an account as its people see them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from asyncpg import Connection, Record

from core.accounts import sql as accounts
from core.basics.facts import dataclass
from core.basics.sealing import Keyring
from core.billing import profiles
from core.billing.warning import Clock, WarningTerms
from core.notices.model import Kind
from core.notices.warnings import actions, sql

OWN = 10
"""So many warnings of an account are shown to its people."""


@dataclass(frozen=True, slots=True)
class Line:
    """A warning in a list: kopecks, the state of its message, and what became of it."""

    number: int
    account: str
    debt: int
    state: str | None
    worded_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    acknowledged_at: datetime | None
    promised_until: date | None
    letter_at: datetime | None
    ended_at: datetime | None


async def by_letter(conn: Connection, account_id: int | None) -> list[int]:
    """The numbers of an account's warnings that stand and have to go by letter."""
    return [] if account_id is None else await sql.by_letter(conn, account_id)


async def of_notice(conn: Connection, notice_id: int, *, after: int, most: int) -> tuple[Line, ...]:
    """Those of a notice who are told, with numbers above `after`."""
    return tuple(Line(*row) for row in await sql.of_notice(conn, notice_id, after=after, limit=most))


@dataclass(frozen=True, slots=True)
class Own:
    """A warning of an account, by the days of its clock. `text`, None where it went to another phone; `code` by which
    this phone acknowledges it, empty where that was done or is another's to do; `until`: the last day on which it can
    be paid before what it warns of, None where its term has not begun by a message; `ended`: withdrawn on that day."""

    number: int
    kind: Kind
    day: date
    text: str | None
    code: str
    read: date | None
    promised: date | None
    until: date | None
    ended: date | None


async def own(conn: Connection, account_id: int, phone_hash: bytes, *, keyring: Keyring) -> tuple[Own, ...]:
    """The latest warnings of an account, as who has this phone may see them in his cabinet."""
    rows = await sql.own(conn, account_id, phone_hash, limit=OWN)
    company = await accounts.company(conn) if rows else None
    if company is None:
        return ()
    terms = profiles.profile(company.pack).warnings
    return tuple(_own(row, terms.of(row["kind"], row["customer"]), keyring) for row in rows)


def _own(row: Record, terms: WarningTerms, keyring: Keyring) -> Own:
    zone = ZoneInfo(row["timezone"])

    def day(at: datetime | None) -> date | None:
        return None if at is None else at.astimezone(zone).date()

    said = row["worded_at"].astimezone(zone).date()
    names = ("sent_at", "delivered_at") if terms.clock is Clock.SENDING else ("delivered_at", "acknowledged_at")
    begun = day(min((row[name] for name in names if row[name] is not None), default=None))
    text = None
    if row["text"] is not None and row["data_key"] is not None:
        text = actions.opened(row["text"], keyring.customer(row["data_key"])).get("text")
    waits = row["mine"] and row["acknowledged_at"] is None and row["ended_at"] is None
    return Own(
        row["id"], Kind(row["kind"]), said, text, row["code"] if waits else "", day(row["acknowledged_at"]),
        row["promised_until"], None if begun is None else begun + timedelta(terms.days), day(row["ended_at"]),
    )  # fmt: skip
