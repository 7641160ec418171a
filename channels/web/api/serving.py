"""Answers the calls of programs: who bears a token is let in, everything that goes wrong is a problem (RFC 9457)."""

import json
import math
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog
from aiohttp import hdrs, web
from pydantic import BaseModel, ValidationError

from channels.web.api import describing
from channels.web.api.calling import Call, Operation, Refused, allowed
from channels.web.api.describing import ACCOUNT, KEY, NUMBER, PLACE, PROBLEMS
from channels.web.api.model import Problem
from channels.web.api.operations import OPERATIONS
from channels.web.model import House
from core.cabinet.model import Holding
from core.cabinet.tokens import actions as tokens
from core.cabinet.tokens.model import Bearer
from core.store.failures import GONE
from core.store.pool import acquire

log = structlog.get_logger()

PER_MINUTE = 120
"""So many calls of one token a minute are answered by a process."""

LARGEST = 64 * 1024

AGAIN = "5"
"""Seconds after which a program may come again when the database is gone."""

SHOWN = 5
"""So many mistakes of a body are told."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(house: House, *, per_minute: int = PER_MINUTE) -> web.Application:
    """The API, to be mounted at PLACE."""
    app = web.Application(middlewares=[_problems])
    api = _Api(house, per_minute)
    app.router.add_get("/openapi.json", api.describe)
    for one in OPERATIONS:
        app.router.add_route(one.method, one.path, api.handler(one))
    return app


class Meter:
    """Counts the calls of each token: a bucket that fills evenly, a minute's worth at most."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._held: dict[int, tuple[float, float]] = {}

    def wait(self, token: int, now: float) -> int:
        """For how many seconds the token has to wait, 0 where its call is answered, which counts."""
        left, since = self._held.get(token, (float(self._per_minute), now))
        left = min(float(self._per_minute), left + (now - since) * self._per_minute / 60)
        if left < 1:
            self._held[token] = (left, now)
            return math.ceil((1 - left) * 60 / self._per_minute)
        self._held[token] = (left - 1, now)
        if len(self._held) > 10_000:
            self._held.clear()
        return 0


class _Api:
    def __init__(self, house: House, per_minute: int) -> None:
        self._house = house
        self._meter = Meter(per_minute)
        self._described = json.dumps(describing.described(OPERATIONS), ensure_ascii=False, indent=1)

    async def describe(self, _: web.Request) -> web.Response:
        """The description, for everybody."""
        return web.Response(text=self._described, content_type="application/json")

    def handler(self, operation: Operation) -> Handler:
        """What answers a call of the operation."""

        async def handler(request: web.Request) -> web.StreamResponse:
            bearer = await self._bearer(request)
            wait = self._meter.wait(bearer.token, time.monotonic())
            if wait:
                return _told(_problem(429, "Too many calls"), {hdrs.RETRY_AFTER: str(wait)})
            if operation.scope not in bearer.scopes:
                raise Refused(403, "The token does not allow it", f"It needs the scope {operation.scope}.")
            account = self._account(request, bearer) if operation.of_account else None
            if account is not None and not allowed(operation, account):
                raise Refused(403, "The phone's link to the account does not allow it")
            call = Call(self._house, request, bearer, self._house.now(), account)
            _checked(operation, request)
            if operation.body is not None:
                call = replace(call, given=await _given(request, operation.body))
            if operation.keyed:
                call = replace(call, key=_key(request))
            return _response(await operation.act(call))

        return handler

    async def _bearer(self, request: web.Request) -> Bearer:
        """
        :raises Refused: no token, or none that holds.
        """
        scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        house = self._house
        bearer = None
        if scheme.lower() == "bearer":
            async with acquire(house.pool) as conn:
                bearer = await tokens.bearer(
                    conn, token.strip(), wall=house.wall(), at=house.now(), keyring=house.keyring
                )
        if bearer is None:
            raise Refused(
                401, "No token that holds", "Send Authorization: Bearer mtl_…; tokens are made in the cabinet."
            )
        return bearer

    def _account(self, request: web.Request, bearer: Bearer) -> Holding:
        """
        :raises Refused: it is none of his, whether it is another's or nobody's.
        """
        told = request.match_info["account"]
        if re.fullmatch(ACCOUNT, told):
            for one in bearer.person.holdings:
                if self._house.address_of(one.account.id) == told:
                    return one
        raise Refused(404, "There is no such account")


def _checked(operation: Operation, request: web.Request) -> None:
    """
    :raises Refused: a value of the address is not as described.
    """
    if "no" in request.match_info and not re.fullmatch(NUMBER, request.match_info["no"], re.ASCII):
        raise Refused(404, "There is no such bill")
    for one in operation.query:
        told = request.query.get(one.name)
        if told is not None and not re.fullmatch(one.pattern, told, re.ASCII):
            raise Refused(422, "The call is not as described", f"{one.name}: {one.told}")


def _key(request: web.Request) -> str:
    """
    :raises Refused: the call has no key.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not re.fullmatch(KEY, key, re.ASCII):
        raise Refused(400, "No idempotency key", "Send Idempotency-Key: 16 to 64 letters, digits, - _ or .")
    return key


async def _given(request: web.Request, wanted: type[BaseModel]) -> BaseModel:
    """The body, checked.

    :raises Refused: it is not as described.
    """
    if (
        request.content_type != "application/json"
        or request.headers.get(hdrs.CONTENT_ENCODING, "identity") != "identity"
    ):
        raise Refused(415, "The body is no JSON", "Send Content-Type: application/json.")
    body = await request.read()
    if len(body) > LARGEST:
        raise Refused(413, PROBLEMS[413])
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "The body cannot be read", "It is no JSON.") from None
    try:
        return wanted.model_validate(told)
    except ValidationError as wrong:
        mistakes = [
            f"{'.'.join(map(str, one['loc'])) or 'the body'}: {one['msg']}" for one in wrong.errors(include_input=False)
        ]
        raise Refused(422, "The body is not as described", "; ".join(mistakes[:SHOWN])) from None


def _response(got: BaseModel | dict[str, Any] | web.Response) -> web.Response:
    match got:
        case web.Response():
            return got
        case BaseModel():
            return web.Response(text=got.model_dump_json(), content_type="application/json")
        case _:
            return web.json_response(got)


def _problem(status: int, title: str, detail: str = "") -> Problem:
    return Problem(title=title, status=status, detail=detail)


def _told(problem: Problem, headers: Mapping[str, str] | None = None) -> web.Response:
    more = {401: {"WWW-Authenticate": "Bearer"}, 503: {str(hdrs.RETRY_AFTER): AGAIN}}.get(problem.status, {})
    return web.Response(
        text=problem.model_dump_json(), status=problem.status, content_type="application/problem+json",
        headers={**more, **(headers or {})},
    )  # fmt: skip


@web.middleware
async def _problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Everything that goes wrong as a problem; mistakes of ours as one that tells nothing of them."""
    try:
        return await handler(request)
    except Refused as refused:
        return _told(refused.problem)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        allow = {str(hdrs.ALLOW): error.headers[hdrs.ALLOW]} if hdrs.ALLOW in error.headers else {}
        return _told(_problem(error.status, PROBLEMS.get(error.status, error.reason)), allow)
    except GONE:
        log.warning("api.no-database")
        return _told(_problem(503, PROBLEMS[503]))
    except Exception as error:
        log.error("api.error", error=type(error).__name__, exc_info=error)
        return _told(_problem(500, "Something went wrong on our side"))


def mounted(app: web.Application, house: House) -> None:
    """Adds the API to the application of the public port."""
    app.add_subapp(PLACE, application(house))
