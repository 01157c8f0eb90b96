"""The first screen: short, gravest first, generated."""

from __future__ import annotations

from typing import Any

import pytest

from myorx.guideline.texts import Text
from myorx.plan.headline import LINES, Draft, _fitted
from myorx.plan.model import Line
from tests.plan import look
from tests.plan.conftest import PlanOf

SEVERE = {"ill": True, "severe": True, "marker": True, "age": 37, "weight": 60}
TRIPLE = "“often needs”: triple regimen = alpha + calming drug (delta) + IV beta"
DOUBLE = "double regimen = alpha 60 mg/d = 12 × 5 mg (1 mg/kg/d × 60 kg) + calming drug"
CASES: list[dict[str, Any]] = [
    {},
    {"ill": True},
    {"ill": True, "severe": True},
    {**SEVERE, "sex": "female"},
    {**SEVERE, "sex": "female", "pregnant": True},
    {**SEVERE, "sex": "female", "pregnant": False, "wish": True},
    {**SEVERE, "sex": "male"},
    {"form": "other", "pregnant": True, "therapies": [{"drug": "beta"}]},
]


@pytest.mark.parametrize("facts", CASES)
def test_at_most_twelve_lines_in_both_languages(plan_of: PlanOf, facts: dict[str, Any]) -> None:
    lines = plan_of(**facts).headline
    assert 1 <= len(lines) <= LINES
    for line in lines:
        assert len(line.says.en) <= 300
        assert line.says.zh.strip()
        assert line.says.en.strip()
        assert "  " not in line.says.en


def test_the_whole_screen_of_the_severe_case(plan_of: PlanOf) -> None:
    plan = plan_of(**SEVERE, sex="female")
    assert look.headline(plan).splitlines() == [
        "CRITICAL: dangerous course",
        f"Dangerous course → source {TRIPLE}; doses not stated in the source",
        "CHECK NOW: pregnancy? wish for children? (decides beta)",
        "IV beta: on hold until checked; alpha, calming drug need not wait [inferred]",
        f"May also: {DOUBLE}; other doses not stated in the source",
        "Rescue: exchange, only after: the triple regimen failed",
        "Not advised: epsilon alone (epsilon: marker positive); watch (severe, “not recommended”)",
        "Also do: supplement",
        "If it applies: fever? → watch the temperature",
        "NOT IN THE SOURCE: infection screening; contraception. Check label and local policy",
    ]
    assert look.headline(plan, "zh").splitlines()[:4] == [
        "【危急】危重病程",
        "危重→文献「常常需要」三联＝甲药+镇静类（丁药）+静脉用乙药；剂量文献未给出",
        "【立即核实】妊娠？生育需求？（决定乙药）",
        "静脉用乙药须待核实；甲药、镇静类不因此等待［推断］",
    ]


def test_what_the_source_wants_but_is_excluded_is_said(plan_of: PlanOf) -> None:
    plan = plan_of(**SEVERE, sex="female", pregnant=True)
    assert "Source “often needs”: triple regimen, excluded here: beta: pregnant" in look.headline(
        plan
    )


def test_few_facts_give_a_short_useful_screen(plan_of: PlanOf) -> None:
    plan = plan_of(ill=True)
    text = look.headline(plan)
    assert len(plan.headline) <= 6
    assert plan.headline[0].says.en.startswith("Ask next: ")
    for drug in ("beta", "gamma", "epsilon"):
        assert drug not in text
    assert "hold" not in text


def test_alerts_come_first_and_are_never_dropped() -> None:
    def draft(kind: Any, number: int) -> Draft:
        text = Text(zh=f"<{kind}{number}>", en=f"<{kind}{number}>")
        return Draft(Line(kind, text, cites=(f"S{number}",)), text)

    kinds = ("alert", "plan", "check", "option", "not_advised", "advice", "gap")
    drafts = [draft(kind, number) for kind in kinds for number in range(5)]
    fitted = _fitted(list(drafts))
    assert len(fitted) <= LINES
    text = "\n".join(item.line.says.en for item in fitted)
    for number in range(5):
        assert f"<alert{number}>" in text
    assert all(f"<{kind}{number}>" in text for kind in kinds for number in range(5))
    assert {cite for item in fitted for cite in item.line.cites} == {f"S{n}" for n in range(5)}
    assert fitted[0].line.kind == "alert"
