"""What an ordinary account used since its last bill, and what readings change in months billed, in whole numbers.

Ordinary is one meter with one register and no dated facts, charged by one rate in each month. Whatever may come out
otherwise is left to `supplying` and `segmenting`: `used` says so with None. That both ways end in the same is tried in
tests/core/billing/engine/test_plainly.py.
"""

from collections.abc import Sequence
from datetime import date

from core.basics.periods import DAY, Month
from core.billing.engine import pricing, supplying
from core.billing.engine.usage import Curve, curve_of
from core.billing.estimation import Estimation
from core.billing.model import AccountState, IssuedLine, Part, Recalculated, Tariffs, TariffVersion
from core.metering import expecting
from core.metering.model import Meter, RegisterState

Used = tuple[tuple[Part, ...], tuple[Recalculated, ...]]
"""The use since the last bill, month by month, and the billed months that cost another sum now."""


class _Unusual(Exception):
    """Something that whole numbers alone do not tell."""


def used(state: AccountState, meters: Sequence[Meter], tariffs: Tariffs, rules: Estimation) -> Used | None:
    """What `standing.used` finds, None where the account is not ordinary."""
    if len(meters) != 1 or state.conditions:
        return None
    meter = meters[0]
    registers = supplying.registers_of(meter, state.registers)
    if registers is None or len(registers) != 1 or registers[0].counted is not None:
        return None
    if meter.verified_until is not None or meter.installed.end is not None:
        return None
    if rules.norms and supplying.unsent(state, registers, rules, None):
        return None
    point = _Point(meter, registers[0], tariffs.get(meter.tariff, ()))
    try:
        return point.unbilled(state.billed_through), point.changed(state.issued)
    except _Unusual:
        return None


class _Point:
    """The meter of an ordinary account, its one register, and the versions of its plan."""

    __slots__ = ("_curve", "_known", "_meter", "_versions", "_zone")

    def __init__(self, meter: Meter, register: RegisterState, versions: Sequence[TariffVersion]) -> None:
        self._meter = meter
        self._curve: Curve = curve_of(meter, register)
        self._known = register.anchors[0].day, register.anchors[-1].day
        self._versions = versions
        (self._zone,) = expecting.zone_names(meter)

    def unbilled(self, billed_through: date | None) -> tuple[Part, ...]:
        """The use up to the last count, month by month.

        :raises _Unusual: a month does not go by one rate.
        """
        first, last = self._known
        start = (first if billed_through is None else billed_through) + DAY
        found: list[Part] = []
        count = self._curve.count
        before = count(start.toordinal() - 1)
        while start <= last:
            month = Month(start.year, start.month)
            first, following, _, behind = month.edges
            end = min(last.toordinal(), behind - 1)
            rate = self._rate(self._version(first, following), fixed=False)
            now = count(end)
            volume = now - before
            amount = pricing.flat(volume, rate)
            if volume or amount:
                pieces = ((volume, rate),) if volume else ()
                found.append(Part(month, amount, False, volume, pieces, self._meter.point_id))
            before, start = now, following
        return tuple(found)

    def changed(self, issued: Sequence[IssuedLine]) -> tuple[Recalculated, ...]:
        """The billed lines of which the whole month costs another sum now.

        :raises _Unusual: a month does not go by one rate.
        """
        found: list[Recalculated] = []
        count = self._curve.count
        for line in issued:
            if line.point_id != self._meter.point_id:
                continue
            first, following, start, end = line.month.edges
            version = self._version(first, following)
            volume = count(end - 1) - count(start - 1)
            if volume == line.volume and line.tariffs == (version.id,):
                continue
            amount = pricing.flat(volume, self._rate(version, fixed=True))
            if amount != line.amount:
                found.append(
                    Recalculated(line.month, line.point_id, line.volume, volume, line.amount, amount, (version.id,))
                )
        return tuple(found)

    def _version(self, first: date, end: date) -> TariffVersion:
        """The version that holds on every day of a month, which ends before `end`, on which the meter stood from the
        first."""
        if self._meter.installed.start > first:
            raise _Unusual
        for version in reversed(self._versions):
            valid = version.valid
            if valid.start <= first and (valid.end is None or end <= valid.end):
                return version
        raise _Unusual

    def _rate(self, version: TariffVersion, *, fixed: bool) -> int:
        """The one rate of a version, with which a month costs nothing else; `fixed`: a whole month."""
        if version.vat or version.seasons or len(version.blocks) != 1 or version.blocks[0].flat:
            raise _Unusual
        if fixed and (version.standing or version.minimum):
            raise _Unusual
        try:
            return pricing.rate_of(version.blocks[0], self._zone)
        except pricing.NoRate:
            raise _Unusual from None
