"""The demo's page: a phone on which one texts as any inhabitant, and beside it what was stored."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import ClientSession, ClientTimeout, web
from asyncpg import Pool

from channels.web.doors import entered
from channels.web.model import House
from core.basics.periods import Month
from core.basics.sealing import Keyring
from core.billing import actions as billing
from core.billing import profiles
from core.cabinet import entering
from core.store.pool import acquire
from demo import page_stored, page_view, stored, town, town_people
from demo.chatting import Chats, NoMessenger, View
from demo.clock import Clock
from demo.phoning import NoCarrier, Phones, Said
from demo.stored import Snapshot
from demo.town_model import Inhabitant, Town
from demo.town_uses import LAST, ZONE
from pages import forms, headers, static, templates
from pages import words as page_words
from pages.words import PageWords

LONGEST = 480
"""Characters of a message that the page takes."""

PATIENCE = 2.0
"""Seconds for which a browser without JavaScript waits for the answer to be delivered."""

KEPT = 500
"""Messages of which the page remembers how the accounts stood before."""

SPEEDS = (0, 1, 60, 3600)
FAULTS = {
    "texts": ("text_lost", "text_doubled", "text_replayed", "text_delayed", "texts_reordered"),
    "before": ("before_429", "before_500", "before_503", "before_drop", "before_stall"),
    "after": (
        "after_429", "after_500", "after_502", "after_503", "after_drop", "after_stall", "after_garbled",
    ),
    "receipts": (
        "receipt_lost", "receipt_doubled", "receipt_replayed", "receipt_delayed", "receipts_reordered", "undelivered",
        "failed",
    ),
    "lists": ("list_500", "list_drop"),
}  # fmt: skip
"""The carrier's faults that the page offers, by what they befall, each for half of the messages."""

HALF = 0.5
STALL = {"stall_seconds": 5.0}

_PLACE = Path(__file__).parent
_LOOK = 0.02
_SETTLED = frozenset({"delivered", "undelivered", "failed", "expired"})


def build(
    *,
    pool: Pool,
    keyring: Keyring,
    carrier: str,
    messenger: str,
    number: str,
    clock: Clock,
    staff_port: int,
    cabinet: House,
) -> web.Application:
    """The page, to be mounted at /demo. `carrier` and `messenger` are the addresses of the simulated ones, `number` the
    gateway's number; `clock` is the one by which the gateway answers, and on `staff_port` of this machine stand the
    employees' pages, beside it the customers'."""
    app = web.Application()
    site = Site(pool=pool, keyring=keyring, clock=clock, staff_port=staff_port, cabinet=cabinet)

    async def calling(_: web.Application) -> AsyncIterator[None]:
        async with ClientSession(timeout=ClientTimeout(total=30)) as session:
            site.phones = Phones(session, base=carrier, number=number)
            site.chats = Chats(session, base=messenger)
            yield

    app.cleanup_ctx.append(calling)
    app.on_response_prepare.append(headers.add)
    app.add_routes(site.routes())
    return app


def front() -> tuple[web.RouteDef, ...]:
    """The page at /, which says what this is and leads to /demo."""
    return (web.get("/", _landing),)


async def _landing(request: web.Request) -> web.Response:
    words = _WORDS[page_words.chosen(request.query.get("lang"), request.headers.get("Accept-Language", ""))]
    response = web.Response(text=_TEMPLATES.get_template("landing.html").render(t=words), content_type="text/html")
    await headers.add(request, response)
    return response


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an address of the page asks for."""

    words: PageWords
    who: Inhabitant
    query: str
    message: str | None
    trouble: str | None

    def href(self, **changes: str) -> str:
        """The address of the page with some of it changed."""
        told = {"who": self.who.key, "lang": self.words.language, "q": self.query} | changes
        return "/demo?" + urlencode({name: value for name, value in told.items() if value})


class Site:
    """The page's routes. Every text goes to the gateway through the carrier; the database is only read, but for the
    bills of a month that the clock has left."""

    phones: Phones
    chats: Chats

    def __init__(
        self,
        *,
        pool: Pool,
        keyring: Keyring,
        clock: Clock,
        staff_port: int,
        cabinet: House,
        people: Town | None = None,
    ) -> None:
        self._cabinet = cabinet
        self._staff = f"http://127.0.0.1:{staff_port}/enter"
        self._pool = pool
        self._keyring = keyring
        self._clock = clock
        self._town = people or town_people.town()
        self._before: OrderedDict[str, tuple[Snapshot, Snapshot]] = OrderedDict()
        self._closed = LAST

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (
            web.get("", self.page),
            web.post("/text", self.text),
            web.post("/chat", self.chat),
            web.get("/picture/{name}", self.picture),
            web.post("/clock", self.move),
            web.post("/faults", self.order),
            web.post("/cabinet", self.open_cabinet),
            *static.routes(_PLACE / "static", static.SHARED),
        )

    async def page(self, request: web.Request) -> web.Response:
        """The page for one inhabitant."""
        asked = self._asked(request.query, request)
        text = _TEMPLATES.get_template("demo.html").render(await self._shown(asked))
        return web.Response(text=text, content_type="text/html")

    async def text(self, request: web.Request) -> web.Response:
        """A message of an inhabitant; leads back to the page when the answer was delivered, or soon after."""
        form = await _form(request)
        asked = self._asked(form, request)
        body = (form.get("say") or form.get("text") or "").strip()
        if not body or len(body) > LONGEST:
            raise web.HTTPSeeOther(asked.href(trouble="too_long"))
        before = await self._snapshot(asked.who)
        try:
            sid = await self.phones.text(asked.who.phone, body)
        except NoCarrier:
            raise web.HTTPSeeOther(asked.href(trouble="trouble")) from None
        self._remember(sid, before, await self._snapshot(asked.who))
        await self._delivered(sid)
        raise web.HTTPSeeOther(asked.href())

    async def chat(self, request: web.Request) -> web.Response:
        """What an inhabitant does in his chat; leads back to the page when the bot has answered, or soon after."""
        form = await _form(request)
        asked = self._asked(form, request)
        what = _done_in_chat(form, asked.who)
        if what is None:
            raise web.HTTPSeeOther(asked.href(trouble="too_long"))
        try:
            await self.chats.do(asked.who, what)
        except NoMessenger:
            raise web.HTTPSeeOther(asked.href(trouble="trouble")) from None
        raise web.HTTPSeeOther(asked.href() + "#chat")

    async def picture(self, request: web.Request) -> web.Response:
        """A picture of a chat."""
        try:
            content = await self.chats.picture(request.match_info["name"])
        except NoMessenger:
            raise web.HTTPNotFound from None
        return web.Response(body=content, content_type="image/png" if content[:4] == b"\x89PNG" else "image/jpeg")

    async def move(self, request: web.Request) -> web.Response:
        """Moves the town's clock, or lets it run at another speed."""
        form = await _form(request)
        asked = self._asked(form, request)
        match form.get("move"):
            case "hour":
                self._clock.advance(timedelta(hours=1))
            case "day":
                self._clock.advance(timedelta(days=1))
            case "month":
                await self._next_month()
            case _:
                speed = form.get("speed", "")
                if speed not in map(str, SPEEDS):
                    raise web.HTTPBadRequest
                self._clock.speed(int(speed))
        raise web.HTTPSeeOther(asked.href())

    async def order(self, request: web.Request) -> web.Response:
        """Switches the carrier's faults."""
        form = await _form(request)
        asked = self._asked(form, request)
        wanted = {name: HALF for names in FAULTS.values() for name in names if form.get(name)}
        try:
            await self.phones.order(wanted | STALL)
        except NoCarrier:
            raise web.HTTPSeeOther(asked.href(trouble="trouble")) from None
        raise web.HTTPSeeOther(asked.href())

    def _asked(self, told: Mapping[str, str], request: web.Request) -> _Asked:
        words = _WORDS[page_words.chosen(told.get("lang"), request.headers.get("Accept-Language", ""))]
        who = self._town.inhabitant(told.get("who", "")) or self._town.inhabitants[0]
        trouble = told.get("trouble")
        known = f"phone.{trouble}" if trouble in ("trouble", "too_long") else None
        return _Asked(words, who, told.get("q", "")[:60], told.get("m"), known)

    async def _shown(self, asked: _Asked) -> dict[str, Any]:
        """All that the template is given."""
        words, who, now = asked.words, asked.who, self._clock.now()
        trouble = asked.trouble
        said: tuple[Said, ...] = ()
        faults: Mapping[str, float] = {}
        struck: Mapping[str, int] = {}
        chat = View()
        try:
            chat = await self.chats.view(who, words)
            said = await self.phones.conversation(who.phone)
            faults, struck = await self.phones.faults()
        except (NoCarrier, NoMessenger):
            trouble = "phone.trouble"
        chosen = asked.message if any(one.sid == asked.message for one in said) else page_view.latest(said)
        before, after = self._before.get(chosen or "", (None, None))
        async with acquire(self._pool) as conn:
            ended = await stored.ended(conn, [one.sid for one in said if one.mine])
            seen = await stored.message(conn, chosen) if chosen else None
            snapshot = await self._snapshot_on(conn, who)
        choices, found = page_view.choices(self._town, words, query=asked.query, who=who.key)
        return {
            "t": words,
            "asked": asked,
            "name": page_view.called(who, words),
            "traits": page_view.traits(who, words),
            "number": self.phones.number,
            "bubbles": page_view.bubbles(said, ended, words, chosen=chosen),
            "chips": page_view.chips(who, snapshot, who.language if who.accounts else words.language),
            "choices": choices,
            "found": found,
            "about": next((one.body for one in said if one.sid == chosen), None),
            "chat": chat,
            "steps": page_stored.steps(seen, words, before=before, after=after) if seen else (),
            "sheets": page_stored.sheets(after or snapshot, words, before=before),
            "moment": words.moment(page_view.local(now)),
            "speed": self._clock.running,
            "speeds": SPEEDS,
            "staff": f"{self._staff}?lang={words.language}",
            "faults": {group: {name: bool(faults.get(name)) for name in names} for group, names in FAULTS.items()},
            "quirks": [name for names in FAULTS.values() for name in names if faults.get(name)],
            "struck": sum(struck.values()),
            "trouble": trouble,
            "longest": LONGEST,
        }

    async def open_cabinet(self, request: web.Request) -> web.Response:
        """Logs the browser in to the cabinet as the inhabitant; one whose phone nobody knows comes to the login."""
        asked = self._asked(await _form(request), request)
        async with acquire(self._pool) as conn, conn.transaction():
            digest = self._keyring.phone_hash(asked.who.phone)
            token = await entering.begin(conn, digest, device="demo", wall=self._cabinet.wall())
        if token is None:
            raise web.HTTPSeeOther("/login")
        return entered(self._cabinet, token, "/my")

    async def _snapshot(self, who: Inhabitant) -> Snapshot:
        async with acquire(self._pool) as conn:
            return await self._snapshot_on(conn, who)

    async def _snapshot_on(self, conn: Any, who: Inhabitant) -> Snapshot:
        return await stored.snapshot(conn, self._keyring.phone_hash(who.phone), at=self._clock.now(), due=_due)

    def _remember(self, sid: str, before: Snapshot, after: Snapshot) -> None:
        self._before[sid] = before, after
        while len(self._before) > KEPT:
            self._before.popitem(last=False)

    async def _delivered(self, sid: str) -> None:
        """Waits until the answer to a text has come to its end, but not for long."""
        clock = asyncio.get_running_loop().time
        until = clock() + PATIENCE
        while clock() < until:
            if await self._is_settled(sid):
                return
            await asyncio.sleep(_LOOK)

    async def _is_settled(self, sid: str) -> bool:
        async with acquire(self._pool) as conn:
            ended = (await stored.ended(conn, [sid])).get(sid)
        return ended is not None and (ended.state is None or ended.state in _SETTLED)

    async def _next_month(self) -> None:
        """Goes to the day on which bills are made, and makes those of the months that are over."""
        today = page_view.local(self._clock.now()).date()
        issued_on = Month.of(today).next.first + town.ISSUED_AFTER
        self._clock.set(datetime.combine(issued_on, time(12), ZoneInfo(ZONE)))
        async with acquire(self._pool) as conn:
            while self._closed.next < Month.of(issued_on):
                month = self._closed.next
                due_on = profiles.due_on(town.COMPANY.pack, month)
                await billing.close_month(conn, month, issued_on=issued_on, due_on=due_on, at=self._clock.now())
                self._closed = month


def _done_in_chat(form: Mapping[str, str], who: Inhabitant) -> Mapping[str, Any] | None:
    """What a form of the chat says that its person does; None for a text that is empty or too long."""
    if form.get("press") and form.get("message", "").isdecimal():
        return {"press": form["press"], "message": int(form["message"])}
    if form.get("share"):
        return {"contact": who.phone.lstrip("+")}
    if form.get("block"):
        return {"blocked": form["block"] == "1"}
    text = (form.get("say") or form.get("text") or "").strip()
    return {"text": text} if text and len(text) <= LONGEST else None


def _due(month: Month) -> date:
    return profiles.due_on(town.COMPANY.pack, month)


async def _form(request: web.Request) -> Mapping[str, str]:
    """The fields of a form of our own page.

    :raises web.HTTPForbidden: it comes from another site; others as `forms.read`.
    """
    if not headers.is_own(request):
        raise web.HTTPForbidden
    return await forms.read(request)


_WORDS = page_words.load(_PLACE / "texts")
_TEMPLATES = templates.environment(_PLACE / "templates")
