"""What befell meters: a chunk of comings, goings, failures, verifications and seals, compared and stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from asyncpg import Connection

from core.basics.periods import DAY, Period
from core.billing import actions as billing
from core.billing import recording
from core.billing import sql as billing_sql
from core.billing.conditions.model import Kind, Value
from core.billing.model import Tariffs
from core.billing.recording import NewFact
from core.doors import counting, dated, sql
from core.doors.dated import Told
from core.doors.meter_rows import Build, Event, EventRow
from core.doors.model import Setting
from core.doors.rows import CountRow
from core.doors.sql import Movement
from core.importing import cells
from core.importing import sql as importing
from core.importing.cells import Unreadable
from core.importing.model import Problem
from core.importing.plan import MeterRecord, Plan
from core.importing.rules import shown
from core.metering import sql as metering
from core.metering.model import Meter, Source
from core.stock import actions as stock
from core.stock.actions import Act

NOUN = "meters"
MOVED = (Event.INSTALLED, Event.REMOVED)
SOURCE = "act"

ByAccount = dict[int, dict[str, Meter]]
"""The meters of each account by their serials."""


async def store(conn: Connection, rows: Sequence[EventRow], setting: Setting) -> None:
    """Stores what is not on record, goings before comings, and derives the accounts anew."""
    ids = await importing.locked(conn, {row.account for row in rows})
    for row in rows:
        if row.account not in ids:
            expected = "an account that is on record"
            setting.tally.wrong(NOUN, [Problem(row.line, "account", row.account, "no such account", expected)])
    known = [row for row in rows if row.account in ids]
    await _remove(conn, [row for row in known if row.event is Event.REMOVED], ids, setting)
    await _install(conn, [row for row in known if row.event is Event.INSTALLED], ids, setting)
    await _record(conn, [row for row in known if row.event not in MOVED], ids, setting)


async def _meters(conn: Connection, ids: Mapping[str, int]) -> ByAccount:
    found = await metering.meters_there(conn, sorted(ids.values()))
    return {account: {one.serial: one for one in found.get(account, ())} for account in ids.values()}


async def _remove(conn: Connection, rows: Sequence[EventRow], ids: Mapping[str, int], setting: Setting) -> None:
    """A removed meter keeps its last reading, as the act says; where the act says none, the average goes on through its
    last day (billing.md section 2), and a dated fact gives the removal the number that the reading would."""
    meters = await _meters(conn, ids) if rows else {}
    standing: list[EventRow] = []
    for row in rows:
        meter = meters[ids[row.account]].get(row.meter)
        if meter is None:
            setting.tally.wrong(NOUN, [_unknown(row, meters[ids[row.account]])])
        elif meter.installed.end == row.day + DAY:
            setting.tally.unchanged(NOUN)
        elif meter.installed.end is not None:
            reason = f"the meter was removed on {meter.installed.end - DAY}"
            setting.tally.wrong(NOUN, [Problem(row.line, "date", f"{row.day}", reason, "no row for it")])
        else:
            standing.append(row)
    read = [_count(row) for row in standing if row.counts]
    refused = await counting.store(conn, read, setting, source=Source.ACT)
    good = [row for row in standing if row.line not in refused]
    moved = [_movement(row, meters[ids[row.account]][row.meter]) for row in good]
    for row in good:
        setting.tally.new(row.line, NOUN)
    numbers = await sql.move(conn, moved, by=setting.author.name, at=setting.at)
    taken = [(row, meters[ids[row.account]][row.meter]) for row in good]
    await _hung(conn, taken, setting, up=False)
    unread = [
        NewFact(
            one.account_id, Kind.MOVEMENT, Period(one.day, None), -numbers[one.meter_id], SOURCE, one.document,
            one.meter_id, one.event,
        )
        for row, one in zip(good, moved, strict=True)
        if not row.counts
    ]  # fmt: skip
    if unread:
        await recording.record_facts(conn, unread, by=setting.author.name, at=setting.at)
    await billing.rebuild(conn, sorted({one.account_id for one in moved}))


async def _install(conn: Connection, rows: Sequence[EventRow], ids: Mapping[str, int], setting: Setting) -> None:
    if not rows:
        return
    meters = await _meters(conn, ids)
    known = await sql.movements(conn, sorted(ids.values()))
    tariffs = await billing_sql.tariffs(conn)
    given = await importing.ids(conn, accounts=0, meters=len(rows))
    plan, moved, good = Plan(), list[Movement](), list[EventRow]()
    for row in rows:
        own = meters[ids[row.account]]
        if row.meter in own:
            if _movement(row, own[row.meter]) in known:
                setting.tally.unchanged(NOUN)
            else:
                reason = "the account has a meter of this serial"
                setting.tally.wrong(NOUN, [Problem(row.line, "meter", row.meter, reason, "another serial")])
            continue
        made = _made(row, ids[row.account], own, tariffs)
        if isinstance(made, Problem):
            setting.tally.wrong(NOUN, [made])
            continue
        if made.point_id == 0:
            made = replace(made, point_id=next(given.points))
            plan.points.append((made.point_id, made.account_id, made.service, made.tariff))
        made = replace(made, id=next(given.meters))
        own[made.serial] = made
        plan.meters.append(_record_of(made))
        moved.append(_movement(row, made))
        good.append(row)
        setting.tally.new(row.line, NOUN)
    await importing.store(conn, plan, at=setting.at)
    await sql.move(conn, moved, by=setting.author.name, at=setting.at)
    put_up = [(row, meters[ids[row.account]][row.meter]) for row in good]
    await _hung(conn, put_up, setting, up=True)
    await counting.store(conn, [_count(row) for row in good], setting, source=Source.ACT)


async def _hung(conn: Connection, rows: Sequence[tuple[EventRow, Meter]], setting: Setting, *, up: bool) -> None:
    """The stores know it of those that went through them."""
    acts = [Act(meter.serial, meter.brand, row.document) for row, meter in rows]
    await stock.hung(conn, acts, up=up, author=setting.author.name, at=setting.at)


def _made(row: EventRow, account: int, own: Mapping[str, Meter], tariffs: Tariffs) -> Meter | Problem:
    """The meter of the row, its id 0, its point 0 where it is at none that is known."""
    build, old = row.build, None
    if build.replaces:
        old = own.get(build.replaces)
        if old is None:
            expected = "a meter of the account"
            return Problem(row.line, "replaces", build.replaces, "not a meter of the account", expected)
        if old.installed.end is None or old.installed.end - DAY > row.day:
            expected = "a row with the event removed for it"
            return Problem(row.line, "replaces", build.replaces, f"it stands there on {row.day}", expected)
    made = _built(row, account, build, old)
    if isinstance(made, Problem):
        return made
    if old is None or old.zones != made.zones:
        for version in tariffs.get(made.tariff, ()):
            if "total" not in version.zones and not set(version.zones).issuperset(made.zones):
                reason = f"the plan {made.tariff} has no price for all of them"
                return Problem(row.line, "registers", "/".join(made.zones), reason, "/".join(version.zones))
        if made.tariff not in tariffs:
            expected = "import the tariffs first, or correct the name"
            return Problem(row.line, "tariff", made.tariff, "no such tariff plan is stored", expected)
    try:
        cells.counts(row.counts, registers=len(made.zones), digits=made.digits, fraction=made.fraction)
    except Unreadable as error:
        return Problem(row.line, "reading", shown("reading", row.counts), error.reason, error.expected)
    return made


def _built(row: EventRow, account: int, build: Build, old: Meter | None) -> Meter | Problem:
    if old is not None:
        for column, said, stands in (("service", build.service, old.service), ("tariff", build.tariff, old.tariff)):
            if said not in ("", stands):
                return Problem(row.line, column, said, f"not that of {old.serial}", f"{stands}, or nothing")
    service, tariff = (build.service, build.tariff) if old is None else (old.service, old.tariff)
    zones = build.zones or (() if old is None else old.zones)
    digits = build.digits if build.digits is not None or old is None else old.digits
    missing = {"service": not service, "tariff": not tariff, "registers": not zones, "digits": digits is None}
    for column, lacks in missing.items():
        if lacks:
            return Problem(row.line, column, "", "empty for a meter that replaces none", "as in a file of customers")
    assert digits is not None
    fraction = build.fraction if build.fraction is not None else 0 if old is None else old.fraction
    return Meter(
        id=0, account_id=account, point_id=0 if old is None else old.point_id, serial=row.meter, brand=build.brand,
        service=service, tariff=tariff, digits=digits, fraction=fraction,
        multiplier=1000 if build.multiplier is None else build.multiplier,
        capacity_kw=None if old is None else old.capacity_kw, zones=zones, installed=Period(row.day, None),
    )  # fmt: skip


async def _record(conn: Connection, rows: Sequence[EventRow], ids: Mapping[str, int], setting: Setting) -> None:
    """Failures, verifications, seals and access are dated facts of the meter."""
    meters = await _meters(conn, ids) if rows else {}
    told: list[Told] = []
    for row in rows:
        account = ids[row.account]
        meter = meters[account].get(row.meter)
        if meter is None:
            setting.tally.wrong(NOUN, [_unknown(row, meters[account])])
            continue
        facts = tuple(
            NewFact(account, kind, days, value, SOURCE, row.document, meter.id, row.seal)
            for kind, days, value in _facts(row)
        )
        told.append(Told(row.line, facts))
    await dated.record(conn, told, setting, noun=NOUN)


def _facts(row: EventRow) -> Iterator[tuple[Kind, Period, Value | None]]:
    """What holds from the day of the event on: a seal that was set anew counts again from that day."""
    end = None if row.until is None else row.until + DAY
    since = Period(row.day, end)
    match row.event:
        case Event.FAILED:
            yield Kind.FAILED, since, "failed"
        case Event.REPAIRED:
            yield Kind.FAILED, since, None
        case Event.VERIFIED:
            yield Kind.VERIFIED, since, "verified"
            if end is not None:
                yield Kind.VERIFIED, Period(end, None), "expired"
        case Event.SEALED:
            yield Kind.SEAL, since, "set"
        case Event.SEAL_BROKEN:
            yield Kind.SEAL, since, "broken"
        case Event.NO_ACCESS:
            yield Kind.ACCESS, since, "refused"
        case Event.ACCESS:
            yield Kind.ACCESS, since, None
        case Event.INSTALLED | Event.REMOVED:
            raise AssertionError("a movement is no dated fact")


def _unknown(row: EventRow, own: Mapping[str, Meter]) -> Problem:
    expected = f"one of its meters: {', '.join(own) or 'none'}"
    return Problem(row.line, "meter", row.meter, "not a meter of the account", expected)


def _count(row: EventRow) -> CountRow:
    return CountRow(row.line, row.account, row.meter, row.day, row.counts, row.document)


def _movement(row: EventRow, meter: Meter) -> Movement:
    return Movement(meter.account_id, meter.id, str(row.event), row.day, row.document)


def _record_of(meter: Meter) -> MeterRecord:
    capacity = None if meter.capacity_kw is None else Decimal(meter.capacity_kw).scaleb(-3)
    return (
        meter.id, meter.account_id, meter.point_id, meter.serial, meter.brand, meter.digits, meter.fraction,
        Decimal(meter.multiplier).scaleb(-3), capacity, meter.zones, meter.installed.start,
    )  # fmt: skip
