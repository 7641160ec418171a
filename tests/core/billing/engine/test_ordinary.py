"""An ordinary account's month closed from its state alone: what comes out is what all its facts give."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from core.basics.periods import Month, Period
from core.billing import stored
from core.billing.conditions.model import Kind
from core.billing.engine import deriving, kept, ordinary
from core.billing.engine.kept import kept_of
from core.billing.engine.ordering import AllocationRules
from core.billing.engine.ordinary import Close, Row
from core.billing.estimation import ESTIMATED, Norm, NormUnit
from core.billing.model import AccountState, Claim, ClaimKind
from core.billing.terms import DebtTerms
from core.metering.model import Meter, Point, ReadingFact, Source
from tests.conftest import EXAMPLES
from tests.core.billing.engine.histories import ALWAYS, BLOCKS, TARIFFS, Life, meter

FIRST = Month(2024, 10)
NORMED = replace(ESTIMATED, norms=(Norm("electricity", "", NormUnit.PREMISES, 100_000, ALWAYS, "test"),))
METERS = {
    "flat": meter(),
    "blocks": meter(tariff="BLOCKS"),
    "zones": meter(tariff="ZONES", zones=("day", "night")),
    "a total beside zones": meter(tariff="ZONES", zones=("total", "day", "night")),
    "verified": meter(verified_until=date(2025, 6, 1)),
    "verified for long": meter(verified_until=date(2031, 6, 1)),
    "verified to the end of a month": meter(verified_until=date(2025, 5, 31)),
    "new": meter(installed=Period(date(2025, 3, 11), None)),
    "removed": meter(installed=Period(date(2024, 1, 1), date(2025, 5, 20))),
}


class Town:
    """One account, closed month by month in both ways."""

    def __init__(self, of: Meter, *, norms: bool = False, seed: int = 4_000) -> None:
        points = (Point(of.point_id, 1, of.service, of.tariff),)
        self.life = Life((of,), rules=NORMED if norms else ESTIMATED, points=points)
        self.meter = of
        self.values = [seed + 10 * register for register in range(len(of.zones))]
        self.kept = kept.nothing(1)
        self.quick = self.alone = 0

    def read(self, day: date, use: int, *, source: Source = Source.CUSTOMER, late: bool = False) -> int:
        """The registers went on by so much; of zones the second one by half of it. A total stands first."""
        steps = [use] if len(self.values) == 1 else [use, use // 2, use - use // 2][-len(self.values) :]
        self.values = [(value + step) % 100_000 for value, step in zip(self.values, steps, strict=True)]
        return self.life.read(day, *self.values, source=source, late=late)

    def owed_since(self, due_on: date, amount: int) -> None:
        """A bill of an older system, unpaid, of which the limitation, a year, is soon to run out or has."""
        life = self.life
        old = Claim(life.next_no(), Month.of(due_on).previous, ClaimKind.OPENING, amount, due_on, due_on)
        life.facts = replace(life.facts, claims=(*life.facts.claims, old), terms=DebtTerms(limitation=1))
        life.state = life.derived()

    def guest(self, day: date) -> None:
        """A guest's reading, which has a number and counts for nothing."""
        life, no = self.life, self.life.next_no()
        fact = ReadingFact(no, self.meter.id, 1, day, 70_000_000, Source.GUEST)
        life.facts = replace(life.facts, readings=(*life.facts.readings, fact))
        life.state = replace(life.state, fact_no=no)

    def keep(self) -> None:
        """What is kept, by all facts of now, as a rebuild has it."""
        facts, meters = self.life.facts, self.life.meters
        use = deriving.use_of(facts, meters)
        self.kept = kept_of(facts, meters, self.life.points, use, self.life.tariffs)
        self.life.state = self.life.derived()

    def row(self) -> Row:
        state, of, facts = self.life.state, self.life.meters[-1], self.life.facts
        new = [one for one in facts.readings if one.no > self.kept.no]
        gone = max((one.no for one in facts.withdrawals), default=0)
        return Row(
            1, self.life.persons, state.fact_no, state.balance,
            json.loads(stored.claims_text(state)), json.loads(stored.issued_text(state.issued)),
            json.loads(stored.registers_text(state.registers)), of.id, of.point_id, of.service, of.tariff,
            " ".join(of.zones), of.fraction, of.multiplier, of.installed.start.isoformat(), self.kept.no,
            self.kept.bill, self.kept.issued_on.isoformat(), self.kept.tariffs, self.kept.plan, self.kept.counts,
            min((one.day.isoformat() for one in new), default=None),
            any(map(self._is_odd, new)) or gone > self.kept.no,
            None if of.verified_until is None else of.verified_until.isoformat(),
        )  # fmt: skip

    def _is_odd(self, one: ReadingFact) -> bool:
        """Whether a reading is firm, came too late, or is not in the state as it was read, as the database tells it."""
        register = self.life.state.registers.get((one.meter_id, one.register))
        known = () if register is None else ((at.day, at.value) for at in register.anchors)
        unseen = one.source is not Source.GUEST and (one.day, one.value) not in known
        return one.late or one.source >= Source.ACT or unseen

    def asked(self, month: Month) -> bool:
        """Whether the database would give the row."""
        state = self.life.state
        return (
            bool(self.kept.counts)
            and state.billed_through == month.previous.last
            and not self.life.facts.conditions
            and len(self.life.meters) == 1
            and self.meter.installed.end is None
            and (self.meter.verified_until is None or self.meter.verified_until >= month.last)
        )

    def close(self, month: Month, *, on: date | None = None) -> None:
        """Closes the month by all facts and, where that is possible, from the state alone, and compares."""
        life, facts, before = self.life, self.life.facts, self.life.state
        issued_on, due_on = on or month.next.first, month.next.first + timedelta(9)
        row = self.row() if self.asked(month) else None
        issues = life.close(month, on=on)
        close = Close(life.tariffs, life.rules, AllocationRules(), month, issued_on=issued_on, due_on=due_on)
        alone = not any(one.paid_on > due_on or (one.month and one.month >= month.previous.previous)
                        for one in facts.payments) and all(one.is_principal for one in facts.claims)  # fmt: skip
        found = None if row is None else close.close(row, alone=alone)
        use = deriving.use_of(life.facts, life.meters)
        expected = kept_of(life.facts, life.meters, life.points, use, life.tariffs)
        if found is None:
            self.kept = expected
            return
        self.quick += 1
        assert [(one.no, one.month, one.kind, one.amount) for one in found.issues] == [
            (one.claim.no, one.claim.month, one.claim.kind, one.claim.amount) for one in issues
        ]
        assert [
            (one.no, one.month, found.point_id, kind, volume, amount, found.known, one.tariffs)
            for one in found.issues
            for kind, volume, amount in one.lines
        ] == [
            (
                line.no,
                line.month,
                line.point_id,
                line.kind,
                line.volume,
                line.amount,
                line.known,
                "{" + ",".join(map(str, line.tariffs)) + "}",
            )
            for issue in issues
            for line in issue.lines
        ]
        self.alone += found.claims is not None
        assert _state(found, before, month, life) == life.state
        assert found.kept == expected
        self.kept = found.kept


def _state(found: ordinary.Closed, before: AccountState, month: Month, life: Life) -> AccountState:
    texts = found.claims
    if texts is None:
        claims, late, behind = life.state.claims, life.state.late, life.state.behind
    else:
        claims, late, _, behind = stored.claims(json.dumps(texts))
    return replace(
        before,
        fact_no=found.fact_no,
        balance=found.balance,
        billed_through=month.last,
        claims=claims,
        late=late,
        behind=behind,
        issued=stored.issued(json.dumps(found.issued)),
        registers=stored.registers(json.dumps(found.registers)),
    )


def test_an_ordinary_account_is_closed_from_its_state_alone() -> None:
    for name in ("flat", "blocks", "zones", "verified for long"):
        town = Town(METERS[name])
        month = FIRST
        for number in range(16):
            town.read(month.day(20), 150 + 20 * (number % 3))
            if number == 0:
                town.life.billed_elsewhere(month.previous)
            town.life.pay(month.day(8), 20_000)
            town.close(month)
            month = month.next
        assert (town.quick, town.alone) == (13, 13), name


def test_a_meter_is_an_ordinary_one_until_its_verification_ends() -> None:
    for name, quick in (("verified", 5), ("verified to the end of a month", 5)):
        town, month = Town(METERS[name]), FIRST
        for number in range(16):
            town.read(month.day(20), 150 + 20 * (number % 3))
            if number == 0:
                town.life.billed_elsewhere(month.previous)
            town.life.pay(month.day(8), 20_000)
            town.close(month)
            month = month.next
        assert town.quick == quick, name


@pytest.mark.parametrize("odd", ["late tariff", "guest", "act", "late reading", "old reading", "taken back", "penalty",
                                 "named payment", "fact", "lower", "unread", "rebuilt", "new plan"])  # fmt: skip
def test_what_is_not_ordinary_comes_out_the_same(odd: str) -> None:
    town = Town(METERS["flat"], norms=True)
    month = FIRST
    for number in range(20):
        if number == 0:
            town.read(month.first, 10)
            town.life.billed_elsewhere(month.previous)
        if odd != "unread" or number not in (10, 11, 12, 13, 14):
            no = town.read(month.day(20), 150 + 20 * (number % 3))
        if number == 10:
            _happens(town, odd, month, no)
        town.life.pay(month.day(8), 50_000)
        town.close(month)
        month = month.next
    assert town.quick >= 5


def _happens(town: Town, odd: str, month: Month, no: int) -> None:
    life = town.life
    match odd:
        case "late tariff" if len(life.tariffs["FLAT"]) == 1:  # a version that is stored is never changed
            version = replace(TARIFFS["FLAT"][0], id=9, valid=Period(month.previous.previous.day(7), None))
            old = replace(TARIFFS["FLAT"][0], valid=Period(date(2020, 1, 1), version.valid.start))
            life.tariffs = {**TARIFFS, "FLAT": (old, replace(version, blocks=BLOCKS[1].blocks))}
        case "guest":
            town.guest(month.day(22))
        case "act":
            town.read(month.day(25), 30, source=Source.CONTROL)
        case "late reading":
            town.read(month.day(28), 90, late=True)
        case "old reading":
            life.read(month.previous.previous.previous.day(2), town.values[0] - 500)
        case "taken back":
            life.withdraw(no)
        case "penalty":
            first = next(one for one in life.facts.claims if one.amount)
            claim = Claim(life.next_no(), first.month, ClaimKind.PENALTY, 77, first.due_on, month.day(25), first.no)
            life.facts = replace(life.facts, claims=(*life.facts.claims, claim))
            life.state = life.derived()
        case "named payment":
            life.pay(month.day(9), 12_345, month.previous)
        case "fact":
            life.record(Kind.PERSONS, Period(month.first, None), 3)
        case "lower":
            town.read(month.day(26), 99_990)
        case "rebuilt":
            town.keep()
        case "new plan":
            town.life.meters = (replace(town.meter, tariff="BLOCKS"),)
            town.meter = town.life.meters[0]
        case "unread" | "late tariff":
            pass


@st.composite
def lives(draw: st.DrawFn) -> Town:
    """A year of readings and some months that are closed, most of them ordinary, in which now and then something is
    not."""
    of = METERS[draw(st.sampled_from((*METERS, *["flat", "blocks", "zones"] * 3)))]
    town = Town(of, norms=draw(st.booleans()), seed=draw(st.sampled_from((0, 4_325, 4_325, 97_900))))
    oddities, life, month = draw(st.integers(0, 3)), town.life, FIRST
    for _ in range(draw(st.integers(0, 12))):
        _read(draw, town, month, (1, 1, 1, 0))
        month = month.next
    if draw(st.integers(0, 9)):
        life.billed_elsewhere(month.previous)
        if draw(st.booleans()):
            days = draw(st.integers(200, 400))
            town.owed_since(month.first - timedelta(days), draw(st.integers(1, 90_000)))
    for _ in range(draw(st.integers(3, 7))):
        _read(draw, town, month, (1, 1, 1, 1, 0, 2, 3))
        for _ in range(draw(st.sampled_from((0, 1, 1, 2)))):
            paid = draw(st.one_of(st.integers(1, 90_000), st.just(max(1, life.state.balance))))
            life.pay(month.day(draw(st.integers(1, 28))), paid)
        if draw(st.integers(1, 6)) <= oddities:
            _odd(draw, town, month)
        if draw(st.integers(0, 20)) == 20:
            month = month.next
        if draw(st.integers(0, 9)) == 9:
            town.keep()
        town.close(month, on=month.next.first + timedelta(draw(st.sampled_from((0, 0, 0, 1, 4)))))
        month = month.next
    return town


def _read(draw: st.DrawFn, town: Town, month: Month, times: tuple[int, ...]) -> None:
    installed = town.meter.installed
    for day in sorted(draw(st.integers(1, 31)) for _ in range(draw(st.sampled_from(times)))):
        on = month.day(day)
        if installed.start < on and (installed.end is None or on < installed.end):
            town.read(on, draw(st.integers(0, 400)))


def _odd(draw: st.DrawFn, town: Town, month: Month) -> None:
    life, old = town.life, month.previous.previous
    match draw(st.integers(0, 10)):
        case 0:
            town.read(month.day(28), draw(st.integers(0, 90)), late=True)
        case 1:
            town.guest(month.day(22))
        case 2:
            town.read(
                month.day(25), draw(st.integers(0, 90)), source=draw(st.sampled_from((Source.ACT, Source.CONTROL)))
            )
        case 3:
            life.read(old.day(draw(st.integers(1, 28))), *[max(0, one - 300) for one in town.values])
        case 4 if life.facts.readings:
            life.withdraw(draw(st.sampled_from([one.no for one in life.facts.readings[-3:]])))
            town.values = [one + 5 for one in town.values]
        case 5:
            _happens(town, "late tariff", month, 0)
        case 6:
            life.pay(month.day(9), draw(st.integers(1, 90_000)), draw(st.sampled_from((old, month.previous, month))))
        case 7 if any(one.amount > 0 for one in life.facts.claims):
            _happens(town, "penalty", month, 0)
        case 8:
            life.record(Kind.PERSONS, Period(month.first, None), 3)
        case 9:
            _happens(town, "lower", month, 0)
        case 10:
            life.persons = 3 - life.persons
        case _:
            pass


@pytest.mark.properties
@settings(max_examples=EXAMPLES)
@given(lives())
def test_both_ways_end_in_the_same(town: Town) -> None:
    event(f"{town.alone} months settled from the state alone")
    event(f"{town.quick} months closed from the state alone")
    event(f"money has settled what had lapsed: {town.life.state.behind}")


def test_money_that_settled_what_had_lapsed_goes_to_what_comes_late() -> None:
    """The correction of October is due behind the old bill, and before its limitation has run it would be settled
    behind it: no state without its payments tells what is open."""
    town, month = Town(METERS["flat"]), FIRST
    for number in range(8):
        town.read(month.day(20), 150)
        if number == 0:
            town.life.billed_elsewhere(month.previous)
            town.owed_since(month.first - timedelta(340), 500_00)
        town.life.pay(month.day(8), max(1, town.life.state.balance if number else 100_00))
        if number == 6:
            assert town.life.state.behind
            town.life.read(month.previous.day(25), town.values[0] - 90)
            town.keep()
        town.close(month)
        month = month.next
    assert town.quick >= 3
