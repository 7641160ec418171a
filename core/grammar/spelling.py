"""Finds the word that was meant: look-alike letters, the other keyboard layout, Latin letters, slips of the finger."""

import re
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.grammar import tokens
from core.grammar.folding import fold
from core.grammar.lexicon import LANGUAGES, LEXICON
from core.grammar.senses import Sense
from core.grammar.vocabulary.ru import RUSSIAN

_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
_RUSSIAN_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюё"
_TO_RUSSIAN_LAYOUT = str.maketrans(_LATIN_KEYS + '{}:"<>~', (_RUSSIAN_KEYS + "хъжэбюе").replace("ё", "е"))
_TO_LATIN_LAYOUT = str.maketrans(_RUSSIAN_KEYS, _LATIN_KEYS)

_LATIN_LOOKS = "aceopxybhkmtiu3"
_CYRILLIC_LOOKS = "асеорхувнкмтіиз"
_TO_CYRILLIC_LOOK = str.maketrans(_LATIN_LOOKS, _CYRILLIC_LOOKS)
_TO_LATIN_LOOK = str.maketrans(_CYRILLIC_LOOKS[:14], _LATIN_LOOKS[:14])
_DIGIT_LOOKS = {"0": "оo", "3": "зe", "4": "чa", "6": "бb", "1": "іl", "5": "sѕ", "8": "вb", "9": "яg"}

_SOUNDS = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
    "ц": "c", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "u", "я": "a",
}  # fmt: skip
_SPELLINGS = (
    ("iia", "ia"), ("shch", "sch"), ("shh", "sch"), ("w", "sch"), ("kh", "h"), ("x", "h"), ("tz", "c"), ("ts", "c"),
    ("yo", "e"), ("jo", "e"), ("ju", "u"), ("yu", "u"), ("iu", "u"), ("ja", "a"), ("ya", "a"), ("ia", "a"), ("je", "e"),
    ("ye", "e"), ("ie", "e"), ("y", "i"), ("j", "i"), ("q", "k"), ("4", "ch"), ("6", "sh"),
)  # fmt: skip

SHORTEST_CORRECTED = 5
SHORTEST_SURE = 7
LONGEST_CHUNK = 40
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_CHUNK = re.compile(r"\S+")
_RUN = re.compile(r"\D+")
_ZERO = re.compile(r"(?<![^\W\d_])[oOоО]+(?=\d)|(?<=\d)[oOоО]+(?![^\W\d_])")
_LOOKALIKE = re.compile(r"\d*[ЗзlIбBВSsчЧ]\d+|\d+[ЗзlIбBВSч]")
_LOOKS = str.maketrans("ЗзlIбBВSsчЧ", "33116885544")
SHORTEST_LOOKALIKE = 4
_EDGES = ".,;:!?\"'[]{}<>()-"


def code_key(code: str) -> str:
    """A code in capital Latin letters without hyphens, so that the ways of writing it are one."""
    return code.lower().translate(_TO_LATIN_LOOK).upper().replace("-", "")


def latin_key(word: str) -> str:
    """A word in Latin letters in the one form that all ways of writing Russian in Latin letters come to."""
    for written, sound in _SPELLINGS:
        word = word.replace(written, sound)
    return word.replace("ii", "i")


def _sounded(word: str) -> str:
    return latin_key("".join(_SOUNDS.get(letter, letter) for letter in word.replace("ия", "ыа").replace("ие", "ые")))


def _by_sound() -> dict[str, str]:
    found: dict[str, str] = {}
    for word in sorted(LEXICON.words):
        if len(word) > 2 and all(letter in _SOUNDS for letter in word):
            found.setdefault(_sounded(word), word)
    return found


_BY_SOUND = _by_sound()
_STEMS_BY_SOUND = {
    _sounded(stem).removesuffix("i"): stem
    for stem in sorted(LEXICON.stems)
    if all(letter in _SOUNDS for letter in stem)
}
_CORRECTED = sorted(
    {
        word
        for language in LANGUAGES
        for phrase in language.corrected.split(",")
        for word in tokens.words_of(fold(phrase))
    }
)
_SHORT = {"".join(sorted(word)): word for word in tokens.words_of(RUSSIAN.corrected) if len(word) == 4}


def put_right(folded: str, own: frozenset[str] = frozenset()) -> tuple[str, bool]:
    """The text with every run of signs that is no word as it stands put right, where it is one with the letter O as
    zero, on the other keyboard layout, or with digits as letters; and whether another letter was read as a digit.
    `own`: codes with letters that stay as they are (`code_key`)."""
    lookalike = False

    def replaced(match: re.Match[str]) -> str:
        nonlocal lookalike
        chunk = match.group()
        if chunk.isdigit() or len(chunk) > LONGEST_CHUNK:
            return chunk
        if own and any(code in code_key(chunk) for code in own):
            return chunk
        right, doubtful = _right_chunk(chunk)
        lookalike |= doubtful
        return right

    return _CHUNK.sub(replaced, folded, count=tokens.MOST_TOKENS), lookalike


@lru_cache(maxsize=4096)
def meant_word(word: str) -> str | None:
    """The known word that a word is without doubt: itself, or look-alike letters, the other layout, or Latin letters
    put right; None where there is none."""
    if LEXICON.knows(word):
        return word
    stretched = _STRETCHED.sub(r"\1", word)
    if stretched != word and LEXICON.knows(stretched) and len(stretched) > 2:
        return stretched
    for variant in (
        word.translate(_TO_CYRILLIC_LOOK),
        word.translate(_TO_LATIN_LOOK),
        word.translate(_TO_RUSSIAN_LAYOUT),
        word.translate(_TO_LATIN_LAYOUT),
    ):
        if variant != word and (len(word) > 2 or _is_of_two_scripts(word)) and LEXICON.knows(variant):
            return variant
    return by_latin_letters(word)


def _is_of_two_scripts(word: str) -> bool:
    """Whether a word of two letters has a Latin and a Cyrillic one, so that one of them is a look-alike."""
    return len(word) == 2 and word[0].isascii() is not word[1].isascii()


@lru_cache(maxsize=4096)
def corrected(word: str) -> str | None:
    """The known word from which a word differs by a slip of the finger or two, None where there is none."""
    if len(word) == 4:
        return _SHORT.get("".join(sorted(word)))
    if len(word) < SHORTEST_CORRECTED or len(word) > LONGEST_CORRECTED:
        return None
    slips = 2 if len(word) >= 7 else 1
    best = process.extractOne(word, _CORRECTED, scorer=OSA.distance, score_cutoff=slips)
    return best[0] if best is not None else None


LONGEST_CORRECTED = 20


def is_sure(word: str, meant: str) -> bool:
    """Whether a word is one slip from a long name of a reading or a meter, or from a greeting, its first letter right:
    it can be nothing else, so that a number beside it is in no doubt."""
    return meant in _NAMES and word[0] == meant[0] and OSA.distance(word, meant) == 1


_SURE = (Sense.READING, Sense.METER, Sense.ELECTRICITY, Sense.GREETING, Sense.THANKS, Sense.POLITE)
_NAMES = frozenset(
    word
    for word in _CORRECTED
    if len(word) >= SHORTEST_SURE
    and (found := LEXICON.longest((word,), 0, 1)) is not None
    and found.meaning.sense in _SURE
)


@lru_cache(maxsize=4096)
def by_latin_letters(word: str) -> str | None:
    """The Russian word that a word in Latin letters sounds like, None where there is none."""
    if not word.isascii() or len(word) < 3:
        return None
    soft = word.replace("shch", "sh").replace("sch", "sh").replace("sh", "sch")
    for key in (latin_key(word), latin_key(word.replace("j", "zh")), latin_key(soft)):
        known = _BY_SOUND.get(key) or _stem_by_sound(key)
        if known is not None:
            return known
    return None


def _stem_by_sound(key: str) -> str | None:
    return next((_STEMS_BY_SOUND[key[:end]] for end in range(len(key), 3, -1) if key[:end] in _STEMS_BY_SOUND), None)


@lru_cache(maxsize=8192)
def _right_chunk(chunk: str) -> tuple[str, bool]:
    lookalike = False
    if any(sign.isdigit() for sign in chunk):
        chunk = _ZERO.sub(lambda match: "0" * len(match.group()), chunk)
        if len(chunk) >= SHORTEST_LOOKALIKE and _LOOKALIKE.fullmatch(chunk.strip(_EDGES)):
            chunk, lookalike = chunk.translate(_LOOKS), True
        chunk = _digits_as_letters(chunk)
    if any("a" <= sign <= "z" for sign in chunk.lower()):
        chunk = _RUN.sub(lambda match: _relaid(match.group()), chunk)
    return chunk, lookalike


def _relaid(run: str) -> str:
    """A run of signs that is a Russian word on the other keyboard layout, with the punctuation around it."""
    lower = run.lower()
    if all(meant_word(word) for word in tokens.words_of(lower)):
        return run
    for candidate in (lower, lower.rstrip(_EDGES), lower.strip(_EDGES)):
        relaid = candidate.translate(_TO_RUSSIAN_LAYOUT)
        if len(relaid) > 2 and relaid.isalpha() and LEXICON.knows(relaid):
            head, tail = lower.split(candidate, 1)
            return head + relaid + tail
    return run


def _digits_as_letters(chunk: str) -> str:
    """«п0казания», «6аланс», «ba1ance» as the words they look like."""
    if chunk[-1].isdigit() or sum(sign.isdigit() for sign in chunk) * 2 >= len(chunk):
        return chunk
    for choice in (0, 1):
        word = "".join(_DIGIT_LOOKS[sign][choice] if sign in _DIGIT_LOOKS else sign for sign in chunk.lower())
        if len(word) > 3 and word.isalpha() and LEXICON.knows(word):
            return word
    return chunk
