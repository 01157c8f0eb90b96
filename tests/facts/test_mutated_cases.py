"""Real cases, damaged: each is refused with reasons or is a patient, and reading loses nothing."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myorx.facts import CaseError, Patient, read_case, resolve
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import load_vignettes
from myorx.plan import make_plan

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def _valid() -> Iterator[dict[str, Any]]:
    for vignette in load_vignettes(GUIDELINES / "aim")[0]:
        if not vignette.expect.refused:
            yield {"as_of": vignette.as_of.isoformat(), **vignette.case}


CASES = list(_valid())
TEXTS = [path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.yaml"))]
TEXTS += [json.dumps(case, ensure_ascii=False, indent=1, default=str) for case in CASES[::20]]
cases = st.integers(0, len(CASES) - 1).map(CASES.__getitem__)
texts = st.sampled_from(TEXTS)

SNIPPETS = st.sampled_from(
    [
        *": , - [ ] { } \" ' # & * ! | > % @ ` ? ~ ： ， “ ” 　 × ± → \\ / < =".split(" "),
        *"\n|\n\n|\t|  |\r\n|: |- |--- \n|\n---\n|&a |*a|!!int |>>|1e999|NaN|-|−|0".split("|"),
        *"\x00 \x1b \u202e \u200b \ufeff \ud800 😀 ９ μ 待回报 null yes 2026-02-30 9999 x".split(
            " "
        ),
        "9" * 400,
    ]
)
VALUES: st.SearchStrategy[Any] = (
    SNIPPETS
    | st.sampled_from(["8", "8 mg/L", "-1 kg", "yes", "弱阳性", "unknown", "2026", "2027-01-01"])
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.lists(st.integers(), max_size=2)
    | st.dictionaries(st.sampled_from(["value", "unit", "on", "drug", "x"]), SNIPPETS, max_size=2)
)


@pytest.fixture(scope="module")
def aim() -> Guideline:
    return load()


def _read(source: Any, guideline: Guideline) -> Patient | None:
    """The patient; None where the case is refused, with reasons that can be printed."""
    patient, refused = None, None
    try:
        patient = read_case(source, guideline)
    except CaseError as error:
        refused = error
    if refused is not None:
        assert refused.faults
        for lang in ("zh", "en"):
            for line in refused.lines(lang):
                assert line.isprintable()
    if patient is not None:
        assert list(patient.facts) == list(guideline.facts)
    return patient


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Each container inside a case with each of its keys or positions."""
    children = node.items() if isinstance(node, dict) else enumerate(node)
    for key, child in list(children):
        yield node, key
        if isinstance(child, dict | list):
            yield from _places(child)


@given(data=st.data(), case=cases, changes=st.integers(1, 3))
@settings(max_examples=400)
def test_damaged_values_and_keys(
    data: st.DataObject, case: dict[str, Any], changes: int, aim: Guideline
) -> None:
    damaged = copy.deepcopy(case)
    for _ in range(changes):
        places = list(_places(damaged))
        if not places:
            break
        node, key = places[data.draw(st.integers(0, len(places) - 1))]
        match data.draw(st.sampled_from(["value", "wrap", "key", "drop"])):
            case "value":
                node[key] = data.draw(VALUES)
            case "wrap":
                node[key] = [node[key]] if data.draw(st.booleans()) else {"value": node[key]}
            case "key" if isinstance(node, dict):
                node[f"{key}{data.draw(SNIPPETS)}"] = node.pop(key)
            case _:
                del node[key]
    _read(damaged, aim)


@given(data=st.data(), text=texts, changes=st.integers(1, 4))
@settings(max_examples=400)
def test_damaged_texts(data: st.DataObject, text: str, changes: int, aim: Guideline) -> None:
    for _ in range(changes):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.sampled_from([0, 0, 1, 2, 10, 80])))
        match data.draw(st.sampled_from(["put", "cut", "twice", "line"])):
            case "put":
                text = text[:start] + data.draw(SNIPPETS) + text[end:]
            case "cut":
                text = text[:start] + text[end:]
            case "twice":
                text = text[:end] + text[start:]
            case _:
                lines = text.splitlines(keepends=True) or [""]
                lines.insert(start % len(lines), data.draw(st.sampled_from(lines)))
                text = "".join(lines)
    source = text if data.draw(st.booleans()) else text.encode("utf-8", "surrogatepass")
    _read(source, aim)


@given(data=st.data(), text=texts, encoding=st.sampled_from(["gb18030", "utf-16", "big5"]))
@settings(max_examples=60)
def test_other_encodings(data: st.DataObject, text: str, encoding: str, aim: Guideline) -> None:
    source = text.encode(encoding, "replace")
    start = data.draw(st.integers(0, len(source)))
    _read(text.encode()[:start] + source[start:], aim)


@given(case=cases)
@settings(max_examples=60)
def test_what_was_read_gives_the_same_facts_again(case: dict[str, Any], aim: Guideline) -> None:
    patient = _read(case, aim)
    assert patient is not None
    again = resolve(patient.case, aim)
    assert again == patient
    from_json = _read(json.dumps(case, ensure_ascii=False, default=str), aim)
    assert from_json is not None
    assert msgspec.structs.replace(from_json, case=patient.case) == patient


@given(data=st.data(), case=cases)
@settings(max_examples=40)
def test_a_case_that_is_accepted_after_damage_has_a_plan(
    data: st.DataObject, case: dict[str, Any], aim: Guideline
) -> None:
    damaged = copy.deepcopy(case)
    places = list(_places(damaged))
    node, key = places[data.draw(st.integers(0, len(places) - 1))]
    node[key] = data.draw(VALUES)
    patient = _read(damaged, aim)
    if patient is not None:
        assert make_plan(aim, patient).schema == "myorx.plan/1"
