"""The instant answer: what an account is to pay now, from its state alone (billing.md section 8)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from core.basics.periods import DAY, Month, Period
from core.billing.engine import charging
from core.billing.engine.charging import Charge, bounds
from core.billing.engine.usage import Curve, consistent, curve_of, usable
from core.billing.model import AccountState, IssuedLine, Part, Recalculated, Standing, Tariffs, TariffVersion
from core.metering import expecting
from core.metering.model import Anchor, Given, Meter, RegisterKey, Registers, RegisterState, Source


def standing(
    state: AccountState,
    meters: Sequence[Meter],
    tariffs: Tariffs,
    *,
    persons: int,
    today: date,
    due: Callable[[Month], date] | None = None,
) -> Standing:
    """Where the account stands on a day.

    Three things make up `to_pay`: the balance of what was issued and paid; the use that was read since the last bill,
    never forecast; and what readings change in months billed before (rulings.md 1.1 to 1.4). `meters` are all that the
    state has registers of, removed ones too. `due` tells when the bill of a month will fall due, so that a sum which
    is not billed yet has its date.

    :raises charging.NoTariff: a day to be charged has no tariff.
    """
    known = read_meters(state, meters)
    provisional = tuple(part for one in known for part in _provisional(state, one, tariffs, persons))
    again = recalculated(state, known, tariffs, persons=persons)
    changed = tuple(one for one in again if one.amount != one.billed)
    total = state.balance + sum(part.amount for part in provisional) + sum(one.amount - one.billed for one in changed)
    to_pay = max(0, total)
    claims = tuple(Part(one.month, one.remaining, overdue=one.due_on < today) for one in state.claims)
    dates = [one.due_on for one in state.claims if one.due_on >= today]
    if due is not None:
        dates.extend(day for part in provisional if (day := due(part.month)) >= today)
    return Standing(
        to_pay=to_pay,
        overdue=min(to_pay, sum(part.amount for part in claims if part.overdue)),
        credit=max(0, -total),
        due_on=min(dates, default=None) if to_pay else None,
        claims=claims,
        provisional=provisional,
        recalculated=changed,
        advance=sum(one.remaining for one in state.claims) - state.balance,
    )


@dataclass(frozen=True, slots=True)
class ReadMeter:
    """A meter all of whose charged registers were read, with what is known of them and the curves of their zones."""

    meter: Meter
    registers: tuple[RegisterState, ...]
    curves: Mapping[str, Curve]


def read_meters(state: AccountState, meters: Sequence[Meter]) -> tuple[ReadMeter, ...]:
    """The meters of which there is anything to charge."""
    return tuple(
        ReadMeter(meter, registers, curves_of(meter, registers))
        for meter in meters
        if (registers := registers_of(meter, state.registers)) is not None
    )


def _provisional(state: AccountState, known: ReadMeter, tariffs: Tariffs, persons: int) -> Iterator[Part]:
    meter = known.meter
    anchors = [register.anchors for register in known.registers]
    for month, days in unbilled(state.billed_through, meter, anchors):
        part = charged(meter, days, month, known.curves, versions_of(tariffs, meter), persons=persons)
        if part.volume or part.amount:
            yield Part(month, part.amount, volume=part.volume, pieces=part.pieces, meter_id=meter.id)


def unbilled(
    billed_through: date | None, meter: Meter, registers: Sequence[tuple[Anchor, ...]]
) -> Iterator[tuple[Month, Period]]:
    """The days behind the last bill that anchors of all the meter's registers cover, month by month; where there was no
    bill yet, those behind the first anchors."""
    known = [usable(meter, anchors) for anchors in registers]
    if not all(known):
        return
    covered = min(anchors[-1].day for anchors in known)
    start = (billed_through or max(anchors[0].day for anchors in known)) + DAY
    if start > covered:
        return
    month = Month.of(start)
    while (first := max(start, month.first)) <= covered:
        following = month.next
        yield month, Period(first, min(following.first, covered + DAY))
        month = following


def recalculated(
    state: AccountState, known: Sequence[ReadMeter], tariffs: Tariffs, *, persons: int
) -> tuple[Recalculated, ...]:
    """The billed lines that come out otherwise by what is known now: each whole month charged again, with a forecast
    only for the days behind the last anchor."""
    found: list[Recalculated] = []
    for line in state.issued:
        one = next((one for one in known if one.meter.id == line.meter_id), None)
        if one is None:
            continue
        meter, versions = one.meter, versions_of(tariffs, one.meter)
        if _unchanged(line, one.curves, versions):
            continue
        again = charged(meter, line.month.period, line.month, one.curves, versions, persons=persons, fixed=True)
        if again.amount != line.amount or again.volume != line.volume:
            found.append(
                Recalculated(
                    line.month,
                    meter.id,
                    line.volume,
                    again.volume,
                    billed=line.amount,
                    amount=again.amount,
                    tariffs=again.tariffs,
                )
            )
    return tuple(found)


def _unchanged(line: IssuedLine, curves: Mapping[str, Curve], versions: Sequence[TariffVersion]) -> bool:
    """Whether it can be told without charging again: one register, the same volume, and the one version that it was
    billed by still holds all month."""
    if len(curves) != 1 or len(line.tariffs) != 1:
        return False
    (curve,) = curves.values()
    first, following, _ = bounds(line.month)
    if curve.count(following.toordinal() - 1) - curve.count(first.toordinal() - 1) != line.volume:
        return False
    (billed_by,) = line.tariffs
    for version in reversed(versions):
        if version.id == billed_by:
            valid = version.valid
            return valid.start <= first and (valid.end is None or following <= valid.end)
    return False


def charged(
    meter: Meter,
    days: Period,
    month: Month,
    curves: Mapping[str, Curve],
    versions: Sequence[TariffVersion],
    *,
    persons: int,
    fixed: bool = False,
) -> Charge:
    """What a meter's use on the days of a month costs, on those of them on which it was installed."""
    return charging.charge(
        days=days,
        month=month,
        curves=curves,
        versions=versions,
        persons=persons,
        present=meter.installed,
        fixed=fixed,
    )


def versions_of(tariffs: Tariffs, meter: Meter) -> tuple[TariffVersion, ...]:
    """The versions of the meter's plan; none where the plan is unknown."""
    return tariffs.get(meter.tariff, ())


def registers_of(meter: Meter, registers: Registers) -> tuple[RegisterState, ...] | None:
    """The registers that the meter is charged by, in order; None where one of them was never read. A total beside zones
    is a check on them and charged by nobody."""
    found: list[RegisterState] = []
    for number in expecting.needed(meter):
        register = registers.get((meter.id, number))
        if register is None or not register.anchors:
            return None
        found.append(register)
    return tuple(found)


def curves_of(meter: Meter, registers: Sequence[RegisterState]) -> dict[str, Curve]:
    """The curve of each zone that is charged; `registers` as `registers_of` gives them."""
    zones = expecting.zone_names(meter)
    return {zone: curve_of(meter, register) for zone, register in zip(zones, registers, strict=True)}


def accept(
    state: AccountState, given: Sequence[Given], *, day: date, no: int, source: Source = Source.CUSTOMER
) -> AccountState:
    """The state once these numbers are in force for the end of `day`, as the account's fact numbered `no`.

    Of two values for one register and day the firmer source holds, then the later. A day before the anchors that the
    state keeps changes nothing in it: such a reading takes effect when the account is derived anew.
    """
    registers = dict(state.registers)
    for one in given:
        register = registers.get(one.key, RegisterState(()))
        anchors = register.anchors
        if not anchors or day >= anchors[0].day or anchors[0].day > _floor(state, one.meter.id):
            anchors = _with(anchors, Anchor(day, one.value, source), one.meter.wheel)
        registers[one.key] = RegisterState(anchors, register.usual)
    return replace(state, fact_no=no, registers=registers)


def _floor(state: AccountState, meter_id: int) -> date:
    """The last day before the earliest month that may still change for the meter."""
    if state.billed_through is None:
        return date.min
    return min([state.billed_through, *(line.month.first - DAY for line in state.issued if line.meter_id == meter_id)])


def _with(anchors: tuple[Anchor, ...], new: Anchor, wheel: int) -> tuple[Anchor, ...]:
    if not anchors or new.day > anchors[-1].day:
        return consistent((*anchors, new), wheel)
    before = tuple(one for one in anchors if one.day < new.day)
    after = tuple(one for one in anchors if one.day > new.day)
    same = next((one for one in anchors if one.day == new.day), None)
    holds = same if same is not None and same.source > new.source else new
    return consistent((*before, holds, *after), wheel)


def withdraw(
    state: AccountState, keys: Sequence[RegisterKey], *, day: date, no: int, earlier: Mapping[RegisterKey, Anchor]
) -> AccountState:
    """The state once a customer's values of `day` on these registers are taken back, as the fact numbered `no`.

    `earlier` holds what was in force for that day before, where anything was; a firmer value of the day stays.
    """
    registers = dict(state.registers)
    for key in keys:
        register = registers.get(key, RegisterState(()))
        kept = [one for one in register.anchors if one.day != day or one.source > Source.CUSTOMER]
        again = earlier.get(key)
        if again is not None and again.source is not Source.GUEST and all(one.day != day for one in kept):
            kept.append(again)
        if kept:
            registers[key] = RegisterState(tuple(sorted(kept, key=lambda one: one.day)), register.usual)
        else:
            registers.pop(key, None)
    return replace(state, fact_no=no, registers=registers)
