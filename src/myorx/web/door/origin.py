"""Where a request was sent from, as far as the browser says it."""

from __future__ import annotations

from starlette.datastructures import Headers


def is_foreign(headers: Headers, url: str) -> bool:
    """Whether the browser says that a page of another site sent this.

    ``url``: how clients reach the service, where that is known. A browser that says nothing
    (``Origin: null`` is what pages without referrer send) is not foreign by that: the cookie of a
    session, which no other site can make it send, then decides.
    """
    site = headers.get("sec-fetch-site", "")
    if site:
        return site not in ("same-origin", "none")
    origin = headers.get("origin", "null")
    if origin == "null":
        return False
    return _host(origin) not in {headers.get("host", "").lower(), _host(url)} - {""}


def _host(address: str) -> str:
    """``https://cds.example.org:8443/x`` -> ``cds.example.org:8443``."""
    return address.partition("://")[2].partition("/")[0].lower()
