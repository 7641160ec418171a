"""What the law of a place sets for bills, read from the rule packs (billing.md sections 4.1 and 9)."""

import tomllib
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from core.basics.periods import Month

PACKS = Path(__file__).parent / "rulepacks"


class NoProfile(Exception):
    """There is no rule pack of this name, or it says nothing of the month."""


@dataclass(frozen=True, slots=True)
class DueRule:
    """From the bills of month `since` on, payable up to and including `day` of the next month."""

    since: Month
    day: int
    source: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A rule pack: its name and currency, and the rules of due days, oldest first."""

    name: str
    currency: str
    due: tuple[DueRule, ...]


@cache
def profile(name: str) -> Profile:
    """The rule pack of this name.

    :raises NoProfile: there is none.
    """
    path = PACKS / f"{name}.toml"
    if path.parent != PACKS or not path.is_file():
        raise NoProfile(f"no rule pack named {name!r}; there are: {', '.join(names())}")
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    rules = tuple(DueRule(Month.parse(one["months_from"]), one["day"], one["source"]) for one in read["due"])
    return Profile(read["name"], read["currency"], tuple(sorted(rules, key=lambda rule: rule.since)))


def names() -> tuple[str, ...]:
    """The rule packs that there are."""
    return tuple(sorted(path.stem for path in PACKS.glob("*.toml")))


def due_on(name: str, month: Month) -> date:
    """The last day to pay the bill of a month; a day that the next month has not is its last day.

    :raises NoProfile: no such rule pack, or it holds only for later months.
    """
    rules = [rule for rule in profile(name).due if rule.since <= month]
    if not rules:
        raise NoProfile(f"the rule pack {name!r} says nothing of {month}")
    following = month.next
    last = monthrange(following.year, following.month)[1]
    return date(following.year, following.month, min(rules[-1].day, last))
