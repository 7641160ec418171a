"""What is kept of an ordinary account between two closes, so that its next month can be closed from its state alone."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from core.basics.facts import dataclass
from core.basics.periods import Month
from core.billing.engine.deriving import Use, billed_through
from core.billing.engine.facts import Facts
from core.billing.engine.timely import left_out
from core.billing.engine.usage import YEAR
from core.billing.model import Claim, Tariffs
from core.metering.expecting import needed
from core.metering.model import Meter, Point, ReadingFact

MOST = 400
"""Counts of a register that are kept at most: one a day, and some."""

Counts = list[list[int]]
"""The days of a register's counts, as ordinals, oldest first; the counts at their ends, thousandths."""


@dataclass(slots=True)  # made for every account of a close: a frozen one takes three times as long
class Kept:
    """Beside the state: the counts of each register in the last year, by the facts numbered up to `no`.

    `bill` is the number of the last bill where it is the only claim of its month, else 0; `issued_on` the day on which
    anything for use was last issued; `tariffs` the highest id of a version then known, `plan` that of the one point.
    """

    account_id: int
    no: int
    bill: int
    issued_on: date
    tariffs: int
    plan: str
    counts: list[Counts]


def nothing(account_id: int) -> Kept:
    """What is kept of an account that is no ordinary one: it is closed from all its facts."""
    return Kept(account_id, 0, 0, date.min, 0, "", [])


def kept_of(facts: Facts, meters: Sequence[Meter], points: Sequence[Point], use: Use, tariffs: Tariffs) -> Kept:
    """What to keep, by all that is known of the account.

    Ordinary is one with one supply point and one meter, read on every register and never removed, whose verification
    holds on all days billed and read, without dated facts and without readings that came too late; its counts have
    never gone down, so that no older one decides which of them are believed.
    """
    if not _ordinary(facts, meters, points):
        return nothing(facts.account_id)
    (meter,) = meters
    found: list[Counts] = []
    for number in needed(meter):
        readings = use.readings.get((meter.id, number), ())
        if not _rising(readings, facts, (meter.id, number)):
            return nothing(facts.account_id)
        days = [one.day.toordinal() for one in readings]
        found.append(last_year(days, [one.value for one in readings]))
    if any(len(days) > MOST for days, _ in found):
        return nothing(facts.account_id)
    newest = max((version.id for plan in tariffs.values() for version in plan), default=0)
    issued_on = max((one.issued_on for one in facts.claims if one.is_principal), default=date.min)
    return Kept(facts.account_id, facts.last_no, _bill(facts.claims), issued_on, newest, meter.tariff, found)


def last_year(days: list[int], values: list[int]) -> Counts:
    """The counts from the last one on that is a year older than the newest, or from the first."""
    start = max(0, bisect_right(days, days[-1] - YEAR) - 1)
    return [days[start:], values[start:]]


def _ordinary(facts: Facts, meters: Sequence[Meter], points: Sequence[Point]) -> bool:
    if len(meters) != 1 or len(points) != 1 or facts.conditions:
        return False
    (meter,) = meters
    if meter.installed.end is not None or len(needed(meter)) != len(meter.zones):
        return False
    if points[0].id != meter.point_id or any(one.point_id != meter.point_id for one in facts.charges):
        return False
    through = billed_through(facts.claims)
    if meter.verified_until is not None and meter.verified_until < _last(facts, through):
        return False
    return not any(one.late and (through is None or one.day > through) for one in facts.readings) and not any(
        left_out(facts)
    )


def _last(facts: Facts, through: date | None) -> date:
    """The last day that is billed or read: one behind it changes nothing yet."""
    return max([one.day for one in facts.readings] + ([] if through is None else [through]), default=date.min)


def _rising(readings: Sequence[ReadingFact], facts: Facts, key: tuple[int, int]) -> bool:
    """Whether there are counts, none smaller than one before it, and none that another has made impossible."""
    if not readings or any(one.value > other.value for one, other in pairwise(readings)):
        return False
    gone = {one.reading_no for one in facts.withdrawals}
    days = {
        one.day for one in facts.readings if (one.meter_id, one.register) == key and one.source and one.no not in gone
    }
    return len(days) == len(readings)


def _bill(claims: Sequence[Claim]) -> int:
    through = billed_through(claims)
    if through is None:
        return 0
    of_month = [one for one in claims if one.month == Month.of(through)]
    return of_month[0].no if len(of_month) == 1 and of_month[0].is_bill else 0
