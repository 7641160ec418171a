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
    """[[month, meter id, amount, volume, known, [tariff id, …]], …]"""
    return _text(
        [[str(one.month), one.meter_id, one.amount, one.volume, one.known.isoformat(), one.tariffs] for one in lines]
    )


def issued(text: str) -> tuple[IssuedLine, ...]:
    if text == "[]":
        return ()
    return tuple(
        IssuedLine(_month(month), meter, amount, volume, _day(known), tuple(tariffs))
        for month, meter, amount, volume, known, tariffs in json.loads(text)
    )


def registers_text(registers: Registers) -> str:
    """{"meter id.register": [[[day, value, source], …], [volume, days] or null], …}"""
    return _text(
        {
            f"{meter}.{number}": [
                [[one.day.isoformat(), one.value, int(one.source)] for one in state.anchors],
                None if state.usual is None else [state.usual.volume, state.usual.days],
            ]
            for (meter, number), state in registers.items()
        }
    )


def registers(text: str) -> dict[tuple[int, int], RegisterState]:
    found: dict[tuple[int, int], RegisterState] = {}
    for key, (anchors, usual) in json.loads(text).items():
        meter, _, number = key.partition(".")
        found[int(meter), int(number)] = RegisterState(
            tuple(Anchor(_day(day), value, _SOURCES[source]) for day, value, source in anchors),
            None if usual is None else Usual(*usual),
        )
    return found


_SOURCES = {int(source): source for source in Source}


def _month(text: str) -> Month:
    return Month(int(text[:4]), int(text[5:]))


def _text(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
