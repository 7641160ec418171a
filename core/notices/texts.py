"""The texts of notices: whole files that a lawyer can read, and what fills their blanks (R31)."""

import hashlib
from collections.abc import Callable, Container, Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from core.accounts.model import CompanyProfile
from core.notices import rules
from core.notices.model import RULES, Class, Draft, Kind, Person
from core.wording import segments
from core.wording.catalogs import Template
from core.wording.formats import Formats

PLACE = Path(__file__).parents[2] / "locales"

_KEPT = 1000
"""So many texts are remembered, for whoever has the same values."""

CUSTOMERS = ("household", "organisation")

_FEW = 6
"""So many dear characters are named; a text that has more is in a script of its own."""

_LONG_DAY = date(2025, 12, 22)

_LARGEST = 999_999_999
"""Kopecks at which the length of a text is told before anybody's debt is known."""


class UnusableText(Exception):
    """A file of a notice has an unknown placeholder, or is too long to be sent."""


@cache
def read(place: Path = PLACE) -> Mapping[tuple[Kind, str], str]:
    """The texts in the files <language>/notices/<kind>.txt, by kind and language; where another law holds for
    organisations, theirs in <kind>.organisation.txt, by kind and "<language>.organisation".

    :raises UnusableText: one of them cannot be sent.
    """
    found: dict[tuple[Kind, str], str] = {}
    for path in sorted(place.glob("*/notices/*.txt")):
        kind, key = named(path.stem, path.parent.parent.name)
        text = path.read_text(encoding="utf-8").strip()
        if problems := rules.problems_of(text, Draft(kind, rules.audience_of({}))):
            raise UnusableText(f"{path.parent.parent.name}/{path.name}: {problems[0]}")
        found[kind, key] = text
    return found


def named(stem: str, language: str) -> tuple[Kind, str]:
    """What a file is by its name, as `disconnection.organisation`: the kind, and the key of its text."""
    kind, _, customer = stem.partition(".")
    return Kind(kind), f"{language}.{customer}" if customer else language


def ready(kind: Kind) -> Mapping[str, str]:
    """The texts of a kind by language, as an author finds them; for organisations by "<language>.organisation"."""
    return {key: text for (of, key), text in read().items() if of is kind}


def key_of(told: Container[str], language: str, customer: str) -> str:
    """Which of the texts that are told by key is for such a customer."""
    own = f"{language}.{customer}"
    return own if own in told else language


def of(draft: Draft) -> Mapping[str, str]:
    """The texts that are sent, as they stand in the version: of an official kind a copy of the files."""
    return draft.texts


def asks_for_debt(draft: Draft) -> bool:
    """Whether what is owed decides who is told, or stands in a text."""
    of = draft.audience
    if draft.cls is Class.OFFICIAL or of.debt or of.most_debt or of.age:
        return True
    return any("debt" in _parsed(text, rules.allowed_values(draft)).names for text in draft.texts.values())


def said(draft: Draft, to: Person, *, company: CompanyProfile, formats: Formats, day: date, days: int) -> str:
    """The text as one recipient gets it, in his language.

    :raises KeyError: there is none in his language.
    """
    return Saying(draft, company, lambda _: formats).to(to, day=day, days=days).text


class Said(NamedTuple):
    """A text as it is kept: itself, its bytes, their SHA-256, and its segments."""

    text: str
    plain: bytes
    digest: bytes
    segments: int


class Saying:
    """Says one notice to many: what is the same for several is put together once."""

    def __init__(self, draft: Draft, company: CompanyProfile, formats: Callable[[str], Formats]) -> None:
        self._draft, self._company, self._formats = draft, company, formats
        self._official = draft.cls is Class.OFFICIAL
        self._in: dict[str, tuple[Template, tuple[str, ...], Formats]] = {}
        self._made: dict[tuple[str, ...], Said] = {}

    def to(self, to: Person, *, day: date, days: int) -> Said:
        """What the recipient is told.

        :raises KeyError: there is no text in his language.
        """
        key = key_of(of(self._draft), to.language, to.customer) if self._official else to.language
        if key not in self._in:
            template = _parsed(of(self._draft)[key], rules.allowed_values(self._draft))
            self._in[key] = template, tuple(sorted(template.names)), self._formats(to.language)
        template, names, formats = self._in[key]
        values = [self._value(name, to, formats, day, days) for name in names]
        alike = (key, *values)
        if alike not in self._made:
            if len(self._made) == _KEPT:
                self._made.clear()
            self._made[alike] = _kept(template.fill(dict(zip(names, values, strict=True))))
        return self._made[alike]

    def _value(self, name: str, to: Person, formats: Formats, day: date, days: int) -> str:
        match name:
            case "company":
                return self._company.name
            case "phone":
                return self._company.phone
            case "account":
                return to.account if self._official else f"..{to.account[-4:]}"
            case "debt":
                return formats.money(to.debt)
            case "number":
                return str(to.id)
            case "day":
                return formats.day(day)
            case "days":
                return str(days)
        assert name == "code", "no other is allowed"
        return to.code or "7WWW"


def _kept(text: str) -> Said:
    plain = text.encode()
    return Said(text, plain, hashlib.sha256(plain).digest(), segments.count(text).segments)


@lru_cache(maxsize=64)
def _parsed(text: str, allowed: frozenset[str]) -> Template:
    """A text that is said to many is read once."""
    return Template.parse(text, allowed)


def longest(
    draft: Draft,
    language: str,
    *,
    company: CompanyProfile,
    formats: Formats,
    debt: int = _LARGEST,
    number: int = 9_999_999,
    account: int = 12,
) -> int:
    """The segments of a text with this debt, this number of a warning, and an account of so many signs; of texts that
    differ by customer those of the longest."""

    def size(customer: str) -> int:
        to = Person(number, 0, b"", 0, 0, "9" * account, "UTC", customer, 0, None, language, debt, "7WWW")
        return segments.count(said(draft, to, company=company, formats=formats, day=_LONG_DAY, days=30)).segments

    return max(size(customer) for customer in CUSTOMERS)


def dear(draft: Draft) -> dict[str, str]:
    """By language the few characters that make a text dear which could do without them, such as a dash or curly quotes;
    a text in a script of its own could not."""
    found = {key: segments.dear(text) for key, text in of(draft).items()}
    return {key.partition(".")[0]: signs for key, signs in found.items() if 0 < len(signs) <= _FEW}


def problems(
    draft: Draft, languages: Mapping[str, int], *, company: CompanyProfile, formats: Mapping[str, Formats]
) -> tuple[tuple[str, str, str], ...]:
    """What stands in the way of sending, as (language, what, detail): a language of the audience without a text, a text
    that cannot be filled or takes too many segments."""
    found = [(language, "missing", str(people)) for language, people in languages.items() if language not in of(draft)]
    for key, text in of(draft).items():
        language, wrong = key.partition(".")[0], rules.problems_of(text, draft)
        if not wrong and language in formats:
            size = longest(draft, language, company=company, formats=formats[language])
            most = RULES[draft.cls].segments
            wrong = (("segments", f"{size} > {most}"),) if size > most else ()
        found += [(language, *one) for one in wrong]
    return tuple(found)
