"""The checks that a reading passes before it is believed (billing.md section 6); the first that hits decides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import permutations

from core.basics.money import MILLI, half_up
from core.basics.periods import DAY, Month
from core.messages import (
    BeforeControl,
    ConfirmReading,
    HigherThanLater,
    Impossible,
    LowerThanLast,
    MeterGone,
    OtherMeter,
    RolledOver,
    SumDiffers,
    Unusual,
    ZonesSwapped,
    ZonesWanted,
)
from core.metering.expecting import (
    DEFAULTS,
    Expectation,
    Limits,
    examples,
    expect,
    lacking,
    needed,
    shown,
    standing,
    state_of,
    zone_names,
)
from core.metering.model import Anchor, Given, Meter, Registers, Source
from core.metering.suggesting import suggest
from core.metering.verdicts import Accept, Ask, Flag, Refuse, Usage, Verdict


def check(
    given: Sequence[Given],
    states: Registers,
    meters: Sequence[Meter],
    *,
    today: date,
    day: date,
    confirmed: bool = False,
    doubtful: bool = False,
    window: tuple[int, int] | None = None,
    tries: int = 0,
    billed_through: date | None = None,
    source: Source = Source.CUSTOMER,
    limits: Limits = DEFAULTS,
) -> Verdict:
    """Whether the numbers are believed, asked for or refused (billing.md section 6, rulings 4 to 8).

    `given` are placed numbers, at most one a register; `meters` all of the account; `day` is the day read, `today` the
    day the message came. `confirmed`: the customer said yes to exactly these numbers. `doubtful`: they were read with
    some doubt and are asked for if nothing else is. `window` first and last day of the month for readings, inclusive.
    `tries` refusals in a row before this one. `billed_through`: bills are issued to that day, nothing is late for them.

    :raises ValueError: no number, or two for one register.
    """
    if not given or len({it.key for it in given}) != len(given):
        raise ValueError("a reading has at least one number and one a register")
    case = _Case(
        tuple(_Entry.of(it, states, day=day, limits=limits) for it in given),
        states, tuple(meters), today, day, tries, source, limits,
    )  # fmt: skip
    objection = case.fixed() or case.fitting(confirmed=confirmed)
    if objection is None and doubtful and not confirmed and not case.repeated:
        objection = Ask(ConfirmReading(_joined(given)), yes=tuple(given))
    if objection is not None:
        return objection
    return _accepted(case, window, billed_through)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A number beside what is known of its register; `same_day` is the anchor of the very day."""

    given: Given
    expected: Expectation
    same_day: Anchor | None
    firm: Anchor | None

    @classmethod
    def of(cls, given: Given, states: Registers, *, day: date, limits: Limits) -> "_Entry":
        state = state_of(states, given.key)
        same_day = next((anchor for anchor in state.anchors if anchor.day == day), None)
        firm = next((a for a in reversed(state.anchors) if a.source == Source.CONTROL and a.day >= day), None)
        return cls(given, expect(given.meter, state, day=day, limits=limits), same_day, firm)

    @property
    def value(self) -> int:
        return self.given.value

    @property
    def repeats(self) -> bool:
        return self.same_day is not None and self.same_day.value == self.value

    @property
    def used(self) -> int:
        return self.expected.used(self.value)

    @property
    def lower(self) -> bool:
        return self.expected.lower(self.value)

    @property
    def believed(self) -> bool:
        return self.expected.believed(self.value)

    @property
    def rolled(self) -> bool:
        return self.expected.rolled(self.value)


@dataclass(frozen=True, slots=True)
class _Case:
    """One message's numbers before the checks."""

    entries: tuple[_Entry, ...]
    states: Registers
    meters: tuple[Meter, ...]
    today: date
    day: date
    tries: int
    source: Source
    limits: Limits

    @property
    def repeated(self) -> bool:
        return all(entry.repeats for entry in self.entries)

    @property
    def given(self) -> tuple[Given, ...]:
        return tuple(entry.given for entry in self.entries)

    def fixed(self) -> Ask | Refuse | None:
        """Checks 3, 4, 5 and 7: what no plausibility and no yes changes."""
        hit = self._gone() or self._incomplete()
        if hit is not None or self.repeated:
            return hit
        return self._firm()

    def fitting(self, *, confirmed: bool) -> Ask | Refuse | None:
        """Checks 8 to 13; those that a yes answers are passed over once it was said."""
        if self.repeated:
            return None
        if confirmed:
            return self._lower() or self._sum() or self._impossible()
        return (
            self._rolled_over()
            or self._swapped()
            or self._other_meter()
            or self._lower()
            or self._sum()
            or self._impossible()
            or self._unusual()
        )

    def _gone(self) -> Refuse | None:
        for entry in self.entries:
            if self.day not in entry.given.meter.installed:
                return Refuse(gone(entry.given.meter, self.meters, self.day))
        return None

    def _incomplete(self) -> Ask | None:
        keys = {entry.given.key for entry in self.entries}
        for meter in dict.fromkeys(entry.given.meter for entry in self.entries):
            if lacking(meter, keys, self.states, day=self.day):
                return Ask(zones_wanted(meter, self.states, day=self.day, limits=self.limits))
        return None

    def _firm(self) -> Refuse | None:
        for entry in self.entries:
            firm = entry.firm
            if firm is None and entry.same_day is not None and entry.same_day.source > self.source:
                firm = entry.same_day
            if firm is not None and not entry.repeats:
                return Refuse(BeforeControl(firm.day, shown(entry.given.meter, firm.value)))
        return None

    def _rolled_over(self) -> Ask | None:
        for entry in self.entries:
            before = entry.expected.before
            if before is not None and entry.rolled and not entry.believed:
                last = shown(entry.given.meter, before.value)
                return Ask(RolledOver(entry.given.digits, last, entry.used), yes=self.given)
        return None

    def _swapped(self) -> Ask | None:
        """Check 10: the numbers of one message fit when they are given to each other's registers."""
        for group in self._groups():
            if len(group) < 2 or all(entry.believed for entry in group):
                continue
            placed = _best_order(group)
            if placed is None:
                continue
            moved = {it.key: it for it in placed}
            whole = tuple(moved.get(it.key, it) for it in self.given)
            return Ask(ZonesSwapped(tuple((_label(it), it.digits) for it in placed)), yes=whole)
        return None

    def _groups(self) -> Iterator[tuple[_Entry, ...]]:
        """Entries that may have been mistaken for each other: the zones of a meter, then meters of one register."""
        for meter_id in dict.fromkeys(entry.given.meter.id for entry in self.entries):
            zones = tuple(e for e in self.entries if e.given.meter.id == meter_id)
            yield tuple(e for e in zones if len(zones) > 1 and e.given.register in needed(e.given.meter))
        yield tuple(entry for entry in self.entries if len(entry.given.meter.zones) == 1)

    def _other_meter(self) -> Ask | None:
        """Check 9: a smaller count that another meter of the account would show."""
        taken = {entry.given.meter.id for entry in self.entries}
        others = [m for m in standing(self.meters, self.day) if m.id not in taken and len(m.zones) == 1]
        for entry in self.entries:
            if not entry.lower or entry.believed:
                continue
            fitting = [
                (expected.misfit(entry.value), meter.id, meter)
                for meter in others
                if (expected := self._expected(meter)).before is not None
                and entry.value < meter.wheel
                and expected.ordinary(entry.value)
            ]
            if fitting:
                meter = min(fitting)[2]
                there = Given(meter, 1, entry.given.digits, entry.value)
                whole = tuple(there if it.key == entry.given.key else it for it in self.given)
                return Ask(OtherMeter(there.digits, meter.service, meter.serial), yes=whole)
        return None

    def _expected(self, meter: Meter) -> Expectation:
        return expect(meter, state_of(self.states, (meter.id, 1)), day=self.day, limits=self.limits)

    def _lower(self) -> Refuse | None:
        """Check 11, and its like for a past day: a count between two that stand must lie between them."""
        for entry in self.entries:
            before, after, meter = entry.expected.before, entry.expected.after, entry.given.meter
            if before is not None and entry.lower and not entry.rolled:
                handed_over = self.tries >= self.limits.hand_over_after
                return Refuse(LowerThanLast(entry.given.digits, shown(meter, before.value), before.day, handed_over))
            if after is not None and entry.expected.passes_later(entry.value):
                return Refuse(HigherThanLater(entry.given.digits, shown(meter, after.value), after.day))
        return None

    def _sum(self) -> Ask | None:
        for meter in dict.fromkeys(entry.given.meter for entry in self.entries):
            own = [entry.given for entry in self.entries if entry.given.meter.id == meter.id]
            total = next((it for it in own if meter.zones[it.register - 1] == "total"), None)
            zones = sum(it.value for it in own if it is not total)
            if total is not None and len(own) > 1 and abs(zones - total.value) > self.limits.sum_tolerance:
                return Ask(SumDiffers(shown(meter, zones), total.digits))
        return None

    def _impossible(self) -> Ask | Refuse | None:
        over = [entry for entry in self.entries if not entry.expected.possible(entry.value)]
        if not over:
            return None
        first = over[0]
        suggestion = suggest(first.given.digits, first.expected)
        others_fit = all(entry.believed for entry in self.entries if entry is not first)
        if suggestion is None or not others_fit:
            return Refuse(Impossible(first.given.digits, first.used, None))
        meant = replace(first.given, digits=suggestion, value=int(suggestion) * MILLI)
        whole = tuple(meant if it.key == meant.key else it for it in self.given)
        return Ask(Impossible(first.given.digits, first.used, suggestion), yes=whole)

    def _unusual(self) -> Ask | None:
        odd = [entry for entry in self.entries if not entry.believed]
        if not odd:
            return None
        used, usual = sum(e.used for e in odd), sum(e.expected.usual or 0 for e in odd)
        return Ask(Unusual(_joined([e.given for e in odd]), used, _about(usual)), yes=self.given)


def gone(meter: Meter, meters: Sequence[Meter], day: date) -> MeterGone:
    """What to say of a meter that does not stand on that day (check 4)."""
    standing_now = standing(tuple(meters), day)
    same_point = [it for it in standing_now if it.point_id == meter.point_id]
    current = next(iter(same_point or standing_now), None)
    end = meter.installed.end
    removed = meter.installed.start if end is None else end - DAY
    return MeterGone(meter.serial, removed, None if current is None else current.serial)


def zones_wanted(meter: Meter, states: Registers, *, day: date, limits: Limits = DEFAULTS) -> ZonesWanted:
    """The question for all the zones of a meter (check 3)."""
    return ZonesWanted(zone_names(meter), examples(meter, states, day=day, limits=limits))


def _best_order(group: Sequence[_Entry]) -> tuple[Given, ...] | None:
    """The numbers of the group on each other's registers so that all are ordinary, the least unlike the usual use."""
    best: tuple[int, tuple[Given, ...]] | None = None
    for order in permutations(group):
        placed = tuple(
            replace(entry.given, digits=other.given.digits, value=other.given.value)
            for entry, other in zip(group, order, strict=True)
        )
        pairs = list(zip(placed, group, strict=True))
        if not all(it.value < it.meter.wheel and entry.expected.ordinary(it.value) for it, entry in pairs):
            continue
        misfit = sum(entry.expected.misfit(it.value) for it, entry in pairs)
        if best is None or misfit < best[0]:
            best = (misfit, placed)
    return None if best is None else best[1]


def _accepted(case: _Case, window: tuple[int, int] | None, billed_through: date | None) -> Accept:
    late, early = _against_window(case, window, billed_through)
    expired = [until for it in case.given if (until := it.meter.verified_until) is not None and until < case.day]
    whole = tuple(flag for flag, holds in ((Flag.LATE, late), (Flag.EARLY, early)) if holds)
    return Accept(
        usages=tuple(_usage(entry, case, whole) for entry in case.entries),
        day=case.day,
        repeated=case.repeated,
        late_for=Month.of(case.day) if late else None,
        early_for=Month.of(case.day) if early else None,
        unverified_since=min(expired, default=None),
    )


def _usage(entry: _Entry, case: _Case, of_all: tuple[Flag, ...]) -> Usage:
    expected, meter = entry.expected, entry.given.meter
    corrects = entry.same_day is not None and not entry.repeats
    flags = {
        Flag.FIRST: expected.before is None,
        Flag.ROLLOVER: entry.lower,
        Flag.UNUSUAL: expected.unusual is not None and entry.used > expected.unusual,
        Flag.DROP: _dropped(entry, case),
        Flag.UNVERIFIED: meter.verified_until is not None and meter.verified_until < case.day,
        Flag.CORRECTION: corrects,
        Flag.REPEAT: entry.repeats,
    }
    instead = entry.same_day.value if corrects and entry.same_day is not None else None
    return Usage(
        entry.given, entry.used, expected.before, tuple(f for f, holds in flags.items() if holds) + of_all, instead
    )


def _dropped(entry: _Entry, case: _Case) -> bool:
    """Check 14: no use at all, or two periods with less than a tenth of the usual use."""
    expected, percent = entry.expected, case.limits.drop_percent
    if expected.before is None:
        return False
    if entry.used == 0:
        return True
    if expected.usual is None or entry.used * 100 >= expected.usual * percent:
        return False
    state = state_of(case.states, entry.given.key)
    last = expect(entry.given.meter, state, day=expected.before.day, limits=case.limits)
    if last.before is None or last.usual is None:
        return False
    return last.used(expected.before.value) * 100 < last.usual * percent


def _against_window(case: _Case, window: tuple[int, int] | None, billed_through: date | None) -> tuple[bool, bool]:
    """Whether the reading came after the window of its month (check 16), or is of a day before it (check 15)."""
    if window is None or (billed_through is not None and case.day <= billed_through):
        return False, False
    late = Month.of(case.day) < Month.of(case.today) or case.today.day > window[1]
    return late, not late and case.day.day < window[0]


def _label(given: Given) -> str:
    zone = given.meter.zones[given.register - 1]
    services = {"cold_water": "cold", "hot_water": "hot"}
    return services.get(given.meter.service, zone) if len(given.meter.zones) == 1 else zone


def _about(volume: int) -> int:
    """An estimate as one says it: whole units, tenths below ten."""
    step = MILLI if volume >= 10 * MILLI else MILLI // 10
    return half_up(volume, step) * step


def _joined(given: Sequence[Given]) -> str:
    return " ".join(it.digits for it in given)
