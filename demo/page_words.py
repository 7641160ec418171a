"""The page's own words, in each language, from files; sums and days as people of that language write them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from babel import dates, numbers

from core.wording.catalogs import Template

TEXTS = Path(__file__).with_name("texts")
LANGUAGES = ("ru", "en")

_DAYS = {"ru": "dd.MM.y", "en": "d MMM y"}
_STAMPS = {"ru": "dd.MM, HH:mm", "en": "d MMM, HH:mm"}


class UnusableTexts(Exception):
    """The page's texts of a language lack something, or have something that the others have not."""


@dataclass(frozen=True, slots=True)
class PageWords:
    """One language of the page; in a template it is called with a text's name and the text's values."""

    language: str
    texts: Mapping[str, Template]

    def __call__(self, name: str, /, **values: object) -> str:
        """The text with its values put in as they are.

        :raises KeyError: no such text, or a value of it is missing.
        """
        return self.texts[name].fill({key: str(value) for key, value in values.items()})

    def get(self, group: str, name: str) -> str:
        """The text group.name, the name itself where there is none: for words that others add to."""
        text = self.texts.get(f"{group}.{name}")
        return name if text is None else text.fill({})

    def money(self, minor: int) -> str:
        """Kopecks as a sum in roubles."""
        return numbers.format_decimal(Decimal(minor).scaleb(-2), "#,##0.00", self.language) + "\u00a0₽"

    def day(self, day: date) -> str:
        return dates.format_date(day, format=_DAYS[self.language], locale=self.language)

    def price(self, dollars: str) -> str:
        """A carrier's price, which it writes as a negative number."""
        return self("phone.price", price=numbers.format_decimal(abs(Decimal(dollars)), "0.0000", self.language))

    def stamp(self, at: datetime) -> str:
        """A day near to the others, and its time."""
        return dates.format_datetime(at, format=_STAMPS[self.language], locale=self.language)

    def clock(self, at: datetime) -> str:
        """The time of a day."""
        return dates.format_time(at, format="HH:mm", locale=self.language)

    def moment(self, at: datetime) -> str:
        return dates.format_datetime(at, format="EEEE, d MMMM y, HH:mm", locale=self.language)


def load(folder: Path = TEXTS) -> Mapping[str, PageWords]:
    """The page's words in every language.

    :raises UnusableTexts: the languages do not have the same texts with the same placeholders.
    """
    read = {language: _flat(folder / f"{language}.toml") for language in LANGUAGES}
    first = read[LANGUAGES[0]]
    for language, texts in read.items():
        odd = first.keys() ^ texts.keys()
        odd |= {name for name in first.keys() & texts.keys() if first[name].names != texts[name].names}
        if odd:
            raise UnusableTexts(f"{language}: {', '.join(sorted(odd))}")
    return {language: PageWords(language, texts) for language, texts in read.items()}


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


def _flat(path: Path) -> dict[str, Template]:
    texts: dict[str, Template] = {}
    for group, members in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for name, text in members.items():
            texts[f"{group}.{name}"] = Template.parse(text, _PLACEHOLDERS)
    return texts


_PLACEHOLDERS = frozenset(
    {
        "account", "attempts", "command", "company", "count", "day", "encoding", "fate", "id", "kind", "language",
        "meter", "ms", "name", "no", "number", "price", "room", "segments", "shown", "state", "time", "times", "total",
        "units", "zone",
    }
)  # fmt: skip
