"""What every answer with a page says to the browser, and which forms are refused at the door (R36, R37)."""

from urllib.parse import urlsplit

from aiohttp import hdrs, web

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: a browser would then send its own forms without saying where they come from.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    hdrs.SERVER: "Meterline",
}


async def add(_: web.Request, response: web.StreamResponse) -> None:
    """Puts the headers on an answer, whatever it is; a signal `on_response_prepare`."""
    response.headers.update(_HEADERS)
    response.headers.setdefault(hdrs.CACHE_CONTROL, "no-store")


def is_own(request: web.Request, *, origin: str | None = None) -> bool:
    """Whether a form comes from our own page, which browsers tell: from the origin given, else from where the page was
    called."""
    told = request.headers.get(hdrs.ORIGIN)
    if told is not None:
        return told == origin if origin else _host(told) == request.host
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None
