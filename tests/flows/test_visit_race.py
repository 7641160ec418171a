"""Many want one place at one instant (R17), by SMS, in chats and on the web: one has it, all others are told and
offered the nearest."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import asyncpg

from channels.sms import signature
from core.cabinet import entering
from core.chats import sql as chats
from core.store.pool import acquire
from gateway import clock
from tests import make, offices
from tests.channels.web.conftest import Browser
from tests.channels.web.conftest import told as shown
from tests.flows import chatting
from tests.flows.chatting import Town
from tests.flows.conftest import NOON, NUMBER, SID, TOKEN, Street
from tests.flows.test_network import post, sid
from tests.make import A, M

CLIENTS = int(os.environ.get("METERLINE_TEST_CLIENTS", "60"))
"""Who want the place, a third of them over each channel."""

IN_FLIGHT = 120
"""Requests that a client opens at a time, as many as one provider's front does."""

SLOT = {"slot": "2025-11-24 09:00", "office": "feodosia", "about": "meter"}
TAKEN = "9:00 уже занято. Свободно: 1) 8:40 2) 9:20 3) 25.11 9:00"


async def crowd(conn: asyncpg.Connection, number: int) -> list[str]:
    """The phones of so many owners."""
    phones = [f"+7978100{no:04d}" for no in range(number)]
    for no, phone in enumerate(phones):
        account = A(f"3{no:08d}", (M(f"7{no:06d}", months=0),), ((phone, "owner"),))
        await make.account(conn, account)
    return phones


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody who wants the place: `choose` says so, once more when he is asked to say it again; `told` is what he was
    answered last."""

    phone: str
    choose: Callable[[], Awaitable[None]]
    told: Callable[[], Awaitable[str]]


@dataclass(slots=True)
class Crowd:
    """The three channels of one gateway."""

    town: Town
    session: aiohttp.ClientSession
    texts: int = 0

    async def text(self, phone: str, body: str) -> None:
        """A text as its provider brings it."""
        self.texts += 1
        params = [("From", phone), ("To", NUMBER), ("Body", body), ("MessageSid", sid(self.texts)), ("AccountSid", SID)]
        url = f"{self.town.url}/sms/twilio"
        headers = {"X-Twilio-Signature": signature.sign(url, params, TOKEN)}
        async with self.session.post(url, data=params, headers=headers) as response:
            assert response.status == 200

    async def by_sms(self, phone: str) -> Client:
        await self.text(phone, "ЗАПИСЬ 24.11")

        async def told() -> str:
            return (await self.town.texted(phone))[-1]

        return Client(phone, lambda: self.text(phone, "2"), told)

    async def by_chat(self, phone: str, person: int) -> Client:
        town, keyring, digest = self.town, make.keyring(), make.keyring().phone_hash(phone)
        async with acquire(town.pool) as conn, conn.transaction():
            known = await chats.of_phone(conn, digest, at=NOON)
            sealed = keyring.customer(known["data_key"]).seal(str(person).encode(), purpose=b"chat")
            await chats.bind(
                conn, keyring.chat_hash(str(person)), digest, customer_id=known["customer_id"], sealed=sealed,
                phone_sealed=None, evidence="a test", at=NOON,
            )  # fmt: skip
        await town.say(person, "ЗАПИСЬ 24.11")
        line = town.lines(person)[-1]
        (button,) = line.buttons[1]

        async def choose() -> None:
            assert await town.messenger.press(person, line.id, button["callback_data"]) == 200

        async def told() -> str:
            return (await town.answers(person))[-1]

        return Client(phone, choose, told)

    async def by_web(self, phone: str) -> Client:
        async with acquire(self.town.pool) as conn:
            token = await entering.begin(conn, make.keyring().phone_hash(phone), device="tests", wall=clock.now())
        assert token is not None
        browser = Browser(self.session, self.town.url, {"meterline": token}, "ru")
        place = (await browser.get("/my")).to + "/visits"
        said: list[str] = []

        async def choose() -> None:
            went = await browser.post(place, **SLOT)
            assert went.status == 303
            said.append(went.to)

        async def told() -> str:
            return shown((await browser.get(said[-1])).text)

        return Client(phone, choose, told)


@asynccontextmanager
async def crowded(database: str, pool: asyncpg.Pool) -> AsyncIterator[Crowd]:
    async with (
        chatting.town(database, pool) as town,
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
    ):
        yield Crowd(town, session)


async def at_once(clients: Sequence[Client]) -> None:
    """All say what they want at the same time, as many as come through at a time."""
    gate = asyncio.Semaphore(IN_FLIGHT)

    async def one(client: Client) -> None:
        async with gate:
            await client.choose()

    await asyncio.gather(*(one(client) for client in clients))


async def test_one_of_many_over_three_channels_has_the_place(
    company: asyncpg.Connection, database: str, pool: asyncpg.Pool
) -> None:  # R17
    await offices.set_up(company, {}, at=NOON)
    phones = await crowd(company, CLIENTS)
    async with crowded(database, pool) as there:
        clients = []
        for no, phone in enumerate(phones):
            match no % 3:
                case 0:
                    clients.append(await there.by_sms(phone))
                case 1:
                    clients.append(await there.by_chat(phone, 8000 + no))
                case _:
                    clients.append(await there.by_web(phone))
        await there.town.quiet()
        for client in clients[::3]:
            await client.told()
        deadlocks = "select deadlocks from pg_stat_database where datname = current_database()"
        before = await pool.fetchval(deadlocks)
        await at_once(clients)
        await there.town.quiet()
        assert await pool.fetchval("select count(*) from visits") == 1
        assert await pool.fetchval("select sum(taken) from slots") == 1
        assert await pool.fetchval(deadlocks) == before
        winner = await pool.fetchval("select phone_hash from visits")
        told = {client.phone: await client.told() for client in clients}
        (won,) = [client for client in clients if make.keyring().phone_hash(client.phone) == winner]
        assert {said for phone, said in told.items() if phone != won.phone} == {TAKEN}
        assert told[won.phone].startswith(("Держим 10 мин: 24.11 9:00.", "Приём 24.11 в 9:00,"))
        there.town.clock.forward(seconds=5)
        await won.choose()
        assert (await won.told()).startswith(("24.11 9:00 уже за вами.", "Это время уже ваше: 24.11 9:00"))
        fates = await pool.fetch("select distinct fate from inbox")
        assert [row[0] for row in fates] == ["answered"]
        assert await pool.fetchval("select count(*) from visits") == 1


async def test_all_who_choose_from_one_offer_at_once_find_their_places(
    town: Street, company: asyncpg.Connection
) -> None:  # R17
    """Nine texts for three places in whatever order: each place has one visit, and none has two."""
    await offices.set_up(company, {}, at=NOON)
    phones = await crowd(company, 9)
    for no, phone in enumerate(phones):
        await post(town, "ЗАПИСЬ 24.11", sid=sid(no), sender=phone)
    texts = [post(town, str(no % 3 + 1), sid=sid(100 + no), sender=phone) for no, phone in enumerate(phones)]
    assert set(await asyncio.gather(*texts)) == {200}
    await town.quiet()
    rows = await town.pool.fetch("select starts_at, count(*) from visits group by starts_at")
    assert [row[1] for row in rows] == [1, 1, 1]
    town.clock.at += timedelta(minutes=1)
    assert (await town.audit())["overbooked"] == 0
