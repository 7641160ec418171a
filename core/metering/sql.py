"""What the database is asked about meters and readings."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from asyncpg import Connection

from core.basics.facts import dataclass
from core.basics.periods import Month, Period
from core.metering.model import DayReading, Meter, Point, ReadingFact, Source, WithdrawalFact

METERS = """
select m.account_id, m.id, m.point_id, m.serial, m.brand, p.service, p.tariff, m.digits, m.fraction,
       (m.multiplier * 1000)::bigint as multiplier, (m.capacity_kw * 1000)::bigint as capacity_kw, m.zones,
       m.installed_on, m.removed_on, m.verified_until
  from meters m join points p on p.id = m.point_id
 where m.account_id = any($1::bigint[])
 order by m.account_id, m.point_id, m.id
"""

POINTS = """
select id, account_id, service, tariff from points where account_id = any($1::bigint[]) order by account_id, id
"""

ADD_READINGS = """
insert into readings (account_id, no, meter_id, register, day, value, source, phone_hash, inbox_id, flags, recorded_at,
                      counted_from)
select account_id, no, meter_id, register, day, value * 0.001, source, phone_hash, inbox_id,
       string_to_array(flags, ' '), recorded_at, counted_from
  from unnest($1::reading_row[])
"""

ADD_WITHDRAWALS = """
insert into withdrawals (account_id, no, reading_no, inbox_id, recorded_at)
select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[])
"""

OF_THE_DAY = """
select r.account_id, r.no, r.meter_id, r.register, r.day, (r.value * 1000)::bigint as value, r.source, r.phone_hash,
       w.no is not null as withdrawn, r.recorded_at
  from unnest($1::bigint[], $2::timestamptz[]) as asked (account_id, since)
 cross join lateral (select * from readings where account_id = asked.account_id and source > 0 and day in (
           select day from readings where account_id = asked.account_id and recorded_at >= asked.since)) as r
  left join withdrawals w on w.account_id = r.account_id and w.reading_no = r.no
 order by r.account_id, r.no, r.meter_id, r.register
"""

HISTORY = """
select r.account_id, r.no, r.meter_id, r.register, r.day, (r.value * 1000)::bigint, r.source,
       'late' = any(r.flags) and r.counted_from is null, r.counted_from
  from unnest($1::bigint[]) as asked (account_id)
 cross join lateral (select * from readings where account_id = asked.account_id) as r
 order by r.account_id, r.no, r.meter_id, r.register
"""

ARRIVALS = """
select asked.account_id, r.no, (r.recorded_at at time zone a.timezone)::date
  from unnest($1::bigint[]) as asked (account_id)
  join accounts a on a.id = asked.account_id
 cross join lateral (
     select distinct no, recorded_at from readings where account_id = asked.account_id and source = $2
 ) as r
 order by asked.account_id, r.no
"""

WITHDRAWN = """
select w.account_id, w.no, w.reading_no
  from unnest($1::bigint[]) as asked (account_id)
 cross join lateral (select * from withdrawals where account_id = asked.account_id) as w
 order by w.account_id, w.no
"""


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A row of readings: `value` thousandths, `flags` what a person may want to look at, `since` the first month whose
    bill goes by it, where it changes none before."""

    account_id: int
    no: int
    meter_id: int
    register: int
    day: date
    value: int
    source: Source
    phone_hash: bytes | None
    inbox_id: int | None
    flags: tuple[str, ...]
    recorded_at: datetime
    since: Month | None = None


@dataclass(frozen=True, slots=True)
class WithdrawalRow:
    account_id: int
    no: int
    reading_no: int
    inbox_id: int | None
    recorded_at: datetime


async def meters(conn: Connection, account_ids: Sequence[int]) -> dict[int, tuple[Meter, ...]]:
    """The meters of each account, removed ones too, by supply point."""
    found: dict[int, list[Meter]] = {}
    for row in await conn.fetch(METERS, account_ids):
        meter = meter_of(row)
        found.setdefault(meter.account_id, []).append(meter)
    return {account: tuple(of_account) for account, of_account in found.items()}


async def meters_there(conn: Connection, account_ids: Sequence[int]) -> dict[int, tuple[Meter, ...]]:
    """The meters of each account that stand or stood there, by supply point: none whose installation was taken back."""
    found = await meters(conn, account_ids)
    return {account: tuple(one for one in own if not one.void) for account, own in found.items()}


async def points(conn: Connection, account_ids: Sequence[int]) -> dict[int, tuple[Point, ...]]:
    """The supply points of each account, with meters or without."""
    found: dict[int, list[Point]] = {}
    for row in await conn.fetch(POINTS, account_ids):
        point = Point(*row)
        found.setdefault(point.account_id, []).append(point)
    return {account: tuple(own) for account, own in found.items()}


def meter_of(row: Iterable[Any]) -> Meter:
    """The meter of a row that has the columns of METERS."""
    (
        account_id, id, point_id, serial, brand, service, tariff, digits, fraction, multiplier, capacity_kw, zones,
        installed_on, removed_on, verified_until,
    ) = row  # fmt: skip
    return Meter(
        id, account_id, point_id, serial, brand, service, tariff, digits, fraction, multiplier, capacity_kw,
        tuple(zones), Period(installed_on, removed_on), verified_until,
    )  # fmt: skip


async def add_readings(conn: Connection, rows: Sequence[ReadingRow]) -> None:
    await conn.execute(ADD_READINGS, written(rows))


def written(rows: Sequence[ReadingRow]) -> list[tuple[object, ...]]:
    """The rows as they are written, a reading_row each."""
    return [
        (
            row.account_id, row.no, row.meter_id, row.register, row.day, row.value, row.source,
            row.phone_hash, row.inbox_id, " ".join(row.flags), row.recorded_at, row.since and row.since.first,
        )
        for row in rows
    ]  # fmt: skip


async def add_withdrawals(conn: Connection, rows: Sequence[WithdrawalRow]) -> None:
    columns = zip(
        *((row.account_id, row.no, row.reading_no, row.inbox_id, row.recorded_at) for row in rows), strict=True
    )
    await conn.execute(ADD_WITHDRAWALS, *columns)


async def of_the_day(conn: Connection, asked: Sequence[tuple[int, datetime]]) -> dict[int, tuple[DayReading, ...]]:
    """The readings for each day for which one was recorded since the start of the account's day, by (account, start);
    in the order of the facts' numbers."""
    found: dict[int, list[DayReading]] = {}
    for row in await conn.fetch(OF_THE_DAY, *zip(*asked, strict=True)):
        account, no, meter_id, register, day, value, source, phone_hash, withdrawn, at = row
        found.setdefault(account, []).append(
            DayReading(no, meter_id, register, day, value, Source(source), phone_hash, withdrawn, at)
        )
    return {account: tuple(readings) for account, readings in found.items()}


async def history(conn: Connection, account_ids: Sequence[int]) -> dict[int, tuple[ReadingFact, ...]]:
    """Every reading of each account, in the order of their numbers."""
    found: dict[int, list[ReadingFact]] = {}
    for account, no, meter_id, register, day, value, source, late, since in await conn.fetch(HISTORY, account_ids):
        month = None if since is None else Month.of(since)
        fact = ReadingFact(no, meter_id, register, day, value, _SOURCES[source], late, month)
        found.setdefault(account, []).append(fact)
    return {account: tuple(readings) for account, readings in found.items()}


async def arrivals(conn: Connection, account_ids: Sequence[int]) -> dict[int, dict[int, date]]:
    """The days on which customers' readings came, by the account and the reading's number."""
    found: dict[int, dict[int, date]] = {}
    for account, no, day in await conn.fetch(ARRIVALS, account_ids, Source.CUSTOMER):
        found.setdefault(account, {})[no] = day
    return found


async def withdrawn(conn: Connection, account_ids: Sequence[int]) -> dict[int, tuple[WithdrawalFact, ...]]:
    """The withdrawals of each account in the order of their numbers."""
    found: dict[int, list[WithdrawalFact]] = {}
    for account, no, reading_no in await conn.fetch(WITHDRAWN, account_ids):
        found.setdefault(account, []).append(WithdrawalFact(no, reading_no))
    return {account: tuple(facts) for account, facts in found.items()}


_SOURCES = {int(source): source for source in Source}
