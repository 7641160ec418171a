"""The vocabularies are sound, and the longest phrase is found."""

import pytest

from core.grammar.lexicon import LANGUAGES, LEXICON, Lexicon, Meaning, entries
from core.grammar.senses import Sense
from core.grammar.vocabulary.language import Language


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_no_word_has_two_senses_in_one_language(language: Language) -> None:
    known: dict[str, Meaning] = {}
    for phrase, meaning in entries(language):
        assert phrase
        assert known.setdefault(phrase, meaning) == meaning, phrase


def test_endings_are_written_out() -> None:
    language = Language("xx", {Sense.BALANCE: "долг(/а/у), (мо(й/его)/наш) счет"})
    assert [phrase for phrase, _ in entries(language)] == [
        "долг", "долга", "долгу", "мой счет", "наш счет", "моего счет", "наш счет",
    ]  # fmt: skip


def test_languages_have_codes_of_their_own() -> None:
    codes = [language.code for language in LANGUAGES]
    assert len(codes) == len(set(codes))


def test_corrected_words_are_known() -> None:
    for language in LANGUAGES:
        for word in language.corrected.replace(",", " ").split():
            assert LEXICON.knows(word), word


def test_the_longest_phrase_is_found() -> None:
    lexicon = Lexicon([Language("xx", {Sense.DAY: "day", Sense.GREETING: "good day", Sense.BALANCE: "owe*"})])
    words = ["good", "day", "day", "owed"]
    found = lexicon.longest(words, 0, 4)
    assert found is not None
    assert (found.meaning.sense, found.length) == (Sense.GREETING, 2)
    assert lexicon.longest(words, 2, 4) is not None
    assert lexicon.longest(["good"], 0, 1) is None
    stem = lexicon.longest(words, 3, 4)
    assert stem is not None
    assert stem.meaning.sense is Sense.BALANCE
