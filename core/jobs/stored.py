"""What a job told, sentence by sentence, as it is stored in its row."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from core.jobs.model import Said

_KEY = "said"
_WHOLE = ("numbers", "sums")
_TEXTS = ("names", "words")


def text(said: Sequence[Said]) -> str:
    """The sentences as JSON."""
    return json.dumps({_KEY: [dict(_told(one)) for one in said]} if said else {})


def _told(one: Said) -> Iterator[tuple[str, object]]:
    yield "name", one.name
    for group in (*_WHOLE, *_TEXTS):
        if values := getattr(one, group):
            yield group, dict(values)
    if one.days:
        yield "days", {name: day.isoformat() for name, day in one.days.items()}


def said(stored: str) -> tuple[Said, ...]:
    """The sentences that `text` has stored; none where the row holds other counts."""
    found: Mapping[str, Any] = json.loads(stored)
    return tuple(
        Said(
            one["name"],
            **{group: one.get(group, {}) for group in (*_WHOLE, *_TEXTS)},
            days={name: date.fromisoformat(day) for name, day in one.get("days", {}).items()},
        )
        for one in found.get(_KEY, ())
    )
