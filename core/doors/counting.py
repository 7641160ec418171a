"""A chunk of readings that were taken by an inspector or by a metering system, compared with what is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from asyncpg import Connection

from core.basics.money import MILLI
from core.billing import actions as billing
from core.billing import sql as billing_sql
from core.billing.engine.usage import possible
from core.billing.tariffs import plain
from core.doors import sql
from core.doors.model import Setting
from core.doors.rows import CountRow
from core.doors.sql import BroughtReading
from core.importing import cells
from core.importing import sql as importing
from core.importing.cells import Unreadable
from core.importing.model import Problem
from core.importing.rules import shown
from core.metering import sql as metering
from core.metering.model import Meter, ReadingFact, RegisterKey, Source

NOUN = "readings"

_SAID = {
    "t1": "1", "t2": "2", "t3": "3", "т1": "1", "т2": "2", "т3": "3",
    "общий": "total", "день": "day", "ночь": "night", "пик": "peak", "полупик": "halfpeak",
}  # fmt: skip
"""Registers as files of customers name them too, by their number or zone."""


async def store(conn: Connection, rows: Sequence[CountRow], setting: Setting, *, source: Source) -> set[int]:
    """Stores the readings that are new and derives their accounts anew: one that is firmer than what a customer sent
    takes its place, and what customers sent that cannot be true with it counts no more (billing.md section 1).

    What comes back are the lines of those that were refused."""
    ids = await importing.locked(conn, {row.account for row in rows})
    accounts = sorted(ids.values())
    known = await _known(conn, accounts)
    meters = await metering.meters_there(conn, accounts)
    numbers = await billing_sql.fact_numbers(conn, accounts)
    new: list[BroughtReading] = []
    refused: set[int] = set()
    for row in rows:
        found = _placed(row, ids, meters)
        if not isinstance(found, Problem):
            found = found if (wrong := _refused(row, found, known, source)) is None else wrong
        if isinstance(found, Problem):
            setting.tally.wrong(NOUN, [found])
            refused.add(row.line)
            continue
        fresh = [one for one in found if not _is_known(one, row.day, known, source)]
        if not fresh:
            setting.tally.unchanged(NOUN)
            continue
        setting.tally.new(row.line, NOUN)
        account = ids[row.account]
        no = numbers[account] = numbers.get(account, 0) + 1
        for one in fresh:
            fact = ReadingFact(no, one.meter.id, one.register, row.day, one.value, source)
            known.setdefault(one.key, []).append(fact)
            new.append(BroughtReading(account, fact, row.document, setting.author.name, setting.at))
    await sql.add_readings(conn, new)
    await billing.rebuild(conn, sorted({one.account_id for one in new}))
    return refused


@dataclass(frozen=True, slots=True)
class Count:
    """What a register showed, thousandths."""

    meter: Meter
    register: int
    value: int

    @property
    def key(self) -> RegisterKey:
        return (self.meter.id, self.register)


Known = dict[RegisterKey, list[ReadingFact]]


async def _known(conn: Connection, accounts: Sequence[int]) -> Known:
    """The readings of each register that were not taken back."""
    gone = {
        (account, one.reading_no)
        for account, facts in (await metering.withdrawn(conn, accounts)).items()
        for one in facts
    }
    found: Known = {}
    for account, readings in (await metering.history(conn, accounts)).items():
        for one in readings:
            if (account, one.no) not in gone:
                found.setdefault((one.meter_id, one.register), []).append(one)
    return found


def _placed(
    row: CountRow, ids: Mapping[str, int], meters: Mapping[int, Sequence[Meter]]
) -> tuple[Count, ...] | Problem:
    account = ids.get(row.account)
    if account is None:
        return Problem(row.line, "account", row.account, "no such account", "an account that is on record")
    meter = next((one for one in meters.get(account, ()) if one.serial == row.meter), None)
    if meter is None:
        serials = ", ".join(one.serial for one in meters.get(account, ())) or "none"
        return Problem(row.line, "meter", row.meter, "not a meter of the account", f"one of its meters: {serials}")
    if row.day not in meter.installed:
        until = "" if meter.installed.end is None else f" and before {meter.installed.end}"
        expected = f"a day from {meter.installed.start} on{until}"
        return Problem(row.line, "date", f"{row.day}", "the meter did not stand there", expected)
    return _counted(row, meter)


def _counted(row: CountRow, meter: Meter) -> tuple[Count, ...] | Problem:
    registers = tuple(range(1, len(meter.zones) + 1))
    if row.register:
        named = _SAID.get(row.register.lower(), row.register.lower())
        registers = tuple(no for no in registers if named in (str(no), meter.zones[no - 1]))
        if not registers:
            expected = " or ".join(f"{no} ({zone})" for no, zone in enumerate(meter.zones, 1))
            return Problem(row.line, "register", shown("register", row.register), "not a register of it", expected)
    try:
        values = cells.counts(row.counts, registers=len(registers), digits=meter.digits, fraction=meter.fraction)
    except Unreadable as error:
        return Problem(row.line, "reading", shown("reading", row.counts), error.reason, error.expected)
    return tuple(Count(meter, register, value) for register, value in zip(registers, values, strict=True))


def _refused(row: CountRow, counts: Sequence[Count], known: Known, source: Source) -> Problem | None:
    """Why the counts cannot be: they contradict what is as firm."""
    for one in counts:
        reason = _contradicted(one, row.day, known.get(one.key, ()), source)
        if reason is not None:
            expected = "a reading that agrees with what is on record, or an act of the meter's replacement before it"
            return Problem(row.line, "reading", shown("reading", row.counts), reason, expected)
    return None


def _contradicted(count: Count, day: date, known: Sequence[ReadingFact], source: Source) -> str | None:
    of_day = [one for one in known if one.day == day and one.source is source]
    if source is Source.AMR and of_day and of_day[-1].value != count.value:
        return f"{_plain(of_day[-1].value)} is on record for that day"
    floor = min(source, Source.ACT)
    firm = [one for one in known if one.source >= floor and one.day != day]
    before = max((one for one in firm if one.day < day), key=_latest, default=None)
    after = min((one for one in firm if one.day > day), key=_earliest, default=None)
    wheel = count.meter.wheel
    if before is not None and not possible(before.value, count.value, wheel):
        return f"lower than {_plain(before.value)} of {before.day}"
    if after is not None and not possible(count.value, after.value, wheel):
        return f"higher than {_plain(after.value)} of {after.day}"
    return None


def _latest(one: ReadingFact) -> tuple[date, int, int]:
    return one.day, one.source, one.no


def _earliest(one: ReadingFact) -> tuple[date, int, int]:
    return one.day, -one.source, -one.no


def _is_known(count: Count, day: date, known: Known, source: Source) -> bool:
    """Whether this very count of the day is on record, though another may have taken its place since."""
    return any(one.day == day and one.value == count.value and one.source is source for one in known.get(count.key, ()))


def _plain(thousandths: int) -> str:
    return plain(thousandths, MILLI)
