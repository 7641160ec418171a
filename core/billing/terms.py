"""What a rule pack sets: dated data, one pack for each law or contract (billing.md section 9)."""

from datetime import date, timedelta
from enum import StrEnum

from core.basics.facts import dataclass
from core.basics.periods import DAY, Month, Period
from core.billing.engine.houses import Negative
from core.billing.engine.ordering import ALLOCATED, AllocationRules
from core.billing.engine.penalty import PenaltyRules
from core.billing.estimation import ESTIMATED, Estimation
from core.billing.keeping import Keeping
from core.billing.model import Scaling, ZoneRule
from core.billing.tariffs import Unsaid
from core.billing.vat import Vat
from core.billing.warning import Warnings


@dataclass(frozen=True, slots=True)
class DueRule:
    """From the bills of month `since` on, payable up to and including `day` of the next month."""

    since: Month
    day: int
    source: str


class OnDayOff(StrEnum):
    """What becomes of a due date on a day off."""

    KEEP = "keep"
    NEXT_WORKING_DAY = "next_working_day"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days off: `weekend` days of the week (1 Monday, 7 Sunday), `holidays` of every year as (month, day), `off` single
    days, and `working` days that are none of them."""

    when_off: OnDayOff = OnDayOff.KEEP
    weekend: tuple[int, ...] = (6, 7)
    holidays: tuple[tuple[int, int], ...] = ()
    off: frozenset[date] = frozenset()
    working: frozenset[date] = frozenset()

    def is_off(self, day: date) -> bool:
        if day in self.working:
            return False
        return day in self.off or day.isoweekday() in self.weekend or (day.month, day.day) in self.holidays

    def payable(self, day: date) -> date:
        """The last day to pay what is due on `day`: the day itself or, where the switch says so, the next working
        one."""
        if self.when_off is OnDayOff.KEEP:
            return day
        while self.is_off(day):
            day += DAY
        return day


@dataclass(frozen=True, slots=True)
class Window:
    """The first and last day of the month on which readings are wanted."""

    first: int
    last: int
    source: str


@dataclass(frozen=True, slots=True)
class VatRate:
    """`rate` thousandths on the days of `valid`; `included` in the tariffs, or put on top."""

    rate: int
    included: bool
    valid: Period
    source: str


@dataclass(frozen=True, slots=True)
class LateFee:
    """What a claim costs for each month of thirty days' delay begun: thousandths of what is unpaid on its first day, in
    all at least `least` minor units, and nothing within the `grace` days."""

    rate: int
    grace: int
    least: int = 0


@dataclass(frozen=True, slots=True)
class DebtTerms:
    """What holds for debts: the order in which money settles them, what late payment costs (None: nothing), years of
    the limitation (0: none), whether the claims of an instalment plan bear no penalty, and after how many days' delay
    of a part or of a current bill it is broken."""

    allocation: AllocationRules = ALLOCATED
    late: PenaltyRules | LateFee | None = None
    limitation: int = 0
    frozen: bool = True
    grace: int = 0


PLAIN = DebtTerms()
"""Money settles the oldest due first, and late payment costs nothing."""


@dataclass(frozen=True, slots=True)
class PlanRules:
    """What holds while an instalment plan is kept: whether its claims bear no penalty, and after how many days' delay
    of a part, or of a current bill, the plan is broken."""

    frozen: bool = True
    grace: int = 0


class LateReading(StrEnum):
    """What a customer's reading that came after the window of a month does: it changes the bill of that month, or no
    bill before that of the first month whose window was open when it came."""

    RECALCULATE = "recalculate"
    NEXT_PERIOD = "next_period"


class Messenger(StrEnum):
    """What a messenger of somebody else's may be used for where the pack holds: nothing, taking readings without
    telling any sums, or all that an SMS may."""

    OFF = "off"
    READINGS = "readings"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Habits:
    """What tariffs and readings are taken for where they do not say so themselves, what a chat may be used for, and
    what becomes of a house that used less than its accounts together."""

    scaling: Scaling = Scaling.NONE
    zones: ZoneRule = ZoneRule.PRO_RATA
    late_reading: LateReading = LateReading.RECALCULATE
    telegram: Messenger = Messenger.FULL
    negative_common: Negative = Negative.NOTHING

    @property
    def next_period(self) -> bool:
        """Whether a reading that came after the window counts for the next month."""
        return self.late_reading is LateReading.NEXT_PERIOD

    @property
    def gives_back(self) -> bool:
        """Whether what a house used less than its accounts together is given back to them."""
        return self.negative_common is Negative.BACK


@dataclass(frozen=True, slots=True)
class Pack:
    """A rule pack; `limitation` years, 0: a debt never lapses; so many months before, `lapsing`, collectors are told,
    0: they are not. Sums have two decimals."""

    name: str
    title: str
    jurisdiction: str
    currency: str
    due: tuple[DueRule, ...]
    calendar: Calendar = Calendar()
    window: Window | None = None
    estimation: Estimation = ESTIMATED
    vat: tuple[VatRate, ...] = ()
    penalty: PenaltyRules | None = None
    late_fee: LateFee | None = None
    allocation: AllocationRules = ALLOCATED
    limitation: int = 3
    lapsing: int = 3
    plans: PlanRules = PlanRules()
    habits: Habits = Habits()
    warnings: Warnings = Warnings()
    keeping: Keeping = Keeping()

    @property
    def unsaid(self) -> Unsaid:
        """What holds where a table of tariffs says nothing."""
        return Unsaid(self.habits.scaling, self.habits.zones, self.vat_on_top)

    @property
    def vat_on_top(self) -> Vat:
        """What is put on top of a tariff that says nothing of VAT, by the day."""
        ends = [one.valid.end for one in self.vat if one.valid.end is not None]
        days = sorted({*(one.valid.start for one in self.vat), *ends})
        return Vat(tuple((day, self._on_top(day)) for day in days))

    def _on_top(self, day: date) -> int:
        return next((one.rate for one in self.vat if day in one.valid and not one.included), 0)

    @property
    def debts(self) -> DebtTerms:
        late = self.penalty or self.late_fee
        return DebtTerms(self.allocation, late, self.limitation, self.plans.frozen, self.plans.grace)

    def due_on(self, month: Month) -> date | None:
        """The last day to pay the bill of a month, None where the pack says nothing of it. A day that the next month
        has not is its last day."""
        rules = [rule for rule in self.due if rule.since <= month]
        if not rules:
            return None
        following = month.next
        return self.calendar.payable(following.first + timedelta(min(rules[-1].day, following.days) - 1))
