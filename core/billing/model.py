"""Tariffs, claims, payments, the ledger's lines, and the state from which an answer is made."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum

from core.basics.facts import dataclass
from core.basics.periods import Month, Period
from core.billing.conditions.model import NONE, Conditions
from core.metering.model import RegisterState


@dataclass(frozen=True, slots=True)
class Block:
    """A step of a block tariff: `up_to` thousandths, its bound belonging to it, None for the last; `rates` millionths
    of the main unit by zone ("total" where the tariff has no zones); `flat` kopecks due on entering it; `alone` the
    bound for who lives alone, where that is another (social norms), thousandths."""

    up_to: int | None
    rates: Mapping[str, int]
    flat: int = 0
    alone: int | None = None


class BlockMode(StrEnum):
    GRADUATED = "graduated"
    VOLUME = "volume"


class Scaling(StrEnum):
    """What the bounds of the blocks are multiplied by (billing.md section 3.2)."""

    NONE = "none"
    PERSONS = "persons"
    DAYS_30 = "days/30"
    DAYS_30_5 = "days/30.5"
    PER_DAY = "per_day"


class ZoneRule(StrEnum):
    """How the bounds of blocks go over zones: each block spread by the zones' shares, or bounds for each zone."""

    PRO_RATA = "pro_rata"
    PER_ZONE = "per_zone"


@dataclass(frozen=True, slots=True)
class Season:
    """The blocks that hold in these months (1 to 12) of every year."""

    months: tuple[int, ...]
    blocks: tuple[Block, ...]


MOST_RATCHET = 12
"""So many months back may a demand raise the one that is charged."""


@dataclass(frozen=True, slots=True)
class TariffVersion:
    """What a plan costs in a half-open period. `standing` is kopecks a month, `minimum` the least a month may cost,
    `vat` thousandths put on top (0: included); `blocks` hold in the months that no season names. `demand`, millionths
    for a kW and month, makes it a two-part one (0: it is not); of the highest demand of the `ratchet_months` before,
    `ratchet` thousandths are the least that is charged."""

    id: int
    plan: str
    valid: Period
    zones: tuple[str, ...]
    blocks: tuple[Block, ...]
    mode: BlockMode = BlockMode.GRADUATED
    scaling: Scaling = Scaling.NONE
    standing: int = 0
    minimum: int = 0
    vat: int = 0
    source: str = ""
    zone_rule: ZoneRule = ZoneRule.PRO_RATA
    seasons: tuple[Season, ...] = ()
    demand: int = 0
    ratchet: int = 0
    ratchet_months: int = 0

    def holding(self, month: int, persons: int) -> "TariffVersion":
        """The version with the blocks of a month (1 to 12) for so many persons, without seasons."""
        blocks = next((season.blocks for season in self.seasons if month in season.months), self.blocks)
        if persons == 1 and any(block.alone is not None for block in blocks):
            blocks = tuple(block if block.alone is None else replace(block, up_to=block.alone) for block in blocks)
        elif blocks is self.blocks:
            return self
        return replace(self, blocks=blocks, seasons=())


Tariffs = Mapping[str, tuple[TariffVersion, ...]]
"""The versions of each plan, oldest first."""


class ClaimKind(StrEnum):
    OPENING = "opening"
    BILL = "bill"
    RECALCULATION = "recalculation"
    PENALTY = "penalty"
    WRITE_OFF = "write_off"
    INTEREST = "interest"


class Component(StrEnum):
    """What a debt may consist of."""

    COSTS = "costs"
    PRINCIPAL = "principal"
    PENALTY = "penalty"
    INTEREST = "interest"


@dataclass(frozen=True, slots=True)
class Claim:
    """What is demanded for a month: kopecks, negative for a recalculation in the customer's favour; payable up to and
    including `due_on`. `no` is the fact's number in the account; `about`, of a penalty and a write-off, that of the
    claim that it is for, of interest that of the fact that agreed the instalment plan."""

    no: int
    month: Month
    kind: ClaimKind
    amount: int
    due_on: date
    issued_on: date
    about: int | None = None

    @property
    def is_bill(self) -> bool:
        """Whether it is the bill of its month, ours or an older system's."""
        return self.kind is ClaimKind.BILL or self.kind is ClaimKind.OPENING

    @property
    def is_principal(self) -> bool:
        """Whether it is for what was used, or corrects that."""
        return self.is_bill or self.kind is ClaimKind.RECALCULATION


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received for the account, kopecks, negative for a reversal; `month` where the payer named one."""

    no: int
    paid_on: date
    amount: int
    month: Month | None = None


@dataclass(frozen=True, slots=True)
class ChargeFact:
    """A line of the claim numbered `no` that was computed for a point: thousandths and kopecks, of a recalculation
    what it changes. `known` is the day of the last anchor that it rests on, `tariffs` the ids of the versions."""

    no: int
    month: Month
    point_id: int
    kind: str
    volume: int
    amount: int
    known: date
    tariffs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """The part of a claim that is not settled, kopecks; of a penalty that of all that was posted for one claim, of
    interest for one plan."""

    no: int
    month: Month
    due_on: date
    remaining: int
    component: Component = Component.PRINCIPAL


@dataclass(frozen=True, slots=True)
class Late:
    """What a claim has to do with penalty: of `amount` kopecks that were payable through `due_on`, so much was settled
    on days after it, and so much penalty was posted for the days through `posted_through`. On the `frozen` days nothing
    accrues."""

    no: int
    month: Month
    due_on: date
    amount: int
    settled: tuple[tuple[date, int], ...] = ()
    posted: int = 0
    posted_through: date = date.min
    frozen: tuple[Period, ...] = ()


class PlanEnd(StrEnum):
    """Why an instalment plan is in force no more: a part or a current bill was not paid in time; a document ended it,
    or another plan took its place; all of it was paid."""

    BROKEN = "broken"
    TERMINATED = "terminated"
    FULFILLED = "fulfilled"


@dataclass(frozen=True, slots=True)
class PlanPart:
    """A part of an instalment plan, kopecks, payable up to and including `due_on`, and what of it is unpaid."""

    due_on: date
    amount: int
    left: int


@dataclass(frozen=True, slots=True)
class Plan:
    """An instalment plan that the fact numbered `no` agreed, in force from `start` on, and before the day `until` if
    that is known, with the reason `end`. `covers` are the numbers of the claims that are paid by it; `rate` millionths
    a year is the interest on its parts, `posted` what of that was demanded; after more than `grace` days' delay it is
    broken."""

    no: int
    start: date
    parts: tuple[PlanPart, ...]
    covers: tuple[int, ...]
    until: date | None = None
    end: PlanEnd | None = None
    rate: int = 0
    posted: int = 0
    grace: int = 0

    @property
    def left(self) -> int:
        return sum(part.left for part in self.parts)

    def holds(self, day: date) -> bool:
        """Whether it is in force on the day, by what is known."""
        return self.start <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class IssuedLine:
    """What was billed for a point and a month that a later reading may still change: kopecks, the day of the last
    anchor that was known for it, and the ids of the tariff versions that it was last charged by, none where a dated
    fact has changed since."""

    month: Month
    point_id: int
    amount: int
    volume: int
    known: date
    tariffs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountState:
    """Everything an answer needs of one account, without its history (rulings.md section 1, 2).

    `fact_no` is the number of the last fact; `balance` kopecks: issued claims and penalties less payments, negative for
    a credit; `billed_through` the last day for which bills are issued (None: none yet); `claims` the unsettled ones,
    oldest due first; `issued` the lines that may still change; `conditions` what holds on which days. `late` are the
    claims whose penalty `claims` alone do not tell: part of them was paid late, or penalty was posted. `plans` are the
    instalment plans, oldest first. `behind`: money has settled a debt whose limitation had run, so that it takes all
    money to tell what another claim leaves open.
    """

    account_id: int
    fact_no: int
    balance: int
    billed_through: date | None
    claims: tuple[OpenClaim, ...]
    issued: tuple[IssuedLine, ...]
    registers: Mapping[tuple[int, int], RegisterState]
    conditions: Conditions = NONE
    late: tuple[Late, ...] = ()
    plans: tuple[Plan, ...] = ()
    behind: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger, kopecks; the lines of one fact sum to zero."""

    ledger: str
    amount: int


class PaymentKind(StrEnum):
    """Money that came; the account that was found for money in suspense; money that went back."""

    RECEIVED = "received"
    MATCHED = "matched"
    REVERSAL = "reversal"


class Ledger(StrEnum):
    RECEIVABLE = "receivable"
    REVENUE = "revenue"
    BANK = "bank"
    OPENING = "opening"
    SUSPENSE = "suspense"
    AGENTS = "agents"
    COMMISSION = "commission"
    PENALTY = "penalty"
    WRITTEN_OFF = "written_off"
    INTEREST = "interest"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what there is to pay: kopecks for a month. A computed part carries what it came from: `volume`
    thousandths and, where one rate holds for all of it, `rate` millionths; `pieces` are its (volume, rate) products
    where there are several. `overdue` tells whether its due date has passed, `penalty` that it is for late payment,
    `planned` that it waits for parts of an instalment plan that are not due yet."""

    month: Month
    amount: int
    overdue: bool = False
    volume: int | None = None
    pieces: tuple[tuple[int, int], ...] = ()
    point_id: int | None = None
    penalty: bool = False
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Recalculated:
    """What a reading, or a late tariff, changes in a month that was billed: thousandths and kopecks, before and after;
    `tariffs` the ids of the versions after."""

    month: Month
    point_id: int
    billed_volume: int
    volume: int
    billed: int
    amount: int
    tariffs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an account stands on a day, kopecks (billing.md section 8).

    `to_pay` is what makes the customer even now, `overdue` the part of it past its due date, `credit` what he is ahead.
    `due_on` is the nearest date by which something is to be paid. `claims` are the open bills, `provisional` what was
    used and read since the last bill, `recalculated` what readings change in billed months, `penalty` what late payment
    has cost until today and is not posted yet (negative: less than was posted), and `advance` what was paid that no
    claim has taken, `interest` what an instalment plan in force has agreed and is not posted: their sum, less the
    advance, is `to_pay` less `credit`. `part` is the next part of the plan: its last day, and what of it is unpaid.
    """

    to_pay: int
    overdue: int
    credit: int
    due_on: date | None
    claims: tuple[Part, ...]
    provisional: tuple[Part, ...]
    recalculated: tuple[Recalculated, ...]
    advance: int = 0
    penalty: int = 0
    interest: int = 0
    part: tuple[date, int] | None = None
