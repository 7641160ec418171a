"""The same reading by text, in the chat and in the cabinet at one instant is one reading (R15)."""

import asyncio
import re
from datetime import date

import aiohttp
import asyncpg

from core.cabinet import entering
from core.store.pool import acquire
from gateway import clock
from tests import make
from tests.channels.web.conftest import Browser, told
from tests.flows import chatting
from tests.flows.conftest import NUMBER
from tests.make import A, M

HERO, ANNA = "+79780001705", 5001
OCTOBER = (("2025-10", "431.60", date(2025, 11, 10)),)


async def test_one_reading_three_answers(company: asyncpg.Connection, database: str, pool: asyncpg.Pool) -> None:  # R15
    made = A("100004321", (M("0098765"),), ((HERO, "owner"),), claims=OCTOBER, language="en")
    await make.account(company, made)
    jar = aiohttp.DummyCookieJar()
    async with chatting.town(database, pool) as town, aiohttp.ClientSession(cookie_jar=jar) as session:
        await town.begin(ANNA, HERO, "English")
        await town.texted(HERO)
        async with acquire(pool) as conn:
            token = await entering.begin(conn, make.keyring().phone_hash(HERO), device="tests", wall=clock.now())
        assert token is not None
        browser = Browser(session, town.url, {"meterline": token})
        place = (await browser.get("/my")).to + "/readings"
        [field] = re.findall(r'name="(r\d+\.\d+)"', (await browser.get(place)).text)
        texted, chatted, sent = await asyncio.gather(
            town.carrier.text(sender=HERO, to=NUMBER, body="04512"),
            town.messenger.write(ANNA, "04512"),
            browser.post(place, **{field: "04512"}),
        )
        assert (texted.webhook, chatted, sent.status) == (200, 200, 303)
        page = told((await browser.get(sent.to)).text)
        answers = [*await town.texted(HERO), *await town.answers(ANNA), page]
        assert len(answers) == 3
        assert all("04512" in one and "1052.44" in one for one in answers), answers
        readings = "select count(*) from readings where inbox_id is not null"
        assert await pool.fetchval(readings) == 1
        (corrected,) = await town.say(ANNA, "04500")
        assert "04500" in corrected
        assert "04512" in corrected
        assert "1012.60" in corrected
        assert await pool.fetchval(readings) == 2, "what was corrected stays on record"
        (again,) = await town.text(HERO, "04500")
        assert "1012.60" in again
        assert await pool.fetchval(readings) == 2
