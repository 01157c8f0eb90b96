"""A definition that asks for several things at once, as a list to tick off.

Which definitions: those that several answers of a decision that applies here rest on, and that are
made of at least three things. Nothing here knows which these are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from myorx.facts import Patient
from myorx.guideline.models import Definition, Guideline
from myorx.guideline.texts import Basis, Text
from myorx.language.syntax import And, Expression, Name, Or
from myorx.language.walk import names
from myorx.plan.assemble import planner
from myorx.plan.model import FactUsed, Plan, Truth
from myorx.plan.situation import Situation
from myorx.plan.truth import truth
from myorx.plan.wording import Wording

_FEWEST = 3
"""So many things make a list."""
_ANSWERS = 3
"""So many candidates of a decision rest on what is shown."""


class Item(NamedTuple):
    """One thing that is asked for."""

    says: Text
    value: Truth
    tests: tuple[FactUsed, ...]
    """The facts it rests on, as they stand."""
    needs: tuple[str, ...]
    """The facts to ask for, where it is unknown."""
    cites: tuple[str, ...]
    basis: Basis | None


class Criteria(NamedTuple):
    """A definition: met if all of ``items`` are, or any of ``instead``."""

    id: str
    names: Text
    value: Truth
    items: tuple[Item, ...]
    instead: tuple[Item, ...]
    cites: tuple[str, ...]
    decision: str

    def number(self, value: Truth) -> int:
        """How many items stand so."""
        return sum(item.value == value for item in self.items)


def criteria(guideline: Guideline, patient: Patient, plan: Plan) -> tuple[Criteria, ...]:
    """The lists of one plan, in the order of its decisions; each once."""
    situation = planner(guideline).situation(patient)
    maker = _Maker(guideline, situation, {fact.id: fact for fact in plan.receipt.facts})
    found: dict[str, Criteria] = {}
    for decision in plan.decisions:
        if decision.status == "live":
            for definition in _asked(guideline, decision.id):
                made = maker.make(definition, decision.id)
                if made is not None:
                    found.setdefault(definition.id, made)
    return tuple(found.values())


def _asked(guideline: Guideline, decision: str) -> Iterator[Definition]:
    """The definitions that the arguments for several candidates name."""
    mentioned: dict[str, set[str]] = {}
    for candidate in guideline.decisions[decision].candidates:
        for argument in candidate.arguments:
            if argument.kind == "for":
                for name in names(argument.when.expression):
                    mentioned.setdefault(name, set()).add(candidate.id)
    for name, candidates in mentioned.items():
        definition = guideline.definitions.get(name)
        if definition is not None and len(candidates) >= _ANSWERS:
            yield definition


class _Maker:
    def __init__(
        self, guideline: Guideline, situation: Situation, used: dict[str, FactUsed]
    ) -> None:
        self._guideline = guideline
        self._situation = situation
        self._used = used

    @property
    def _wording(self) -> Wording:
        return self._situation.wording

    def make(self, definition: Definition, decision: str) -> Criteria | None:
        """The list of a definition; None where it is not made of enough things."""
        tree = definition.expression.expression
        ways = tree.operands if isinstance(tree, Or) else (tree,)
        wholes = [way for way in ways if isinstance(way, And) and len(way.operands) >= _FEWEST]
        if len(wholes) != 1:
            return None
        return Criteria(
            id=definition.id,
            names=definition.label,
            value=self._truth(tree),
            items=tuple(self._item(each) for each in wholes[0].operands),
            instead=tuple(self._item(way) for way in ways if way is not wholes[0]),
            cites=definition.cites,
            decision=decision,
        )

    def _truth(self, expression: Expression) -> Truth:
        value = self._situation.trace(expression).value
        return truth(value if isinstance(value, bool) else None)

    def _item(self, expression: Expression) -> Item:
        words = self._wording.words(expression)
        name = expression.name if isinstance(expression, Name) else None
        definition = self._guideline.definitions.get(name or "")
        open_ = () if definition is None else self._situation.needs(definition.expression)
        return Item(
            says=words.says if name is None else self._wording.name(name),
            value=self._truth(expression),
            tests=tuple(self._used[fact] for fact in words.facts if fact in self._used),
            needs=open_,
            cites=definition.cites if definition is not None else (),
            basis=definition.basis if definition is not None else None,
        )
