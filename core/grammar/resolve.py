"""Puts the numbers of a text onto the sender's own accounts, meters and registers."""

from collections.abc import Sequence
from dataclasses import replace

from core.commands import Named, NotUnderstood, SubmitReading, Unclear
from core.grammar import dates, plausible, roles
from core.grammar.refusing import LONGEST_NUMBER, REGISTERS, SERVICES, unclear
from core.grammar.roles import Roles, Value
from core.grammar.senses import Sense
from core.grammar.statement import Entry, Statement
from core.grammar.world import KnownAccount, KnownMeter, World

TOO_MANY_DECIMALS = 3
_SERVICE_OF = {
    Sense.COLD: "cold_water", Sense.HOT: "hot_water", Sense.ELECTRICITY: "electricity", Sense.GAS: "gas",
    Sense.HEAT: "heat",
}  # fmt: skip
_ZONES = frozenset(
    (Sense.DAY, Sense.NIGHT, Sense.PEAK, Sense.HALFPEAK, Sense.OFFPEAK, Sense.T1, Sense.T2, Sense.T3, Sense.TOTAL)
)
_NAMED_ZONES = frozenset((Sense.DAY, Sense.NIGHT, Sense.PEAK, Sense.HALFPEAK, Sense.OFFPEAK))
_NUMBERED = frozenset((Sense.T1, Sense.T2, Sense.T3))
_BY_NUMBER = ("t1", "t2", "t3")

Outcome = SubmitReading | NotUnderstood


def resolve(statement: Statement, world: World) -> Outcome:
    """The reading that a statement makes, with the reason for doubt where it must be asked; or why there is none."""
    parts = roles.cast(statement.entries, world)
    if parts is None:
        return _several(statement.entries)
    if not parts.values:
        return _without_values(statement, parts)
    on = dates.reading_day(statement.days, world.today)
    if on.far:
        return NotUnderstood(Unclear.DATE_TOO_FAR, parts.values[0].entry.raw[:12])
    place = _Place.of(parts, world)
    taken = place.take(parts.values)
    if isinstance(taken, NotUnderstood):
        return taken
    cubic = "meter" if statement.cubic and place.electric else None
    guessed = "name" if statement.guessed and not (statement.named or parts.account) else None
    doubt = taken.doubt or cubic or parts.doubt or statement.spoken or guessed
    return replace(taken, account=parts.account, meter=place.named_meter, on=on.day, doubt=doubt)


def _several(entries: Sequence[Entry]) -> NotUnderstood:
    return unclear(Unclear.SEVERAL_NUMBERS, " ".join(entry.raw for entry in entries[:3]))


def _without_values(statement: Statement, parts: Roles) -> Outcome:
    """An account or a meter is named and no number is left: the wish to send a reading, if the text says so."""
    if statement.named and parts.account and not parts.serials:
        return SubmitReading(account=parts.account)
    return unclear(Unclear.WORDS, statement.entries[0].raw)


class _Place:
    """The meters on which the numbers are put: those of the account named, else the sender's only account."""

    def __init__(self, account: KnownAccount | None, meters: Sequence[KnownMeter], parts: Roles, world: World) -> None:
        self._account = account
        self._meters = tuple(meters)
        self._foreign = account is None
        self._several_accounts = len(world.accounts) > 1 and account is None and parts.account is None
        self._nobody = not world.accounts and parts.account is None and not parts.serials
        self._world = world
        self._paired = len(parts.serials) > 1
        self.electric = bool(meters) and all(meter.service == "electricity" for meter in meters)
        self.named_meter = parts.serials[0] if len(parts.serials) == 1 else None

    @classmethod
    def of(cls, parts: Roles, world: World) -> "_Place":
        account = world.accounts[0] if len(world.accounts) == 1 else None
        if parts.account is not None:
            account = roles.known_account(parts.account, world)
        elif parts.serials:
            holding = [one for one in world.accounts if any(m.serial == parts.serials[0] for m in one.meters)]
            account = holding[0] if len(holding) == 1 else account
        meters = [meter for meter in account.meters if meter.removed is None] if account else []
        if len(parts.serials) == 1 and account:
            meters = [meter for meter in account.meters if meter.serial == parts.serials[0]] or [
                meter for meter in meters if not meter.serial
            ]
        return cls(account if meters else None, meters, parts, world)

    def take(self, values: Sequence[Value]) -> Outcome:
        """The values on their registers."""
        values = _unspelled(self._regrouped(_unrepeated(values)))
        wrong = _wrong_number(values)
        if wrong is not None:
            return wrong
        if self._paired:
            return self._by_serials(values)
        total = self._total(values)
        if total is not None and len(values) > 1:
            return total
        if all(value.entry.labels & (REGISTERS | SERVICES) for value in values):
            return self._by_names(values)
        if any(value.entry.labels & REGISTERS for value in values):
            return _several([value.entry for value in values])
        return self._by_position(values)

    def _by_serials(self, values: Sequence[Value]) -> Outcome:
        if any(value.serial is None for value in values) or len({value.serial for value in values}) < len(values):
            return _several([value.entry for value in values])
        named = []
        for value in values:
            digits = self._digits(value.entry, self._meter_of(value.serial))
            if isinstance(digits, NotUnderstood):
                return digits
            named.append(Named("total", digits, value.serial))
        return SubmitReading(tuple(named))

    def _by_names(self, values: Sequence[Value]) -> Outcome:
        named: list[Named] = []
        doubt: str | None = None
        for value in values:
            meters = self._meters_for(value.entry)
            meter = meters[0] if len(meters) == 1 else None
            digits = self._digits(value.entry, meter)
            if isinstance(digits, NotUnderstood):
                return digits
            name = self._name(value.entry)
            if name is None:
                return _several([each.entry for each in values])
            if not self._foreign and not self._has(name, value.entry, meters):
                doubt = doubt or ("meter" if name == "total" else "register")
            named.append(Named(name, digits))
        if len({each.register for each in named}) < len(named) or self._same_register(named):
            return _several([value.entry for value in values])
        return SubmitReading(tuple(named), doubt=doubt)

    def _by_position(self, values: Sequence[Value]) -> Outcome:
        names, doubt = self._names(values)
        if names is None:
            return SubmitReading(doubt=doubt) if doubt else _several([value.entry for value in values])
        meter = self._meters[0] if len(self._meters) == 1 else None
        named = []
        for name, value in zip(names, values, strict=True):
            digits = self._digits(value.entry, meter)
            if isinstance(digits, NotUnderstood):
                return digits
            named.append(Named(name, digits))
        return SubmitReading(tuple(named), doubt=doubt)

    def _names(self, values: Sequence[Value]) -> tuple[tuple[str, ...] | None, str | None]:
        """The names of the registers in their order; None with a doubt where there are too few or too many."""
        count = len(values)
        if self._several_accounts:
            return (("total",), "account") if count == 1 else (None, "account")
        if self._nobody:
            return (("total",), "account") if count == 1 else (None, "account")
        if self._foreign:
            return self._foreign_names(count)
        if len(self._meters) > 1:
            return (("total",), "meter") if count == 1 else (None, "meter")
        registers = self._meters[0].registers
        if len(registers) == count:
            return tuple("total" if count == 1 else each.zone or each.name for each in registers), None
        if len(registers) == 1:
            return None, None
        return (("total",), "zones") if count == 1 else (None, "zones")

    def _foreign_names(self, count: int) -> tuple[tuple[str, ...] | None, str | None]:
        if count == 1:
            return ("total",), None
        own = [meter for account in self._world.accounts for meter in account.meters if meter.removed is None]
        if len(own) == 1 and len(own[0].registers) == count:
            return tuple(each.zone or each.name for each in own[0].registers), None
        return (_BY_NUMBER[:count], "zones") if count <= len(_BY_NUMBER) else (None, None)

    def _total(self, values: Sequence[Value]) -> Outcome | None:
        """«сумма 8320 день 5778 ночь 2542»: a total beside its parts is checked (check 12), not taken."""
        totals = [value for value in values if value.entry.labels & {Sense.TOTAL, Sense.SUM}]
        parts = [value for value in values if not value.entry.labels & {Sense.TOTAL, Sense.SUM}]
        if len(totals) != 1 or not parts or any(not value.entry.labels & _ZONES for value in parts):
            return None
        taken = self._by_names(parts)
        if isinstance(taken, NotUnderstood):
            return taken
        off = abs(plausible.thousandths(totals[0].entry.text) - sum(plausible.thousandths(v.entry.text) for v in parts))
        return taken if off <= 1000 else replace(taken, doubt="sum")

    def _meters_for(self, entry: Entry) -> tuple[KnownMeter, ...]:
        services = [_SERVICE_OF[sense] for sense in entry.labels if sense in _SERVICE_OF]
        if services:
            return tuple(meter for meter in self._meters if meter.service == services[0])
        if Sense.WATER in entry.labels:
            return tuple(meter for meter in self._meters if meter.service in ("cold_water", "hot_water"))
        if entry.labels & _ZONES and len(self._meters) > 1:
            return tuple(meter for meter in self._meters if meter.service == "electricity")
        return self._meters

    def _name(self, entry: Entry) -> str | None:
        """The register's name; a counted one of a meter with several registers has that of its place."""
        registers = self._meters[0].registers if len(self._meters) == 1 else ()
        if Sense.ORDINAL in entry.labels and len(registers) > 1 and int(entry.ordinal) <= len(registers):
            return registers[int(entry.ordinal) - 1].name
        return _register_name(entry)

    def _has(self, name: str, entry: Entry, meters: Sequence[KnownMeter]) -> bool:
        """Whether one meter, and one only, can have been meant by the name."""
        if Sense.ORDINAL in entry.labels:
            return len(self._meters) > 1 or 1 < len(self._meters[0].registers) >= int(entry.ordinal)
        if len(meters) != 1:
            return False
        registers = meters[0].registers
        if any(each.name == name and each.zone and entry.labels & _NAMED_ZONES - {each.zone} for each in registers):
            return False
        if len(registers) == 1:
            return name in ("total", "day", "t1", "cold", "hot")
        return any(name in (each.name, each.zone) for each in registers)

    def _same_register(self, named: Sequence[Named]) -> bool:
        """Whether two names are of one register: t1 and day of one meter."""
        registers = [each for meter in self._meters for each in meter.registers]
        given = {each.register for each in named}
        return any(each.zone and each.name in given and each.zone in given for each in registers)

    def _meter_of(self, serial: str | None) -> KnownMeter | None:
        return next((meter for meter in self._meters if meter.serial == serial), None)

    def _digits(self, entry: Entry, meter: KnownMeter | None) -> str | NotUnderstood:
        """The digits of a reading, refused where they are more than the meter has."""
        whole = entry.whole.lstrip("0") or "0"
        longest = meter.digits if meter else LONGEST_NUMBER
        if len(whole) > longest or len(entry.whole) > LONGEST_NUMBER:
            return unclear(Unclear.TOO_MANY_DIGITS, entry.raw)
        fraction = meter.fraction if meter else TOO_MANY_DECIMALS if entry.labels & SERVICES else 0
        if len(entry.fraction) >= max(TOO_MANY_DECIMALS, fraction + 1):
            return unclear(Unclear.TOO_MANY_DECIMALS, entry.raw)
        return entry.text

    def _regrouped(self, values: Sequence[Value]) -> list[Value]:
        """Thousands written apart («12 345», «т1 5 778») put together; two readings with a comma or a dot between
        («5778,2542») taken apart."""
        registers = len(self._meters[0].registers) if len(self._meters) == 1 else 0
        result: list[Value] = []
        for value in values:
            pieces = value.entry.text.split(".")
            if len(pieces) == registers > 1 and len(values) == 1 and all(len(each) > 2 for each in pieces):
                result.extend(replace(value, entry=replace(value.entry, text=each)) for each in pieces)
                continue
            before = result[-1] if result else None
            if before is not None and _continues(before.entry, value.entry, single=registers == 1 and len(values) == 2):
                joined = replace(before.entry, text=before.entry.text + value.entry.text,
                                 raw=f"{before.entry.raw} {value.entry.raw}")  # fmt: skip
                result[-1] = replace(before, entry=joined)
            else:
                result.append(value)
        return result


def _continues(before: Entry, entry: Entry, *, single: bool) -> bool:
    """Whether the second number is the last three digits of the first."""
    if entry.labels or entry.sign or entry.gap != " " or len(entry.whole) != 3 or not entry.whole.isdigit():
        return False
    if not before.text.isdigit() or len(before.text) > 3 or before.text.startswith("0"):
        return False
    return single or bool(before.labels & _ZONES)


def _unrepeated(values: Sequence[Value]) -> list[Value]:
    """The values, without repetition where nothing but one number of one register is repeated."""
    named = {value.entry.labels & (REGISTERS | SERVICES) for value in values} - {frozenset()}
    if len({(value.entry.text, value.serial) for value in values}) == 1 and len(named) < 2:
        return [next((value for value in values if value.entry.labels & (REGISTERS | SERVICES)), values[0])]
    return list(values)


def _unspelled(values: list[Value]) -> list[Value]:
    """«12 789 (двенадцать тысяч семьсот восемьдесят девять)»: thousands apart, and the number again as one."""
    if len(values) != 3 or any(value.entry.labels & (REGISTERS | SERVICES) for value in values[1:]):
        return values
    first, second, whole = values
    parted = second.entry.gap == " " and len(second.entry.text) == len("000") and not second.entry.sign
    if not parted or first.entry.text + second.entry.text != whole.entry.text:
        return values
    return [replace(first, entry=replace(first.entry, text=whole.entry.text))]


def _wrong_number(values: Sequence[Value]) -> NotUnderstood | None:
    for value in values:
        if value.entry.text.count(".") > 1 or not value.entry.text.replace(".", "").isdigit():
            return unclear(Unclear.NOT_DIGITS, value.entry.raw)
    return None


def _register_name(entry: Entry) -> str | None:
    """The one name that the customer used: «Т1 (день)» is t1; services without zones are their own registers."""
    if Sense.ORDINAL in entry.labels:
        return entry.ordinal
    named = entry.labels & REGISTERS
    numbered = named & _NUMBERED
    if len(numbered) == 1 and len(named - numbered) <= 1:
        return next(iter(numbered)).value
    water = named & {Sense.COLD, Sense.HOT}
    if len(named) == 1:
        return next(iter(named)).value
    if not named:
        return "total"
    return next(iter(water)).value if len(water) == 1 and len(named) == 1 else None
