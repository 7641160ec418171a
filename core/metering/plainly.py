"""A plain reading taken at once: one number of an only register, for a day behind its last count, and an ordinary use.

Whatever else it may be is left to `placing` and `rules`: `taken` says so with None. That both ways end in the same is
tried in tests/core/metering/test_plainly.py.
"""

from collections.abc import Sequence
from datetime import date

from core.commands import SubmitReading
from core.metering import rules
from core.metering.expecting import DEFAULTS, Limits, expect
from core.metering.model import Given, Meter, Registers
from core.metering.verdicts import Accept, Usage
from core.metering.writing import read


def taken(
    command: SubmitReading,
    meters: Sequence[Meter],
    states: Registers,
    *,
    today: date,
    day: date,
    window: tuple[int, int] | None = None,
    billed_through: date | None = None,
    limits: Limits = DEFAULTS,
    next_period: bool = False,
) -> Accept | None:
    """What `rules.check` says of the numbers as `placing.place` places them, None where they are not plain; arguments
    are theirs."""
    if len(meters) != 1 or len(command.values) != 1 or command.meter is not None or command.doubt is not None:
        return None
    (meter,), (value,) = meters, command.values
    if meter.zones != ("total",) or value.register != "total" or value.meter is not None:
        return None
    if day not in meter.installed or meter.multipliers or meter.doubt_on(day) is not None:
        return None
    number, state = read(value.digits, meter, 1), states.get((meter.id, 1))
    if not isinstance(number, Given) or state is None or state.last is None or state.last.day >= day:
        return None
    expected = expect(meter, state, day=day, limits=limits)
    used = expected.used(number.value)
    if not used or not expected.ordinary(number.value):
        return None
    if expected.usual is not None and used * 100 < expected.usual * limits.drop_percent:
        return None
    return rules.accepted_plainly(
        Usage(number, used, expected.before), today=today, day=day, window=window, billed_through=billed_through,
        next_period=next_period,
    )  # fmt: skip
