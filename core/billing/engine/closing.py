"""What a month's bill of an account consists of, and what readings have changed in the months billed before."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing.engine import segmenting, standing
from core.billing.engine.lining import LineKind
from core.billing.engine.supplying import Supply, begins, last_known, supplies
from core.billing.estimation import ESTIMATED, Estimation
from core.billing.model import AccountState, ChargeFact, Claim, ClaimKind, Ledger, Recalculated, Tariffs
from core.metering.model import Meter, Point

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
    rules: Estimation = ESTIMATED,
    points: Sequence[Point] = (),
) -> tuple[Issue, ...]:
    """The claims that close a month: what readings and late tariffs have changed in the months before, each month for
    itself, and the bill of every month up to this one that has none.

    Days that no reading covers are forecast. An account that was never billed begins with the month behind its first
    reading, as its answers do; one without a meter that was ever read gets no bill. Closing again finds nothing to
    issue. The claims are numbered on from the state's last fact. `at_bills` holds the state that a month's bill goes
    by, where readings came too late for it; what they change is for the close of a later month.

    :raises charging.NoTariff: a day to be charged has no tariff.
    """

    def seen(view: AccountState) -> tuple[Supply, ...]:
        return supplies(view, meters, persons=persons, rules=rules, points=points, through=month.last)

    known = seen(state)
    recalculations = _recalculations(state, known, tariffs, month)
    views = {of_month: seen(view) for of_month, view in (at_bills or {}).items()}
    due = min(month, _begins(known, month)) if state.billed_through is None else Month.of(state.billed_through).next
    drafts = [*recalculations]
    while due <= month:
        if lines := [line for one in views.get(due, known) for line in _lines(one, tariffs, due)]:
            drafts.append((ClaimKind.BILL, due, lines))
        due = due.next
    return _issued(drafts, state, issued_on, due_on)


def recalculate(
    state: AccountState,
    meters: Sequence[Meter],
    tariffs: Tariffs,
    *,
    persons: int,
    issued_on: date,
    due_on: date,
    rules: Estimation = ESTIMATED,
    points: Sequence[Point] = (),
) -> tuple[Issue, ...]:
    """The claims that post what readings and late tariffs have changed in the months billed, as the answers tell it
    already (rulings.md 1.2): the forecast under the bills is that of the last bill. Doing it again finds nothing.

    :raises charging.NoTariff: a day that was billed has no tariff.
    """
    known = supplies(standing.counted(state), meters, persons=persons, rules=rules, points=points)
    behind = Month.of(max((line.month.last for line in state.issued), default=issued_on)).next
    return _issued(list(_recalculations(state, known, tariffs, behind)), state, issued_on, due_on)


def _issued(drafts: Sequence["_Draft"], state: AccountState, issued_on: date, due_on: date) -> tuple[Issue, ...]:
    issues: list[Issue] = []
    for no, (kind, of_month, lines) in enumerate(drafts, state.fact_no + 1):
        amount = sum(line.amount for line in lines)
        claim = Claim(no, of_month, kind, amount, due_on=due_on, issued_on=issued_on)
        facts = tuple(
            ChargeFact(no, of_month, line.point_id, line.kind, line.volume, line.amount, line.known, line.tariffs)
            for line in lines
        )
        issues.append(Issue(claim, facts))
    return tuple(issues)


@dataclass(frozen=True, slots=True)
class _Line:
    point_id: int
    kind: str
    volume: int
    amount: int
    known: date
    tariffs: tuple[int, ...]


_Draft = tuple[ClaimKind, Month, list[_Line]]


def _begins(known: Sequence[Supply], closed: Month) -> Month:
    """The month of the first day that anything is charged for, where there was no bill yet."""
    return min((Month.of(first) for one in known if (first := begins(one)) is not None), default=closed)


def _recalculations(state: AccountState, known: Sequence[Supply], tariffs: Tariffs, closed: Month) -> Iterator[_Draft]:
    days = {one.point_id: last_known(one) for one in known}
    by_month: dict[Month, list[Recalculated]] = {}
    for one in standing.recalculated(state, known, tariffs):
        if one.month < closed:
            by_month.setdefault(one.month, []).append(one)
    for month, changed in by_month.items():
        lines = [
            _Line(
                one.point_id,
                RECALCULATION,
                one.volume - one.billed_volume,
                one.amount - one.billed,
                days[one.point_id],
                one.tariffs,
            )
            for one in changed
        ]
        yield ClaimKind.RECALCULATION, month, lines


def _lines(known: Supply, tariffs: Tariffs, month: Month) -> Iterator[_Line]:
    if all(one.meet(month.period) is None for one in known.present):
        return
    charge = segmenting.charged(known, month.period, month, tariffs, fixed=True)
    day = last_known(known)
    for line in charge.lines:
        volume = charge.volume if line.kind is LineKind.ENERGY else 0
        yield _Line(known.point_id, line.kind, volume, line.amount, day, charge.tariffs)


def entries(claim: Claim) -> tuple[tuple[Ledger, int], ...]:
    """The ledger lines of a claim, debit positive; none where it demands nothing."""
    if not claim.amount:
        return ()
    return (Ledger.RECEIVABLE, claim.amount), (_AGAINST.get(claim.kind, Ledger.REVENUE), -claim.amount)


_AGAINST = {
    ClaimKind.OPENING: Ledger.OPENING,
    ClaimKind.PENALTY: Ledger.PENALTY,
    ClaimKind.WRITE_OFF: Ledger.WRITTEN_OFF,
    ClaimKind.INTEREST: Ledger.INTEREST,
}
