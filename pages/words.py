"""The words of pages, in each language, from files; sums, counts and days as people of that language write them."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel import Locale, dates, numbers

from core.wording.catalogs import Template

LANGUAGES = ("ru", "en")

_DAYS = {"ru": "dd.MM.y", "en": "d MMM y"}
_STAMPS = {"ru": "dd.MM, HH:mm", "en": "d MMM, HH:mm"}
_FULL_STAMPS = {"ru": "dd.MM.y, HH:mm", "en": "d MMM y, HH:mm"}
_NAME = re.compile(r"\{([a-z_]+)\}")
_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})


class UnusableTexts(Exception):
    """The texts of a language lack something, or have something that the others have not."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """One language of pages; in a template it is called with a text's name and the text's values."""

    language: str
    texts: Mapping[str, Template]

    def __call__(self, name: str, /, **values: object) -> str:
        """The text with its values put in as they are (R31).

        :raises KeyError: no such text, or a value of it is missing.
        """
        return self.texts[name].fill({key: str(value) for key, value in values.items()})

    def get(self, group: str, name: str) -> str:
        """The text group.name, the name itself where there is none: for words that others add to."""
        text = self.texts.get(f"{group}.{name}")
        return name if text is None else text.fill({})

    def has(self, name: str) -> bool:
        return name in self.texts

    def counted(self, name: str, count: int, /, **values: object) -> str:
        """The form of a text that goes with the number, which is the value {count} in it.

        :raises KeyError: no such text, or it has no forms.
        """
        form = Locale(self.language).plural_form(count)
        text = self.texts.get(f"{name}.{form}") or self.texts[f"{name}.other"]
        return text.fill({key: str(value) for key, value in values.items()} | {"count": self.number(count)})

    def number(self, number: int | Decimal) -> str:
        return numbers.format_decimal(number, "#,##0.###", self.language)

    def money(self, minor: int, currency: str = "RUB") -> str:
        """Minor units as a sum in main units, roubles where no other currency is named."""
        sign = "₽" if currency == "RUB" else numbers.get_currency_symbol(currency, self.language)
        return numbers.format_decimal(Decimal(minor).scaleb(-2), "#,##0.00", self.language) + f"\u00a0{sign}"

    def day(self, day: date) -> str:
        return dates.format_date(day, format=_DAYS[self.language], locale=self.language)

    def weekday(self, day: date) -> str:
        """The day with the day of the week before it: чт, 20.11.2025."""
        return dates.format_date(day, format=f"EEE, {_DAYS[self.language]}", locale=self.language)

    def month(self, day: date) -> str:
        """The month of a day with its year."""
        return dates.format_date(day, format="LLLL y", locale=self.language)

    def price(self, dollars: str) -> str:
        """A carrier's price, which it writes as a negative number."""
        return self("phone.price", price=numbers.format_decimal(abs(Decimal(dollars)), "0.0000", self.language))

    def stamp(self, at: datetime) -> str:
        """A day near to the others, and its time."""
        return dates.format_datetime(at, format=_STAMPS[self.language], locale=self.language)

    def full_stamp(self, at: datetime) -> str:
        """A day with its year, and its time."""
        return dates.format_datetime(at, format=_FULL_STAMPS[self.language], locale=self.language)

    def clock(self, at: datetime) -> str:
        """The time of a day."""
        return dates.format_time(at, format="HH:mm", locale=self.language)

    def moment(self, at: datetime) -> str:
        return dates.format_datetime(at, format="EEEE, d MMMM y, HH:mm", locale=self.language)


def load(folder: Path) -> Mapping[str, PageWords]:
    """The words in every language: of each <language>.toml in the folder, or of all files in its folder <language>.

    A table that has the form "other" is one text in the forms that go with a number.

    :raises UnusableTexts: the languages do not have the same texts with the same placeholders.
    """
    read = {language: _read(folder, language) for language in LANGUAGES}
    first = read[LANGUAGES[0]]
    known = {_plain(name): text.names for name, text in first.items()}
    for language, texts in read.items():
        told = {_plain(name): text.names for name, text in texts.items()}
        odd = known.keys() ^ told.keys()
        odd |= {name for name in known.keys() & told.keys() if known[name] != told[name]}
        if odd:
            raise UnusableTexts(f"{language}: {', '.join(sorted(odd))}")
    return {language: PageWords(language, texts) for language, texts in read.items()}


def _plain(name: str) -> str:
    """The name of a text without its form: languages differ in how many forms they have."""
    head, _, tail = name.rpartition(".")
    return head if tail in _FORMS and head.count(".") else name


def chosen(asked: str | None, accepted: str) -> str:
    """The language to show: the one asked for, else the first of Accept-Language that there is, else Russian."""
    if asked in LANGUAGES:
        return str(asked)
    wishes = []
    for place, part in enumerate(accepted.split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        wishes.append((-_weight(weight), place, tag.strip().lower().partition("-")[0]))
    return next((tag for _, _, tag in sorted(wishes) if tag in LANGUAGES), LANGUAGES[0])


def _weight(text: str) -> Decimal:
    try:
        weight = Decimal(text or "1")
    except ArithmeticError:
        return Decimal(0)
    return weight if weight.is_finite() else Decimal(0)


def _read(folder: Path, language: str) -> dict[str, Template]:
    single = folder / f"{language}.toml"
    texts: dict[str, Template] = {}
    for path in [single] if single.exists() else sorted((folder / language).glob("*.toml")):
        for group, members in tomllib.loads(path.read_text(encoding="utf-8")).items():
            for name, text in members.items():
                for full, one in _forms(f"{group}.{name}", text):
                    if full in texts:
                        raise UnusableTexts(f"{language}: {full} stands twice")
                    texts[full] = _template(one)
    return texts


def _forms(name: str, text: Any) -> list[tuple[str, str]]:
    if isinstance(text, str):
        return [(name, text)]
    if not isinstance(text, dict) or "other" not in text or text.keys() - _FORMS:
        raise UnusableTexts(f"{name}: neither a text nor the forms of one")
    return [(f"{name}.{form}", one) for form, one in text.items()]


def _template(text: str) -> Template:
    return Template.parse(text, frozenset(_NAME.findall(text)))
