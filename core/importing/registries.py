"""The head of a registry of payments: who made it, and its control totals, which the rows must come to."""

import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from typing import BinaryIO, TypeVar

from core.books.payments.model import Registry
from core.importing import cells, rules
from core.importing.cells import Unreadable
from core.importing.model import FileRefused, Problem
from core.importing.table import Row, Table

EXAMPLE = "# agent=Сбер; number=R-118; date=2025-11-20; count=3; sum=1354.40; commission=13.54"

_NAMES = ("agent", "number", "date", "count", "sum", "commission")
_TITLE = re.compile(r"registry\b[;:]?\s*", re.IGNORECASE)
_Value = TypeVar("_Value")


def examined(stream: BinaryIO, *, today: date) -> tuple[Registry, bytes]:
    """What the head of a file of payments says, and the hash of the file's bytes. A stream that can be read twice.

    :raises FileRefused: the head cannot be read, or the rows do not come to what it says.
    """
    with closing(Table(stream, rules.PAYMENTS)) as table:
        registry = read(table.head, today=today)
        if registry.rows is not None or registry.amount is not None:
            _check(registry, table)
    stream.seek(0)
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    return registry, digest.digest()


def read(head: Sequence[str], *, today: date) -> Registry:
    """The head of a registry from its lines.

    :raises FileRefused: it cannot be read.
    """
    found: dict[str, str] = {}
    for part in ";".join(_TITLE.sub("", line) for line in head).split(";"):
        name, equals, value = part.partition("=")
        name = name.strip().lower()
        if not part.strip():
            continue
        if not equals or name not in _NAMES or name in found:
            raise FileRefused(f"the head of the registry says {part.strip()[:40]!r}; expected: {EXAMPLE}")
        found[name] = value.strip()
    number = _value(found, "number", cells.words, "")
    agent = _value(found, "agent", cells.words, "")
    if number and not agent:
        raise FileRefused(f"the head of the registry names no agent; expected: {EXAMPLE}")
    commission = _value(found, "commission", cells.money, 0)
    if commission < 0 or (commission and not agent):
        raise FileRefused("the commission in the head of the registry is below zero, or nobody is named who keeps it")
    return Registry(
        agent,
        number,
        _value(found, "date", lambda text: cells.past_day(text, today), None),
        _value(found, "count", lambda text: cells.whole(text, 0, 10**9 - 1), None),
        _value(found, "sum", cells.money, None),
        commission,
    )


def _value(found: dict[str, str], name: str, parse: Callable[[str], _Value], empty: _Value) -> _Value:
    if not found.get(name):
        return empty
    try:
        return parse(found[name])
    except Unreadable as error:
        reason = f"the head of the registry: {name} {found[name][:40]!r} is {error.reason}"
        raise FileRefused(f"{reason}; expected: {error.expected}") from error


def _check(registry: Registry, table: Table) -> None:
    place = rules.PAYMENTS.names.index("amount")
    count, amount, unreadable = 0, 0, 0
    for row in table.rows():
        count += 1
        found = _amount(row, place)
        amount += found or 0
        unreadable += found is None
    if registry.rows is not None and registry.rows != count:
        raise FileRefused(
            f"the head of the registry says {registry.rows} rows, the file has {count}: nothing was stored"
        )
    if registry.amount is not None and (unreadable or registry.amount != amount):
        beside = f" and {unreadable} that cannot be read" if unreadable else ""
        says = f"the head of the registry says a sum of {_money(registry.amount)}"
        raise FileRefused(f"{says}, the rows come to {_money(amount)}{beside}: nothing was stored")


def _amount(row: Row | Problem, place: int) -> int | None:
    if isinstance(row, Problem):
        return None
    try:
        return cells.money(row.cells[place])
    except Unreadable:
        return None


def _money(amount: int) -> str:
    """Kopecks as 1354.40, the way the head of a registry has them."""
    return f"{Decimal(amount).scaleb(-2):.2f}"
