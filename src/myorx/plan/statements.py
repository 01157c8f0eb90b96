"""What the plan rests on: every statement it cites, and the disputes of the source it meets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from myorx.guideline.models import Guideline
from myorx.plan.model import (
    AdviceResult,
    AlertResult,
    CandidateResult,
    DecisionResult,
    DisputeShown,
    DrugResult,
    Finding,
    PartResult,
    Reason,
    Remark,
    StatementShown,
)


class Sources:
    """All that plans of a guideline may cite, as it is shown; made once."""

    def __init__(self, guideline: Guideline) -> None:
        self.statements = {
            statement.id: StatementShown(
                id=statement.id,
                quote=statement.quote,
                says=statement.says,
                status=statement.status,
                refs=statement.refs,
                strength=statement.strength,
            )
            for statement in guideline.statements.values()
        }
        self.places = {id_: place for place, id_ in enumerate(self.statements)}
        self.disputes = {
            dispute.id: DisputeShown(
                id=dispute.id,
                weight=dispute.weight,
                problem=dispute.problem,
                taken=next(r.says for r in dispute.readings if r.id == dispute.taken),
                why=dispute.why,
            )
            for dispute in guideline.disputes.values()
        }
        self.disputed = {
            statement.id: statement.disputes
            for statement in guideline.statements.values()
            if statement.disputes
        }
        """The disputes at each statement that has some."""


class Citations:
    """Collects what a plan cites: statements of everything shown, disputes of what holds here."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._cited: set[str] = set()
        self._live: set[str] = set()
        self._met: set[str] = set()

    def add(self, cites: Iterable[str], disputes: Iterable[str] = (), *, live: bool = True) -> None:
        """The citations of one thing. ``live``: it holds here, so its disputes are met."""
        self._cited.update(cites)
        if live:
            self._live.update(cites)
            if disputes:
                self._met.update(disputes)

    def reasons(self, reasons: Iterable[Reason], *, live: bool = True) -> None:
        """Arguments and hazards; those that are not true meet no dispute."""
        for reason in reasons:
            self._cited.update(reason.cites)
            if live and reason.value == "true":
                self._live.update(reason.cites)
                if reason.disputes:
                    self._met.update(reason.disputes)

    def remarks(self, remarks: Iterable[Remark], *, live: bool = True) -> None:
        """Notes."""
        for remark in remarks:
            self.add(remark.cites, remark.disputes, live=live)

    def parts(self, parts: Iterable[PartResult], *, live: bool) -> None:
        """Parts with their hazards, doses and members."""
        for part in parts:
            self.reasons(part.hazards, live=live)
            self.reasons(part.cleared, live=live)
            for dose in part.doses:
                self.add(dose.cites, dose.disputes, live=live)
            self.parts(part.members, live=live)

    def statements(self) -> tuple[StatementShown, ...]:
        """The statements cited anywhere, in the order of the source."""
        shown, places = self._sources.statements, self._sources.places
        cited = sorted(self._cited & places.keys(), key=places.__getitem__)
        return tuple([shown[id_] for id_ in cited])

    def disputes(self) -> tuple[DisputeShown, ...]:
        """The disputes met: named by, or at a statement cited by, something that holds here."""
        shown, disputed = self._sources.disputes, self._sources.disputed
        met = self._met.union(*[disputed[cite] for cite in self._live & disputed.keys()])
        return tuple([shown[id_] for id_ in shown if id_ in met])


def cite_plan(
    guideline: Guideline,
    sources: Sources,
    decisions: tuple[DecisionResult, ...],
    drugs: Iterable[DrugResult],
    advice: tuple[AdviceResult, ...],
    alerts: Iterable[AlertResult],
    findings: Iterable[Finding],
) -> Citations:
    """The citations of everything that a plan shows."""
    cited = Citations(sources)
    cited.add(guideline.manifest.scope.cites, live=False)
    for decision in decisions:
        _decision(cited, decision)
    given = frozenset(_given(decisions, advice))
    for drug in drugs:
        known = guideline.drugs[drug.id]
        live = drug.taken or drug.ordered or drug.id in given
        cited.add(known.cites, known.disputes, live=live)
        cited.reasons(drug.hazards)
        cited.remarks(drug.notes, live=live)
    for item in advice:
        live = item.status == "do"
        cited.add(item.cites, item.disputes, live=live)
        cited.reasons(item.reasons)
        cited.remarks(item.notes, live=live)
        cited.parts(item.parts, live=live)
    for alert in alerts:
        cited.add(alert.cites, alert.disputes)
    for finding in findings:
        cited.add(finding.cites, finding.disputes, live=finding.value == "true")
    return cited


def _decision(cited: Citations, decision: DecisionResult) -> None:
    live = decision.status == "live"
    if decision.applies is not None:
        cited.add(decision.applies.cites, live=live)
    if decision.keeps is not None:
        cited.remarks((decision.keeps,))
    for gap in decision.gaps:
        cited.add(gap.cites, gap.disputes, live=gap.value == "true")
    cited.remarks(decision.notes, live=live)
    for candidate in decision.candidates:
        holds = _holds(decision, candidate)
        cited.add(candidate.cites, candidate.disputes, live=holds)
        cited.reasons(candidate.reasons, live=live)
        cited.remarks(candidate.notes, live=holds)
        cited.parts(candidate.parts, live=holds)


def _given(decisions: Iterable[DecisionResult], advice: Iterable[AdviceResult]) -> Iterator[str]:
    """The drugs of what holds here: candidates that are indicated, advice that applies."""
    for decision in decisions:
        for candidate in decision.candidates:
            if _holds(decision, candidate):
                yield from (drug for part in candidate.parts for drug in _drugs(part))
    for item in advice:
        if item.status == "do":
            yield from (drug for part in item.parts for drug in _drugs(part))


def _drugs(part: PartResult) -> tuple[str, ...]:
    return tuple(member.id for member in part.members) if part.is_class else (part.id,)


def _holds(decision: DecisionResult, candidate: CandidateResult) -> bool:
    return decision.status == "live" and candidate.indication in ("indicated", "contested")
