"""The state row as JSON: what is written by hand is what an encoder writes, and is read back as it was."""

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.billing import stored
from core.metering.model import Anchor, Registers, RegisterState, Source, Usual

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
COUNTS = st.integers(0, 10**12 - 1)
ANCHORS = st.lists(st.builds(Anchor, DAYS, COUNTS, st.sampled_from(Source)), max_size=3).map(tuple)
USUAL = st.none() | st.builds(Usual, st.integers(-(10**6), 10**9), st.integers(1, 400))
STATES = st.builds(
    RegisterState, ANCHORS, USUAL, st.lists(st.tuples(DAYS, USUAL), max_size=2).map(tuple), st.none() | ANCHORS
)
REGISTERS = st.dictionaries(st.tuples(st.integers(1, 2**62), st.integers(1, 3)), STATES, max_size=3)


def plain(state: RegisterState) -> list[object]:
    """The register as an encoder is given it."""

    def anchors(some: tuple[Anchor, ...]) -> list[object]:
        return [[one.day.isoformat(), one.value, int(one.source)] for one in some]

    def usual(one: Usual | None) -> list[int] | None:
        return None if one is None else [one.volume, one.days]

    written: list[object] = [anchors(state.anchors), usual(state.usual)]
    if state.before or state.counted is not None:
        written.append([[day.isoformat(), usual(one)] for day, one in state.before])
    return written if state.counted is None else [*written, anchors(state.counted)]


@given(REGISTERS)
def test_registers_are_written_as_an_encoder_writes_them(registers: Registers) -> None:
    expected = {f"{meter}.{number}": plain(state) for (meter, number), state in registers.items()}

    written = stored.registers_text(registers)

    assert written == json.dumps(expected, separators=(",", ":"))
    assert stored.registers(written) == registers
