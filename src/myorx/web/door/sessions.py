"""Who has signed in. Nothing is known of them but that they gave a token that was on the list."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from typing import Final

IDLE: Final = 45 * 60.0
"""Seconds without a request after which a session ends."""
WHOLE: Final = 12 * 3600.0
"""Seconds after which it ends in any case."""
MOST: Final = 1000
"""Sessions at a time; one more ends the one that was used least lately."""
TRIES: Final = 10
"""Wrong tokens from one address in a minute; then it has to wait."""
_MINUTE: Final = 60.0
_BYTES: Final = 32


class Sessions:
    """The sessions of one server by the digests of their names, which only the browsers have."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun: dict[str, float] = {}
        self._used: dict[str, float] = {}

    def begin(self) -> str:
        """A new session; the name to be kept in the cookie."""
        self._sweep()
        if len(self._used) >= MOST:
            self._forget(min(self._used, key=self._used.__getitem__))
        name = secrets.token_urlsafe(_BYTES)
        digest = _digest(name)
        self._begun[digest] = self._used[digest] = self._clock()
        return name

    def holds(self, name: str) -> bool:
        """Whether a session of this name goes on; then it was used now."""
        digest = _digest(name)
        if digest not in self._used:
            return False
        if self._over(digest):
            self._forget(digest)
            return False
        self._used[digest] = self._clock()
        return True

    def end(self, name: str) -> None:
        """End a session, if there is one."""
        self._forget(_digest(name))

    def _over(self, digest: str) -> bool:
        now = self._clock()
        return now - self._used[digest] > IDLE or now - self._begun[digest] > WHOLE

    def _sweep(self) -> None:
        for digest in [each for each in self._used if self._over(each)]:
            self._forget(digest)

    def _forget(self, digest: str) -> None:
        self._used.pop(digest, None)
        self._begun.pop(digest, None)


class Tries:
    """Wrong tokens by the address that they came from."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: dict[str, list[float]] = {}

    def too_many(self, address: str) -> bool:
        """Whether this address has to wait."""
        since = self._clock() - _MINUTE
        recent = [when for when in self._wrong.get(address, ()) if when > since]
        if recent:
            self._wrong[address] = recent
        else:
            self._wrong.pop(address, None)
        return len(recent) >= TRIES

    def wrong(self, address: str) -> None:
        """A wrong token came from there."""
        if len(self._wrong) >= MOST:
            self._wrong.clear()
        self._wrong.setdefault(address, []).append(self._clock())


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()
