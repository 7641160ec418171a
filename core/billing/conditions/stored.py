"""Conditions as the database holds them: values as JSON, and all of an account's as one short list."""

import json
from collections.abc import Iterable
from datetime import date
from types import MappingProxyType
from typing import Any

from core.basics.periods import Month, Period
from core.billing.conditions.model import NONE, Benefit, Conditions, Dated, Instalments, Key, Kind, Value


def encode(value: Value | None) -> Any:
    """The value as JSON holds it: a number, a word, an object for a benefit or an instalment plan, null for none."""
    if isinstance(value, Benefit):
        return {"share": value.share, "amount": value.amount, "limit": value.limit}
    if isinstance(value, Instalments):
        return {
            "first": str(value.first), "last": str(value.last), "amount": value.amount, "parts": value.parts,
            "due_on": value.due_on.isoformat(), "rate": value.rate,
        }  # fmt: skip
    return value


def decode(value: Any) -> Value | None:
    """The value of this JSON."""
    if isinstance(value, dict) and "parts" in value:
        first, last = Month.parse(value["first"]), Month.parse(value["last"])
        due_on = date.fromisoformat(value["due_on"])
        return Instalments(first, last, value["amount"], value["parts"], due_on, value["rate"])
    if isinstance(value, dict):
        return Benefit(value["share"], value["amount"], value["limit"])
    found: int | str | None = value
    return found


def text(conditions: Conditions) -> str:
    """[[kind, subject, name, from, until or null, value, no], …]"""
    return json.dumps(
        [
            [kind, subject, name, one.days.start.isoformat(), one.days.end and one.days.end.isoformat(),
             encode(one.value), one.no]
            for (kind, subject, name), timeline in conditions.timelines.items()
            for one in timeline
        ],
        separators=(",", ":"),
        ensure_ascii=False,
    )  # fmt: skip


def conditions(stored: str) -> Conditions:
    """The conditions of such a list."""
    return NONE if stored == "[]" else _timelines(json.loads(stored))


def _timelines(rows: Iterable[Any]) -> Conditions:
    found: dict[Key, list[Dated[Value]]] = {}
    for kind, subject, name, start, end, value, no in rows:
        days = Period(date.fromisoformat(start), None if end is None else date.fromisoformat(end))
        decoded = decode(value)
        if decoded is not None:
            found.setdefault((Kind(kind), subject, name), []).append(Dated(days, decoded, no))
    return Conditions(MappingProxyType({key: tuple(timeline) for key, timeline in found.items()}))
