"""A warning as a letter on paper of A4, to be posted (reliability.md section 3, consequence 2)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in words. `head` are the company's lines and `to` those of who gets it; `text` is in paragraphs, with an
    empty line between them; `claims` are rows (what for, due, sum), the first their heads, `total` what they come to;
    `page` stands at the foot, with the number of the page in the place of `{page}`."""

    title: str
    head: tuple[str, ...]
    to: tuple[str, ...]
    text: str
    claims: tuple[tuple[str, str, str], ...]
    total: tuple[str, str]
    signed: str
    page: str


def drawn(letter: Letter, language: str) -> bytes:
    """The PDF, the same each time."""
    # The library of PDFs is large: only who prints pays for it.
    from pages import lettering  # noqa: PLC0415

    return lettering.drawn(letter, language)
