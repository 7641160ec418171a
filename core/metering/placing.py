"""Where the numbers of a reading belong: which meter, which register, how many thousandths."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice, product

from core.basics.facts import dataclass
from core.commands import Named, SubmitReading, Unclear
from core.messages import (
    ConfirmReading,
    MeterUnknown,
    NoMeter,
    NotUnderstoodTold,
    OtherMeter,
    ReadingWanted,
    TooManyDigits,
    WhichMeter,
)
from core.metering.checks import gone, zones_wanted
from core.metering.expecting import (
    DEFAULTS,
    Expectation,
    Limits,
    example,
    examples,
    expect,
    lacking,
    needed,
    standing,
    state_of,
    zone_names,
)
from core.metering.model import Given, Meter, RegisterKey, Registers
from core.metering.verdicts import Ask, Refuse
from core.metering.writing import read

_TRIED = 2000
"""Ways to place several unnamed numbers that are looked at before the customer is asked."""
_TAIL = 4
"""The end of a serial by which a customer may name a meter, and by which he is shown one."""
_SERVICES = {
    "cold": "cold_water",
    "hot": "hot_water",
    "cold_water": "cold_water",
    "hot_water": "hot_water",
    "gas": "gas",
    "heat": "heat",
    "electricity": "electricity",
}
_TWO_ZONE_NAMES = {"peak": "day", "day": "peak", "offpeak": "night", "night": "offpeak"}


@dataclass(frozen=True, slots=True)
class Placed:
    """Every number has its register; `check` decides what becomes of it."""

    given: tuple[Given, ...]


Slot = tuple[Meter, int]
"""A meter and the number of one of its registers."""


def place(
    command: SubmitReading,
    meters: Sequence[Meter],
    states: Registers,
    *,
    day: date,
    limits: Limits = DEFAULTS,
) -> Placed | Ask | Refuse:
    """The command's numbers on the registers of the account's meters (billing.md section 6, checks 1 to 4; ruling 7).

    `meters` are all of the account, removed ones too; `day` is the day read. Names beat position: a serial or its end,
    a service, a zone, t1 to t3, an ordinal. A number that could belong to several meters is asked for, the one it fits
    first.
    """
    meters = [one for one in meters if not one.void]
    ground = _Ground(tuple(meters), standing(tuple(meters), day), states, day, limits)
    if not meters:
        return Refuse(NoMeter())
    missing = ground.named_elsewhere(command)
    if missing is not None:
        return missing
    if not ground.here:
        return Refuse(gone(max(meters, key=lambda it: (it.installed.start, it.id)), meters, day))
    if not command.values:
        meter = ground.by_serial(command.meter) if command.meter else ground.here[0]
        wanted = meter or ground.here[0]
        return Ask(ReadingWanted(examples(wanted, states, day=day, limits=limits), zone_names(wanted)))
    return ground.place(command)


@dataclass(frozen=True, slots=True)
class _Ground:
    """The account's meters, those that stand on the day, and what is known of them."""

    all: tuple[Meter, ...]
    here: tuple[Meter, ...]
    states: Registers
    day: date
    limits: Limits

    def by_serial(self, serial: str) -> Meter | None:
        return _named(serial, self.here)

    def named_elsewhere(self, command: SubmitReading) -> Refuse | None:
        """A serial in the text that no standing meter bears (check 4)."""
        serials = [value.meter for value in command.values if value.meter]
        if command.meter:
            serials.append(command.meter)
        for serial in dict.fromkeys(serials):
            if _named(serial, self.here) is not None:
                continue
            removed = _named(serial, self.all)
            return Refuse(MeterUnknown(serial) if removed is None else gone(removed, self.all, self.day))
        return None

    def place(self, command: SubmitReading) -> Placed | Ask | Refuse:
        values = tuple(dict.fromkeys(command.values))
        slots = [self._slots(value, command.meter) for value in values]
        certain = [of_one[0] for of_one in slots if len(of_one) == 1]
        if not all(slots):
            return self._misnamed(values, slots)
        if len(certain) == len(slots):
            return self._certain(values, certain)
        ways = list(islice(self._ways(slots), _TRIED))
        if not ways:
            return self._too_many_or_few(values, slots)
        return self._asked(values, ways)

    def _slots(self, value: Named, serial: str | None) -> list[Slot]:
        """The registers that the customer may have meant, by the names he used."""
        serial = value.meter or serial
        meter = self.by_serial(serial) if serial else None
        among = (meter,) if meter else self.here
        name = value.register.lower()
        if name in _SERVICES:
            among = tuple(it for it in among if it.service == _SERVICES[name])
            name = "total"
        elif name != "total" and meter is None and len(name) > _TAIL and (by_name := self.by_serial(value.register)):
            among, name = (by_name,), "total"
        if name == "total" and len(among) > 1 and value.register.lower() not in _SERVICES:
            return [(it, register) for it in among for register in needed(it)]
        if name == "total":
            return [(it, it.zones.index("total") + 1) for it in among if "total" in it.zones]
        if name.isascii() and name.isdigit():
            return _ordinal(int(name[:4]), among)
        if len(name) == 2 and name[0] == "t" and name[1] in "123":
            return _numbered(int(name[1]), among)
        return [(it, register) for it in among if (register := _zone(name, it)) is not None]

    def _certain(self, values: Sequence[Named], slots: Sequence[Slot]) -> Placed | Ask | Refuse:
        keys = {(meter.id, register) for meter, register in slots}
        if len(keys) != len(values):
            return self._several(values, slots[0][0])
        for meter in {meter.id: meter for meter, _ in slots}.values():
            if lacking(meter, keys, self.states, day=self.day):
                return Ask(zones_wanted(meter, self.states, day=self.day, limits=self.limits))
        return self._valued(values, slots)

    def _valued(self, values: Sequence[Named], slots: Sequence[Slot]) -> Placed | Ask:
        given = []
        for value, (meter, register) in zip(values, slots, strict=True):
            number = self._number(value.digits, meter, register)
            if isinstance(number, Ask):
                return number
            given.append(number)
        return Placed(tuple(given))

    def _number(self, digits: str, meter: Meter, register: int) -> Given | Ask:
        """The number in thousandths, with the decimals that the meter has (check 2)."""
        number = read(digits, meter, register)
        if isinstance(number, Given):
            return number
        fitting = self._example(meter, register)
        if number is Unclear.TOO_MANY_DIGITS:
            return Ask(TooManyDigits(digits, meter.digits, fitting))
        return Ask(NotUnderstoodTold(number, digits, fitting))

    def _misnamed(self, values: Sequence[Named], slots: Sequence[list[Slot]]) -> Placed | Ask | Refuse:
        """Some number bears a name that no meter of the account has."""
        zoned = next((it for it in self.here if len(needed(it)) > 1), None)
        if zoned is not None and all(value.register not in _SERVICES for value in values):
            return Ask(zones_wanted(zoned, self.states, day=self.day, limits=self.limits))
        single = [it for it in self.here if len(needed(it)) == 1]
        if len(values) > 1 and len(single) == 1:
            return self._several(values, single[0])
        lost = next(value for value, of_one in zip(values, slots, strict=True) if not of_one)
        return self._which(lost.digits, single or self.here)

    def _which(self, digits: str, meters: Sequence[Meter]) -> Ask:
        """The question for the meter of one number; it is asked of those that can show it."""
        numbers = [self._number(digits, meter, needed(meter)[0]) for meter in meters]
        able = tuple(number for number in numbers if isinstance(number, Given))
        refused = next((number for number in numbers if isinstance(number, Ask)), None)
        if not able and refused is not None:
            return refused
        if len(able) == 1:
            return Ask(ConfirmReading(able[0].digits), yes=able)
        return Ask(WhichMeter(digits, tuple(_choice(it.meter) for it in able)), choices=tuple((it,) for it in able))

    def _several(self, values: Sequence[Named], meter: Meter) -> Ask:
        fragment = " ".join(value.digits for value in values)
        return Ask(NotUnderstoodTold(Unclear.SEVERAL_NUMBERS, fragment, self._example(meter, needed(meter)[0])))

    def _example(self, meter: Meter, register: int) -> str:
        return example(meter, register, self.states, day=self.day, limits=self.limits)

    def _ways(self, slots: Sequence[list[Slot]]) -> Iterator[tuple[Slot, ...]]:
        """Every whole way to place the numbers: no register twice, no meter without one of its zones."""
        for way in islice(product(*slots), _TRIED * 4):
            keys: set[RegisterKey] = {(meter.id, register) for meter, register in way}
            if len(keys) == len(way) and not any(
                lacking(meter, keys, self.states, day=self.day) for meter in {it[0].id: it[0] for it in way}.values()
            ):
                yield way

    def _too_many_or_few(self, values: Sequence[Named], slots: Sequence[list[Slot]]) -> Ask:
        zoned = next((it for of_one in slots for it, _ in of_one if len(needed(it)) > 1), None)
        if zoned is not None:
            return Ask(zones_wanted(zoned, self.states, day=self.day, limits=self.limits))
        return self._several(values, slots[0][0][0])

    def _asked(self, values: Sequence[Named], ways: Sequence[tuple[Slot, ...]]) -> Placed | Ask:
        """Several meters could be meant: a number that fits one of them alone is proposed there, otherwise the meter
        of the first doubtful number is asked for."""
        numbered = [self._valued(values, way) for way in ways]
        taken = [it.given for it in numbered if isinstance(it, Placed)]
        if not taken:
            return numbered[0]
        doubtful = [at for at in range(len(values)) if len({given[at].meter.id for given in taken}) > 1]
        fitting = [given for given in taken if self._fits(given)]
        if len(fitting) == 1 and (len(doubtful) == 1 or len(values) == 1):
            one = fitting[0][doubtful[0] if doubtful else 0]
            return Ask(OtherMeter(one.digits, one.meter.service, one.meter.serial), yes=fitting[0])
        return self._which_of(taken, doubtful[0]) if doubtful else self._one_way(taken)

    def _which_of(self, taken: Sequence[tuple[Given, ...]], at: int) -> Ask:
        """The question for the meter of one number; the others follow from the choice, as they fit best."""
        best: dict[int, tuple[Given, ...]] = {}
        for given in sorted(taken, key=lambda it: (not self._fits(it), self._misfit(it))):
            best.setdefault(given[at].meter.id, given)
        meters = [meter for meter in self.here if meter.id in best]
        choices = tuple(best[meter.id] for meter in meters)
        return Ask(WhichMeter(choices[0][at].digits, tuple(_choice(it) for it in meters)), choices=choices)

    def _one_way(self, taken: Sequence[tuple[Given, ...]]) -> Placed | Ask:
        """Only the same meters can be meant: whether the numbers are believed is for the checks, but zones that bare
        numbers could be for are asked for by name."""
        named = {it.meter.id for it in taken[0]}
        zoned = next((it for it in self.here if len(needed(it)) > 1 and (it.id in named) == (len(taken) > 1)), None)
        if zoned is not None:
            return Ask(zones_wanted(zoned, self.states, day=self.day, limits=self.limits))
        return Placed(taken[0])

    def _fits(self, given: Sequence[Given]) -> bool:
        return all(self._expected(it).believed(it.value) for it in given)

    def _misfit(self, given: Sequence[Given]) -> int:
        return sum(self._expected(it).misfit(it.value) for it in given)

    def _expected(self, given: Given) -> Expectation:
        return expect(given.meter, state_of(self.states, given.key), day=self.day, limits=self.limits)


def _named(serial: str, meters: Sequence[Meter]) -> Meter | None:
    """The meter of that serial: exactly, but for leading zeros, or the only one that ends so."""
    wanted = serial.upper().lstrip("*.№# ")
    found = [it for it in meters if it.serial == wanted]
    found = found or [it for it in meters if it.serial.lstrip("0") == wanted.lstrip("0")]
    if found:
        return found[-1]
    ending = [it for it in meters if len(wanted) >= _TAIL and it.serial.endswith(wanted)]
    return ending[0] if len(ending) == 1 else None


def _ordinal(number: int, meters: Sequence[Meter]) -> list[Slot]:
    """ "1", "2": the registers of an only meter in order; with several meters it is not known how they are counted."""
    if len(meters) > 1:
        return [(it, register) for it in meters for register in needed(it)]
    return [(it, needed(it)[number - 1]) for it in meters if 1 <= number <= len(needed(it))]


def _numbered(number: int, meters: Sequence[Meter]) -> list[Slot]:
    """T1 to T3: the zones in the order of the meter; an only register is T1."""
    zoned = [it for it in meters if len(needed(it)) > 1]
    return [(it, needed(it)[number - 1]) for it in zoned or meters if number <= len(needed(it))]


def _zone(name: str, meter: Meter) -> int | None:
    for zone in (name, _TWO_ZONE_NAMES.get(name, "") if len(needed(meter)) == 2 else ""):
        if zone in meter.zones:
            return meter.zones.index(zone) + 1
    return None


def _choice(meter: Meter) -> tuple[str, str]:
    return meter.service, meter.serial[-_TAIL:]
