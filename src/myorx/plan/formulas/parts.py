"""Parts as formulas: hazards of drugs, classes as "any one member that serves", topics.

The same tables as ``plan.safety``, which stays the reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from myorx.guideline.hazards import members
from myorx.guideline.models import Argument, ArgumentKind, Drug, Guideline, Part
from myorx.plan.formulas import formula, truth
from myorx.plan.formulas.formula import Formula
from myorx.plan.formulas.model import Choice, PartStanding, Weighed
from myorx.plan.formulas.truth import Truth
from myorx.plan.model import Safety


class Parts:
    """Every part of one guideline, each made once."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline
        self._members = members(guideline)
        self.topics: Mapping[str, Truth] = {
            topic.id: truth.of(topic.when) for topic in guideline.manifest.topics
        }
        self._made: dict[tuple[str | None, str | None], PartStanding] = {}

    def all(self, parts: Iterable[Part]) -> tuple[PartStanding, ...]:
        """The parts of a candidate or an advice; route and regimen change no status."""
        return tuple(self._part(part.drug, part.drug_class) for part in parts)

    def uncovered(self, drug: Drug) -> Truth:
        """Whether a topic matters that the source does not cover for a drug."""
        return truth.any_of(self.topics[topic] for topic in drug.not_covered)

    def _part(self, drug: str | None, drug_class: str | None) -> PartStanding:
        key = (drug, drug_class)
        found = self._made.get(key)
        if found is None:
            if drug_class is not None:
                found = self._class(drug_class)
            else:
                found = self._drug(self._guideline.drugs[drug or ""])
            self._made[key] = found
        return found

    def _drug(self, drug: Drug) -> PartStanding:
        hazards = weighed(drug.hazards, drug.id)
        exclude, against = holding(hazards, "exclude"), holding(hazards, "against")
        return PartStanding(
            id=drug.id,
            exclude=exclude,
            against=against,
            uncovered=self.uncovered(drug),
            safety=safety(exclude),
            opposed=against.true,
            drugs=(drug.id,),
        )

    def _class(self, drug_class: str) -> PartStanding:
        """A class serves when one member does; an excluded member does not speak for the others."""
        inside = tuple(self._part(drug.id, None) for drug in self._members.get(drug_class, ()))
        exclude = truth.all_of(each.exclude for each in inside) if inside else truth.UNKNOWN
        open_class = exclude.false
        return PartStanding(
            id=drug_class,
            exclude=exclude,
            against=_every(open_class, ((each.exclude, each.against) for each in inside)),
            uncovered=_every(open_class, ((each.exclude, each.uncovered) for each in inside)),
            safety=safety(exclude),
            opposed=formula.all_of(each.opposed for each in inside) if inside else formula.NEVER,
            drugs=tuple(each.id for each in inside),
            is_class=True,
            members=inside,
        )


def _every(open_class: Formula, pairs: Iterable[tuple[Truth, Truth]]) -> Truth:
    """That every member has a value; in a class that serves, an excluded one counts as having."""
    found = tuple(pairs)
    return truth.when(
        open_class,
        truth.all_of(truth.any_of(pair) for pair in found),
        truth.all_of(value for _, value in found),
    )


def weighed(arguments: Iterable[Argument], drug: str | None = None) -> tuple[Weighed, ...]:
    """Arguments with when they hold."""
    return tuple(Weighed(argument, truth.of(argument.when), drug) for argument in arguments)


def holding(arguments: Iterable[Weighed], kind: ArgumentKind) -> Truth:
    """Whether any argument of one kind holds."""
    return truth.any_of(each.holds for each in arguments if each.argument.kind == kind)


def safety(exclude: Truth) -> Choice[Safety]:
    """The second axis."""
    return {"excluded": exclude.true, "blocked": exclude.unknown, "clear": exclude.false}
