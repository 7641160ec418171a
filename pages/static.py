"""The styles, scripts and pictures of pages: read once, told by their digest."""

import hashlib
from pathlib import Path

from aiohttp import hdrs, web

SHARED = Path(__file__).with_name("static")
"""What all pages have in common: their tokens and elements."""

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def routes(*folders: Path) -> tuple[web.RouteDef, ...]:
    """A route /static/NAME for each file of the folders."""
    return tuple(_route(path) for folder in folders for path in sorted(folder.iterdir()) if path.suffix in _TYPES)


def _route(path: Path) -> web.RouteDef:
    content = path.read_bytes()
    tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    headers = {hdrs.ETAG: tag, hdrs.CACHE_CONTROL: "no-cache"}

    async def file(request: web.Request) -> web.Response:
        if request.headers.get(hdrs.IF_NONE_MATCH) == tag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=content, content_type=_TYPES[path.suffix], charset="utf-8", headers=headers)

    return web.get(f"/static/{path.name}", file)
