"""What the job of debts that lapse soon tells of them (row M11b)."""

from collections.abc import Sequence
from datetime import date, timedelta

from core.billing.debts.sql import Lapsing
from core.jobs.model import Report, Said
from gateway import telling

NAMED = 20
"""So many debts the report names, the most pressing first; `meterline lapsing` lists all."""


def last(one: Lapsing, today: date) -> date:
    """The last day on which it can be brought to court."""
    return today + timedelta(one.days)


def name(one: Lapsing, today: date) -> str:
    """By what it is known again the next day, though some of it may have been paid."""
    return f"limitation {one.month} {last(one, today)}"


def told(one: Lapsing, today: date) -> str:
    """It in one line, without its account."""
    return f"{one.month}: {telling.money(one.amount)}, to court by {last(one, today)}"


def report(found: Sequence[Lapsing], *, today: date, months: int, made: int, gone: int) -> Report:
    """How many lapse within the months, their sum, and the most pressing by account, month, sum and last day."""
    if not months:
        return Report("the rule pack wants no such tasks", (Said("lapsing_off"),))
    total = sum(one.amount for one in found)
    text = f"{len(found)} debts lapse within {months} months, {telling.money(total)}"
    said = [Said("lapsing", {"debts": len(found), "months": months}, {"amount": total})]
    if found or gone:
        text += f"; {made} new tasks, {gone} settled; meterline lapsing lists them"
        said.append(Said("lapsing_tasks", {"made": made, "gone": gone}))
    for one in found[:NAMED]:
        text += f"\n{one.number}, {told(one, today)}"
        words = {"account": one.number, "month": str(one.month)}
        said.append(Said("lapsing_one", {}, {"amount": one.amount}, {"last": last(one, today)}, words=words))
    if (more := len(found) - NAMED) > 0:
        text += f"\nand {more} more"
        said.append(Said("lapsing_more", {"more": more}))
    return Report(text, tuple(said))
