"""How a service is set up. Everything has a value that is right on one machine."""

from __future__ import annotations

from typing import Final

import msgspec

from myorx.exchange.fhir.source import MAX_BYTES
from myorx.exchange.service.access import Access

ON_THE_SPOT: Final = 128 * 1024
"""Bytes of JSON that are worked on at once; more is left to a thread, so that others need not wait
and the time limit can cut it off."""


class Limits(msgspec.Struct, frozen=True):
    """What a request may cost."""

    body_bytes: int = MAX_BYTES
    body_seconds: float = 10.0
    """From the first byte of the body to its last."""
    answer_seconds: float = 30.0
    """From the last byte to the answer."""
    threads: int = 2
    """Large requests that are worked on at the same time."""


class Settings(msgspec.Struct, frozen=True):
    """One service."""

    access: Access | None = None
    """Who may ask; None: whoever reaches it, which is right on loopback only."""
    origins: tuple[str, ...] = ()
    """Origins whose pages may ask (CORS); ``*`` stands for every one."""
    public_url: str = ""
    """How clients reach the service, without a slash at the end; links in cards begin with it."""
    limits: Limits = Limits()
