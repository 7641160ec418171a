"""Laws that hold for every text, whatever is in it."""

import re
from collections.abc import Sequence
from itertools import permutations
from string import ascii_lowercase

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.commands import Command, NotUnderstood, OptIn, OptOut, SubmitReading
from core.grammar import spelling
from core.grammar.folding import fold
from core.grammar.lexicon import LANGUAGES, entries
from core.grammar.senses import Sense
from core.grammar.understanding import understand
from core.grammar.vocabulary.language import Language
from core.grammar.world import World
from tests.core.grammar.worlds import (
    CHOOSING,
    CONFIRMING,
    DAY_NIGHT,
    REMINDED,
    SINGLE,
    STRANGER,
    THREE,
    TWO_METERS,
    WATER,
)

WORLDS = st.sampled_from((SINGLE, DAY_NIGHT, THREE, WATER, TWO_METERS, STRANGER, CONFIRMING, CHOOSING, REMINDED))
RUSSIAN = "абвгдежзиклмнопрстуфхцчшщыэюя"
SPOKEN = frozenset((Sense.NUMERAL, Sense.THOUSAND))
PHRASES = tuple(sorted({phrase.rstrip("*") for language in LANGUAGES for phrase, meaning in entries(language)}))
WRITTEN = tuple(
    sorted(
        {phrase for language in LANGUAGES for phrase, meaning in entries(language) if meaning.sense not in SPOKEN}
        - {phrase for language in LANGUAGES for phrase, meaning in entries(language) if meaning.sense in SPOKEN}
    )
)
"""Phrases that are no number by themselves."""

SIGNS = (*"-+.,/*#=()_?!:;№«»\"'<>|[]{}%&@~^$₽€—…\\ \n\t🙂💰½\u200b", "->", "..", "--")
BROKEN = ("\x00", "\u202e", "\ud83d", "\udc00", "\ufffd", "\u2066", "\x1b", "\u0336")
NUMBERS = st.one_of(
    st.sampled_from(
        ("12345", "100200300", "12345678", "5778", "2542,5", "25.11", "25.11.2025", "10:30", "1", "0", "007")
    ),
    st.integers(0, 10**12).map(str),
    st.decimals(0, 99_999, places=3).map(str),
    st.text("٠١٢٣٤٥٦٧٨٩०१२३0123456789०oОoЗзlIбBВ", min_size=1, max_size=7),
)
ANYTHING = st.text(st.characters(codec=None), max_size=120)
"""Letters, digits and marks of every script, control characters, halves of characters."""


def glued(parts: st.SearchStrategy[str], *, most: int = 14) -> st.SearchStrategy[str]:
    """Texts of such parts, some with blanks or line ends between and some without."""
    pair = st.tuples(parts, st.sampled_from(("", " ", " ", "\n")))
    return st.lists(pair, max_size=most).map(lambda pairs: "".join(part + gap for part, gap in pairs))


MIXED = glued(st.one_of(st.sampled_from(PHRASES), NUMBERS, st.sampled_from(SIGNS), st.sampled_from(BROKEN)))
"""The words of all vocabularies among numbers, marks and broken signs."""

PLAIN = glued(st.one_of(st.sampled_from(WRITTEN), NUMBERS, st.sampled_from(SIGNS)))
REPEATED = st.builds(lambda part, times: (part * times)[:2_500], ANYTHING | MIXED, st.integers(1, 400))
GIBBERISH = st.text(RUSSIAN, min_size=5, max_size=12) | st.text(ascii_lowercase, min_size=5, max_size=12)
NUMBER = st.integers(12_001, 13_500).map(str)
READ = st.sampled_from(
    (
        "показания",
        "показания счётчика",
        "reading",
        "свет",
        "счётчик",
        "лс 100200300",
        "день",
        "т1",
        "добрый день",
        "на 24.11",
    )
)


def is_taken(command: Command) -> bool:
    """Whether a number is taken without asking."""
    return isinstance(command, SubmitReading) and bool(command.values) and command.doubt is None


@given(st.one_of(ANYTHING, MIXED, REPEATED), WORLDS)
def test_no_text_raises(text: str, world: World) -> None:
    command = understand(text, world)
    if isinstance(command, NotUnderstood):
        assert len(command.fragment) <= 12


@given(PLAIN, WORLDS)
def test_every_number_stands_in_the_text(text: str, world: World) -> None:  # R11
    command = understand(text, world)
    if not isinstance(command, SubmitReading):
        return
    seen = _digits(fold(text))
    for value in command.values:
        assert re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", value.digits, re.ASCII)
        pending = world.question.pending if world.question else None
        assert _digits(value.digits) in seen or value.digits == pending


def _digits(text: str) -> str:
    """The digits of a text, its look-alikes of digits among them."""
    return re.sub(r"[^0-9]", "", text.translate(str.maketrans("oOоОЗзlIбBВSsчЧ", "000033116885544")))


@given(
    GIBBERISH,
    NUMBER,
    st.sampled_from(("{} {}", "{}: {}", "показания {} {}", "{} показания {}", "{1} {0}", "лс 100200300 {} {}")),
)
def test_an_unknown_word_beside_a_number_makes_no_reading(word: str, number: str, form: str) -> None:
    assume(spelling.meant_word(word) is None)
    assert not is_taken(understand(form.format(word, number), SINGLE))


@given(st.lists(READ, max_size=3), NUMBER, GIBBERISH, st.data())
def test_an_unknown_word_anywhere_makes_no_reading(
    parts: list[str], number: str, word: str, data: st.DataObject
) -> None:
    assume(spelling.meant_word(word) is None)
    said = [*parts, number]
    place = data.draw(st.integers(0, len(said)))
    assert not is_taken(understand(" ".join([*said[:place], word, *said[place:]]), SINGLE))


@given(PLAIN, GIBBERISH, WORLDS)
def test_an_unknown_word_in_front_makes_no_reading_of_anything(text: str, word: str, world: World) -> None:
    assume(spelling.meant_word(word) is None)
    assert not is_taken(understand(text, world)) or not is_taken(understand(f"{word} {text}", world))


FORBIDDING = (
    Sense.USE, Sense.ROUGH, Sense.NOT, Sense.PAST, Sense.IF, Sense.ECHO, Sense.IDENTITY, Sense.CURRENCY, Sense.PENALTY,
    Sense.HOW_MUCH, Sense.WHAT, Sense.WHEN, Sense.WHERE, Sense.HOW, Sense.WHY, Sense.WRONG, Sense.COMPLAINT, Sense.PAID,
    Sense.PAY, Sense.MORE, Sense.NO, Sense.NO_MORE, Sense.OUTAGE, Sense.CANCEL, Sense.UNDO, Sense.STOP, Sense.FEELING,
    Sense.FORECAST, Sense.PAYMENTS, Sense.PROMISE, Sense.VISIT, Sense.BOOK, Sense.HUMAN, Sense.REQUEST,
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
@pytest.mark.parametrize("form", ["{} 12345", "12345 {}", "показания 12345 {}", "{} показания 12345", "{}: 12345"])
def test_words_that_make_a_number_something_else(language: Language, form: str) -> None:
    for phrase, meaning in entries(language):
        if meaning.sense in FORBIDDING:
            said = form.format(phrase.rstrip("*"))
            assert not is_taken(understand(said, SINGLE)), said


@given(NUMBER)
def test_a_plain_number_is_read_as_with_its_words(number: str) -> None:
    plain = understand(number, SINGLE)
    assert isinstance(plain, SubmitReading)
    assert plain == understand(f"показания {number}", SINGLE) == understand(f" {number} ", SINGLE)


@given(NUMBER, st.sampled_from((0x660, 0x6F0, 0x966, 0xFF10, 0x1D7CE, 0x1D7F6)))
def test_digits_of_every_script_are_digits(number: str, zero: int) -> None:
    written = "".join(chr(zero + int(digit)) for digit in number)
    assert understand(f"показания {written}", SINGLE) == understand(f"показания {number}", SINGLE)


BETWEEN = st.sampled_from((" ", ", ", "; ", "\n", " и ", " . "))
AFTER = st.sampled_from((" ", ": ", "-", "=", " - ", ""))
PAIRS = (
    ("день", "ночь"), ("т1", "т2"), ("day", "night"), ("ДЕНЬ", "НОЧЬ"), ("дневной", "ночной"), ("дн", "нч"), ("Д", "Н"),
    ("тариф день", "тариф ночь"), ("денний", "нічний"), ("күндізгі", "түнгі"), ("ltym", "yjxm"), ("den", "noch"),
    ("Т1 (день)", "Т2 (ночь)"), ("gündüz", "gece"), ("tag", "nacht"), ("первый тариф", "второй тариф"),
)  # fmt: skip


def same_in_any_order(parts: Sequence[str], between: str, world: World) -> None:
    """The same numbers on the same registers, and none of them in doubt, in whatever order they are named."""
    found = [understand(between.join(order), world) for order in permutations(parts)]
    for command in found:
        assert isinstance(command, SubmitReading), command
        assert command.doubt is None
        assert len(command.values) == len(parts)
        assert set(command.values) == set(found[0].values if isinstance(found[0], SubmitReading) else ())


@given(st.integers(0, 99_999), st.integers(0, 99_999), BETWEEN, AFTER, st.sampled_from(PAIRS))
def test_the_order_of_two_zones_does_not_matter(
    day: int, night: int, between: str, after: str, names: tuple[str, str]
) -> None:
    assume(after or not any(name[-1].isdigit() for name in names))
    same_in_any_order((f"{names[0]}{after}{day}", f"{names[1]}{after}{night}"), between, DAY_NIGHT)


@given(st.lists(st.integers(0, 99_999), min_size=3, max_size=3), BETWEEN, AFTER)
def test_the_order_of_three_zones_does_not_matter(values: list[int], between: str, after: str) -> None:
    names = ("пик", "полупик", "ночь")
    same_in_any_order([f"{name}{after}{value}" for name, value in zip(names, values, strict=True)], between, THREE)


@given(st.lists(st.integers(0, 99_999), min_size=3, max_size=3), BETWEEN, st.sampled_from((" ", ": ", " - ")))
def test_the_order_of_services_does_not_matter(values: list[int], between: str, after: str) -> None:
    names = ("свет", "хвс", "горячая вода")
    same_in_any_order([f"{name}{after}{value}" for name, value in zip(names, values, strict=True)], between, WATER)


@given(st.integers(0, 99_999), st.integers(0, 99_999), st.sampled_from((", ", "; ", "\n", " ")))
def test_the_order_of_meters_does_not_matter(first: int, second: int, between: str) -> None:
    same_in_any_order((f"12345678 - {first}", f"87654321 - {second}"), between, TWO_METERS)


@given(PLAIN)
def test_no_number_stops_or_starts_the_messages(text: str) -> None:
    """A text with a number is not a wish to hear no more, unless such a word alone stands beside it."""
    assume(re.search(r"\d", fold(text)))
    assert not isinstance(understand(text, SINGLE), OptOut | OptIn)


@pytest.mark.parametrize("text", ["стоп", "долг", "показания 12345", "день 5778 ночь 2542", "помощь"])
@given(raised=st.lists(st.booleans(), min_size=30, max_size=30))
def test_case_does_not_matter(text: str, raised: list[bool]) -> None:
    varied = "".join(letter.upper() if up else letter for letter, up in zip(text, raised, strict=False))
    assert understand(varied, DAY_NIGHT) == understand(text, DAY_NIGHT)
