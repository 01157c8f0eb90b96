"""What can be explained: a candidate, a drug, an advice; each judged as in a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Literal as OneOf
from typing import NamedTuple, Protocol, TypeAlias

from myorx.guideline.models import Argument, Guideline, Part
from myorx.guideline.texts import Text
from myorx.language.syntax import Expression
from myorx.plan.advice import judge_advice
from myorx.plan.decisions import judge_decisions
from myorx.plan.drugs import judge_one, use_of
from myorx.plan.model import (
    AdviceResult,
    CandidateResult,
    DecisionResult,
    DrugResult,
    PartResult,
    Reason,
)
from myorx.plan.situation import Situation

NOT_LIVE = "not_live"

_SHOWN = 80
"""So many characters of what was typed are looked at, and repeated."""

Kind: TypeAlias = OneOf["candidate", "drug", "advice"]


class UnknownSubjectError(KeyError):
    """The guideline has no candidate, drug or advice of this id; the message lists near ones."""

    def __str__(self) -> str:
        return str(self.args[0])


class Judged(NamedTuple):
    """The subject as it stands for one patient."""

    status: str
    reasons: tuple[Reason, ...]
    needs: tuple[str, ...]
    decision: DecisionResult | None = None
    candidate: CandidateResult | None = None
    drug: DrugResult | None = None
    advice: AdviceResult | None = None

    @property
    def standing(self) -> str:
        """The status as it is told: being on hold differs with and without an indication."""
        if self.candidate is not None and self.candidate.indication == "possible":
            return f"{self.status}_possible" if self.status == "blocked" else self.status
        return self.status


class Subject(Protocol):
    """Something that can be explained."""

    @property
    def kind(self) -> Kind:
        """Candidate, drug or advice."""

    @property
    def id(self) -> str:
        """Its id in the guideline."""

    def names(self, guideline: Guideline) -> Text:
        """What it is called."""

    def judge(self, situation: Situation) -> Judged:
        """How it stands for one patient."""

    def conditions(self, guideline: Guideline) -> Iterator[Expression]:
        """Every condition that bears on it."""


class CandidateSubject(NamedTuple):
    """A candidate of a decision."""

    decision: str
    id: str
    kind: Kind = "candidate"

    def names(self, guideline: Guideline) -> Text:
        """What it is called."""
        return next(
            c.names for c in guideline.decisions[self.decision].candidates if c.id == self.id
        )

    def judge(self, situation: Situation) -> Judged:
        """How it stands; its decision may not apply, or may leave the answer to another."""
        decision = next(
            (d for d in judge_decisions(situation, whole=True) if d.id == self.decision), None
        )
        if decision is None:
            return Judged(NOT_LIVE, (), ())
        candidate = next((c for c in decision.candidates if c.id == self.id), None)
        if candidate is None or decision.status != "live":
            applies = decision.applies.needs if decision.applies is not None else ()
            return Judged(decision.status, reasons_of(candidate), applies, decision, candidate)
        status = "reserved" if candidate.reserved else candidate.status
        return Judged(status, reasons_of(candidate), candidate.needs, decision, candidate)

    def conditions(self, guideline: Guideline) -> Iterator[Expression]:
        """Those of the decision, of the candidate and of its parts."""
        decision = guideline.decisions[self.decision]
        yield decision.applies.expression
        for candidate in decision.candidates:
            if candidate.id == self.id:
                yield from _conditions(guideline, candidate.arguments, candidate.parts)
                if candidate.requires is not None:
                    yield candidate.requires.expression


class DrugSubject(NamedTuple):
    """A drug, whether or not anything offers it."""

    id: str
    kind: Kind = "drug"

    def names(self, guideline: Guideline) -> Text:
        """What it is called."""
        return guideline.drugs[self.id].names

    def judge(self, situation: Situation) -> Judged:
        """The verdict on it."""
        drug = situation.guideline.drugs[self.id]
        decisions = judge_decisions(situation)
        use = use_of(situation, drug.id, decisions, judge_advice(situation))
        result = judge_one(situation, drug, use)
        hazards = tuple(situation.traced(argument, drug.id) for argument in drug.hazards)
        return Judged(result.verdict, hazards, result.needs, drug=result)

    def conditions(self, guideline: Guideline) -> Iterator[Expression]:
        """Those of its hazards and topics."""
        yield from _conditions(guideline, (), (Part(drug=self.id),))


class AdviceSubject(NamedTuple):
    """An advice."""

    id: str
    kind: Kind = "advice"

    def names(self, guideline: Guideline) -> Text:
        """What it is called."""
        return guideline.advice[self.id].label

    def judge(self, situation: Situation) -> Judged:
        """Whether it applies."""
        result = next((item for item in judge_advice(situation) if item.id == self.id), None)
        if result is None:
            return Judged(NOT_LIVE, (), ())
        own = (result.condition,) if result.condition is not None else ()
        reasons = (*own, *result.reasons, *_hazards(result.parts))
        return Judged(result.status, reasons, result.needs, advice=result)

    def conditions(self, guideline: Guideline) -> Iterator[Expression]:
        """Its own and those of its parts."""
        advice = guideline.advice[self.id]
        yield advice.when.expression
        yield from _conditions(guideline, advice.arguments, advice.parts)


def find(guideline: Guideline, subject: str, situation: Situation) -> Subject:
    """What a name means. Of several candidates of one id, the one whose decision is live."""
    kind, _, rest = subject.rpartition(":")
    if kind in ("", "candidate"):
        candidates = _candidates(guideline, rest)
        if candidates:
            live = {d.id for d in judge_decisions(situation) if d.status == "live"}
            return next((c for c in candidates if c.decision in live), candidates[0])
    if kind in ("", "drug") and rest in guideline.drugs:
        return DrugSubject(rest)
    if kind in ("", "advice") and rest in guideline.advice:
        return AdviceSubject(rest)
    near = _near(guideline, rest)
    hint = f"did you mean {', '.join(near)}?" if near else "every plan names them, with their ids"
    raise UnknownSubjectError(
        f"no candidate, drug or advice is called {subject[:_SHOWN]!r}; {hint}"
    )


def _near(guideline: Guideline, typed: str) -> list[str]:
    """Ids like ``typed``, or of what has a name like it in either language."""
    ids: dict[str, str] = {}
    called = [
        *((each.id, each.names) for d in guideline.decisions.values() for each in d.candidates),
        *((each.id, each.names) for each in guideline.drugs.values()),
        *((each.id, each.label) for each in guideline.advice.values()),
    ]
    for id_, names in called:
        for spelling in (id_, names.zh, names.en):
            ids.setdefault(spelling, id_)
    wanted = typed.rpartition("/")[2][:_SHOWN]
    found = get_close_matches(wanted, list(ids), n=8, cutoff=0.5)
    return list(dict.fromkeys(ids[spelling] for spelling in found))[:5]


def _candidates(guideline: Guideline, name: str) -> list[CandidateSubject]:
    where, _, candidate = name.rpartition("/")
    return [
        CandidateSubject(decision.id, option.id)
        for decision in guideline.decisions.values()
        for option in decision.candidates
        if option.id == candidate and where in ("", decision.id)
    ]


def _conditions(
    guideline: Guideline, arguments: Iterable[Argument], parts: Iterable[Part]
) -> Iterator[Expression]:
    yield from (argument.when.expression for argument in arguments)
    for part in parts:
        for drug in guideline.drugs.values():
            if drug.id == part.drug or part.drug_class in drug.classes:
                yield from (hazard.when.expression for hazard in drug.hazards)
                for topic in guideline.manifest.topics:
                    if topic.id in drug.not_covered:
                        yield topic.when.expression


def reasons_of(candidate: CandidateResult | None) -> tuple[Reason, ...]:
    """Everything that speaks for or against a candidate, its own and of its parts."""
    if candidate is None:
        return ()
    return (*candidate.reasons, *_hazards(candidate.parts))


def _hazards(parts: Iterable[PartResult]) -> Iterator[Reason]:
    for part in parts:
        yield from part.hazards
        yield from part.cleared
        yield from _hazards(part.members)
