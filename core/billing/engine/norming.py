"""What premises are taken to use by the norm, day by day (billing.md section 3.1)."""

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from core.basics.facts import dataclass
from core.basics.periods import Month, Period
from core.billing.conditions.model import Conditions, Dated, Kind, cuts
from core.billing.engine.usage import UNIT, Used
from core.billing.estimation import Estimation, Norm, NormUnit

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class NormDays:
    """Days of one norm: `per_day` thousandths; `count` what the norm is multiplied by, persons or thousandths of a m²;
    `facts` the numbers of the facts that say so. Without a norm, or where supply is suspended, nothing is used."""

    days: Period
    per_day: Fraction
    norm: Norm | None
    count: int
    facts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Norms:
    """By what norms a supply point of an account is charged; `persons` where no fact says how many live there."""

    account: int
    point: int
    service: str
    persons: int
    conditions: Conditions
    rules: Estimation

    def applies(self, day: date) -> bool:
        """Whether there is a norm for the point on the day."""
        return bool(self.rules.norms) and self._norm(day)[0] is not None

    def spans(self, days: Period) -> Iterator[NormDays]:
        """The days, cut wherever the norm or what it is multiplied by changes, and between months.

        :raises ValueError: the period has no end.
        """
        if days.end is None:
            raise ValueError("the norm of an open period")
        edges = [days.start, *self._edges(days), days.end]
        for start, end in pairwise(edges):
            yield self._span(Period(start, end))

    def _edges(self, days: Period) -> Sequence[date]:
        kinds = [(kind, self.account) for kind in (Kind.PERSONS, Kind.OWNERS, Kind.AREA, Kind.CATEGORY)]
        kinds.append((Kind.SUPPLY, self.point))
        said: list[Sequence[Dated[object]]] = [
            [Dated(one.days, one.value) for one in self.conditions.said(kind, subject)] for kind, subject in kinds
        ]
        said += [list(one) for one in self._absences()]
        said.append([Dated(norm.valid, None) for norm in self.rules.norms if norm.service == self.service])
        found = set(cuts(said, days))
        month = Month.of(days.start).next
        while days.end is not None and month.first < days.end:
            found.add(month.first)
            month = month.next
        return sorted(found)

    def _norm(self, day: date) -> tuple[Norm | None, int]:
        category = self._on(Kind.CATEGORY, self.account, day)
        text = category.value if category is not None and isinstance(category.value, str) else ""
        return self.rules.norm(self.service, text, day), 0 if category is None else category.no

    def _span(self, days: Period) -> NormDays:
        norm, category = self._norm(days.start)
        supply = self._on(Kind.SUPPLY, self.point, days.start)
        nos = [category, 0 if supply is None else supply.no]
        if norm is None or (supply is not None and supply.value == "suspended"):
            return NormDays(days, _NOTHING, None, 0, _given(nos))
        count, *counted = self._count(norm.per, days.start)
        per = (1000 if norm.per is NormUnit.AREA else 1) * Month.of(days.start).days
        return NormDays(days, Fraction(norm.volume * count, per), norm, count, _given([*nos, *counted]))

    def _count(self, per: NormUnit, day: date) -> tuple[int, ...]:
        """Persons (where none is registered the owners, one at the least), thousandths of a m², or the premises as one;
        and the numbers of the facts that say so."""
        if per is NormUnit.PREMISES:
            return (1,)
        if per is NormUnit.AREA:
            area, no = self._number(Kind.AREA, day, 0)
            return area, no
        persons, *facts = self._living(day)
        away = self._away(day)
        return max(0, persons - sum(count for count, _ in away)), *facts, *(no for _, no in away)

    def _living(self, day: date) -> tuple[int, ...]:
        persons, no = self._number(Kind.PERSONS, day, self.persons)
        if persons > 0:
            return persons, no
        owners, so = self._number(Kind.OWNERS, day, 1)
        return owners, no, so

    def _absences(self) -> Iterator[Sequence[Dated[object]]]:
        """What is said of absences, by document; and of whether there could be a meter, on which they depend."""
        names = self.conditions.names(Kind.ABSENCE, self.account)
        for name in names:
            yield [Dated(one.days, one.value, one.no) for one in self.conditions.said(Kind.ABSENCE, self.account, name)]
        if names:
            yield [Dated(one.days, one.value, one.no) for one in self.conditions.said(Kind.METERING, self.point)]

    def _away(self, day: date) -> list[tuple[int, int]]:
        """How many are absent where there can be no meter (section VIII of the Russian rules), each with the fact's
        number."""
        metering = self._on(Kind.METERING, self.point, day)
        if metering is None or metering.value != "impossible":
            return []
        said = [one for days in self._absences() for one in days if day in one.days]
        return [(one.value, one.no) for one in said if isinstance(one.value, int)]

    def _number(self, kind: Kind, day: date, base: int) -> tuple[int, int]:
        """What a fact of the account says on the day, and its number; else `base`."""
        said = self._on(kind, self.account, day)
        return (said.value, said.no) if said is not None and isinstance(said.value, int) else (base, 0)

    def _on(self, kind: Kind, subject: int, day: date) -> Dated[object] | None:
        said = next((one for one in self.conditions.said(kind, subject) if day in one.days), None)
        return None if said is None else Dated(said.days, said.value, said.no)


def _given(numbers: Sequence[int]) -> tuple[int, ...]:
    return tuple(no for no in dict.fromkeys(numbers) if no)


class NormCurve:
    """A count that runs on by the norm from a day on: the part of it that falls to one register.

    :param start: the first day; `share` of the register in the point's use; `fraction` the decimals of a volume.
    """

    __slots__ = ("_fraction", "norms", "share", "start")

    def __init__(self, norms: Norms, start: date, *, share: Fraction, fraction: int) -> None:
        self.norms = norms
        self.start = start
        self.share = share
        self._fraction = fraction

    def volume(self, days: Period) -> Used:
        """The use of the days, thousandths: all of it is estimated.

        :raises ValueError: the period has no end.
        """
        if days.end is None:
            raise ValueError("the volume of an open period")
        return Used(self.count(days.end.toordinal() - 1) - self.count(days.start.toordinal() - 1), days)

    def count(self, day: int) -> int:
        """The rounded cumulative count at the end of the day with this ordinal, thousandths."""
        numerator, denominator = self.exact(day)
        unit = UNIT[self._fraction]
        step = unit * 1000 * denominator
        return (2 * numerator + step) // (2 * step) * unit

    def exact(self, day: int) -> tuple[int, int]:
        """The cumulative count at the end of the day as numerator and denominator, millionths of the unit."""
        if day < self.start.toordinal():
            return 0, 1
        days = Period(self.start, date.fromordinal(day + 1))
        spans = (span.per_day * (span.days.end - span.days.start).days
                 for span in self.norms.spans(days) if span.days.end is not None)  # fmt: skip
        total = sum(spans, _NOTHING) * self.share * 1000
        return total.numerator, total.denominator
