"""``myorx serve``: the service on one address; outside this machine only with authentication."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from myorx.cli import exits
from myorx.cli.check_text import folder_of
from myorx.cli.inputs import read_guideline, stop
from myorx.cli.words import Language, word

if TYPE_CHECKING:
    from myorx.exchange.codes import Codes
    from myorx.exchange.service.access import Access
    from myorx.guideline.models import Guideline

_AT_ONCE: Final = 200
"""Connections; one more is answered with 503 at once."""
_ADDRESS: Final = re.compile(
    r"https?://(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?(?:/[\w.~-]+)*"
)
_SHOWN: Final = 200
"""So many characters of what was typed are repeated."""

LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {
        "uvicorn": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn.error": {"level": "INFO"},
        "uvicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "myorx.service": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        # Its messages hold the text of exceptions, which may hold anything.
        "asyncio": {"handlers": [], "level": "CRITICAL", "propagate": False},
    },
}
"""One line a request, without anything that was sent; never the server's own line of it."""


class Place(NamedTuple):
    """Where the service listens, who may ask it, and how clients reach it."""

    host: str
    port: int
    auth: Path | None
    url: str
    origins: tuple[str, ...]


def serve(
    guideline_name: str,
    settings: Iterable[str],
    codes: tuple[str, ...],
    place: Place,
    lang: Language,
) -> None:
    """Listen until stopped; every refusal comes before."""
    access = _access(place, lang)
    guideline = read_guideline(guideline_name, settings)
    try:
        import uvicorn

        from myorx.exchange.service import Settings
        from myorx.web.app import whole_app
    except ImportError:
        stop(exits.USAGE, [word("no_serve", lang)])
    service = Settings(access=access, origins=place.origins, public_url=place.url)
    app = whole_app(guideline, _codes(guideline, guideline_name, codes), service)
    # The knowledge stays to the end: to look through it for garbage again and again is idle.
    gc.collect()
    gc.freeze()
    uvicorn.run(
        app,
        host=place.host,
        port=place.port,
        log_config=LOGGING,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        lifespan="off",
        ws="none",
        limit_concurrency=_AT_ONCE,
        timeout_graceful_shutdown=10,
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there. A name that is not known to be of this
    machine counts as the outside."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _access(place: Place, lang: Language) -> Access | None:
    """Who may ask; ends the command where what was asked for would be open to others."""
    if place.url and not _ADDRESS.fullmatch(place.url):
        raise click.BadParameter(
            f"{place.url[:_SHOWN]!r} is no address; write it as https://cds.example.org",
            param_hint="--url",
        )
    if place.auth is None:
        if not is_loopback(place.host):
            shown = place.host[:_SHOWN]
            stop(exits.USAGE, [word("serve_needs_auth", lang).format(host=shown)])
        return None
    try:
        from myorx.exchange.service.access import AccessError, read_access
    except ImportError:
        stop(exits.USAGE, [word("no_serve", lang)])
    try:
        access = read_access(place.auth)
    except AccessError as error:
        stop(exits.USAGE, error.faults)
    if access.issuers and not place.url:
        stop(exits.USAGE, [word("serve_needs_url", lang)])
    return access


def _codes(guideline: Guideline, name: str, optional: tuple[str, ...]) -> Codes:
    from myorx.exchange.foreign import codes_of
    from myorx.guideline.faults import GuidelineError

    try:
        return codes_of(folder_of(name), guideline, optional)
    except GuidelineError as error:
        stop(exits.GUIDELINE, [str(problem) for problem in error.problems])
