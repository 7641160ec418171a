"""The protocol of an account: every sum that makes up what is to be paid, with what it was computed from.

Nothing of it is stored: each line is computed again from the facts numbered below its claim (billing.md section 7).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from core.basics.periods import DAY, Month, Period
from core.billing.engine import deriving, standing
from core.billing.engine.charging import Charge
from core.billing.engine.deriving import Facts
from core.billing.engine.usage import Curve, curve_of, usable
from core.billing.model import AccountState, ChargeFact, Claim, ClaimKind, Standing, Tariffs, TariffVersion
from core.metering.expecting import needed, zone_names
from core.metering.model import Anchor, Meter, ReadingFact, RegisterState, Usual

ALWAYS = 1 << 62
"""A number above that of every fact."""


class Kind(StrEnum):
    """What a line of the protocol is. `PROVISIONAL` and `PENDING` are computed and not issued yet: use since the last
    bill, and what readings change in billed months."""

    OPENING = "opening"
    BILL = "bill"
    RECALCULATION = "recalculation"
    PAYMENT = "payment"
    PROVISIONAL = "provisional"
    PENDING = "pending"


@dataclass(frozen=True, slots=True)
class Span:
    """Days of constant use: thousandths a day, and the facts that it comes from."""

    days: Period
    per_day: Fraction
    estimated: bool
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """The volume of a zone on days under one tariff version: the rounded cumulative counts before and at the end of
    them, thousandths, less the whole turns of the wheel before them."""

    zone: str
    days: Period
    tariff: int
    before: int
    after: int
    spans: tuple[Span, ...]

    @property
    def volume(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Calculation:
    """How the use of a meter on days of a month came to a sum, for so many persons; `fixed` with the standing charge
    and the minimum."""

    meter: Meter
    days: Period
    measured: tuple[Measured, ...]
    charge: Charge
    persons: int
    fixed: bool


@dataclass(frozen=True, slots=True)
class Basis:
    """A usual use, with the days of which it is and the readings between which it was measured."""

    meter: int
    register: int
    usual: Usual
    days: Period
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A sum of the protocol, kopecks, with its sign in what is to be paid. `fact` is the claim or payment; `before`, of
    a recalculation, what was demanded for the month and meter until then; `reproduced` tells whether computing it
    again gave the sum that was issued."""

    kind: Kind
    amount: int
    fact: str | None = None
    day: date | None = None
    month: Month | None = None
    due_on: date | None = None
    calculation: Calculation | None = None
    before: int | None = None
    reproduced: bool = True


@dataclass(frozen=True, slots=True)
class Statement:
    """Where an account stands on a day and why: the lines add up to `to_pay` less `credit`. `readings` and `tariffs`
    are the facts that the calculations name, `usuals` what forecasts go by, all by their ids."""

    account: str
    today: date
    standing: Standing
    lines: tuple[Line, ...]
    readings: Mapping[str, ReadingFact]
    tariffs: Mapping[str, TariffVersion]
    usuals: Mapping[str, Basis]


def reading_id(one: ReadingFact) -> str:
    return f"reading:{one.no}:{one.meter_id}.{one.register}"


def explain(
    facts: Facts, meters: Sequence[Meter], tariffs: Tariffs, *, account: str, persons: int, today: date
) -> Statement:
    """The protocol of the account on a day.

    :raises charging.NoTariff: a day to be charged has no tariff.
    """
    return _Explanation(facts, meters, tariffs, persons).statement(account, today)


class _Explanation:
    """Computes every line again and gathers the facts that it meets."""

    def __init__(self, facts: Facts, meters: Sequence[Meter], tariffs: Tariffs, persons: int) -> None:
        self._facts = facts
        self._meters = meters
        self._by_id = {meter.id: meter for meter in meters}
        self._tariffs = tariffs
        self._persons = persons
        self._readings: dict[str, ReadingFact] = {}
        self._versions: dict[str, TariffVersion] = {}
        self._usuals: dict[str, Basis] = {}
        self._bases: dict[Basis, int] = {}

    def statement(self, account: str, today: date) -> Statement:
        state = deriving.derive(self._facts, self._meters)
        stands = standing.standing(state, self._meters, self._tariffs, persons=self._persons, today=today)
        lines = (
            *(line for claim in sorted(self._facts.claims, key=lambda one: one.no) for line in self._claim(claim)),
            *self._payments(),
            *self._pending(stands),
            *self._provisional(state),
        )
        return Statement(account, today, stands, lines, self._readings, self._versions, self._usuals)

    def _claim(self, claim: Claim) -> Iterator[Line]:
        kind = Kind(claim.kind.value)
        line = Line(kind, claim.amount, f"claim:{claim.no}", claim.issued_on, claim.month, claim.due_on)
        charges = [charge for charge in self._facts.charges if charge.no == claim.no]
        if not charges:
            yield line
        for meter_id in dict.fromkeys(charge.meter_id for charge in charges):
            yield self._charged(line, claim, [charge for charge in charges if charge.meter_id == meter_id])

    def _charged(self, line: Line, claim: Claim, charges: Sequence[ChargeFact]) -> Line:
        meter = self._by_id[charges[0].meter_id]
        amount = sum(charge.amount for charge in charges)
        bill_of = claim.month if claim.kind is ClaimKind.BILL else None
        found = self.calculate(
            meter, claim.month, claim.month.period, through=claim.no, usual=claim.no, fixed=True, bill_of=bill_of
        )
        if bill_of is not None:
            same = found.charge.amount == amount
            return replace(line, amount=amount, calculation=found, reproduced=same)
        before = self._demanded(meter, claim.month, claim.no)
        same = found.charge.amount == before + amount
        return replace(line, amount=amount, calculation=found, before=before, reproduced=same)

    def _demanded(self, meter: Meter, month: Month, below: int) -> int:
        """What was demanded for a meter and month by the claims numbered below."""
        return sum(
            one.amount
            for one in self._facts.charges
            if one.meter_id == meter.id and one.month == month and one.no < below
        )

    def _payments(self) -> Iterator[Line]:
        for one in sorted(self._facts.payments, key=lambda payment: (payment.paid_on, payment.no)):
            yield Line(Kind.PAYMENT, -one.amount, f"payment:{one.no}", one.paid_on, one.month)

    def _pending(self, stands: Standing) -> Iterator[Line]:
        known = max((claim.no for claim in self._facts.claims), default=None)
        for one in stands.recalculated:
            meter = self._by_id[one.meter_id]
            found = self.calculate(meter, one.month, one.month.period, through=ALWAYS, usual=known, fixed=True)
            delta = one.amount - one.billed
            yield Line(Kind.PENDING, delta, month=one.month, calculation=found, before=one.billed)

    def _provisional(self, state: AccountState) -> Iterator[Line]:
        for meter in self._meters:
            registers = standing.registers_of(meter, state.registers)
            if registers is None:
                continue
            for month, days in standing.unbilled(state.billed_through, meter, [one.anchors for one in registers]):
                found = self.calculate(meter, month, days, through=ALWAYS, usual=None, fixed=False)
                if found.charge.amount or found.charge.volume:
                    yield Line(Kind.PROVISIONAL, found.charge.amount, month=month, calculation=found)

    def calculate(
        self,
        meter: Meter,
        month: Month,
        days: Period,
        *,
        through: int,
        usual: int | None,
        fixed: bool,
        bill_of: Month | None = None,
    ) -> Calculation:
        """The charge of a meter's days by the readings numbered up to `through`, forecast by the usual use known by
        those numbered up to `usual`; both without what came too late for the bill of `bill_of`."""
        readings = deriving.in_force(self._facts, self._meters, through=through, bill_of=bill_of)
        known = readings
        if usual is not None:
            known = deriving.in_force(self._facts, self._meters, through=usual, bill_of=bill_of)
        series = {
            zone: _Series(
                meter,
                zone,
                number,
                [one for one in readings.get((meter.id, number), ()) if _counts(meter, one)],
                [one for one in known.get((meter.id, number), ()) if _counts(meter, one)],
                self._bases,
            )
            for number, zone in zip(needed(meter), zone_names(meter), strict=True)
        }
        versions = standing.versions_of(self._tariffs, meter)
        charge = standing.charged(
            meter,
            days,
            month,
            {zone: one.curve for zone, one in series.items()},
            versions,
            persons=self._persons,
            fixed=fixed,
        )
        present = days.meet(meter.installed)
        measured = tuple(
            self._measured(one, part, version)
            for version in versions
            if present is not None and (part := present.meet(version.valid)) is not None
            for one in series.values()
        )
        return Calculation(meter, days, measured, charge, self._persons, fixed)

    def _measured(self, series: "_Series", days: Period, version: TariffVersion) -> Measured:
        assert days.end is not None
        spans = tuple(series.spans(days))
        named = {name for span in spans for name in span.inputs}
        self._readings.update({reading_id(one): one for one in series.readings if reading_id(one) in named})
        self._versions[f"tariff:{version.id}"] = version
        if series.basis is not None and series.basis_id in named:
            self._usuals[series.basis_id] = series.basis
            self._readings.update({reading_id(one): one for one in series.year})
        before, after = days.start.toordinal() - 1, days.end.toordinal() - 1
        low, high = series.curve.count(before), series.curve.count(after)
        turns = low - low % series.turn
        return Measured(series.zone, days, version.id, low - turns, high - turns, spans)


def _counts(meter: Meter, one: ReadingFact) -> bool:
    return bool(usable(meter, (Anchor(one.day, one.value, one.source),)))


class _Series:
    """The readings of a register that count, its usual use, the curve through them, and a turn of its wheel in
    thousandths of volume. `names` numbers the usual uses met."""

    def __init__(
        self,
        meter: Meter,
        zone: str,
        number: int,
        readings: Sequence[ReadingFact],
        known: Sequence[ReadingFact],
        names: dict[Basis, int],
    ) -> None:
        self.zone = zone
        self.readings = readings
        self.turn = meter.wheel * meter.multiplier // 1000
        anchors = tuple(Anchor(one.day, one.value, one.source) for one in readings)
        usual = deriving.usual_use(meter, known)
        self.year, behind = deriving.last_year(meter, known)
        self.basis: Basis | None = None
        self.basis_id = ""
        if usual is not None:
            days = Period(behind, self.year[-1].day)
            self.basis = Basis(meter.id, number, usual, days, tuple(reading_id(one) for one in self.year))
            self.basis_id = f"usual:{names.setdefault(self.basis, len(names) + 1)}:{meter.id}.{number}"
        self.curve: Curve = curve_of(meter, RegisterState(anchors, usual))

    def spans(self, days: Period) -> Iterator[Span]:
        """The days cut at the readings."""
        assert days.end is not None
        ends = [one.day + DAY for one in self.readings]
        edges = sorted({days.start, days.end, *(end for end in ends if days.start < end < days.end)})
        for start, end in pairwise(edges):
            before = max((one for one in self.readings if one.day < start), key=lambda one: one.day, default=None)
            after = min((one for one in self.readings if one.day >= end - DAY), key=lambda one: one.day, default=None)
            low, high = self.curve.exact(start.toordinal() - 1), self.curve.exact(end.toordinal() - 1)
            rate = (Fraction(*high) - Fraction(*low)) * Fraction(1, 1000 * (end - start).days)
            inputs = [reading_id(one) for one in (before, after) if one is not None]
            if after is None and self.basis is not None:
                inputs.append(self.basis_id)
            yield Span(Period(start, end), rate, after is None, tuple(inputs))
