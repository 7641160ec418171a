"""Logging in with a code that goes to the phone (R34)."""

import asyncio
import ipaddress
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import hdrs, web

from channels.web.model import House
from core.basics import phone as phones
from core.cabinet import entering
from core.store.pool import Connection, acquire

EVEN = 0.1
"""Seconds that an answer takes at least which must not tell whether a phone, or an account, is known: who counts them
learns nothing (R34, T8)."""

_CODE = re.compile(r"[0-9]{6}", re.ASCII)
_PLACES = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"),
           ("Linux", "Linux"))  # fmt: skip
_BROWSERS = (("Edg", "Edge"), ("YaBrowser", "Yandex"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
             ("Safari", "Safari"))  # fmt: skip


def is_phone(told: str) -> bool:
    """Whether it is a telephone number, as people write one."""
    return phones.parse(told.strip()) is not None


@asynccontextmanager
async def evenly() -> AsyncIterator[None]:
    """Within it everything takes as long, whatever comes of it."""
    loop = asyncio.get_running_loop()
    until = loop.time() + EVEN
    try:
        yield
    finally:
        await asyncio.sleep(until - loop.time())


async def ask(house: House, request: web.Request, phone: str, browser: str, *, by_chat: bool) -> None:
    """Sends a code to the phone or its chat, where it may have one; takes as long where not."""
    async with evenly(), acquire(house.pool) as conn:
        await ask_by(conn, house, request, phone, browser, by_chat=by_chat)


async def ask_by(
    conn: Connection,
    house: House,
    request: web.Request,
    phone: str,
    browser: str,
    *,
    by_chat: bool = False,
    guest: str | None = None,
) -> None:
    """As `ask`, on that connection; `guest` as for `entering.ask_code`."""
    number = phones.parse(phone.strip())
    assert number is not None, "asked before"
    async with conn.transaction():
        await entering.ask_code(
            conn,
            number,
            browser=browser,
            network=network_of(house.client(request)),
            door=house.door,
            wall=house.wall(),
            at=house.now(),
            wire=house.wire,
            by_chat=by_chat and house.chats,
            guest=guest,
        )


async def enter(house: House, request: web.Request, code: str, browser: str) -> str | None:
    """The token of a new login, None where the code is not the one."""
    digits = re.sub(r"[\s-]", "", code)
    if not _CODE.fullmatch(digits):
        return None
    device = device_of(request.headers.get(hdrs.USER_AGENT, ""))
    async with acquire(house.pool) as conn:
        return await entering.enter(conn, digits, browser=browser, device=device, door=house.door, wall=house.wall())


async def leave_old(house: House, conn: Connection, token: str) -> None:
    """Ends the login that the browser had: at a new one, and when it is left."""
    if token:
        await entering.leave(conn, token, wall=house.wall())


def network_of(client: str) -> str:
    """The network that a limit goes by: 256 addresses of IPv4, or the 64 bits that a household has of IPv6."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    bits = 24 if address.version == 4 else 64
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))


def device_of(agent: str) -> str:
    """What a browser calls itself, in short: "Firefox, Android"."""
    found = [next((name for mark, name in marks if mark in agent), "") for marks in (_BROWSERS, _PLACES)]
    return ", ".join(one for one in found if one)
