"""Two plans side by side: what changed, because of what, and what could not be told."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myorx.facts import CaseError, Patient, read_case
from myorx.guideline.load import load
from myorx.guideline.models import Guideline
from myorx.guideline.settings import with_settings
from myorx.language.values import Bounds, Days
from myorx.plan import Plan, Planner, decode, encode
from myorx.plan.compare import MOST, compare, comparison_schema
from myorx.plan.comparison import Change, Comparison
from myorx.plan.rerun import Rerun
from myorx.plan.snapshot import snapshot
from myorx.plan.values import read_back, shown
from tests.plan.conftest import AS_OF
from tests.plan.patients import cases

ROOT = Path(__file__).parents[2]
BASE = {"ill": True, "severe": True, "sex": "female", "age": 37, "weight": 60}

Compared = Callable[..., Comparison]


@pytest.fixture
def compared(planner: Planner) -> Compared:
    """Facts before and after in, the comparison out; each with its own date where it is given."""

    def run(
        before: Mapping[str, Any], after: Mapping[str, Any], was: date = AS_OF, now: date = AS_OF
    ) -> Comparison:
        guideline = planner.guideline
        first = read_case(before, guideline, as_of=was)
        second = read_case(after, guideline, as_of=now)
        # Through the bytes, as an earlier plan is kept.
        earlier = decode(encode(planner.plan(first)))
        return compare(earlier, planner.plan(second), Rerun(guideline, second, earlier))

    return run


def change(comparison: Comparison, kind: str, id_: str) -> Change:
    return next(each for each in comparison.changes if (each.kind, each.id) == (kind, id_))


def mattering(comparison: Comparison) -> set[str]:
    return {cause.id for cause in comparison.causes if cause.matters}


# -- nothing changed ---------------------------------------------------------------------------


def test_the_same_case_changes_nothing(compared: Compared) -> None:
    comparison = compared(BASE, dict(reversed(BASE.items())))
    assert comparison.causes == comparison.changes == ()
    assert comparison.attributed


def test_that_both_must_be_one_patient_is_always_said(compared: Compared) -> None:
    assert "same patient" in compared(BASE, BASE).remarks[0].en


def test_the_same_value_on_another_day_is_told_and_moves_nothing(compared: Compared) -> None:
    old = {**BASE, "lab": {"value": "50 ng/mL", "on": "2026-11-18"}}
    new = {**BASE, "lab": {"value": "50 ng/mL", "on": "2026-11-20"}}
    comparison = compared(old, new)
    (cause,) = comparison.causes
    assert (cause.turn, cause.matters) == ("repeated", False)
    assert "2026-11-18" in cause.says.en
    assert comparison.changes == ()


def test_one_spelling_for_another_is_no_change(compared: Compared) -> None:
    assert compared({**BASE, "weight": "60 kg"}, {**BASE, "weight": "60000 g"}).causes == ()


# -- facts -------------------------------------------------------------------------------------


def test_a_fact_newly_known_is_named_beside_what_it_decides(compared: Compared) -> None:
    comparison = compared({**BASE, "marker": True}, {**BASE, "marker": True, "pregnant": False})
    triple = change(comparison, "candidate", "induction/triple")
    assert (triple.before and triple.before.status, triple.after and triple.after.status) == (
        "blocked",
        "recommended",
    )
    assert triple.because == ("fact:pregnant",)
    assert triple.within is not None
    (cause,) = comparison.causes
    assert (cause.turn, cause.before, cause.after, cause.matters) == ("known", None, "false", True)


def test_a_fact_that_moves_nothing_is_told_apart(compared: Compared) -> None:
    comparison = compared(BASE, {**BASE, "bsa": "1.7 m2", "pregnant": False})
    assert {cause.id: cause.matters for cause in comparison.causes} == {
        "fact:pregnant": True,
        "fact:bsa": False,
    }


def test_only_what_bears_on_a_change_stands_beside_it(compared: Compared) -> None:
    comparison = compared(
        {**BASE, "marker": True}, {**BASE, "marker": True, "pregnant": False, "weight": 70}
    )
    assert change(comparison, "candidate", "induction/triple").because == ("fact:pregnant",)
    doses = [each for each in comparison.changes if each.kind == "dose"]
    assert doses
    assert {each.because for each in doses} == {("fact:weight",)}


def test_what_is_no_longer_known_is_called_withdrawn(compared: Compared) -> None:
    comparison = compared({**BASE, "pregnant": False}, BASE)
    (cause,) = comparison.causes
    assert cause.turn == "withdrawn"


def test_what_became_too_old_is_called_stale(compared: Compared) -> None:
    case = {**BASE, "lab": {"value": "50 ng/mL", "on": "2026-09-20"}}
    comparison = compared(case, case, was=date(2026, 10, 1))
    turns = {cause.id: cause.turn for cause in comparison.causes}
    assert turns == {"date": None, "fact:lab": "stale"}


def test_a_question_that_is_answered_is_settled(compared: Compared) -> None:
    comparison = compared({**BASE, "marker": True}, {**BASE, "marker": True, "pregnant": False})
    need = change(comparison, "need", "pregnant")
    assert need.after is not None
    assert need.after.status == "settled"
    assert need.because == ("fact:pregnant",)


def test_what_follows_from_a_fact_is_no_cause_of_its_own(compared: Compared) -> None:
    """Not pregnant follows from male: only the sex was entered."""
    before = {key: value for key, value in BASE.items() if key != "sex"}
    comparison = compared({**before, "marker": True}, {**before, "marker": True, "sex": "male"})
    assert [cause.id for cause in comparison.causes] == ["fact:sex"]
    assert change(comparison, "candidate", "induction/triple").because == ("fact:sex",)


# -- drugs, date, settings, versions -----------------------------------------------------------


def test_a_drug_newly_taken_explains_its_alert(compared: Compared) -> None:
    taken = {"therapies": [{"drug": "beta", "start": "2026-11-01"}]}
    comparison = compared({**BASE, "pregnant": True}, {**BASE, "pregnant": True, **taken})
    alert = change(comparison, "alert", "drug:beta")
    assert alert.before is None
    assert alert.because == ("taken:beta",)


def test_an_order_explains_its_alert_too(compared: Compared) -> None:
    comparison = compared(
        {**BASE, "pregnant": True}, {**BASE, "pregnant": True, "orders": ["beta"]}
    )
    assert change(comparison, "alert", "drug:beta").because == ("ordered:beta",)


def test_a_stopped_drug_is_told(compared: Compared) -> None:
    taken = {"therapies": [{"drug": "beta", "start": "2026-11-01"}]}
    comparison = compared({**BASE, **taken}, BASE)
    assert "taken:beta" in {cause.id for cause in comparison.causes}
    assert "taken:beta" in change(comparison, "drug", "beta").because


def test_a_setting_is_told_first_and_tried(guideline: Guideline, planner: Planner) -> None:
    patient = read_case({**BASE, "marker": True}, guideline, as_of=AS_OF)
    earlier = planner.plan(patient)
    other = with_settings(guideline, {"adult_from": "40"})
    comparison = compare(earlier, Planner(other).plan(patient), Rerun(other, patient, earlier))
    assert comparison.causes[0].id == "setting:adult_from"
    assert {each.because for each in comparison.changes} == {("setting:adult_from",)}


def test_what_only_the_version_can_explain_is_put_to_the_version(
    guideline: Guideline, planner: Planner
) -> None:
    """An older plan said something that today's guideline does not say of the same facts."""
    patient = read_case({**BASE, "marker": True, "pregnant": False}, guideline, as_of=AS_OF)
    later = planner.plan(patient)
    receipt = msgspec.structs.replace(later.receipt, version="0.9.0", guideline_hash="0" * 64)
    earlier = msgspec.structs.replace(later, receipt=receipt, advice=())
    comparison = compare(earlier, later, Rerun(guideline, patient, earlier))
    assert comparison.causes[0].kind == "version"
    assert comparison.changes
    assert {each.because for each in comparison.changes} == {("version",)}
    assert comparison.causes[0].matters


def test_dates_that_run_backwards_are_said(compared: Compared) -> None:
    comparison = compared(BASE, BASE, was=date(2026, 11, 22), now=date(2026, 10, 1))
    assert [cause.id for cause in comparison.causes] == ["date"]
    assert any("after this one" in remark.en for remark in comparison.remarks)


def test_without_a_rerun_everything_is_listed_and_nothing_attributed(
    planner: Planner, guideline: Guideline
) -> None:
    plans = [
        planner.plan(read_case(facts, guideline, as_of=AS_OF))
        for facts in (BASE, {**BASE, "pregnant": False, "marker": True})
    ]
    comparison = compare(*plans)
    assert not comparison.attributed
    assert {cause.matters for cause in comparison.causes} == {None}
    assert all(not each.because for each in comparison.changes)
    assert any("one by one" in remark.en for remark in comparison.remarks)


def test_too_many_causes_are_listed_instead_of_tried(
    planner: Planner, guideline: Guideline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("myorx.plan.compare.MOST", 0)
    patient = read_case({**BASE, "pregnant": False}, guideline, as_of=AS_OF)
    earlier = planner.plan(read_case(BASE, guideline, as_of=AS_OF))
    comparison = compare(earlier, planner.plan(patient), Rerun(guideline, patient, earlier))
    assert not comparison.attributed
    assert MOST > 0


# -- for every patient -------------------------------------------------------------------------


@settings(max_examples=40)
@given(data=st.data())
def test_every_change_has_a_cause_and_an_earlier_plan_can_be_had_again(
    data: st.DataObject, guideline: Guideline, planner: Planner
) -> None:
    patients: list[Patient] = []
    for _ in range(2):
        try:
            patients.append(read_case(data.draw(cases(guideline)), guideline, as_of=AS_OF))
        except CaseError:
            return
    earlier, later = (planner.plan(patient) for patient in patients)
    comparison = compare(earlier, later, Rerun(guideline, patients[1], earlier))
    before, after = snapshot(earlier), snapshot(later)
    differ = {key for key in {*before, *after} if _stand(before, key) != _stand(after, key)}
    assert {(each.kind, each.id) for each in comparison.changes} == differ
    if comparison.attributed:
        for each in comparison.changes:
            assert each.because, (each.kind, each.id)


def _stand(table: Mapping[Any, Any], key: Any) -> Any:
    return table[key].stand if key in table else None


def test_comparisons_match_the_published_schema(compared: Compared) -> None:
    comparison = compared({**BASE, "marker": True}, {**BASE, "pregnant": False})
    validator = jsonschema.Draft202012Validator(comparison_schema())
    validator.validate(json.loads(msgspec.json.encode(comparison)))
    assert comparison.schema == "myorx.comparison/1"


def test_the_published_schema_is_fresh() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import comparison_schema as tool
    finally:
        sys.path.remove(str(ROOT / "tools"))
    assert tool.TARGET.read_text(encoding="utf-8") == tool.rendered(), (
        "the schema is stale; run: python tools/comparison_schema.py"
    )


# -- values printed and read back --------------------------------------------------------------


_ENDS = st.one_of(st.none(), st.decimals(-999, 999, places=2))


@given(low=_ENDS, high=_ENDS, edge=st.booleans())
def test_numbers_read_back_as_they_were_shown(
    low: Decimal | None, high: Decimal | None, edge: bool, guideline: Guideline
) -> None:
    fact = guideline.facts["weight"]
    if low is not None and high is not None and low > high:
        low, high = high, low
    one_sided = low is None or high is None
    bounds = Bounds(
        low,
        high,
        low_open=edge and one_sided and low is not None,
        high_open=edge and one_sided and high is not None,
        unit=fact.unit,
    )
    again = read_back(shown(bounds), fact)
    assert again == (None if low is None and high is None else bounds)


@pytest.mark.parametrize("text", ["unknown", "", "60", "60 lb", "x kg", "1–2–3 kg", "> kg"])
def test_what_was_not_printed_for_a_fact_reads_as_unknown(text: str, guideline: Guideline) -> None:
    assert read_back(text, guideline.facts["weight"]) is None


def test_days_and_truths_read_back(guideline: Guideline) -> None:
    dated = msgspec.structs.replace(guideline.facts["weight"], type="date", unit=None)
    for days in (
        Days(AS_OF, AS_OF),
        Days(date(2026, 1, 1), AS_OF),
        Days(None, AS_OF),
        Days(AS_OF, None),
    ):
        assert read_back(shown(days), dated) == days
    assert read_back("2026-02-31", dated) is None
    assert read_back("true", guideline.facts["ill"]) is True
    assert read_back("female", guideline.facts["sex"]) == "female"
    assert read_back("neither", guideline.facts["sex"]) is None


def test_a_plan_is_a_table_with_one_line_for_each_thing(planner: Planner) -> None:
    plan: Plan = planner.plan(read_case({**BASE, "marker": True}, planner.guideline, as_of=AS_OF))
    table = snapshot(plan)
    assert ("candidate", "induction/triple") in table
    assert ("need", "pregnant") in table


# -- the guideline of the package --------------------------------------------------------------

_FIRST = """
as_of: 2026-10-01
sex: female
age: 63
subtype: dm
anti_mda5: pending
ild: yes
"""
_SECOND = """
as_of: 2026-10-08
sex: female
age: 63
subtype: dm
anti_mda5: positive
ild: yes
kl6: 1300 U/mL
crp: 20 mg/L
weight: 60 kg
"""


def test_causes_of_which_any_would_do_are_all_named() -> None:
    """Several risk factors: the age stands, one more is needed, and two have come."""
    guideline = load("aim")
    planner = Planner(guideline)
    first, second = (read_case(text, guideline) for text in (_FIRST, _SECOND))
    earlier = planner.plan(first)
    comparison = compare(earlier, planner.plan(second), Rerun(guideline, second, earlier))
    triple = change(comparison, "candidate", "ild_induction/triple_therapy")
    assert triple.after is not None
    assert triple.after.status in ("recommended", "blocked")
    assert set(triple.because) == {"fact:anti_mda5", "fact:kl6", "fact:crp"}
    assert not triple.together
