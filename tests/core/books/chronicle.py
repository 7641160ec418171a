"""What happens to a town in some months: facts, and the day on which each comes to be known, drawn account by account.

The facts of an account are the same whatever the size of the town: its number is the seed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from core.basics.periods import DAY, Month, Period
from core.billing.conditions.model import Benefit, Kind, Value
from core.billing.model import Block, BlockMode, Scaling, TariffVersion, ZoneRule
from core.metering.model import Source

FIRST = Month(2024, 1)
"""The first month that is billed; what was used before was billed elsewhere."""
BEFORE = FIRST.previous.last
WHEEL = 100_000

ALWAYS = Period(date(2020, 1, 1), None)
FLAT = ("total",)
ZONES = ("day", "night")


def _version(plan: str, since: date, *blocks: Block, zones: tuple[str, ...] = FLAT) -> TariffVersion:
    return TariffVersion(0, plan, Period(since, None), zones, blocks)


KNOWN = (
    replace(_version("P-FLAT", ALWAYS.start, Block(None, {"total": 3_320_000})), standing=7_000),
    _version("P-FLAT", date(2024, 7, 1), Block(None, {"total": 3_777_000})),
    replace(
        _version("P-ZONES", ALWAYS.start, Block(200_000, {"day": 4_290_000, "night": 2_550_000}),
                 Block(None, {"day": 5_290_000, "night": 3_550_000}), zones=ZONES),
        vat=200,
    ),
    replace(
        _version("P-BLOCKS", ALWAYS.start, Block(60_000, {"total": 4_490_000}), Block(None, {"total": 5_430_000})),
        scaling=Scaling.PERSONS, minimum=9_000, demand=12_345_000, ratchet=750, ratchet_months=3,
    ),
)  # fmt: skip
"""The tariffs that are known from the beginning."""

LATE = (
    (date(2024, 5, 20), replace(
        _version("P-ZONES", date(2024, 3, 17), Block(180_000, {"day": 4_310_000, "night": 2_450_000}),
                 Block(None, {"day": 5_190_000, "night": 3_570_000}), zones=ZONES),
        zone_rule=ZoneRule.PER_ZONE,
    )),
    (date(2025, 2, 11), replace(
        _version("P-FLAT", date(2024, 12, 1), Block(None, {"total": 3_810_000})), vat=200,
    )),
    (date(2025, 8, 4), replace(
        _version("P-BLOCKS", date(2025, 7, 10), Block(150_000, {"total": 4_490_000}),
                 Block(None, {"total": 4_100_000}, 1_000)),
        mode=BlockMode.VOLUME,
    )),
)  # fmt: skip
"""Tariffs that come to be known after they began to hold, and when."""


@dataclass(frozen=True, slots=True)
class Wheels:
    """A meter of an account: its registers' counts at the beginning, and how many units a day each runs."""

    id: int
    point: int
    zones: tuple[str, ...]
    installed: Period
    starts: tuple[int, ...]
    rates: tuple[int, ...]

    def shows(self, day: date) -> tuple[int, ...]:
        """What the meter shows at the end of a day; it runs a little faster from year to year."""
        days = (day - date(2023, 1, 1)).days
        return tuple(
            (start + rate * days // 10 + days * days // 3_000) % WHEEL
            for start, rate in zip(self.starts, self.rates, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Home:
    """An account as it stands before anything comes."""

    id: int
    persons: int
    points: tuple[tuple[int, str], ...]
    meters: tuple[Wheels, ...]
    owes: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A reading; `late` after the window of its month."""

    account: int
    meter: int
    day: date
    values: tuple[int, ...]
    source: Source = Source.CUSTOMER
    late: bool = False


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The reading that was told before is withdrawn."""

    account: int
    reading: Counted


@dataclass(frozen=True, slots=True)
class Stated:
    """What holds on some days; `subject` is a point, a meter, or 0 for the account."""

    account: int
    kind: Kind
    days: Period
    value: Value | None
    subject: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    account: int
    name: str
    day: date
    amount: int
    month: Month | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """The payment of that name is taken back."""

    account: int
    name: str


Fact = Counted | TakenBack | Stated | Paid | Returned


@dataclass(frozen=True, slots=True)
class Told:
    """A fact, and the day on which it comes to be known."""

    on: date
    fact: Fact


@dataclass
class _Life:
    """The facts of one account as they are drawn; all come to be known by `last`."""

    home: Home
    dice: Random
    last: date
    told: list[Told] = field(default_factory=list)

    def tell(self, on: date, fact: Fact) -> None:
        self.told.append(Told(min(on, self.last), fact))

    def some(self, percent: int) -> bool:
        return self.dice.randrange(100) < percent

    def days(self, low: int, high: int) -> timedelta:
        return timedelta(self.dice.randint(low, high))


def home(number: int) -> Home:
    """The account with that number, counted from 1."""
    dice = Random(number * 7919)
    sort = number % 20
    meter, point = 2 * number, 2 * number
    plan = "P-FLAT" if sort < 12 else "P-BLOCKS" if sort < 15 else "P-ZONES"
    zones = ZONES if plan == "P-ZONES" else FLAT
    starts = tuple(dice.choice((dice.randint(0, 60_000), 99_900)) for _ in zones)
    first = Wheels(meter, point, zones, ALWAYS, starts, tuple(dice.randint(10, 90) for _ in zones))
    meters: tuple[Wheels, ...] = (first,)
    points: tuple[tuple[int, str], ...] = ((point, plan),)
    if sort in (3, 14, 17):  # the meter is replaced
        day = FIRST.first + timedelta(dice.randint(20, 700))
        meters = (
            replace(first, installed=Period(ALWAYS.start, day)),
            replace(first, id=meter + 1, installed=Period(day + timedelta(dice.randint(0, 3)), None),
                    starts=tuple(dice.randint(0, 900) for _ in zones)),
        )  # fmt: skip
    elif sort == 5:  # a second point with a meter
        second = replace(first, id=meter + 1, point=point + 1, rates=(dice.randint(3, 30),))
        meters, points = (first, second), ((point, plan), (point + 1, "P-BLOCKS"))
    elif sort == 7:  # a second point that has none
        points = ((point, plan), (point + 1, "P-FLAT"))
    return Home(number, dice.randint(1, 4), points, meters, dice.choice((0, 0, 12_345, 43_160)))


def begins(of: Home) -> Iterator[Counted]:
    """What is on record before the first month: half a year of counts of each meter that stands, or one of some."""
    for one in of.meters:
        if one.installed.start > BEFORE:
            continue
        months = 6 if of.id % 9 else 0
        month = FIRST.previous
        for _ in range(months):
            month = month.previous
        while month <= FIRST.previous:
            yield Counted(of.id, one.id, month.last, one.shows(month.last), Source.ACT)
            month = month.next


def facts(of: Home, months: int) -> list[Told]:
    """All that is told of an account in so many months, in the order in which it comes."""
    end = FIRST
    for _ in range(months):
        end = end.next
    life = _Life(of, Random(of.id), end.first - DAY)
    for one in of.meters:
        _exchanged(life, one)
        month = FIRST
        while month < end:
            _read(life, one, month)
            month = month.next
    _paid(life, end)
    for _ in range(life.dice.choice((0, 0, 1, 1, 2, 3))):
        _stated(life, end)
    _powers(life, end)
    places: dict[tuple[object, ...], float] = {}
    for told in life.told:
        places.setdefault(_about(told.fact), life.dice.random())
    return sorted(life.told, key=lambda told: (told.on, places[_about(told.fact)]))


def _exchanged(life: _Life, one: Wheels) -> None:
    """The acts of a meter that is put in or taken out, which may come late."""
    for day, at in ((one.installed.start, 0), (one.installed.end, 1)):
        if day is None or day <= BEFORE:
            continue
        counted = day - DAY if at else day
        known = day + (life.days(0, 3) if life.some(70) else life.days(4, 120))
        life.tell(known, Counted(life.home.id, one.id, counted, one.shows(counted), Source.ACT))


def _read(life: _Life, one: Wheels, month: Month) -> None:
    if life.some(18):
        return
    day = month.day(life.dice.randint(1, 31))
    if day not in one.installed:
        return
    values = one.shows(day)
    known = day if life.some(80) else day + life.days(1, 100)
    source = Source.AMR if life.some(8) else Source.CUSTOMER
    late = source is Source.CUSTOMER and day.day > 25 and known == day
    right = Counted(life.home.id, one.id, day, values, source, late)
    if source is Source.CUSTOMER and life.some(8):
        wrong = replace(right, values=tuple((value + life.dice.randint(1, 90)) % WHEEL for value in values))
        life.tell(known, wrong)
        if life.some(40):
            life.tell(known + life.days(1, 40), TakenBack(life.home.id, wrong))
            if life.some(50):
                return
        known += life.days(1, 40)
        right = replace(right, late=False)
    life.tell(known, right)
    if life.some(6):
        life.tell(known + life.days(0, 20), right)
    if life.some(2):
        life.tell(known + life.days(1, 60), replace(right, source=Source.CONTROL, late=False))


def _paid(life: _Life, end: Month) -> None:
    usual = sum(sum(one.rates) for one in life.home.meters) * 3 * 600 + 9_000
    lazy = life.dice.randrange(100)
    month = FIRST
    while month < end:
        pays = 98 if lazy < 94 else 60 if lazy < 98 else 8
        if life.some(pays):
            day = month.day(life.dice.randint(1, 28))
            amount = usual * life.dice.randint(90, 140) // 100
            name = f"{life.home.id}-{month}"
            paid = Paid(life.home.id, name, day, amount, month.previous if life.some(10) else None)
            known = day + (life.days(0, 2) if life.some(88) else life.days(3, 90))
            life.tell(known, paid)
            if life.some(5):
                life.tell(known + life.days(1, 30), paid)
            if life.some(3):
                life.tell(known + life.days(31, 90), Returned(life.home.id, name))
        month = month.next


_VALUES: dict[Kind, Callable[[Random], Value]] = {
    Kind.PERSONS: lambda dice: dice.randint(0, 5),
    Kind.BENEFIT: lambda dice: Benefit(share=dice.randint(1, 500), limit=dice.choice((None, 60_000))),
    Kind.PLAN: lambda dice: dice.choice(("P-FLAT", "P-BLOCKS")),
    Kind.SUPPLY: lambda dice: dice.choice(("connected", "suspended")),
    Kind.METERING: lambda dice: dice.choice(("possible", "impossible")),
    Kind.MULTIPLIER: lambda dice: dice.choice((500, 1_000, 2_000)),
    Kind.FAILED: lambda dice: "failed",
    Kind.VERIFIED: lambda dice: dice.choice(("verified", "expired")),
    Kind.SEAL: lambda dice: dice.choice(("set", "broken")),
    Kind.ACCESS: lambda dice: "refused",
}
_OF_POINT = (Kind.PLAN, Kind.SUPPLY, Kind.METERING)
_OF_ACCOUNT = (Kind.PERSONS, Kind.BENEFIT)


def _stated(life: _Life, end: Month) -> None:
    zoned = any(len(one.zones) > 1 for one in life.home.meters)
    kinds = [kind for kind in _VALUES if not (zoned and kind is Kind.PLAN)]
    kind = life.dice.choice(kinds)
    first = FIRST.first + timedelta(life.dice.randrange((end.first - FIRST.first).days))
    days = Period(first, None if life.some(35) else first + life.days(1, 200))
    value = None if life.some(15) else _VALUES[kind](life.dice)
    subject = 0
    if kind in _OF_POINT:
        subject = life.dice.choice([point for point, _ in life.home.points])
    elif kind not in _OF_ACCOUNT:
        subject = life.dice.choice([one.id for one in life.home.meters])
    name = "a" if kind in (Kind.BENEFIT, Kind.SEAL) else ""
    known = first + (life.days(-20, 0) if life.some(40) else life.days(1, 200))
    life.tell(max(known, FIRST.first), Stated(life.home.id, kind, days, value, subject, name))


def _powers(life: _Life, end: Month) -> None:
    """The power of each point with a plan of two parts: contracted, and measured in some months, known late or never
    corrected. Its dice are its own, so that the rest of each life is what it is without."""
    dice = Random(f"power {life.home.id}")
    for point, _ in (one for one in life.home.points if one[1] == "P-BLOCKS"):
        since = FIRST.first + timedelta(dice.randint(-60, 90))
        known = max(FIRST.first, since + timedelta(dice.randint(0, 40)))
        life.tell(known, Stated(life.home.id, Kind.DEMAND, Period(since, None), dice.randint(1, 60) * 500, point))
        for _ in range(dice.randint(0, 4)):
            month = FIRST.back(-dice.randrange((end.first - FIRST.first).days // 31))
            power = None if dice.randrange(6) == 0 else dice.randint(0, 90) * 500
            known = month.next.first + timedelta(dice.choice((0, 0, dice.randint(1, 150))))
            life.tell(known, Stated(life.home.id, Kind.DEMAND, month.period, power, point))


def at_once(told: list[Told]) -> list[Fact]:
    """The same facts in another order: by what they are about, from the last to the first. Of those that correct one
    another the order stays, for the later one holds."""
    groups: dict[tuple[object, ...], list[Fact]] = {}
    for one in told:
        groups.setdefault(_about(one.fact), []).append(one.fact)
    return [fact for key in sorted(groups, key=repr, reverse=True) for fact in groups[key]]


def _about(fact: Fact) -> tuple[object, ...]:
    match fact:
        case Counted():
            return ("count", fact.meter, fact.day)
        case TakenBack():
            return ("count", fact.reading.meter, fact.reading.day)
        case Stated():
            return ("stated", fact.kind, fact.subject, fact.name)
        case Paid() | Returned():
            return ("paid", fact.name)
