"""``myorx ask``: the list of questions, and the interview on a terminal."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from myorx.cli import exits, main
from myorx.cli.layout import WIDTH, columns
from myorx.facts import read_case
from myorx.guideline.load import load

CASE = """
as_of: 2026-11-22
patient: {sex: female, age: 37}
anti_mda5: positive   # a comment
rapidly_progressive_ild: yes
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(words), input=stdin, catch_exceptions=False)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_fits_eighty_columns_and_says_what_it_is(case: Path, lang: str) -> None:
    result = run("ask", str(case), "--lang", lang)
    assert result.exit_code == exits.OK
    assert max(map(columns, result.stdout.splitlines())) <= WIDTH
    said = re.sub(r"\s", "", result.stdout)
    assert ("尚未经临床医生审阅" if lang == "zh" else "notyetreviewedbyclinicians") in said
    assert "pregnancy_lactation_wish" in said


def test_the_list_as_json(case: Path) -> None:
    result = json.loads(run("ask", str(case), "--format", "json").stdout)
    assert result["schema"] == "myorx.questions/1"
    first = result["questions"][0]
    assert first["urgent"] is True
    assert first["answer"]["choices"][0]["id"] == "none"


def test_without_a_case_the_questions_start_from_nothing_but_the_date() -> None:
    assert run("ask").exit_code == exits.REFUSED
    result = run("ask", "--as-of", "2026-11-22", "--format", "json")
    assert len(json.loads(result.stdout)["questions"]) > 10


def test_a_pending_result_is_awaited_and_not_asked() -> None:
    stdin = "as_of: 2026-11-22\nrapidly_progressive_ild: yes\nanti_mda5: pending\n"
    result = json.loads(run("ask", "-", "--format", "json", stdin=stdin).stdout)
    assert "anti_mda5" in [need["fact"] for need in result["awaited"]]
    assert "anti_mda5" not in [question["fact"] for question in result["questions"]]


def test_a_refused_case_lists_its_faults() -> None:
    result = run("ask", "-", stdin="as_of: 2026-11-22\nsex: male\npregnant: yes\n")
    assert result.exit_code == exits.REFUSED
    assert "pregnant" in result.stderr


def test_an_interview_asks_explains_refuses_updates_and_saves(case: Path, tmp_path: Path) -> None:
    saved = tmp_path / "saved.yaml"
    typed = "?\nperhaps\nnone\n\nq\n"
    result = run("ask", str(case), "--interactive", "--save", str(saved), stdin=typed)
    assert result.exit_code == exits.OK
    text = result.stdout
    assert "why unknown: not asked" in text  # the answer to "?"
    assert "! " in text  # "perhaps" is refused with the reader's message
    assert re.search(r"^ +- CHECK NOW", text, re.MULTILINE)  # "none" settles the urgent question
    patient = read_case(saved.read_bytes(), load("aim"))
    assert patient.facts["pregnant"].value is False
    assert patient.facts["anti_mda5"].value is True
    assert patient.facts["age"].given == "37"


def test_where_a_case_cannot_be_saved_is_said_before_the_interview(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere" / "x.yaml")
    result = run("ask", "--as-of", "2026-11-22", "--interactive", "--save", nowhere, stdin="")
    assert result.exit_code == exits.USAGE
    assert "--save" in result.stderr
    assert result.stdout == ""


def test_answers_that_cannot_be_saved_are_not_lost(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    saved = str(tmp_path / "x.yaml")
    result = run("ask", str(case), "--interactive", "--save", saved, stdin="yes\nq\n")
    assert result.exit_code == 1
    assert "No space left" in result.stderr
    assert "as_of: 2026" in result.stdout


def test_an_interview_saves_nothing_unless_asked_to(case: Path, tmp_path: Path) -> None:
    before = case.read_bytes()
    run("ask", str(case), "--interactive", stdin="none\nq\n")
    assert case.read_bytes() == before
    assert list(tmp_path.iterdir()) == [case]


def test_an_interview_goes_on_until_nothing_is_left(case: Path) -> None:
    result = run("ask", str(case), "--interactive", "--lang", "zh", stdin="\n" * 80)
    assert result.exit_code == exits.OK
    assert "没有其他信息能改变方案" in result.stdout
    assert max(map(columns, result.stdout.splitlines())) <= WIDTH


def test_the_history_is_asked_with_what_belongs_to_it(tmp_path: Path) -> None:
    saved = tmp_path / "saved.yaml"
    words = ("ask", "--as-of", "2026-11-22", "--interactive", "--save", str(saved))
    # What is skipped decides what comes next: a walk that skips everything tells its number.
    walk = run(*words, stdin="\n" * 80).stdout
    prompts = re.findall(r"^ +(\w+): *$", walk, flags=re.MULTILINE)
    skipped = "\n" * prompts.index("therapies")
    line = "{drug: prednisone, dose: 60 mg/d, start: 2026-08}"
    result = run(*words, stdin=f"{skipped}{line}\nyes\n[methotrexate]\nq\n")
    assert result.exit_code == exits.OK
    patient = read_case(saved.read_bytes(), load("aim"))
    (therapy,) = patient.case.therapies or ()
    assert (therapy.drug, patient.case.therapies_complete) == ("prednisone", True)
    assert [order.drug for order in patient.case.orders] == ["methotrexate"]


@pytest.mark.parametrize(
    "words",
    [
        ("ask", "-", "--interactive"),
        ("ask", "--interactive", "--format", "json"),
        ("ask", "--save", "x.yaml"),
    ],
)
def test_what_does_not_go_together_is_said(words: tuple[str, ...]) -> None:
    assert run(*words, stdin=CASE).exit_code == exits.USAGE
