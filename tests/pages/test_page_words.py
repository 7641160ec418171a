"""The page's own words: the same in every language, with values put in as they are."""

from pathlib import Path

import pytest

from demo.town_model import Trait
from pages import words as page_words
from pages.words import UnusableTexts

TEXTS = Path(__file__).parents[2] / "demo" / "texts"


def test_every_language_has_the_same_texts() -> None:
    words = page_words.load(TEXTS)
    assert set(words) == {"ru", "en"}
    for trait in Trait:
        assert all(one(f"trait.{trait}") for one in words.values())


@pytest.mark.parametrize("value", ["{{7*7}}", "{name}", "{0.__class__}", "%(debt)999999d", "<b>"])
def test_a_value_is_put_in_as_it_is(value: str) -> None:
    # R31
    assert value in page_words.load(TEXTS)["ru"]("stored.of", name=value)


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
    words = page_words.load(TEXTS)
    assert words["ru"].money(105_244) == "1\u00a0052,44\u00a0₽"
    assert words["en"].money(-20) == "-0.20\u00a0₽"
    assert words["ru"].price("-0.01580") == "0,0158 $"
    assert words["en"].price("-0.00790") == "$0.0079"


def test_a_count_takes_the_form_that_goes_with_it(tmp_path: Path) -> None:
    for language, forms in {
        "ru": 'one = "{count} заявка"\nfew = "{count} заявки"\nmany = "{count} заявок"\nother = "{count} заявки"\n',
        "en": 'one = "{count} request"\nother = "{count} requests"\n',
    }.items():
        folder = tmp_path / language
        folder.mkdir()
        (folder / "inbox.toml").write_text(f'[inbox]\ntitle = "x"\n[inbox.count]\n{forms}', encoding="utf-8")
        (folder / "more.toml").write_text('[more]\ntitle = "y"\n', encoding="utf-8")
    words = page_words.load(tmp_path)
    assert [words["ru"].counted("inbox.count", n) for n in (1, 3, 11, 1200)] == [
        "1 заявка", "3 заявки", "11 заявок", "1\u00a0200 заявок",
    ]  # fmt: skip
    assert [words["en"].counted("inbox.count", n) for n in (1, 2)] == ["1 request", "2 requests"]
    assert words["en"]("more.title") == "y"
