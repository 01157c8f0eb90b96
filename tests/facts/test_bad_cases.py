"""Malformed cases: one clear answer that names every fault, in both languages; never a plan."""

from __future__ import annotations

import re
from collections import defaultdict

import msgspec
import pytest
from click.testing import CliRunner

from myorx import load_guideline
from myorx.cli import exits, main
from myorx.cli.words import word
from myorx.facts import CaseError, read_case
from myorx.facts.faults import MOST_SHOWN
from myorx.facts.messages import MESSAGES
from myorx.guideline.load import load
from myorx.guideline.models import Guideline
from tests.facts.bad_cases import (
    ACCEPTED,
    LANGUAGES,
    REFUSED,
    ROWS,
    SAMPLE,
    TABLES,
    Row,
    refusal,
    said,
)
from tests.facts.test_reading import shown

UNFILLED = re.compile(r"\{[a-z_]+\}")
CHINESE = re.compile("[\u4e00-\u9fff]")
NOT_IN_TABLES = {
    "ambiguous-drug",  # a guideline of its own: test_a_name_that_means_two_is_refused_with_both
    "ambiguous-key",
    "not-text",  # bytes: test_bad_sources.py
    "not-utf-8",
    "too-deep",
    "too-large",
}


@pytest.fixture(scope="module")
def aim() -> Guideline:
    return load()


def test_there_are_enough_and_each_is_there_once() -> None:
    assert len(REFUSED) >= 450
    assert len(SAMPLE) >= 100
    assert len({row.id for row in ROWS}) == len(ROWS)


def test_every_fault_of_the_catalogue_is_provoked() -> None:
    provoked = {code for row in REFUSED for code in row.codes()}
    assert set(MESSAGES) - provoked - {"contradiction"} == NOT_IN_TABLES


@pytest.mark.parametrize("row", REFUSED, ids=lambda row: row.id)
def test_refused(row: Row, aim: Guideline) -> None:
    error = refusal(row, aim)
    assert error is not None, "accepted"
    found: dict[str, list[str]] = defaultdict(list)
    for fault in error.faults:
        found[fault.path].append(fault.code)
    assert dict(found) == row.refused, str(error)
    for fault in error.faults:
        assert fault.remedy is not None
        for lang in LANGUAGES:
            text = fault.text(lang)
            assert text.isprintable()
            assert not UNFILLED.search(text)
        assert CHINESE.search(fault.message.zh)


@pytest.mark.parametrize("row", ACCEPTED, ids=lambda row: row.id)
def test_accepted(row: Row, aim: Guideline) -> None:
    patient = read_case(row.case, aim, as_of=row.as_of)
    assert {name: shown(patient.facts[name]) for name in row.facts} == row.facts


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_said(lang: str, aim: Guideline) -> None:
    """`python -m tests.facts.bad_cases` writes it again; read what changed."""
    found = {}
    for row in SAMPLE:
        error = refusal(row, aim)
        assert error is not None
        found[row.id] = error.lines(lang)
    assert found == said(lang)


# The command reads other people's formats itself; only the case reader refuses them.
HOUSE = [index for index, row in enumerate(SAMPLE) if ["fhir-given"] not in row.refused.values()]


@pytest.mark.parametrize("index", HOUSE, ids=lambda index: SAMPLE[index].id)
def test_the_command_says_the_same_and_no_plan(index: int) -> None:
    row, lang = SAMPLE[index], LANGUAGES[index % 2]
    words = ["plan", "-", "--lang", lang]
    if row.as_of is not None:
        words += ["--as-of", row.as_of.isoformat()]
    result = CliRunner().invoke(main, words, input=row.case.encode("utf-8", "surrogatepass"))
    assert result.exit_code == exits.REFUSED
    assert isinstance(result.exception, SystemExit)  # refused, not broken
    assert result.stdout == ""
    lines = [f"  {line}" for line in said(lang)[row.id]]
    assert result.stderr.splitlines() == [word("refusal", lang), *lines]


def test_the_api_gives_no_plan_either() -> None:
    guideline = load_guideline("aim")
    for row in SAMPLE:
        with pytest.raises(CaseError):
            guideline.plan(row.case, as_of=row.as_of)


def test_every_table_says_what_it_is_about() -> None:
    for table in TABLES.glob("*.yaml"):
        assert table.read_text(encoding="utf-8").startswith("# ")


# -- near misses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("泼尼送", {"prednisone", "prednisolone"}),
        ("泼尼", {"prednisone", "prednisolone", "methylprednisolone"}),
        ("泼尼龙", {"prednisolone", "methylprednisolone"}),
        ("甲泼松龙", {"methylprednisolone"}),
        ("甲泼尼", {"methylprednisolone"}),
        ("prednisolon", {"prednisolone", "prednisone"}),
        ("methylprednisone", {"methylprednisolone"}),
        ("CXT", {"cyclophosphamide"}),
        ("CAS", {"ciclosporin"}),
        ("MXT", {"methotrexate"}),
        ("环胞素", {"ciclosporin"}),
        ("环磷酰", {"cyclophosphamide"}),
        ("甲氨喋岭", {"methotrexate"}),
    ],
)
def test_a_drug_that_is_almost_named_is_listed_and_never_taken(
    typed: str, listed: set[str], aim: Guideline
) -> None:
    with pytest.raises(CaseError) as refused:
        read_case({"as_of": "2026-11-22", "therapies": [typed], "orders": [typed]}, aim)
    for fault in refused.value.faults:
        assert fault.code == "unknown-drug"
        assert fault.remedy is not None
        for drug in listed:
            assert aim.drugs[drug].names.zh in fault.remedy.zh
            assert aim.drugs[drug].names.en in fault.remedy.en


def test_a_name_that_means_two_is_refused_with_both(clinic: Guideline) -> None:
    """No guideline of ours has such a name; `check` would find it."""
    doubled = msgspec.structs.replace(
        clinic,
        facts={
            name: msgspec.structs.replace(fact, also=("the one",))
            if name in ("age", "weight")
            else fact
            for name, fact in clinic.facts.items()
        },
        drugs={
            name: msgspec.structs.replace(drug, also=("P",))
            if name in ("prednisone", "prednisolone")
            else drug
            for name, drug in clinic.drugs.items()
        },
    )
    with pytest.raises(CaseError) as refused:
        read_case({"as_of": "2026-11-22", "the one": 60, "therapies": ["P"]}, doubled)
    key, drug = refused.value.faults
    assert (key.code, drug.code) == ("ambiguous-key", "ambiguous-drug")
    assert key.allowed is not None
    assert "age" in key.allowed.en
    assert "weight" in key.allowed.en
    assert drug.allowed is not None
    assert "泼尼松龙" in drug.allowed.zh


def test_of_very_many_faults_the_first_are_shown_and_the_others_counted(aim: Guideline) -> None:
    many = 10_000
    case = "".join(f"nonsense{number}: 1\n" for number in range(many))
    with pytest.raises(CaseError) as refused:
        read_case(f"as_of: 2026-11-22\n{case}", aim)
    assert len(refused.value.faults) == many
    zh, en = (refused.value.lines(lang) for lang in LANGUAGES)
    assert len(zh) == len(en) == MOST_SHOWN + 1
    assert en[-1] == "… and 9,950 more"
    assert zh[-1] == "……另有 9,950 处"
    assert len(str(refused.value)) < 20_000
