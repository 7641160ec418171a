"""The state of an account as its row holds it: short lists in JSON, days as ISO text."""

import json
from collections.abc import Sequence
from datetime import date

from core.basics.periods import Month
from core.billing.model import AccountState, IssuedLine, OpenClaim
from core.metering.model import Anchor, Registers, RegisterState, Source, Usual

_day = date.fromisoformat


def blank(account_id: int) -> AccountState:
    """The state of an account without facts."""
    return AccountState(account_id, 0, 0, None, (), (), {})


def claims_text(claims: Sequence[OpenClaim]) -> str:
    """[[no, month, due on, remaining], …]"""
    return _text([[one.no, str(one.month), one.due_on.isoformat(), one.remaining] for one in claims])


def claims(text: str) -> tuple[OpenClaim, ...]:
    if text == "[]":
        return ()
    return tuple(OpenClaim(no, _month(month), _day(due), left) for no, month, due, left in json.loads(text))


def issued_text(lines: Sequence[IssuedLine]) -> str:
    """[[month, point id, amount, volume, known, [tariff id, …]], …]"""
    return _text(
        [[str(one.month), one.point_id, one.amount, one.volume, one.known.isoformat(), one.tariffs] for one in lines]
    )


def issued(text: str) -> tuple[IssuedLine, ...]:
    if text == "[]":
        return ()
    return tuple(
        IssuedLine(_month(month), point, amount, volume, _day(known), tuple(tariffs))
        for month, point, amount, volume, known, tariffs in json.loads(text)
    )


def registers_text(registers: Registers) -> str:
    """{"meter id.register": [[[day, value, source], …], [volume, days] or null], …}; a third part, where there is one,
    has the usual use before outages: [[day, [volume, days] or null], …]"""
    return _text({f"{meter}.{number}": _register(state) for (meter, number), state in registers.items()})


def _register(state: RegisterState) -> list[object]:
    anchors = [[one.day.isoformat(), one.value, int(one.source)] for one in state.anchors]
    usual = None if state.usual is None else [state.usual.volume, state.usual.days]
    if not state.before:
        return [anchors, usual]
    before = [[day.isoformat(), None if one is None else [one.volume, one.days]] for day, one in state.before]
    return [anchors, usual, before]


def registers(text: str) -> dict[tuple[int, int], RegisterState]:
    found: dict[tuple[int, int], RegisterState] = {}
    for key, (anchors, usual, *more) in json.loads(text).items():
        meter, _, number = key.partition(".")
        found[int(meter), int(number)] = RegisterState(
            tuple(Anchor(_day(day), value, _SOURCES[source]) for day, value, source in anchors),
            None if usual is None else Usual(*usual),
            tuple((_day(day), None if one is None else Usual(*one)) for day, one in more[0]) if more else (),
        )
    return found


_SOURCES = {int(source): source for source in Source}


def _month(text: str) -> Month:
    return Month(int(text[:4]), int(text[5:]))


def _text(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
