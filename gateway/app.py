"""The two web applications: the public one, and the one for the company's own people and monitors."""

import asyncio
import hmac
import json
import os
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from aiohttp import web

from channels.web import site as cabinet
from channels.web.api import serving as api
from channels.web.model import House as CabinetHouse
from core.audit import sql as audit
from core.cabinet.entering import Door
from core.cabinet.viewing import Viewer
from core.outbox.noticing import Wire
from core.store.failures import GONE
from core.store.pool import acquire, alive, connect
from gateway import clock, guarding, timing
from gateway.metrics import Metrics
from gateway.parts import Parts, words
from staff import site
from staff.model import House

LARGEST_BODY = 64 * 1024


def public(parts: Parts, more: Iterable[web.AbstractRouteDef] = ()) -> web.Application:
    """What the world sees: the wires of the channels, the customers' pages where they are switched on, /health, and the
    pages in `more`, which come before those."""
    app = web.Application(client_max_size=LARGEST_BODY)
    app.add_routes([web.get("/health", _Health(parts).get), *more])
    if parts.sms:
        app.add_routes(parts.sms.routes())
    if parts.telegram:
        app.add_routes(parts.telegram.routes())
    if secret := parts.settings.session_key:
        given = cabinet_house(parts, secret.get_secret_value())
        cabinet.install(app, given)
        api.mounted(app, given)
    return app


def cabinet_house(parts: Parts, secret: str) -> CabinetHouse:
    """What the customers' pages are given."""
    settings = parts.settings
    return CabinetHouse(
        pool=parts.pool,
        keyring=parts.keyring,
        answer=parts.answerer.answer,
        viewer=Viewer(parts.company, words().languages),
        now=parts.now,
        wall=clock.now,
        zone=ZoneInfo(settings.timezone),
        words=cabinet.texts(),
        speech=words(),
        door=Door(secret.encode(), frozenset(settings.countries), settings.codes_per_hour),
        wire=Wire(parts.keyring, words(), os.urandom),
        origin=settings.public_url,
        client=guarding.client,
        chats=settings.telegram_token is not None,
    )


def staff(parts: Parts, metrics: Metrics, more: Iterable[web.AbstractRouteDef] = ()) -> web.Application:
    """The company's own port: the pages of the employees, /audit and /metrics for those who bear the token, /health for
    monitors, and the pages in `more`."""
    app = site.build(house(parts), site.Outside(parts.settings.staff_url))
    app.add_routes([*_monitored(parts, metrics), web.get("/audit", _Audit(parts).get), *more])
    return app


def house(parts: Parts) -> House:
    """What the pages of the employees are given."""
    zone = ZoneInfo(parts.settings.timezone)
    begin = timing.Beginner().begin if parts.settings.database_url else None
    return House(
        parts.pool,
        parts.keyring,
        parts.now,
        clock.now,
        zone,
        site.texts(),
        words(),
        timing.schedule(),
        begin,
        parts.settings.segment_price,
        parts.settings.tell_payments_days,
    )


def monitoring(parts: Parts, metrics: Metrics) -> web.Application:
    """What a monitor asks of one process: /health and /metrics."""
    app = web.Application(client_max_size=LARGEST_BODY)
    app.add_routes(_monitored(parts, metrics))
    return app


def _monitored(parts: Parts, metrics: Metrics) -> tuple[web.RouteDef, ...]:
    async def get(request: web.Request) -> web.Response:
        _check_bearer(request, parts)
        return web.Response(body=await metrics.text(), headers={"Content-Type": metrics.content_type})

    return web.get("/health", _Health(parts).get), web.get("/metrics", get)


def _check_bearer(request: web.Request, parts: Parts) -> None:
    """Lets pass who bears the token.

    :raises web.HTTPException: 401 without it, 404 where none is set.
    """
    token = parts.settings.audit_token
    if token is None:
        raise web.HTTPNotFound
    told = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(told, b"Bearer " + token.get_secret_value().encode()):
        raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})


class _Health:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def get(self, _: web.Request) -> web.Response:
        """200 where messages can be answered, 503 where not."""
        try:
            async with acquire(self._parts.pool) as conn:
                await alive(conn)
        except GONE:
            return web.json_response({"status": "no database"}, status=503, headers={"Retry-After": "5"})
        return web.json_response({"status": "ok"})


class _Audit:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._one = asyncio.Lock()

    async def get(self, request: web.Request) -> web.Response:
        """The counters of core.audit as JSON; 401 without the bearer token, 404 where none is set."""
        _check_bearer(request, self._parts)
        try:
            counted = await self._count()
        except GONE:
            return web.json_response({"status": "no database"}, status=503, headers={"Retry-After": "5"})
        return web.json_response(counted, dumps=lambda counters: json.dumps(counters, indent=2))

    async def _count(self) -> dict[str, int]:
        """Counted on a connection of its own, one count at a time: it reads everything, and may take long."""
        async with self._one:
            conn = await connect(self._parts.dsn)
            try:
                return await audit.count(conn)
            finally:
                await conn.close()
