"""Visits in the cabinet: booked, found taken, moved, downloaded, called off (product.md J12, R17)."""

from datetime import datetime, timedelta

import asyncpg
import pytest

from core.bookings.receiving import actions as receiving
from core.store.pool import acquire
from gateway import offices as commands
from gateway import reminding
from tests import make, offices
from tests.channels.web.conftest import Cabinet
from tests.flows.conftest import NOON
from tests.make import A, M

HERO, OTHER, PAYER = "+79780001705", "+79780001706", "+79780001708"
IVAN, OLGA = "+79780001709", "+79780001710"


@pytest.fixture
async def people(company: asyncpg.Connection) -> None:
    await make.account(company, A("100004321", (M("0098765"),), ((HERO, "owner"), (PAYER, "payer")), language="en"))
    await make.account(company, A("100004322", (M("0098766"),), ((OTHER, "owner"),), language="en"))
    await make.account(company, A("100004323", (M("0098767"),), ((IVAN, "owner"),)))
    await make.account(company, A("100004324", (M("0098768"),), ((OLGA, "owner"),)))
    await offices.set_up(company, {}, at=NOON)


async def test_two_browsers_want_one_place(cabinet: Cabinet, people: None) -> None:  # R17
    first, second = await cabinet.enter(HERO), await cabinet.enter(OTHER)
    mine, theirs = (await first.get("/my")).to, (await second.get("/my")).to
    page = await first.get(f"{mine}/visits?from=2025-11-24")
    assert 'value="2025-11-24 10:20"' in page.text
    slot = {"slot": "2025-11-24 10:20", "office": "feodosia", "about": "meter"}
    booked = "Visit on 24 Nov at 10:20, Feodosia, Svobody 4. Your ticket is B31. To call it off, reply UNDO B31."
    assert await first.say(f"{mine}/visits", key="the same key of a form", **slot) == booked
    assert await first.say(f"{mine}/visits", key="the same key of a form", **slot) == booked, "sent twice"
    assert (await first.say(f"{mine}/visits", **slot)).startswith("This time is yours already")
    told = await second.say(f"{theirs}/visits", **slot)
    assert told == "10:20 is already taken. Free: 1) 10:00 2) 10:40 3) 25 Nov 10:20. Choose below."
    assert 'value="2025-11-24 10:20"' not in (await second.get(f"{theirs}/visits?from=2025-11-24")).text
    ics = await first.get(f"{mine}/visits/ics?ticket=B31")
    assert "DTSTART:20251124T072000Z" in ics.text
    assert "LOCATION:Feodosia\\, Svobody 4" in ics.text
    assert (await second.get(f"{theirs}/visits/ics?ticket=B31")).status == 404
    moved = {"slot": "2025-11-25 11:00", "office": "feodosia", "about": "meter", "move": "B31"}
    assert (await first.say(f"{mine}/visits", **moved)).startswith("Moved to 25 Nov at 11:00")
    cabinet.street.clock.at = datetime(2025, 11, 24, 10, 5, tzinfo=NOON.tzinfo) - timedelta(hours=3)
    await reminding.look(cabinet.street.parts)
    [reminded] = await cabinet.street.answers(HERO)
    assert reminded.startswith("Tomorrow 25 Nov at 11:00 we expect you, Feodosia, Svobody 4.")
    assert (await first.say(f"{mine}/visits/cancel", ticket="B33")).startswith(
        "Your visit on 25 Nov at 11:00 is called"
    )
    assert "No visits are ahead" in (await first.get(f"{mine}/visits")).text


async def test_j12_in_russian(cabinet: Cabinet, people: None) -> None:  # R17
    """Booked about a debt, whose sums stand beside it; taken to another, moved, downloaded, awaited, called off."""
    first, second = await cabinet.enter(IVAN, language="ru"), await cabinet.enter(OLGA, language="ru")
    mine, theirs = (await first.get("/my")).to, (await second.get("/my")).to
    page = await first.get(f"{mine}/visits?from=2025-11-24")
    assert "Записаться на приём" in page.text
    assert "пн, 24.11.2025" in page.text
    slot = {"slot": "2025-11-24 10:20", "office": "feodosia", "about": "reconcile"}
    booked = "Приём 24.11 в 10:20, Феодосия, Свободы 4. Талон В31. Отмена: ОТМ В31"
    assert await first.say(f"{mine}/visits", **slot) == booked
    assert "До визита посмотрите, из чего сложилась сумма" in (await first.get(f"{mine}/visits")).text
    assert (await first.get(f"{mine}/why")).status == 200
    told = await second.say(f"{theirs}/visits", **(slot | {"about": "meter"}))
    assert told == "10:20 уже занято. Свободно: 1) 10:00 2) 10:40 3) 25.11 10:20"
    assert "SUMMARY:Феодосия B31" in (await first.get(f"{mine}/visits/ics?ticket=B31")).text
    moved = slot | {"slot": "2025-11-25 11:00", "move": "B31"}
    assert await first.say(f"{mine}/visits", **moved) == (
        "Перенесли: 25.11 11:00, Феодосия. Талон В33. Отмена: ОТМ В33"
    )
    cabinet.street.clock.at = datetime(2025, 11, 24, 10, 5, tzinfo=NOON.tzinfo) - timedelta(hours=3)
    await reminding.look(cabinet.street.parts)
    assert await cabinet.street.answers(IVAN) == [
        "Завтра 25.11 11:00 приём, Феодосия, Свободы 4. Придёте? ДА или ОТМ В33"
    ]
    assert (await first.say(f"{mine}/visits/cancel", ticket="B33")).startswith("Визит 25.11 в 11:00 отменён")
    assert "Визитов впереди нет" in (await first.get(f"{mine}/visits")).text


async def test_a_visit_is_marked_on_its_page(cabinet: Cabinet, people: None) -> None:
    browser = await cabinet.enter(HERO)
    mine = (await browser.get("/my")).to
    await browser.say(f"{mine}/visits", slot="2025-11-24 10:20", office="feodosia", about="meter")
    cabinet.street.clock.forward(days=3)
    async with acquire(cabinet.pool) as conn, conn.transaction():
        visit, wire = await conn.fetchval("select id from visits"), commands.wire(cabinet.street.parts.settings)
        at = cabinet.street.clock.now()
        await receiving.finish(conn, visit, "all is well", wire.keyring, wire, by="clerk", at=at)
    page = await browser.get(mine)
    assert "Your visit B31 is over. How was it?" in page.text
    assert [f'name="answer" value="{mark}"' in page.text for mark in range(7)] == [False, *[True] * 5, False]
    assert await browser.say(f"{mine}/answer", answer="5") == "Thank you! You gave 5 of 5."
    assert await cabinet.pool.fetchval("select mark from visits") == 5


async def test_what_cannot_be_is_told(cabinet: Cabinet, people: None) -> None:
    browser = await cabinet.enter(HERO)
    mine = (await browser.get("/my")).to
    for wrong in ({}, {"slot": "soon"}, {"slot": "2025-11-24 10:20", "office": "paris", "about": "meter"}):
        assert (await browser.post(f"{mine}/visits", **wrong)).status == 422
    assert (await browser.post(f"{mine}/visits/cancel", ticket="17")).status == 422
    right = {"office": "feodosia", "about": "meter"}
    for slot, told in (
        ("1999-01-01 10:20", "has passed"), ("2099-12-31 10:20", "cannot be booked yet"),
        ("2025-11-24 10:20+03:00 1", "Visit on 24 Nov at 10:20"), ("2025-11-24 03:07", "is closed on 24 Nov"),
    ):  # fmt: skip
        assert told in await browser.say(f"{mine}/visits", slot=slot, **right), slot
    for odd in (
        "9" * 5000,
        "0001-01-01 10:20",
        "9999-12-31 10:20",
        "٣",
        "2025-02-30 10:20",
        "2025-11-24 25:00",
        "\0",
        "<b>",
    ):
        assert (await browser.post(f"{mine}/visits", slot=odd, **right)).status == 422, odd
        assert (await browser.get(f"{mine}/visits?office={odd[:40]}&about={odd[:40]}&from={odd[:40]}")).status == 200
        assert (await browser.get(f"{mine}/visits/ics?ticket={odd[:40]}")).status == 404
    payer = await cabinet.enter(PAYER)
    assert (await payer.get(f"{(await payer.get('/my')).to}/visits")).status == 403
