"""In which order money settles debts, by the rules of a pack (billing.md section 4.3)."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.basics.periods import Month, Period
from core.billing import profiles
from core.billing.conditions.model import Instalments
from core.billing.engine.ordering import Ahead, AllocationRules, Mode
from core.billing.engine.planning import Agreed
from core.billing.engine.settling import settle
from core.billing.model import Claim, ClaimKind, Component, OpenClaim, Payment

MAY, JUNE, JULY = Month(2025, 5), Month(2025, 6), Month(2025, 7)
RULES = profiles.profile("RU-household").allocation
BY_DEBT = replace(RULES, mode=Mode.BY_DEBT)


def bill(no: int, month: Month, amount: int) -> Claim:
    return Claim(no, month, ClaimKind.BILL, amount, date(month.next.year, month.next.month, 10), month.next.first)


def penalty(no: int, about: Claim, amount: int, day: date = date(2025, 9, 1)) -> Claim:
    return Claim(no, about.month, ClaimKind.PENALTY, amount, about.due_on, day, about.no)


def written_off(no: int, about: Claim, amount: int, day: date) -> Claim:
    return Claim(no, about.month, ClaimKind.WRITE_OFF, -amount, about.due_on, day, about.no)


def paid(no: int, amount: int, month: Month | None = None, day: date = date(2025, 9, 10)) -> Payment:
    return Payment(no, day, amount, month)


A, B = bill(1, MAY, 10_000), bill(2, JUNE, 20_000)
PEN = penalty(3, A, 500)


def left(found: tuple[OpenClaim, ...]) -> list[tuple[int, Component, int]]:
    return [(one.no, one.component, one.remaining) for one in found]


def test_a_penalty_takes_no_payment_before_what_is_owed_itself() -> None:
    found = settle([A, B, PEN], [paid(4, 15_000)], RULES)
    assert left(found.open) == [(3, Component.PENALTY, 500), (2, Component.PRINCIPAL, 15_000)]
    assert settle([A, B, PEN], [paid(4, 30_500)], RULES).open == ()


def test_by_debt_each_debt_is_settled_with_its_penalty() -> None:
    found = settle([A, B, PEN], [paid(4, 15_000)], BY_DEBT)
    assert left(found.open) == [(2, Component.PRINCIPAL, 15_500)]
    first = replace(BY_DEBT, order=(Component.PENALTY, Component.COSTS, Component.PRINCIPAL))
    assert left(settle([A, PEN], [paid(4, 400)], first).open) == [
        (1, Component.PRINCIPAL, 10_000), (3, Component.PENALTY, 100),
    ]  # fmt: skip


def test_the_month_that_the_payer_names_comes_first_if_the_rules_say_so() -> None:
    assert left(settle([A, B], [paid(4, 12_000, JUNE)], RULES).open) == [
        (1, Component.PRINCIPAL, 10_000), (2, Component.PRINCIPAL, 8_000),
    ]  # fmt: skip
    deaf = replace(RULES, designated_first=False)
    assert left(settle([A, B], [paid(4, 12_000, JUNE)], deaf).open) == [(2, Component.PRINCIPAL, 18_000)]
    named = settle([A, B, PEN], [paid(4, 10_300, MAY)], RULES)
    assert left(named.open) == [(3, Component.PENALTY, 500), (2, Component.PRINCIPAL, 19_700)]


def test_what_has_lapsed_is_settled_last() -> None:
    late = date(2028, 6, 11)
    assert left(settle([A, B], [paid(4, 12_000, day=late)], RULES, years=3).open) == [
        (1, Component.PRINCIPAL, 10_000), (2, Component.PRINCIPAL, 8_000),
    ]  # fmt: skip
    in_time = paid(4, 12_000, day=date(2028, 6, 10))
    assert left(settle([A, B], [in_time], RULES, years=3).open) == [(2, Component.PRINCIPAL, 18_000)]
    for rules, years in ((RULES, 0), (replace(RULES, barred_last=False), 3)):
        assert left(settle([A, B], [paid(4, 12_000, day=late)], rules, years=years).open) == [
            (2, Component.PRINCIPAL, 18_000)
        ]
    named = settle([A, B], [paid(4, 12_000, MAY, day=late)], RULES, years=3)
    assert left(named.open) == [(2, Component.PRINCIPAL, 18_000)], "the payer may name it"


LATE = date(2028, 6, 20)
NOW = bill(6, Month(2028, 5), 3_000)
"""Payable until 10 June 2028, when `A` lapsed."""
NEXT = bill(7, Month(2028, 6), 4_000)


def test_what_has_lapsed_comes_before_what_was_not_demanded_yet() -> None:
    found = settle([A, NOW, NEXT], [paid(8, 5_000, day=LATE)], RULES, years=3)
    assert left(found.open) == [(1, Component.PRINCIPAL, 8_000), (7, Component.PRINCIPAL, 4_000)]
    assert found.behind
    month_over = paid(8, 5_000, day=date(2028, 7, 1))
    found = settle([A, NOW, NEXT], [month_over], RULES, years=3)
    assert left(found.open) == [(1, Component.PRINCIPAL, 10_000), (7, Component.PRINCIPAL, 2_000)]
    assert not found.behind


def test_the_penalty_of_what_has_lapsed_has_lapsed_with_it() -> None:
    own = penalty(9, NOW, 300, LATE)
    found = settle([A, PEN, NOW, own], [paid(10, 13_400, day=LATE)], RULES, years=3)
    assert left(found.open) == [(3, Component.PENALTY, 400)], "principal first, then the penalty that has not lapsed"
    found = settle([A, PEN, NOW, own], [paid(10, 3_400, day=LATE)], BY_DEBT, years=3)
    assert left(found.open) == [(1, Component.PRINCIPAL, 9_900), (3, Component.PENALTY, 500)]


def test_an_instalment_plan_acknowledges_what_it_covers() -> None:
    terms = Instalments(MAY, MAY, 10_000, 2, date(2028, 6, 10))
    agreed = Agreed(5, Period(date(2028, 5, 20), date(2028, 6, 1)), terms)
    paid_late = [paid(8, 5_000, day=LATE)]
    found = settle([A, NOW], paid_late, RULES, years=3, plans=[agreed])
    assert left(found.open) == [(1, Component.PRINCIPAL, 5_000), (6, Component.PRINCIPAL, 3_000)]
    too_late = replace(agreed, days=Period(date(2028, 6, 11), date(2028, 6, 12)))
    found = settle([A, NOW], paid_late, RULES, years=3, plans=[too_late])
    assert left(found.open) == [(1, Component.PRINCIPAL, 8_000)], "what has lapsed begins no term again"
    in_force = replace(agreed, days=Period(date(2028, 6, 11), None), terms=replace(terms, due_on=date(2028, 6, 15)))
    found = settle([A, NOW], paid_late, RULES, years=3, plans=[in_force], grace=30)
    assert left(found.open) == [(1, Component.PRINCIPAL, 8_000)], "by its parts while the plan is in force"


def test_a_surplus_goes_to_the_next_or_to_the_last_debt_to_come() -> None:
    c = bill(5, JULY, 30_000)
    early = paid(4, 5_000, day=date(2025, 6, 30))
    assert left(settle([bill(1, MAY, 1_000), B, c], [early], RULES).open)[0] == (2, Component.PRINCIPAL, 16_000)
    last = replace(RULES, ahead=Ahead.LAST)
    found = settle([bill(1, MAY, 1_000), B, c], [early], last)
    assert left(found.open) == [(2, Component.PRINCIPAL, 20_000), (5, Component.PRINCIPAL, 26_000)]


def test_penalties_of_a_claim_are_one_debt_and_fall_with_it() -> None:
    found = settle([A, PEN, penalty(6, A, 250), penalty(7, A, -100)], [], RULES)
    assert left(found.open) == [(1, Component.PRINCIPAL, 10_000), (3, Component.PENALTY, 650)]
    back = settle([A, PEN, penalty(6, A, -500)], [], RULES)
    assert left(back.open) == [(1, Component.PRINCIPAL, 10_000)]
    owed = settle([A, PEN, penalty(6, A, -800)], [], RULES)
    assert left(owed.open) == [(1, Component.PRINCIPAL, 9_700)]


def test_a_write_off_takes_what_is_open_on_its_day_and_no_more() -> None:
    off = written_off(5, A, 10_500, date(2025, 9, 20))
    assert left(settle([A, B, PEN, off], [], RULES).open) == [(2, Component.PRINCIPAL, 20_000)]
    late = settle([A, B, PEN, off], [paid(4, 20_000, day=date(2025, 10, 1))], RULES)
    assert late.open == ()
    assert late.advance == 0
    before = settle([A, B, PEN, off], [paid(4, 20_000, day=date(2025, 9, 1))], RULES)
    assert (before.open, before.advance) == ((), 0), "what is written off too much goes to the other debts"
    undone = [A, B, PEN, off, replace(off, no=8, amount=10_500)]
    assert settle(undone, [], RULES).open == settle([A, B, PEN], [], RULES).open


MONTHS = [Month(2025, number) for number in range(1, 7)]
demands = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 50_000)), min_size=1, max_size=6).map(
    lambda rows: [bill(no, MONTHS[at], amount) for no, (at, amount) in enumerate(rows, 1)]
)
money = st.lists(st.tuples(st.integers(1, 60_000), st.none() | st.integers(0, 5), st.integers(1, 300)), max_size=6).map(
    lambda rows: [
        Payment(no, date.fromordinal(date(2025, 1, 1).toordinal() + day), amount, None if at is None else MONTHS[at])
        for no, (amount, at, day) in enumerate(rows, 101)
    ]
)
policies = st.builds(
    AllocationRules,
    order=st.permutations(list(Component)).map(tuple),
    mode=st.sampled_from(Mode),
    ahead=st.sampled_from(Ahead),
    designated_first=st.booleans(),
    barred_last=st.booleans(),
)


def aged(claims: list[Claim], old: list[int]) -> list[Claim]:
    """The claims, some of them from four years before."""
    return [
        replace(one, month=Month(one.month.year - 4, one.month.month), due_on=one.due_on.replace(year=2021, day=9))
        if one.no in old
        else one
        for one in claims
    ]


@given(demands, money, policies, st.lists(st.integers(1, 6), max_size=3), st.data())
def test_by_every_policy_nothing_is_lost(
    claims: list[Claim], payments: list[Payment], rules: AllocationRules, lapsed: list[int], data: st.DataObject
) -> None:
    claims = aged(claims, lapsed)
    penalties = [penalty(200 + one.no, one, data.draw(st.integers(1, 900))) for one in claims[:2]]
    found = settle([*claims, *penalties], payments, rules, years=4)
    owed = sum(one.amount for one in (*claims, *penalties)) - sum(one.amount for one in payments)
    assert sum(one.remaining for one in found.open) - found.advance == owed
    assert not (found.open and found.advance)
    assert sum(one.amount for one in found.allocations) + found.advance == sum(one.amount for one in payments)


@given(demands, money, st.lists(st.integers(1, 6), max_size=3), st.data())
def test_by_component_what_principal_is_settled_does_not_depend_on_penalties(
    claims: list[Claim], payments: list[Payment], lapsed: list[int], data: st.DataObject
) -> None:
    claims = aged(claims, lapsed)
    penalties = [penalty(200 + one.no, one, data.draw(st.integers(1, 900))) for one in claims]
    numbers = {one.no for one in claims}

    def of_principal(demanded: list[Claim]) -> list[object]:
        return [one for one in settle(demanded, payments, RULES, years=4).allocations if one.claim in numbers]

    assert of_principal([*claims, *penalties]) == of_principal(claims)
