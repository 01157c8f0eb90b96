"""Stylesheets, scripts and pictures of all pages, under addresses that change with their content.

An asset is called ``package/name``: ``case/case.js``. Its address holds a digest of its bytes, so
that browsers may keep it for ever and still never show an old one with a new page.
"""

from __future__ import annotations

import hashlib
import pkgutil
from functools import cache
from typing import Final, NamedTuple

PREFIX: Final = "/assets/"

_TYPES: Final = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_DIGITS: Final = 12
_PACKAGES: Final = frozenset(("frame", "case", "plan", "instruments", "document"))


class Asset(NamedTuple):
    """One asset as it is sent."""

    body: bytes
    media_type: str
    address: str
    """``/assets/case/case.0123456789ab.js``."""


@cache
def asset(name: str) -> Asset:
    """The asset ``package/file``. Raises FileNotFoundError where there is none."""
    package, _, file = name.partition("/")
    stem, _, suffix = file.rpartition(".")
    if package not in _PACKAGES or suffix not in _TYPES:
        raise FileNotFoundError(name)
    body = pkgutil.get_data(f"myorx.web.{package}", f"assets/{file}") or b""
    digest = hashlib.sha256(body).hexdigest()[:_DIGITS]
    return Asset(body, _TYPES[suffix], f"{PREFIX}{package}/{stem}.{digest}.{suffix}")


def href(name: str) -> str:
    """Where a page finds an asset."""
    return asset(name).address
