"""The cabinet's web application: public pages, the login, and the pages of who is logged in (R14, R34 to R37)."""

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import structlog
from aiohttp import hdrs, web

from channels.web import forming, guest, login, menu, saying
from channels.web.doors import Doors, entered, left
from channels.web.model import (
    Asked,
    Entry,
    Form,
    Get,
    Go,
    Group,
    Guest,
    House,
    Knock,
    Open,
    Page,
    Post,
    Ring,
    Route,
    Say,
    Try,
    grouped,
)
from core.basics import tokens
from core.cabinet import entering
from core.cabinet.model import Told
from core.inbox.model import Unavailable
from core.store.failures import GONE
from core.store.pool import acquire
from pages import forms, headers, static, templates, uploads
from pages import words as page_words
from pages.volumes import Volumes

log = structlog.get_logger()

PLACE = Path(__file__).parent
_FOR_BROWSERS = {"text/html", "text/css", "text/javascript", "image/svg+xml"}
_SHOWN_AS_PAGES = {400, 403, 404, 405, 409, 413, 415}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@cache
def texts() -> Mapping[str, page_words.PageWords]:
    """The words of the pages in every language, read once."""
    return page_words.load(PLACE / "texts")


def install(
    app: web.Application,
    house: House,
    *,
    routes: Iterable[Route] = menu.ROUTES,
    entries: Iterable[Entry] = menu.ENTRIES,
) -> None:
    """Adds the pages to the application of the public port."""
    site = Site(house, tuple(entries))
    app.middlewares.append(site.shown)
    app.on_response_prepare.append(_protected)
    app.add_routes(static.routes(PLACE / "static", static.SHARED))
    app.add_routes(
        [
            web.get("/login", site.login),
            web.post("/login", site.ask_code),
            web.get("/login/code", site.code),
            web.post("/login/code", site.enter),
            web.post("/logout", site.leave),
            web.post("/tongue", site.tongue),
            web.get("/reading", site.guest),
            web.post("/reading", site.leave_reading),
        ]
    )
    for route in routes:
        if isinstance(route, Open | Ring | Get):
            app.router.add_get(route.path, site.handler(route))
        else:
            app.router.add_post(route.path, site.handler(route))


async def _protected(request: web.Request, response: web.StreamResponse) -> None:
    """Pages say what a browser may do with them; whatever else the port answers, the guard's strictest word holds."""
    if response.content_type in _FOR_BROWSERS:
        await headers.add(request, response)


class Site:
    """Lets in who is logged in, and shows what the pages made."""

    def __init__(self, house: House, entries: tuple[Entry, ...]) -> None:
        self._house = house
        self._entries = entries
        self._doors = Doors(house)
        self._templates = templates.environment(PLACE / "templates")

    def handler(self, route: Route) -> Handler:
        """What answers a request for the route."""
        match route:
            case Open() | Try():
                return self._opening(route)
            case Ring() | Knock():
                return self._at_doors(route)
            case Get():
                return self._getting(route)
            case Post() | Say():
                return self._posting(route)

    def _opening(self, route: Open | Try) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            got = await route.view(Guest(self._house, request, self._language(request)))
            return self._plain(request, got.template, got.status, **got.values) if isinstance(got, Page) else got

        return handler

    def _at_doors(self, route: Ring | Knock) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            form: Form = {}
            browser, _ = self._doors.browser(request)
            if isinstance(route, Knock):
                form, browser = await self._door_form(request)
            got = await route.view(Guest(self._house, request, self._language(request)), form, browser)
            return self._at_door(request, got.template, got.status, **got.values) if isinstance(got, Page) else got

        return handler

    def _getting(self, route: Get) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            async with acquire(self._house.pool) as conn:
                asked = await self._asked(request, conn)
                told = await saying.answer(asked, conn) if asked else None
            if asked is None:
                raise web.HTTPSeeOther(f"/login?next={quote(request.path_qs)}")
            _undoubted(asked, route)
            _his_own(asked)
            got = await route.view(asked)
            return self._response(asked, got, told=told) if isinstance(got, Page) else got

        return handler

    def _posting(self, route: Post | Say) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            async with acquire(self._house.pool) as conn:
                asked = await self._asked(request, conn)
            if asked is None:
                raise web.HTTPSeeOther("/login")
            _undoubted(asked, route)
            form, asked = await _read(request, route, asked)
            if not self._is_own(request) or not _is_from(form, asked.token):
                return self._response(asked, Page("problem.html", {"problem": "form"}, 403))
            _his_own(asked)
            try:
                if isinstance(route, Say):
                    got = await saying.said(asked, route, form)
                else:
                    got = await forming.done(asked, route.act, form)
            except forms.OtherForm:
                return self._response(asked, Page("problem.html", {"problem": "409"}, 409))
            if isinstance(got, Go):
                raise web.HTTPSeeOther(got.address)
            return self._response(asked, got, form)

        return handler

    async def _asked(self, request: web.Request, conn: Any) -> Asked | None:
        token = request.cookies.get(self._doors.cookie, "")
        if not token:
            return None
        house, at = self._house, self._house.now()
        person = await entering.person(conn, token, wall=house.wall(), at=at, keyring=house.keyring)
        if person is None:
            return None
        language = person.sender.language
        known = language if language in house.words else self._language(request)
        return Asked(house, request, person, token, at, known or page_words.LANGUAGES[0])

    def _is_own(self, request: web.Request) -> bool:
        # Where nothing says by which name the world calls us, the name by which we were called is it.
        return headers.is_own(request, origin=self._house.origin if self._house.secure else None)

    def _language(self, request: web.Request) -> str:
        told = request.query.get("lang") or request.cookies.get(self._doors.tongue)
        return page_words.chosen(told, request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))

    def _response(
        self, asked: Asked, page: Page, form: Form | None = None, *, told: Told | None = None
    ) -> web.Response:
        said, words = asked.query("said"), asked.words
        inside = "account" in asked.request.match_info
        values = {
            "t": words,
            "public": menu.PUBLIC,
            "me": asked.person,
            "asked": asked,
            "groups": self._menu(asked) if inside else (),
            "holding": asked.holding if inside else None,
            "path": asked.request.path,
            "csrf": tokens.form_token(asked.token),
            "key": secrets.token_urlsafe(16),
            "said": words(f"said.{said}") if said and words.has(f"said.{said}") else None,
            "told": told,
            "volume": Volumes(words),
            "form": form or {},
            "trouble": None,
            **page.values,
        }
        text = self._templates.get_template(page.template).render(values)
        return web.Response(text=text, content_type="text/html", status=page.status)

    def _menu(self, asked: Asked) -> tuple[Group, ...]:
        """The menu of the account as far as his link goes."""
        allowed = [one for one in self._entries if one.what is None or asked.may(one.what)]
        return grouped(allowed, asked.request.path.removeprefix(asked.path()).strip("/"))

    def _plain(self, request: web.Request, template: str, status: int = 200, **values: Any) -> web.Response:
        """A page for somebody of whom nothing is known."""
        language = self._language(request)
        told = {
            "t": self._house.words[language],
            "public": menu.PUBLIC,
            "chats": self._house.chats,
            "volume": Volumes(self._house.words[language]),
            "me": None,
            "path": request.path,
            "inside": self._doors.cookie in request.cookies,
            "form": {},
            "trouble": None,
            **values,
        }
        text = self._templates.get_template(template).render(told)
        return web.Response(text=text, content_type="text/html", status=status)

    @web.middleware
    async def shown(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Shows refusals as pages, and mistakes of ours as an apology that tells nothing of them."""
        pages = "text/html" in request.headers.get(hdrs.ACCEPT, "")
        try:
            return await handler(request)
        except web.HTTPException as error:
            if not pages or error.status not in _SHOWN_AS_PAGES:
                raise
            response = self._plain(request, "stop.html", error.status, problem=str(error.status))
            response.headers.update({name: value for name, value in error.headers.items() if name == hdrs.ALLOW})
            return response
        except (*GONE, Unavailable):
            if request.transport is None:  # it is the client who has gone
                raise
            log.warning("cabinet.no-database")
            response = self._plain(request, "stop.html", 503, problem="503") if pages else web.Response(status=503)
            response.headers[hdrs.RETRY_AFTER] = "5"
            return response
        except Exception as error:
            if not pages:
                raise
            log.error("cabinet.error", error=type(error).__name__, exc_info=error)
            return self._plain(request, "stop.html", 500, problem="500")

    async def login(self, request: web.Request) -> web.StreamResponse:
        """The page on which one asks for a code; who is logged in goes on."""
        async with acquire(self._house.pool) as conn:
            if await self._asked(request, conn):
                raise web.HTTPSeeOther("/my")
        return self._at_door(request, "login.html", next=_next(request.query.get("next", "")))

    async def ask_code(self, request: web.Request) -> web.StreamResponse:
        """Sends a code where one may be sent; the answer is the same where not (R34)."""
        form, browser = await self._door_form(request)
        to = _next(form.get("next", ""))
        if not login.is_phone(form.get("phone", "")):
            return self._at_door(request, "login.html", 422, trouble="login.no_phone", next=to, form=form)
        await login.ask(self._house, request, form["phone"], browser, by_chat=form.get("by") == "chat")
        raise web.HTTPSeeOther(f"/login/code?next={quote(to)}")

    async def code(self, request: web.Request) -> web.StreamResponse:
        """The page on which one gives the code."""
        return self._at_door(request, "code.html", next=_next(request.query.get("next", "")))

    async def enter(self, request: web.Request) -> web.StreamResponse:
        """Logs in who gives the code that went to his phone; whatever is wrong, the answer is the same."""
        form, browser = await self._door_form(request)
        to = _next(form.get("next", ""))
        token = await login.enter(self._house, request, form.get("code", ""), browser)
        if token is None:
            return self._at_door(request, "code.html", 422, trouble="login.wrong", next=to)
        async with acquire(self._house.pool) as conn:
            await login.leave_old(self._house, conn, request.cookies.get(self._doors.cookie, ""))
        return entered(self._house, token, to)

    async def guest(self, request: web.Request) -> web.StreamResponse:
        """The form for a reading of whoever knows account and meter."""
        return self._guest_page(request, guest.shown({}))

    async def leave_reading(self, request: web.Request) -> web.StreamResponse:
        """Takes such a reading, or says what is wrong with how it is written."""
        form, browser = await self._door_form(request)
        asked = Guest(self._house, request, self._language(request))
        try:
            return self._guest_page(request, await guest.leave(asked, form, browser))
        except forms.OtherForm:
            raise web.HTTPConflict from None

    def _guest_page(self, request: web.Request, page: Page) -> web.Response:
        return self._at_door(request, page.template, page.status, key=secrets.token_urlsafe(16), **page.values)

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """Ends the login on the server and in the browser."""
        token = request.cookies.get(self._doors.cookie, "")
        form = await forms.read(request)
        if not self._is_own(request) or not _is_from(form, token):
            raise web.HTTPForbidden
        async with acquire(self._house.pool) as conn:
            await login.leave_old(self._house, conn, token)
        return left(self._house)

    async def tongue(self, request: web.Request) -> web.StreamResponse:
        """Keeps in the browser in which language it wants the pages."""
        if not self._is_own(request):
            raise web.HTTPForbidden
        form = await forms.read(request)
        response = web.Response(status=303, headers={hdrs.LOCATION: forms.own(form.get("back", ""))})
        self._doors.keep_tongue(response, page_words.chosen(form.get("lang"), ""))
        return response

    def _at_door(self, request: web.Request, template: str, status: int = 200, **values: Any) -> web.Response:
        """A page with a form for who is not logged in; its browser is given something to be known by."""
        browser, fresh = self._doors.browser(request)
        response = self._plain(request, template, status, csrf=self._doors.form_token(browser), **values)
        if fresh:
            self._doors.keep_browser(response, browser)
        return response

    async def _door_form(self, request: web.Request) -> tuple[Form, str]:
        form = await forms.read(request)
        browser, fresh = self._doors.browser(request)
        right = hmac.compare_digest(form.get("csrf", "").encode(), self._doors.form_token(browser).encode())
        if fresh or not right or not self._is_own(request):
            raise web.HTTPForbidden
        return form, browser


def _undoubted(asked: Asked, route: Get | Post | Say) -> None:
    """Lets pass a phone that is surely its person's, and any to what tells nothing.

    :raises web.HTTPSeeOther: he is asked first whether he is still the one (T5).
    """
    if asked.person.sender.stale(asked.at) and asked.person.holdings and not route.doubted:
        raise web.HTTPSeeOther("/still")


def _his_own(asked: Asked) -> None:
    """Lets pass where the account of the address is his, and where the address has none (R36).

    :raises web.HTTPNotFound: it is none of his.
    """
    if "account" in asked.request.match_info:
        _ = asked.holding


def _next(told: str) -> str:
    return forms.own(told, otherwise="/my")


def _is_from(form: Form, token: str) -> bool:
    return hmac.compare_digest(form.get("csrf", "").encode(), tokens.form_token(token).encode())


async def _read(request: web.Request, route: Post | Say, asked: Asked) -> tuple[Form, Asked]:
    """The form; its file goes with the request, and by its hash with what the form says."""
    if isinstance(route, Say) or not route.file:
        return await forms.read(request), asked
    form, file = await uploads.read(request, "file", largest=route.file)
    return {**form, "file": hashlib.sha256(file).hexdigest()}, replace(asked, file=file)
