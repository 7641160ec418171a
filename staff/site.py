"""The employees' own web application: each page and form names the roles that may have it (R39)."""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import structlog
from aiohttp import hdrs, web

from core.basics import tokens
from core.employees import actions as employees
from core.store.failures import GONE
from core.store.pool import acquire
from pages import forms, headers, static, templates, uploads
from pages import words as page_words
from staff import forming, menu, signing, visits, why
from staff.model import Asked, Entry, Form, Get, Go, House, Page, Post, ReasonWanted, Route

log = structlog.get_logger()

LARGEST_BODY = 64 * 1024
PLACE = Path(__file__).parent
_COOKIE = "meterline-staff"
_SHOWN_AS_PAGES = {403, 404, 405, 409, 413, 415}


@dataclass(frozen=True, slots=True)
class Outside:
    """How the world calls this application: `url` where a proxy stands before it, such as https://staff.example."""

    url: str | None = None

    @property
    def secure(self) -> bool:
        return self.url is not None and self.url.startswith("https://")

    @property
    def cookie(self) -> str:
        return f"__Host-{_COOKIE}" if self.secure else _COOKIE


def build(
    house: House, outside: Outside, *, routes: Iterable[Route] = menu.ROUTES, entries: Iterable[Entry] = menu.ENTRIES
) -> web.Application:
    """The application; /health and what monitors read is added by who serves it."""
    app = web.Application(client_max_size=LARGEST_BODY)
    site = Site(house, outside, tuple(entries))
    app.middlewares.append(site.shown)
    app.on_response_prepare.append(headers.add)
    app.add_routes(static.routes(PLACE / "static", static.SHARED))
    app.add_routes(
        [
            web.get("/login", site.login),
            web.post("/login", site.sign_in),
            web.get("/welcome", site.welcome),
            web.post("/welcome", site.take_up),
            web.get("/display/{code}", site.display),
        ]
    )
    for route in routes:
        handler = site.getting(route) if isinstance(route, Get) else site.posting(route)
        app.router.add_route("GET" if isinstance(route, Get) else "POST", route.path, handler)
    return app


@cache
def texts() -> Mapping[str, page_words.PageWords]:
    """The words of the pages in every language, read once."""
    return page_words.load(PLACE / "texts")


def entered(outside: Outside, token: str, to: str) -> web.Response:
    """Goes on to a page as somebody who is logged in."""
    response = web.Response(status=303, headers={hdrs.LOCATION: to})
    response.set_cookie(outside.cookie, token, httponly=True, samesite="Lax", secure=outside.secure, path="/")
    return response


class Site:
    """Lets in who may come in, and shows what the pages made."""

    def __init__(self, house: House, outside: Outside, entries: tuple[Entry, ...]) -> None:
        self._house = house
        self._outside = outside
        self._entries = entries
        self._templates = templates.environment(PLACE / "templates")

    def getting(self, route: Get) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """What answers a GET: the page, the login, or the question for the reason."""

        async def handler(request: web.Request) -> web.StreamResponse:
            asked = await self._asked(request, silent=route.silent)
            if asked is None:
                raise web.HTTPSeeOther(f"/login?next={quote(request.path_qs)}")
            if not asked.employee.may(route.roles):
                return self._problem(asked, 403)
            try:
                got = await route.view(asked)
            except ReasonWanted as wanted:
                told = urlencode({"account": wanted.account_id, "back": request.path_qs})
                raise web.HTTPSeeOther(f"/why?{told}") from None
            return self._response(asked, got) if isinstance(got, Page) else got

        return handler

    def posting(self, route: Post) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """What answers a form: it is done once, in one transaction, and leads to a page."""

        async def handler(request: web.Request) -> web.StreamResponse:
            asked = await self._asked(request)
            if asked is None:
                raise web.HTTPSeeOther("/login")
            if not asked.employee.may(route.roles):
                return self._problem(asked, 403)
            form, asked = await _read(request, route, asked)
            if not self._is_own(request) or not hmac.compare_digest(
                form.get("csrf", "").encode(), tokens.form_token(asked.token).encode()
            ):
                return self._problem(asked, 403, "form")
            form, asking = await why.said_within(asked, form)
            if asking is not None:
                return self._response(asked, asking, form)
            try:
                await route.before(asked, form)
                got = await forming.done(asked, route.act, form)
            except forming.OtherForm:
                return self._problem(asked, 409)
            except ReasonWanted as wanted:
                if asked.file:
                    # A page cannot hold a file that was chosen; it has to be chosen again.
                    raise web.HTTPSeeOther(f"/why?account={wanted.account_id}&back={_before(request)}") from None
                got = why.within(form, wanted.account_id)
            if isinstance(got, Go):
                raise web.HTTPSeeOther(got.address)
            return self._response(asked, got, form)

        return handler

    async def _asked(self, request: web.Request, *, silent: bool = False) -> Asked | None:
        token = request.cookies.get(self._outside.cookie, "")
        if not token:
            return None
        async with acquire(self._house.pool) as conn:
            employee = await employees.signed_in(conn, token, at=self._house.wall(), silent=silent)
        return None if employee is None else Asked(self._house, request, employee, token, self._house.now())

    def _is_own(self, request: web.Request) -> bool:
        return headers.is_own(request, origin=self._outside.url)

    def _response(self, asked: Asked, page: Page, form: Form | None = None) -> web.Response:
        said = asked.query("said")
        words = asked.words
        values = {
            "t": words,
            "me": asked.employee,
            "entries": [one for one in self._entries if asked.employee.may(one.roles)],
            "path": asked.request.path,
            "csrf": tokens.form_token(asked.token),
            "key": secrets.token_urlsafe(16),
            "said": words(f"said.{said}") if said and words.has(f"said.{said}") else None,
            "form": form or {},
            "local": asked.local,
            **page.values,
        }
        text = self._templates.get_template(page.template).render(values)
        return web.Response(text=text, content_type="text/html", status=page.status)

    def _problem(self, asked: Asked, status: int, name: str = "") -> web.Response:
        return self._response(asked, Page("problem.html", {"problem": name or str(status)}, status))

    def _plain(self, request: web.Request, template: str, status: int = 200, **values: Any) -> web.Response:
        """A page for somebody who is not logged in."""
        words = self._words(request)
        text = self._templates.get_template(template).render({"t": words, "me": None, "form": {}, **values})
        return web.Response(text=text, content_type="text/html", status=status)

    def _words(self, request: web.Request) -> page_words.PageWords:
        told = request.query.get("lang"), request.headers.get(hdrs.ACCEPT_LANGUAGE, "")
        return self._house.words[page_words.chosen(*told)]

    @web.middleware
    async def shown(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Shows refusals as pages, and mistakes of ours as an apology that tells nothing of them."""
        try:
            return await handler(request)
        except web.HTTPException as error:
            if error.status not in _SHOWN_AS_PAGES or not _is_for_people(request):
                raise
            allowed = {name: value for name, value in error.headers.items() if name == hdrs.ALLOW}
            return _with(self._plain(request, "stop.html", error.status, problem=str(error.status)), allowed)
        except GONE:
            log.warning("staff.no-database")
            return _with(self._plain(request, "stop.html", 503, problem="503"), {hdrs.RETRY_AFTER: "5"})
        except Exception as error:
            log.error("staff.error", error=type(error).__name__, exc_info=error)
            return self._plain(request, "stop.html", 500, problem="500")

    async def login(self, request: web.Request) -> web.StreamResponse:
        """The page on which one logs in; who is logged in already goes on."""
        if await self._asked(request):
            raise web.HTTPSeeOther("/")
        return self._plain(request, "login.html", trouble=None, next=forms.own(request.query.get("next", "")))

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        """Logs in who proves who he is; whatever is wrong, the answer is the same."""
        form = await self._own_form(request)
        token = await signing.sign_in(self._house, form)
        if token is None:
            return self._plain(
                request, "login.html", 422, trouble="login.wrong", next=forms.own(form.get("next", "")), form=form
            )
        return entered(self._outside, token, forms.own(form.get("next", "")))

    async def welcome(self, request: web.Request) -> web.StreamResponse:
        """The page on which somebody new gives his invitation."""
        return self._plain(request, "welcome.html", trouble=None, invited=None, picture=None)

    async def take_up(self, request: web.Request) -> web.StreamResponse:
        """Shows who is invited what to set, and sets it."""
        form = await self._own_form(request)
        got = await signing.take_up(self._house, form)
        if isinstance(got, str):
            return entered(self._outside, got, "/")
        values = {"trouble": got.trouble, "invited": got.invited, "picture": got.picture, "form": form}
        return self._plain(request, "welcome.html", 422 if got.trouble else 200, **values)

    async def display(self, request: web.Request) -> web.StreamResponse:
        """The screen in the hall of an office, where nobody is logged in."""
        page = await visits.display(self._house, request)
        if page is None:
            raise web.HTTPNotFound
        return self._plain(request, page.template, **page.values)

    async def _own_form(self, request: web.Request) -> Form:
        if not self._is_own(request):
            raise web.HTTPForbidden
        return await forms.read(request)


async def _read(request: web.Request, route: Post, asked: Asked) -> tuple[Form, Asked]:
    """The form; its file goes with the request, and by its hash with what the form says."""
    if not route.file:
        return await forms.read(request), asked
    form, file = await uploads.read(request, "file", largest=route.file)
    return {**form, "file": hashlib.sha256(file).hexdigest()}, replace(asked, file=file)


def _before(request: web.Request) -> str:
    """The page of ours on which the form stood."""
    return quote(forms.own(urlsplit(request.headers.get(hdrs.REFERER, "")).path))


def _with(response: web.Response, more: dict[str, str]) -> web.Response:
    response.headers.update(more)
    return response


def _is_for_people(request: web.Request) -> bool:
    return "text/html" in request.headers.get(hdrs.ACCEPT, "")
