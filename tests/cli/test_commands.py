"""The command as people use it: files in, text or JSON out, exit codes, refusals."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from myorx.cli import exits, main
from myorx.cli.layout import WIDTH, columns

CASE = """
as_of: 2026-11-22
sex: female
age: 37
subtype: dm
anti_mda5: positive
ild: yes
respiratory_worsening_1mo: yes
hrct_progression_1mo: yes
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(words), input=stdin, catch_exceptions=False)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_plan_fits_eighty_columns_and_its_headline_one_screen(case: Path, lang: str) -> None:
    result = run("plan", str(case), "--lang", lang)
    assert result.exit_code == exits.OK
    lines = result.stdout.splitlines()
    assert max(map(columns, lines)) <= WIDTH
    first, second = [n for n, line in enumerate(lines) if line.startswith("───")]
    assert second - first <= 34


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_output_says_version_review_and_purpose(case: Path, lang: str) -> None:
    text = run("plan", str(case), "--lang", lang).stdout
    explained = run("explain", str(case), "triple_therapy", "--lang", lang).stdout
    for output in (text, explained):
        said = re.sub(r"\s", "", output)
        assert re.search(r"aim\d+\.\d+\.\d+", said)
        assert ("尚未经临床医生审阅" if lang == "zh" else "notyetreviewedbyclinicians") in said
        assert ("专业人员" if lang == "zh" else "Decisionsupportforprofessionals") in said


def test_the_same_case_gives_the_same_bytes_from_a_file_and_from_standard_input(case: Path) -> None:
    from_file = run("plan", str(case), "--format", "json").stdout_bytes
    from_stdin = run("plan", "-", "--format", "json", stdin=CASE).stdout_bytes
    assert from_file == from_stdin
    assert json.loads(from_file)["schema"] == "myorx.plan/1"


def test_a_refused_case_lists_every_fault_and_prints_no_plan() -> None:
    stdin = "as_of: 2026-11-22\nsex: male\npregnant: yes\nspo2: 9500 %\ncrp: 8\nferritn: 3 ng/mL\n"
    result = run("plan", "-", stdin=stdin)
    assert result.exit_code == exits.REFUSED
    assert result.stdout == ""
    for words in ("pregnant", "9500", "crp", "unit", "ferritn", "ferritin"):
        assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_without_a_date_the_case_is_refused_and_today_is_never_assumed() -> None:
    result = run("plan", "-", stdin="sex: female\n")
    assert result.exit_code == exits.REFUSED
    assert "as_of" in result.stderr


def test_a_setting_changes_the_plan_and_stands_in_the_receipt(case: Path) -> None:
    result = run("plan", str(case), "--format", "json", "--set", "several_means=3")
    assert json.loads(result.stdout)["receipt"]["settings"]["several_means"] == "3"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("plan", "no-such-file.yaml"), "cannot read"),
        (("plan", "-", "--as-of", "22.11.2026"), "2026-11-22"),
        (("plan", "-", "--set", "several_means"), "NAME=VALUE"),
        (("show", "S5.999"), "S5."),
        (("facts", "feritin"), "ferritin"),
        (("check", "no-such-folder"), "aim"),
        (("test", "no-such-vignette"), "no-such-vignette"),
    ],
)
def test_a_wrong_word_is_answered_with_what_is_allowed(words: tuple[str, ...], said: str) -> None:
    result = run(*words, stdin=CASE)
    assert result.exit_code == exits.USAGE
    assert said in result.stderr


def test_an_unknown_subject_is_answered_with_the_nearest(case: Path) -> None:
    result = run("explain", str(case), "triple_therapie")
    assert result.exit_code == exits.USAGE
    assert "triple_therapy" in result.stderr


def test_an_unknown_setting_is_refused_with_the_nearest(case: Path) -> None:
    result = run("plan", str(case), "--set", "several_mean=3")
    assert result.exit_code == exits.GUIDELINE
    assert "several_means" in result.stderr


def test_explain_says_why_why_not_and_what_would_change_it(case: Path) -> None:
    text = run("explain", str(case), "triple_therapy").stdout
    for heading in ("WHY", "STILL OPEN", "WHAT WOULD CHANGE IT", "SOURCES"):
        assert heading in text


def test_show_gives_a_statement_with_its_rules_and_sources() -> None:
    text = run("show", "S5.23").stdout
    assert "常常需要" in text
    assert "ild_induction" in text
    assert "Tsuji" in text


@pytest.mark.parametrize("item", ["ferritin_unit", "methotrexate", "ild_induction", "rp_ild", "47"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_show_knows_every_kind_of_item(item: str, lang: str) -> None:
    result = run("show", item, "--lang", lang)
    assert result.exit_code == exits.OK
    assert max(map(columns, result.stdout.splitlines())) <= WIDTH


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_facts_lists_the_dictionary_and_says_why_a_unit_is_refused(lang: str) -> None:
    assert "anti_mda5" in run("facts", "--lang", lang).stdout
    one = run("facts", "ferritin", "--lang", lang).stdout
    assert "mg/dL" in one
    rows = json.loads(run("facts", "--format", "json").stdout)
    assert {"id", "label", "type"} <= set(rows[0])


def test_the_package_s_own_guideline_passes_check_and_test() -> None:
    assert run("check").exit_code == exits.OK
    result = run("test")
    assert result.exit_code == exits.OK
    assert re.search(r"^\d+ passed, 0 failed$", result.stdout, re.MULTILINE)
