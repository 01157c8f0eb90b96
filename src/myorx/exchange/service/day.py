"""The day that a hook is about. No clock is read here: the client says what day it is.

In this order: the extension ``myorx.as-of`` of the request (2026-11-22), the moment at which the
client's token was issued (``iat``; every CDS Hooks token has it), the HTTP header ``Date``. Moments
become days by the time zone that the machine is set to.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

from myorx.exchange.service.problems import RefusedError
from myorx.facts.scalars import day_or_period

AS_OF: Final = "myorx.as-of"


def day_of(extension: Mapping[str, Any] | None, headers: Mapping[str, str]) -> date:
    """The day of a request. Raises RefusedError where it names none."""
    typed = (extension or {}).get(AS_OF)
    if typed is not None:
        found = day_or_period(typed) if isinstance(typed, str) else None
        if found is None or found.exact is None:
            raise RefusedError(400, "bad_day", found=str(typed))
        return found.exact
    issued = _issued(headers.get("authorization", ""))
    moment = issued or _sent(headers.get("date", ""))
    if moment is None:
        raise RefusedError(400, "no_day_of_hook", key=AS_OF)
    return moment.astimezone().date()


def _issued(header: str) -> datetime | None:
    """When the token was issued. Where tokens matter, the gate has verified it before."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or token.count(".") != 2:
        return None
    import jwt

    try:
        issued = jwt.decode(token.strip(), options={"verify_signature": False}).get("iat")
    except jwt.PyJWTError:
        return None
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        return None
    try:
        return datetime.fromtimestamp(issued, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _sent(header: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(header)
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
