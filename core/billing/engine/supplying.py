"""What a supply point has used on which days, by all its meters and by the rules where there is none (billing.md 2)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from core.basics.periods import DAY, Month, Period
from core.billing.conditions.model import Benefit, Conditions, Kind
from core.billing.engine import outages as gapping
from core.billing.engine.charging import joined
from core.billing.engine.flowing import UPLIFTED, Flow, Piece, ReadMeter, by_norm, flows_of
from core.billing.engine.lining import Use
from core.billing.engine.norming import NormCurve, Norms
from core.billing.engine.outages import Outage, kept
from core.billing.engine.usage import Curve, curve_of
from core.billing.estimation import ESTIMATED, Case, Estimation
from core.billing.model import AccountState
from core.metering import expecting
from core.metering.model import Meter, Point, RegisterState


@dataclass(slots=True)  # made for every answer: a frozen one takes three times as long
class Supply:
    """A supply point of which there is anything to charge.

    `curves` are its zones' where one meter, without outages and norms, is all there is (the commonest case); else None,
    and `flows` tell the use. `present` are the days on which there is anything to charge, in order; `bears` those on
    which sums that benefits take off the account are taken off here (None: all).
    """

    point_id: int
    service: str
    plan: str
    persons: int
    account_id: int
    conditions: Conditions
    meters: tuple[ReadMeter, ...]
    curves: Mapping[str, Curve] | None
    flows: tuple[Flow, ...]
    present: tuple[Period, ...]
    bears: tuple[Period, ...] | None = None

    def drawn(self, days: Period) -> Use:
        """The use of the days."""
        volumes: dict[str, int] = {}
        uplifted: list[tuple[str, int, int]] = []
        estimated: Period | None = None
        for flow in self.flows:
            volumes.setdefault(flow.zone, 0)
            for piece in flow.pieces:
                met = piece.days.meet(days)
                if met is None:
                    continue
                used = piece.curve.volume(met)
                volumes[flow.zone] += used.volume
                estimated = joined(estimated, used.estimated)
                if piece.factor != UPLIFTED and used.volume:
                    uplifted.append((flow.zone, used.volume, piece.factor))
        return Use(volumes, estimated, tuple(uplifted))


def supplies(
    state: AccountState,
    meters: Sequence[Meter],
    *,
    persons: int,
    rules: Estimation = ESTIMATED,
    points: Sequence[Point] = (),
    through: date | None = None,
) -> tuple[Supply, ...]:
    """The supply points of which there is anything to charge, in the order of their meters.

    `points` are those that have no meter. `through` is the last day that will be asked for, where that is behind what
    was billed: what never comes to be estimated by a norm is taken the short way.
    """
    if len(meters) == 1 and not state.conditions and not meters[0].void:
        found = _simple(state, meters[0], persons, rules, through)
        if found is not None:
            return found
    by_point: dict[int, list[Meter]] = {}
    for meter in meters:
        if not meter.void:
            by_point.setdefault(meter.point_id, []).append(meter)
    left = {one.point_id: Point(one.point_id, one.account_id, one.service, one.tariff) for one in meters if one.void}
    left |= {one.id: one for one in points}
    built = [_supply(state, own, persons=persons, rules=rules, through=through) for own in by_point.values()]
    bare = [_bare(state, point, persons, rules) for point in left.values() if point.id not in by_point]
    found = tuple(supply for supply in (*built, *bare) if supply is not None)
    if borne := bearing(meters, state.conditions):
        for one in found:
            one.bears = borne.get(one.point_id, ())
    return found


def bearing(meters: Sequence[Meter], conditions: Conditions) -> Mapping[int, tuple[Period, ...]]:
    """The days on which a sum that a benefit takes off an account is taken off at each of its points: once, at the
    first of those that are there, by a meter or by what is said of one without. Nothing where there are no such sums,
    or no second point."""
    said = [one.value for (kind, _, _), days in conditions.timelines.items() if kind is Kind.BENEFIT for one in days]
    if not any(isinstance(one, Benefit) and one.amount for one in said):
        return {}
    there: dict[int, list[Period]] = {}
    for meter in meters:
        there.setdefault(meter.point_id, []).append(meter.installed)
    for kind, point, _ in conditions.timelines:
        if kind is Kind.METERING:
            there.setdefault(point, []).extend(one.days for one in conditions.said(kind, point))
    borne: dict[int, tuple[Period, ...]] = {}
    before: list[Period] = []
    for point in sorted(there) if len(there) > 1 else ():
        left = list(merged(there[point]))
        for days in before:
            left = [rest for part in left for rest in without(part, days)]
        borne[point] = tuple(left)
        before.extend(there[point])
    return borne


def _simple(
    state: AccountState, meter: Meter, persons: int, rules: Estimation, through: date | None
) -> tuple[Supply, ...] | None:
    """The supply by one meter without conditions; None where it has outages, or days that a norm may tell."""
    registers = registers_of(meter, state.registers)
    if registers is None:
        return ()
    if meter.verified_until is not None or (rules.norms and unsent(state, registers, rules, through)):
        return None
    zones = expecting.zone_names(meter)
    curves = {zone: curve_of(meter, register) for zone, register in zip(zones, registers, strict=True)}
    read = ReadMeter(meter, registers, (), meter.installed)
    return (
        Supply(
            meter.point_id, meter.service, meter.tariff, persons, state.account_id, state.conditions,
            (read,), curves, (), (meter.installed,),
        ),
    )  # fmt: skip


def unsent(state: AccountState, registers: Sequence[RegisterState], rules: Estimation, through: date | None) -> bool:
    """Whether any day that may be asked for lies so far behind the last reading that the norm holds."""
    last = min([register.anchors[-1].day for register in registers])
    asked = max(through or last, state.billed_through or last)
    months = (asked.year - last.year) * 12 + asked.month - last.month
    return months > rules.average_periods or None in [register.usual for register in registers]


def registers_of(meter: Meter, registers: Mapping[tuple[int, int], RegisterState]) -> tuple[RegisterState, ...] | None:
    """The registers that the meter is charged by, in order; None where one of them was never read. A total beside zones
    is a check on them and charged by nobody."""
    found: list[RegisterState] = []
    for number in expecting.needed(meter):
        register = registers.get((meter.id, number))
        if register is None or not register.anchors:
            return None
        found.append(register)
    return tuple(found)


def _supply(
    state: AccountState, meters: Sequence[Meter], *, persons: int, rules: Estimation, through: date | None
) -> Supply | None:
    of, conditions = meters[0], state.conditions
    norms = Norms(state.account_id, of.point_id, of.service, persons, conditions, rules)
    read = _read(state, meters)
    if not read and not conditions.said(Kind.METERING, of.point_id):
        return None
    curves: Mapping[str, Curve] | None = None
    flows: list[Flow] = []
    if len(read) == 1 and not conditions and not read[0].gaps and not _needs(state, read[0], rules, through):
        only = read[0]
        zones = expecting.zone_names(only.meter)
        curves = {zone: curve_of(only.meter, one) for zone, one in zip(zones, only.registers, strict=True)}
    else:
        flows = [flow for one in read for flow in flows_of(one, conditions, norms)]
    present = [one.present for one in read]
    bare = _bare_days(of.point_id, conditions, present)
    flows.extend(_bare_flows(bare, norms))
    return Supply(
        of.point_id, of.service, of.tariff, persons, state.account_id, conditions, read, curves, tuple(flows),
        merged((*present, *(days for days, _ in bare))),
    )  # fmt: skip


def _needs(state: AccountState, read: ReadMeter, rules: Estimation, through: date | None) -> bool:
    return bool(rules.norms) and unsent(state, read.registers, rules, through)


def _read(state: AccountState, meters: Sequence[Meter]) -> tuple[ReadMeter, ...]:
    """The meters of a point that were read. One that another follows tells the use until then: the days without any are
    an outage of it."""
    ordered = sorted(meters, key=lambda one: (one.installed.start, one.id))
    found: list[ReadMeter] = []
    for meter in ordered:
        registers = registers_of(meter, state.registers)
        if registers is not None:
            gaps = gapping.outages(meter, state.conditions)
            present, more = followed(meter, ordered, state.registers)
            found.append(ReadMeter(meter, registers, (*gaps, *more), present))
    return tuple(found)


def followed(
    meter: Meter, meters: Sequence[Meter], registers: Mapping[tuple[int, int], RegisterState]
) -> tuple[Period, tuple[Outage, ...]]:
    """The days for which a meter tells the use of its point, and of them those on which it was not there any more:
    until the next one was first read. One that stood beside it for more than a day is not the next one."""
    end = meter.installed.end
    if end is None:
        return meter.installed, ()
    after = [
        one
        for one in meters
        if one.id != meter.id and one.installed.start > meter.installed.start
        if one.installed.end is None or one.installed.end > end
    ]
    if not after or any(one.installed.start < end - DAY for one in after):
        return meter.installed, ()
    following = min(after, key=lambda one: (one.installed.start, one.id))
    read = registers_of(following, registers) or ()
    first = max((register.anchors[0].day for register in read), default=following.installed.start) + DAY
    if first <= end:
        return meter.installed, ()
    return Period(meter.installed.start, first), (Outage(Period(end, None), Case.FAILED),)


def flows_by(supply: Supply, rules: Estimation) -> tuple[Flow, ...]:
    """The flows of a supply that was taken the short way."""
    norms = Norms(supply.account_id, supply.point_id, supply.service, supply.persons, supply.conditions, rules)
    return tuple(flow for one in supply.meters for flow in flows_of(one, supply.conditions, norms))


def _bare(state: AccountState, point: Point, persons: int, rules: Estimation) -> Supply | None:
    """The supply of a point that has no meter and is charged by the norm; one on which nothing is left to charge where
    it was charged before."""
    norms = Norms(state.account_id, point.id, point.service, persons, state.conditions, rules)
    bare = _bare_days(point.id, state.conditions, ())
    if not bare and all(line.point_id != point.id for line in state.issued):
        return None
    return Supply(
        point.id, point.service, point.tariff, persons, state.account_id, state.conditions, (), None,
        tuple(_bare_flows(bare, norms)), merged(days for days, _ in bare),
    )  # fmt: skip


def _bare_days(point: int, conditions: Conditions, present: Sequence[Period]) -> list[tuple[Period, str]]:
    """The days without a meter that are charged by the norm, and whether there could be one."""
    found: list[tuple[Period, str]] = []
    for one in conditions.said(Kind.METERING, point):
        left = [one.days]
        for days in present:
            left = [rest for part in left for rest in without(part, days)]
        found.extend((part, str(one.value)) for part in left)
    return sorted(found, key=lambda one: one[0].start)


def without(one: Period, days: Period) -> Iterator[Period]:
    """What is left of a period outside the days."""
    if one.meet(days) is None:
        yield one
        return
    if one.start < days.start:
        yield Period(one.start, days.start)
    if days.end is not None and (one.end is None or days.end < one.end):
        yield Period(days.end, one.end)


def _bare_flows(bare: Sequence[tuple[Period, str]], norms: Norms) -> Iterator[Flow]:
    pieces: list[Piece] = []
    for days, metering in bare:
        curve = NormCurve(norms, days.start, share=Fraction(1), fraction=3)
        outage = (Outage(days, Case.NO_METER),) if metering == "possible" else ()
        parts = by_norm(days, curve, outage)
        pieces.extend(part if outage else replace(part, case=None) for part in parts)
    if pieces:
        yield Flow("total", tuple(pieces))


def merged(periods: Sequence[Period] | Iterator[Period]) -> tuple[Period, ...]:
    """The days of the periods, those that touch as one, in order."""
    found: list[Period] = []
    for one in sorted(periods, key=lambda period: period.start):
        if found and (found[-1].end is None or one.start <= found[-1].end):
            last = found[-1]
            if last.end is not None and (one.end is None or one.end > last.end):
                found[-1] = Period(last.start, one.end)
        else:
            found.append(one)
    return tuple(found)


def covered(supply: Supply) -> date | None:
    """The last day for which readings tell the use of the point; None where none does. A meter that was taken out holds
    up nobody."""
    if supply.curves is not None:
        only = supply.meters[0]
        last = min([register.anchors[-1].day for register in only.registers])
        end = only.meter.installed.end
        return last if end is None or last < end else end - DAY
    ends = [
        min(anchors[-1].day for anchors in counting)
        for one in supply.meters
        if one.meter.installed.end is None and all(counting := [kept(r.anchors, one.gaps) for r in one.registers])
    ]
    if ends:
        return min(ends)
    gone = [
        min(min(r.anchors[-1].day for r in one.registers), one.meter.installed.end - DAY)
        for one in supply.meters
        if one.meter.installed.end is not None and all(kept(r.anchors, one.gaps) for r in one.registers)
    ]
    return max(gone, default=None)


def begins(supply: Supply) -> date | None:
    """The first day that the point is charged for, where there was no bill yet: behind its first counts, or the first
    by the norm."""
    firsts = [
        max(kept(r.anchors, one.gaps)[0].day for r in one.registers) + DAY
        for one in supply.meters
        if all(kept(r.anchors, one.gaps) for r in one.registers)
    ]
    firsts.extend(piece.days.start for flow in supply.flows if flow.meter is None for piece in flow.pieces)
    return min(firsts, default=None)


def last_known(supply: Supply) -> date:
    """The last day for which every register that stands has a count that counts; behind it all is estimated."""
    day = covered(supply)
    if day is not None:
        return day
    return min((one.meter.installed.start - DAY for one in supply.meters), default=_first(supply))


def _first(supply: Supply) -> date:
    return supply.present[0].start - DAY if supply.present else Month(1, 1).first
