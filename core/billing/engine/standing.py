"""The instant answer: what an account is to pay now, from its state alone (billing.md section 8)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from core.basics.periods import DAY, Month, Period
from core.billing.engine import lateness, plainly, planning, putting_off, segmenting
from core.billing.engine.charging import bounds
from core.billing.engine.penalty import PenaltyRules
from core.billing.engine.supplying import Supply, begins, covered, supplies
from core.billing.engine.usage import Curve, consistent
from core.billing.estimation import ESTIMATED, Estimation
from core.billing.model import (
    AccountState,
    IssuedLine,
    Part,
    Recalculated,
    Standing,
    Tariffs,
    TariffVersion,
)
from core.billing.terms import LateFee
from core.metering.model import Anchor, Given, Meter, RegisterKey, RegisterState, Source


def standing(
    state: AccountState,
    meters: Sequence[Meter],
    tariffs: Tariffs,
    *,
    persons: int,
    today: date,
    due: Callable[[Month], date] | None = None,
    rules: Estimation = ESTIMATED,
    late: PenaltyRules | LateFee | None = None,
) -> Standing:
    """Where the account stands on a day.

    Five things make up `to_pay`: the balance of what was issued and paid; what late payment has cost by the rules
    `late`, and what instalment plans have agreed as interest, and is not posted yet; the use that was read since the
    last bill, never forecast; and what readings change in months billed before (rulings.md 1.1 to 1.4). `meters` are
    all that the state has registers of, removed ones too. `due` tells when the bill of a month will fall due, so that a
    sum which is not billed yet has its date.

    :raises charging.NoTariff: a day to be charged has no tariff.
    :raises penalty.NoPenaltyRate: the rules have no rate of penalty on a day that decides.
    """
    plan, following, interest = None, None, 0
    if state.plans:
        state = planning.as_of(state, today)
        interest = sum(amount for _, amount in planning.unposted(state.plans, today))
        plan = planning.in_force(state.plans, today)
        following = None if plan is None else putting_off.following(state, plan, today)
    found = plainly.used(state, meters, tariffs, rules)
    provisional, changed = found or used(state, meters, tariffs, persons=persons, rules=rules)
    penalty = 0 if late is None else _penalty(state, late, today)
    beyond = sum([part.amount for part in provisional]) + sum([one.amount - one.billed for one in changed])
    to_pay = max(0, total := state.balance + penalty + interest + beyond)
    claims = putting_off.parts(state.claims, plan, today)
    dates = [one.due_on for one in state.claims] + ([following[0]] if following else [])
    dates += [] if due is None else [due(part.month) for part in provisional]
    return Standing(
        to_pay=to_pay,
        overdue=min(to_pay, max(0, penalty + sum([part.amount for part in claims if part.overdue]))),
        credit=max(0, -total),
        due_on=min([day for day in dates if day >= today], default=None) if to_pay else None,
        claims=claims,
        provisional=provisional,
        recalculated=changed,
        advance=sum([one.remaining for one in state.claims]) - state.balance,
        penalty=penalty,
        interest=interest,
        part=following,
    )


def used(
    state: AccountState, meters: Sequence[Meter], tariffs: Tariffs, *, persons: int, rules: Estimation
) -> plainly.Used:
    """The use that was read since the last bill, and the billed months that cost another sum by what is known now.

    :raises charging.NoTariff: a day to be charged has no tariff.
    """
    known = supplies(state, meters, persons=persons, rules=rules)
    provisional = tuple(part for one in known for part in _provisional(state, one, tariffs))
    billed = counted(state)
    by_bills = known if billed is state else supplies(billed, meters, persons=persons, rules=rules)
    changed = tuple(one for one in recalculated(state, by_bills, tariffs) if one.amount != one.billed)
    return provisional, changed


def counted(state: AccountState) -> AccountState:
    """The state with those counts alone that the months billed go by: what counts only from a later bill on waits for
    it. The state itself where nothing waits."""
    if all(register.counted is None for register in state.registers.values()):
        return state
    registers = {
        key: replace(one, anchors=one.counted or one.anchors, counted=None) for key, one in state.registers.items()
    }
    return replace(state, registers=registers)


def _penalty(state: AccountState, late: PenaltyRules | LateFee, today: date) -> int:
    """What late payment has cost through today beyond what was posted; an account that owes nothing older than the days
    that cost nothing is not looked at."""
    if not state.late:
        oldest = min([one.due_on for one in state.claims], default=today)
        if oldest >= today or (today - oldest).days <= lateness.free_days(late):
            return 0
    return sum(one.amount for one in lateness.unposted(state.claims, state.late, late, through=today))


def _provisional(state: AccountState, known: Supply, tariffs: Tariffs) -> Iterator[Part]:
    for month, days in unbilled(state.billed_through, known):
        part = segmenting.charged(known, days, month, tariffs)
        if part.volume or part.amount:
            yield Part(month, part.amount, volume=part.volume, pieces=part.pieces, point_id=known.point_id)


def unbilled(billed_through: date | None, known: Supply) -> Iterator[tuple[Month, Period]]:
    """The days behind the last bill that readings of the point cover, month by month; where there was no bill yet,
    those behind the first anchors."""
    through = covered(known)
    first = begins(known) if billed_through is None else billed_through + DAY
    if through is None or first is None or first > through:
        return
    month = Month.of(first)
    while (start := max(first, month.first)) <= through:
        following = month.next
        yield month, Period(start, min(following.first, through + DAY))
        month = following


def recalculated(state: AccountState, known: Sequence[Supply], tariffs: Tariffs) -> tuple[Recalculated, ...]:
    """The billed lines that come out otherwise by what is known now: each whole month charged again, with a forecast
    only for the days behind the last anchor."""
    found: list[Recalculated] = []
    for line in state.issued:
        one = next((one for one in known if one.point_id == line.point_id), None)
        if one is None:
            continue
        if one.curves is not None and _unchanged(line, one, one.curves, tariffs.get(one.plan, ())):
            continue
        again = segmenting.charged(one, line.month.period, line.month, tariffs, fixed=True)
        if again.amount != line.amount or again.volume != line.volume:
            found.append(
                Recalculated(
                    line.month,
                    one.point_id,
                    line.volume,
                    again.volume,
                    billed=line.amount,
                    amount=again.amount,
                    tariffs=again.tariffs,
                )
            )
    return tuple(found)


def _unchanged(line: IssuedLine, known: Supply, curves: Mapping[str, Curve], versions: Sequence[TariffVersion]) -> bool:
    """Whether it can be told without charging again: one register of a meter that was there all month, the same volume,
    and the one version that it was billed by still holds all month."""
    if len(curves) != 1 or len(line.tariffs) != 1 or not _there(known, line.month):
        return False
    (curve,) = curves.values()
    first, following, _ = bounds(line.month)
    if curve.count(following.toordinal() - 1) - curve.count(first.toordinal() - 1) != line.volume:
        return False
    (billed_by,) = line.tariffs
    for version in reversed(versions):
        if version.id == billed_by:
            valid = version.valid
            return valid.start <= first and (valid.end is None or following <= valid.end)
    return False


def _there(known: Supply, month: Month) -> bool:
    present, (first, following, _) = known.present[0], bounds(month)
    return present.start <= first and (present.end is None or following <= present.end)


def accept(
    state: AccountState,
    given: Sequence[Given],
    *,
    day: date,
    no: int,
    source: Source = Source.CUSTOMER,
    since: Month | None = None,
) -> AccountState:
    """The state once these numbers are in force for the end of `day`, as the account's fact numbered `no`; `since` is
    the first month whose bill goes by them, where they change none before.

    Of two values for one register and day the firmer source holds, then the later. A day before the anchors that the
    state keeps changes nothing in it: such a reading takes effect when the account is derived anew.
    """
    registers = dict(state.registers)
    waits = since is not None and state.billed_through is not None and since > Month.of(state.billed_through)
    for one in given:
        register = registers.get(one.key, RegisterState(()))
        anchors = register.anchors
        if not anchors or day >= anchors[0].day or anchors[0].day > _floor(state, one.meter.point_id):
            new = Anchor(day, one.value, source)
            register = _counting(register, _with(anchors, new, one.meter.wheel), new, one.meter.wheel, waits=waits)
        registers[one.key] = register
    return AccountState(
        state.account_id, no, state.balance, state.billed_through, state.claims, state.issued, registers,
        state.conditions, state.late, state.plans, state.behind,
    )  # fmt: skip


def _counting(
    register: RegisterState, anchors: tuple[Anchor, ...], new: Anchor, wheel: int, *, waits: bool
) -> RegisterState:
    """The register with these anchors, of which the new one may wait for a later bill. A first count waits for none:
    without it nothing would be billed."""
    before = register.anchors if register.counted is None else register.counted
    if waits and (not before or new.day >= before[0].day):
        known = before
    elif register.counted is None and not waits:
        known = anchors
    else:
        known = _with(before or tuple(one for one in register.anchors if one.day < new.day), new, wheel)
    return RegisterState(anchors, register.usual, register.before, None if known == anchors else known)


def _floor(state: AccountState, point_id: int) -> date:
    """The last day before the earliest month that may still change for the point."""
    if state.billed_through is None:
        return date.min
    return min([state.billed_through, *(line.month.first - DAY for line in state.issued if line.point_id == point_id)])


def _with(anchors: tuple[Anchor, ...], new: Anchor, wheel: int) -> tuple[Anchor, ...]:
    if not anchors or new.day > anchors[-1].day:
        return consistent((*anchors, new), wheel)
    before = tuple(one for one in anchors if one.day < new.day)
    after = tuple(one for one in anchors if one.day > new.day)
    same = next((one for one in anchors if one.day == new.day), None)
    holds = same if same is not None and same.source > new.source else new
    return consistent((*before, holds, *after), wheel)


def withdraw(
    state: AccountState, keys: Sequence[RegisterKey], *, day: date, no: int, earlier: Mapping[RegisterKey, Anchor]
) -> AccountState:
    """The state once a customer's values of `day` on these registers are taken back, as the fact numbered `no`.

    `earlier` holds what was in force for that day before, where anything was; a firmer value of the day stays.
    """
    registers = dict(state.registers)
    for key in keys:
        register = registers.get(key, RegisterState(()))
        kept = [one for one in register.anchors if one.day != day or one.source > Source.CUSTOMER]
        again = earlier.get(key)
        if again is not None and again.source is not Source.GUEST and all(one.day != day for one in kept):
            kept.append(again)
        if kept:
            anchors = tuple(sorted(kept, key=lambda one: one.day))
            registers[key] = replace(register, anchors=anchors, counted=_left(register, anchors, day))
        else:
            registers.pop(key, None)
    return replace(state, fact_no=no, registers=registers)


def _left(register: RegisterState, anchors: tuple[Anchor, ...], day: date) -> tuple[Anchor, ...] | None:
    """What the months billed go by once the value of the day is taken back: what they went by before, unless it was
    that value."""
    before = register.counted
    if before is None:
        return None
    gone = next((one for one in register.anchors if one.day == day), None)
    if gone is not None and gone in before:
        before = tuple(one for one in anchors if one.day == day or one in before)
    return None if before == anchors else before
