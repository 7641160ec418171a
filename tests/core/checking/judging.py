"""Judges by the engine itself whether a changed fact changes a sum of a protocol."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.basics.money import MILLI, milli, minor
from core.basics.periods import DAY, Month, Period
from core.billing import tariffs
from core.billing.engine import charging, protocol
from core.billing.engine.ordering import Ahead, AllocationRules, Mode
from core.billing.engine.settling import settle
from core.billing.engine.usage import Curve
from core.billing.model import Claim, ClaimKind, Component, Payment, TariffVersion
from core.metering.model import Anchor, Usual

Json = dict[str, Any]


def differs(document: Json) -> bool:
    """Whether the engine gets another sum for a line, or of what is overdue, than the document states.

    :raises ValueError, ArithmeticError, IndexError, KeyError, AssertionError: what stands there is no fact at all.
    """
    return any(
        _charged(line, document["facts"]) != line["result"] for line in document["lines"] if "steps" in line
    ) or (_dues(document) != (document["overdue"], document["due_on"]))


def _charged(line: Json, facts: Json) -> str | None:
    """The sum of a line by the engine; None where the tariffs named do not cover its days."""
    if "segments" in line:  # several meters: no fact of theirs is judged here
        return str(line["result"])
    meter = facts[line["meter"]]
    named = list(dict.fromkeys(step["tariff"] for step in line["steps"] if step["op"] == "volume"))
    inputs = {step["zone"]: step["inputs"] for step in line["steps"] if step["op"] == "volume"}
    for step in line["steps"]:
        if step["op"] == "volume":
            inputs[step["zone"]] = list(dict.fromkeys([*inputs[step["zone"]], *step["inputs"]]))
    removed = meter["removed"] and date.fromisoformat(meter["removed"])
    try:
        found = charging.charge(
            days=Period(date.fromisoformat(line["from"]), date.fromisoformat(line["to"]) + DAY),
            month=Month.parse(line["period"]),
            curves={zone: _curve(names, meter, facts) for zone, names in inputs.items()},
            versions=sorted((_version(name, facts[name]) for name in named), key=lambda one: one.valid.start),
            persons=line["persons"],
            present=Period(date.fromisoformat(meter["installed"]), removed),
            fixed=line["fixed"],
        )
    except charging.NoTariff:
        return None
    return protocol.money(found.amount)


def _version(name: str, fact: Json) -> TariffVersion:
    until = fact["until"] and date.fromisoformat(fact["until"])
    return tariffs.decode(
        fact["terms"],
        id=int(name.split(":")[1]),
        plan=fact["plan"],
        valid_from=date.fromisoformat(fact["from"]),
        valid_to=until,
        source=fact["doc"],
    )


def _curve(names: Sequence[str], meter: Json, facts: Json) -> Curve:
    wheel = 10 ** meter["digits"] * MILLI
    terms = {"wheel": wheel, "multiplier": milli(meter["multiplier"]), "fraction": meter["decimals"]}
    usual: Usual | None = None
    for name in names:
        if name.startswith("usual:"):
            fact = facts[name]
            first, last = (date.fromisoformat(fact[key]).toordinal() for key in ("from", "to"))
            year = Curve(_anchors(fact["inputs"], facts, wheel), **terms)
            usual = Usual(year.count(last) - year.count(first), last - first)
    return Curve(_anchors([name for name in names if name.startswith("reading:")], facts, wheel), **terms, usual=usual)


def _anchors(names: Sequence[str], facts: Json, wheel: int) -> list[Anchor]:
    found = [Anchor(date.fromisoformat(facts[name]["day"]), milli(facts[name]["value"])) for name in names]
    found.sort(key=lambda one: one.day)
    assert len({one.day for one in found}) == len(found)
    assert all(0 <= one.value < wheel for one in found)
    return found


def _dues(document: Json) -> tuple[str, str | None]:
    """What is overdue, and the next due date, by the engine's settling of the lines."""
    claims: dict[int, Claim] = {}
    payments: list[Payment] = []
    for line in document["lines"]:
        if "fact" not in line:
            continue
        no, on, amount = int(line["fact"].split(":")[1]), date.fromisoformat(line["day"]), minor(line["amount"])
        month = Month.parse(line["period"]) if "period" in line else None
        if line["kind"] == "payment":
            payments.append(Payment(no, on, -amount, month))
            continue
        assert month is not None
        amount += claims[no].amount if no in claims else 0
        claims[no] = Claim(no, month, ClaimKind(line["kind"]), amount, date.fromisoformat(line["due_on"]), on)
    today, to_pay = date.fromisoformat(document["day"]), minor(document["to_pay"])
    rules = document["rules"]
    by = AllocationRules(
        tuple(Component(one) for one in rules["order"]), Mode(rules["mode"]), Ahead(rules["advance"]),
        rules["designated_first"], rules["barred_last"],
    )  # fmt: skip
    open_ = settle(claims.values(), payments, by, years=rules["limitation_years"]).open
    late = sum(one.remaining for one in open_ if one.due_on < today)
    ahead = [one.due_on for one in open_ if one.due_on >= today]
    return protocol.money(min(late, to_pay)), min(ahead).isoformat() if ahead and to_pay else None
