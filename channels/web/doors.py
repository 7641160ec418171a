"""What the browser is given to be known by: its login, what it holds before that, and its language (R35)."""

import hmac
import re
import secrets
from dataclasses import dataclass

from aiohttp import hdrs, web

from channels.web.model import House

_SESSION, _BROWSER, _TONGUE = "meterline", "meterline-door", "meterline-lang"
_HELD = re.compile(r"[A-Za-z0-9_-]{43}")
_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Doors:
    """The cookies of a house; those that prove something are its host's alone where it is called by https."""

    house: House

    @property
    def cookie(self) -> str:
        return self._named(_SESSION)

    @property
    def tongue(self) -> str:
        return _TONGUE

    def browser(self, request: web.Request) -> tuple[str, bool]:
        """What the browser holds before anybody is logged in, and whether it is given it only now."""
        held = request.cookies.get(self._named(_BROWSER), "")
        return (held, False) if _HELD.fullmatch(held) else (secrets.token_urlsafe(32), True)

    def form_token(self, browser: str) -> str:
        """What a form carries that this browser was shown before anybody is logged in."""
        return hmac.digest(self.house.door.secret, b"door\0" + browser.encode(), "sha256").hex()

    def keep_browser(self, response: web.StreamResponse, browser: str) -> None:
        self._set(response, self._named(_BROWSER), browser)

    def keep_tongue(self, response: web.StreamResponse, language: str) -> None:
        self._set(response, _TONGUE, language, max_age=_YEAR)

    def keep_login(self, response: web.StreamResponse, token: str) -> None:
        self._set(response, self.cookie, token)

    def drop_login(self, response: web.StreamResponse) -> None:
        response.del_cookie(self.cookie, path="/", secure=self.house.secure, httponly=True, samesite="Lax")

    def _named(self, name: str) -> str:
        return f"__Host-{name}" if self.house.secure else name

    def _set(self, response: web.StreamResponse, name: str, value: str, *, max_age: int | None = None) -> None:
        response.set_cookie(
            name, value, httponly=True, samesite="Lax", secure=self.house.secure, path="/", max_age=max_age
        )


def entered(house: House, token: str, to: str) -> web.Response:
    """Goes on to a page as somebody who is logged in."""
    response = web.Response(status=303, headers={hdrs.LOCATION: to})
    Doors(house).keep_login(response, token)
    return response


def left(house: House) -> web.Response:
    """Goes on to the first page as nobody."""
    response = web.Response(status=303, headers={hdrs.LOCATION: "/"})
    Doors(house).drop_login(response)
    return response
