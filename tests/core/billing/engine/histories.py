"""An account whose life a test plays: readings, bills and payments by the engine's own functions, and the facts."""

from dataclasses import dataclass, field, replace
from datetime import date

from core.basics.periods import Month, Period
from core.billing.conditions.model import Condition, Kind, Value
from core.billing.engine import closing, deriving, standing, timely
from core.billing.engine.deriving import Facts
from core.billing.engine.outages import outages
from core.billing.estimation import ESTIMATED, Estimation
from core.billing.model import AccountState, Block, Claim, ClaimKind, Payment, Standing, Tariffs, TariffVersion
from core.metering.model import Anchor, Given, Meter, Point, ReadingFact, Source, WithdrawalFact

FLAT = (TariffVersion(1, "FLAT", Period(date(2020, 1, 1), None), ("total",), (Block(None, {"total": 3_320_000}),)),)
ZONES = (
    TariffVersion(2, "ZONES", Period(date(2020, 1, 1), date(2025, 7, 11)), ("day", "night"),
                  (Block(None, {"day": 3_810_000, "night": 2_270_000}),)),
    TariffVersion(3, "ZONES", Period(date(2025, 7, 11), None), ("day", "night"),
                  (Block(200_000, {"day": 4_290_000, "night": 2_550_000}),
                   Block(None, {"day": 5_290_000, "night": 3_550_000}))),
)  # fmt: skip
BLOCKS = (
    TariffVersion(4, "BLOCKS", Period(date(2020, 1, 1), date(2025, 7, 1)), ("total",),
                  (Block(150_000, {"total": 4_490_000}), Block(None, {"total": 4_820_000})), standing=5_000),
    TariffVersion(5, "BLOCKS", Period(date(2025, 7, 1), None), ("total",),
                  (Block(150_000, {"total": 5_050_000}), Block(None, {"total": 5_430_000})), standing=6_000, vat=200),
)  # fmt: skip
TARIFFS: Tariffs = {"FLAT": FLAT, "ZONES": ZONES, "BLOCKS": BLOCKS}

ALWAYS = Period(date(2024, 1, 1), None)


def meter(
    id: int = 1,
    *,
    tariff: str = "FLAT",
    zones: tuple[str, ...] = ("total",),
    installed: Period = ALWAYS,
    verified_until: date | None = None,
) -> Meter:
    return Meter(id, 1, id, f"M{id}", "", "electricity", tariff, 5, 0, 1000, None, zones, installed, verified_until)


@dataclass
class Life:
    """An account as the program keeps it (`state`) beside everything that happened to it (`facts`)."""

    meters: tuple[Meter, ...]
    persons: int = 1
    facts: Facts = field(default_factory=lambda: Facts(1))
    state: AccountState = field(default_factory=lambda: AccountState(1, 0, 0, None, (), (), {}))
    tariffs: Tariffs = field(default_factory=lambda: TARIFFS)
    rules: Estimation = ESTIMATED
    points: tuple[Point, ...] = ()

    def next_no(self) -> int:
        return self.state.fact_no + 1

    def read(
        self,
        day: date,
        *values: int,
        meter: Meter | None = None,
        source: Source = Source.CUSTOMER,
        late: bool = False,
        since: Month | None = None,
    ) -> int:
        """A reading in whole units is sent, `late` after the window of its month, counting `since` a month."""
        of = meter or self.meters[0]
        no = self.next_no()
        given = [Given(of, register, str(value), value * 1000) for register, value in enumerate(values, 1)]
        self.state = standing.accept(self.state, given, day=day, no=no, source=source, since=since)
        rows = [ReadingFact(no, of.id, one.register, day, one.value, source, late, since) for one in given]
        self.facts = replace(self.facts, readings=(*self.facts.readings, *rows))
        return no

    def record(self, kind: Kind, days: Period, value: Value | None, *, subject: int = 1, name: str = "") -> int:
        """A dated fact is taken in, as from the office; its number."""
        fact = Condition(self.next_no(), kind, subject, days, value, name)
        self.facts = replace(self.facts, conditions=(*self.facts.conditions, fact))
        self.state = self.derived()
        return fact.no

    def derived(self, *, fresh: bool = False) -> AccountState:
        return deriving.derive(self.facts, self.meters, fresh=fresh, tariffs=self.tariffs, points=self.points)

    def withdraw(self, no: int) -> None:
        """The reading of that number is taken back."""
        rows = [one for one in self.facts.readings if one.no == no]
        gone = WithdrawalFact(self.next_no(), no)
        self.facts = replace(self.facts, withdrawals=(*self.facts.withdrawals, gone))
        in_force = timely.in_force(self.facts, self.meters)
        keys = [(one.meter_id, one.register) for one in rows]
        earlier: dict[tuple[int, int], Anchor] = {}
        for key in keys:
            for one in in_force.get(key, ()):
                if one.day == rows[0].day:
                    earlier[key] = Anchor(one.day, one.value, one.source)
        self.state = standing.withdraw(self.state, keys, day=rows[0].day, no=gone.no, earlier=earlier)

    def close(self, month: Month, *, on: date | None = None) -> tuple[closing.Issue, ...]:
        """The month is billed on the first day of the next one, payable until its tenth."""
        following = month.next
        use = deriving.use_of(self.facts, self.meters, counted=month)
        issues = closing.close(
            deriving.derive(self.facts, self.meters, fresh=True, use=use, tariffs=self.tariffs, points=self.points),
            self.meters,
            self.tariffs,
            persons=self.persons,
            month=month,
            issued_on=on or following.first,
            due_on=date(following.year, following.month, 10),
            at_bills=deriving.at_bills(self.facts, self.meters),
            rules=self.rules,
            points=self.points,
        )
        self.facts = deriving.with_facts(
            self.facts,
            claims=[issue.claim for issue in issues],
            charges=[line for issue in issues for line in issue.lines],
        )
        self.state = self.derived()
        return issues

    def close_day(self, day: date) -> tuple[closing.Issue, ...]:
        """What readings and facts have changed in the months billed is posted on that day."""
        uncertain = any(one.installed.end or outages(one, self.state.conditions) for one in self.meters)
        issues = closing.recalculate(
            self.derived() if uncertain else self.state,
            self.meters,
            self.tariffs,
            persons=self.persons,
            issued_on=day,
            due_on=day.replace(day=28),
            rules=self.rules,
            points=self.points,
        )
        self.facts = deriving.with_facts(
            self.facts,
            claims=[issue.claim for issue in issues],
            charges=[line for issue in issues for line in issue.lines],
        )
        self.state = self.derived()
        return issues

    def billed_elsewhere(self, month: Month) -> None:
        """What was used up to the end of this month was billed, and paid, in an older system."""
        opening = Claim(self.next_no(), month, ClaimKind.OPENING, 0, due_on=month.next.first, issued_on=month.last)
        self.facts = replace(self.facts, claims=(*self.facts.claims, opening))
        self.state = deriving.derive(self.facts, self.meters)

    def pay(self, day: date, amount: int, month: Month | None = None) -> None:
        payment = Payment(self.next_no(), day, amount, month)
        self.facts = replace(self.facts, payments=(*self.facts.payments, payment))
        claims, payments, terms = self.facts.claims, self.facts.payments, self.facts.terms
        self.state = deriving.settled(self.state, claims, payments, terms, fact_no=payment.no)

    def stands(self, today: date) -> Standing:
        return standing.standing(
            self.state, self.meters, self.tariffs, persons=self.persons, today=today, rules=self.rules
        )

    @property
    def billed(self) -> dict[Month, int]:
        """What was demanded for each month so far, kopecks."""
        found: dict[Month, int] = {}
        for claim in self.facts.claims:
            if claim.kind is not ClaimKind.OPENING:
                found[claim.month] = found.get(claim.month, 0) + claim.amount
        return found
