"""What a month's bill of an account consists of, and what readings have changed in the months billed before."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.basics.periods import DAY, Month
from core.billing.engine import standing
from core.billing.engine.charging import LineKind
from core.billing.engine.standing import ReadMeter
from core.billing.engine.usage import usable
from core.billing.model import AccountState, ChargeFact, Claim, ClaimKind, Ledger, Recalculated, Tariffs
from core.metering.model import Meter

RECALCULATION = "recalculation"
"""The kind of a charge line that says what a recalculation changes."""


@dataclass(frozen=True, slots=True)
class Issue:
    """A claim to be issued, with the lines that it is the sum of."""

    claim: Claim
    lines: tuple[ChargeFact, ...]


def close(
    state: AccountState,
    meters: Sequence[Meter],
    tariffs: Tariffs,
    *,
    persons: int,
    month: Month,
    issued_on: date,
    due_on: date,
    at_bills: Mapping[Month, AccountState] | None = None,
) -> tuple[Issue, ...]:
    """The claims that close a month: what readings and late tariffs have changed in the months before, each month for
    itself, and the bill of every month up to this one that has none.

    Days that no reading covers are forecast. An account that was never billed begins with the month behind its first
    reading, as its answers do; one without a meter that was ever read gets no bill. Closing again finds nothing to
    issue. The claims are numbered on from the state's last fact. `at_bills` holds the state that a month's bill goes
    by, where readings came too late for it; what they change is for the close of a later month.

    :raises charging.NoTariff: a day to be charged has no tariff.
    """
    known = standing.read_meters(state, meters)
    recalculations = _recalculations(state, known, tariffs, persons, month)
    views = {of_month: standing.read_meters(view, meters) for of_month, view in (at_bills or {}).items()}
    due = min(month, _begins(known, month)) if state.billed_through is None else Month.of(state.billed_through).next
    drafts = [*recalculations]
    while due <= month:
        if lines := [line for one in views.get(due, known) for line in _lines(one, tariffs, persons, due)]:
            drafts.append((ClaimKind.BILL, due, lines))
        due = due.next
    return _issued(drafts, state, issued_on, due_on)


def recalculate(
    state: AccountState, meters: Sequence[Meter], tariffs: Tariffs, *, persons: int, issued_on: date, due_on: date
) -> tuple[Issue, ...]:
    """The claims that post what readings and late tariffs have changed in the months billed, as the answers tell it
    already (rulings.md 1.2): the forecast under the bills is that of the last bill. Doing it again finds nothing.

    :raises charging.NoTariff: a day that was billed has no tariff.
    """
    known = standing.read_meters(state, meters)
    behind = Month.of(max((line.month.last for line in state.issued), default=issued_on)).next
    return _issued(list(_recalculations(state, known, tariffs, persons, behind)), state, issued_on, due_on)


def _issued(drafts: Sequence["_Draft"], state: AccountState, issued_on: date, due_on: date) -> tuple[Issue, ...]:
    issues: list[Issue] = []
    for no, (kind, of_month, lines) in enumerate(drafts, state.fact_no + 1):
        amount = sum(line.amount for line in lines)
        claim = Claim(no, of_month, kind, amount, due_on=due_on, issued_on=issued_on)
        facts = tuple(
            ChargeFact(no, of_month, line.meter_id, line.kind, line.volume, line.amount, line.known, line.tariffs)
            for line in lines
        )
        issues.append(Issue(claim, facts))
    return tuple(issues)


@dataclass(frozen=True, slots=True)
class _Line:
    meter_id: int
    kind: str
    volume: int
    amount: int
    known: date
    tariffs: tuple[int, ...]


_Draft = tuple[ClaimKind, Month, list[_Line]]


def _begins(known: Sequence[ReadMeter], closed: Month) -> Month:
    """The month of the first day that anything is charged for, where there was no bill yet."""
    firsts = [usable(one.meter, register.anchors)[:1] for one in known for register in one.registers]
    return min((Month.of(anchors[0].day + DAY) for anchors in firsts if anchors), default=closed)


def _recalculations(
    state: AccountState, known: Sequence[ReadMeter], tariffs: Tariffs, persons: int, closed: Month
) -> Iterator[_Draft]:
    days = {one.meter.id: last_known(one) for one in known}
    by_month: dict[Month, list[Recalculated]] = {}
    for one in standing.recalculated(state, known, tariffs, persons=persons):
        if one.month < closed:
            by_month.setdefault(one.month, []).append(one)
    for month, changed in by_month.items():
        lines = [
            _Line(
                one.meter_id,
                RECALCULATION,
                one.volume - one.billed_volume,
                one.amount - one.billed,
                days[one.meter_id],
                one.tariffs,
            )
            for one in changed
        ]
        yield ClaimKind.RECALCULATION, month, lines


def _lines(known: ReadMeter, tariffs: Tariffs, persons: int, month: Month) -> Iterator[_Line]:
    meter = known.meter
    if meter.installed.meet(month.period) is None:
        return
    versions = standing.versions_of(tariffs, meter)
    charge = standing.charged(meter, month.period, month, known.curves, versions, persons=persons, fixed=True)
    day = last_known(known)
    for line in charge.lines:
        volume = charge.volume if line.kind is LineKind.ENERGY else 0
        yield _Line(meter.id, line.kind, volume, line.amount, day, charge.tariffs)


def last_known(known: ReadMeter) -> date:
    """The last day for which every register of the meter has a count that counts; behind it all is forecast."""
    meter = known.meter
    ends = [usable(meter, register.anchors)[-1:] for register in known.registers]
    return min(anchors[0].day if anchors else meter.installed.start - DAY for anchors in ends)


def entries(claim: Claim) -> tuple[tuple[Ledger, int], ...]:
    """The ledger lines of a claim, debit positive; none where it demands nothing."""
    if not claim.amount:
        return ()
    against = Ledger.OPENING if claim.kind is ClaimKind.OPENING else Ledger.REVENUE
    return (Ledger.RECEIVABLE, claim.amount), (against, -claim.amount)
