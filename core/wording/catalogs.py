"""Texts in each language: read from .po files at start, parsed once, filled with values that are never parsed."""

import re
from collections.abc import Callable, Iterable, Mapping
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog as PoCatalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from core.basics.facts import dataclass

DOMAIN = "meterline"

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class UnusableCatalog(Exception):
    """A .po file that may not be used; the text names the file's language, the message and what is wrong."""


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed text: `parts` are (literal, name of the value after it), `tail` what follows the last value."""

    parts: tuple[tuple[str, str], ...]
    tail: str

    @classmethod
    def parse(cls, text: str, allowed: frozenset[str]) -> "Template":
        """The template of a text with placeholders such as {digits}.

        :raises ValueError: a placeholder that is not allowed, or a brace that forms none.
        """
        pieces = _PLACEHOLDER.split(text)
        literals, names = pieces[::2], pieces[1::2]
        unknown = set(names) - allowed
        if unknown:
            raise ValueError(f"unknown placeholder {min(unknown)!r}")
        if any(brace in literal for literal in literals for brace in "{}"):
            raise ValueError("a brace that is no placeholder")
        return cls(tuple(zip(literals, names, strict=False)), literals[-1])

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for _, name in self.parts)

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with the values put in as they are (R31: a value is never read as a template)."""
        text = ""
        for literal, name in self.parts:
            text += literal + values[name]
        return text + self.tail


@dataclass(frozen=True, slots=True)
class Catalog:
    """The texts of one language. `templates` holds the forms of each message, one unless it depends on a number;
    `form` tells which form a number takes."""

    language: str
    templates: Mapping[str, tuple[Template, ...]]
    form: Callable[[int], int]

    def put(self, message: str, /, **values: str) -> str:
        """The message with its values."""
        return self.templates[message][0].fill(values)

    def put_counted(self, message: str, number: int, /, **values: str) -> str:
        """The message in the form that goes with the number."""
        return self.templates[message][self.form(number)].fill(values)


def load(directory: Path, listed: Mapping[str, frozenset[str]]) -> Mapping[str, Catalog]:
    """Every language found under `directory` (<language>/LC_MESSAGES/meterline.po), by language.

    `listed` names each message and the placeholders that it may hold.

    :raises UnusableCatalog: a file that is not a .po file, a message missing, unlisted or left untranslated, or a
        placeholder that its message may not hold.
    """
    files = sorted(directory.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    if not files:
        raise UnusableCatalog(f"no {DOMAIN}.po under {directory.name}")
    return {file.parent.parent.name: read(file.parent.parent.name, file.read_bytes(), listed) for file in files}


def read(language: str, po: bytes, listed: Mapping[str, frozenset[str]]) -> Catalog:
    """The catalog of one .po file's content.

    :raises UnusableCatalog: as `load`.
    """
    try:
        source = read_po(BytesIO(po), locale=language, domain=DOMAIN, abort_invalid=True)
    except (PoFileError, UnicodeError, ValueError) as error:
        raise UnusableCatalog(f"{language}: {error}") from error
    texts = {_id(message.id): _forms(message.string) for message in source if message.id and not message.fuzzy}
    for name in sorted(listed.keys() ^ texts.keys()):
        raise UnusableCatalog(f"{language}: {name} is {'missing' if name in listed else 'not a listed message'}")
    wrong = [name for name, forms in texts.items() if len(forms) not in (1, source.num_plurals)]
    if wrong:
        raise UnusableCatalog(f"{language}: {wrong[0]} has not the language's {source.num_plurals} plural forms")
    templates = {name: _parse(language, name, texts[name], listed[name]) for name in texts}
    return Catalog(language, templates, _plural(source))


def _plural(source: PoCatalog) -> Callable[[int], int]:
    """The rule of plural forms of the file's header, asked of the standard library: a message whose forms are their own
    numbers is compiled in memory."""
    rule = PoCatalog(locale=source.locale)
    rule.mime_headers = source.mime_headers
    rule.add(("form", "forms"), tuple(str(number) for number in range(source.num_plurals)))
    compiled = BytesIO()
    write_mo(compiled, rule)
    compiled.seek(0)
    translations = GNUTranslations(compiled)
    return lambda number: int(translations.ngettext("form", "forms", number))


def _parse(language: str, name: str, forms: tuple[str, ...], allowed: frozenset[str]) -> tuple[Template, ...]:
    if not all(forms):
        raise UnusableCatalog(f"{language}: {name} is not translated")
    try:
        return tuple(Template.parse(form, allowed) for form in forms)
    except ValueError as error:
        raise UnusableCatalog(f"{language}: {name}: {error}") from error


def _id(message: str | Iterable[str]) -> str:
    return message if isinstance(message, str) else next(iter(message))


def _forms(text: str | Iterable[str] | None) -> tuple[str, ...]:
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)
