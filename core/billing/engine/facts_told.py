"""The facts that a protocol names, as data for other programs (billing.md section 7)."""

from collections.abc import Mapping
from typing import Any

from core.billing.conditions.model import TERMS, Condition
from core.billing.conditions.stored import encode as encoded
from core.billing.engine.amounts import volume
from core.billing.engine.measuring import UsualUse, reading_id
from core.billing.engine.statement import Calculation, Statement
from core.billing.estimation import Norm
from core.billing.tariffs import encode
from core.metering.model import Meter, ReadingFact

Json = dict[str, Any]


def told(statement: Statement) -> Json:
    """All meters, readings, usual uses, norms, dated facts and tariffs that the lines name, by their ids."""
    readings = {name: _reading(one) for name, one in statement.readings.items()}
    return {
        **{f"meter:{number}": _meter(meter) for number, meter in meters_of(statement).items()},
        **dict(sorted(readings.items())),
        **{name: _usual(one) for name, one in statement.usuals.items()},
        **{name: _norm(one) for name, one in statement.norms.items()},
        **{name: _condition(one) for name, one in statement.conditions.items()},
        **_tariffs(statement),
    }


def meters_of(statement: Statement) -> dict[int, Meter]:
    """The meters that the lines name, by their ids, as the last line of each has them."""
    told = [line.calculation for line in statement.lines if line.calculation]
    return {meter.id: meter for one in told for meter in _named(one)}


def _named(one: Calculation) -> list[Meter]:
    return [*one.meters, *(each.meter for each in one.measured if each.meter is not None)]


def stood(one: Calculation, told: Mapping[int, Meter]) -> list[Json]:
    """Where meters of a line were believed to stand, of those that `told` has elsewhere: what moved them came later."""
    there = {meter.id: meter for meter in _named(one)}
    return [
        {
            "meter": f"meter:{meter.id}",
            "installed": meter.installed.start.isoformat(),
            "removed": meter.installed.end and meter.installed.end.isoformat(),
        }
        for meter in there.values()
        if meter.installed != told[meter.id].installed
    ]


def _norm(one: Norm) -> Json:
    return {
        "service": one.service,
        "category": one.category,
        "per": one.per.value,
        "volume": volume(one.volume),
        "from": one.valid.start.isoformat(),
        "until": one.valid.end and one.valid.end.isoformat(),
        "doc": one.source,
    }


def _condition(one: Condition) -> Json:
    return {
        "kind": one.kind.value,
        "of": f"{TERMS[one.kind].subject.value}:{one.subject}",
        "name": one.name,
        "from": one.days.start.isoformat(),
        "until": one.days.end and one.days.end.isoformat(),
        "value": encoded(one.value),
    }


def _tariffs(statement: Statement) -> Mapping[str, Json]:
    return {
        name: {
            "plan": one.plan,
            "from": one.valid.start.isoformat(),
            "until": one.valid.end and one.valid.end.isoformat(),
            "doc": one.source,
            "terms": encode(one),
        }
        for name, one in statement.tariffs.items()
    }


def _reading(one: ReadingFact) -> Json:
    return {
        "meter": f"meter:{one.meter_id}",
        "register": one.register,
        "day": one.day.isoformat(),
        "value": volume(one.value),
        "source": one.source.name.lower(),
    }


def _usual(one: UsualUse) -> Json:
    assert one.days.end is not None
    return {
        "meter": f"meter:{one.meter}",
        "register": one.register,
        "from": one.days.start.isoformat(),
        "to": one.days.end.isoformat(),
        "volume": volume(one.usual.volume),
        "days": str(one.usual.days),
        "inputs": [reading_id(reading) for reading in one.readings],
    }


def _meter(meter: Meter) -> Json:
    return {
        "serial": meter.serial,
        "point": f"point:{meter.point_id}",
        "service": meter.service,
        "zones": list(meter.zones),
        "multiplier": volume(meter.multiplier),
        "digits": meter.digits,
        "decimals": meter.fraction,
        "installed": meter.installed.start.isoformat(),
        "removed": meter.installed.end and meter.installed.end.isoformat(),
        "verified_until": meter.verified_until and meter.verified_until.isoformat(),
    }
