"""By which facts on record the supply of an account may not be cut (idea 3 of the product). Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from asyncpg import Record

from core.basics.periods import Period
from core.billing.conditions.model import Condition, Kind, conditions_of
from core.billing.warning import Warnings


def holding(rows: Sequence[Record], day: date, customer: str, pack: Warnings) -> tuple[str, ...]:
    """The protections that hold on the day for such a customer by the rule pack, by name."""
    held = conditions_of(_fact(row) for row in rows)
    return tuple(
        name
        for _, _, name in held.timelines
        if pack.protects(name, customer) and any(day in one.days for one in held.said(Kind.PROTECTED, 0, name))
    )


def told(rows: Iterable[Record]) -> list[Mapping[str, Any]]:
    """What the evidence says of each fact: why, on which days, by whose word and which document."""
    return [
        {
            "no": row["no"], "why": row["name"], "from": row["valid_from"].isoformat(),
            "to": row["valid_to"] and row["valid_to"].isoformat(), "holds": json.loads(row["value"]) is not None,
            "document": row["document"], "author": row["author"], "recorded_at": row["recorded_at"].isoformat(),
            **({"takes_back": row["withdraws"]} if row["withdraws"] else {}),
        }
        for row in rows
    ]  # fmt: skip


def _fact(row: Record) -> Condition:
    days = Period(row["valid_from"], row["valid_to"])
    return Condition(row["no"], Kind.PROTECTED, 0, days, json.loads(row["value"]), row["name"], row["withdraws"])
