"""How much was used on which days, told with the facts that it comes from (billing.md section 7)."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from core.basics.facts import dataclass
from core.basics.periods import DAY, Period
from core.billing.conditions.model import Conditions
from core.billing.engine import deriving
from core.billing.engine.flowing import Flow, Piece
from core.billing.engine.norming import NormCurve, NormDays
from core.billing.engine.outages import Outage, kept
from core.billing.engine.usage import Curve
from core.billing.estimation import AVERAGED, Averaging, Norm
from core.metering.model import Meter, ReadingFact, RegisterKey, Usual


class Basis(StrEnum):
    """What a use is known by."""

    MEASURED = "measured"
    AVERAGE = "average"
    NORM = "norm"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Span:
    """Days of constant use: thousandths a day, what they are known by, and the facts that it comes from; of a norm by
    how many persons or thousandths of a m² it is multiplied, and its share that falls to the register."""

    days: Period
    per_day: Fraction
    estimated: bool
    inputs: tuple[str, ...]
    basis: Basis = Basis.MEASURED
    count: int = 0
    share: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Measured:
    """The volume of a zone on days under one tariff version: the rounded cumulative counts before and at the end of
    them, thousandths, less the whole turns of the wheel before them; `multiplier` thousandths. What is counted by a
    norm has no meter; `factor` is what it is multiplied by, thousandths, on a line of its own, and `why` the case.
    `no` is the fact that tells the multiplier, 0 where the meter does."""

    zone: str
    days: Period
    tariff: int
    before: int
    after: int
    spans: tuple[Span, ...]
    meter: Meter | None = None
    multiplier: int = 1000
    factor: int = 1000
    why: str = ""
    no: int = 0

    @property
    def volume(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Named:
    """The facts behind a point's use: the readings in force by register, those that forecasts go by, the outages of
    each meter, the point's meters, the conditions, and by what a usual use is found."""

    readings: Mapping[RegisterKey, Sequence[ReadingFact]]
    known: Mapping[RegisterKey, Sequence[ReadingFact]]
    gaps: Mapping[int, tuple[Outage, ...]]
    meters: Sequence[Meter]
    conditions: Conditions
    averaging: Averaging = AVERAGED


@dataclass(frozen=True, slots=True)
class UsualUse:
    """A usual use, with the days of which it is (up to and including the last) and the readings between which it was
    measured."""

    meter: int
    register: int
    usual: Usual
    days: Period
    readings: tuple[ReadingFact, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """The facts that spans have named, by their ids."""

    readings: dict[str, ReadingFact]
    usuals: dict[str, UsualUse]
    norms: dict[str, Norm]
    conditions: set[int]


def reading_id(one: ReadingFact) -> str:
    return f"reading:{one.no}:{one.meter_id}.{one.register}"


def norm_id(norm: Norm) -> str:
    return f"norm:{norm.service}:{norm.category}:{norm.valid.start.isoformat()}"


def measured(flow: Flow, days: Period, tariff: int, named: Named, inputs: Inputs) -> Iterator[Measured]:
    """The volumes of a flow on days under one version, each of one curve; `inputs` gathers the facts that they name."""
    for piece in flow.pieces:
        met = piece.days.meet(days)
        if met is None or met.end is None:
            continue
        before = piece.curve.count(met.start.toordinal() - 1)
        after = piece.curve.count(met.end.toordinal() - 1)
        match piece.curve:
            case NormCurve():
                if met.start < piece.curve.start:
                    continue
                spans = tuple(_normed(piece.curve, met, inputs))
                why = "" if piece.case is None else piece.case.value
                yield Measured(flow.zone, met, tariff, before, after, spans, flow.meter, 1000, piece.factor, why)
            case Curve():
                assert flow.meter is not None
                turn = flow.meter.wheel * piece.multiplier // 1000
                turns = before - before % turn
                spans = tuple(_counted(flow, flow.meter, piece, piece.curve, met, named, inputs))
                inputs.conditions.update((piece.no,) if piece.no else ())
                yield Measured(
                    flow.zone, met, tariff, before - turns, after - turns, spans, flow.meter, piece.multiplier,
                    no=piece.no,
                )  # fmt: skip


def _normed(curve: NormCurve, days: Period, inputs: Inputs) -> Iterator[Span]:
    for one in curve.norms.spans(days):
        yield _by_norm(one, curve, inputs)


def _by_norm(one: NormDays, curve: NormCurve, inputs: Inputs) -> Span:
    inputs.conditions.update(one.facts)
    names = [f"condition:{no}" for no in one.facts]
    if one.norm is None:
        return Span(one.days, Fraction(0), True, tuple(names), Basis.NOTHING)
    inputs.norms[norm_id(one.norm)] = one.norm
    found = (norm_id(one.norm), *names)
    return Span(one.days, one.per_day * curve.share, True, found, Basis.NORM, one.count, curve.share)


def _counted(
    flow: Flow, meter: Meter, piece: Piece, curve: Curve, days: Period, named: Named, inputs: Inputs
) -> Iterator[Span]:
    """The days cut at the readings that count, of the run that the curve goes through."""
    assert days.end is not None
    key = meter.id, flow.register
    gaps = named.gaps.get(meter.id, ())
    first, last = curve.days
    readings = [one for one in kept(named.readings.get(key, ()), gaps) if first <= one.day.toordinal() <= last]
    ends = [one.day + DAY for one in readings]
    edges = sorted({days.start, days.end, *(end for end in ends if days.start < end < days.end)})
    for start, end in pairwise(edges):
        before = max((one for one in readings if one.day < start), key=lambda one: one.day, default=None)
        after = min((one for one in readings if one.day >= end - DAY), key=lambda one: one.day, default=None)
        low, high = curve.exact(start.toordinal() - 1), curve.exact(end.toordinal() - 1)
        rate = (Fraction(*high) - Fraction(*low)) * Fraction(1, 1000 * (end - start).days)
        names = [reading_id(one) for one in (before, after) if one is not None]
        inputs.readings.update({reading_id(one): one for one in (before, after) if one is not None})
        basis = Basis.MEASURED if before is not None and after is not None else Basis.NOTHING
        if after is None and curve.usual is not None:
            names.extend(_usual(meter, flow.register, curve.usual, named, inputs))
            basis = Basis.AVERAGE
        for gap in gaps if after is None else ():
            inputs.conditions.update(gap.facts if gap.days.meet(Period(start, end)) is not None else ())
        yield Span(Period(start, end), rate, after is None, tuple(names), basis)


def _usual(meter: Meter, register: int, usual: Usual, named: Named, inputs: Inputs) -> Iterator[str]:
    """The id of the usual use: of the meter, as it was known at some outage or is now, or of one that it replaced."""
    for own in (meter, *(one for one in named.meters if one.id != meter.id)):
        key = own.id, register
        ends = [None, *(gap.days.start for gap in named.gaps.get(own.id, ()))]
        for end in ends:
            readings = named.known.get(key, ()) if end is None else named.readings.get(key, ())
            known = [one for one in readings if end is None or one.day < end]
            if deriving.usual_use(own, known, named.conditions, named.averaging) == usual:
                year, behind = deriving.last_year(own, known, named.conditions, named.averaging)
                found = UsualUse(own.id, register, usual, Period(behind, year[-1].day), tuple(year))
                inputs.readings.update({reading_id(one): one for one in year})
                yield _called(found, inputs)
                return


def _called(found: UsualUse, inputs: Inputs) -> str:
    """The id of the usual use, its own where it was not met before."""
    known = next((name for name, one in inputs.usuals.items() if one == found), None)
    name = known or f"usual:{len(inputs.usuals) + 1}:{found.meter}.{found.register}"
    inputs.usuals[name] = found
    return name
