"""Cuts a folded text into words, numbers, dates, times and marks."""

import re

from core.basics.facts import dataclass
from core.grammar.folding import BROKEN

MOST_TOKENS = 220
"""A longer text is a letter, not a command."""


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is the name of the group of the pattern below. `text` is in lower case without apostrophes, `raw` as the
    customer wrote it; `gap` is what stood before it: "" where it is glued to the token before, " " or a line end."""

    kind: str
    text: str
    raw: str
    gap: str


_PATTERN = re.compile(
    r"(?P<space>[^\S\n]+)"
    r"|(?P<iso>\d{4}-\d{1,2}-\d{1,2}(?![\d-]))"
    r"|(?P<date>\d{1,2}(?P<sep>[./-])\d{1,2}(?P=sep)(?:\d{4}|\d{2})(?![\d]|[./-]\d))"
    r"|(?P<time>\d{1,2}:\d{2}(?::\d{2})?(?![\d:]))"
    r"|(?P<coded>\b[1-9](?:[эЭ][дДнН]?|[гГхХ])(?=\d))"
    r"|(?P<zone>\b[тТtT][1-3](?![\d]|[.,]\d))"
    r"|(?P<cubic>\b[мМmM](?:3|\^)(?![^\W_]))"
    r"|(?P<number>\d+(?:[.,]\d+)*)"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)"
    r"|(?P<line>\n)"
    r"|(?P<arrow>[-=—]{1,3}>)"
    r"|(?P<mark>.)"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


def tokenize(folded: str) -> tuple[Token, ...]:
    """The tokens of a folded text; of a longer one MOST_TOKENS and one more, by which it is told."""
    found: list[Token] = []
    gap = " "
    for match in _PATTERN.finditer(folded):
        kind = match.lastgroup or "mark"
        raw = match.group()
        if kind == "space":
            gap = gap if gap == "\n" else " "
            continue
        if kind == "line":
            gap = "\n"
            continue
        found.append(Token(kind, raw.lower().replace("'", "") if kind == "word" else raw.lower(), raw, gap))
        gap = ""
        if len(found) > MOST_TOKENS:
            break
    return tuple(found)


def words_of(text: str) -> list[str]:
    """The words of a folded text in lower case, nothing else."""
    return [word.lower().replace("'", "") for word in _WORD.findall(text)]


def is_broken(folded: str) -> bool:
    """Whether the text holds what no honest message has."""
    return BROKEN in folded
