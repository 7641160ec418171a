"""Meters and first readings of a chunk: what is new, and what contradicts what is stored."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from core.basics.money import MILLI
from core.basics.periods import Period
from core.billing.tariffs import plain
from core.importing.known import Known, KnownAccount, KnownReading
from core.importing.model import CustomerRow, MeterCell, Problem, ReadingCell
from core.importing.plan import Ids, Plan, Setting, Tally
from core.metering.model import Meter, ReadingFact, Source


class Meters:
    """Plans the meters and readings of one chunk; `known` grows by what is planned."""

    def __init__(self, known: Known, plan: Plan, tally: Tally, *, ids: Ids, setting: Setting) -> None:
        self._known = known
        self._plan = plan
        self._tally = tally
        self._ids = ids
        self._setting = setting

    def add(self, row: CustomerRow, account: KnownAccount, cell: MeterCell, installed_on: date) -> None:
        """The row's meter and its reading, as far as they contradict nothing."""
        meter = account.meters.get(cell.serial)
        if meter is None:
            meter = self._install(row, account, cell, installed_on)
        else:
            problems = _contradictions(row, cell, meter)
            if problems:
                self._tally.wrong("meters", problems)
                return
            self._tally.unchanged("meters")
        if cell.reading is not None:
            if installed_on < meter.installed.start and not self._is_read(meter):
                meter = self._antedate(account, meter, installed_on)
            self._read(row, account, meter, cell.reading)

    def _is_read(self, meter: Meter) -> bool:
        return any(self._known.readings.get((meter.id, register)) for register in range(1, len(meter.zones) + 1))

    def _antedate(self, account: KnownAccount, meter: Meter, installed_on: date) -> Meter:
        """A meter that came without a reading was given the day of its import, for want of a better one."""
        earlier = replace(meter, installed=Period(installed_on, meter.installed.end))
        account.meters[meter.serial] = earlier
        self._plan.antedated.append((account.id, meter.id, installed_on))
        return earlier

    def _install(self, row: CustomerRow, account: KnownAccount, cell: MeterCell, installed_on: date) -> Meter:
        # One supply point a meter: the file says nothing of meters that take turns at one point.
        meter = Meter(
            id=next(self._ids.meters),
            account_id=account.id,
            point_id=next(self._ids.points),
            serial=cell.serial,
            brand=cell.brand,
            service=cell.service,
            tariff=cell.tariff,
            digits=cell.digits,
            fraction=cell.fraction,
            multiplier=cell.multiplier,
            capacity_kw=cell.capacity_kw,
            zones=cell.zones,
            installed=Period(installed_on, None),
        )
        account.meters[cell.serial] = meter
        self._plan.points.append((meter.point_id, account.id, meter.service, meter.tariff))
        capacity = None if meter.capacity_kw is None else _units(meter.capacity_kw)
        self._plan.meters.append(
            (
                meter.id, account.id, meter.point_id, meter.serial, meter.brand, meter.digits, meter.fraction,
                _units(meter.multiplier), capacity, meter.zones, installed_on,
            )
        )  # fmt: skip
        self._touch(account)
        self._tally.new(row.line, "meters")
        return meter

    def _read(self, row: CustomerRow, account: KnownAccount, meter: Meter, reading: ReadingCell) -> None:
        new: list[tuple[int, int]] = []
        for register, value in enumerate(reading.values, 1):
            known = self._known.readings.setdefault((meter.id, register), [])
            if KnownReading(reading.day, value, Source.ACT) in known:
                continue
            reason = _outside(meter, reading.day) or _impossible(known, reading.day, value)
            if reason is not None:
                shown = "/".join(map(_shown, reading.values))
                expected = "a reading that agrees with what is stored, or none"
                self._tally.wrong("readings", [Problem(row.line, "reading", shown, reason, expected)])
                return
            new.append((register, value))
        if not new:
            self._tally.unchanged("readings")
            return
        account.fact_no += 1
        for register, value in new:
            self._known.readings[meter.id, register].append(KnownReading(reading.day, value, Source.ACT))
            fact = ReadingFact(account.fact_no, meter.id, register, reading.day, value, Source.ACT)
            self._plan.facts.setdefault(account.id, []).append(fact)
            self._plan.readings.append(
                (
                    account.id, account.fact_no, meter.id, register, reading.day, _units(value), Source.ACT,
                    self._setting.at,
                )
            )  # fmt: skip
        self._touch(account)
        self._tally.new(row.line, "readings")

    def _touch(self, account: KnownAccount) -> None:
        if not account.fresh:
            self._plan.touched.add(account.id)


def _contradictions(row: CustomerRow, cell: MeterCell, meter: Meter) -> list[Problem]:
    pairs: tuple[tuple[str, object, object], ...] = (
        ("service", cell.service, meter.service),
        ("tariff", cell.tariff, meter.tariff),
        ("brand", cell.brand or meter.brand, meter.brand),
        ("digits", cell.digits, meter.digits),
        ("fraction", cell.fraction, meter.fraction),
        ("multiplier", _shown(cell.multiplier), _shown(meter.multiplier)),
        ("registers", "/".join(cell.zones), "/".join(meter.zones)),
    )
    found = [(column, given, stored) for column, given, stored in pairs if given != stored]
    if cell.capacity_kw is not None and cell.capacity_kw != meter.capacity_kw:
        stored = "" if meter.capacity_kw is None else _shown(meter.capacity_kw)
        found.append(("capacity_kw", _shown(cell.capacity_kw), stored))
    return [
        Problem(row.line, column, str(given), f"not what is known of the meter {meter.serial}", str(stored) or "empty")
        for column, given, stored in found
    ]


def _outside(meter: Meter, day: date) -> str | None:
    if day < meter.installed.start:
        return f"the meter is known from {meter.installed.start} on"
    if day not in meter.installed:
        return f"the meter was removed before {meter.installed.end}"
    return None


def _impossible(known: Sequence[KnownReading], day: date, value: int) -> str | None:
    """Why a count cannot have been: another one of the day that is as firm, a higher one before, a lower one after."""
    firm = [one for one in known if one.day == day and one.source >= Source.ACT]
    if firm:
        return f"the count of {day} is {_shown(max(firm, key=lambda one: one.source).value)}"
    for one in known:
        if one.day < day and one.value > value:
            return f"lower than {_shown(one.value)} of {one.day}"
        if one.day > day and one.value < value:
            return f"higher than {_shown(one.value)} of {one.day}"
    return None


def _units(thousandths: int) -> Decimal:
    return Decimal(thousandths).scaleb(-3)


def _shown(thousandths: int) -> str:
    return plain(thousandths, MILLI)
