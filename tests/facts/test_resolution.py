"""The static order and sources of facts give what the reference works out on demand."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec
import pytest

from myorx.facts import Patient, environment, read_case
from myorx.facts.case import Case
from myorx.facts.derive import derive, timeline
from myorx.facts.doses import ANYTHING, span
from myorx.facts.instrument import computed
from myorx.facts.names import index
from myorx.facts.patient import FactState
from myorx.facts.resolution import Resolution, exclusions, order, resolutions
from myorx.facts.units import convert
from myorx.guideline.load import load, load_folder
from myorx.guideline.models import Guideline, Inference
from myorx.guideline.texts import Condition, Text
from myorx.language import parse
from myorx.language.evaluate import evaluate
from myorx.language.syntax import Expression
from myorx.language.values import Bounds, Days, Value
from myorx.language.walk import names as names_in
from tests.random_cases import AS_OF, random_patients

TESTS = Path(__file__).parent.parent
FOLDERS = {"clinic": TESTS / "facts" / "clinic", "invented": TESTS / "plan" / "guideline"}


@cache
def guideline_of(name: str) -> Guideline:
    return load_folder(FOLDERS[name]) if name in FOLDERS else load(name)


class Worked:
    """Facts worked out one after the other in the static order, by the rules as data."""

    def __init__(self, patient: Patient, guideline: Guideline) -> None:
        self._case, self._guideline, self._patient = patient.case, guideline, patient
        self.values: dict[str, Value] = {}
        states = {name: FactState(None, None, "not_given") for name in guideline.facts}
        for each in resolutions(guideline):
            here = Patient(patient.case, {**states})
            self._view = environment(here, guideline)
            value = self._first_known(each)
            self.values[each.fact.id] = value
            states[each.fact.id] = FactState(value, None, "given")

    def _first_known(self, each: Resolution) -> Value:
        fact, case = each.fact, self._case
        state = self._patient.facts[fact.id]
        given = case.facts.get(fact.id)
        if state.origin == "given" and state.value is not None:
            assert each.given
            assert not _too_old(case, fact.id, each)
            return state.value
        if given is not None and given.value is not None:
            assert _too_old(case, fact.id, each)
        found: Value = self._derived(each)
        if found is not None:
            return found
        if each.instrument is not None:
            by_instrument = computed(fact, each.instrument, self._value)
            if by_instrument is not None and by_instrument.value is not None:
                return by_instrument.value
        for inference in each.inferences:
            if inference.when is not None and self._value(inference.when.expression) is not True:
                continue
            found = _own(self._value(inference.value), fact.unit)
            if found is not None:
                return found
        return False if each.absent_no and given is None else None

    def _derived(self, each: Resolution) -> Value:
        entries = timeline(self._case, self._guideline.drugs)
        if each.derivation is None or entries is None:
            return None
        weight = ANYTHING
        if each.derivation.weighs:
            scale = self._guideline.manifest.scales.weight
            assert scale in each.rests_on
            known = self.values.get(scale)
            weight = span(convert(known, "kg") if isinstance(known, Bounds) else None)
        members = index(self._guideline).members
        return derive(
            each.fact, each.derivation, self._case, entries, members, weight, self._value
        ).value

    def _value(self, expression: Expression) -> Value:
        return evaluate(expression, self._view).value


def _too_old(case: Case, name: str, each: Resolution) -> bool:
    on = case.facts[name].on
    if each.stale_after is None or on is None or on.earliest is None:
        return False
    return (case.as_of - on.earliest).days > each.stale_after


def _own(value: Value, unit: str | None) -> Value:
    if isinstance(value, Bounds):
        if value.low is None and value.high is None:
            return None
        return value if unit is None or value.unit is None else convert(value, unit)
    if isinstance(value, Days) and value.earliest is None and value.latest is None:
        return None
    return value


@pytest.mark.parametrize("name", ["clinic", "invented", "aim"])
def test_the_static_order_gives_what_the_reference_gives(name: str) -> None:
    guideline = guideline_of(name)
    for case, patient in random_patients(guideline, 40, seed=3):
        worked = Worked(patient, guideline).values
        for fact, state in patient.facts.items():
            assert worked[fact] == state.value, (fact, case)


@pytest.mark.parametrize("name", ["clinic", "invented", "aim"])
def test_every_fact_comes_once_and_after_what_it_rests_on(name: str) -> None:
    guideline = guideline_of(name)
    found = resolutions(guideline)
    assert sorted(each.fact.id for each in found) == sorted(guideline.facts)
    before: set[str] = set()
    for each in found:
        under = set(each.rests_on)
        while missing := (under & guideline.definitions.keys()):
            under -= missing
            for definition in missing:
                expression = guideline.definitions[definition].expression.expression
                under |= set(names_in(expression))
        assert under & guideline.facts.keys() <= before
        before.add(each.fact.id)


def test_an_import_drops_the_facts_under_a_contradiction() -> None:
    guideline = guideline_of("clinic")
    (one, *_) = exclusions(guideline)
    assert one.id in guideline.contradictions
    assert one.facts
    assert set(one.facts) <= guideline.facts.keys()


def test_a_circle_has_no_order() -> None:
    with pytest.raises(ValueError, match="rests on itself"):
        order({"a": ("b",), "b": ("c", "x"), "c": ("a",)})
    assert order({"a": ("b",), "b": ("c", "x"), "c": ()}) == ("c", "b", "a")


def test_a_weight_inferred_from_a_drug_taken_is_the_same_in_any_order() -> None:
    """What needs no weight is worked out without one, so it may be what the weight rests on."""
    guideline = guideline_of("invented")
    derived = next(f for f in guideline.facts.values() if f.derive and f.derive.op == "current")
    assert derived.derive is not None
    assert not derived.derive.weighs
    scale = guideline.manifest.scales.weight
    weight = guideline.facts[scale]
    inferred = Inference(
        parse(f"60 '{weight.unit}'"), Text("推", "so"), Condition(derived.id, parse(derived.id))
    )
    facts = {**guideline.facts, scale: msgspec.structs.replace(weight, infer=(inferred,))}
    drug = derived.derive.drug or next(
        each.id for each in guideline.drugs.values() if derived.derive.drug_class in each.classes
    )
    case = {"therapies": [{"drug": drug, "start": "2026-01-01"}]}
    for names in (sorted(facts), sorted(facts, reverse=True)):
        changed = msgspec.structs.replace(guideline, facts={name: facts[name] for name in names})
        patient = read_case(case, changed, as_of=AS_OF)
        assert patient.facts[derived.id].value is True
        assert isinstance(patient.facts[scale].value, Bounds)
