"""Random cases made of parts that were read before: many more of them in the same time.

Reading what somebody typed costs as much as judging it. A pool reads, for every fact, a few hundred
of the random values that ``random_cases`` writes, and so with histories and orders; a case is then
put together from what was read. Its parts are drawn as ``random_case`` draws them.

Same guideline, same seed: same cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random
from typing import Any, NamedTuple

from myorx.facts.case import Case, Given
from myorx.facts.read import read_written
from myorx.guideline.models import Guideline
from tests.random_cases import AS_OF, random_case

_SHARES = (0.1, 0.3, 0.6, 0.85, 0.97)


class _Part(NamedTuple):
    """The therapies and orders of one case, as written and as read."""

    written: Mapping[str, Any]
    read: Case


class CasePool:
    """Parts of ``size`` random cases of one guideline."""

    def __init__(
        self, guideline: Guideline, *, seed: int, size: int = 300, as_of: date = AS_OF
    ) -> None:
        self._as_of = as_of
        random = Random(seed)  # noqa: S311 - cases for tests
        self._values: dict[str, list[tuple[Any, Given]]] = {}
        self._histories: list[_Part] = []
        self._orders: list[_Part] = []
        for _ in range(size):
            written = random_case(guideline, random, as_of=as_of)
            read = read_written(written, guideline, as_of=as_of).case
            for name, given in read.facts.items():
                self._values.setdefault(name, []).append((written[name], given))
            self._histories.append(_Part(written, read))
            self._orders.append(_Part(written, read))

    def case(self, random: Random) -> tuple[Mapping[str, Any], Case]:
        """One case: as it would have been written, and as it reads."""
        share = random.choice(_SHARES)
        written: dict[str, Any] = {}
        facts: dict[str, Given] = {}
        for name, values in self._values.items():
            if random.random() < share:
                written[name], facts[name] = random.choice(values)
        history, orders = random.choice(self._histories), random.choice(self._orders)
        for name in ("therapies", "therapies_complete"):
            if name in history.written:
                written[name] = history.written[name]
        if "orders" in orders.written:
            written["orders"] = orders.written["orders"]
        return written, Case(
            self._as_of,
            facts,
            history.read.therapies,
            history.read.therapies_complete,
            orders.read.orders,
        )
