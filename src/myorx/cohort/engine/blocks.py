"""Which unknown fact blocks whom: what keeps a candidate blocked, a decision or an advice open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal as OneOf
from typing import NamedTuple, TypeAlias

from myorx.cohort.engine.open_facts import OpenFacts
from myorx.cohort.engine.statuses import Planes
from myorx.language.columns import Builder, PlaneId
from myorx.plan.formulas import (
    AdviceStanding,
    CandidateStanding,
    DecisionStanding,
    Formula,
    PartStanding,
    Standing,
    Weighed,
    expressions,
)

Kind: TypeAlias = OneOf["decision", "candidate", "advice"]


class Block(NamedTuple):
    """That one unknown fact leaves something open; ``plane``: for which patients."""

    kind: Kind
    subject: str
    """The decision, ``decision/candidate``, or the advice."""
    fact: str
    plane: PlaneId


def blocks(
    standing: Standing, builder: Builder, planes: Planes, open_facts: OpenFacts
) -> tuple[Block, ...]:
    """Every fact that can keep a candidate blocked, or a decision or an advice open."""
    return tuple(_Blocks(builder, planes, open_facts).all(standing))


class _Blocks:
    def __init__(self, builder: Builder, planes: Planes, open_facts: OpenFacts) -> None:
        self._graph = builder.graph
        self._planes = planes
        self._open = open_facts

    def all(self, standing: Standing) -> Iterator[Block]:
        for decision in standing.decisions.values():
            yield from self._decision(decision)
            for candidate in decision.candidates.values():
                yield from self._candidate(decision, candidate, standing)
        for advice in standing.advice.values():
            yield from self._advice(advice)

    def _decision(self, decision: DecisionStanding) -> Iterator[Block]:
        """An open decision waits for what its ``applies`` needs."""
        open_ = decision.status["open"]
        yield from self._made("decision", decision.id, open_, [decision.applies.true])

    def _candidate(
        self, decision: DecisionStanding, candidate: CandidateStanding, standing: Standing
    ) -> Iterator[Block]:
        """A blocked candidate waits for its own exclusions and for those of its blocked parts."""
        subject = f"{decision.id}/{candidate.id}"
        blocked = self._planes.of(candidate.status["blocked"])
        found: dict[str, list[PlaneId]] = {}
        self._exclusions(candidate.arguments, found, self._graph.everywhere)
        for part in candidate.parts:
            self._part(part, standing, found, self._graph.everywhere)
        for fact, planes in found.items():
            plane = self._graph.all_of((blocked, self._graph.any_of(planes)))
            yield Block("candidate", subject, fact, plane)

    def _part(
        self,
        part: PartStanding,
        standing: Standing,
        found: dict[str, list[PlaneId]],
        where: PlaneId,
    ) -> None:
        where = self._graph.all_of((where, self._planes.of(part.safety["blocked"])))
        for member in part.members:
            self._part(member, standing, found, where)
        if not part.is_class:
            self._exclusions(standing.drugs[part.id].hazards, found, where)

    def _exclusions(
        self, arguments: Iterable[Weighed], found: dict[str, list[PlaneId]], where: PlaneId
    ) -> None:
        for each in arguments:
            if each.argument.kind == "exclude":
                for fact, plane in self._open.of(each.argument.when.expression).items():
                    found.setdefault(fact, []).append(self._graph.all_of((where, plane)))

    def _advice(self, advice: AdviceStanding) -> Iterator[Block]:
        """An advice that may apply waits for its condition, and for what might speak against it."""
        truths = (advice.applies, advice.exclude, advice.against, advice.uncovered)
        formulas = [truth.true for truth in truths]
        yield from self._made("advice", advice.id, advice.status["may_apply"], formulas)

    def _made(
        self, kind: Kind, subject: str, where: Formula, formulas: Iterable[Formula]
    ) -> Iterator[Block]:
        found: dict[str, list[PlaneId]] = {}
        for expression in expressions(formulas):
            for fact, plane in self._open.of(expression).items():
                found.setdefault(fact, []).append(plane)
        here = self._planes.of(where)
        for fact, planes in found.items():
            yield Block(kind, subject, fact, self._graph.all_of((here, self._graph.any_of(planes))))
