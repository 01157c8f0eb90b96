"""How pages and assets are sent: what a browser may load, keep and tell others."""

from __future__ import annotations

import re
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from myorx.web.frame.assets import PREFIX, asset

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No script, style or address but our own; nothing inline; no page inside somebody else's."""

HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_NOT_KEPT: Final = {**HEADERS, "Cache-Control": "no-store"}
_KEPT: Final = {**HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}


def html(body: bytes | str, status: int = 200) -> Response:
    """A page or a fragment; nobody on the way keeps it, for it may hold what a patient has."""
    return Response(body, status, headers=_NOT_KEPT, media_type="text/html")


def download(body: bytes, name: str, media_type: str) -> Response:
    """A file for the user's own disk, not kept on the way; ``name`` is plain ASCII."""
    headers = {**_NOT_KEPT, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, headers=headers, media_type=media_type)


def document(body: bytes, media_type: str) -> Response:
    """A page of the guideline: nothing of a patient is in it, and it may be asked for again."""
    return Response(body, headers={**HEADERS, "Cache-Control": "no-cache"}, media_type=media_type)


_ADDRESS: Final = re.compile(r"([a-z]+)/([a-z_]+)\.[0-9a-f]{12}\.([a-z]+)")


async def _send_asset(request: Request) -> Response:
    path = request.path_params["path"]
    found = _ADDRESS.fullmatch(path)
    try:
        sent = asset(f"{found[1]}/{found[2]}.{found[3]}") if found else None
    except FileNotFoundError:
        sent = None
    # An old digest is not answered with new bytes, which a browser would keep for ever.
    if sent is None or sent.address != PREFIX + path:
        return Response("404\n", 404, headers=_NOT_KEPT, media_type="text/plain")
    return Response(sent.body, headers=_KEPT, media_type=sent.media_type)


ROUTES: Final = (Route(f"{PREFIX}{{path:path}}", _send_asset),)
"""Where the assets are; to be mounted beside the pages."""
