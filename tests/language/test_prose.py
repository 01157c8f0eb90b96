"""Prose: what a clinician reads, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given

from myorx.language import Expression, parse, prose
from myorx.language.prose import Language, unit_text
from myorx.language.syntax import Not
from tests.language.generate import expressions
from tests.language.lexicon import SmallLexicon


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        (
            "anti_mda5 and ild",
            "anti-MDA5 positive and interstitial lung disease",
            "抗MDA5抗体阳性且有间质性肺病",
        ),
        ("not anti_mda5", "anti-MDA5 negative", "抗MDA5抗体阴性"),
        ("anti_mda5 = false", "anti-MDA5 negative", "抗MDA5抗体阴性"),
        ("not ild", "not interstitial lung disease", "无间质性肺病"),
        ("not not fever", "fever", "发热"),
        ("ferritin > 500 'ng/mL'", "ferritin > 500 ng/mL", "铁蛋白 > 500 ng/mL"),
        ("not (ferritin > 500 'ng/mL')", "ferritin ≤ 500 ng/mL", "铁蛋白 ≤ 500 ng/mL"),
        ("500 'ng/mL' < ferritin", "ferritin > 500 ng/mL", "铁蛋白 > 500 ng/mL"),
        ("spo2 < 95 '%'", "SpO2 < 95%", "SpO2 < 95%"),
        (
            "crp between 5 'mg/L' and 10 'mg/L'",
            "CRP between 5 and 10 mg/L",
            "CRP介于5与10 mg/L之间",
        ),
        ("sex = 'male'", "sex is male", "性别为男"),
        ("sex != 'male'", "sex is not male", "性别不为男"),
        (
            "phase in {'new', 'relapse', 'refractory'}",
            "phase of treatment is new, relapse or refractory",
            "治疗阶段为初治、复发或难治",
        ),
        (
            "not (phase in {'new', 'relapse'})",
            "phase of treatment is neither new nor relapse",
            "治疗阶段不属于初治、复发",
        ),
        (
            "fever and (anti_mda5 or ulcer)",
            "fever and (anti-MDA5 positive or skin ulcer)",
            "发热且（抗MDA5抗体阳性或皮肤溃疡）",
        ),
        (
            "fever or anti_mda5 and ulcer",
            "fever or (anti-MDA5 positive and skin ulcer)",
            "发热或（抗MDA5抗体阳性且皮肤溃疡）",
        ),
        ("not (fever and ulcer)", "not (fever and skin ulcer)", "非（发热且皮肤溃疡）"),
        ("fever implies ulcer", "if fever then skin ulcer", "若发热则皮肤溃疡"),
        (
            "AtLeast(2, {fever, ulcer, anti_mda5})",
            "at least 2 of: fever; skin ulcer; anti-MDA5 positive",
            "以下至少2项：发热；皮肤溃疡；抗MDA5抗体阳性",
        ),
        (
            "not AtLeast(2, {fever, ulcer}) and ild",
            "(fewer than 2 of: fever; skin ulcer) and interstitial lung disease",
            "（以下不足2项：发热；皮肤溃疡）且有间质性肺病",
        ),
        (
            "days between ild_onset and as_of < 30",
            "less than 30 days from onset of interstitial lung disease to assessment",
            "自间质性肺病起病起至评估日不足30天",
        ),
        (
            "days between ild_onset and as_of between 30 and 60",
            "between 30 and 60 days from onset of interstitial lung disease to assessment",
            "自间质性肺病起病起至评估日介于30与60天之间",
        ),
        (
            "months between ild_onset and as_of >= 1",
            "at least 1 month from onset of interstitial lung disease to assessment",
            "自间质性肺病起病起至评估日至少1个月",
        ),
        (
            "days between ild_onset and as_of < acute_days",
            "days from onset of interstitial lung disease to assessment < the acute limit",
            "自间质性肺病起病起至评估日的天数 < 急性期天数",
        ),
        (
            "ild_onset < @2026-03",
            "onset of interstitial lung disease before 2026-03",
            "间质性肺病起病早于2026-03",
        ),
        ("ferritin is null", "ferritin is unknown", "铁蛋白未知"),
        ("not (ferritin is null)", "ferritin is known", "铁蛋白已知"),
        ("crp * (2 + 1) > 5 'mg/L'", "CRP × (2 + 1) > 5 mg/L", "CRP × (2 + 1) > 5 mg/L"),
    ],
)
def test_prose(text: str, en: str, zh: str) -> None:
    expression = parse(text)
    assert prose(expression, SmallLexicon(), "en") == en
    assert prose(expression, SmallLexicon(), "zh") == zh


@pytest.mark.parametrize(
    ("unit", "printed"),
    [
        ("mm[Hg]", "mmHg"),
        ("[iU]/d", "IU/d"),
        ("10*9/L", "×10⁹/L"),
        ("{cells}/uL", "cells/μL"),
        ("mL/min/{1.73_m2}", "mL/min/1.73 m²"),
        ("mg/m2", "mg/m²"),
        ("ug/L", "μg/L"),
        ("U/mL", "U/mL"),
        ("{score}", "score"),
        ("1", ""),
        ("mg{wet}/kg", "mg/kg"),
        ("mg.h/L", "mg·h/L"),
    ],
)
def test_units_are_printed_as_in_a_report(unit: str, printed: str) -> None:
    assert unit_text(unit) == printed


class _Echo:
    """Names and codes as they are."""

    def label(self, name: str, lang: Language) -> str:  # noqa: ARG002
        return f"<{name}>"

    def phrase(self, name: str, lang: Language, truth: bool) -> str | None:  # noqa: ARG002
        return None

    def code(self, name: str, code: str, lang: Language) -> str:  # noqa: ARG002
        return code


@given(expressions(null_tests=True))
def test_everything_can_be_said(expression: Expression) -> None:
    for lang in ("zh", "en"):
        said = prose(expression, _Echo(), lang)
        denied = prose(Not(expression), _Echo(), lang)
        assert said
        assert said.count("(") == said.count(")")
        assert said.count("（") == said.count("）")
        assert denied != said or said in ("unknown", "未知")
        assert prose(Not(Not(expression)), _Echo(), lang) == said
