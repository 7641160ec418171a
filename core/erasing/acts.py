"""The act of an erasure in words: a text in each language that a lawyer can read and approve (152-FZ, article 21)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from core.wording.catalogs import Template

PLACE = Path(__file__).with_name("texts")
LANGUAGES = ("ru", "en")

NAMES = frozenset(
    {
        "number", "company", "company_phone", "customer", "accounts", "request", "supply", "asked_by", "asked_at", "by",
        "at", "ledger_days", "ledger_law", "phones", "names", "addresses", "links", "documents", "chats", "sessions",
        "texts", "answers", "requests", "contracts", "bills", "elsewhere", "entries", "claims", "payments", "readings",
    }
)  # fmt: skip


def written(values: Mapping[str, str]) -> dict[str, str]:
    """The act in each language.

    :raises KeyError: a value is missing.
    """
    return {language: _template(language).fill(values) for language in LANGUAGES}


@cache
def _template(language: str) -> Template:
    return Template.parse((PLACE / f"act.{language}.txt").read_text(encoding="utf-8"), NAMES)
