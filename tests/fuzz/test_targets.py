"""The fuzzer's targets on what hypothesis makes; `make fuzz` lets a fuzzer look for longer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.targets import SEEDS, TARGETS

ANY = st.one_of(st.binary(max_size=200), st.text(max_size=120).map(lambda text: text.encode("utf-8", "surrogatepass")))


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_hold(name: str) -> None:  # R3, R6, R8, R10
    for seed in (b"", *SEEDS[name]):
        TARGETS[name](seed)


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.data())
def test_any_bytes_hold(name: str, data: st.DataObject) -> None:  # R3, R6, R8, R10
    seed = data.draw(st.sampled_from(SEEDS[name]))
    cut, more = data.draw(st.integers(0, len(seed))), data.draw(ANY)
    TARGETS[name](data.draw(st.sampled_from((seed[:cut] + more, more + seed[cut:], more))))
