"""The texts that are signed: dated files that are never edited, and their blanks filled in (R31)."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from core.accounts.model import SCOPES, CompanyProfile, Scope
from core.contracts.model import TOPICS, Refused, Wanted
from core.wording.catalogs import Template

PLACE = Path(__file__).with_name("texts")

BLANKS = frozenset(
    {
        "number", "date", "company", "company_phone", "account", "person", "phone", "document", "role", "scopes",
        "topics",
    }
)  # fmt: skip


class UnusableText(Exception):
    """A text that is signed is not the one that stands in the list of hashes, or has a blank that nothing fills."""


@dataclass(frozen=True, slots=True)
class Texts:
    """All versions in all languages, by (version, language), and the words for their blanks by language."""

    versions: Mapping[tuple[date, str], Template]
    words: Mapping[str, Mapping[str, Any]]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted({language for _, language in self.versions}))

    def version(self, on: date, language: str) -> date:
        """The version that holds on a day.

        :raises Refused: there was none yet, or none in the language.
        """
        known = [day for day, tongue in self.versions if tongue == language and day <= on]
        if not known:
            raise Refused("no_text", f"there is no text of {on} in the language {language!r}", "language")
        return max(known)

    def printed(self, version: date, language: str, blanks: Mapping[str, str]) -> str:
        """The text as it is signed.

        :raises UnusableText: the version is gone.
        """
        found = self.versions.get((version, language))
        if found is None:
            raise UnusableText(f"no text {version}.{language}")
        return found.fill(blanks)


def digest(text: str) -> bytes:
    """The hash by which a printed text is known again."""
    return hashlib.sha256(text.encode()).digest()


def blanks(wanted: Wanted, *, number: str, account: str, company: CompanyProfile, texts: Texts) -> dict[str, str]:
    """What fills the blanks of a contract, in its language."""
    words = texts.words[wanted.language]
    scopes = SCOPES[wanted.role] | wanted.extra
    told = {
        "number": number,
        "date": f"{wanted.dated:%d.%m.%Y}",
        "company": company.name,
        "company_phone": company.phone,
        "account": account,
        "person": wanted.person,
        "phone": wanted.phone,
        "role": words["role"][wanted.role],
        "scopes": _list(words, "scope", (one for one in Scope if one in scopes)),
        "topics": _list(words, "topic", (one for one in TOPICS if one in wanted.topics)),
    }
    named = {"name": words["document"][wanted.document], "tail": wanted.document_tail}
    return told | {"document": Template.parse(words["document_line"], frozenset(named)).fill(named)}


def _list(words: Mapping[str, Any], group: str, names: Iterable[str]) -> str:
    item = Template.parse(words["item"], frozenset({"one"}))
    return "\n".join(item.fill({"one": words[group][name]}) for name in names) or str(words["none"])


@cache
def read(place: Path = PLACE) -> Texts:
    """The texts of a folder.

    :raises UnusableText: a text was edited, is not listed or is missing, or has a blank that nothing fills.
    """
    listed: dict[str, str] = tomllib.loads((place / "hashes.toml").read_text(encoding="utf-8"))
    files = {path.name: path.read_bytes() for path in place.glob("*.txt")}
    for name in sorted(listed.keys() | files.keys()):
        if hashlib.sha256(files.get(name, b"")).hexdigest() != listed.get(name):
            raise UnusableText(f"{name} is not the text that it was: a new text is a new file")
    versions = {}
    for name, raw in files.items():
        day, language, _ = name.split(".")
        try:
            versions[date.fromisoformat(day), language] = Template.parse(raw.decode(), BLANKS)
        except ValueError as error:
            raise UnusableText(f"{name}: {error}") from error
    words = {
        language: tomllib.loads((place / f"words.{language}.toml").read_text(encoding="utf-8"))
        for language in {language for _, language in versions}
    }
    return Texts(versions, words)
