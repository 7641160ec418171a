"""The stores of meters in the pages of the staff: all of a document or nothing, and stocks follow from movements."""

import asyncio

import asyncpg
import pytest

from core.employees.model import Role
from core.stock.model import Event, Fault, Place
from staff import site
from tests import make
from tests.staff.conftest import Browser, Office


@pytest.fixture
async def igor(office: Office) -> Browser:
    """A controller; there are a store and a laboratory."""
    root = await office.enter("root", Role.ADMIN)
    for name, kind in (("Main store", "store"), ("Laboratory 7", "laboratory")):
        told = await root.post("/stock", name=name, kind=kind)
        assert told.to == "/stock?said=store"
    assert (await root.post("/stock", name="Main store", kind="store")).status == 422
    return await office.enter("igor", Role.CONTROLLER)


async def ids(owner: asyncpg.Connection) -> dict[str, str]:
    return {row["name"]: str(row["id"]) for row in await owner.fetch("select id, name from stores")}


async def places(owner: asyncpg.Connection) -> dict[str, int]:
    return {
        row["place"]: row["count"] for row in await owner.fetch("select place, count(*) from devices group by place")
    }


async def test_meters_go_from_the_maker_to_the_laboratory_and_back(
    office: Office, igor: Browser, owner: asyncpg.Connection
) -> None:
    store = await ids(owner)
    note = {"brand": "SE-101", "serials": "30001-30010", "document": "note 17"}
    received = await igor.post("/stock/move", event="received", store=store["Main store"], **note)
    assert received.to == "/stock?said=moved"
    again = await igor.post("/stock/move", event="received", store=store["Main store"], **note)
    assert again.status == 422
    assert "Meter 30001 is on record" in again.text
    assert await places(owner) == {"stored": 10}
    some = note | {"serials": "30001-30004", "document": "note 18"}
    await igor.post("/stock/move", event="sent", store=store["Laboratory 7"], **some)
    page = await igor.get("/stock")
    assert "SE-101: 6" in page.text
    assert "SE-101: 0 + 4" in page.text
    half = some | {"serials": "30001, 30002"}
    await igor.post("/stock/move", event="accepted", **half)
    refused = await igor.post("/stock/move", event="rejected", **(some | {"serials": "30003,30004"}))
    assert "A reason is needed" in refused.text
    await igor.post("/stock/move", event="rejected", reason="seal broken", **(some | {"serials": "30003,30004"}))
    done = await igor.post("/stock/move", event="verified", until="2041-11-20", **half)
    assert done.status == 303
    told = await igor.get("/stock/device?serial=30001")
    for words in ("Received", "Sent", "Accepted", "Verified", "20 Nov 2041", "note 17"):
        assert words in told.text
    assert "seal broken" in (await igor.get("/stock/device?serial=30003")).text
    rows = await igor.get("/stock/turnover?from=2025-11-01&to=2025-11-30")
    assert "Main store" in rows.text
    assert await owner.fetchval("select count(*) from device_movements") == 10 + 4 + 2 + 2 + 2


async def test_nothing_is_done_by_halves(igor: Browser, owner: asyncpg.Connection) -> None:
    store = await ids(owner)
    await igor.post("/stock/move", event="received", store=store["Main store"], brand="SE", serials="1-5", document="n")
    told = await igor.post(
        "/stock/move", event="sent", store=store["Laboratory 7"], brand="SE", serials="1-6", document="n"
    )
    assert told.status == 422
    assert "No store has a meter 6" in told.text
    assert 'value="SE"' in told.text, "what was typed stays"
    assert await places(owner) == {"stored": 5}
    odd = await igor.post("/stock/move", event="<b>", store="x" * 30, brand="\x00<b>", serials="<script>", document="n")
    assert odd.status == 422
    assert "<script>" not in odd.text


async def test_two_clerks_do_not_send_one_meter_twice(igor: Browser, owner: asyncpg.Connection) -> None:
    store = await ids(owner)
    await igor.post("/stock/move", event="received", store=store["Main store"], brand="SE", serials="1-5", document="n")
    sent = {"event": "sent", "store": store["Laboratory 7"], "brand": "SE", "serials": "1-5"}
    told = await asyncio.gather(*(igor.post("/stock/move", document=f"note {no}", **sent) for no in range(6)))
    assert sorted(one.status for one in told) == [303] + [422] * 5
    assert await owner.fetchval("select count(*) from device_movements where event = 'sent'") == 5


async def test_an_act_takes_a_meter_out_of_its_store_and_back(igor: Browser, owner: asyncpg.Connection) -> None:
    await make.company(owner)
    await make.account(owner, make.A("3012345", (make.M("M1"),)))
    store = await ids(owner)
    await igor.post(
        "/stock/move", event="received", store=store["Main store"], brand="SE", serials="77001", document="n"
    )
    act = {"account": "3012345", "date": "2025-11-19", "document": "act 118", "confirm": "1"}
    gone = await igor.post("/facts/meters", event="removed", meter="M1", reading="04400", **act)
    assert gone.status == 303, gone.text
    hung = await igor.post(
        "/facts/meters", event="installed", meter="77001", replaces="M1", reading="00000", brand="SE", **act
    )
    assert hung.status == 303, hung.text
    assert await places(owner) == {"standing": 1}
    told = await igor.get("/stock/device?serial=77001")
    assert "Put up at a customer" in told.text
    assert "act 118" in told.text


def test_everything_has_its_words() -> None:
    for words in site.texts().values():
        for group, names in (("stock_event", Event), ("stock_fault", Fault), ("stock_place", Place)):
            assert all(words.has(f"{group}.{name}") for name in names)
