"""What holds of an account, its supply points and its meters on which days, from facts that correct one another."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Generic, TypeVar

from core.basics.facts import dataclass
from core.basics.money import MICRO
from core.basics.periods import Month, Period

_T = TypeVar("_T")
_S = TypeVar("_S")


class Subject(StrEnum):
    """What a condition is of."""

    ACCOUNT = "account"
    POINT = "point"
    METER = "meter"
    BUILDING = "building"


class Kind(StrEnum):
    """What may change with the days. The terms of each stand in `TERMS`."""

    PERSONS = "persons"
    OWNERS = "owners"
    AREA = "area"
    CATEGORY = "category"
    HOLDER = "holder"
    BENEFIT = "benefit"
    INSTALMENTS = "instalments"
    INSTALMENTS_END = "instalments_end"
    PLAN = "plan"
    SUPPLY = "supply"
    METERING = "metering"
    COMMON = "common"
    DEMAND = "demand"
    MULTIPLIER = "multiplier"
    FAILED = "failed"
    VERIFIED = "verified"
    SEAL = "seal"
    ACCESS = "access"
    DEVICE = "device"
    ROUTE = "route"
    SEQUENCE = "sequence"
    PROTECTED = "protected"
    MOVEMENT = "movement"
    ABSENCE = "absence"
    HOUSE_VOLUME = "house_volume"
    HOUSE_OTHER = "house_other"
    COMMON_NORM = "common_norm"
    COMMON_AREA = "common_area"
    TOTAL_AREA = "total_area"


@dataclass(frozen=True, slots=True)
class Benefit:
    """What is taken off: `share` thousandths of the price, or `amount` kopecks a month; of the first `limit`
    thousandths of a month's volume, or (None) of the whole."""

    share: int = 0
    amount: int = 0
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Instalments:
    """An agreement to pay a debt in parts (billing.md 4.7): `amount` kopecks of what the claims of the months from
    `first` to `last` demand that were payable before its first day, in so many equal parts; the first is payable up to
    and including `due_on`, the others up to that day of the months after. `rate` millionths a year is the interest on
    each part, 0: none."""

    first: Month
    last: Month
    amount: int
    parts: int
    due_on: date
    rate: int = 0


Value = int | str | Benefit | Instalments
"""A value of a condition, in the unit that `TERMS` names."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a kind is of, and what its values are: whole numbers within `numbers`, one of `words`, any word (both None),
    benefits, or instalment plans. `named`: there may be several of the kind at a time, each by its own name."""

    subject: Subject
    numbers: tuple[int, int] | None = None
    words: frozenset[str] | None = None
    benefit: bool = False
    instalments: bool = False
    named: bool = False


_VOLUME = (0, 10**15)

MOST_PARTS = 120
"""So many parts an instalment plan may have: ten years."""

TERMS: Mapping[Kind, Terms] = MappingProxyType(
    {
        Kind.PERSONS: Terms(Subject.ACCOUNT, (0, 999)),
        Kind.OWNERS: Terms(Subject.ACCOUNT, (1, 999)),
        Kind.AREA: Terms(Subject.ACCOUNT, (0, 10**9)),
        Kind.CATEGORY: Terms(Subject.ACCOUNT),
        Kind.HOLDER: Terms(Subject.ACCOUNT, (1, 2**63 - 1)),
        Kind.BENEFIT: Terms(Subject.ACCOUNT, benefit=True, named=True),
        Kind.INSTALMENTS: Terms(Subject.ACCOUNT, instalments=True, named=True),
        Kind.INSTALMENTS_END: Terms(Subject.ACCOUNT, words=frozenset(("terminated",)), named=True),
        Kind.PLAN: Terms(Subject.POINT),
        Kind.SUPPLY: Terms(Subject.POINT, words=frozenset(("connected", "limited", "suspended"))),
        Kind.METERING: Terms(Subject.POINT, words=frozenset(("possible", "impossible"))),
        Kind.COMMON: Terms(Subject.POINT, (-(10**15), 10**15)),
        Kind.DEMAND: Terms(Subject.POINT, (0, 10**9)),
        Kind.MULTIPLIER: Terms(Subject.METER, (1, 10**9)),
        Kind.FAILED: Terms(Subject.METER, words=frozenset(("failed",))),
        Kind.VERIFIED: Terms(Subject.METER, words=frozenset(("verified", "expired"))),
        Kind.SEAL: Terms(Subject.METER, words=frozenset(("set", "broken")), named=True),
        Kind.ACCESS: Terms(Subject.METER, words=frozenset(("refused",))),
        Kind.DEVICE: Terms(Subject.POINT, named=True),
        Kind.ROUTE: Terms(Subject.ACCOUNT),
        Kind.SEQUENCE: Terms(Subject.ACCOUNT, (1, 999_999)),
        Kind.PROTECTED: Terms(Subject.ACCOUNT, words=frozenset(("protected",)), named=True),
        Kind.ABSENCE: Terms(Subject.ACCOUNT, (1, 999), named=True),
        Kind.MOVEMENT: Terms(Subject.METER, (-(2**63), 2**63 - 1), named=True),
        Kind.HOUSE_VOLUME: Terms(Subject.BUILDING, _VOLUME),
        Kind.HOUSE_OTHER: Terms(Subject.BUILDING, _VOLUME),
        Kind.COMMON_NORM: Terms(Subject.BUILDING, _VOLUME),
        Kind.COMMON_AREA: Terms(Subject.BUILDING, (0, 10**12)),
        Kind.TOTAL_AREA: Terms(Subject.BUILDING, (1, 10**12)),
    }
)
"""Units: persons, owners; areas thousandths of a m²; volumes and the multiplier thousandths; the demand thousandths
of a kW; the holder a customer's id.

`OWNERS` are counted for the norm where nobody is registered (rule 56(2) of the Russian rules). `FAILED` holds while the
meter does not count, `ACCESS` while the inspector is not let in. `VERIFIED` says of days whether the verification held
("expired": it did not), `SEAL` the same of the seal named. `METERING` says of a point without a meter whether there
could be one. `INSTALMENTS_END` ends the plan of its name on the first of its days. `COMMON` is a point's share of what
its house used in common, `DEMAND` the power for which a two-part tariff charges it: contracted, or the highest that was
measured in a month. `DEVICE` is a control device of the number that is its name, such as a circuit breaker, in words;
`ROUTE` the inspector's, `SEQUENCE` the account's place on it. `PROTECTED` says that the supply is not cut, by the
protection that is its name. `MOVEMENT` takes back that a meter was installed or removed (its name) at the end of the
first of its days: the value is the movement's id; below zero, of a removal that brought no count, it tells that very
removal. `ABSENCE` is of so many persons on these full days, by the document
that is its name. `HOUSE_OTHER` is all that was used in a house beside its accounts, `COMMON_NORM` thousandths a m² of
common area and month.
"""


UNPRICED = frozenset((Kind.DEVICE, Kind.ROUTE, Kind.SEQUENCE, Kind.PROTECTED))
"""Kinds on which no sum depends: the engine is not told of them."""


class BadValue(ValueError):
    """Not a value, a subject or a period of the kind; the message says what would be."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact: the value holds on the days, `value` None: what held before any fact of the kind. `subject` is the id of
    the account, point, meter or building, `name` tells several of one kind apart, `no` is the fact's number in the
    account (in the building, of a building). `withdraws` is the number of a fact that this one takes back, in all else
    like it; 0: it takes back none."""

    no: int
    kind: Kind
    subject: int
    days: Period
    value: Value | None
    name: str = ""
    withdraws: int = 0


def check(fact: Condition) -> None:
    """Whether the fact is one of its kind.

    :raises BadValue: it is not.
    """
    terms = TERMS[fact.kind]
    if fact.days.end is not None and fact.days.end <= fact.days.start:
        raise BadValue(f"{fact.kind}: the days end before they begin")
    if fact.name and not terms.named:
        raise BadValue(f"{fact.kind}: there is one at a time, it has no name")
    if fact.value is not None and (wrong := _wrong(terms, fact.value)):
        raise BadValue(f"{fact.kind}: {fact.value!r} is not {wrong}")


def _wrong(terms: Terms, value: Value) -> str | None:
    """What the value should be and is not; None where it is right."""
    if terms.benefit:
        right = isinstance(value, Benefit) and 0 <= value.share <= 1000 and value.amount >= 0
        whole = right and isinstance(value, Benefit) and (value.share > 0) != (value.amount > 0)
        return None if whole else "a share up to the whole price, or an amount"
    if terms.instalments:
        right = isinstance(value, Instalments) and _payable(value)
        return None if right else "a sum above zero, from 1 to 120 parts, and months in their order"
    if terms.numbers is not None:
        low, high = terms.numbers
        right = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return None if right else f"a whole number from {low} to {high}"
    if terms.words is not None:
        return None if value in terms.words else "one of " + ", ".join(sorted(terms.words))
    return None if isinstance(value, str) and 0 < len(value) <= 64 else "a name of at most 64 characters"


def _payable(plan: Instalments) -> bool:
    return plan.first <= plan.last and plan.amount > 0 and 1 <= plan.parts <= MOST_PARTS and 0 <= plan.rate <= MICRO


@dataclass(frozen=True, slots=True)
class Dated(Generic[_T]):
    """A value and the days on which it holds; `no` is the fact that says so, 0 where none does."""

    days: Period
    value: _T
    no: int = 0


Key = tuple[Kind, int, str]
"""(kind, subject, name)"""

_LAST = date.max


class Conditions:
    """Which value held on which days. Two are equal if they hold the same; empty ones are false."""

    __slots__ = ("__dict__", "timelines")

    def __init__(self, timelines: Mapping[Key, tuple[Dated[Value], ...]]) -> None:
        self.timelines = timelines

    def __bool__(self) -> bool:
        return bool(self.timelines)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Conditions) and dict(self.timelines) == dict(other.timelines)

    def __hash__(self) -> int:
        return hash(frozenset(self.timelines))

    def __repr__(self) -> str:
        return f"Conditions({dict(self.timelines)!r})"

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of which anything is said."""
        return frozenset(kind for kind, _, _ in self.timelines)

    def said(self, kind: Kind, subject: int, name: str = "") -> tuple[Dated[Value], ...]:
        """The values that facts give, oldest first, with gaps where they give none."""
        return self.timelines.get((kind, subject, name), ())

    def names(self, kind: Kind, subject: int) -> tuple[str, ...]:
        """The names of the conditions of this kind, in order."""
        return tuple(sorted(name for of, whose, name in self.timelines if (of, whose) == (kind, subject)))

    def numbers(self, kind: Kind, subject: int, days: Period, base: int) -> tuple[Dated[int], ...]:
        """The number on each of the days, `base` where no fact says another; oldest first, without a gap."""
        said = (Dated(one.days, one.value, one.no) for one in self.said(kind, subject) if isinstance(one.value, int))
        return tuple(filled(said, days, base))

    def words(self, kind: Kind, subject: int, days: Period, base: str, name: str = "") -> tuple[Dated[str], ...]:
        """The word on each of the days, as `numbers` gives numbers."""
        said = self.said(kind, subject, name)
        texts = (Dated(one.days, one.value, one.no) for one in said if isinstance(one.value, str))
        return tuple(filled(texts, days, base))

    def benefits(self, account: int, days: Period) -> tuple[tuple[str, Dated[Benefit]], ...]:
        """The benefits of the account on the days, by name, cut to the days."""
        return tuple(
            (name, Dated(met, one.value, one.no))
            for name in self.names(Kind.BENEFIT, account)
            for one in self.said(Kind.BENEFIT, account, name)
            if isinstance(one.value, Benefit) and (met := one.days.meet(days)) is not None
        )


NONE = Conditions(MappingProxyType({}))
"""What is known where there is no fact: nothing."""


def conditions_of(facts: Iterable[Condition]) -> Conditions:
    """What holds by these facts: of two of one kind, subject and name, the one with the higher number, on the days of
    both; whatever the order in which they are given. One that is taken back is as if it had never been said."""
    timelines: dict[Key, list[Dated[Value | None]]] = {}
    for fact in in_force(facts):
        timeline = timelines.setdefault((fact.kind, fact.subject, fact.name), [])
        timeline[:] = [left for one in timeline for left in _without(one, fact.days)]
        timeline.append(Dated(fact.days, fact.value, fact.no))
    found: dict[Key, tuple[Dated[Value], ...]] = {}
    for key, timeline in sorted(timelines.items()):
        said = [Dated(one.days, one.value, one.no) for one in timeline if one.value is not None]
        if said:
            found[key] = tuple(sorted(said, key=lambda one: one.days.start))
    return Conditions(MappingProxyType(found)) if found else NONE


def in_force(facts: Iterable[Condition]) -> list[Condition]:
    """Those of the facts that say what holds, by their numbers: none that another of them takes back."""
    ordered = sorted(facts, key=lambda one: one.no)
    gone = {one.withdraws for one in ordered if one.withdraws}
    if not gone and all(one.kind is not Kind.MOVEMENT for one in ordered):
        return ordered
    return [one for one in ordered if not one.withdraws and one.no not in gone and one.kind is not Kind.MOVEMENT]


def _without(one: Dated[_T], days: Period) -> Iterator[Dated[_T]]:
    """What is left of the interval outside the days."""
    if one.days.meet(days) is None:
        yield one
        return
    if one.days.start < days.start:
        yield replace(one, days=Period(one.days.start, days.start))
    if days.end is not None and (one.days.end is None or days.end < one.days.end):
        yield replace(one, days=Period(days.end, one.days.end))


def filled(said: Iterable[Dated[_T]], days: Period, base: _T) -> Iterator[Dated[_T]]:
    """The days without a gap: what is said of them, and between that the base."""
    at = days.start
    for one in said:
        met = one.days.meet(days)
        if met is None:
            continue
        if at < met.start:
            yield Dated(Period(at, met.start), base)
        yield Dated(met, one.value, one.no)
        if met.end is None:
            return
        at = met.end
    if days.end is None or at < days.end:
        yield Dated(Period(at, days.end), base)


def cuts(timelines: Iterable[Sequence[Dated[_S]]], days: Period) -> tuple[date, ...]:
    """The first days, within `days` and without their first, on which any of the timelines goes over to another value,
    in order."""
    edges = {one.days.start for timeline in timelines for one in timeline}
    edges |= {one.days.end for timeline in timelines for one in timeline if one.days.end is not None}
    return tuple(sorted(edge for edge in edges if days.start < edge < (days.end or _LAST)))
