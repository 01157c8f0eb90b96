"""Whether a small fault in a guideline is one at all: that it is the same rule, for every patient.

A condition is the same where no patient tells the two apart: inferences, plausible ranges and
contradictions hold of every patient, and a rule inside a decision is only looked at where the
decision applies or may. A fact is the same where no patient has another value of any fact, and no
case is accepted by one guideline and refused by the other.
"""

from __future__ import annotations

from typing import NamedTuple

from myorx.guideline.models import Decision, Guideline
from myorx.language.smt import Loose, Lowered, encloses
from myorx.language.smt.bits import Bit, conj, disj, neg
from myorx.plan.formulas import Refuted
from myorx.plan.mutation.mutants import Change, Mutant
from myorx.proof.solve import Solver
from myorx.proof.world import World

_READ = ("fact", "contradiction")
"""Kinds of objects by whose conditions a case is read."""


class _Base(NamedTuple):
    world: World
    calendar: Loose


class Sameness:
    """Seeks patients who tell a guideline from its mutants. ``seconds``: for each question."""

    def __init__(self, guideline: Guideline, seconds: float = 20.0) -> None:
        self._guideline = guideline
        self._seconds = seconds
        self._base: _Base | None = None

    def why(self, mutant: Mutant) -> str | None:
        """Why the mutant is the same guideline: ``order`` or ``solver``; None: not shown."""
        owner = mutant.owner.value
        if isinstance(owner, Decision) and mutant.path[:1] == ("prefer",):
            return "order" if _as_in_the_file(owner) else None
        if mutant.fault == "scope":
            return self._shown(self._never_outside(owner))
        if mutant.owner.kind in _READ and mutant.path:
            return self._shown(self._read_otherwise(mutant))
        if mutant.change is None or not _is_condition(mutant):
            return None
        return self._shown(self._told_apart(mutant, mutant.change))

    def _shown(self, wanted: Bit) -> str | None:
        world, calendar = self._one()
        axioms = (*world.axioms, *calendar.axioms())
        found = Solver(axioms, self._seconds).somebody(wanted)
        return "solver" if found.answer == "nobody" else None

    def _one(self) -> _Base:
        if self._base is None:
            calendar = Loose()
            self._base = _Base(World(self._guideline, loose=calendar), calendar)
        return self._base

    # -- who would tell ----------------------------------------------------------------------------

    def _told_apart(self, mutant: Mutant, change: Change) -> Bit:
        world = self._one().world
        before = world.lowering.truth(change.before)
        after = world.lowering.truth(change.after)
        differs = neg(_alike(before, after))
        owner = mutant.owner.value
        if isinstance(owner, Decision) and mutant.path != ("applies",):
            return conj(differs, neg(world.holds(Refuted(owner.applies.expression))))
        return differs

    def _never_outside(self, owner: object) -> Bit:
        """Whoever is known to be outside the scope is none whom the rule concerns."""
        world = self._one().world
        condition = owner.applies if isinstance(owner, Decision) else getattr(owner, "when", None)
        outside = world.holds(Refuted(self._guideline.manifest.scope.when.expression))
        if condition is None:
            return outside
        return conj(outside, neg(world.holds(Refuted(condition.expression))))

    def _read_otherwise(self, mutant: Mutant) -> Bit:
        """A case that is accepted by one alone, or of which some fact becomes something else."""
        world, calendar = self._one()
        other = World(mutant.make(), loose=calendar)
        refused = neg(conj(*other.axioms))
        # The other way round the axioms of this world do not hold, so that is asked by itself.
        if self._accepted_by_the_other_alone(world, other, calendar):
            return True
        facts = disj(*(neg(_alike(world.facts[id_], other.facts[id_])) for id_ in world.facts))
        return disj(refused, facts)

    def _accepted_by_the_other_alone(self, world: World, other: World, calendar: Loose) -> bool:
        axioms = (*other.axioms, *calendar.axioms())
        found = Solver(axioms, self._seconds).somebody(neg(conj(*world.axioms)))
        return found.answer != "nobody"


def _alike(one: Lowered, other: Lowered) -> Bit:
    return conj(encloses(one, other), encloses(other, one))


def _is_condition(mutant: Mutant) -> bool:
    """Whether the place of the fault holds a condition, not an amount or a day."""
    if mutant.owner.kind == "definition":
        return True
    last = mutant.path[-1] if mutant.path else ""
    return last in ("when", "applies", "requires", "possible")


def _as_in_the_file(decision: Decision) -> bool:
    """Whether every preference puts first what stands first anyway: with it, without it, or with
    any other condition, the order is the same."""
    place = {candidate.id: index for index, candidate in enumerate(decision.candidates)}
    return all(place[one.choose] < place[over] for one in decision.prefer for over in one.over)
