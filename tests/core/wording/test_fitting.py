"""Accepted readings are said in the same words whether their wordings are tried or their shape is known."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from core.basics.periods import Month
from core.messages import Accepted, Money, Taken
from core.records import CountsLater, Doubt, ForecastReplaced
from core.wording import catalogs
from core.wording.fitting import Fitting, shape_of
from core.wording.phrases import Phrases
from core.wording.texts import TEXTS
from core.wording.words import Words
from tests.conftest import EXAMPLES
from tests.house import samples

LOCALES = Path(__file__).parents[3] / "locales"
WORDS = Words.read(LOCALES)
PHRASES = {language: Phrases.of(catalog) for language, catalog in catalogs.load(LOCALES, TEXTS).items()}

DAYS = st.sampled_from([date(2025, 11, 1), date(2025, 11, 21), date(2025, 12, 15), date(2025, 5, 9)])
MONTHS = st.sampled_from([Month(2025, 5), Month(2025, 9), Month(2025, 11)])
SUMS = st.one_of(st.integers(0, 120), st.integers(0, 10**9), st.sampled_from([9, 10, 99, 100, 999, 1000, 99_999]))
CHANGES = st.one_of(SUMS, SUMS.map(lambda minor: -minor))
VOLUMES = st.one_of(st.integers(0, 2_000), st.integers(0, 10**9), st.integers(0, 10**6).map(lambda whole: whole * 1000))
COUNTS = st.from_regex(r"\A[0-9]{1,9}(\.[0-9]{1,3})?\Z")
MONEY = st.builds(
    Money, SUMS, SUMS, SUMS, st.none() | DAYS, SUMS, st.none() | st.tuples(DAYS, SUMS)
)  # fmt: skip
TAKEN = st.builds(
    Taken, st.just("total"), COUNTS, st.none() | VOLUMES, service=st.sampled_from(["electricity", "gas", "steam"])
)
ACCEPTED = st.builds(
    Accepted,
    st.tuples(TAKEN),
    st.none() | MONEY,
    day=st.none() | DAYS,
    instead=st.just(()) | st.tuples(COUNTS),
    repeated=st.booleans(),
    late_for=st.none() | MONTHS,
    early_for=st.none() | MONTHS,
    window=st.none() | st.just((15, 25)),
    unverified_since=st.none() | DAYS,
    replaced=st.none() | st.builds(ForecastReplaced, VOLUMES, VOLUMES, CHANGES),
    later=st.none() | st.builds(CountsLater, DAYS, DAYS, MONTHS),
    doubt=st.sampled_from(Doubt),
)


@settings(max_examples=EXAMPLES)
@given(ACCEPTED, st.randoms(use_true_random=False), st.sampled_from(sorted(PHRASES)))
def test_the_wording_of_a_shape_is_the_first_that_fits(reply: Accepted, dice: Random, language: str) -> None:
    fitting = Fitting(PHRASES[language])
    assert fitting.said(reply) == WORDS.tried(reply, language)
    alike = _alike(reply, dice)
    event("of one shape" if shape_of(alike) == shape_of(reply) else "of another shape")
    assert fitting.said(alike) == WORDS.tried(alike, language)


@pytest.mark.parametrize("language", sorted(PHRASES))
def test_samples_are_said_as_by_trying(language: str) -> None:
    accepted = [one for one in samples.replies(sorted(PHRASES)) if isinstance(one, Accepted)]
    assert {shape_of(one) is None for one in accepted} == {True, False}
    for one in accepted:
        assert WORDS.say(one, language) == WORDS.tried(one, language)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Accepted((Taken("total", "04512", 1_500),), None), Accepted((Taken("total", "04512", -500),), None)),
        (Accepted((Taken("total", "04512", 1_500),), None), Accepted((Taken("total", "04512", 1_501),), None)),
        (Accepted((Taken("total", "04512", 0),), Money(100)), Accepted((Taken("total", "04512", 0),), Money(1000))),
        (Accepted((Taken("total", "04512", 0),), Money(9)), Accepted((Taken("total", "04512", 0),), Money(0))),
    ],
)
def test_what_takes_other_room_has_another_shape(one: Accepted, other: Accepted) -> None:
    assert shape_of(one) != shape_of(other)


def test_the_customers_own_words_and_several_registers_have_no_shape() -> None:
    plain = Accepted((Taken("total", "04512", 187_000),), None)
    assert shape_of(plain) is not None
    for taken in [(Taken("day", "04512", 1),), (*plain.taken, *plain.taken), (Taken("total", "04512", 1, "98765"),)]:
        assert shape_of(replace(plain, taken=taken)) is None
    assert shape_of(replace(plain, account="Дача")) is None
    assert shape_of(replace(plain, taken=(Taken("total", "{4512}", 1),))) is None


def _alike(reply: Accepted, dice: Random) -> Accepted:
    """The reply with other numbers of the same lengths."""

    def other(number: int) -> int:
        digits = len(str(abs(number)))
        drawn = dice.randrange(10 ** (digits - 1), 10**digits) if number else 0
        return -drawn if number < 0 else drawn

    def volume(milli: int) -> int:
        return other(milli // 1000) * 1000 if milli % 1000 == 0 else other(milli)

    (one,) = reply.taken
    digits = "".join(dice.choice("0123456789") if sign.isdigit() else sign for sign in one.digits)
    taken = replace(one, digits=digits, used=None if one.used is None else volume(one.used))
    money, replaced = reply.money, reply.replaced
    if money is not None:
        part = money.part and (money.part[0], other(money.part[1]))
        money = Money(
            other(money.to_pay), other(money.overdue), other(money.credit), money.due_on, other(money.penalty), part
        )
    if replaced is not None:
        replaced = ForecastReplaced(volume(replaced.forecast), volume(replaced.actual), other(replaced.change))
    return replace(reply, taken=(taken,), money=money, replaced=replaced)
