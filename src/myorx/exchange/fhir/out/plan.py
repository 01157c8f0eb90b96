"""A plan as FHIR R4: a CarePlan; for each decision a RequestGroup and a GuidanceResponse.

Only what the plan recommends or gives as an option becomes a request that could be carried out.
What is blocked, excluded or undetermined stands in words, with what is missing; a drug that is
contraindicated is written as not to be given.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from myorx.exchange.codes import FACTS, Codes
from myorx.exchange.fhir.out.activities import product
from myorx.exchange.fhir.out.frame import Frame, Resource, both, cited, narrative, uuid
from myorx.exchange.words import note
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text
from myorx.plan.model import AdviceResult, CandidateResult, DecisionResult, Need, PartResult, Plan

_OFFERED: Final = ("recommended", "option")


def plan_bundle(plan: Plan, guideline: Guideline, codes: Codes) -> Resource:
    """The plan as a Bundle. Same plan, same bytes."""
    return _Writer(plan, Frame(guideline, codes)).bundle()


class _Writer:
    def __init__(self, plan: Plan, frame: Frame) -> None:
        self._plan = plan
        self._frame = frame
        self._requests: dict[str, Resource] = {}
        receipt = plan.receipt
        self._seed = f"{receipt.case_hash} {receipt.guideline_hash} {plan.as_of}"

    def bundle(self) -> Resource:
        """All resources, the CarePlan first."""
        decisions = [each for each in self._plan.decisions if each.status in ("live", "open")]
        groups = {each.id: self._group(each) for each in decisions if _offered(each)}
        resources = [
            ("CarePlan", self._care_plan(groups)),
            *((f"RequestGroup {name}", group) for name, group in groups.items()),
            *(
                (f"GuidanceResponse {each.id}", self._guidance(each, each.id in groups))
                for each in decisions
            ),
            *self._requests.items(),
        ]
        return {
            "resourceType": "Bundle",
            "type": "collection",
            "timestamp": f"{self._plan.as_of}T00:00:00Z",
            "entry": [
                {"fullUrl": self._address(name), "resource": resource}
                for name, resource in resources
            ],
        }

    def _address(self, name: str) -> str:
        """An address of its own for each resource, the same for the same plan."""
        return uuid(f"{self._seed} {name}")

    # -- the whole ---------------------------------------------------------------------------------

    def _care_plan(self, groups: dict[str, Resource]) -> Resource:
        plan = self._plan
        manifest = self._frame.guideline.manifest
        lines = [line.says for line in plan.headline]
        notes = (manifest.notice, manifest.review.says, *lines)
        activities = [
            *({"reference": {"reference": self._address(f"RequestGroup {n}")}} for n in groups),
            *(self._advice(each) for each in plan.advice if each.status == "do"),
            *self._not_to_be_given(),
        ]
        care: Resource = {
            "resourceType": "CarePlan",
            "language": "en",
            "text": narrative([manifest.notice, *lines]),
            "instantiatesUri": [self._frame.codes.own(f"Guideline:{manifest.id}")],
            "status": "draft",
            "intent": "proposal",
            **both("title", plan.title),
            "subject": both("display", note("out_patient").says),
            "created": plan.as_of,
            "note": [{"text": f"{each.en}\n\n{each.zh}"} for each in notes],
        }
        return {**care, "activity": activities} if activities else care

    def _advice(self, advice: AdviceResult) -> Resource:
        return {
            "detail": {
                "status": "not-started",
                "doNotPerform": False,
                **both("description", advice.says),
            }
        }

    def _not_to_be_given(self) -> Iterator[Resource]:
        """Drugs that are known to be contraindicated and taken, ordered or offered."""
        for result in self._plan.drugs:
            if result.verdict != "contraindicated":
                continue
            drug = self._frame.guideline.drugs[result.id]
            why = result.says or note("out_contraindicated").says
            said = _pair(drug.names, why)
            yield {
                "detail": {
                    "kind": "ServiceRequest" if drug.kind != "drug" else "MedicationRequest",
                    "code": product(self._frame, drug),
                    "status": "not-started",
                    "doNotPerform": True,
                    **both("description", said),
                }
            }

    # -- one decision ------------------------------------------------------------------------------

    def _group(self, decision: DecisionResult) -> Resource:
        return {
            "resourceType": "RequestGroup",
            "language": "en",
            "text": narrative([decision.question]),
            "instantiatesCanonical": [self._frame.versioned("PlanDefinition", decision.id)],
            "status": "draft",
            "intent": "proposal",
            "subject": both("display", note("out_patient").says),
            "authoredOn": self._plan.as_of,
            "action": [
                {
                    **both("title", decision.question),
                    "groupingBehavior": "logical-group",
                    "selectionBehavior": "at-most-one",
                    "action": [self._candidate(decision.id, each) for each in _offered(decision)],
                }
            ],
        }

    def _candidate(self, decision: str, candidate: CandidateResult) -> Resource:
        because = candidate.because or candidate.verb or Text(candidate.status, candidate.status)
        action: Resource = {
            **both("title", candidate.names),
            **both("description", because),
        }
        documentation = cited(self._frame, candidate.cites)
        if documentation:
            action["documentation"] = documentation
        place = f"{decision}/{candidate.id}"
        parts = [
            self._part(f"{place}/{number}", each) for number, each in enumerate(candidate.parts)
        ]
        if parts:
            return {**action, "selectionBehavior": "all", "action": parts}
        return {**action, "resource": self._asked(place, candidate.names)}

    def _part(self, place: str, part: PartResult) -> Resource:
        """A part with its doses; of a class only the members that are safe."""
        title = both("title", part.names)
        safe = [each for each in part.members if each.safety == "clear"]
        if safe:
            members = [self._part(f"{place}/{each.id}", each) for each in safe]
            return {**title, "selectionBehavior": "exactly-one", "action": members}
        doses = [each.says for each in part.doses]
        drug = self._frame.guideline.drugs.get(part.id)
        if drug is None or drug.kind != "drug":
            return {**title, "resource": self._asked(place, part.names)}
        said = Text("；".join(each.zh for each in doses), "; ".join(each.en for each in doses))
        request: Resource = {
            "resourceType": "MedicationRequest",
            "language": "en",
            "text": narrative([part.names, *doses]),
            "status": "draft",
            "intent": "proposal",
            "medicationCodeableConcept": product(self._frame, drug),
            "subject": both("display", note("out_patient").says),
            "authoredOn": self._plan.as_of,
        }
        if doses:
            request["dosageInstruction"] = [both("text", said)]
        return {**title, "resource": self._kept(place, request)}

    def _asked(self, place: str, names: Text) -> Resource:
        """Something to do that is no drug, as a request."""
        drug = self._frame.guideline.drugs.get(place.rpartition("/")[2])
        code = both("text", names) if drug is None else product(self._frame, drug)
        request: Resource = {
            "resourceType": "ServiceRequest",
            "language": "en",
            "text": narrative([names]),
            "status": "draft",
            "intent": "proposal",
            "code": code,
            "subject": both("display", note("out_patient").says),
            "authoredOn": self._plan.as_of,
        }
        return self._kept(place, request)

    def _kept(self, place: str, request: Resource) -> Resource:
        """The reference to a request, which goes into the Bundle."""
        self._requests[place] = request
        return {"reference": self._address(place)}

    def _guidance(self, decision: DecisionResult, offers: bool) -> Resource:
        """What was decided of one question, and what is missing to decide more."""
        needs = [each for each in self._plan.needs if _of(each, decision)]
        said = [_pair(each.names, Text(each.status, each.status)) for each in decision.candidates]
        guidance: Resource = {
            "resourceType": "GuidanceResponse",
            "language": "en",
            "text": narrative([decision.question, *said]),
            "moduleCanonical": self._frame.versioned("PlanDefinition", decision.id),
            "status": "data-required" if needs else "success",
            "subject": both("display", note("out_patient").says),
            "occurrenceDateTime": self._plan.as_of,
            "note": [{"text": f"{each.en}\n\n{each.zh}"} for each in said],
        }
        if needs:
            guidance["dataRequirement"] = [self._requirement(each) for each in needs]
        if offers:
            guidance["result"] = {"reference": self._address(f"RequestGroup {decision.id}")}
        return guidance

    def _requirement(self, need: Need) -> Resource:
        """An unknown fact as the data that would decide; therapies are medication statements."""
        if need.fact not in self._frame.guideline.facts:
            return {"type": "MedicationStatement"}
        coding = {
            "system": self._frame.codes.addresses[FACTS],
            "code": need.fact,
            "display": need.label.en,
        }
        return {"type": "Observation", "codeFilter": [{"path": "code", "code": [coding]}]}


def _offered(decision: DecisionResult) -> list[CandidateResult]:
    return [each for each in decision.candidates if each.status in _OFFERED]


def _of(need: Need, decision: DecisionResult) -> bool:
    return any(each.startswith(f"{decision.id}/") for each in need.decides)


def _pair(name: Text, why: Text) -> Text:
    return note("out_pair", name=name, why=why).says
