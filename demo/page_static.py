"""The page's own style, script and picture: read once, told by their digest."""

import hashlib
from pathlib import Path

from aiohttp import hdrs, web

_FOLDER = Path(__file__).with_name("static")
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def routes() -> tuple[web.RouteDef, ...]:
    """A route for each file."""
    return tuple(_route(path) for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES)


def _route(path: Path) -> web.RouteDef:
    content = path.read_bytes()
    tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    headers = {hdrs.ETAG: tag, hdrs.CACHE_CONTROL: "no-cache"}

    async def file(request: web.Request) -> web.Response:
        if request.headers.get(hdrs.IF_NONE_MATCH) == tag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=content, content_type=_TYPES[path.suffix], charset="utf-8", headers=headers)

    return web.get(f"/static/{path.name}", file)
