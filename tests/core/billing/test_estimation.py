"""What holds where no reading tells the use."""

from datetime import date

from core.basics.periods import Period
from core.billing.estimation import Case, Estimation, Norm, NormUnit, Uplift

SINCE = Period(date(2025, 11, 25), None)
BEFORE = Period(date(2020, 1, 1), date(2025, 11, 25))


def test_a_norm_is_that_of_the_category_and_the_day() -> None:
    common = Norm("cold_water", "", NormUnit.PERSON, 4_000, BEFORE, "order")
    bath = Norm("cold_water", "bath", NormUnit.PERSON, 6_900, BEFORE, "order")
    rules = Estimation(norms=(common, bath))
    assert rules.norm("cold_water", "bath", date(2025, 11, 24)) == bath
    assert rules.norm("cold_water", "shed", date(2025, 11, 24)) == common
    assert rules.norm("cold_water", "bath", date(2025, 11, 25)) is None
    assert rules.norm("gas", "bath", date(2025, 11, 24)) is None


def test_an_uplift_changes_on_its_day() -> None:
    rules = Estimation(
        uplifts=(
            Uplift("cold_water", Case.NO_METER, 1_500, BEFORE, "354"),
            Uplift("cold_water", Case.NO_METER, 3_000, SINCE, "1871"),
        )
    )
    assert rules.uplift("cold_water", Case.NO_METER, date(2025, 11, 24)) == 1_500
    assert rules.uplift("cold_water", Case.NO_METER, date(2025, 11, 25)) == 3_000
    assert rules.uplift("cold_water", Case.NOT_SENT, date(2025, 11, 25)) == 1_000
    assert rules.uplift("heat", Case.NO_METER, date(2025, 11, 25)) == 1_000
