"""Facts computed by an instrument: from exact values only, where nothing was given."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from myorx.facts import FactState, assume, dictionary, read_case, resolve, sources
from myorx.facts.resolution import resolutions
from myorx.guideline.load import load
from myorx.guideline.models import Guideline
from myorx.language.values import Bounds

AS_OF = date(2026, 11, 22)


def state(guideline: Guideline, fact: str, case: dict[str, Any]) -> FactState:
    """One fact of a case."""
    texts = {name: str(value) for name, value in case.items()}
    return read_case(texts, guideline, as_of=AS_OF).facts[fact]


def area(guideline: Guideline, **case: Any) -> Decimal | None:
    value = state(guideline, "bsa", case).value
    return value.exact if isinstance(value, Bounds) else None


def test_it_is_computed_from_other_facts_and_says_how(clinic: Guideline) -> None:
    found = state(clinic, "bsa", {"height": "170 cm", "weight": "65 kg"})
    assert found.value == Bounds(Decimal("1.752"), Decimal("1.752"), unit="m2")
    assert (found.origin, found.basis, found.given) == ("inferred", "inferred", None)
    assert found.says is not None
    assert "Body surface area" in found.says.en
    assert "mosteller" in found.says.en
    assert "体表面积" in found.says.zh
    assert "verified: false" not in found.says.en


def test_units_are_converted_for_the_instrument(clinic: Guideline) -> None:
    assert area(clinic, height="1.7 m", weight="65000 g") == Decimal("1.752")


def test_what_was_given_stands_before_what_is_computed(clinic: Guideline) -> None:
    assert area(clinic, height="170 cm", weight="65 kg", bsa="1.6 m2") == Decimal("1.6")


@pytest.mark.parametrize(
    "case",
    [
        {},
        {"height": "170 cm"},
        {"weight": "65 kg"},
        {"height": "unknown", "weight": "65 kg"},
        {"height": "pending", "weight": "65 kg"},
        {"height": "170 cm", "weight": ">65 kg"},
        # Refused by the formula, not by the fact: unknown, never extrapolated.
        {"height": "30 cm", "weight": "65 kg"},
        {"height": "170 cm", "weight": "280 kg"},
    ],
)
def test_it_is_unknown_where_an_input_is(clinic: Guideline, case: dict[str, str]) -> None:
    assert state(clinic, "bsa", case).value is None


def test_a_stale_input_counts_as_unknown(clinic: Guideline) -> None:
    old = {"value": "65 kg", "on": "2025-01-01"}
    patient = read_case({"height": "170 cm", "weight": old}, clinic, as_of=AS_OF)
    assert patient.facts["bsa"].value is None


def test_it_is_worked_out_again_when_an_input_is_supposed(clinic: Guideline) -> None:
    patient = read_case({"height": "170 cm"}, clinic, as_of=AS_OF)
    supposed = assume(patient, clinic, {"weight": Bounds(Decimal(65), Decimal(65), unit="kg")})
    assert supposed.facts["bsa"].value == Bounds(Decimal("1.752"), Decimal("1.752"), unit="m2")
    assert resolve(patient.case, clinic).facts["bsa"].value is None


def test_the_dictionary_and_the_order_of_working_out_know_it(clinic: Guideline) -> None:
    (row,) = [row for row in dictionary(clinic) if row.id == "bsa"]
    assert row.instrument == "body_surface"
    order = [resolution.fact.id for resolution in resolutions(clinic)]
    assert order.index("bsa") > max(order.index("height"), order.index("weight"))


# -- the core set, in the guideline that comes with the package ------------------------------------

CORE: dict[str, Any] = {
    "age": 50,
    "subtype": "pm",
    "physician_global_at_start": 6,
    "physician_global": 3,
    "patient_global_at_start": 7,
    "patient_global": 5,
    "mmt8_scale": 150,
    "mmt8_at_start": 120,
    "mmt8": 138,
    "haq_at_start": "1.5",
    "haq": "0.75",
    "ck_at_start": "3000 U/L",
    "ck": "600 U/L",
    "ck_upper_limit": "200 U/L",
    "extramuscular_activity_at_start": 4,
    "extramuscular_activity": 2,
}


@cache
def aim() -> Guideline:
    return load("aim")


def core(fact: str, **changed: Any) -> FactState:
    case = {name: value for name, value in {**CORE, **changed}.items() if value is not None}
    return state(aim(), fact, case)


def test_scores_become_facts() -> None:
    assert core("imacs_doi_met").value is True
    assert core("tis_minimal").value is True
    assert core("tis_response").value == "major"


def test_an_unverified_constant_is_said_in_the_fact() -> None:
    degree, minimal = core("tis_response").says, core("tis_minimal").says
    assert degree is not None
    assert minimal is not None
    assert "verified: false" in degree.en
    assert "未经核实" in degree.zh
    # Without the measures of unverified range it is at least minimal all the same.
    assert "verified: false" not in minimal.en


def test_cut_offs_of_juveniles_by_subtype_or_age() -> None:
    # 17.5 + 5 + 20 = 42.5: moderate in an adult, minimal in a juvenile.
    less = {
        "haq": "1.5",
        "ck": "3000 U/L",
        "extramuscular_activity": 4,
    }
    assert core("tis_response", **less).value == "moderate"
    assert core("tis_response", **less, age=12).value == "minimal"
    assert core("tis_response", **{**less, "subtype": "jdm", "age": 30}).value == "minimal"
    assert core("tis_response", **{**less, "age": None}).value is None


@pytest.mark.parametrize(
    "missing", ["physician_global", "physician_global_at_start", "mmt8", "mmt8_at_start"]
)
def test_without_the_least_measures_nothing_is_computed(missing: str) -> None:
    for fact in ("imacs_doi_met", "tis_minimal", "tis_response"):
        assert core(fact, **{missing: None}).value is None


def test_another_measure_missing_leaves_what_is_certain() -> None:
    assert core("tis_minimal", extramuscular_activity=None).value is True
    assert core("tis_response", extramuscular_activity=None).value is None
    assert core("tis_response", ck_upper_limit=None).value == "major"


def test_improvement_is_inferred_only_where_both_criteria_agree() -> None:
    assert core("imacs_minimal_improvement").value is True
    assert core("imacs_minimal_improvement").origin == "inferred"
    unchanged = {name: CORE[f"{name}_at_start"] for name in (
        "physician_global", "patient_global", "mmt8", "haq", "ck", "extramuscular_activity"
    )}  # fmt: skip
    assert core("imacs_minimal_improvement", **unchanged).value is False
    # Strength alone: 20 points by the score, one measure of three by the definition.
    differ = {**unchanged, "mmt8": 145}
    assert core("tis_minimal", **differ).value is True
    assert core("imacs_doi_met", **differ).value is False
    assert core("imacs_minimal_improvement", **differ).value is None


def test_a_clinicians_answer_stands_before_the_scores() -> None:
    answered = core("imacs_minimal_improvement", imacs_minimal_improvement="no")
    assert (answered.value, answered.origin) == (False, "given")


def test_improving_is_not_inferred_against_ck_or_strength() -> None:
    assert core("improving", ck=None, mmt8=138).value is True
    assert core("improving", ck="3100 U/L").value is None


MUSCLES = ("deltoid", "biceps", "wrist_extensors", "gluteus_maximus", "gluteus_medius",
           "quadriceps", "ankle_dorsiflexors")  # fmt: skip


def _grades(*sides: str) -> dict[str, int]:
    muscles = {f"strength_{name}_{side}": 9 for side in sides for name in MUSCLES}
    return {"strength_neck_flexors": 8, **muscles}


def test_the_total_is_added_up_from_single_muscles() -> None:
    both = {"mmt8": None, **_grades("right", "left")}
    assert _exact(core("mmt8", **both)) == Decimal(134)
    assert _exact(core("mmt8", **both, mmt8_scale=80, mmt8_at_start=70)) == Decimal(71)
    assert core("mmt8", **both, mmt8_scale=None).value is None
    assert core("mmt8", **both).origin == "inferred"


def test_one_side_alone_gives_bounds_for_both() -> None:
    found = core("mmt8_both_sides_tested", mmt8=None, **_grades("right")).value
    assert found == Bounds(Decimal(71), Decimal(141))


def _exact(found: FactState) -> Decimal | None:
    return found.value.exact if isinstance(found.value, Bounds) else None


def test_a_computed_fact_that_may_be_given_is_its_own_source() -> None:
    assert sources(aim(), "bsa") == ("bsa",)
    assert "mmt8" in sources(aim(), "imacs_doi_met")
    assert "physician_global_at_start" in sources(aim(), "imacs_doi_met")
