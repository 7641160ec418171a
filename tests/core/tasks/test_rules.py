"""By when a task is due, and who works on it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.billing import profiles
from core.billing.terms import Calendar
from core.employees.model import Role
from core.tasking import TaskKind
from core.tasks import rules
from core.tasks.rules import BadKinds

MOSCOW = ZoneInfo("Europe/Moscow")
CALENDAR = Calendar(holidays=((11, 24),))
NOON = datetime(2025, 11, 21, 9, tzinfo=UTC)  # a Friday
TABLE = rules.kinds()


def due(kind: TaskKind, opened_at: datetime = NOON, calendar: Calendar = CALENDAR) -> str:
    found = rules.due(kind, opened_at, zone=MOSCOW, calendar=calendar, table=TABLE)
    return f"{found.astimezone(MOSCOW):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("kind", "until"),
    [
        (TaskKind.OUTAGE, "2025-11-21 14:00"),
        (TaskKind.DISPUTE, "2025-12-22 00:00"),  # thirty days, the last of them to its end
        (TaskKind.QUARANTINED, "2025-11-26 00:00"),  # a weekend and a holiday between
        (TaskKind.HUMAN, "2025-11-28 00:00"),
        (TaskKind.SUSPENSE, "2025-12-02 00:00"),
    ],
)
def test_the_term_of_a_kind(kind: TaskKind, until: str) -> None:
    assert due(kind) == until


def test_days_are_the_companys() -> None:
    """A message at half past midnight of the company's clock is of the new day, whatever the day is at Greenwich."""
    assert due(TaskKind.DISPUTE, datetime(2025, 11, 21, 21, 30, tzinfo=UTC)) == "2025-12-23 00:00"


def test_a_day_that_was_moved_is_worked_on() -> None:
    moved = Calendar(holidays=((11, 24),), working=frozenset({date(2025, 11, 22)}))
    assert due(TaskKind.QUARANTINED, calendar=moved) == "2025-11-23 00:00"


def test_a_term_holds_from_its_day_on() -> None:
    text = "\n".join(
        f'[[kind]]\nname = "{kind}"\nroles = ["clerk"]\n'
        f'[[term]]\nkind = "{kind}"\nsince = "2000-01-01"\nhours = 5\nsource.en = "-"'
        for kind in TaskKind
    )
    table = rules.read(text + '\n[[term]]\nkind = "outage"\nsince = "2025-11-22"\nhours = 1\nsource.en = "-"')
    for opened_at, hours in ((NOON, 5), (NOON + timedelta(days=1), 1)):
        found = rules.due(TaskKind.OUTAGE, opened_at, zone=MOSCOW, calendar=CALENDAR, table=table)
        assert found == opened_at + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("[[kind]", "TOMLDecodeError"),
        ('[[kind]]\nname = "outage"\nroles = ["king"]\n[[term]]', "king"),
        ('[[kind]]\nname = "outage"\nroles = ["clerk"]\n[[term]]\nkind = "outage"\nsince = "2000-01-01"', "outage"),
        ('[[kind]]\nname = "outage"\nroles = ["clerk"]\n[[term]]\nkind = "outage"\nsince = "2000-01-01"\nhours = 1\n'
         "days = 1", "outage"),
        ('[[kind]]\nname = "outage"\nroles = ["clerk"]\n[[term]]\nkind = "outage"\nsince = "2000-01-01"\nhours = 1\n'
         'source.en = "-"', "dispute"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_named(wrong: str, told: str) -> None:
    with pytest.raises(BadKinds, match=told):
        rules.read(wrong)


@given(
    kind=st.sampled_from(TaskKind),
    hours=st.integers(0, 24 * 365 * 40),
    pack=st.sampled_from(profiles.names()),
)
def test_a_term_never_ends_before_it_begins(kind: TaskKind, hours: int, pack: str) -> None:
    opened_at = datetime(2013, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    calendar = profiles.profile(pack).calendar
    found = rules.due(kind, opened_at, zone=MOSCOW, calendar=calendar, table=TABLE)
    assert opened_at < found < opened_at + timedelta(days=60)


def test_each_kind_has_its_people_and_the_administrator() -> None:
    for kind in TaskKind:
        assert rules.works_on(kind, frozenset({Role.ADMIN}), TABLE)
        assert not rules.works_on(kind, frozenset({Role.AUDITOR, Role.AUTHOR}), TABLE)
    assert rules.works_on(TaskKind.SUSPENSE, frozenset({Role.BILLER}), TABLE)
    assert not rules.works_on(TaskKind.SUSPENSE, frozenset({Role.CLERK}), TABLE)
