"""The state of an account as its row holds it: short lists in JSON, days as ISO text."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson

from core.basics.periods import Month, Period
from core.billing.model import AccountState, Component, IssuedLine, Late, OpenClaim, Plan, PlanEnd, PlanPart
from core.metering.model import Anchor, Registers, RegisterState, Source, Usual

_day = date.fromisoformat


def blank(account_id: int) -> AccountState:
    """The state of an account without facts."""
    return AccountState(account_id, 0, 0, None, (), (), {})


def claims_text(state: AccountState) -> str:
    """[[no, month, due on, remaining], …], a penalty or interest with its component behind; where there are late ones
    or plans, {"open": that, "late": [[no, month, due on, amount, [[day, settled], …], posted, through, [[first day,
    end], …]], …], "plans": [[no, first day, end, why, [[due on, amount, left], …], [claim, …], rate, posted, grace],
    …]}; so too, with "behind": true, where money has settled a debt whose limitation had run."""
    unsettled = [_claim(one) for one in state.claims]
    if not state.late and not state.plans and not state.behind:
        return _text(unsettled)
    return _text(
        {
            "open": unsettled,
            **({"plans": [_plan(one) for one in state.plans]} if state.plans else {}),
            **({"behind": True} if state.behind else {}),
            "late": [
                [
                    one.no,
                    str(one.month),
                    one.due_on.isoformat(),
                    one.amount,
                    [[on.isoformat(), amount] for on, amount in one.settled],
                    one.posted,
                    one.posted_through.isoformat(),
                    [[days.start.isoformat(), days.end and days.end.isoformat()] for days in one.frozen],
                ]
                for one in state.late
            ],
        }
    )


def _claim(one: OpenClaim) -> list[object]:
    told: list[object] = [one.no, str(one.month), one.due_on.isoformat(), one.remaining]
    return told if one.component is Component.PRINCIPAL else [*told, str(one.component)]


def _plan(one: Plan) -> list[object]:
    parts = [[part.due_on.isoformat(), part.amount, part.left] for part in one.parts]
    until = one.until and one.until.isoformat()
    return [one.no, one.start.isoformat(), until, one.end, parts, one.covers, one.rate, one.posted, one.grace]


def claims(text: str) -> tuple[tuple[OpenClaim, ...], tuple[Late, ...], tuple[Plan, ...], bool]:
    """The open claims, the late ones, the instalment plans, and whether money has settled a debt whose limitation had
    run."""
    if text == "[]":
        return (), (), (), False
    read = _read(text)
    if isinstance(read, list):
        return tuple([_open(*row) for row in read]), (), (), False
    return (
        tuple(_open(*row) for row in read["open"]),
        tuple(_late(*row) for row in read["late"]),
        tuple(_planned(*row) for row in read.get("plans", ())),
        read.get("behind", False),
    )


def _planned(
    no: int,
    start: str,
    until: str | None,
    end: str | None,
    parts: Sequence[tuple[str, int, int]],
    covers: Sequence[int],
    rate: int,
    posted: int,
    grace: int,
) -> Plan:
    return Plan(
        no,
        _day(start),
        tuple(PlanPart(_day(due_on), amount, left) for due_on, amount, left in parts),
        tuple(covers),
        _day(until) if until else None,
        PlanEnd(end) if end else None,
        rate,
        posted,
        grace,
    )


def _open(no: int, month: str, due_on: str, left: int, component: str = "principal") -> OpenClaim:
    return OpenClaim(no, _month(month), _day(due_on), left, _COMPONENTS[component])


def _late(
    no: int,
    month: str,
    due_on: str,
    amount: int,
    settled: Sequence[tuple[str, int]],
    posted: int,
    through: str,
    frozen: Sequence[tuple[str, str | None]],
) -> Late:
    return Late(
        no,
        _month(month),
        _day(due_on),
        amount,
        tuple((_day(on), part) for on, part in settled),
        posted,
        _day(through),
        tuple(Period(_day(start), _day(end) if end else None) for start, end in frozen),
    )


def issued_text(lines: Sequence[IssuedLine]) -> str:
    """[[month, point id, amount, volume, known, [tariff id, …]], …]"""
    return _text(
        [[str(one.month), one.point_id, one.amount, one.volume, one.known.isoformat(), one.tariffs] for one in lines]
    )


def issued(text: str) -> tuple[IssuedLine, ...]:
    if text == "[]":
        return ()
    return tuple(
        [
            IssuedLine(_month(month), point, amount, volume, _day(known), tuple(tariffs))
            for month, point, amount, volume, known, tariffs in _read(text)
        ]
    )


def registers_text(registers: Registers) -> str:
    """{"meter id.register": [[[day, value, source], …], [volume, days] or null], …}; a third part, where there is one,
    has the usual use before outages: [[day, [volume, days] or null], …]; a fourth the anchors that the months billed go
    by."""
    return _text({f"{meter}.{number}": _register(state) for (meter, number), state in registers.items()})


def _register(state: RegisterState) -> list[object]:
    told: list[object] = [_told(state.anchors), _usual(state.usual)]
    if state.before or state.counted is not None:
        told.append([[day.isoformat(), _usual(one)] for day, one in state.before])
    if state.counted is not None:
        told.append(_told(state.counted))
    return told


def _usual(usual: Usual | None) -> list[int] | None:
    return None if usual is None else [usual.volume, usual.days]


def _told(anchors: Sequence[Anchor]) -> list[list[object]]:
    return [[one.day.isoformat(), one.value, int(one.source)] for one in anchors]


def registers(text: str) -> dict[tuple[int, int], RegisterState]:
    found: dict[tuple[int, int], RegisterState] = {}
    for key, (anchors, usual, *more) in _read(text).items():
        meter, _, number = key.partition(".")
        found[int(meter), int(number)] = RegisterState(
            _anchors(anchors),
            None if usual is None else Usual(*usual),
            tuple((_day(day), None if one is None else Usual(*one)) for day, one in more[0]) if more else (),
            _anchors(more[1]) if len(more) > 1 else None,
        )
    return found


def _anchors(rows: Sequence[tuple[str, int, int]]) -> tuple[Anchor, ...]:
    return tuple([Anchor(_day(day), value, _SOURCES[source]) for day, value, source in rows])


_SOURCES = {int(source): source for source in Source}
_COMPONENTS = {str(component): component for component in Component}


def _read(text: str) -> Any:
    return orjson.loads(text)


def _month(text: str) -> Month:
    return Month(int(text[:4]), int(text[5:]))


def _text(value: object) -> str:
    return orjson.dumps(value).decode()
