"""The later plan once more, with some of what changed since the earlier one put back.

Everything goes through the same planner. What is put back is taken from the earlier plan's receipt,
so an earlier plan serves as well as an earlier case.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import lru_cache

import msgspec

from myorx.facts import (
    Case,
    FactState,
    Given,
    Order,
    Patient,
    Therapy,
    assume,
    contradictions,
    drugs_taken,
)
from myorx.guideline.faults import GuidelineError
from myorx.guideline.models import Guideline
from myorx.guideline.settings import with_settings
from myorx.language.values import Value
from myorx.plan.assemble import Planner
from myorx.plan.comparison import Cause
from myorx.plan.model import FactUsed, Plan
from myorx.plan.snapshot import Key, Standing, snapshot
from myorx.plan.values import read_back

_UNTOLD = FactState(None, "not_asked", "not_given")


class Rerun:
    """One later patient, and what an earlier plan knew of the same patient."""

    def __init__(self, guideline: Guideline, patient: Patient, earlier: Plan) -> None:
        self.guideline = guideline
        self._patient = patient
        self._earlier = earlier
        self._known = {fact.id: fact for fact in earlier.receipt.facts}
        self._planner: Callable[[frozenset[str]], Planner] = lru_cache(maxsize=8)(self._made)

    def can(self, cause: Cause) -> bool:
        """Whether a cause can be put back at all; a version or another engine is not at hand."""
        name = cause.id.partition(":")[2]
        match cause.kind:
            case "fact":
                return name in self.guideline.facts and self._readable(name)
            case "taken" | "ordered":
                return name in self.guideline.drugs
            case "setting":
                return self._settable(name)
            case kind:
                return kind == "date"

    def without(self, causes: Collection[Cause]) -> Mapping[Key, Standing] | None:
        """How everything would stand with these put back; None where that patient cannot be."""
        patient = self._put_back(causes)
        if contradictions(patient, self.guideline):
            return None
        settings = frozenset(cause.id.partition(":")[2] for cause in causes if _is_setting(cause))
        return snapshot(self._planner(settings).plan(patient))

    # -- settings ------------------------------------------------------------------------------

    def _made(self, settings: frozenset[str]) -> Planner:
        before = self._earlier.receipt.settings
        if not settings:
            return Planner(self.guideline)
        return Planner(with_settings(self.guideline, {name: before[name] for name in settings}))

    def _settable(self, name: str) -> bool:
        before = self._earlier.receipt.settings.get(name)
        try:
            return before is not None and bool(with_settings(self.guideline, {name: before}))
        except GuidelineError:
            return False

    # -- the patient ---------------------------------------------------------------------------

    def _put_back(self, causes: Collection[Cause]) -> Patient:
        case, states = self._patient.case, dict(self._patient.facts)
        values: dict[str, Value] = {}
        if any(cause.kind == "date" for cause in causes):
            case = msgspec.structs.replace(case, as_of=date.fromisoformat(self._earlier.as_of))
            # Only time since dated events goes back; the history itself is a cause of its own.
            values = {name: s.value for name, s in states.items() if s.origin == "derived"}
        given = dict(case.facts)
        for name in _named(causes, "fact"):
            known = self._known.get(name)
            value = self._value(known) if known is not None else None
            given.pop(name, None)
            states[name] = _UNTOLD
            if known is not None and known.origin == "given":
                given[name] = Given(known.given or known.value, reason=known.reason)
            if self.guideline.facts[name].derive is not None:
                values[name] = value  # the later history must not work it out again
            elif known is not None and known.origin == "given" and value is not None:
                values[name] = value
        case = msgspec.structs.replace(case, facts=given)
        patient = msgspec.structs.replace(self._patient, case=case, facts=states)
        settled = assume(patient, self.guideline, values)
        return msgspec.structs.replace(settled, case=self._drugs_put_back(case, causes))

    def _drugs_put_back(self, case: Case, causes: Collection[Cause]) -> Case:
        """The case with other drugs in use; facts already worked out from the history stay."""
        taken, ordered = set(_named(causes, "taken")), set(_named(causes, "ordered"))
        if taken or case.as_of != self._patient.as_of:
            now = [drug for drug in drugs_taken(self._patient.case) if drug not in taken]
            now += [drug.id for drug in self._earlier.drugs if drug.taken and drug.id in taken]
            therapies = tuple(Therapy(drug, drug) for drug in now)
            case = msgspec.structs.replace(case, therapies=therapies or None)
        if ordered:
            kept = [order for order in case.orders if order.drug not in ordered]
            again = [drug.id for drug in self._earlier.drugs if drug.ordered and drug.id in ordered]
            orders = (*kept, *(Order(drug, drug) for drug in again))
            case = msgspec.structs.replace(case, orders=orders)
        return case

    def _value(self, known: FactUsed) -> Value:
        return read_back(known.value, self.guideline.facts[known.id])

    def _readable(self, name: str) -> bool:
        known = self._known.get(name)
        if known is None or known.value == "unknown":
            return True
        return self._value(known) is not None


def _is_setting(cause: Cause) -> bool:
    return cause.kind == "setting"


def _named(causes: Collection[Cause], kind: str) -> list[str]:
    return [cause.id.partition(":")[2] for cause in causes if cause.kind == kind]
