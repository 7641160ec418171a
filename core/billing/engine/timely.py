"""Which readings are in force, and which came too late for a bill (billing.md sections 1 and 6, rulings.md 1.4)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from core.basics.periods import Month
from core.billing.engine.facts import Facts
from core.billing.engine.usage import consistent
from core.billing.model import Claim, ClaimKind
from core.metering.model import Meter, ReadingFact, RegisterKey, Source


def in_force(
    facts: Facts,
    meters: Sequence[Meter],
    *,
    through: int | None = None,
    bill_of: Month | None = None,
    counted: Month | None = None,
) -> Mapping[RegisterKey, tuple[ReadingFact, ...]]:
    """The readings in force by register, oldest first: one a day, of the firmest source, of those the latest; none that
    was withdrawn, came from a guest, or is made impossible by a firm one.

    `bill_of` leaves out those that came too late for the bill of that month, which is made by forecast; the next close
    takes them as a difference (rulings.md 1.4, check 16). `counted` leaves out those that count only from the bill of a
    later month on (`ReadingFact.since`): what they tell of months billed before waits for that bill.
    """
    gone = {one.reading_no for one in facts.withdrawals if through is None or one.no <= through}
    counting = [
        one
        for one in facts.readings
        if one.source is not Source.GUEST and one.no not in gone and (through is None or one.no <= through)
    ]
    best: dict[RegisterKey, dict[date, ReadingFact]] = {}
    if bill_of is not None:
        counting = _in_time(counting, partial(_too_late, month=bill_of))
    if counted is not None:
        counting = _in_time(counting, partial(_waits, month=counted))
    for one in counting:
        days = best.setdefault((one.meter_id, one.register), {})
        rival = days.get(one.day)
        if rival is None or (rival.source, rival.no) < (one.source, one.no):
            days[one.day] = one
    wheels = {meter.id: meter.wheel for meter in meters}
    return {
        key: consistent([days[day] for day in sorted(days)], wheels[key[0]])
        for key, days in best.items()
        if key[0] in wheels
    }


def _in_time(readings: Sequence[ReadingFact], too_late: Callable[[ReadingFact], bool]) -> list[ReadingFact]:
    """The readings without those that came too late. The first count of a register stays: without it nothing would be
    billed, now or later."""
    first: dict[RegisterKey, date] = {}
    for one in readings:
        if not too_late(one):
            key = one.meter_id, one.register
            first[key] = min(one.day, first.get(key, one.day))
    return [one for one in readings if not too_late(one) or one.day < first.get((one.meter_id, one.register), date.max)]


def _too_late(one: ReadingFact, month: Month) -> bool:
    if one.since is not None:
        return one.since > month
    return one.late and Month.of(one.day) == month


def waiting(facts: Facts, billed: Month) -> Month | None:
    """The last month billed, where any reading counts only from the bill of a later one on; else None."""
    return billed if any(_waits(one, billed) for one in facts.readings) else None


def _waits(one: ReadingFact, month: Month) -> bool:
    return one.since is not None and one.since > month


def counted(facts: Facts, meters: Sequence[Meter], billed: Month) -> Mapping[RegisterKey, tuple[ReadingFact, ...]]:
    """The readings in force that the months billed go by; none of a register of which all came too late for them."""
    found = in_force(facts, meters, counted=billed)
    return {key: () if all(_waits(one, billed) for one in own) else own for key, own in found.items()}


def left_out(facts: Facts) -> Iterator[date]:
    """The days of the readings that came too late for the bill of their month and that no later close has taken."""
    bills = {claim.month: claim for claim in facts.claims if claim.kind is ClaimKind.BILL}
    for one in facts.readings:
        if one.since is not None:
            if _untaken(one, one.since, bills, facts.claims):
                yield one.day
            continue
        bill = bills.get(Month.of(one.day)) if one.late else None
        if bill is not None and one.no < bill.no and not any(_took(claim, bill) for claim in facts.claims):
            yield one.day


def _untaken(one: ReadingFact, since: Month, bills: Mapping[Month, Claim], claims: Sequence[Claim]) -> bool:
    """Whether what the reading tells of months before that from which it counts waits still: for the bill of that
    month, or, where that was issued together with one before it, for the close after."""
    first = min((month for month in bills if month >= since), default=None)
    if first is None:
        return True
    taking = bills[first]
    together = [
        bill
        for month, bill in bills.items()
        if month < since and bill.issued_on == taking.issued_on and bill.no > one.no
    ]
    return any(not any(_took(claim, taking) or _took(claim, bill) for claim in claims) for bill in together)


def _took(claim: Claim, bill: Claim) -> bool:
    """Whether the claim shows that a later close than that of the bill was made."""
    if claim.kind is ClaimKind.RECALCULATION:
        return claim.month == bill.month and claim.no > bill.no
    return claim.kind is ClaimKind.BILL and claim.month > bill.month and claim.issued_on > bill.issued_on
