"""Over random histories no disconnection is ordered without every premise of the closed list (R29)."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.billing.warning import Clock, Season, WarningTerms
from core.notices.model import Kind
from core.notices.warnings import chain, gate
from core.notices.warnings.model import Case, Premise, Row, Today, What

NUMBER, ACCOUNT, PHONE = 4821, "100004321", "+79780001705"
SAID = datetime(2025, 11, 21, 9, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Moscow")
TEXT = f"Увед.{NUMBER}. Предупреждение: л/с {ACCOUNT}, долг 5210,40 р"
HOUSEHOLD = WarningTerms(Clock.DELIVERY, 20, 40_000, 72, 14)
ORGANISATION = WarningTerms(Clock.SENDING, 10, 10_000, 72, 0)
FRIDAY, MONDAY = date(2025, 12, 12), date(2025, 12, 15)

FOUNDATION: dict[What, dict[str, Any]] = {
    What.APPROVAL: {"editors": ["author"], "approver": "approver"},
    What.CONTRACT: {"dated": "2025-11-20", "signed_by": "ivanova", "phone": PHONE, "account": ACCOUNT},
    What.PHONE: {"phone": PHONE, "stale": False},
    What.DEBT: {
        "account": ACCOUNT, "claims": [[5, "2025-10", "2025-11-10", 521_040]], "debt": 521_040, "stated": "5210,40",
    },
    What.TEXT: {"text": TEXT, "sha256": hashlib.sha256(TEXT.encode()).hexdigest()},
}  # fmt: skip

Event = tuple[What, datetime, dict[str, Any]]


def case(events: list[Event], *, terms: WarningTerms = HOUSEHOLD, **changed: dict[str, Any]) -> Case:
    """A warning with a whole chain of its first rows and these."""
    begun = [(what, SAID, {**body, **changed.get(what, {})}) for what, body in FOUNDATION.items()]
    rows: list[Row] = []
    head = chain.NONE
    for no, (what, at, body) in enumerate([*begun, *events], 1):
        row = chain.following(head, no, what, at, chain.body_bytes(body))
        rows.append(replace(row, body=body))
        head = row.hash
    return Case(
        NUMBER, 101, Kind.DISCONNECTION, 1, ACCOUNT, "household", ZONE, terms, tuple(rows), head, len(rows)
    )  # fmt: skip


def today(day: date = MONDAY, **changed: Any) -> Today:
    off = day.isoweekday() > 5
    eve = (day + timedelta(1)).isoweekday() > 5
    return replace(Today(day, 521_040, 521_040, planned=False, disputed=None, off=off, eve=eve), **changed)


DELIVERED: Event = (What.DELIVERED, SAID, {})
RECEIPT: Event = (What.CALLBACK, SAID, {})


def missing(of: Case, now: Today) -> set[Premise]:
    return set(gate.missing(of, now))


def test_the_list_is_closed() -> None:
    assert tuple(gate.PREMISES) == tuple(Premise)


def test_a_dispute_shuts_the_gate_for_the_days_of_the_rule_pack() -> None:
    assert missing(case([DELIVERED]), today(disputed=MONDAY - timedelta(30))) == set()
    assert missing(case([DELIVERED], terms=replace(HOUSEHOLD, dispute_days=0)), today(disputed=MONDAY)) == set()
    short = replace(HOUSEHOLD, dispute_days=2)
    assert missing(case([DELIVERED], terms=short), today(disputed=MONDAY - timedelta(1))) == {Premise.NO_DISPUTE}
    assert missing(case([DELIVERED], terms=short), today(disputed=MONDAY - timedelta(2))) == set()


def test_an_order_is_held_up_by_whatever_is_missing_when_it_is_looked_at() -> None:
    ordered = case([DELIVERED, (What.ORDER, SAID, {})])
    assert gate.withheld(ordered, today()) == ()
    assert gate.withheld(ordered, today(stated=0)) == (Premise.DEBT_NOW,)
    assert gate.withheld(ordered, today(FRIDAY, disputed=FRIDAY)) == (Premise.NO_DISPUTE, Premise.LAWFUL_DAY)


def test_a_season_may_go_over_the_new_year() -> None:
    winter, summer = Season("", (11, 1), (3, 31)), Season("", (6, 1), (6, 30))
    days = [date(2025, 10, 31), date(2025, 11, 1), date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 1)]
    assert [winter.covers(day) for day in days] == [False, True, True, True, False]
    assert [summer.covers(date(2026, 6, day)) for day in (1, 30)] == [True, True]
    assert not summer.covers(date(2026, 7, 1))


def test_a_complete_case_is_open() -> None:
    assert missing(case([DELIVERED]), today()) == set()


def test_household_and_organisation_count_from_different_days() -> None:
    sent: Event = (What.SENT, SAID, {})
    assert missing(case([sent]), today()) == {Premise.RECEIVED, Premise.DAYS}
    assert missing(case([sent], terms=ORGANISATION), today(date(2025, 12, 2))) == set()
    assert missing(case([sent], terms=ORGANISATION), today(date(2025, 12, 1))) == {Premise.DAYS}


@pytest.mark.parametrize(
    ("premise", "made"),
    [
        (Premise.CHAIN, lambda: (replace(case([DELIVERED]), head=b"\0" * 32), today())),
        (Premise.CHAIN, lambda: (replace(case([DELIVERED, RECEIPT]), rows=case([DELIVERED]).rows), today())),
        (Premise.KIND, lambda: (replace(case([DELIVERED]), kind=Kind.COURT), today())),
        (Premise.APPROVED, lambda: (case([DELIVERED], approval={"approver": "author"}), today())),
        (Premise.CONTRACT, lambda: (case([DELIVERED], contract={"phone": "+79780000000"}), today())),
        (Premise.CONTRACT, lambda: (case([DELIVERED], contract={"dated": "2025-11-22"}), today())),
        (Premise.CONTRACT, lambda: (case([DELIVERED], contract={"signed_by": ""}), today())),
        (Premise.DEBT_STATED, lambda: (case([DELIVERED], debt={"claims": []}), today())),
        (Premise.TEXT, lambda: (case([DELIVERED], text={"sha256": ""}), today())),
        (Premise.TEXT, lambda: (case([DELIVERED], debt={"stated": "1,00"}), today())),
        (Premise.DAYS, lambda: (case([DELIVERED]), today(date(2025, 12, 11)))),
        (Premise.LETTER, lambda: (case([DELIVERED, (What.DISPUTED, SAID, {})]), today())),
        (Premise.LETTER, lambda: (case([DELIVERED], phone={"stale": True}), today())),
        (Premise.DEBT_NOW, lambda: (case([DELIVERED]), today(stated=39_999))),
        (Premise.NOT_WITHDRAWN, lambda: (case([DELIVERED, (What.WITHDRAWN, SAID, {})]), today())),
        (Premise.NO_PLAN, lambda: (case([DELIVERED]), today(planned=True))),
        (Premise.NO_PROMISE, lambda: (case([DELIVERED, (What.PROMISED, SAID, {"until": "2025-12-15"})]), today())),
        (Premise.NO_DISPUTE, lambda: (case([DELIVERED]), today(disputed=MONDAY))),
        (Premise.NO_DISPUTE, lambda: (case([DELIVERED]), today(disputed=MONDAY - timedelta(29)))),
        (Premise.NOT_PROTECTED, lambda: (case([DELIVERED]), today(protected=("life_support",)))),
        (Premise.SEASON, lambda: (case([DELIVERED]), today(spared=True))),
        (Premise.LAWFUL_DAY, lambda: (case([DELIVERED]), today(FRIDAY))),
        (Premise.LAWFUL_DAY, lambda: (case([DELIVERED]), today(date(2025, 12, 14)))),
        (Premise.NO_ORDER, lambda: (case([DELIVERED, (What.ORDER, SAID, {})]), today())),
    ],
)  # fmt: skip
def test_each_premise_alone_shuts_the_gate(premise: Premise, made: Callable[[], tuple[Case, Today]]) -> None:
    of, now = made()
    assert missing(of, now) == {premise}


@pytest.mark.parametrize(
    ("overdue", "unpaid"),
    [
        ([], 0),
        ([[5, "2025-10", "2025-11-10", 521_040]], 521_040),
        ([[5, "2025-10", "2025-11-10", 100]], 100),
        ([[5, "2025-10", "2025-11-10", 600_000]], 521_040),
        ([[9, "2025-11", "2025-12-10", 521_040]], 0),
        ([[5, "2025-10", "2025-11-10", 100], [9, "2025-11", "2025-12-10", 521_040]], 100),
        ([[5, "2025-10", "2025-12-10", 400, "penalty"]], 0),
    ],
)
def test_only_the_debt_that_it_states_counts(overdue: list[list[Any]], unpaid: int) -> None:
    """What came due since was not warned of: no disconnection rests on it."""
    assert gate.unpaid(case([DELIVERED]), overdue) == unpaid


_times = st.integers(0, 40 * 24).map(lambda hours: SAID + timedelta(hours=hours))
_days = st.integers(0, 40).map(lambda number: (SAID + timedelta(number)).date())


def _with_day(what: What) -> st.SearchStrategy[Event]:
    def made(at: datetime, day: date) -> Event:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZONE).isoformat()
        return (what, at, {"until": day.isoformat()} if what is What.PROMISED else {"on_day": noon})

    return st.builds(made, _times, _days)


_events = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(
                [
                    What.SENT,
                    What.DELIVERED,
                    What.UNDELIVERED,
                    What.ACKNOWLEDGED,
                    What.DISPUTED,
                    What.LETTER,
                    What.WITHDRAWN,
                    What.ORDER,
                    What.CANCELLED,
                ]
            ),
            _times,
            st.just({}),
        ),
        *(_with_day(what) for what in (What.POSTED, What.RECEIVED, What.PROMISED)),
    ),
    max_size=6,
)


@given(
    _events,
    st.sampled_from([HOUSEHOLD, ORGANISATION]),
    st.integers(0, 60).map(lambda number: (SAID + timedelta(number)).date()),
    st.sampled_from([0, 9_999, 10_000, 39_999, 40_000, 521_040]),
    st.booleans(),
    st.one_of(st.none(), _days),
    st.tuples(st.booleans(), st.booleans()),
    st.booleans(),
)
def test_no_history_opens_it_without_every_premise(
    events: list[Event],
    terms: WarningTerms,
    day: date,
    stated: int,
    planned: bool,
    disputed: date | None,
    spared: tuple[bool, bool],
    stale: bool,
) -> None:  # R29
    """Told once more in other words: what must be true of any history in which a disconnection may be ordered."""
    of = case(events, terms=terms, phone={"stale": stale})
    protected = ("hospital",) if spared[0] else ()
    now = today(day, stated=stated, planned=planned, disputed=disputed, protected=protected, spared=spared[1])
    if gate.missing(of, now):
        return
    kinds = [what for what, _, _ in events]
    assert stated >= terms.least
    assert not planned
    assert disputed is None or (day - disputed).days >= 30
    assert spared == (False, False)
    assert day.isoweekday() < 5
    assert What.WITHDRAWN not in kinds
    promises = [date.fromisoformat(body["until"]) for what, _, body in events if what is What.PROMISED]
    assert not promises or promises[-1] < day
    if stale or What.DISPUTED in kinds:
        assert What.POSTED in kinds
    orders = [what for what in kinds if what in (What.ORDER, What.CANCELLED)]
    assert not orders or orders[-1] is What.CANCELLED
    proofs = (
        (What.DELIVERED, What.ACKNOWLEDGED, What.RECEIVED)
        if terms is HOUSEHOLD
        else (What.SENT, What.DELIVERED, What.POSTED)
    )
    shown = [
        datetime.fromisoformat(body["on_day"]) if "on_day" in body else at
        for what, at, body in events
        if what in proofs
    ]
    assert shown
    assert (day - min(shown).astimezone(ZONE).date()).days > terms.days


@given(_events, st.integers(0, 10), st.sampled_from(["what", "at", "body", "digest", "previous", "hash", "gone"]))
def test_no_change_of_a_row_goes_unseen(events: list[Event], at: int, field: str) -> None:  # R30
    of = case(events)
    place = at % len(of.rows)
    rows = list(of.rows)
    row = rows[place]
    changed: dict[str, Any] = {
        "what": What.CALLBACK, "at": row.at + timedelta(microseconds=1), "body": {"other": True},
        "digest": b"\1" * 32, "previous": b"\1" * 32, "hash": b"\1" * 32,
    }  # fmt: skip
    if field == "gone":
        del rows[place]
    else:
        rows[place] = replace(row, **{field: changed[field]})
    assert chain.broken_at(replace(of, rows=tuple(rows))) is not None
    assert Premise.CHAIN in gate.missing(replace(of, rows=tuple(rows)), today())
