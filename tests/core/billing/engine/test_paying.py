"""Money that comes last makes the same state as all facts would, without them being looked at."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import event, given
from hypothesis import strategies as st

from core.basics.periods import Month
from core.billing import profiles
from core.billing.engine import deriving, lateness, paying
from core.billing.engine.deriving import Facts
from core.billing.model import AccountState, Claim, ClaimKind, Payment, Plan
from core.billing.terms import PLAIN

HOUSEHOLD = profiles.profile("RU-household").debts
BY_DEBT = profiles.profile("GENERIC").debts
MAY = Month(2025, 5)
DUE = date(2025, 6, 10)
NEVER = date(1, 1, 1)


def bill(no: int, amount: int, month: Month = MAY, kind: ClaimKind = ClaimKind.BILL) -> Claim:
    return Claim(no, month, kind, amount, date(month.next.year, month.next.month, 10), month.next.first)


def penalties(known: Facts, day: date) -> tuple[Claim, ...]:
    """What late payment costs through the day, as a close posts it."""
    state = deriving.derive(known, ())
    assert known.terms.late is not None
    due = lateness.unposted(state.claims, state.late, known.terms.late, through=day)
    return tuple(
        Claim(no, one.late.month, ClaimKind.PENALTY, one.amount, one.late.due_on, day, one.late.no)
        for no, one in enumerate(due, state.fact_no + 1)
    )


def since(known: Facts) -> date | None:
    if any(one.amount < 0 and not one.is_principal for one in known.claims):
        return None
    days = [one.paid_on for one in known.payments]
    return max([*days, *(one.issued_on for one in known.claims if one.amount < 0)], default=NEVER)


def came(known: Facts, payments: tuple[Payment, ...]) -> AccountState | None:
    """The state with the payments by the short way, which is that from all facts wherever there is one."""
    found = paying.paid(deriving.derive(known, ()), payments, known.terms, since=since(known))
    whole = deriving.derive(replace(known, payments=(*known.payments, *payments)), ())
    assert found is None or found == whole
    return found


def test_the_next_payment_needs_no_history() -> None:
    known = Facts(1, claims=(bill(1, 100_000), bill(2, 50_000, MAY.next)), terms=HOUSEHOLD)
    for day, amount in ((DUE, 30_000), (DUE + timedelta(40), 30_000), (DUE + timedelta(100), 200_000)):
        assert came(known, (Payment(3, day, amount),)) is not None
    plain = replace(known, terms=PLAIN)
    assert came(plain, (Payment(3, DUE, 120_000), Payment(4, DUE - timedelta(9), 1_000))) is not None


def test_who_pays_in_advance_owes_nothing_yet() -> None:
    known = Facts(1, payments=(Payment(1, DUE, 500),), terms=HOUSEHOLD)
    state = came(known, (Payment(2, DUE, 700),))
    assert state is not None
    assert (state.balance, state.claims, state.fact_no) == (-1_200, (), 2)


def test_what_may_be_settled_otherwise_is_reckoned_from_all_facts() -> None:
    known = Facts(1, claims=(bill(1, 100_000),), payments=(Payment(2, DUE, 500),), terms=HOUSEHOLD)
    assert came(known, (Payment(3, DUE - timedelta(1), 500),)) is None, "it comes before other money"
    assert came(known, (Payment(3, DUE, 500, MAY),)) is None, "it is for a month"
    assert came(known, (Payment(3, DUE, -500),)) is None, "it takes money back"
    assert came(known, ()) is None
    assert came(known, (Payment(3, date(2028, 6, 11), 500),)) is None, "the limitation has run"
    assert came(known, (Payment(3, date(2028, 6, 10), 500),)) is not None
    assert came(replace(known, terms=BY_DEBT), (Payment(3, DUE, 500),)) is None, "a penalty may come before a bill"
    state = deriving.derive(known, ())
    payment = (Payment(3, DUE, 500),)
    assert paying.paid(state, payment, HOUSEHOLD, since=DUE) is not None
    assert paying.paid(replace(state, balance=state.balance - 1), payment, HOUSEHOLD, since=DUE) is None
    assert paying.paid(replace(state, behind=True), payment, HOUSEHOLD, since=DUE) is None
    assert paying.paid(replace(state, plans=(Plan(9, DUE, (), ()),)), payment, HOUSEHOLD, since=DUE) is None
    assert paying.paid(state, payment, HOUSEHOLD, since=None) is None


@given(st.data())
def test_the_short_way_ends_where_the_long_one_does(data: st.DataObject) -> None:
    months = [MAY, MAY.next, MAY.next.next]
    claims = [
        bill(
            no,
            data.draw(st.integers(1, 90_000)),
            data.draw(st.sampled_from(months)),
            data.draw(st.sampled_from((ClaimKind.BILL, ClaimKind.RECALCULATION))),
        )
        for no in range(1, data.draw(st.integers(2, 5)))
    ]
    if data.draw(st.booleans()):
        claims.append(bill(6, -data.draw(st.integers(1, 60_000)), MAY, ClaimKind.RECALCULATION))
    known = Facts(1, claims=tuple(claims), terms=data.draw(st.sampled_from((HOUSEHOLD, HOUSEHOLD, BY_DEBT))))
    day, quick, all_of_them = DUE - timedelta(30), 0, 0
    for _ in range(data.draw(st.integers(1, 5))):
        day += timedelta(data.draw(st.integers(0, 60)))
        if data.draw(st.booleans()):
            posted = penalties(known, day)
            known = replace(known, claims=(*known.claims, *posted))
        no = deriving.derive(known, ()).fact_no + 1
        named = data.draw(st.sampled_from((None, None, None, *months)))
        some = [Payment(no, day, data.draw(st.integers(1, 80_000)), named)]
        if data.draw(st.booleans()):
            other = day + timedelta(data.draw(st.integers(-9, 9)))
            some.append(Payment(no + 1, other, data.draw(st.integers(1, 9_000))))
        all_of_them += 1
        quick += came(known, tuple(some)) is not None
        known = replace(known, payments=(*known.payments, *some))
    event(f"the short way: {quick} of {all_of_them}")
