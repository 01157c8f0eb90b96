"""A guideline with its rules shuffled: combinations that no author wrote, for testing engines."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from msgspec.structs import replace

from myorx.guideline.models import (
    Advice,
    Argument,
    Candidate,
    Decision,
    Drug,
    Guideline,
    Part,
    Yield,
)
from myorx.guideline.texts import Condition, Text
from myorx.guideline.walk import walk
from myorx.language.syntax import And, BooleanLiteral, Expression, Not, Or

T = TypeVar("T")

_KINDS = ("for", "against", "exclude", "caution")
_SEVERITIES = ("critical", "warning", "info", None)


def altered(guideline: Guideline, seed: int) -> Guideline:
    """``guideline`` with random arguments, hazards, parts, reserves, topics and yields, made of the
    conditions it has."""
    return _Alterer(guideline, Random(seed)).run()  # noqa: S311 - guidelines for tests


class _Alterer:
    def __init__(self, guideline: Guideline, random: Random) -> None:
        self._guideline = guideline
        self._random = random
        self._conditions = [
            found.value.expression
            for found in walk(guideline)
            if isinstance(found.value, Condition)
        ]
        self._verbs = [verb.zh for verb in guideline.manifest.verbs]

    def run(self) -> Guideline:
        guideline = self._guideline
        drugs = {id_: self._drug(drug) for id_, drug in guideline.drugs.items()}
        decisions = {id_: self._decision(each) for id_, each in guideline.decisions.items()}
        advice = {id_: self._advice(each) for id_, each in guideline.advice.items()}
        return replace(guideline, drugs=drugs, decisions=decisions, advice=advice)

    def _drug(self, drug: Drug) -> Drug:
        topics = [topic.id for topic in self._guideline.manifest.topics]
        return replace(
            drug,
            hazards=self._arguments(3),
            not_covered=tuple(self._some(topics, 2)),
            classes=tuple(self._some(sorted(self._guideline.classes), 2)),
        )

    def _decision(self, decision: Decision) -> Decision:
        others = [each for each in self._guideline.decisions if each != decision.id]
        random = self._random
        yields = tuple(
            Yield(other, Text("留", "kept"), (), random.choice((None, self._condition())))
            for other in self._some(others, 2)
        )
        return replace(
            decision,
            applies=self._condition(),
            candidates=tuple(map(self._candidate, decision.candidates)),
            yield_to=yields,
            outside_scope=random.random() < 0.5,
        )

    def _candidate(self, candidate: Candidate) -> Candidate:
        requires = self._condition() if self._random.random() < 0.3 else None
        return replace(
            candidate, arguments=self._arguments(3), parts=self._parts(), requires=requires
        )

    def _advice(self, advice: Advice) -> Advice:
        return replace(
            advice,
            when=self._condition(),
            arguments=self._arguments(2),
            parts=self._parts(),
            outside_scope=self._random.random() < 0.5,
        )

    def _parts(self) -> tuple[Part, ...]:
        drugs = [Part(drug=drug) for drug in sorted(self._guideline.drugs)]
        classes = [Part(drug_class=each) for each in sorted(self._guideline.classes)]
        return tuple(self._some(drugs + classes * 3, 2))

    def _arguments(self, most: int) -> tuple[Argument, ...]:
        return tuple(
            Argument(
                kind=self._random.choice(_KINDS),
                when=self._condition(),
                strength=self._random.choice([None, *self._verbs]),
                severity=self._random.choice(_SEVERITIES),
            )
            for _ in range(self._random.randrange(most + 1))
        )

    def _condition(self) -> Condition:
        return Condition("", self._expression())

    def _expression(self) -> Expression:
        random = self._random
        one, other = random.choice(self._conditions), random.choice(self._conditions)
        return random.choice(
            (one, one, Not(one), Or((one, other)), And((one, other)), BooleanLiteral(True))
        )

    def _some(self, items: Sequence[T], most: int) -> list[T]:
        return self._random.sample(items, min(len(items), self._random.randrange(most + 1)))
