"""The use of a meter's zones as curves over days: by readings, by the average, by the norm (billing.md 2, 3.1)."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from core.basics.facts import dataclass
from core.basics.periods import DAY, Period
from core.billing.conditions.model import Conditions, Kind
from core.billing.engine.norming import NormCurve, Norms
from core.billing.engine.outages import Outage, norm_since, runs
from core.billing.engine.usage import Curve, Valued
from core.billing.estimation import Case
from core.metering import expecting
from core.metering.model import Meter, RegisterState, Usual

UPLIFTED = 1000
"""A factor of nothing on top, thousandths."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Days on which a register's use goes by one curve. `factor` is by what the norm is multiplied, thousandths, and
    `case` why; `multiplier` that of the meter, thousandths, by the fact of the number `no` (0: the meter's own)."""

    days: Period
    curve: Curve | NormCurve
    factor: int = UPLIFTED
    case: Case | None = None
    multiplier: int = UPLIFTED
    no: int = 0


@dataclass(frozen=True, slots=True)
class Flow:
    """The use of a zone by one meter, or by none: days apart, in order."""

    zone: str
    pieces: tuple[Piece, ...]
    register: int = 0
    meter: Meter | None = None


@dataclass(slots=True)  # made for every answer: a frozen one takes three times as long
class ReadMeter:
    """A meter all of whose charged registers were read, with what is known of them, its outages, and the days for which
    it tells the use."""

    meter: Meter
    registers: tuple[RegisterState, ...]
    gaps: tuple[Outage, ...]
    present: Period


def flows_of(read: ReadMeter, conditions: Conditions, norms: Norms) -> Iterator[Flow]:
    """The use of each zone of a meter."""
    meter = read.meter
    for at, (number, zone) in enumerate(zip(expecting.needed(meter), expecting.zone_names(meter), strict=True)):
        yield Flow(zone, tuple(_pieces(read, at, conditions, norms)), number, meter)


def _share(usual: Sequence[Usual | None], at: int) -> Fraction:
    """The part of a norm for all of a meter that falls to one of its registers: as their usual use is, else all to the
    first."""
    volumes = [0 if one is None else one.volume for one in usual]
    whole = sum(volumes)
    return Fraction(volumes[at], whole) if whole > 0 else Fraction(int(at == 0))


def _pieces(read: ReadMeter, number: int, conditions: Conditions, norms: Norms) -> Iterator[Piece]:
    """The use of the register at that place. A norm is parted by what was usual when it set in, so that what is read
    later moves nothing in months that were billed by it."""
    register = read.registers[number]
    parts = runs(register.anchors, read.gaps)
    start = read.present.start
    if not parts and norms.applies(start):
        share = _share([one.usual for one in read.registers], number)
        curve = NormCurve(norms, start, share=share, fraction=read.meter.fraction)
        yield from by_norm(read.present, curve, read.gaps)
    for at, run in enumerate(parts):
        following = parts[at + 1] if at + 1 < len(parts) else None
        end = read.present.end if following is None else following[0].day + DAY
        days = Period(start, end)
        usual = usual_after(register, run[-1].day, read)
        since = _norm_from(run[-1].day, usual, read.gaps, norms)
        measured = days if since is None else days.meet(Period(date.min, since))
        if measured is not None:
            yield from _measured(read.meter, run, usual, measured, conditions)
        if since is not None and (rest := days.meet(Period(since, None))) is not None:
            share = _share([usual_after(one, run[-1].day, read) for one in read.registers], number)
            yield from by_norm(rest, NormCurve(norms, since, share=share, fraction=read.meter.fraction), read.gaps)
        start = end or date.max


def usual_after(register: RegisterState, last: date, read: ReadMeter) -> Usual | None:
    """The usual use that holds behind the anchor of `last`: that known when the outage behind it began or the meter was
    removed, else the last one known."""
    if not register.before:
        return register.usual
    gap = next((one.days.start for one in read.gaps if one.days.start > last), read.meter.installed.end)
    return dict(register.before).get(gap, register.usual) if gap is not None else register.usual


def _norm_from(last: date, usual: Usual | None, gaps: Sequence[Outage], norms: Norms) -> date | None:
    """From when on the use behind an anchor goes by the norm; None: never, as there is none."""
    if not norms.rules.norms:
        return None
    since = last + DAY if usual is None else norm_since(last, gaps, periods=norms.rules.average_periods)
    return since if norms.applies(since) else None


def _measured(
    meter: Meter, run: Sequence[Valued], usual: Usual | None, days: Period, conditions: Conditions
) -> Iterator[Piece]:
    """The count by the anchors and the average behind them, parted where the multiplier changes: each has the whole
    count with its own, so that it does not matter how many older anchors are known."""
    for one in conditions.numbers(Kind.MULTIPLIER, meter.id, days, meter.multiplier):
        curve = Curve(run, wheel=meter.wheel, multiplier=one.value, fraction=meter.fraction, usual=usual)
        yield Piece(one.days, curve, multiplier=one.value, no=one.no)


def by_norm(days: Period, curve: NormCurve, gaps: Sequence[Outage]) -> Iterator[Piece]:
    """The days by the norm, parted where its uplift changes."""
    norms = curve.norms
    edges = {edge for gap in gaps for edge in (gap.days.start, gap.days.end) if edge is not None}
    for one in norms.rules.uplifts:
        edges |= {edge for edge in (one.valid.start, one.valid.end) if edge is not None}
    inner = sorted(edge for edge in edges if days.start < edge and (days.end is None or edge < days.end))
    ends: list[date | None] = [*inner, days.end]
    for start, end in zip([days.start, *inner], ends, strict=True):
        case = next((gap.case for gap in gaps if start in gap.days), None)
        factor = UPLIFTED if case is None else norms.rules.uplift(norms.service, case, start)
        yield Piece(Period(start, end), curve, factor, case or Case.NOT_SENT)
