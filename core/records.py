"""What the company tells of what stands on record: accounts, readings, payments, bills, and what they come to.

Money is kopecks, volumes are thousandths, `digits` are numbers as the meter shows them. `account` is the tail or the
customer's own name, where the phone has several. `today` tells which dates need their year.
"""

from datetime import date
from enum import StrEnum

from core.basics.facts import dataclass
from core.basics.periods import Month


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """An account of the phone: its tail, the phone's own name for it, and the role of the link."""

    tail: str
    name: str | None
    role: str


@dataclass(frozen=True, slots=True)
class AccountsTold:
    """The accounts of the phone in the order by which they are named."""

    accounts: tuple[OwnAccount, ...]


@dataclass(frozen=True, slots=True)
class AccountNamed:
    tail: str
    name: str


class NameFault(StrEnum):
    """Why a name was not given: more than twelve characters; signs that cannot be seen, no letter, or the word of a
    command; another account of the phone has it."""

    TOO_LONG = "too_long"
    UNFIT = "unfit"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class NameRefused:
    """`number` is that of an account of the list, for the example."""

    fault: NameFault
    number: int


@dataclass(frozen=True, slots=True)
class NameHow:
    """How to name an account: what they are called now, in the order of their numbers, and the `number` of one that
    has no name yet, for the example."""

    accounts: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True)
class MeterHistory:
    """The last readings of a meter, the latest first: the day, and what each register showed. `serial` is set where
    the account has several meters."""

    zones: tuple[str, ...]
    rows: tuple[tuple[date, tuple[str, ...]], ...]
    serial: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryTold:
    """The last readings; no meters where nothing was read."""

    meters: tuple[MeterHistory, ...]
    today: date
    account: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentsTold:
    """The last payments, the latest first: day and sum, negative for a reversal; none where nothing was paid."""

    payments: tuple[tuple[date, int], ...]
    today: date
    account: str | None = None


@dataclass(frozen=True, slots=True)
class PaymentCame:
    """Money was booked: `amount` kopecks, of which `months` settle those months, oldest first, `penalty` late payment,
    and `ahead` no bill has taken yet. `to_pay` is what is left to be paid, negative for a credit, None where it cannot
    be told. Nobody has asked for this message."""

    amount: int
    months: tuple[tuple[Month, int], ...]
    penalty: int
    ahead: int
    today: date
    to_pay: int | None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class SumChanged:
    """A fact that an employee brought has changed what there is to pay by `difference` kopecks; `digits` and `day` are
    those of a reading that an inspector took. `to_pay` as in PaymentCame. Nobody has asked for this message."""

    to_pay: int
    difference: int
    today: date
    digits: tuple[str, ...] = ()
    day: date | None = None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A part of what changed a sum, kopecks: of a month, by a reading with the volumes charged `before` and `after` it,
    or by its `bill`."""

    month: Month | None
    amount: int
    before: int | None = None
    after: int | None = None
    bill: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """What there was to pay before (negative: a credit), and the parts by which it changed."""

    before: int
    shifts: tuple[Shift, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """What all accounts that the phone may see have to pay together, kopecks, and the part of it that is overdue; what
    is paid ahead on one of them is not set against another. `hidden` of its accounts are not counted: it may not see
    their sums, or they cannot be told now."""

    to_pay: int
    overdue: int
    accounts: int
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class BillTold:
    """An issued bill: its sum, what corrections have changed in its month since, and what of both is not paid;
    `planned` is what of that an instalment plan puts off."""

    month: Month
    amount: int
    corrected: int
    left: int
    due_on: date
    today: date
    account: str | None = None
    planned: int = 0


@dataclass(frozen=True, slots=True)
class NoBill:
    """No bill is issued; `month` where one was named."""

    month: Month | None
    account: str | None = None


@dataclass(frozen=True, slots=True)
class PayTold:
    """How to pay: the sums as in a balance, the company's own words (empty: it gave none), and the tail of the account
    for the payment's purpose."""

    to_pay: int
    overdue: int
    credit: int
    due_on: date | None
    ways: str
    tail: str


@dataclass(frozen=True, slots=True)
class MeterForecast:
    """A meter's use in the month: the likeliest, the least and the most; `serial` as in MeterHistory."""

    service: str
    volume: int
    least: int
    most: int
    serial: str | None = None


@dataclass(frozen=True, slots=True)
class ForecastTold:
    """The running month at its end, by so many past `months`: each meter's use and the sum of them all."""

    month: Month
    meters: tuple[MeterForecast, ...]
    amount: int
    least: int
    most: int
    months: int
    account: str | None = None


@dataclass(frozen=True, slots=True)
class ForecastTooEarly:
    """So many months are known, and so many are needed."""

    months: int
    needed: int
    account: str | None = None


Record = (
    AccountsTold
    | AccountNamed
    | NameRefused
    | NameHow
    | HistoryTold
    | PaymentsTold
    | PaymentCame
    | SumChanged
    | BillTold
    | NoBill
    | PayTold
    | ForecastTold
    | ForecastTooEarly
)


@dataclass(frozen=True, slots=True)
class ForecastReplaced:
    """A bill made by forecast is corrected by the reading: thousandths, and the change in kopecks."""

    forecast: int
    actual: int
    change: int


class Doubt(StrEnum):
    """Why what a meter shows is not charged by: its verification ran out, it failed, a seal of it is broken, or the
    inspector was not let in."""

    EXPIRED = "expired"
    FAILED = "failed"
    SEAL = "seal"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class CountsLater:
    """A reading of `day` came after the window of its month, of which `deadline` was the last day: it counts in a later
    month, `counts_in`."""

    day: date
    deadline: date
    counts_in: Month
