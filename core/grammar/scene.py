"""Turns a text into pieces, each of which is known for what it is or known to be unknown."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from core.basics.facts import dataclass
from core.grammar import spelling, tokens
from core.grammar.lexicon import LEXICON, Found, Meaning
from core.grammar.senses import Sense
from core.grammar.tokens import Token

LONGEST_PHRASE = 8
MOST_PARTED = 24
ARROW = "->"
MOST_CORRECTIONS = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A word or phrase, a number, a date or a mark.

    `text`: numbers as digits with "." before a fraction, words in lower case. `raw`: as the customer wrote it. `gap`:
    what stood before it, "" where it is glued to the piece before. `value`: what the word carries, such as the number
    of a month. `slip`: the word was put right. `length`: how many digits and signs a number was written with.
    """

    sense: Sense
    text: str
    raw: str
    gap: str
    value: str = ""
    slip: bool = False


@dataclass(frozen=True, slots=True)
class Scene:
    """A text as pieces; `text` is what was cut, with what was mistyped put right; `lookalike` where a letter other than
    O was read as a digit. `letter`: the text is too long to be read, so that it has no pieces."""

    pieces: tuple[Piece, ...]
    lookalike: bool = False
    letter: bool = False
    text: str = ""

    @property
    def slip(self) -> bool:
        return any(piece.slip for piece in self.pieces)


_HYPHENS_AND_DOTS = frozenset("-./*'\"\\")
_ANGLED = re.compile(r"<(\d+)>")
_COMMAND_SUFFIX = re.compile(r"^(\s*/[^\W\d_]+)@\w{1,40}")
_CODED = {"э": Sense.TOTAL, "эд": Sense.DAY, "эн": Sense.NIGHT, "г": Sense.HOT, "х": Sense.COLD}
_QUIET_MARKS = frozenset(".,!:;\"'()[]-—*#/|=\\")


def read(folded: str, own: frozenset[str] = frozenset()) -> Scene:
    """The pieces of a folded text. `own`: codes in which no letter is taken for a digit."""
    text = _COMMAND_SUFFIX.sub(r"\1", folded) if "@" in folded else folded
    text = _ANGLED.sub(r"[\1]", text) if "<" in text else text
    right, lookalike = spelling.put_right(text, own)
    cut = tokens.tokenize(right)
    if len(cut) > tokens.MOST_TOKENS:
        return Scene((), letter=True)
    return Scene(tuple(_pieces(_unspaced(cut))), lookalike, text=right)


def _unspaced(cut: Sequence[Token]) -> Sequence[Token]:
    """A text of single letters only ("с т о п") as one word."""
    letters = [token.text for token in cut if token.kind == "word"]
    if len(letters) < 3 or any(len(letter) > 1 for letter in letters) or any(t.kind == "number" for t in cut):
        return cut
    word = "".join(letters)
    return (Token("word", word, word, " "),) if LEXICON.knows(word) else cut


def _pieces(cut: Sequence[Token]) -> Iterator[Piece]:
    corrections = MOST_CORRECTIONS
    position = 0
    while position < len(cut):
        token = cut[position]
        if token.kind != "word":
            yield _plain_piece(token)
            position += 1
            continue
        run = _run_of_words(cut, position)
        words, slips = [], []
        for index in run:
            meant = spelling.meant_word(cut[index].text)
            slip = False
            if meant is None and corrections > 0:
                corrections -= 1
                meant = spelling.corrected(cut[index].text)
                slip = meant is not None and not spelling.is_sure(cut[index].text, meant)
            words.append(meant or cut[index].text)
            slips.append(slip)
        yield from _phrases(cut, run, words, slips)
        position = run[-1] + 1


def _phrases(cut: Sequence[Token], run: Sequence[int], words: Sequence[str], slips: Sequence[bool]) -> Iterator[Piece]:
    at = 0
    for found in _understood(words):
        length, meaning = found.length, found.meaning
        first, last = run[at], run[at + length - 1]
        raw = _raw(cut[first : last + 1])
        text = " ".join(words[at : at + length])
        yield Piece(meaning.sense, text, raw, cut[first].gap, meaning.value, any(slips[at : at + length]))
        at += length
        if at < len(run):
            yield from (_plain_piece(token) for token in cut[last + 1 : run[at]])


_UNKNOWN = Found(Meaning(Sense.UNKNOWN), 1)


def _understood(words: Sequence[str]) -> Sequence[Found]:
    """The phrases of which the words consist: the longest at each place, unless that leaves a word unknown after it
    and other phrases do not («please stop | messaging»)."""
    found: list[Found] = []
    at = 0
    while at < len(words):
        found.append(LEXICON.longest(words, at, min(len(words), at + LONGEST_PHRASE)) or _sounding(words, at))
        at += found[-1].length
    stolen = any(each.length > 1 and after is _UNKNOWN for each, after in pairwise(found))
    return _parted(words) if stolen and len(words) <= MOST_PARTED else found


def _parted(words: Sequence[str]) -> Sequence[Found]:
    """The phrases of which the words consist, with the fewest words unknown, and then the fewest phrases."""
    best: list[tuple[int, int, tuple[Found, ...]]] = [(0, 0, ())]
    for end in range(1, len(words) + 1):
        lone = _sounding(words, end - 1)
        unknown, phrases, before = best[end - 1]
        ways = [(unknown + (lone is _UNKNOWN), phrases + 1, (*before, lone))]
        for start in range(max(0, end - LONGEST_PHRASE), end):
            unknown, phrases, before = best[start]
            whole = (each for each in LEXICON.beginning(words, start, end) if each.length == end - start)
            ways.extend((unknown, phrases + 1, (*before, each)) for each in whole)
        best.append(min(ways, key=lambda way: way[:2]))
    return best[-1][2]


def _sounding(words: Sequence[str], at: int) -> Found:
    """What a word means that is only a part of some language's phrases, but all of a Russian word in Latin letters."""
    other = spelling.by_latin_letters(words[at])
    return (LEXICON.longest((other,), 0, 1) if other is not None else None) or _UNKNOWN


def _run_of_words(cut: Sequence[Token], start: int) -> list[int]:
    """The places of the words that follow one another with no more than hyphens and dots between."""
    run = [start]
    position = start + 1
    while position < len(cut):
        token = cut[position]
        if token.kind == "word":
            if token.gap == "\n":
                break
            run.append(position)
        elif token.text not in _HYPHENS_AND_DOTS or token.gap or not _word_follows(cut, position):
            break
        position += 1
    return run


def _word_follows(cut: Sequence[Token], position: int) -> bool:
    if position + 1 == len(cut) or cut[position + 1].kind != "word":
        return False
    return cut[position + 1].gap == "" or (cut[position].text == "." and cut[position + 1].gap == " ")


def _raw(cut: Sequence[Token]) -> str:
    return cut[0].raw + "".join((" " if token.gap else "") + token.raw for token in cut[1:])


def _plain_piece(token: Token) -> Piece:
    match token.kind:
        case "number":
            return Piece(Sense.NUMBER, token.text.replace(",", "."), token.raw, token.gap)
        case "iso" | "date":
            return Piece(Sense.DATE, token.text, token.raw, token.gap)
        case "time":
            return Piece(Sense.TIME, token.text, token.raw, token.gap)
        case "zone":
            return Piece((Sense.T1, Sense.T2, Sense.T3)[int(token.text[1]) - 1], token.text, token.raw, token.gap)
        case "arrow":
            return Piece(Sense.MARK, ARROW, token.raw, token.gap)
        case "cubic":
            return Piece(Sense.CUBIC, token.text, token.raw, token.gap)
        case "coded":
            letters = token.text[1:]
            return Piece(_CODED.get(letters, Sense.UNKNOWN), token.text, token.raw, token.gap, token.text[0])
        case _:
            return Piece(_mark(token.text), token.text, token.raw, token.gap)


def _mark(sign: str) -> Sense:
    if sign in _QUIET_MARKS:
        return Sense.MARK
    if sign == "?":
        return Sense.QUERY
    if sign == "№":
        return Sense.NUMBER_SIGN
    if sign in "₽$€£₴₸₺₹":
        return Sense.CURRENCY
    return Sense.JUNK
