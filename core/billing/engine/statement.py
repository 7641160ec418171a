"""The protocol of an account: every sum that makes up what is to be paid, with what it was computed from.

Nothing of it is stored: each line is computed again from the facts numbered below its claim (billing.md section 7).
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import partial

from core.basics.facts import dataclass
from core.basics.periods import Month, Period
from core.billing.conditions.model import Condition
from core.billing.conditions.model import Kind as ConditionKind
from core.billing.engine import deriving, lateness, limitation, planning, reckoning, segmenting, standing, tracing
from core.billing.engine.charging import Charge
from core.billing.engine.facts import Facts
from core.billing.engine.lining import Segment
from core.billing.engine.measuring import Inputs, Measured, Named, UsualUse, measured
from core.billing.engine.penalty import Penalty, PenaltyRules
from core.billing.engine.presence import as_known
from core.billing.engine.supplying import Supply, flows_by, supplies
from core.billing.estimation import ESTIMATED, Estimation, Norm
from core.billing.model import AccountState, ChargeFact, Claim, ClaimKind, Plan, Standing, Tariffs, TariffVersion
from core.billing.terms import PLAIN, DebtTerms, LateFee
from core.metering.model import Meter, Point, ReadingFact

ALWAYS = 1 << 62
"""A number above that of every fact."""

_AGREED = ConditionKind.INSTALMENTS, ConditionKind.INSTALMENTS_END


class Kind(StrEnum):
    """What a line of the protocol is. `PROVISIONAL`, `PENDING`, `ACCRUED` and `AGREED` are computed and not posted yet:
    use since the last bill, what readings change in billed months, what late payment costs, and the interest of
    instalment plans."""

    OPENING = "opening"
    BILL = "bill"
    RECALCULATION = "recalculation"
    PENALTY = "penalty"
    WRITE_OFF = "write_off"
    INTEREST = "interest"
    PAYMENT = "payment"
    PROVISIONAL = "provisional"
    PENDING = "pending"
    ACCRUED = "accrued"
    AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class Calculation:
    """How the use of a supply point on days of a month came to a sum, for so many persons where no fact says others;
    `meters` are those that stood there, `fixed` with the standing charge and the minimum; `versions` the ids under
    which the statement has the tariff versions."""

    point: int
    service: str
    meters: tuple[Meter, ...]
    days: Period
    measured: tuple[Measured, ...]
    charge: Charge
    persons: int
    fixed: bool
    versions: Mapping[int, str]
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A sum of the protocol, kopecks, with its sign in what is to be paid. `fact` is the claim or payment; `before`, of
    a recalculation, what was demanded for the month and meter until then, of a penalty, what was posted for its claim
    until then; `reproduced` tells whether computing it again gave the sum that was issued. `about` is the claim that a
    penalty or a write-off is for, `penalty` what all of its penalty is reckoned from, `plan` the instalment plan that
    interest is agreed by, as it stood then."""

    kind: Kind
    amount: int
    fact: str | None = None
    day: date | None = None
    month: Month | None = None
    due_on: date | None = None
    calculation: Calculation | None = None
    before: int | None = None
    reproduced: bool = True
    causes: tuple[str, ...] = ()
    about: str | None = None
    penalty: Penalty | None = None
    plan: Plan | None = None
    limitation_on: date | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """Where an account stands on a day and why: the lines add up to `to_pay` less `credit`. `readings` and `tariffs`
    are the facts that the calculations name, `usuals` the usual uses behind forecasts, `norms` and `conditions` what
    they were charged by beside that, all by their ids. `plans` are the instalment plans as they stand on the day;
    `terms` what held for debts."""

    account: str
    today: date
    standing: Standing
    lines: tuple[Line, ...]
    readings: Mapping[str, ReadingFact]
    tariffs: Mapping[str, TariffVersion]
    usuals: Mapping[str, UsualUse]
    norms: Mapping[str, Norm]
    conditions: Mapping[str, Condition]
    plans: tuple[Plan, ...] = ()
    terms: DebtTerms = PLAIN


def explain(
    facts: Facts,
    meters: Sequence[Meter],
    tariffs: Tariffs,
    *,
    account: str,
    persons: int,
    today: date,
    rules: Estimation = ESTIMATED,
    points: Sequence[Point] = (),
) -> Statement:
    """The protocol of the account on a day; `points` are those without a meter.

    :raises charging.NoTariff: a day to be charged has no tariff.
    """
    return _Explanation(facts, meters, tariffs, persons, rules, points).statement(account, today)


class _Explanation:
    """Computes every line again and gathers the facts that it meets."""

    def __init__(
        self,
        facts: Facts,
        meters: Sequence[Meter],
        tariffs: Tariffs,
        persons: int,
        rules: Estimation,
        points: Sequence[Point],
    ) -> None:
        self._facts = facts
        self._meters = meters
        self._tariffs = tariffs
        self._persons = persons
        self._rules = rules
        self._points = points
        self._inputs = Inputs({}, {}, {}, set())
        self._versions: dict[str, TariffVersion] = {}
        self._by_id = {version.id: version for versions in tariffs.values() for version in versions}

    def statement(self, account: str, today: date) -> Statement:
        state = planning.as_of(deriving.derive(self._facts, self._meters, tariffs=self._tariffs), today)
        late = self._facts.terms.late
        stands = standing.standing(
            state, self._meters, self._tariffs, persons=self._persons, today=today, rules=self._rules, late=late
        )
        last_days = {one.no: day for one, day in limitation.last_days(state, self._facts.terms.limitation)}
        lines = (
            *(
                replace(line, limitation_on=last_days.get(claim.no) if claim.is_principal else None)
                for claim in sorted(self._facts.claims, key=lambda one: one.no)
                for line in self._claim(claim)
            ),
            *self._payments(),
            *(() if late is None else self._accrued(state, late, today)),
            *self._agreed(state, today),
            *self._pending(stands),
            *self._provisional(state),
        )
        named = {one.no: one for one in self._facts.conditions}
        plans = {one.no for one in self._facts.conditions if one.kind in _AGREED}
        used = sorted(self._inputs.conditions | plans)
        conditions = {f"condition:{no}": named[no] for no in used if no in named}
        inputs = self._inputs
        return Statement(
            account,
            today,
            stands,
            lines,
            inputs.readings,
            self._versions,
            inputs.usuals,
            inputs.norms,
            conditions,
            state.plans,
            self._facts.terms,
        )

    def _claim(self, claim: Claim) -> Iterator[Line]:
        kind = Kind(claim.kind.value)
        named = "condition" if claim.kind is ClaimKind.INTEREST else "claim"
        about = f"{named}:{claim.about}" if claim.about is not None else None
        line = Line(kind, claim.amount, f"claim:{claim.no}", claim.issued_on, claim.month, claim.due_on, about=about)
        if claim.kind is ClaimKind.PENALTY:
            line = self._penalty(line, claim)
        if claim.kind is ClaimKind.INTEREST:
            line = self._interest(line, claim)
        charges = [charge for charge in self._facts.charges if charge.no == claim.no]
        if not charges:
            yield line
        for point in dict.fromkeys(charge.point_id for charge in charges):
            yield self._charged(line, claim, [charge for charge in charges if charge.point_id == point])

    def _charged(self, line: Line, claim: Claim, charges: Sequence[ChargeFact]) -> Line:
        point = charges[0].point_id
        amount = sum(charge.amount for charge in charges)
        ids = frozenset(id for charge in charges for id in charge.tariffs)
        tariffs = tracing.charged_by(self._tariffs, ids) if ids else self._tariffs
        if claim.kind is ClaimKind.BILL:
            found = self.calculate(
                point,
                claim.month,
                claim.month.period,
                through=claim.no,
                usual=claim.no,
                bill_of=claim.month,
                tariffs=tariffs,
            )
            same = found is not None and found.charge.amount == amount
            return replace(line, amount=amount, calculation=found, reproduced=same)
        before = sum(one.amount for one in self._demanded(point, claim.month, claim.no))
        for usual, counted in tracing.known_at(self._facts, claim):
            found = self.calculate(
                point,
                claim.month,
                claim.month.period,
                through=claim.no,
                usual=usual,
                counted=counted,
                tariffs=tariffs,
            )
            same = found is not None and found.charge.amount == before + amount
            if same:
                break
        causes = self._causes(point, claim.month, claim.no)
        return replace(line, amount=amount, calculation=found, before=before, reproduced=same, causes=causes)

    def _penalty(self, line: Line, claim: Claim) -> Line:
        """A posted penalty, reckoned again from the facts numbered below it, and below what was posted with it."""
        terms = self._facts.terms
        known = deriving.known(self._facts, self._before(claim))
        found, plans = reckoning.settlement(known, claim.issued_on)
        frozen = planning.frozen(plans) if terms.frozen else None
        histories = lateness.histories(known.claims, found, frozen=frozen)
        late = next((one for one in histories if one.no == claim.about), None)
        if late is None or terms.late is None:
            return replace(line, reproduced=False)
        cost = lateness.cost(late, terms.late, max(claim.issued_on, late.posted_through))
        same = cost.amount - late.posted == claim.amount
        return replace(line, before=late.posted, penalty=cost, reproduced=same)

    def _before(self, claim: Claim) -> int:
        """The number of the last fact before those that were posted together with the claim: what late payment of each
        claim, and each plan, cost was reckoned before any of it was posted."""
        kinds = ClaimKind.PENALTY, ClaimKind.INTEREST
        mine = {one.no for one in self._facts.claims if one.kind in kinds and one.issued_on == claim.issued_on}
        no = claim.no
        while no - 1 in mine:
            no -= 1
        return no - 1

    def _accrued(self, state: AccountState, rules: PenaltyRules | LateFee, today: date) -> Iterator[Line]:
        for one in lateness.unposted(state.claims, state.late, rules, through=today):
            yield Line(
                Kind.ACCRUED,
                one.amount,
                month=one.late.month,
                before=one.late.posted,
                about=f"claim:{one.late.no}",
                penalty=one.cost,
            )

    def _interest(self, line: Line, claim: Claim) -> Line:
        """Posted interest of an instalment plan, reckoned again from the facts numbered below it."""
        _, plans = reckoning.settlement(deriving.known(self._facts, self._before(claim)), claim.issued_on)
        plan = next((one for one in plans if one.no == claim.about), None)
        if plan is None:
            return replace(line, reproduced=False)
        same = planning.interest(plan) - plan.posted == claim.amount
        return replace(line, before=plan.posted, plan=plan, reproduced=same)

    def _agreed(self, state: AccountState, today: date) -> Iterator[Line]:
        for plan, amount in planning.unposted(state.plans, today):
            month, about = Month.of(plan.parts[-1].due_on), f"condition:{plan.no}"
            yield Line(Kind.AGREED, amount, month=month, before=plan.posted, about=about, plan=plan)

    def _demanded(self, point: int, month: Month, below: int) -> list[ChargeFact]:
        """What was demanded for a point and month by the claims numbered below."""
        return [one for one in self._facts.charges if one.point_id == point and one.month == month and one.no < below]

    def _causes(self, point: int, month: Month, below: int) -> tuple[str, ...]:
        """The facts that came since the month was last charged and may have changed it."""
        since = max((one.no for one in self._demanded(point, month, below)), default=0)
        meters = [meter for meter in self._meters if meter.point_id == point]
        return tuple(tracing.causes(self._facts, meters, point, month, since=since, below=below))

    def _payments(self) -> Iterator[Line]:
        for one in sorted(self._facts.payments, key=lambda payment: (payment.paid_on, payment.no)):
            yield Line(Kind.PAYMENT, -one.amount, f"payment:{one.no}", one.paid_on, one.month)

    def _pending(self, stands: Standing) -> Iterator[Line]:
        known, through = self._last_claim(), deriving.billed_through(self._facts.claims)
        counted = None if through is None else Month.of(through)
        for one in stands.recalculated:
            found = self.calculate(
                one.point_id, one.month, one.month.period, through=ALWAYS, usual=known, counted=counted
            )
            delta = one.amount - one.billed
            causes = self._causes(one.point_id, one.month, ALWAYS)
            yield Line(Kind.PENDING, delta, month=one.month, calculation=found, before=one.billed, causes=causes)

    def _last_claim(self) -> int | None:
        """The number of the last claim: forecasts stay those that were known at it."""
        return max((claim.no for claim in self._facts.claims if claim.is_principal), default=None)

    def _provisional(self, state: AccountState) -> Iterator[Line]:
        known = self._last_claim()
        for supply in supplies(state, self._meters, persons=self._persons, rules=self._rules):
            for month, days in standing.unbilled(state.billed_through, supply):
                found = self.calculate(supply.point_id, month, days, through=ALWAYS, usual=known, fixed=False)
                if found is not None and (found.charge.amount or found.charge.volume):
                    yield Line(Kind.PROVISIONAL, found.charge.amount, month=month, calculation=found)

    def calculate(
        self,
        point: int,
        month: Month,
        days: Period,
        *,
        through: int,
        usual: int | None,
        fixed: bool = True,
        bill_of: Month | None = None,
        counted: Month | None = None,
        tariffs: Tariffs | None = None,
    ) -> Calculation | None:
        """The charge of a point's days by the facts numbered up to `through`, forecast by the usual use known by those
        numbered up to `usual`; both without what came too late for the bill of `bill_of`, and what counts only behind
        the month `counted`. None where there was nothing to charge."""
        facts = replace(self._facts, conditions=tuple(one for one in self._facts.conditions if one.no <= through))
        meters = as_known(self._meters, self._facts, through)
        use_of = partial(deriving.use_of, facts, meters, bill_of=bill_of, counted=counted)
        use = use_of(through)
        known = use if usual is None else use_of(usual)
        state = deriving.whole(facts, use, known)
        found = supplies(
            state, meters, persons=self._persons, rules=self._rules, points=self._points, through=month.last
        )
        supply = next((one for one in found if one.point_id == point), None)
        if supply is None:
            return None
        held = tariffs or self._tariffs
        charge = segmenting.charged(supply, days, month, held, fixed=fixed)
        self._inputs.conditions.update(charge.facts)
        there = tuple(one.meter for one in supply.meters)
        gaps = {one.meter.id: one.gaps for one in supply.meters}
        named = Named(use.readings, known.readings, gaps, there, state.conditions, self._facts.averaging)
        segments = segmenting.segments(supply, days, month, held)
        versions = self._named({one.version.id for one in segments}, held)
        measured = tuple(self._measured(supply, segments, named))
        present = tuple(one.meter for one in supply.meters if one.present.meet(days) is not None)
        return Calculation(
            point, supply.service, present, days, measured, charge, self._persons, fixed, versions, segments
        )

    def _named(self, ids: Set[int], tariffs: Tariffs) -> dict[int, str]:
        """The ids under which the statement has these versions; one that held longer before another was known has its
        end in its id."""
        found: dict[int, str] = {}
        for version in (one for versions in tariffs.values() for one in versions if one.id in ids):
            name = f"tariff:{version.id}"
            if version != self._by_id[version.id]:
                name += f":{version.valid.end.isoformat() if version.valid.end else 'open'}"
            found[version.id] = name
            self._versions[name] = version
        return found

    def _measured(self, supply: Supply, segments: Sequence[Segment], named: Named) -> Iterator[Measured]:
        flows = supply.flows or flows_by(supply, self._rules)
        for segment in segments:
            for flow in flows:
                yield from measured(flow, segment.charged, segment.version.id, named, self._inputs)
