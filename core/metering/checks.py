"""The objections to a reading's numbers, in their order (billing.md section 6, checks 3 to 13)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations

from core.basics.facts import dataclass
from core.basics.money import MILLI, half_up
from core.basics.periods import DAY
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
from core.metering.verdicts import Ask, Refuse
from core.metering.writing import read


@dataclass(frozen=True, slots=True)
class Entry:
    """A number beside what is known of its register; `same_day` is the anchor of the very day, `used` the use from the
    count before it."""

    given: Given
    expected: Expectation
    same_day: Anchor | None
    firm: Anchor | None
    used: int

    @classmethod
    def of(cls, given: Given, states: Registers, *, day: date, limits: Limits) -> "Entry":
        state = state_of(states, given.key)
        expected = expect(given.meter, state, day=day, limits=limits)
        same_day = firm = None
        if state.last is not None and state.last.day >= day:
            same_day = next((anchor for anchor in state.anchors if anchor.day == day), None)
            firm = next((a for a in reversed(state.anchors) if a.source == Source.CONTROL and a.day >= day), None)
        return cls(given, expected, same_day, firm, expected.used(given.value))

    @property
    def value(self) -> int:
        return self.given.value

    @property
    def slot(self) -> tuple[Meter, int]:
        return self.given.meter, self.given.register

    @property
    def repeats(self) -> bool:
        return self.same_day is not None and self.same_day.value == self.value

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
class Case:
    """One message's numbers before the checks."""

    entries: tuple[Entry, ...]
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

    def given_instead(self, given: Sequence[Given]) -> "Case":
        """The same case with other numbers: what becomes of a yes is known before it is asked for."""
        entries = tuple(Entry.of(it, self.states, day=self.day, limits=self.limits) for it in given)
        return replace(self, entries=entries)

    def objection(self, *, confirmed: bool, doubtful: bool = False) -> Ask | Refuse | None:
        """The first check that hits; None where the numbers are to be taken."""
        hit = self._fixed()
        if hit is not None or self.repeated:
            return hit
        hit = self._fitting(confirmed=confirmed)
        if hit is None and doubtful and not confirmed:
            return Ask(ConfirmReading(_joined(self.given)), yes=self.given)
        return hit

    def _fixed(self) -> Ask | Refuse | None:
        """Checks 3, 4, 5 and 7: what no plausibility and no yes changes."""
        hit = self._gone() or self._incomplete()
        if hit is not None or self.repeated:
            return hit
        return self._firm()

    def _fitting(self, *, confirmed: bool) -> Ask | Refuse | None:
        """Checks 8 to 13; those that a yes answers are passed over once it was said."""
        if confirmed:
            return self._lower() or self._sum() or self._impossible()
        if all(entry.believed for entry in self.entries):
            return self._sum()
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
        for meter in _meters(self.entries):
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

    def _groups(self) -> Iterator[tuple[Entry, ...]]:
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
            there = self._fitting_best(entry.given.digits, others)
            if there is not None:
                whole = tuple(there if it.key == entry.given.key else it for it in self.given)
                return Ask(OtherMeter(there.digits, there.meter.service, there.meter.serial), yes=whole)
        return None

    def _fitting_best(self, digits: str, meters: Sequence[Meter]) -> Given | None:
        """The number on the meter whose usual use it is nearest to, of those where it would be an ordinary one."""
        best: tuple[int, Given] | None = None
        for meter in meters:
            expected = expect(meter, state_of(self.states, (meter.id, 1)), day=self.day, limits=self.limits)
            it = read(digits, meter, 1)
            if not isinstance(it, Given) or expected.before is None or not expected.ordinary(it.value):
                continue
            if best is None or expected.misfit(it.value) < best[0]:
                best = (expected.misfit(it.value), it)
        return None if best is None else best[1]

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
        if len(self.entries) == 1:
            return None
        for meter in _meters(self.entries):
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


def _meters(entries: Sequence[Entry]) -> Collection[Meter]:
    """The meters of the entries, each once."""
    return {entry.given.meter.id: entry.given.meter for entry in entries}.values()


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


def _best_order(group: Sequence[Entry]) -> tuple[Given, ...] | None:
    """The numbers of the group on each other's registers so that all are ordinary, the least unlike the usual use."""
    best: tuple[int, tuple[Given, ...]] | None = None
    for order in permutations(group):
        placed = tuple(
            it
            for entry, other in zip(group, order, strict=True)
            if isinstance(it := read(other.given.digits, *entry.slot), Given) and entry.expected.ordinary(it.value)
        )
        if len(placed) < len(group):
            continue
        misfit = sum(entry.expected.misfit(it.value) for it, entry in zip(placed, group, strict=True))
        if best is None or misfit < best[0]:
            best = (misfit, placed)
    return None if best is None else best[1]


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
