"""``check --coverage``, ``test --coverage``, ``diff``: text and JSON, languages, exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from myorx.cli import exits, main
from myorx.cli.layout import WIDTH, columns
from myorx.guideline.compiled import write

HERE = Path(__file__).resolve().parent.parent
THROAT = HERE / "guideline" / "good" / "throat"
PAPER = HERE / "guideline" / "good" / "throat_paper.txt"
INVENTED = HERE / "plan" / "guideline"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def fits(result: Result) -> bool:
    return max(map(columns, result.stdout.splitlines())) <= WIDTH


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    folder = tmp_path / "changed"
    shutil.copytree(INVENTED, folder)
    path = folder / "drugs" / "epsilon.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("exclude: marker", "exclude: not marker"), encoding="utf-8")
    return folder


# -- check --coverage --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ("已编码", "待编码", "合计")), ("en", ("encoded", "pending", "all"))],
)
def test_the_ledger_by_section(lang: str, words: tuple[str, ...]) -> None:
    result = run("check", THROAT, "--coverage", "--lang", lang)
    assert result.exit_code == exits.OK
    assert all(word in result.stdout for word in words)
    assert "--paper" in result.stdout
    assert ["§1", "8", "1", "1", "1", "0", "11"] in [
        line.split() for line in result.stdout.splitlines()
    ]
    assert fits(result)


def test_every_statement_on_demand() -> None:
    short = run("check", THROAT, "--coverage")
    long = run("check", THROAT, "--coverage", "--verbose")
    assert "S1.3" not in short.stdout
    assert "S1.3" in long.stdout
    assert fits(long)


def test_a_complete_source_is_no_fault_and_a_sentence_without_statement_is(tmp_path: Path) -> None:
    whole = run("check", THROAT, "--coverage", "--paper", PAPER)
    assert whole.exit_code == exits.OK
    assert "7 of the 7" in whole.stdout
    longer = tmp_path / "paper.txt"
    longer.write_text(PAPER.read_text(encoding="utf-8") + "\n新的一句。\n", encoding="utf-8")
    lacking = run("check", THROAT, "--coverage", "--paper", longer)
    assert lacking.exit_code == exits.FAULTS
    assert "7 of the 8" in lacking.stdout
    assert "新的一句" in lacking.stdout


def test_coverage_as_json() -> None:
    result = run("check", THROAT, "--coverage", "--paper", PAPER, "--format", "json")
    document = json.loads(result.stdout)
    assert document["schema"] == "myorx.coverage/1"
    (section,) = document["sections"]
    assert section["total"] == len(section["statements"]) == sum(section["counts"].values())
    assert document["source"] == {"sentences": 7, "unaccounted": [], "misplaced": []}
    without = json.loads(run("check", THROAT, "--coverage", "--format", "json").stdout)
    assert without["source"] is None


def test_check_itself_looks_up_the_anchors_in_the_paper(tmp_path: Path) -> None:
    assert run("check", THROAT, "--paper", PAPER).exit_code == exits.OK
    other = tmp_path / "paper.txt"
    other.write_text("另一篇。", encoding="utf-8")
    result = run("check", THROAT, "--paper", other)
    assert result.exit_code == exits.FAULTS
    assert "not-in-source" in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("check", THROAT, "--verbose"),
        ("check", THROAT, "--format", "json"),
        ("check", THROAT, "--coverage", "--paper", "no-such-file"),
        ("test", "--format", "json", "--guideline", INVENTED),
        ("test", "--coverage", "--guideline", INVENTED, "no_such_vignette"),
        ("diff", INVENTED),
    ],
)
def test_wrong_words_are_refused(words: tuple[str | Path, ...]) -> None:
    result = run(*words)
    assert result.exit_code == exits.USAGE
    assert result.stdout == ""


# -- test --coverage ---------------------------------------------------------------------------


@pytest.mark.parametrize(("lang", "words"), [("zh", "从未为真"), ("en", "never true")])
def test_what_no_vignette_exercises_is_listed_and_is_a_fault(lang: str, words: str) -> None:
    result = run("test", "--coverage", "--guideline", INVENTED, "--lang", lang)
    assert result.exit_code == exits.FAULTS
    assert "delta caution: thrombosis" in result.stdout
    assert words in result.stdout
    assert fits(result)


def test_what_is_exercised_as_json_says_by_which_vignette() -> None:
    result = run("test", "--coverage", "--guideline", INVENTED, "--format", "json")
    document = json.loads(result.stdout)
    marks = {
        (mark["kind"], mark["id"], mark["what"]): mark["vignette"] for mark in document["marks"]
    }
    assert marks["decision", "induction", "live"] == "severe_woman"
    assert marks["hazard", "delta caution: thrombosis", "true"] is None
    guards = {(guard["kind"], guard["id"]): guard["vignette"] for guard in document["guards"]}
    assert guards["hazard", "epsilon exclude: marker"] == "severe_woman"
    assert guards["hazard", "delta caution: thrombosis"] is None


# -- diff --------------------------------------------------------------------------------------


def test_a_guideline_against_itself() -> None:
    result = run("diff", INVENTED, INVENTED)
    assert result.exit_code == exits.OK
    assert "0 of 2 cases" in result.stdout
    assert fits(result)


@pytest.mark.parametrize(("lang", "words"), [("zh", "药物"), ("en", "DRUGS")])
def test_a_difference_is_shown_with_whose_plan_it_changes(
    changed: Path, lang: str, words: str
) -> None:
    result = run("diff", INVENTED, changed, "--lang", lang)
    assert result.exit_code == exits.FAULTS
    for said in (
        words,
        "epsilon",
        "hazards[0].exclude",
        "- marker",
        "+ not marker",
        "severe_woman",
    ):
        assert said in result.stdout
    assert fits(result)


def test_a_difference_as_json(changed: Path) -> None:
    document = json.loads(run("diff", INVENTED, changed, "--format", "json").stdout)
    assert document["schema"] == "myorx.diff/1"
    (item,) = document["items"]
    assert (item["kind"], item["id"], item["turn"]) == ("drug", "epsilon", "changed")
    assert [vignette["id"] for vignette in document["vignettes"]] == ["severe_woman"]
    assert document["a"]["vignettes"] == document["b"]["vignettes"] == 2


def test_the_files_alone(changed: Path) -> None:
    result = run("diff", INVENTED, changed, "--no-vignettes")
    assert result.exit_code == exits.FAULTS
    assert "severe_woman" not in result.stdout


def test_a_compiled_file_is_a_guideline_without_vignettes(changed: Path, tmp_path: Path) -> None:
    target = tmp_path / "invented.compiled.json"
    write(INVENTED, target)
    same = json.loads(run("diff", target, INVENTED, "--format", "json").stdout)
    assert same["items"] == []
    assert "vignettes" not in same["a"]
    assert same["cases"] == 2  # those of the folder
    assert run("diff", target, changed).exit_code == exits.FAULTS


@pytest.mark.parametrize("what", ["no-such-guideline", PAPER])
def test_what_is_no_guideline_is_refused(what: str | Path) -> None:
    result = run("diff", INVENTED, what)
    assert result.exit_code == exits.GUIDELINE
    assert result.stdout == ""
    assert "unknown-guideline" in result.stderr or "damaged-file" in result.stderr
