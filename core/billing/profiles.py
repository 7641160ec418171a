"""The rule packs that come with the program, by their names (billing.md sections 4.1 and 9)."""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from core.basics.periods import Month
from core.billing import packreading
from core.billing.terms import Pack

PACKS = Path(__file__).parent / "rulepacks"


class NoProfile(Exception):
    """There is no rule pack of this name, or it says nothing of the month."""


@cache
def profile(name: str) -> Pack:
    """The rule pack of this name.

    :raises NoProfile: there is none.
    :raises packreading.PackWrong: what stands in it is wrong.
    """
    path = PACKS / f"{name}.toml"
    if path.parent != PACKS or not path.is_file():
        raise NoProfile(f"no rule pack named {name!r}; there are: {', '.join(names())}")
    return packreading.parse(path.read_text(encoding="utf-8"))


def text(name: str) -> str:
    """The file of the rule pack.

    :raises NoProfile: there is none.
    """
    profile(name)
    return (PACKS / f"{name}.toml").read_text(encoding="utf-8")


def data(name: str) -> Mapping[str, Any]:
    """What stands in the file of the rule pack, key by key; fractions are Decimals.

    :raises NoProfile: there is none.
    """
    return tomllib.loads(text(name), parse_float=Decimal)


def names() -> tuple[str, ...]:
    """The rule packs that there are."""
    return tuple(sorted(path.stem for path in PACKS.glob("*.toml")))


@lru_cache(maxsize=1024)
def due_on(name: str, month: Month) -> date:
    """The last day to pay the bill of a month.

    :raises NoProfile: no such rule pack, or it holds only for later months.
    """
    day = profile(name).due_on(month)
    if day is None:
        raise NoProfile(f"the rule pack {name!r} says nothing of {month}")
    return day
