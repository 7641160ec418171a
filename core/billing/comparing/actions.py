"""Why the sum of an account is another than it was on an earlier day."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from asyncpg import Connection

from core.basics.periods import DAY, Period
from core.billing import posting
from core.billing import sql as billing
from core.billing.comparing import sql
from core.billing.engine import changing, deriving, presence
from core.billing.engine.changing import Difference
from core.billing.model import Tariffs, TariffVersion
from core.metering import sql as metering


async def changed(conn: Connection, number: str, *, since: date, on: date, zone: ZoneInfo) -> Difference | None:
    """Why the sum of the account with this number at the end of `on` is another than at that of `since`, each by what
    was on record then; days are those of `zone`. None where there is no such account.

    :raises charging.NoTariff: a day to be charged has no tariff.
    """
    account = await billing.account(conn, number)
    if account is None:
        return None
    id, persons = account
    first, last = (datetime.combine(day + DAY, time.min, zone) for day in (since, on))
    known, through = (await posting.history(conn, [id]))[id], await sql.last_by(conn, id, last)
    facts, meters = deriving.known(known, through), (await metering.meters(conn, [id])).get(id, ())
    tariffs = await billing.tariffs(conn)
    return changing.difference(
        facts,
        presence.as_known(meters, known, through),
        _as_known(tariffs, await sql.tariffs_by(conn, last)),
        persons=persons,
        rules=await posting.estimation(conn),
        through=await sql.last_by(conn, id, first),
        since=since,
        on=on,
        earlier=_as_known(tariffs, await sql.tariffs_by(conn, first)),
    )


def _as_known(tariffs: Tariffs, ids: frozenset[int]) -> Tariffs:
    """The tariffs as they were when only these versions were known; a plan that was not known at all is as it is, for
    without it nothing could have been said."""
    return {plan: _versions(versions, ids) or versions for plan, versions in tariffs.items()}


def _versions(versions: tuple[TariffVersion, ...], ids: frozenset[int]) -> tuple[TariffVersion, ...]:
    """The known ones; one that ended only because another follows goes on until the next that was known."""
    found: list[TariffVersion] = []
    for place, one in enumerate(versions):
        if one.id not in ids:
            continue
        clipped = place + 1 < len(versions) and versions[place + 1].valid.start == one.valid.end
        if clipped and versions[place + 1].id not in ids:
            later = next((other.valid.start for other in versions[place + 1 :] if other.id in ids), None)
            one = replace(one, valid=Period(one.valid.start, later))
        found.append(one)
    return tuple(found)
