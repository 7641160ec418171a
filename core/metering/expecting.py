"""What a register may be expected to show: its use between two counts, what is usual, and the limits of belief."""

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import date
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType

from core.basics.facts import dataclass
from core.basics.money import MILLI, half_up
from core.basics.periods import DAY, Period
from core.metering.model import Anchor, Meter, RegisterKey, Registers, RegisterState

UNKNOWN = RegisterState(())
"""A register of which nothing was ever read."""

MONTH = 30
"""Days by which a monthly norm is spread."""


def _frozen(values: dict[str, int]) -> Mapping[str, int]:
    return MappingProxyType(values)


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a use may depart from the usual (billing.md section 6, check 13); every number may be configured.

    - A use above `unusual_percent` of the usual, and above `unusual_norms` monthly norms, is asked for. 250 % lets a
      heating month of an ordinary flat pass and asks for 587 against the usual 187.
    - A rollover is silent up to the jump limit: `jump_factor` times the usual or `jump_norms` monthly norms, whichever
      is more (ruling 7); from `rollover_percent` of the wheel on a smaller count may be a rollover at all.
    - A use below `drop_percent` of the usual for two periods, or none, is taken and flagged (check 14).
    - `norms` by service, thousandths a month: what is usual where there is too little history. A service without a
      norm has only the physical limit until it has a history.
    - `flows` by service, thousandths an hour: the most that passes a meter whose supply point states no capacity, times
      its multiplier. 69 kW is a direct connection of 3 x 100 A; water and gas are the largest domestic meters' flows.
    - `sum_tolerance`: by how much zones and total may differ, thousandths (check 12).
    - `hand_over_after`: refusals in a row after which a person takes over (check 11).
    """

    unusual_percent: int = 250
    unusual_norms: int = 1
    jump_factor: int = 10
    jump_norms: int = 3
    rollover_percent: int = 90
    drop_percent: int = 10
    norms: Mapping[str, int] = field(
        default_factory=lambda: _frozen(
            {"electricity": 150 * MILLI, "cold_water": 10 * MILLI, "hot_water": 7 * MILLI, "gas": 100 * MILLI}
        )
    )
    flows: Mapping[str, int] = field(
        default_factory=lambda: _frozen(
            {"electricity": 69 * MILLI, "cold_water": 5 * MILLI, "hot_water": 5 * MILLI, "gas": 16 * MILLI}
        )
    )
    sum_tolerance: int = MILLI
    hand_over_after: int = 2


DEFAULTS = Limits()


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is known of a register when a count for `day` comes in; volumes are thousandths, multiplier applied.

    `before` is the anchor it is measured against and `after` the one that it must not pass; an anchor of the day itself
    is neither. `usual` is the use expected since `before`; `unusual`, `jump` and `physical` are the largest uses that
    are taken without a word, that are taken as a rollover, and that the line can carry. None: nothing to judge by.
    `multiplier` is that of the days since `before`, thousandths, `spans` (`Meter.multiplied`) where it changed in them.
    """

    meter: Meter
    before: Anchor | None
    after: Anchor | None
    days: int
    usual: int | None
    unusual: int | None
    jump: int | None
    physical: int | None
    rollover_percent: int = 90
    multiplier: Fraction = Fraction(MILLI)
    spans: tuple[tuple[int, int, int], ...] = ()

    def used(self, value: int) -> int:
        """The use from `before` to `value`, taken past zero where the count is smaller; 0 without a `before`."""
        if self.before is None:
            return 0
        counted = (value - self.before.value) % self.meter.wheel
        if len(self.spans) < 2:
            return scaled(counted, self.multiplier)
        return sum(
            self._rounded(counted, end, multiplier) - self._rounded(counted, first, multiplier)
            for first, end, multiplier in self.spans
        )

    def _rounded(self, counted: int, day: int, multiplier: int) -> int:
        """The count so many days behind `before`, straight on to the new one, with a multiplier, rounded as a bill
        rounds it (billing.md section 2)."""
        assert self.before is not None
        unit = int(10 ** (3 - self.meter.fraction))
        exact = (self.before.value * self.days + counted * day) * multiplier
        return half_up(exact, MILLI * self.days * unit) * unit

    def lower(self, value: int) -> bool:
        return self.before is not None and value < self.before.value

    def passes_later(self, value: int) -> bool:
        """Whether the count would be ahead of the one that stands for a later day."""
        if self.after is None:
            return False
        if self.before is None:
            return value > self.after.value
        wheel = self.meter.wheel
        return (value - self.before.value) % wheel > (self.after.value - self.before.value) % wheel

    def possible(self, value: int) -> bool:
        return not self.passes_later(value) and (self.physical is None or self.used(value) <= self.physical)

    def ordinary(self, value: int) -> bool:
        """Whether the count is taken without a question and without a rollover."""
        if self.lower(value) or self.passes_later(value):
            return False
        used = self.used(value)
        return (self.physical is None or used <= self.physical) and (self.unusual is None or used <= self.unusual)

    def rolled(self, value: int) -> bool:
        """Whether a smaller count may have passed zero: the last one stood near the end of the wheel, and the line can
        carry the use (billing.md section 6, check 8)."""
        if self.before is None or not self.lower(value) or not self.possible(value):
            return False
        return self.before.value * 100 >= self.meter.wheel * self.rollover_percent

    def believed(self, value: int) -> bool:
        """Whether the count is taken without a question: an ordinary one, or a rollover within the jump limit (ruling
        7)."""
        if self.ordinary(value):
            return True
        return self.rolled(value) and (self.jump is None or self.used(value) <= self.jump)

    def misfit(self, value: int) -> int:
        """How far the use is from the usual one, for comparing registers (billing.md section 6)."""
        return abs(self.used(value) - (self.usual or 0))


def expect(meter: Meter, state: RegisterState, *, day: date, limits: Limits = DEFAULTS) -> Expectation:
    """What a count of this register at the end of `day` is judged by."""
    before, after = _around(state.anchors, day)
    if before is None:
        return Expectation(meter, None, after, 0, None, None, None, None)
    days = (day - before.day).days
    multiplier = _exact(meter.multiplier)
    spans: tuple[tuple[int, int, int], ...] = ()
    if meter.multipliers:
        since = Period(before.day + DAY, day + DAY)
        multiplier, spans = meter.mean_multiplier(since), meter.multiplied(since)
    norm = limits.norms.get(meter.service)
    norm = None if norm is None else scaled(norm, multiplier)
    usual = _usual(state, norm, days)
    unusual = jump = None
    if usual is not None:
        unusual = max(usual * limits.unusual_percent // 100, limits.unusual_norms * (norm or 0))
        jump = max(usual * limits.jump_factor, limits.jump_norms * (norm or 0))
    physical = _physical(meter, days, multiplier, limits)
    return Expectation(
        meter, before, after, days, usual, unusual, jump, physical, limits.rollover_percent, multiplier, spans
    )


@lru_cache(maxsize=256)
def _exact(multiplier: int) -> Fraction:
    return Fraction(multiplier)


def scaled(volume: int, multiplier: Fraction) -> int:
    """A volume as the meter counts it, with a multiplier in thousandths applied; thousandths."""
    return half_up(volume * multiplier.numerator, MILLI * multiplier.denominator)


def _around(anchors: tuple[Anchor, ...], day: date) -> tuple[Anchor | None, Anchor | None]:
    """The last anchor before the day and the first one after it."""
    if anchors and anchors[-1].day < day:
        return anchors[-1], None
    before = next((anchor for anchor in reversed(anchors) if anchor.day < day), None)
    return before, next((anchor for anchor in anchors if anchor.day > day), None)


def _usual(state: RegisterState, norm: int | None, days: int) -> int | None:
    if state.usual is not None and state.usual.days > 0:
        return half_up(state.usual.volume * days, state.usual.days)
    return None if norm is None else half_up(norm * days, MONTH)


def _physical(meter: Meter, days: int, multiplier: Fraction, limits: Limits) -> int | None:
    if meter.capacity_kw is not None:
        return meter.capacity_kw * 24 * days
    flow = limits.flows.get(meter.service)
    return None if flow is None else scaled(flow * 24 * days, multiplier)


def standing(meters: tuple[Meter, ...], day: date) -> tuple[Meter, ...]:
    """The meters installed on that day, in the order given."""
    return tuple(meter for meter in meters if day in meter.installed)


def state_of(states: Registers, key: RegisterKey) -> RegisterState:
    return states.get(key, UNKNOWN)


def shown(meter: Meter, value: int) -> str:
    """A count as the meter shows it: leading zeros, and decimals only where there are any."""
    whole, rest = divmod(value, MILLI)
    text = str(whole).zfill(meter.digits)
    return f"{text}.{rest:03d}".rstrip("0") if rest else text


def example(meter: Meter, register: int, states: Registers, *, day: date, limits: Limits = DEFAULTS) -> str:
    """A whole count that would fit the register on that day, as the meter shows it."""
    expected = expect(meter, state_of(states, (meter.id, register)), day=day, limits=limits)
    if expected.before is None:
        return "123456789"[: meter.digits]
    step = scaled((expected.usual or 0), MILLI * MILLI / expected.multiplier)
    value = (expected.before.value + step) % meter.wheel
    return shown(meter, value - value % MILLI)


def examples(meter: Meter, states: Registers, *, day: date, limits: Limits = DEFAULTS) -> tuple[str, ...]:
    """One such count for each register that a reading of this meter needs."""
    return tuple(example(meter, register, states, day=day, limits=limits) for register in needed(meter))


def needed(meter: Meter) -> tuple[int, ...]:
    """The registers that a whole reading names: all zones; the total beside zones may be left out."""
    return _needed(meter.zones)


@lru_cache(maxsize=256)
def _needed(zones: tuple[str, ...]) -> tuple[int, ...]:
    zoned = tuple(number for number, zone in enumerate(zones, 1) if zone != "total")
    return zoned or tuple(range(1, len(zones) + 1))


def lacking(meter: Meter, keys: Collection[RegisterKey], states: Registers, *, day: date) -> bool:
    """Whether numbers for `keys` leave a needed register of the meter without a count for that day."""
    return any(
        (meter.id, register) not in keys
        and all(anchor.day != day for anchor in state_of(states, (meter.id, register)).anchors)
        for register in needed(meter)
    )


def zone_names(meter: Meter) -> tuple[str, ...]:
    """The zones of the registers that a whole reading names, in order."""
    return _names(meter.zones)


@lru_cache(maxsize=256)
def _names(zones: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(zones[register - 1] for register in _needed(zones))
