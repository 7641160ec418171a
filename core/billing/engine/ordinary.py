"""The month of an ordinary account, closed from its state alone: no history is loaded, whatever its length.

The state is by definition what is derived from all facts, so that a close needs no more than it and what is `kept`
beside it. Whatever may come out otherwise by all facts is left to `closing` and `deriving`: `Close.close` says so with
None. The state is taken, and given back, in the lists of `core.billing.stored`: to make objects of it would take longer
than all that is reckoned. That both ways end in the same is tried in tests/core/billing/engine/test_ordinary.py.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing.engine import deriving, kept
from core.billing.engine.closing import RECALCULATION
from core.billing.engine.kept import Counts, Kept
from core.billing.engine.ordering import AllocationRules
from core.billing.engine.prices import Counted, Prices, month_of, prices_of
from core.billing.engine.usage import Curve, usual_of
from core.billing.estimation import Estimation
from core.billing.model import ClaimKind, Tariffs


class Row(NamedTuple):
    """An account with its one point and meter, its state as it is stored, and what is kept beside it; days as ISO text.

    `first_new` is the first day of the readings taken since then; `odd` tells whether any of them is firm, came too
    late, or is not in the state as it was read; `verified` is the last day of the meter's verification, at the earliest
    that of the month.
    """

    account_id: int
    persons: int
    fact_no: int
    balance: int
    claims: Any
    issued: list[list[Any]]
    registers: dict[str, list[Any]]
    meter_id: int
    point_id: int
    service: str
    plan: str
    zones: str
    fraction: int
    multiplier: int
    installed: str
    no: int
    bill: int
    issued_on: str
    tariffs: int
    kept_plan: str
    counts: list[Counts]
    first_new: str | None
    odd: bool
    verified: str | None = None


@dataclass(slots=True)
class IssuedClaim:
    """A claim with the lines (kind, thousandths, kopecks) that it is the sum of, and the versions that they go by as an
    array of the database; `text` is its month as it is written."""

    no: int
    month: Month
    text: str
    kind: ClaimKind
    amount: int
    lines: tuple[tuple[str, int, int], ...]
    tariffs: str


@dataclass(slots=True)
class Closed:
    """What closing the month issues, and what is stored then. `known` is the day of the last count; `claims` None where
    the claims are to be settled anew with all payments."""

    point_id: int
    service: str
    issues: list[IssuedClaim]
    known: date
    fact_no: int
    balance: int
    claims: Any
    issued: list[list[Any]]
    registers: dict[str, list[Any]]
    kept: Kept


@dataclass(slots=True)
class _Register:
    """A register's curve and counts of the last year, and what its state says; `first` is its place in the counts."""

    curve: Curve
    days: list[int]
    values: list[int]
    anchors: list[Any]
    usual: list[int]
    first: int


class Close:
    """What holds for all ordinary accounts of which a month is closed."""

    def __init__(
        self,
        tariffs: Tariffs,
        rules: Estimation,
        allocation: AllocationRules,
        month: Month,
        *,
        issued_on: date,
        due_on: date,
    ) -> None:
        """Arguments as of `closing.close`; `allocation` tells how payments settle claims."""
        self._tariffs = tariffs
        self._month = month
        self._text = str(month)
        self._last = month.last.toordinal()
        self._due = due_on.isoformat()
        self._issued_on = issued_on
        self._issued_text = issued_on.isoformat()
        self._window = month.previous.previous
        self._horizon = (issued_on - deriving.BACK).toordinal() - 1
        unsent = rules.average_periods
        self._sent = month.back(unsent).first.toordinal() if rules.norms else 0
        self._newest = max((version.id for plan in tariffs.values() for version in plan), default=0)
        self._in_order = allocation.ahead is AllocationRules().ahead
        self._prices: dict[tuple[str, str, int, str], Prices | None] = {}
        self._touching = {
            plan: max((one.id for one in versions if one.valid.start < month.first), default=0)
            for plan, versions in tariffs.items()
        }

    def close(self, row: Row, *, alone: bool) -> Closed | None:
        """What closes the month, None where that takes all facts of the account. `alone`: of the account there is no
        claim but for use, and no payment that names the month, one of the two before it or one behind it, or that is of
        a later day than the claims are due on."""
        if (
            row.odd
            or row.issued_on > self._issued_text
            or row.plan != row.kept_plan
            or row.tariffs < self._touching.get(row.plan, 0)
        ):
            return None
        if row.first_new is not None and row.first_new < _expected_since(row.issued_on):
            return None
        registers = self._registers(row)
        if registers is None or _expired(row, registers):
            return None
        covered = min([one.days[-1] for one in registers])
        issued = row.issued
        known = date.fromordinal(covered)
        issues = self._issues(row, registers, issued, known.isoformat())
        if issues is None or covered < self._sent:
            return None
        firm = min([_last_before(one.days, self._horizon) for one in registers])
        left = [one for one in issued if _edges(one[0])[1] > firm]
        texts = self._trimmed(row, registers, left)
        if texts is None:
            return None
        last = row.fact_no + len(issues)
        counts = [kept.last_year(one.days, one.values) for one in registers]
        return Closed(
            point_id=row.point_id,
            service=row.service,
            issues=issues,
            known=known,
            fact_no=last,
            balance=row.balance + sum([one.amount for one in issues]),
            claims=self._claims(row, issues) if alone and issues[0].month >= self._window else None,
            issued=left,
            registers=texts,
            kept=Kept(row.account_id, last, last, self._issued_on, self._newest, row.plan, counts),
        )

    def _registers(self, row: Row) -> list[_Register] | None:
        """The registers with their usual use as it is now; None where not all is known of one."""
        state, known = row.registers, row.counts
        if len(known) != len(state):
            return None
        found: list[_Register] = []
        for number, (days, values) in enumerate(known, 1):
            one = _register(state.get(f"{row.meter_id}.{number}"), days, values, row)
            if one is None:
                return None
            found.append(one)
        return found

    def _issues(
        self, row: Row, registers: Sequence[_Register], issued: list[Any], known: str
    ) -> list[IssuedClaim] | None:
        """What is issued, by which the lines of `issued` are brought up; None where a month was charged by other
        versions than hold now, or not all of it."""
        found: list[IssuedClaim] = []
        counts = [Counted(one.curve) for one in registers]
        for line in issued:
            month, point, amount, volume, _, tariffs = line
            prices = self._priced(row, month)
            if prices is None or point != row.point_id or tariffs != prices.tariffs:
                return None
            volumes = prices.volumes(counts)
            if len(counts) == 1 and len(tariffs) == 1 and volumes[0][0] == volume:
                continue
            price = prices.of(volumes)
            if price.amount == amount and price.volume == volume:
                continue
            delta = price.amount - amount
            no = row.fact_no + len(found) + 1
            lines = ((RECALCULATION, price.volume - volume, delta),)
            found.append(IssuedClaim(no, month_of(month), month, ClaimKind.RECALCULATION, delta, lines, prices.ids))
            line[2:] = price.amount, price.volume, known, tariffs
        prices = self._priced(row, self._text)
        if prices is None:
            return None
        price = prices.of(prices.volumes(counts))
        no = row.fact_no + len(found) + 1
        found.append(IssuedClaim(no, self._month, self._text, ClaimKind.BILL, price.amount, price.lines, prices.ids))
        issued.append([self._text, row.point_id, price.amount, price.volume, known, prices.tariffs])
        return found

    def _priced(self, row: Row, month: str) -> Prices | None:
        if row.installed > _edges(month)[2]:
            return None
        key = row.plan, month, row.persons, row.zones
        try:
            return self._prices[key]
        except KeyError:
            found = self._prices[key] = prices_of(self._tariffs, *key)
            return found

    def _trimmed(self, row: Row, registers: Sequence[_Register], left: list[Any]) -> dict[str, Any] | None:
        """The registers as the state keeps them: the counts since the last one before the months that may still change;
        None where older ones than the state has would be needed."""
        base = min([self._last, self._horizon, *[_edges(one[0])[0] for one in left]])
        found: dict[str, Any] = {}
        for number, one in enumerate(registers, 1):
            at = bisect_right(one.days, base) - 1
            if at < one.first:
                return None
            found[f"{row.meter_id}.{number}"] = [one.anchors[at - one.first :], one.usual]
        return found

    def _claims(self, row: Row, issues: Sequence[IssuedClaim]) -> list[list[Any]] | None:
        """The open claims with the new ones, which fall due behind all others; None where it takes all payments to tell
        what settles what."""
        found = row.claims
        if not self._in_order or not isinstance(found, list):
            return None
        advance = -row.balance
        for claim in found:
            if len(claim) != 4:
                return None
            advance += claim[3]
        if advance < 0 or (found and (advance or found[-1][2] >= self._due)):
            return None
        for one in issues:
            if one.amount < 0:
                if not found:
                    advance -= one.amount
                elif not _lessened(found, row.bill, one.text, -one.amount):
                    return None
        new: list[Any] = [[one.no, one.text, self._due, one.amount] for one in issues if one.amount > 0]
        if advance:
            for claim in new:
                taken = min(advance, claim[3])
                advance -= taken
                claim[3] -= taken
            new = [claim for claim in new if claim[3]]
        found.extend(new)
        return found


def _register(state: list[Any] | None, days: list[int], values: list[int], row: Row) -> _Register | None:
    if state is None or len(state) != 2:
        return None
    anchors = state[0]
    first = _ordinal(anchors[0][0])
    if not days or first > days[-1] or (row.first_new is not None and row.first_new < anchors[0][0]):
        return None
    at = bisect_left(days, first)
    all_days, all_values = days[:at], values[:at]
    before = all_values[-1] if at else 0
    for day, value, _ in anchors:
        if value < before:
            return None
        before = value
        all_days.append(_ordinal(day))
        all_values.append(value)
    multiplier = row.multiplier
    curve = Curve.of_counts(all_days, [value * multiplier for value in all_values], fraction=row.fraction)
    usual = usual_of(curve)
    if usual is None:
        return None
    return _Register(curve.forecast(usual), all_days, all_values, anchors, [usual.volume, usual.days], at)


def _expired(row: Row, registers: Sequence[_Register]) -> bool:
    """Whether a register was read behind the meter's verification."""
    return row.verified is not None and max([one.days[-1] for one in registers]) > _ordinal(row.verified)


def _lessened(claims: list[Any], bill: int, month: str, amount: int) -> bool:
    """Takes the amount off the month's bill; False where it is not its month's only claim, or less of it is open."""
    for one in claims:
        if one[0] == bill and one[1] == month:
            one[3] -= amount
            if not one[3]:
                claims.remove(one)
            return bool(one[3] >= 0)
    return False


def _last_before(days: Sequence[int], day: int) -> int:
    at = bisect_right(days, day)
    return days[at - 1] if at else 0


@lru_cache(maxsize=1024)
def _expected_since(issued_on: str) -> str:
    """The day before which no reading is expected any more, where anything was last issued on that day: one of before
    it may change months that are closed for good."""
    return (date.fromisoformat(issued_on) - deriving.BACK).isoformat() if issued_on > _NEVER else issued_on


_NEVER = date.min.isoformat()


@lru_cache(maxsize=4096)
def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


@lru_cache(maxsize=1024)
def _edges(month: str) -> tuple[int, int, str]:
    """The ordinals of the day before a month and of its last one, and its first day."""
    of = month_of(month)
    return of.first.toordinal() - 1, of.last.toordinal(), of.first.isoformat()
