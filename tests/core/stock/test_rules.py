"""Lists of serials are read as people write them, and a meter moves only from where it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stock import rules
from core.stock.model import Device, Event, Fault, Kind, Place, Refused, Standing, Store, Wish

STORE, OTHER, LABORATORY = (
    Store(1, "Main", Kind.STORE), Store(2, "North", Kind.STORE), Store(3, "Lab", Kind.LABORATORY),
)  # fmt: skip
STORES = {one.id: one for one in (STORE, OTHER, LABORATORY)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("30001-30003", ("30001", "30002", "30003")),
        ("0098 – 0100", ("0098", "0099", "0100")),
        ("30001..30002, 30015\n30001", ("30001", "30002", "30015")),
        ("нт77-1", ("НТ77-1",)),
        ("A10-A12", ("A10", "A11", "A12")),
        ("12-2025", ("12-2025",)),
        ("7/1; 7/2", ("7/1", "7/2")),
    ],
)
def test_serials_and_ranges(text: str, found: tuple[str, ...]) -> None:
    assert rules.serials(text) == found


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.NO_SERIAL),
        (" ,; ", Fault.NO_SERIAL),
        ("30010-30001", Fault.RANGE),
        ("00001-99999", Fault.TOO_MANY),
        ("<b>", Fault.NO_SERIAL),
        ("1" * 21, Fault.NO_SERIAL),
        (",".join(str(number) for number in range(1001)), Fault.TOO_MANY),
    ],
)
def test_what_is_no_list_is_told(text: str, fault: Fault) -> None:
    with pytest.raises(Refused) as refused:
        rules.serials(text)
    assert refused.value.fault is fault


@given(st.text(max_size=200))
def test_no_text_breaks_the_list(text: str) -> None:
    try:
        found = rules.serials(text)
    except Refused:
        return
    assert 0 < len(found) <= rules.MOST
    assert len(set(found)) == len(found)


def after(standing: Standing, event: Event, store: int | None = None) -> Standing | Fault:
    try:
        return rules.after(Device(1, "SE", "30001", standing), Wish(event, "SE", ("30001",), "note", store), STORES)
    except Refused as refused:
        return refused.fault


def test_a_meter_goes_its_way() -> None:
    here, lab = Standing(Place.STORED, 1), Standing(Place.STORED, 3)
    way = Standing(Place.TRAVELLING, 1, 3)
    assert after(Standing(Place.LOOSE), Event.RECEIVED, 1) == here
    assert after(here, Event.SENT, 3) == way
    assert after(way, Event.ACCEPTED) == lab
    assert after(way, Event.REJECTED) == here
    assert after(lab, Event.VERIFIED) == lab
    assert after(here, Event.WRITTEN_OFF) == Standing(Place.GONE)


def test_and_no_other() -> None:
    here, way = Standing(Place.STORED, 1), Standing(Place.TRAVELLING, 1, 3)
    assert after(here, Event.RECEIVED, 1) is Fault.KNOWN
    assert after(here, Event.SENT, 1) is Fault.SAME_STORE
    assert after(way, Event.SENT, 2) is Fault.NOT_STORED
    assert after(here, Event.ACCEPTED) is Fault.NOT_TRAVELLING
    assert after(here, Event.VERIFIED) is Fault.NOT_IN_LABORATORY
    assert after(way, Event.WRITTEN_OFF) is Fault.NOT_STORED
    assert after(here, Event.INSTALLED) is Fault.BY_ACT
    for event in Event:
        assert after(Standing(Place.GONE), event, 1) is Fault.GONE
