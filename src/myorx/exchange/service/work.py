"""Where the work is done: small requests at once, large ones in a thread, so that others go on."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from myorx.exchange.service.settings import ON_THE_SPOT, Limits

T = TypeVar("T")


class Workshop:
    """Runs what answers a request."""

    def __init__(self, limits: Limits) -> None:
        self._threads = limits.threads

    @cached_property
    def _limiter(self) -> CapacityLimiter:
        # Made at the first use: it belongs to the loop that is running then.
        return CapacityLimiter(self._threads)

    async def run(self, work: Callable[[], T], *, large: bool) -> T:
        """The result of ``work``; what is ``large`` is left behind once the time limit is over."""
        if not large:
            return work()
        return await to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._limiter)


def is_large(body: bytes) -> bool:
    """Whether a body of FHIR takes longer than others should have to wait."""
    return len(body) > ON_THE_SPOT
