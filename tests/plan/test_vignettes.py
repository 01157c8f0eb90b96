"""The vignette runner: what is met passes, and every difference is listed with its place."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import Expectation, Vignette, load_vignettes
from myorx.plan import Planner
from myorx.plan.vignettes import run_vignette, run_vignettes
from tests.plan.conftest import AS_OF, FOLDER, with_note

SEVERE = {
    "sex": "female",
    "age": 37,
    "weight": "60 kg",
    "ill": True,
    "severe": True,
    "marker": True,
}


def test_vignettes_that_are_met_pass(guideline: Guideline) -> None:
    outcomes = run_vignettes(guideline, FOLDER)
    assert [str(outcome) for outcome in outcomes] == ["severe_woman: passed", "impossible: passed"]
    assert outcomes[1].plan is None


def test_only_those_named(guideline: Guideline) -> None:
    (outcome,) = run_vignettes(guideline, FOLDER, ["impossible"])
    assert outcome.vignette.id == "impossible"


def _run(planner: Planner, case: dict[str, Any], **expect: Any) -> list[str]:
    vignette = Vignette(
        id="x",
        title=planner.guideline.manifest.title,
        source="boundary",
        as_of=AS_OF,
        case=case,
        expect=msgspec.convert(expect, Expectation),
    )
    return [str(difference) for difference in run_vignette(planner, vignette, None).differences]


@pytest.mark.parametrize(
    ("expect", "difference"),
    [
        ({"outside": True}, "outside: expected true, found false"),
        (
            {"decisions": {"induction": {"status": "open"}}},
            "decisions.induction._status: expected open, found live",
        ),
        (
            {"decisions": {"induction": {"gaps": ["no_marker"]}}},
            "decisions.induction._gaps[0]: expected no_marker, found none",
        ),
        (
            {"decisions": {"induction": {"candidates": {"triple": {"status": "option"}}}}},
            "decisions.induction.triple: expected option, found blocked",
        ),
        (
            {"decisions": {"induction": {"candidates": {"triple": {"parts": {"beta": "clear"}}}}}},
            "decisions.induction.triple.parts.beta: expected clear, found blocked",
        ),
        (
            {"decisions": {"start": {"candidates": {"start_alpha": {"status": "option"}}}}},
            "decisions.start.start_alpha: expected option, found absent",
        ),
        ({"drugs": {"beta": "clear"}}, "drugs.beta: expected clear, found blocked"),
        (
            {
                "decisions": {
                    "induction": {"candidates": {"nothing": {"reasons": {"severe": "false"}}}}
                }
            },
            "decisions.induction.nothing.reasons.severe: expected false, found true",
        ),
        (
            {"hazards": {"beta": {"pregnant": "false"}}},
            "hazards.beta.pregnant: expected false, found unknown",
        ),
        (
            {"hazards": {"epsilon": {"marker": "unknown"}}},
            "hazards.epsilon.marker: expected unknown, found true",
        ),
        (
            {"hazards": {"beta": {"marker": "true"}}},
            "hazards.beta.marker: expected true, found absent",
        ),
        (
            {"hazards": {"salt": {"marker": "true"}}},
            "hazards.salt.marker: expected true, found absent",
        ),
        (
            {"alerts": {"dangerous": "possible"}},
            "alerts.dangerous: expected possible, found critical",
        ),
        ({"advice": {"salt": "absent"}}, "advice.salt: expected absent, found do"),
        ({"advice": {"salt": "withheld"}}, "advice.salt: expected withheld, found do"),
        ({"doses": {"beta": "1 mg/d"}}, "doses.beta: expected 1 mg/d, found absent"),
        ({"needs": ["sex"]}, "needs[0]: expected sex, found pregnant, wish, lab, fever, form"),
        ({"needs_not": ["wish"]}, "needs_not[0]: expected not to ask wish, found asked"),
        ({"facts": {"age": "38"}}, "facts.age: expected 38, found 37"),
        ({"findings": {"several": "true"}}, "findings.several: expected true, found unknown"),
        ({"cites": ["S9.9"]}, "cites[0]: expected S9.9, found S0.1"),
        ({"disputes": ["no"]}, "disputes[0]: expected no, found cap"),
        ({"headline_has": {"en": ["nowhere"]}}, "headline_has.en[0]: expected 'nowhere'"),
        ({"headline_lacks": {"zh": ["危急"]}}, "headline_lacks.zh[0]: expected no '危急'"),
        ({"refused": ["bad"]}, "refused: expected bad, found accepted"),
    ],
)
def test_each_kind_of_difference(planner: Planner, expect: dict[str, Any], difference: str) -> None:
    (found,) = _run(planner, SEVERE, **expect)
    assert found.startswith(difference)


def test_a_note_is_expected_by_its_condition(guideline: Guideline) -> None:
    """Unknown shows it too; a patient whom it is not about does not get it."""
    planner = Planner(with_note(guideline))
    case = {**SEVERE, "orders": ["beta"]}
    assert not _run(planner, case, notes={"beta": {"pregnant": "shown"}})
    not_pregnant = {**case, "pregnant": False}
    (found,) = _run(planner, not_pregnant, notes={"beta": {"pregnant": "shown"}})
    assert found == "notes.beta.pregnant: expected shown, found absent"
    (unknown,) = _run(planner, case, notes={"beta": {"marker": "absent", "pregnant": "absent"}})
    assert unknown == "notes.beta.pregnant: expected absent, found shown"


def test_all_differences_at_once(planner: Planner) -> None:
    assert len(_run(planner, SEVERE, outside=True, drugs={"beta": "clear"}, cites=["S9.9"])) == 3


def test_a_refusal_that_was_not_expected(planner: Planner) -> None:
    (found,) = _run(planner, {"weight": "9500 kg"}, outside=False)
    assert found == "refused: expected the case to be accepted, found refused: implausible"


def test_differences_point_into_the_file(guideline: Guideline, tmp_path: Any) -> None:
    (tmp_path / "vignettes").mkdir()
    source = (FOLDER / "vignettes" / "severe.yaml").read_text(encoding="utf-8")
    wrong = source.replace("double: option", "double: excluded")
    (tmp_path / "vignettes" / "severe.yaml").write_text(wrong, encoding="utf-8")
    outcome = run_vignettes(guideline, tmp_path)[0]
    line = 1 + source[: source.index("double: option")].count("\n")
    assert outcome.places == (f"vignettes/severe.yaml:{line}",)
    assert not outcome.passed
    assert f"vignettes/severe.yaml:{line}: decisions.induction.double" in str(outcome)


def test_topics_order_and_gaps_are_compared(guideline: Guideline) -> None:
    """A wrong word in each of them is a difference, with where it stands."""
    vignette = load_vignettes(FOLDER)[0][0]
    planner = Planner(guideline)
    plan = run_vignette(planner, vignette, None).plan
    assert plan is not None
    decision = next(one for one in plan.decisions if len(one.candidates) > 1)
    stated = guideline.decisions[decision.id].gaps
    shown = {gap.id: gap.value for gap in decision.gaps}
    order = [one.id for one in decision.candidates]
    gaps = {gap.id: shown.get(gap.id, "false") for gap in stated}
    topics = {drug.id: list(drug.not_covered) for drug in plan.drugs}

    def paths(order: list[str], gaps: dict[str, str], topics: dict[str, list[str]]) -> set[str]:
        expect = {"decisions": {decision.id: {"order": order, "gaps_are": gaps}}, "topics": topics}
        changed = msgspec.structs.replace(vignette, expect=msgspec.convert(expect, Expectation))
        found = run_vignette(planner, changed, None).differences
        return {one.path for one in found}

    assert paths(order, gaps, topics) == set()
    wrong = paths(
        order[::-1],
        dict.fromkeys(gaps, "unknown"),
        {name: ["other"] for name in topics},
    )
    here = f"decisions.{decision.id}"
    expected = {f"{here}._order", *(f"{here}._gaps_are.{id_}" for id_ in gaps)}
    assert wrong == expected | {f"topics.{name}" for name in topics}
