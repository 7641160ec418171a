"""The texts of notices: whole files that a lawyer can read, and what fills their blanks (R31)."""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from core.accounts.model import CompanyProfile
from core.notices import rules
from core.notices.model import CLASS, RULES, Class, Draft, Kind, Person
from core.wording import segments
from core.wording.catalogs import Template
from core.wording.formats import Formats

PLACE = Path(__file__).parents[2] / "locales"

_LARGEST = 999_999_999
"""Kopecks at which the length of a text is told before anybody's debt is known."""


class UnusableText(Exception):
    """A file of a notice has an unknown placeholder, or is too long to be sent."""


@cache
def read(place: Path = PLACE) -> Mapping[tuple[Kind, str], str]:
    """The texts in the files <language>/notices/<kind>.txt, by kind and language.

    :raises UnusableText: one of them cannot be sent.
    """
    found: dict[tuple[Kind, str], str] = {}
    for path in sorted(place.glob("*/notices/*.txt")):
        kind, language = Kind(path.stem), path.parent.parent.name
        text = path.read_text(encoding="utf-8").strip()
        if problems := rules.problems_of(text, Draft(kind, rules.audience_of({}))):
            raise UnusableText(f"{language}/{path.name}: {problems[0]}")
        found[kind, language] = text
    return found


def ready(kind: Kind) -> Mapping[str, str]:
    """The texts of a kind by language, as an author finds them."""
    return {language: text for (of, language), text in read().items() if of is kind}


def of(draft: Draft) -> Mapping[str, str]:
    """The texts that are sent, as they stand in the version: of an official kind a copy of the files."""
    return draft.texts


def said(
    draft: Draft,
    to: Person,
    *,
    company: CompanyProfile,
    formats: Formats,
    day: date,
    days: int,
    debt: int | None = None,
) -> str:
    """The text as one recipient gets it, in his language.

    :raises KeyError: there is none in his language.
    """
    official = CLASS[draft.kind] is Class.OFFICIAL
    values = {
        "number": str(to.id),
        "account": to.account if official else f"..{to.account[-4:]}",
        "debt": formats.money(to.debt if debt is None else debt),
        "day": formats.day(day),
        "days": str(days),
        "code": to.code or "7WWW",
        "phone": company.phone,
        "company": company.name,
    }
    return _parsed(of(draft)[to.language], rules.allowed_values(draft)).fill(values)


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
    """The segments of a text with this debt, this number of a warning, and an account of so many signs."""
    to = Person(number, 0, b"", 0, 0, "9" * account, "UTC", "household", 0, None, language, debt, "7WWW")
    text = said(draft, to, company=company, formats=formats, day=date(2025, 12, 22), days=30)
    return segments.count(text).segments


def problems(
    draft: Draft, languages: Mapping[str, int], *, company: CompanyProfile, formats: Mapping[str, Formats]
) -> tuple[tuple[str, str, str], ...]:
    """What stands in the way of sending, as (language, what, detail): a language of the audience without a text, a text
    that cannot be filled or takes too many segments."""
    found = [(language, "missing", str(people)) for language, people in languages.items() if language not in of(draft)]
    for language, text in of(draft).items():
        wrong = rules.problems_of(text, draft)
        if not wrong and language in formats:
            size = longest(draft, language, company=company, formats=formats[language])
            most = RULES[draft.cls].segments
            wrong = (("segments", f"{size} > {most}"),) if size > most else ()
        found += [(language, *one) for one in wrong]
    return tuple(found)
