"""A case against a guideline -> a patient: values judged, stale ones dropped, the rest worked out.

For each fact the first of these that is known counts: what was given and is not stale, what the
therapy history gives, what an instrument computes, what an inference gives, and "no" where the fact
says that silence means it.
A value given as unknown (pending, indeterminate …) may still be worked out: an inference states
what is entailed by other facts; the state says that it was inferred and keeps what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Literal as OneOf
from typing import TypeAlias

import msgspec

from myorx.facts.case import Case, Given
from myorx.facts.derive import Derived, derive, timeline
from myorx.facts.doses import ANYTHING, Span, span
from myorx.facts.environment import PatientEnvironment, environment
from myorx.facts.faults import CaseError, Fault, Faults, Place
from myorx.facts.instrument import computed
from myorx.facts.names import Index, index, labels
from myorx.facts.patient import FactState, Patient
from myorx.facts.units import convert
from myorx.facts.values import value_of
from myorx.guideline.models import Contradiction, Fact, Guideline
from myorx.guideline.texts import Text
from myorx.language.evaluate import evaluate, facts_used
from myorx.language.syntax import Expression
from myorx.language.values import Bounds, Days, Value

Mode: TypeAlias = OneOf["bedside", "import"]
"""``bedside``: anything wrong refuses the case. ``import``: the value concerned becomes unknown,
with the reason ``refused``, and is reported in ``Patient.refused``."""


def resolve(
    case: Case,
    guideline: Guideline,
    *,
    mode: Mode = "bedside",
    places: Mapping[str, Place] | None = None,
    faults: Faults | None = None,
) -> Patient:
    """The patient that ``case`` describes.

    ``places`` tell where each fact was written, ``faults`` what is already known to be wrong.
    Raises CaseError with all that is wrong (in an import: only for faults of the whole case).
    """
    faults = Faults() if faults is None else faults
    table = index(guideline)
    facts, values = judged(case, guideline, places or {}, faults)
    if faults.fatal:
        raise CaseError(faults.all)
    while True:
        case = msgspec.structs.replace(case, facts=facts)
        worker = _Worker(case, guideline, table, values, {}, {})
        # Only what contradictions rest on is worked out so far: most of it may be for nothing.
        found = _contradicted(worker.environment(), worker.state, guideline)
        for contradiction, names in found:
            faults.all.append(_fault(contradiction, names, case, guideline, places or {}))
        if mode == "bedside" or not any(names for _, names in found):
            break
        refused = {name for _, names in found for name in names}
        facts = {
            name: _refuse(given) if name in refused else given for name, given in facts.items()
        }
        values = {name: value for name, value in values.items() if name not in refused}
    if mode == "bedside" and len(faults):
        raise CaseError(faults.all)
    return Patient(case, worker.states(), tuple(faults.all))


def assume(
    patient: Patient,
    guideline: Guideline,
    values: Mapping[str, Value],
    only: Collection[str] | None = None,
) -> Patient:
    """The patient if some facts had other values; what rests on them is worked out again.

    A value of None makes the fact unknown. Nothing is refused: ask ``contradictions`` whether this
    can be. ``only``: these facts alone are worked out again, for a caller who knows that no other
    one rests on ``values``.
    """
    table = index(guideline)
    given = {
        name: state.value
        for name, state in patient.facts.items()
        if state.origin == "given" and state.value is not None
    }
    kept = {} if only is None else {n: s for n, s in patient.facts.items() if n not in only}
    worker = _Worker(patient.case, guideline, table, given, values, kept)
    return msgspec.structs.replace(patient, facts=worker.states())


def contradictions(patient: Patient, guideline: Guideline) -> tuple[str, ...]:
    """The ids of the guideline's contradictions that are known true of ``patient``."""
    view = environment(patient, guideline)
    found = _contradicted(view, patient.facts.__getitem__, guideline)
    return tuple(contradiction.id for contradiction, _ in found)


# -- what was given --------------------------------------------------------------------------------


def judged(
    case: Case, guideline: Guideline, places: Mapping[str, Place], faults: Faults
) -> tuple[dict[str, Given], dict[str, Value]]:
    """The values of all facts given, stale ones left out; those that are faulty become refused."""
    table = index(guideline)
    facts: dict[str, Given] = {}
    values: dict[str, Value] = {}
    for name, given in case.facts.items():
        place = places.get(name) or Place(name, fact=name)
        fact = guideline.facts.get(name)
        if fact is None:
            faults.add("unknown-key", place, given.typed, name=name, near="")
            continue
        before = len(faults)
        value = value_of(given, fact, table.units.get(name), case.as_of, place, faults)
        facts[name] = given
        if len(faults) > before:
            facts[name] = _refuse(given)
        elif value is not None and not _is_stale(given, fact, case, table):
            values[name] = value
    return facts, values


def _refuse(given: Given) -> Given:
    return Given(given.typed, on=given.on, method=given.method, reason="refused")


def _is_stale(given: Given, fact: Fact, case: Case, table: Index) -> bool:
    """Whether a value may be older than its fact allows; without a date it is of the case's."""
    if fact.max_age is None or given.on is None or given.on.earliest is None:
        return False
    limit = table.settings.get(fact.max_age)
    if not isinstance(limit, Bounds) or limit.exact is None:
        return False
    return (case.as_of - given.on.earliest).days > limit.exact


# -- working out -----------------------------------------------------------------------------------


_UNSETTLED = FactState(None, "uncertain", "not_given")


class _Worker:
    """Works facts out when they are asked for, each once, what they rest on before them.

    ``values`` were given, ``assumed`` stand in place of anything else, ``kept`` are known already.
    """

    def __init__(
        self,
        case: Case,
        guideline: Guideline,
        table: Index,
        values: Mapping[str, Value],
        assumed: Mapping[str, Value],
        kept: Mapping[str, FactState],
    ) -> None:
        self._case = case
        self._guideline = guideline
        self._table = table
        self._values = values
        self._assumed = assumed
        self._kilograms: Span | None = None
        self._entries = timeline(case, guideline.drugs)
        self._states: dict[str, FactState] = dict(kept)
        self._day = Days(case.as_of, case.as_of)
        self._environment = self.environment()

    def state(self, name: str) -> FactState:
        """The state of a fact. One that is being worked out counts as unknown while it is."""
        found = self._states.get(name)
        if found is None:
            self._states[name] = _UNSETTLED
            found = self._states[name] = self._work_out(self._guideline.facts[name])
            # What was seen of it in the meantime was not its value yet.
            self._environment.named.pop(name, None)
        return found

    def states(self) -> dict[str, FactState]:
        """The state of every fact of the guideline, in its order."""
        return {name: self.state(name) for name in self._guideline.facts}

    def environment(self) -> PatientEnvironment:
        """What the language sees of the facts."""
        return PatientEnvironment(self._value, self._day, self._guideline, self._table)

    def _value(self, name: str) -> Value:
        return self.state(name).value

    def _evaluate(self, expression: Expression) -> Value:
        return evaluate(expression, self._environment).value

    def _work_out(self, fact: Fact) -> FactState:
        if fact.id in self._assumed:
            value = self._assumed[fact.id]
            return FactState(value, "not_asked" if value is None else None, "given")
        given = self._case.facts.get(fact.id)
        value = self._values.get(fact.id)
        if given is not None and value is not None:
            return FactState(value, None, "given", given.typed, given.on, given.method)
        derived = self._derive(fact)
        if derived is not None and derived.value is not None:
            return FactState(derived.value, None, "derived", *_typed(given))
        return (
            self._by_instrument(fact, given)
            or self._inferred(fact, given)
            or self._absent(fact, given)
            or self._unknown(given, derived)
        )

    def _derive(self, fact: Fact) -> Derived | None:
        """What the therapy history gives; None where it is not asked or nothing was said of it."""
        if fact.derive is None or self._entries is None:
            return None
        return derive(
            fact,
            fact.derive,
            self._case,
            self._entries,
            self._table.members,
            self._weight() if fact.derive.weighs else ANYTHING,
            self._evaluate,
        )

    def _weight(self) -> Span:
        """The patient's weight in kg, as far as it is known."""
        if self._kilograms is None:
            scale = self._guideline.manifest.scales.weight
            weight = self._value(scale) if scale in self._guideline.facts else None
            self._kilograms = span(convert(weight, "kg") if isinstance(weight, Bounds) else None)
        return self._kilograms

    def _by_instrument(self, fact: Fact, given: Given | None) -> FactState | None:
        """What the instrument of the fact computes from other facts."""
        if fact.instrument is None:
            return None
        found = computed(fact, fact.instrument, self._evaluate)
        if found is None:
            return None
        return FactState(
            found.value,
            None,
            "inferred",
            *_typed(given),
            says=found.says,
            basis="inferred",
            cites=fact.instrument.cites,
        )

    def _inferred(self, fact: Fact, given: Given | None) -> FactState | None:
        """The first inference that holds and gives a value."""
        for inference in fact.infer:
            if inference.when is not None:
                holds = self._evaluate(inference.when.expression)
                if holds is not True:
                    continue
            value = _in_unit(self._evaluate(inference.value), fact)
            if value is not None:
                return FactState(
                    value,
                    None,
                    "inferred",
                    *_typed(given),
                    says=inference.says,
                    basis=inference.basis,
                    cites=inference.cites,
                )
        return None

    def _absent(self, fact: Fact, given: Given | None) -> FactState | None:
        if given is None and fact.absent == "no" and fact.type == "boolean":
            return FactState(False, None, "absent_no")
        return None

    def _unknown(self, given: Given | None, derived: Derived | None) -> FactState:
        """A fact without value; the day of what never was has no reason to lack one either."""
        if given is not None:
            return FactState(None, given.reason or "stale", "given", *_typed(given))
        if derived is not None:
            return FactState(None, None if derived.nothing else "uncertain", "derived")
        return FactState(None, "not_asked", "not_given")


def _typed(given: Given | None) -> tuple[str | None, Days | None, str | None]:
    return (None, None, None) if given is None else (given.typed, given.on, given.method)


def _in_unit(value: Value, fact: Fact) -> Value:
    """A computed value in the fact's own unit; an interval without ends is unknown."""
    if isinstance(value, Bounds):
        if value.low is None and value.high is None:
            return None
        return value if fact.unit is None or value.unit is None else convert(value, fact.unit)
    if isinstance(value, Days) and value.earliest is None and value.latest is None:
        return None
    return value


# -- contradictions --------------------------------------------------------------------------------


def _contradicted(
    view: PatientEnvironment, state: Callable[[str], FactState], guideline: Guideline
) -> list[tuple[Contradiction, tuple[str, ...]]]:
    """Each contradiction that is known true, with the facts given that it rests on."""
    found: list[tuple[Contradiction, tuple[str, ...]]] = []
    for contradiction in guideline.contradictions.values():
        trace = evaluate(contradiction.when.expression, view)
        if trace.value is True:
            given = [name for name in facts_used(trace) if name in guideline.facts]
            found.append((contradiction, tuple(n for n in given if _is_given(state(n)))))
    return found


def _is_given(state: FactState) -> bool:
    return state.origin == "given" and state.value is not None


def _fault(
    contradiction: Contradiction,
    names: tuple[str, ...],
    case: Case,
    guideline: Guideline,
    places: Mapping[str, Place],
) -> Fault:
    at = [places.get(name) or Place(name) for name in names]
    found = "; ".join(
        f"{place.path}: {case.facts[name].typed}"
        for name, place in zip(names, at, strict=True)
        if name in case.facts
    )
    listed = labels(guideline.facts, names)
    lines = [place.line for place in at if place.line is not None]
    return Fault(
        code=contradiction.id,
        path=", ".join(place.path for place in at),
        message=contradiction.says,
        found=found,
        remedy=Text(f"核对：{listed.zh}", f"check {listed.en}") if names else None,
        line=min(lines, default=None),
    )
