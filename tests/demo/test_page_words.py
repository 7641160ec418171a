"""The page's own words: the same in every language, with values put in as they are."""

from pathlib import Path

import pytest

from demo import page_words
from demo.page_words import UnusableTexts
from demo.town_model import Trait


def test_every_language_has_the_same_texts() -> None:
    words = page_words.load()
    assert set(words) == {"ru", "en"}
    for trait in Trait:
        assert all(one(f"trait.{trait}") for one in words.values())


@pytest.mark.parametrize("value", ["{{7*7}}", "{name}", "{0.__class__}", "%(debt)999999d", "<b>"])
def test_a_value_is_put_in_as_it_is(value: str) -> None:
    # R31
    assert value in page_words.load()["ru"]("stored.of", name=value)


@pytest.mark.parametrize(
    "odd",
    [
        '[page]\nother = "Anders"\n',
        '[page]\ntitle = "A town in {a}"\n',
        '[page]\ntitle = "A town in {name}"\n',
        '[page]\ntitle = "A town in {"\n',
    ],
)
def test_a_language_that_does_not_fit_is_refused(tmp_path: Path, odd: str) -> None:
    (tmp_path / "ru.toml").write_text('[page]\ntitle = "Город"\n', encoding="utf-8")
    (tmp_path / "en.toml").write_text(odd, encoding="utf-8")
    with pytest.raises((UnusableTexts, ValueError)):
        page_words.load(tmp_path)


@pytest.mark.parametrize(
    ("asked", "accepted", "chosen"),
    [
        ("en", "ru", "en"),
        ("ru", "en", "ru"),
        ("xx", "en-GB,en;q=0.9", "en"),
        (None, "", "ru"),
        (None, "de,en;q=0.5,ru;q=0.7", "ru"),
        (None, "uk, en-US;q=0.8", "en"),
        (None, "en;q=NaN,ru;q=oops", "en"),
        (None, "fr", "ru"),
    ],
)
def test_the_language_is_the_one_asked_for_or_accepted(asked: str | None, accepted: str, chosen: str) -> None:
    assert page_words.chosen(asked, accepted) == chosen


def test_sums_and_days_are_written_as_people_do() -> None:
    words = page_words.load()
    assert words["ru"].money(105_244) == "1\u00a0052,44\u00a0₽"
    assert words["en"].money(-20) == "-0.20\u00a0₽"
    assert words["ru"].price("-0.01580") == "0,0158 $"
    assert words["en"].price("-0.00790") == "$0.0079"
