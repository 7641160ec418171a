"""What the running month will come to for the whole company, read from the database; nothing is written."""

from collections.abc import Iterator, Sequence
from dataclasses import field
from datetime import date

from asyncpg import Connection

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing import posting, sql
from core.billing.conditions.model import conditions_of
from core.billing.debts import sql as debts
from core.billing.engine import deriving, forecasting, timely, totalling
from core.billing.engine.charging import NoTariff
from core.billing.engine.facts import Facts
from core.billing.engine.forecasting import Forecast, TooLittle
from core.billing.engine.pricing import NoRate
from core.billing.engine.totalling import Total, Tried
from core.billing.model import Tariffs
from core.metering import sql as metering
from core.metering.model import Meter

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Foretold:
    """The running month, and the months before it on which the same forecast is tried, the latest first. `failed`
    accounts have days without a tariff."""

    total: Total
    tried: tuple[Tried, ...]
    failed: int


@dataclass(slots=True)
class _Gathered:
    """What is gathered account by account: the forecasts of the month, and of each month tried with what came."""

    now: list[Forecast | TooLittle] = field(default_factory=list)
    then: dict[Month, list[tuple[Forecast, tuple[int, int]]]] = field(default_factory=dict)
    failed: int = 0


async def foretell(conn: Connection, *, today: date, back: int = 6) -> Foretold:
    """The forecast of the company's month as of a day, tried on so many months before by what was read up to the same
    day of each."""
    month, found, days = Month.of(today), _Gathered(), tuple(_days(today, back))
    tariffs, after = await sql.tariffs(conn), 0
    while ids := await sql.metered(conn, after=after, limit=CHUNK):
        after = ids[-1]
        people, meters = await debts.people(conn, ids), await metering.meters(conn, ids)
        for account, facts in (await posting.history(conn, ids, short=True)).items():
            try:
                _gather(found, facts, meters.get(account, ()), tariffs, people[account][1], today, days)
            except (NoTariff, NoRate):
                found.failed += 1
    tried = tuple(totalling.tried(each, pairs) for each, pairs in sorted(found.then.items(), reverse=True))
    return Foretold(totalling.total(month, found.now), tried, found.failed)


def _days(today: date, back: int) -> Iterator[date]:
    """The same day of the months before."""
    month = Month.of(today)
    for _ in range(back):
        month = month.previous
        yield month.day(today.day)


def _gather(
    into: _Gathered,
    facts: Facts,
    meters: Sequence[Meter],
    tariffs: Tariffs,
    persons: int,
    today: date,
    days: Sequence[date],
) -> None:
    conditions = conditions_of(facts.conditions)

    def foretold(on: date) -> Forecast | TooLittle | None:
        readings = timely.in_force(deriving.until(facts, on), meters)
        return forecasting.forecast(
            meters, readings, tariffs, persons=persons, today=on, conditions=conditions, averaging=facts.averaging
        )

    one = foretold(today)
    if one is None:
        return
    into.now.append(one)
    known = timely.in_force(deriving.until(facts, today), meters)
    for day in days:
        month = Month.of(day)
        came = forecasting.came(meters, known, tariffs, month, persons=persons, conditions=conditions)
        then = foretold(day) if came is not None else None
        if came is not None and isinstance(then, Forecast):
            into.then.setdefault(month, []).append((then, came))
