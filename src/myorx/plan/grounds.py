"""What a judgement rests on, and what was judged on the same grounds before.

How a candidate stands depends on nothing but how its conditions stand, and how a condition stands
on nothing but how the names in it stand. Many patients have that in common, so it is worked out
once for all of them. What is remembered tells nobody apart: which conditions hold, and what is to
be asked for the others; no number and no date, save the size that a dose was worked out for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import msgspec

from myorx.guideline.hazards import drugs_of, members
from myorx.guideline.models import (
    Advice,
    Argument,
    Candidate,
    Definition,
    Drug,
    Guideline,
    Note,
    Part,
)
from myorx.guideline.texts import Condition
from myorx.language.syntax import Expression
from myorx.language.walk import names
from myorx.plan.model import Reason, Step
from myorx.plan.truth import Kleene

Key: TypeAlias = tuple[object, ...]
Thing: TypeAlias = Candidate | Advice | Drug | Part | Definition

_FINITE = frozenset({"boolean", "code"})
_MOST = 256
"""So much is remembered of one thing; past it the memory of that thing starts afresh."""


class Met(msgspec.Struct, eq=False):
    """How a condition stands; patients for whom it stands alike share one."""

    holds: Kleene
    needs: tuple[str, ...]
    """The facts to ask for while it is unknown."""
    step: Step | None = None
    """The evaluation in words, once asked for; only of a finite clause."""
    reasons: dict[int, Reason] = {}
    """The arguments that stand on it, by identity, without their traces."""
    traced: dict[int, Reason] = {}
    """The same with their traces; only of a finite clause."""


class Clause(msgspec.Struct, eq=False):
    """A condition of the guideline; those that say the same are one clause."""

    expression: Expression
    names: tuple[str, ...]
    """The facts and definitions it mentions itself."""
    finite: bool
    """None of these is a number or a date: the clause can be met in only so many ways."""
    met: dict[Key, Met] = {}
    """By how its names stand; where it is not finite by how it stands itself."""

    def remember(self, key: Key, met: Met) -> Met:
        """The same, kept under its key."""
        make_room(self.met)
        self.met[key] = met
        return met


class Ground(msgspec.Struct, eq=False):
    """What one thing rests on, and what was judged of it."""

    clauses: tuple[Clause, ...]
    shared: bool
    """No trace that is shown with it holds a number or a date."""
    sized: bool
    """It may come with doses."""
    judged: dict[Key, Any] = {}
    """By how the clauses stand, and what else the judgement depends on."""


class Grounds:
    """The grounds of everything in one guideline, each worked out when first asked for."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self.members = members(guideline)
        self._topics = {topic.id: topic.when for topic in guideline.manifest.topics}
        self._clauses: dict[int, tuple[Expression, Clause]] = {}
        self._alike: dict[Expression, Clause] = {}
        self._things: dict[int, tuple[Thing, Ground]] = {}
        self._parts: dict[Part, Ground] = {}

    def clause(self, condition: Condition) -> Clause:
        """The clause that says what a condition of the guideline says."""
        expression = condition.expression
        found = self._clauses.get(id(expression))
        if found is None:
            clause = self._alike.get(expression)
            if clause is None:
                clause = self._alike[expression] = self._clause(expression)
            # Kept with its clause, so that its id stays taken.
            found = self._clauses[id(expression)] = expression, clause
        return found[1]

    def part(self, part: Part) -> Ground:
        """The ground of a part; equal parts share one."""
        found = self._parts.get(part)
        if found is None:
            found = self._parts[part] = self._ground((), (part,), ())
        return found

    def candidate(self, candidate: Candidate) -> Ground:
        """The ground of a candidate within its decision."""
        return self._of(candidate) or self._keep(
            candidate,
            self._ground(
                [*_when(candidate.arguments), *_present(candidate.requires)],
                candidate.parts,
                candidate.notes,
            ),
        )

    def advice(self, advice: Advice) -> Ground:
        """The ground of an advice."""
        return self._of(advice) or self._keep(
            advice,
            self._ground([advice.when, *_when(advice.arguments)], advice.parts, advice.notes),
        )

    def drug(self, drug: Drug) -> Ground:
        """The ground of the verdict on a drug."""
        return self._of(drug) or self._keep(
            drug, self._ground(_when(drug.hazards), (Part(drug=drug.id),), drug.notes)
        )

    def definition(self, definition: Definition) -> Ground:
        """The ground of a finding."""
        return self._of(definition) or self._keep(
            definition, self._ground([definition.expression], (), ())
        )

    def _of(self, thing: Thing) -> Ground | None:
        found = self._things.get(id(thing))
        return None if found is None else found[1]

    def _keep(self, thing: Thing, ground: Ground) -> Ground:
        self._things[id(thing)] = thing, ground
        return ground

    # -- what things rest on -------------------------------------------------------------------

    def _clause(self, expression: Expression) -> Clause:
        facts, definitions = self.guideline.facts, self.guideline.definitions
        settings = {setting.id for setting in self.guideline.manifest.settings}
        named = tuple([name for name in names(expression) if name not in settings])
        finite = all(
            name in definitions or (name in facts and facts[name].type in _FINITE) for name in named
        )
        return Clause(expression, named, finite)

    def _ground(
        self, shown: Iterable[Condition], parts: Iterable[Part], notes: Iterable[Note]
    ) -> Ground:
        """``shown``: the conditions whose traces are shown."""
        told = [self.clause(condition) for condition in shown]
        found = dict.fromkeys(told)
        for part in parts:
            for drug in drugs_of(part, self.guideline, self.members):
                found.update(dict.fromkeys(map(self.clause, self._of_drug(drug))))
        for note in notes:
            found.update(dict.fromkeys(map(self.clause, _present(note.when))))
        sized = any(part.regimens for part in parts)
        return Ground(tuple(found), all(clause.finite for clause in told), sized)

    def _of_drug(self, drug: Drug) -> list[Condition]:
        topics = [self._topics[topic] for topic in drug.not_covered if topic in self._topics]
        return [*_when(drug.hazards), *topics]


def _when(arguments: Iterable[Argument]) -> list[Condition]:
    return [argument.when for argument in arguments]


def _present(condition: Condition | None) -> list[Condition]:
    return [] if condition is None else [condition]


def make_room(memory: dict[Key, Any]) -> None:
    """Empty a memory that is full."""
    if len(memory) >= _MOST:
        memory.clear()
