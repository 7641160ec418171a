"""Who is not warned of a disconnection, for none could lawfully follow: what the gate would refuse is not threatened
with (idea 3 of the product)."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter

from asyncpg import Connection

from core.billing.terms import Pack
from core.notices.model import Kind, Notice
from core.notices.warnings import protecting, sql

_ACCOUNT = itemgetter("account_id")


async def spared(
    conn: Connection, notice: Notice, customers: Mapping[int, str], pack: Pack, *, day: date
) -> frozenset[int]:
    """Those of the accounts, given with the kind of their customer, whose supply may not be cut on the first day on
    which the warning, received on the day, could be followed by it; of a notice of another kind nobody. A protection
    that ends before that day keeps nobody from being warned."""
    if notice.kind is not Kind.DISCONNECTION or not customers:
        return frozenset()
    found: set[int] = set()
    for account, rows in groupby(await sql.protected(conn, sorted(customers)), key=_ACCOUNT):
        customer = customers[account]
        first = day + timedelta(pack.warnings.of(notice.kind, customer).days + 1)
        if protecting.holding(list(rows), first, customer, pack.warnings):
            found.add(account)
    return frozenset(found)


async def spared_people(conn: Connection, notice: Notice, pack: Pack, *, day: date) -> frozenset[int]:
    """The ids of the people of an audience, as it was just written down, who are not warned for that."""
    if notice.kind is not Kind.DISCONNECTION:
        return frozenset()
    rows = await sql.perhaps_protected(conn, notice.id)
    accounts = await spared(conn, notice, {row["account_id"]: row["customer"] for row in rows}, pack, day=day)
    return frozenset(row["id"] for row in rows if row["account_id"] in accounts)
