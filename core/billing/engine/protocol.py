"""The protocol as data for other programs: numbers as text, facts by their ids (billing.md section 7)."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from core.basics.money import MICRO, MILLI
from core.basics.periods import DAY, Month, Period
from core.billing.engine import facts_told, lining, plans_told, pricing
from core.billing.engine.amounts import exact as exact
from core.billing.engine.amounts import money as money
from core.billing.engine.amounts import volume as volume
from core.billing.engine.lining import ChargeLine, LineKind, Share
from core.billing.engine.measuring import Basis, Measured, Span
from core.billing.engine.penalty import Penalty, Segment
from core.billing.engine.pricing import Step
from core.billing.engine.statement import Calculation, Line, Statement
from core.billing.model import BlockMode
from core.billing.tariffs import plain
from core.metering.model import Meter

Json = dict[str, Any]

UNITS = {"electricity": "kWh", "cold_water": "m3", "hot_water": "m3", "gas": "m3", "heat": "Gcal"}


def as_json(statement: Statement) -> Json:
    """The statement as a dictionary that JSON can hold.

    All numbers are text, in main units; an exact number that no decimal equals is "numerator/denominator". `facts` has
    everything from which each line can be computed again without this program.
    """
    stands, meters = statement.standing, facts_told.meters_of(statement)
    return {
        "account": statement.account,
        "day": statement.today.isoformat(),
        "to_pay": money(stands.to_pay),
        "overdue": money(stands.overdue),
        "credit": money(stands.credit),
        "due_on": stands.due_on and stands.due_on.isoformat(),
        "rules": plans_told.rules(statement.terms),
        "lines": [_line(statement, line, meters) for line in statement.lines],
        **({"plans": [plans_told.told(one, statement.terms) for one in statement.plans]} if statement.plans else {}),
        "facts": facts_told.told(statement),
    }


def named(line: Json, facts: Json) -> Json:
    """The facts that a line names, and those that they name."""
    found: Json = {}
    waiting: list[Any] = [line]
    while waiting:
        match waiting.pop():
            case str() as name if name in facts and name not in found:
                found[name] = facts[name]
                waiting.append(facts[name])
            case dict() as members:
                waiting.extend([*members, *members.values()])
            case list() as members:
                waiting.extend(members)
    return {name: facts[name] for name in facts if name in found}


def formula(calculation: Calculation) -> str:
    """What is added up to the sum, exactly, such as "150×5.05 + 60×5.43"."""
    charge = calculation.charge
    products = [
        f"{exact(Fraction(step.volume, step.per * MILLI))}×{plain(step.rate, MICRO)}"
        for step in charge.steps
        if step.volume
    ]
    fees = [exact(Fraction(step.flat, step.flat_per * 100)) for step in charge.steps if step.flat]
    rest = [money(line.amount) for line in charge.lines[1:]]
    return " + ".join([*products, *fees, *rest]) or "0"


def method(statement: Statement, calculation: Calculation) -> str:
    """By which rule the volumes were priced."""
    month = calculation.days.start.month
    found = (statement.tariffs[calculation.versions[number]] for number in calculation.charge.tariffs)
    versions = [version.holding(month, persons=1) for version in found]
    demand = "+demand" if any(version.demand for version in versions) else ""
    if all(len(version.blocks) == 1 for version in versions):
        return "flat" + demand
    modes = {version.mode for version in versions if len(version.blocks) > 1}
    return "blocks." + "+".join(sorted(BlockMode(mode).value for mode in modes)) + demand


def _line(statement: Statement, line: Line, meters: Mapping[int, Meter]) -> Json:
    found: Json = {"kind": line.kind.value, "amount": money(line.amount)}
    known = {
        "fact": line.fact,
        "day": line.day and line.day.isoformat(),
        "period": line.month and str(line.month),
        "due_on": line.due_on and line.due_on.isoformat(),
        "limitation_on": line.limitation_on and line.limitation_on.isoformat(),
        "about": line.about,
        "supersedes": None if line.before is None else money(line.before),
        "cause": list(line.causes) or None,
    }
    found |= {name: value for name, value in known.items() if value is not None}
    if line.calculation is not None:
        found |= _calculation(statement, line.calculation) | {"reproduced": line.reproduced}
        found |= {"stood": stood} if (stood := facts_told.stood(line.calculation, meters)) else {}
    if line.penalty is not None:
        found |= _penalty(line.penalty) | {"reproduced": line.reproduced}
    if line.plan is not None:
        found |= plans_told.interest(line.plan) | {"reproduced": line.reproduced}
    return found


def _penalty(cost: Penalty) -> Json:
    """What late payment of a claim costs in all: its segments, and the one rounding (billing.md section 7, e)."""
    return {
        "method": "penalty",
        "formula": " + ".join(map(segment, (one for one in cost.segments if one.worth))) or "0",
        "result": money(cost.amount),
        "outstanding": money(cost.outstanding),
        "steps": [
            *(
                {
                    "op": "days",
                    "from": one.first.isoformat(),
                    "to": one.last.isoformat(),
                    "days": str(one.days),
                    "balance": money(one.balance),
                    "rate": exact(one.rate),
                    "share": exact(one.share),
                    "moratorium": one.moratorium,
                    "amount": exact(one.worth * Fraction(1, 100)),
                }
                for one in cost.segments
            ),
            {
                "op": "round",
                "line": "penalty",
                "rule": "half_up 0.01",
                "before": exact(cost.exact * Fraction(1, 100)),
                **({"least": money(cost.amount)} if cost.at_least else {}),
                "amount": money(cost.amount),
            },
        ],
    }


def segment(one: Segment) -> str:
    """The days, the balance, and the share of the rate that a day costs, such as "46 × 2315.47 × 9.5%/300"."""
    rate, share = exact(one.rate * 100), one.share
    part = f"/{share.denominator}" if share.denominator > 1 else ""
    times = f"×{share.numerator}" if share.numerator > 1 else ""
    return f"{one.days} × {money(one.balance)} × {rate}%{times}{part}"


def _calculation(statement: Statement, found: Calculation) -> Json:
    assert found.days.end is not None
    sources = [statement.tariffs[found.versions[number]].source for number in found.charge.tariffs]
    whole = not simple(found)
    return {
        **(_of_point(found) if whole else {"meter": f"meter:{found.meters[0].id}"}),
        "from": found.days.start.isoformat(),
        "to": (found.days.end - DAY).isoformat(),
        "method": method(statement, found),
        "formula": formula(found),
        "law": list(dict.fromkeys(sources)),
        "persons": found.persons,
        "fixed": found.fixed,
        "result": money(found.charge.amount),
        **({"segments": [_segment(one, found.versions[one.version.id]) for one in found.segments]} if whole else {}),
        "steps": [
            *(_measured(found, one, whole=whole) for one in found.measured),
            *(_step(step, found.versions[step.tariff]) for step in found.charge.steps),
            *_rounded(found),
        ],
        "days": [_span(one, span, whole=whole) for one in found.measured for span in one.spans],
    }


def simple(found: Calculation) -> bool:
    """Whether one meter and its tariff tell all of it: no dated fact, no norm, one volume a zone and version."""
    volumes = [(one.zone, one.tariff) for one in found.measured]
    return (
        len(found.meters) == 1
        and not found.charge.facts
        and len(set(volumes)) == len(volumes)
        and all(one.meter == found.meters[0] and one.multiplier == one.meter.multiplier for one in found.measured)
        and all(span.basis is not Basis.NORM for one in found.measured for span in one.spans)
        and all(one.days == _standing_days(found, one) for one in found.segments)
    )


def _standing_days(found: Calculation, segment: lining.Segment) -> int:
    """The days of the month on which the meter stood and the version held: with another meter at the point there may be
    more of them."""
    met = found.meters[0].installed.meet(Month.of(found.days.start).period)
    met = None if met is None else met.meet(segment.version.valid)
    return 0 if met is None or met.end is None else (met.end - met.start).days


def _segment(one: lining.Segment, tariff: str) -> Json:
    """Days under one version and of as many persons: `days` of the month set the share of what is a month's."""
    found: Json = {
        "from": one.charged.start.isoformat(),
        "to": _last(one.charged),
        "tariff": tariff,
        "days": one.days,
        "persons": one.persons,
        "facts": [f"condition:{no}" for no in one.facts],
    }
    if one.benefits:
        found["benefits"] = [f"condition:{no}" for _, _, no in one.benefits]
    return found | ({} if one.demand is None else {"demand": _demand(one.demand, one.version.ratchet)})


def _demand(one: lining.Demand, ratchet: int) -> Json:
    """The power in kW: of the segment's days, of those before that the ratchet looks back on, and what is charged."""
    return {
        "own": volume(one.own),
        "fact": f"condition:{one.no}" if one.no else None,
        "before": [
            {
                "from": each.days.start.isoformat(),
                "to": _last(each.days),
                "value": volume(each.value),
                "fact": f"condition:{each.no}",
            }
            for each in one.before
        ],
        "billed": plain(one.billed(ratchet), MILLI * MILLI),
    }


def _of_point(found: Calculation) -> Json:
    return {
        "point": f"point:{found.point}",
        "service": found.service,
        "meters": [f"meter:{meter.id}" for meter in found.meters],
    }


def _measured(of: Calculation, one: Measured, *, whole: bool) -> Json:
    first, last = one.days.start - DAY, _last(one.days)
    found: Json = {
        "op": "volume",
        "zone": one.zone,
        "tariff": of.versions[one.tariff],
        "expr": f"R(C({last})) − R(C({first}))",
        "before": volume(one.before),
        "after": volume(one.after),
        "value": volume(one.volume),
        "unit": UNITS[of.service],
        "inputs": list(dict.fromkeys(name for span in one.spans for name in span.inputs)),
    }
    decimals = 3 if one.meter is None else one.meter.fraction
    found["rule"] = f"half_up to {decimals} decimals of the cumulative count"
    if not whole:
        return found
    found |= {"from": one.days.start.isoformat(), "basis": list(dict.fromkeys(span.basis.value for span in one.spans))}
    if one.meter is not None:
        found |= {"meter": f"meter:{one.meter.id}", "multiplier": volume(one.multiplier)}
    if one.no:
        found["fact"] = f"condition:{one.no}"
    if one.factor != MILLI:
        found["factor"] = volume(one.factor)
    return found | ({"case": one.why} if one.why else {})


def _step(step: Step, tariff: str) -> Json:
    amount = Fraction(step.volume, step.per) * Fraction(step.rate, MILLI * MICRO)
    found: Json = {
        "op": "rate",
        "tariff": tariff,
        "block": step.block,
        "zone": step.zone,
        "volume": exact(Fraction(step.volume, step.per * MILLI)),
        "rate": plain(step.rate, MICRO),
    }
    if step.flat:
        fee = Fraction(step.flat, step.flat_per * 100)
        found["fee"] = exact(fee)
        amount += fee
    return found | {"amount": exact(amount)}


def _rounded(found: Calculation) -> list[Json]:
    """The lines: what the products come to, rounded, and what is added to it."""
    energy, *rest = found.charge.lines
    before = Fraction(*pricing.worth(found.charge.steps)) * Fraction(1, 100)
    steps: list[Json] = [
        {
            "op": "round",
            "line": LineKind.ENERGY.value,
            "rule": "half_up 0.01",
            "before": exact(before),
            "amount": money(energy.amount),
        }
    ]
    steps.extend(_added(line) for line in rest)
    return steps


def _added(line: ChargeLine) -> Json:
    """A line beside the energy; what it is the rounded sum of, where it is one of several products."""
    found: Json = {"op": "add", "line": line.kind.value, "amount": money(line.amount)}
    return found | ({"of": [_share(one) for one in line.shares]} if line.shares else {})


def _share(one: Share) -> Json:
    worth = Fraction(*one.worth) * Fraction(1, 100)
    factor = Fraction(one.factor, MILLI)
    found: Json = {"worth": exact(worth), "factor": exact(factor), "amount": exact(worth * factor)}
    known = {
        "volume": volume(one.volume) if one.volume else None,
        "name": one.name or None,
        "fact": f"condition:{one.fact}" if one.fact else None,
    }
    return found | {name: value for name, value in known.items() if value is not None}


def _span(one: Measured, span: Span, *, whole: bool) -> Json:
    found: Json = {
        "zone": one.zone,
        "from": span.days.start.isoformat(),
        "to": _last(span.days),
        "per_day": exact(span.per_day * Fraction(1, MILLI)),
        "estimated": span.estimated,
        "source": list(span.inputs),
    }
    if whole:
        found["basis"] = span.basis.value
        found |= {} if one.meter is None else {"meter": f"meter:{one.meter.id}"}
    if span.basis is Basis.NORM:
        found |= {"count": str(span.count), "share": exact(span.share)}
    return found | ({"why": WHY[span.basis]} if span.estimated else {})


WHY = {
    Basis.MEASURED: "between two readings",
    Basis.AVERAGE: "usual use of the last twelve months",
    Basis.NORM: "norm of consumption",
    Basis.NOTHING: "nothing is known to estimate by",
}
"""What the days of each basis go by."""


def _last(days: Period) -> str:
    assert days.end is not None
    return (days.end - DAY).isoformat()
