"""All words of all languages in one tree, so that the longest phrase at a place in a text is found at once."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field

from core.basics.facts import dataclass
from core.grammar import folding, tokens
from core.grammar.senses import Sense
from core.grammar.vocabulary import be, de, east, en, id_, kk, lv, pl, ru, tr, tt, uk, west
from core.grammar.vocabulary.language import Language

LANGUAGES = (
    ru.RUSSIAN,
    en.ENGLISH,
    uk.UKRAINIAN,
    kk.KAZAKH,
    tt.TATAR,
    be.BELARUSIAN,
    id_.INDONESIAN,
    tr.TURKISH,
    pl.POLISH,
    lv.LATVIAN,
    de.GERMAN,
    *west.LANGUAGES,
    *east.LANGUAGES,
)
"""Where two languages have one word with different senses, the first of them decides."""

LONGEST_STEM = 24


@dataclass(frozen=True, slots=True)
class Meaning:
    sense: Sense
    value: str = ""


@dataclass(slots=True)
class _Node:
    words: dict[str, "_Node"] = field(default_factory=dict)
    stems: dict[str, "_Node"] = field(default_factory=dict)
    meaning: Meaning | None = None


@dataclass(frozen=True, slots=True)
class Found:
    meaning: Meaning
    length: int


class Lexicon:
    """Finds what words mean. Made once, never changed after that."""

    def __init__(self, languages: Iterable[Language]) -> None:
        self._root = _Node()
        self._stem_lengths = range(0)
        self._stem_heads: frozenset[str] = frozenset()
        self.words: set[str] = set()
        self.stems: set[str] = set()
        for language in languages:
            for phrase, meaning in entries(language):
                self._add(phrase, meaning)
        lengths = [len(stem) for stem in self.stems]
        self._stem_lengths = range(max(lengths), min(lengths) - 1, -1)
        self._stem_heads = frozenset(stem[: min(lengths)] for stem in self.stems)

    def knows(self, word: str) -> bool:
        """Whether the word stands in any phrase of any language."""
        return word in self.words or self._stem_of(word, self.stems) is not None

    def longest(self, words: Sequence[str], start: int, end: int) -> Found | None:
        """The longest phrase that begins at `start` and stays before `end`."""
        best: Found | None = None
        for found in self.beginning(words, start, end):
            if best is None or found.length > best.length:
                best = found
        return best

    def beginning(self, words: Sequence[str], start: int, end: int) -> Iterator[Found]:
        """Every phrase that begins at `start` and stays before `end`."""
        open_nodes = [(self._root, start)]
        while open_nodes:
            node, position = open_nodes.pop()
            if node.meaning is not None:
                yield Found(node.meaning, position - start)
            if position < end:
                open_nodes.extend((child, position + 1) for child in self._children(node, words[position]))

    def _children(self, node: _Node, word: str) -> Iterator[_Node]:
        if node.stems:
            stem = self._stem_of(word, node.stems)
            if stem is not None:
                yield node.stems[stem]
        exact = node.words.get(word)
        if exact is not None:
            yield exact

    def _stem_of(self, word: str, stems: Iterable[str]) -> str | None:
        if word[: self._stem_lengths[-1]] not in self._stem_heads:
            return None
        for length in self._stem_lengths:
            if length <= len(word) and word[:length] in stems:
                return word[:length]
        return None

    def _add(self, phrase: str, meaning: Meaning) -> None:
        node = self._root
        for word in phrase.split(" "):
            stem = word.endswith("*")
            children = node.stems if stem else node.words
            (self.stems if stem else self.words).add(word.rstrip("*"))
            node = children.setdefault(word.rstrip("*"), _Node())
        if node.meaning is None:
            node.meaning = meaning


def entries(language: Language) -> Iterator[tuple[str, Meaning]]:
    """Every phrase of a language with its meaning, folded as a text is folded; its words separated by one space."""
    for sense, phrases in language.words.items():
        for phrase in _expanded(phrases):
            yield folded_phrase(phrase), Meaning(sense)
    for sense, by_value in language.values.items():
        for value, phrases in by_value.items():
            for phrase in _expanded(phrases):
                yield folded_phrase(phrase), Meaning(sense, value)


def _expanded(phrases: str) -> Iterator[str]:
    """Every phrase of a list, its endings written out: «счет(/а/у)» is «счет», «счета», «счету»."""
    for phrase in phrases.split(","):
        yield from _written_out(phrase)


def _written_out(phrase: str) -> Iterator[str]:
    endings = _ENDINGS.search(phrase)
    if endings is None:
        yield phrase
        return
    for ending in endings[1].split("/"):
        yield from _written_out(phrase[: endings.start()] + ending + phrase[endings.end() :])


_ENDINGS = re.compile(r"\(([^()]*)\)")


def folded_phrase(phrase: str) -> str:
    """A phrase of a vocabulary in the form that a text takes; stems keep their asterisk."""
    return " ".join(
        "".join(tokens.words_of(folding.fold(part))) + ("*" if part.endswith("*") else "") for part in phrase.split()
    )


LEXICON = Lexicon(LANGUAGES)
