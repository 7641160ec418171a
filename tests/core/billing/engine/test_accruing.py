"""What is posted day by day makes the same state as all facts would, without them being looked at."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import event, given
from hypothesis import strategies as st

from core.basics.periods import Month
from core.billing import profiles
from core.billing.engine import accruing, deriving, lateness
from core.billing.engine.deriving import Facts
from core.billing.model import AccountState, Claim, ClaimKind, Payment
from core.billing.terms import DebtTerms

HOUSEHOLD = profiles.profile("RU-household").debts
BY_DEBT = profiles.profile("GENERIC").debts
MAY = Month(2025, 5)
DUE = date(2025, 6, 10)


def bill(no: int, amount: int, month: Month = MAY, kind: ClaimKind = ClaimKind.BILL) -> Claim:
    return Claim(no, month, kind, amount, date(month.next.year, month.next.month, 10), month.next.first)


def day_by_day(known: Facts, days: int, terms: DebtTerms = HOUSEHOLD) -> tuple[int, int]:
    """Posts what each of so many days costs; on how many of them the state was made without all facts, of all."""
    state, quick, posted_on = deriving.derive(known, ()), 0, 0
    assert terms.late is not None
    for number in range(days):
        day = DUE + timedelta(28 + number)
        due = lateness.unposted(state.claims, state.late, terms.late, through=day)
        posted = [
            (Claim(no, one.late.month, ClaimKind.PENALTY, one.amount, one.late.due_on, day, one.late.no), one)
            for no, one in enumerate(due, state.fact_no + 1)
        ]
        if not posted:
            continue
        known = replace(known, claims=(*known.claims, *(claim for claim, _ in posted)))
        whole = deriving.derive(known, ())
        found = accruing.accrued(state, posted, terms)
        posted_on += 1
        quick += found is not None
        assert found is None or found == whole
        state = whole
    return quick, posted_on


def test_who_owes_a_bill_is_not_looked_at_as_a_whole() -> None:
    known = Facts(1, claims=(bill(1, 100_000), bill(2, 50_000, MAY.next)), terms=HOUSEHOLD)
    assert day_by_day(known, 90) == (87, 87)


def test_who_has_paid_all_but_penalties_is() -> None:
    paid = (Payment(2, DUE + timedelta(60), 100_000),)
    known = Facts(1, claims=(bill(1, 100_000),), payments=paid, terms=HOUSEHOLD)
    assert accruing.accrued(AccountState(1, 2, 0, None, (), (), {}), (), HOUSEHOLD) is None
    quick, posted = day_by_day(known, 5)
    assert quick == 0 < posted


def test_where_a_penalty_may_come_before_a_later_bill_all_facts_are_asked() -> None:
    known = Facts(1, claims=(bill(1, 100_000), bill(2, 50_000, MAY.next)), terms=BY_DEBT)
    quick, posted = day_by_day(known, 40, BY_DEBT)
    assert quick == 0 < posted


@given(st.data())
def test_the_short_way_ends_where_the_long_one_does(data: st.DataObject) -> None:
    months = [MAY, MAY.next, MAY.next.next]
    kinds = (ClaimKind.BILL, ClaimKind.RECALCULATION)
    claims = [
        bill(
            no,
            data.draw(st.integers(1, 90_000)),
            data.draw(st.sampled_from(months)),
            data.draw(st.sampled_from(kinds)),
        )
        for no in range(1, data.draw(st.integers(2, 5)))
    ]
    if data.draw(st.booleans()):
        claims.append(bill(6, -data.draw(st.integers(1, 60_000)), MAY, ClaimKind.RECALCULATION))
    payments = [
        Payment(no, DUE + timedelta(data.draw(st.integers(-20, 120))), data.draw(st.integers(1, 80_000)),
                data.draw(st.sampled_from([None, *months])))
        for no in range(10, 10 + data.draw(st.integers(0, 3)))
    ]  # fmt: skip
    quick, posted = day_by_day(Facts(1, claims=tuple(claims), payments=tuple(payments), terms=HOUSEHOLD), 12)
    event(f"all the short way: {quick == posted}")
