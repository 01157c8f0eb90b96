"""Canonical bytes, the published schema, and reading back."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import msgspec
import pytest

from myorx.facts import Patient, read_case
from myorx.guideline.load import load_folder
from myorx.plan import Planner, decode, encode, make_plan
from myorx.plan.encode import plan_schema
from myorx.plan.explain import explain_with
from tests.plan.conftest import AS_OF, FOLDER, PlanOf

ROOT = Path(__file__).parents[2]
FACTS = {"ill": True, "severe": True, "marker": True, "sex": "female", "age": 37, "weight": 60}


def test_same_case_same_bytes() -> None:
    """Also from another loading of the guideline, another planner, other orders of the facts."""
    shuffled = dict(reversed(FACTS.items()))
    again = load_folder(FOLDER)
    first = encode(Planner(again).plan(read_case(FACTS, again, as_of=AS_OF)))
    second = encode(make_plan(again, read_case(shuffled, again, as_of=AS_OF)))
    assert first == second


def test_a_plan_reads_back_as_it_was(plan_of: PlanOf) -> None:
    plan = plan_of(**FACTS)
    assert decode(encode(plan)) == plan


def test_something_else_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode(b'{"schema": "other/1"}')


def test_the_published_schema_is_fresh() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import plan_schema as tool
    finally:
        sys.path.remove(str(ROOT / "tools"))
    assert tool.TARGET.read_text(encoding="utf-8") == tool.rendered(), (
        "the schema is stale; run: python tools/plan_schema.py"
    )


@pytest.mark.parametrize("facts", [{}, {"ill": True}, FACTS, {**FACTS, "pregnant": True}])
def test_plans_match_the_schema(plan_of: PlanOf, facts: dict[str, object]) -> None:
    validator = jsonschema.Draft202012Validator(plan_schema())
    validator.validate(json.loads(encode(plan_of(**facts))))


def test_the_hash_is_of_what_was_given_not_of_its_layout(
    planner: Planner, patient_of: Callable[..., Patient]
) -> None:
    flat = planner.plan(patient_of(ill=True, weight="60 kg")).receipt.case_hash
    nested = planner.plan(patient_of(patient={"weight": "60 kg", "ill": True})).receipt.case_hash
    other = planner.plan(patient_of(ill=True, weight="61 kg")).receipt.case_hash
    assert flat == nested
    assert flat != other


def test_the_receipt_says_what_was_run_on_what(plan_of: PlanOf, planner: Planner) -> None:
    receipt = plan_of(sex="male", ill=True).receipt
    assert (receipt.guideline, receipt.version, receipt.as_of) == (
        "invented",
        "1.0.0",
        "2026-11-22",
    )
    assert receipt.guideline_hash == planner.guideline.source_hash
    assert receipt.review.en == "not yet reviewed"
    assert receipt.notice.en == "for tests only"
    assert receipt.settings == {"several_means": "2", "adult_from": "18", "lab_max_age": "30"}
    (inferred,) = receipt.inferences
    assert (inferred.id, inferred.value, inferred.basis) == ("pregnant", "false", "inferred")
    assert inferred.says is not None
    assert inferred.says.en == "male"
    assert [fact.id for fact in receipt.facts] == ["sex", "pregnant", "ill"]


def test_statements_and_disputes_are_those_the_plan_meets(plan_of: PlanOf) -> None:
    plan = plan_of(ill=True, severe=False, therapies=[], therapies_complete=True, age=40, weight=60)
    cited = {statement.id for statement in plan.statements}
    assert {"S1.1", "S1.2", "S1.9"} <= cited
    assert "S1.8" not in cited
    assert [dispute.id for dispute in plan.disputes] == ["cap"]
    assert plan.disputes[0].taken.en == "a hard cap"
    assert plan_of(ill=False).disputes == ()


def test_explanations_encode_too(planner: Planner, patient_of: Callable[..., Patient]) -> None:
    explanation = explain_with(planner, patient_of(**FACTS), "triple")
    assert json.loads(encode(explanation))["schema"] == "myorx.explanation/1"
