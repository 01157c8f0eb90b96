"""Every instrument by name, described and run in one way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Final, NamedTuple

from myorx.instruments.catalogue import Page, page
from myorx.instruments.describe import About, Input, Words
from myorx.instruments.inputs import Given, read_inputs
from myorx.instruments.result import Computed, Result, finished


class Instrument(NamedTuple):
    """One instrument: what it takes, what it gives, and how to run it."""

    page: Page
    compute: Callable[[About, Given], Computed]

    @property
    def about(self) -> About:
        """Everything there is to know of it before it is run."""
        return self.page.about

    @property
    def id(self) -> str:
        """Its id."""
        return self.about.id

    @property
    def names(self) -> Words:
        """Its names."""
        return self.about.names

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What it takes."""
        return self.about.inputs

    def run(self, inputs: Mapping[str, object]) -> Result:
        """The result for ``inputs`` (id -> value; left out, None or ``unknown``: unknown).

        Raises InputError with every fault of what was given.
        """
        return finished(self.page, self.compute(self.about, read_inputs(self.about, inputs)))


_MODULES: Final[Mapping[str, str]] = {
    "total_improvement": "total_improvement",
    "imacs_improvement": "imacs_improvement",
    "muscle_strength": "muscle_strength",
    "muscle_grade": "muscle_grade",
    "classification": "classification",
    "body_surface": "body_surface_page",
    "steroid_equivalent": "steroid_page",
}
"""Id -> the module that has its ``compute``; loaded when it is asked for."""


class _Registry(Mapping[str, Instrument]):
    def __init__(self) -> None:
        self._loaded: dict[str, Instrument] = {}

    def __getitem__(self, id_: str) -> Instrument:
        found = self._loaded.get(id_)
        if found is None:
            module = import_module(f"myorx.instruments.{_MODULES[id_]}")
            found = self._loaded[id_] = Instrument(page(id_), module.compute)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


INSTRUMENTS: Final[Mapping[str, Instrument]] = _Registry()
"""Every instrument by id, in the order of a list for people."""
