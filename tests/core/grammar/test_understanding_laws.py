"""Laws that hold for every text, whatever is in it."""

import re
from itertools import permutations
from string import ascii_lowercase

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.commands import NotUnderstood, SubmitReading
from core.grammar import spelling
from core.grammar.folding import fold
from core.grammar.understanding import understand
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
ANYTHING = st.text(st.characters(codec=None), max_size=120)
WORDS = (
    "показания", "день", "ночь", "т1", "Т2", "лс", "сч", "100200300", "12345678", "12345", "5778", "2542,5", "не",
    "25.11", "руб", "кв", "д", "г", "О", "12", "345", "e", "долг", "1", "2", "Иванов", "ул", "тел", "тыс", "й", "м3",
    "квт", "отм", "ок", "рег", "т", "х", "и", "первый", "второй", "тариф", "общее", "сумма", "холодная", "вода",
)  # fmt: skip
PARTS = st.sampled_from((*WORDS, *"-+.,/*#=()_?№", " ", "\n"))
MIXED = st.lists(PARTS, max_size=12).flatmap(
    lambda parts: st.lists(st.sampled_from(("", " ")), min_size=len(parts), max_size=len(parts)).map(
        lambda gaps: "".join(part + gap for part, gap in zip(parts, gaps, strict=True))
    )
)
GIBBERISH = st.text(RUSSIAN, min_size=5, max_size=12) | st.text(ascii_lowercase, min_size=5, max_size=12)
NUMBER = st.integers(12_001, 13_500).map(str)


@given(ANYTHING | MIXED, WORLDS)
def test_no_text_raises(text: str, world: World) -> None:
    command = understand(text, world)
    if isinstance(command, NotUnderstood):
        assert len(command.fragment) <= 12


@given(MIXED, WORLDS)
def test_every_number_stands_in_the_text(text: str, world: World) -> None:  # R11
    command = understand(text, world)
    if not isinstance(command, SubmitReading) or "тыс" in text:
        return
    seen = re.sub(r"[^0-9]", "", fold(text).replace("О", "0"))
    pending = world.question.pending if world.question else None
    for value in command.values:
        assert re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", value.digits, re.ASCII)
        assert value.digits.replace(".", "") in seen or value.digits == pending


@given(
    GIBBERISH,
    NUMBER,
    st.sampled_from(("{} {}", "{}: {}", "показания {} {}", "{} показания {}", "{1} {0}", "лс 100200300 {} {}")),
)
def test_an_unknown_word_beside_a_number_makes_no_reading(word: str, number: str, form: str) -> None:
    assume(spelling.meant_word(word) is None)
    command = understand(form.format(word, number), SINGLE)
    assert not isinstance(command, SubmitReading) or not command.values or command.doubt is not None


@given(NUMBER)
def test_a_plain_number_is_read_as_with_its_words(number: str) -> None:
    plain = understand(number, SINGLE)
    assert isinstance(plain, SubmitReading)
    assert plain == understand(f"показания {number}", SINGLE) == understand(f" {number} ", SINGLE)


@given(
    st.integers(0, 99_999),
    st.integers(0, 99_999),
    st.sampled_from((" ", ", ", "; ", "\n")),
    st.sampled_from((" ", ": ", "-", "=")),
)
def test_the_order_of_named_registers_does_not_matter(day: int, night: int, between: str, after: str) -> None:
    for names in (("день", "ночь"), ("т1", "т2"), ("day", "night")):
        parts = [f"{names[0]}{after}{day}", f"{names[1]}{after}{night}"]
        first, second = (understand(between.join(order), DAY_NIGHT) for order in permutations(parts))
        assert isinstance(first, SubmitReading)
        assert isinstance(second, SubmitReading)
        assert first.doubt is second.doubt is None
        assert set(first.values) == set(second.values)
        assert len(first.values) == 2


@given(st.permutations(("пик 1324", "полупик 125", "ночь 444")))
def test_the_order_of_three_zones_does_not_matter(parts: list[str]) -> None:
    command = understand(", ".join(parts), THREE)
    assert isinstance(command, SubmitReading)
    assert {(value.register, value.digits) for value in command.values} == {
        ("peak", "1324"), ("halfpeak", "125"), ("night", "444"),
    }  # fmt: skip


@pytest.mark.parametrize("text", ["стоп", "долг", "показания 12345", "день 5778 ночь 2542", "помощь"])
@given(raised=st.lists(st.booleans(), min_size=30, max_size=30))
def test_case_does_not_matter(text: str, raised: list[bool]) -> None:
    varied = "".join(letter.upper() if up else letter for letter, up in zip(text, raised, strict=False))
    assert understand(varied, DAY_NIGHT) == understand(text, DAY_NIGHT)
