"""Until when a bill is to be paid."""

from datetime import date

import pytest

from core.basics.periods import Month
from core.billing import profiles


@pytest.mark.parametrize(
    ("month", "day"),
    [
        (Month(2025, 10), date(2025, 11, 10)),
        (Month(2025, 12), date(2026, 1, 10)),
        (Month(2026, 1), date(2026, 2, 10)),
        (Month(2026, 2), date(2026, 3, 15)),
        (Month(2030, 12), date(2031, 1, 15)),
    ],
)
def test_households_in_russia(month: Month, day: date) -> None:
    assert profiles.due_on("RU-household", month) == day


def test_what_no_rule_pack_says_is_refused() -> None:
    with pytest.raises(profiles.NoProfile, match="RU-household"):
        profiles.due_on("XX", Month(2025, 10))
    with pytest.raises(profiles.NoProfile):
        profiles.due_on("../tariffs", Month(2025, 10))
    with pytest.raises(profiles.NoProfile, match="1990-01"):
        profiles.due_on("RU-household", Month(1990, 1))


def test_every_rule_pack_can_be_read() -> None:
    for name in profiles.names():
        found = profiles.profile(name)
        assert found.name == name
        assert found.due
        assert all(1 <= rule.day <= 31 and rule.source for rule in found.due)
