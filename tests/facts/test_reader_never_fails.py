"""Whatever comes in, the reader gives a patient or a CaseError, never anything else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from myorx.facts import CaseError, Fault, Mode, read_case
from myorx.guideline.models import Guideline
from myorx.language.values import Bounds

AS_OF = date(2026, 11, 22)
MODES: st.SearchStrategy[Mode] = st.sampled_from(["bedside", "import"])
CASES: list[str] = [
    row["case"]
    for row in YAML(typ="safe", pure=True).load(
        (Path(__file__).parent / "reading.yaml").read_text(encoding="utf-8")
    )
]


def _try(source: Any, guideline: Guideline, mode: Mode, as_of: date | None = AS_OF) -> None:
    refused: tuple[Fault, ...] = ()
    try:
        patient = read_case(source, guideline, as_of=as_of, mode=mode)
    except CaseError as error:
        refused = error.faults
    if refused:
        for fault in refused:
            assert fault.text("zh").encode()
            assert fault.text("en").encode()
        msgspec.json.encode(refused)
        return
    assert list(patient.facts) == list(guideline.facts)
    assert mode == "import" or not patient.refused
    for state in patient.facts.values():
        if isinstance(state.value, Bounds):
            assert state.value.low is not None or state.value.high is not None
    msgspec.json.encode(patient)


@given(source=st.text() | st.binary(), mode=MODES)
@settings(max_examples=250)
def test_any_text(source: str | bytes, mode: Mode, clinic: Guideline) -> None:
    _try(source, clinic, mode)


WORDS = st.sampled_from(
    [
        *("yes 阳性 ± pending 12 mg/L 620 >2000 ng/mL <0.5 2026-03 60 mg qd ongoing 1e5".split()),
        *("12 mg/L|弱阳性|>2000 ng/mL|2026-03-15|60 mg/d|1 mg/(kg·d)|2片 bid|none".split("|")),
        *("0|-1|9e9999|1e-9".split("|")),
        *("\ud800", "\x00", "９" * 500, "⅝", "1" * 29, "@", "{}", "", " ", "-", "?"),
    ]
)
SCALARS: st.SearchStrategy[Any] = (
    WORDS
    | st.text(max_size=12)
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.none()
    | st.dates()
    | st.decimals()
)
NAMES = st.sampled_from(
    [
        *("sex age weight crp ferritin antibody onset smoker children ratio spo2 barren".split()),
        *("性别 年龄 体重 CRP 铁蛋白 抗体 labs lung facts person full_days nonsense".split()),
        *("as_of therapies therapies_complete orders about value unit on unknown".split()),
        *("drug dose start stop route response effective pulse method comparator 药物".split()),
    ]
) | st.text(max_size=6)
DRUGS = st.sampled_from(["prednisone", "MP", "泼尼松", "brake alpha", "泼尼松龙 ", "药膏", "x"])
THERAPIES = st.lists(
    st.dictionaries(NAMES, SCALARS | DRUGS, max_size=5) | DRUGS | SCALARS, max_size=4
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(
    case=st.dictionaries(NAMES, TREES, max_size=10),
    therapies=THERAPIES,
    orders=st.lists(DRUGS, max_size=2),
    mode=MODES,
)
@settings(max_examples=250)
def test_any_tree(
    case: dict[str, Any],
    therapies: list[Any],
    orders: list[str],
    mode: Mode,
    clinic: Guideline,
) -> None:
    _try({"therapies": therapies, "orders": orders, **case}, clinic, mode)


@given(
    case=st.sampled_from(CASES),
    cut=st.integers(0, 200),
    put=st.text(max_size=3) | WORDS,
    mode=MODES,
    as_of=st.sampled_from([AS_OF, None, date.min, date.max]),
)
@settings(max_examples=250)
def test_damaged_cases(
    case: str, cut: int, put: str, mode: Mode, as_of: date | None, clinic: Guideline
) -> None:
    _try(case[:cut] + put + case[cut + len(put) :], clinic, mode, as_of)
