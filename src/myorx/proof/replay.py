"""A model replayed through the planner: does the reference say the same of this patient?

What the solver left open is left out, what does not matter is dropped, and the therapy history is
written as therapies where some do: the smallest case that still shows it is what a person reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, TypeAlias

from myorx.facts import CaseError, Patient, assume, read_case
from myorx.facts.names import covers, index
from myorx.guideline.models import Derivation, Fact, Guideline
from myorx.language.syntax import Expression, Name
from myorx.language.values import Bounds, Days, Value
from myorx.plan import Plan, Planner
from myorx.plan.drugs import Use, judge_one
from myorx.plan.formulas import ORDERED, TAKEN
from myorx.plan.situation import Situation
from myorx.proof.claim import Example
from myorx.proof.patient import Drawn

Shows: TypeAlias = Callable[[Situation], bool]
"""Whether a patient shows what was looked for."""

_LONG = 400
"""Days before the case's date at which a therapy is said to have begun."""


class Replayer:
    """Replays the patients of one guideline."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline
        self._planner = Planner(guideline)

    def example(self, patient: Drawn, shows: Shows, subjects: tuple[str, ...]) -> Example:
        """The smallest case that shows it; else the whole one, not reproduced."""
        refused = self._refusal(patient)
        if refused or not self.shows(patient, shows):
            return Example(
                as_of=patient.as_of,
                case=patient.case,
                assumed=_printed(patient.derived),
                refused=refused,
            )
        patient = self._plain(self._smaller(patient, shows), shows)
        return Example(
            as_of=patient.as_of,
            case=patient.case,
            assumed=_printed(patient.derived),
            reproduced=True,
            plan=self.said(patient, subjects),
        )

    # -- running -------------------------------------------------------------------------------

    def patient(self, drawn: Drawn) -> Patient:
        """The patient as the planner sees it. Raises CaseError."""
        found = read_case(drawn.case, self._guideline, as_of=drawn.as_of)
        return assume(found, self._guideline, drawn.derived) if drawn.derived else found

    def situation(self, drawn: Drawn) -> Situation:
        """The patient before the guideline. Raises CaseError."""
        return self.before(self.patient(drawn))

    def before(self, patient: Patient) -> Situation:
        """A patient before the guideline."""
        return self._planner.situation(patient)

    def _refusal(self, drawn: Drawn) -> tuple[str, ...]:
        try:
            self.patient(drawn)
        except CaseError as error:
            return tuple(fault.code for fault in error.faults)
        return ()

    def shows(self, drawn: Drawn, shows: Shows) -> bool:
        """Whether the planner's own patient shows it; one whose case is refused shows nothing."""
        try:
            return shows(self.situation(drawn))
        except CaseError:
            return False

    def said(self, drawn: Drawn, subjects: tuple[str, ...]) -> Mapping[str, str]:
        """What the plan of a patient says of some subjects. Raises CaseError."""
        plan = self._planner.plan(self.patient(drawn))
        return {subject: said(plan, subject) for subject in subjects}

    def judged(self, drawn: Drawn, subjects: tuple[str, ...]) -> Mapping[str, str]:
        """The same; of a drug that nobody offers, the verdict there would be. Raises CaseError."""
        situation = self.situation(drawn)
        found = dict(self.said(drawn, subjects))
        for subject, word in found.items():
            kind, _, id_ = subject.partition(":")
            if kind == "drug" and word == "absent":
                drug = self._guideline.drugs[id_]
                found[subject] = judge_one(situation, drug, Use(False, False, ())).verdict
        return found

    # -- making it small -----------------------------------------------------------------------

    def _smaller(self, drawn: Drawn, shows: Shows) -> Drawn:
        """Without every value that can be left out, one after the other."""
        for name in tuple(drawn.derived):
            if drawn.derived[name] is not None:
                less = drawn._replace(derived={**drawn.derived, name: None})
                drawn = less if self.shows(less, shows) else drawn
        for name in tuple(drawn.case):
            less = drawn._replace(case=_without(drawn.case, name))
            drawn = less if self.shows(less, shows) else drawn
        return drawn

    def _plain(self, drawn: Drawn, shows: Shows) -> Drawn:
        """With therapies in place of what was assumed of them, where some show it too."""
        facts = self._guideline.facts
        kept = {name: value for name, value in drawn.derived.items() if facts[name].derive is None}
        kept = {name: value for name, value in kept.items() if value is not None}
        for case in self._histories(drawn):
            plain = drawn._replace(case=case, derived=kept)
            if self.shows(plain, shows):
                bare = plain._replace(derived={})
                return bare if self.shows(bare, shows) else plain
        return (
            drawn._replace(
                derived={name: value for name, value in drawn.derived.items() if value is not None}
            )
            if self._shows_known(drawn, shows)
            else drawn
        )

    def _shows_known(self, drawn: Drawn, shows: Shows) -> bool:
        known = {name: value for name, value in drawn.derived.items() if value is not None}
        return self.shows(drawn._replace(derived=known), shows)

    def _histories(self, drawn: Drawn) -> Iterator[Mapping[str, Any]]:
        """Histories worth trying: as it is, none at all, one line for each thing known."""
        yield drawn.case
        if "therapies" not in drawn.case:
            yield {**drawn.case, "therapies": "none"}
        lines = [*self._lines(drawn)]
        if lines:
            for complete in (True, False):
                yield {**drawn.case, "therapies": lines, "therapies_complete": complete}

    def _lines(self, drawn: Drawn) -> Iterator[dict[str, Any]]:
        lines: dict[str, dict[str, Any]] = {
            drug: {"drug": drug} for drug in drawn.case.get("therapies", ())
        }
        for name, value in drawn.derived.items():
            fact = self._guideline.facts[name]
            if fact.derive is not None and value not in (None, False):
                for drug in self._drugs(fact.derive)[: _how_many(value)]:
                    line = lines.setdefault(drug, {"drug": drug})
                    line.update(_line(fact, fact.derive, value, drawn))
        yield from lines.values()

    def _drugs(self, derivation: Derivation) -> list[str]:
        members = index(self._guideline).members
        drugs = self._guideline.drugs.values()
        return [drug.id for drug in drugs if covers(derivation, drug, members)]


def _line(fact: Fact, derive: Derivation, value: Value, drawn: Drawn) -> dict[str, Any]:
    """What a therapy must say for one derived fact to be as it is."""
    line: dict[str, Any] = {"start": (drawn.as_of - timedelta(days=_LONG)).isoformat()}
    if derive.is_response is not None:
        line["response"] = derive.is_response
    if derive.effective is not None:
        line["effective"] = derive.effective
    if derive.routes:
        line["route"] = derive.routes[0]
    if derive.op == "equivalent_dose" and isinstance(value, Bounds) and value.low is not None:
        line["dose"] = f"{max(value.low, 1):f} {fact.unit}"
    if isinstance(value, Days):
        day = value.latest or value.earliest
        if day is not None and derive.op == "first_date":
            line["start"] = day.isoformat()
        elif day is not None:
            line |= {"start": day.isoformat(), "stop": day.isoformat()}
    return line


def _how_many(value: Value) -> int:
    if isinstance(value, Bounds) and value.low is not None:
        return max(1, int(value.low))
    return 1


def _without(case: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in case.items() if key != name}


def _printed(values: Mapping[str, Value]) -> dict[str, str]:
    return {name: shown(value) for name, value in values.items()}


def shown(value: Value) -> str:
    """A value as printed: ``true``, ``5-7 mg/d``, ``>= 5``, ``@2026-03``, ``unknown``."""
    match value:
        case None:
            return "unknown"
        case bool():
            return str(value).lower()
        case Days(earliest=first, latest=last):
            if first is not None and last is not None:
                return f"{first}" if first == last else f"{first} to {last}"
            return f">= {first}" if first is not None else f"<= {last}"
        case Bounds(low=low, high=high, unit=unit):
            behind = "" if unit is None else f" {unit}"
            if low is not None and high is not None:
                return f"{low:f}{behind}" if low == high else f"{low:f}-{high:f}{behind}"
            return f">= {low:f}{behind}" if low is not None else f"<= {high:f}{behind}"
    return value


def value_in(situation: Situation) -> Callable[[Expression], bool | None]:
    """The Kleene value of every expression of a formula, by the reference engine."""

    def value(expression: Expression) -> bool | None:
        if isinstance(expression, Name):
            for prefix, drugs in ((TAKEN, situation.taken), (ORDERED, situation.ordered)):
                if expression.name.startswith(prefix):
                    return expression.name.removeprefix(prefix) in drugs
        found = situation.trace(expression).value
        return found if found is None or isinstance(found, bool) else None

    return value


def said(plan: Plan, subject: str) -> str:
    """What a plan says of a subject: the word for its status."""
    kind, colon, id_ = subject.partition(":")
    if not colon:
        decision, _, candidate = subject.partition("/")
        for each in plan.decisions:
            for found in each.candidates if each.id == decision else ():
                if found.id == candidate:
                    return f"{found.status}{' (provisional)' if found.provisional else ''}"
        return "not_judged"
    words: list[str]
    match kind:
        case "decision":
            words = [each.status for each in plan.decisions if each.id == id_]
        case "drug":
            words = [each.verdict for each in plan.drugs if each.id == id_]
        case "advice":
            words = [each.status for each in plan.advice if each.id == id_]
        case _:
            words = ["possible" if a.possible else "raised" for a in plan.alerts if a.id == id_]
    return words[0] if words else "absent"
