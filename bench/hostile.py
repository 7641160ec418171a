"""Texts of the greatest length, made to be slow to understand: every kind of word, sign and number over and over."""

import random
import string
from collections.abc import Callable, Iterator, Sequence

from core.grammar.lexicon import LANGUAGES, LEXICON, entries
from core.grammar.senses import Sense
from core.grammar.understanding import LONGEST_TEXT

_SIGNS = (*string.punctuation, "—", "№", "…", "\n", " ", ". ", ", ", " - ", "->", "..", "💰", "½")
_LOOKS = "0123456789oОЗзlIбBВSsчЧ"
_RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_WRITTEN = ("25.11", "25.11.2025", "25 ноября", "10:30", "+7 978 123-45-67", "8 (978) 1", "т.", "12345,67", "45О2")
_PEOPLE = ("Иванов", "И.", "Петрович", "ул. Ленина", "д. 5", "кв 12", "Заречный 5-12", "с уважением", "адрес:", "лс")
_SCRIPTS = (
    (0x20, 0xD800), (0x300, 0x370), (0x1100, 0x1200), (0x3200, 0x3400), (0xFB00, 0xFE00), (0x1D400, 0x1D800),
)  # fmt: skip


def texts(seed: int = 1) -> Iterator[tuple[str, str]]:
    """What each text is made of, and the text: LONGEST_TEXT characters."""
    chance = random.Random(seed)
    by_sense = _by_sense()
    every = [phrase for phrases in by_sense.values() for phrase in phrases]
    known = sorted(word for word in LEXICON.words if len(word) > 4)
    for sense, phrases in by_sense.items():
        yield from _of_sense(sense, phrases, chance)
    for sign in _SIGNS:
        yield from _of_sign(sign, every, chance)
    yield "all phrases", _filled(lambda: chance.choice(every) + chance.choice((" ", " 1 ", ".", "\n", "-")))
    yield "near misses", _filled(lambda: _missed(chance.choice(known), chance) + " ")
    yield "near misses with digits", _filled(lambda: _missed(chance.choice(known), chance) + "1 ")
    yield "dates and phones", _filled(lambda: chance.choice(_WRITTEN) + " ")
    yield "people", _filled(lambda: chance.choice(_PEOPLE) + chance.choice((" ", ", ", " 5 ")))
    yield "look-alikes", _filled(lambda: _some(_LOOKS, 40, chance) + " ")
    for letters in (string.ascii_lowercase, _RUSSIAN, string.digits):
        yield f"one word of {letters[0]} to {letters[-1]}", _some(letters, LONGEST_TEXT, chance)
    for first, last in _SCRIPTS:
        signs = [chr(chance.randrange(first, last)) for _ in range(LONGEST_TEXT)]
        yield f"characters {first:X} to {last:X}", "".join(signs)
    yield "ligatures of many letters", "\ufdfa" * LONGEST_TEXT


def _of_sense(sense: Sense, phrases: Sequence[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    yield f"{sense} only", _filled(lambda: chance.choice(phrases) + " ")
    yield f"{sense} with numbers", _filled(lambda: f"{chance.choice(phrases)} {_number(chance)} ")
    yield f"{sense} glued", _filled(lambda: chance.choice(phrases) + chance.choice(("1", ".", "-", ",")))


def _of_sign(sign: str, phrases: Sequence[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    yield f"{sign!r} only", _filled(lambda: sign)
    yield f"numbers and {sign!r}", _filled(lambda: _number(chance) + sign)
    yield f"phrases and {sign!r}", _filled(lambda: chance.choice(phrases) + sign)
    for letters in (string.ascii_lowercase, _RUSSIAN):
        words = [_some(letters, chance.randint(1, 9), chance) + sign for _ in range(LONGEST_TEXT)]
        yield f"words of {letters[0]} to {letters[-1]} and {sign!r}", "".join(words)[:LONGEST_TEXT]


def _by_sense() -> dict[Sense, list[str]]:
    found: dict[Sense, list[str]] = {}
    for language in LANGUAGES:
        for phrase, meaning in entries(language):
            found.setdefault(meaning.sense, []).append(phrase.rstrip("*"))
    return found


def _filled(part: Callable[[], str]) -> str:
    text = ""
    while len(text) < LONGEST_TEXT:
        text += part()
    return text[:LONGEST_TEXT]


def _number(chance: random.Random) -> str:
    return str(chance.randrange(10 ** chance.randint(1, 9)))


def _some(letters: str, length: int, chance: random.Random) -> str:
    return "".join(chance.choice(letters) for _ in range(length))


def _missed(word: str, chance: random.Random) -> str:
    """The word with one letter changed."""
    place = chance.randrange(len(word))
    return word[:place] + chance.choice(_RUSSIAN + string.ascii_lowercase) + word[place + 1 :]
