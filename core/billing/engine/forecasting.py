"""What the running month will come to: the use and its sum at the month's end, with how far they may be off."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date

from core.basics.facts import dataclass
from core.basics.periods import DAY, Month, Period
from core.billing.conditions.model import NONE, Conditions, Kind
from core.billing.engine import charging, segmenting
from core.billing.engine.charging import Charge
from core.billing.engine.deriving import usual_use
from core.billing.engine.flowing import Flow, Piece
from core.billing.engine.outages import kept, outages
from core.billing.engine.supplying import Supply, bearing
from core.billing.engine.usage import Curve, Valued
from core.billing.estimation import AVERAGED, Averaging
from core.billing.model import Tariffs
from core.metering.expecting import needed, zone_names
from core.metering.model import Meter, RegisterKey, Usual

ENOUGH = 3
"""Months with readings of their own without which nothing is foretold (billing.md section 2)."""

YEAR = 12

_EVER = Period(date.min, None)

Readings = Mapping[RegisterKey, Sequence[Valued]]
"""The readings in force by register, oldest first."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a meter will have counted in the month, thousandths with the multiplier applied: the likeliest volume, and
    the least and the most that the account's own past months make likely."""

    meter: Meter
    volume: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """A month at its end: each meter's use, and the sum of its bill in kopecks with its least and most. `months` so
    many past months are behind the interval, of the meter that has the fewest. `like` is the volume and the sum if it
    went on as one of them did, the likeliest where a meter has no such month."""

    month: Month
    expected: tuple[Expected, ...]
    amount: int
    least: int
    most: int
    months: int
    like: Mapping[Month, tuple[int, int]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class TooLittle:
    """Fewer than ENOUGH months with readings of their own: nothing can be said honestly."""

    months: int


@dataclass(frozen=True, slots=True)
class _Measured:
    """A past month in which the meter was read: each register's volume, thousandths."""

    month: Month
    volumes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """What a meter may come to: the likeliest first, then as it went on in each of the months."""

    meter: Meter
    charges: Sequence[Charge]
    months: Sequence[Month]

    def as_in(self, month: Month) -> Charge:
        return self.charges[1 + self.months.index(month)] if month in self.months else self.charges[0]


_Rates = tuple[Usual | None, ...]
"""The use that each register is taken to go on with."""


def forecast(
    meters: Sequence[Meter],
    readings: Readings,
    tariffs: Tariffs,
    *,
    persons: int,
    today: date,
    conditions: Conditions = NONE,
    averaging: Averaging = AVERAGED,
) -> Forecast | TooLittle | None:
    """The running month at its end; None where the account has no meter in it.

    What is read counts as it is. The days behind the last reading go on as the same month of last year went, where it
    was read, else at the usual daily use (billing.md section 2). The least and the most go on as the account's own
    lowest and highest of the last twelve months: as long as months are alike, of n of them the next one falls between
    with probability (n - 1) / (n + 1). A month counts only if it was read in and measured from end to end.

    :raises charging.NoTariff: a day of the month has no tariff.
    """
    month = Month.of(today)
    present = [meter for meter in meters if meter.installed.meet(month.period) is not None]
    if not present:
        return None
    parts: list[_Part] = []
    fewest, borne = YEAR, bearing(meters, conditions)
    for meter in present:
        own = [kept(readings.get((meter.id, number), ()), outages(meter, conditions)) for number in needed(meter)]
        rates: Sequence[_Rates] = [(None,) * len(own)]
        past: tuple[_Measured, ...] = ()
        if meter.installed.meet(Period(today, month.next.first)) is not None:
            past = tuple(_measured(meter, own, month, conditions))
            fewest = min(fewest, len(past))
            if len(past) < ENOUGH:
                continue
            rates = [
                _likeliest(meter, own, past, month, conditions, averaging),
                *(_as_in(one) for one in past),
            ]
        charges = [_charge(meter, own, each, month, tariffs, conditions, persons, borne) for each in rates]
        parts.append(_Part(meter, charges, tuple(one.month for one in past)))
    if fewest < ENOUGH:
        return TooLittle(fewest)
    return _told(month, parts, fewest)


def _measured(
    meter: Meter, registers: Sequence[Sequence[Valued]], month: Month, conditions: Conditions
) -> Iterator[_Measured]:
    """The months of the last year in which every register was read, and that are known from end to end."""
    if not all(registers):
        return
    flows = [_pieces(meter, own, None, conditions) for own in registers]
    first = max(own[0].day for own in registers)
    last = min(own[-1].day for own in registers)
    past = month
    for _ in range(YEAR):
        past = past.previous
        if first > past.first - DAY or past.last > last:
            continue
        if all(any(one.day in past.period for one in own) for own in registers):
            yield _Measured(past, tuple(_used(pieces, past.period) for pieces in flows))


def _likeliest(
    meter: Meter,
    registers: Sequence[Sequence[Valued]],
    past: Sequence[_Measured],
    month: Month,
    conditions: Conditions,
    averaging: Averaging,
) -> _Rates:
    year_ago = next((one for one in past if one.month == Month(month.year - 1, month.month)), None)
    if year_ago:
        return _as_in(year_ago)
    return tuple(usual_use(meter, own, conditions, averaging) for own in registers)


def _as_in(past: _Measured) -> _Rates:
    return tuple(Usual(volume, past.month.days) for volume in past.volumes)


def _charge(
    meter: Meter,
    registers: Sequence[Sequence[Valued]],
    rates: _Rates,
    month: Month,
    tariffs: Tariffs,
    conditions: Conditions,
    persons: int,
    borne: Mapping[int, tuple[Period, ...]],
) -> Charge:
    """What the month of the meter costs as its bill will have it, but for what the house uses in common."""
    zones = zone_names(meter)
    if not conditions:
        curves = {
            zone: Curve(own, wheel=meter.wheel, multiplier=meter.multiplier, fraction=meter.fraction, usual=rate)
            for zone, own, rate in zip(zones, registers, rates, strict=True)
        }
        return charging.charge(
            days=month.period,
            month=month,
            curves=curves,
            versions=tariffs.get(meter.tariff, ()),
            persons=persons,
            present=meter.installed,
            fixed=True,
        )
    flows = tuple(
        Flow(zone, _pieces(meter, own, rate, conditions))
        for zone, own, rate in zip(zones, registers, rates, strict=True)
    )
    supply = Supply(
        meter.point_id, meter.service, meter.tariff, persons, meter.account_id, conditions, (), None, flows,
        (meter.installed,), borne.get(meter.point_id, ()) if borne else None,
    )  # fmt: skip
    found = segmenting.segments(supply, month.period, month, tariffs)
    return charging.priced(found, [supply.drawn(one.charged) for one in found], length=month.days, fixed=True)


def _pieces(meter: Meter, own: Sequence[Valued], rate: Usual | None, conditions: Conditions) -> tuple[Piece, ...]:
    """A register's use by its readings, parted where the multiplier changes, and as `rate` behind the last one."""
    return tuple(
        Piece(
            one.days,
            Curve(own, wheel=meter.wheel, multiplier=one.value, fraction=meter.fraction, usual=rate),
            multiplier=one.value,
        )
        for one in conditions.numbers(Kind.MULTIPLIER, meter.id, _EVER, meter.multiplier)
    )


def _used(pieces: Sequence[Piece], days: Period) -> int:
    """The use of the days, thousandths."""
    return sum(piece.curve.volume(met).volume for piece in pieces if (met := piece.days.meet(days)) is not None)


def _told(month: Month, parts: Sequence[_Part], months: int) -> Forecast:
    """The forecast of meters with their charges."""
    volumes = [(one.meter, [charge.volume for charge in one.charges]) for one in parts]
    amounts = [[charge.amount for charge in one.charges] for one in parts]
    past = sorted({month for one in parts for month in one.months})
    went = {each: [one.as_in(each) for one in parts] for each in past}
    return Forecast(
        month=month,
        expected=tuple(Expected(meter, of[0], min(of), max(of)) for meter, of in volumes),
        amount=sum(of[0] for of in amounts),
        least=sum(min(of) for of in amounts),
        most=sum(max(of) for of in amounts),
        months=months,
        like={each: (sum(one.volume for one in of), sum(one.amount for one in of)) for each, of in went.items()},
    )


def came(
    meters: Sequence[Meter],
    readings: Readings,
    tariffs: Tariffs,
    month: Month,
    *,
    persons: int,
    conditions: Conditions = NONE,
) -> tuple[int, int] | None:
    """What a month that has ended came to by its readings, the volume and the sum; None where a meter that stood in it
    was not read behind it.

    :raises charging.NoTariff: a day of the month has no tariff.
    """
    volume = amount = 0
    borne = bearing(meters, conditions)
    present = [meter for meter in meters if meter.installed.meet(month.period) is not None]
    for meter in present:
        own = [kept(readings.get((meter.id, number), ()), outages(meter, conditions)) for number in needed(meter)]
        end = meter.installed.end
        last = month.last if end is None or end > month.last else end - DAY
        if not all(one and one[0].day < month.first and one[-1].day >= last for one in own):
            return None
        found = _charge(meter, own, (None,) * len(own), month, tariffs, conditions, persons, borne)
        volume, amount = volume + found.volume, amount + found.amount
    return (volume, amount) if present else None
