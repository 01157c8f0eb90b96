"""The solver: whether a patient exists, and who. Z3 in one process, one limit for each question."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal as OneOf
from typing import NamedTuple, TypeAlias

import z3

from myorx.language.smt.bits import Bit, lifted

Answer: TypeAlias = OneOf["nobody", "somebody", "undecided"]


class Found(NamedTuple):
    """Whether some patient fits, and a model of one who does."""

    answer: Answer
    model: z3.ModelRef | None = None


class Solver:
    """Questions about the patients for whom some axioms hold.

    Each question gets a solver of its own: simplifying everything together first is many times
    faster than going on from what the questions before have left behind.
    """

    def __init__(self, axioms: Iterable[Bit], seconds: float) -> None:
        self._axioms = [lifted(axiom) for axiom in axioms if axiom is not True]
        self._milliseconds = int(seconds * 1000)

    def somebody(self, wanted: Bit, prefer: Iterable[Bit] = (), also: Iterable[Bit] = ()) -> Found:
        """A patient for whom ``wanted`` and ``also`` hold; and ``prefer``, if there is one."""
        if wanted is False:
            return Found("nobody")
        solver = z3.Solver()
        solver.set("timeout", self._milliseconds)
        solver.add(*self._axioms, lifted(wanted), *map(lifted, also))
        answer = solver.check()
        if answer != z3.sat:
            return Found("nobody" if answer == z3.unsat else "undecided")
        model = solver.model()
        solver.add(*map(lifted, prefer))
        return Found("somebody", solver.model() if solver.check() == z3.sat else model)
