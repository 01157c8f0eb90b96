"""The words of the reports, and what the mappings of the guideline name."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from myorx.exchange import words
from myorx.exchange.words import note
from myorx.guideline.check.mappings import check_mappings
from myorx.guideline.layout import MAPPING
from myorx.guideline.load import GUIDELINES
from myorx.guideline.mapping import load_mappings
from myorx.guideline.models import Guideline
from myorx.guideline.positions import Positions

CODE = Path(words.__file__).parent
ENTRIES = words._words()


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", sorted(ENTRIES))
def test_both_languages_take_the_same_words(code: str) -> None:
    entry = ENTRIES[code]
    assert entry["zh"].strip()
    assert entry["en"].strip()
    assert fields(entry["zh"]) == fields(entry["en"])
    assert not re.search(r"[\u4e00-\u9fff]", entry["en"])


def test_the_code_asks_for_all_of_them_and_no_other() -> None:
    ours = [path for path in CODE.rglob("*.py") if "service" not in path.parts]  # has its own words
    cli = CODE.parent / "cli" / "import_command.py"
    text = "\n".join(path.read_text(encoding="utf-8") for path in (*ours, cli))
    asked = set(re.findall(r'\bnote\(\s*"([a-z0-9_]+)"', text))
    mentioned = set(re.findall(r'"([a-z0-9_]+)"', text))
    assert asked <= ENTRIES.keys()
    assert ENTRIES.keys() <= mentioned


def test_what_comes_from_outside_is_cut_to_one_line() -> None:
    said = note("kind", kind="x\n" * 500).says.en
    assert len(said) < 200
    assert "\n" not in said


def test_the_mappings_of_the_guideline_name_what_there_is(guideline: Guideline) -> None:
    mappings, positions = load_mappings(GUIDELINES / "aim")
    assert {each.id for each in mappings} == {"fhir", "snomed"}
    assert not check_mappings(mappings, guideline, positions)
    assert MAPPING.patterns == ("mappings/*.yaml",)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("facts: [{fact: no_fact, codes: {loinc: ['1']}}]", "unknown-fact"),
        ("facts: [{fact: sex, value: yes please, codes: {loinc: ['1']}}]", "unknown-value"),
        ("facts: [{fact: ild, onset: nowhere, codes: {loinc: ['1']}}]", "unknown-fact"),
        (
            "facts: [{fact: ild, answers: {'loinc|x': maybe}, codes: {loinc: ['1']}}]",
            "unknown-value",
        ),
        ("facts: [{fact: ck, above: '3', codes: {loinc: ['1']}}]", "unfit-above"),
        ("facts: [{fact: ck, codes: {nobody: ['1']}}]", "unknown-system"),
        ("drugs: [{drug: no_drug, codes: {loinc: ['1']}}]", "unknown-drug"),
        ("answers: [{says: positive, codes: {nobody: ['1']}}]", "unknown-system"),
    ],
)
def test_faults_of_mappings(row: str, code: str, guideline: Guideline, tmp_path: Path) -> None:
    (tmp_path / "mappings").mkdir()
    text = f"id: m\nabout: {{zh: 甲, en: a}}\nsystems: {{loinc: [x]}}\n{row}\n"
    (tmp_path / "mappings" / "m.yaml").write_text(text, encoding="utf-8")
    mappings, positions = load_mappings(tmp_path)
    (problem,) = check_mappings(mappings, guideline, positions)
    assert problem.code == code
    assert problem.line == 4


def test_a_mapping_that_names_nothing_has_no_fault(guideline: Guideline) -> None:
    assert check_mappings((), guideline, Positions()) == ()
