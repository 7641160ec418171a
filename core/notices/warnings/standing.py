"""How the account of a warning stands on a day: what the gate asks beside the evidence."""

from datetime import date

from asyncpg import Connection

from core.accounts import sql as accounts
from core.basics.periods import DAY
from core.billing import profiles
from core.billing.terms import Pack
from core.notices.model import Refused, Why
from core.notices.owing import rules as owing
from core.notices.warnings import gate, protecting, sql
from core.notices.warnings.model import Case, Today, What


async def pack(conn: Connection) -> Pack:
    """The company's rule pack.

    :raises Refused: no company is set up.
    """
    profile = await accounts.company(conn)
    if profile is None:
        raise Refused(Why.NOBODY, "no company is set up")
    return profiles.profile(profile.pack)


async def today(conn: Connection, of: Case, day: date) -> Today:
    """How things stand on the day by what is on record at this moment, payments that were booked just now with it."""
    law, said = await pack(conn), of.first(What.TEXT) or of.rows[0]
    claims, planned, since = await sql.stands(conn, of.account_id, day=day, since=said.at)
    overdue = owing.overdue(claims, day=day, years=law.limitation).claims
    facts = await sql.protections(conn, of.account_id)
    return Today(
        day, gate.unpaid(of, overdue), sum(one[3] for one in overdue), planned,
        since and since.astimezone(of.zone).date(), law.calendar.is_off(day), law.calendar.is_off(day + DAY),
        protecting.holding(facts, day, of.customer, law.warnings), law.warnings.spares(day, of.customer),
    )  # fmt: skip
