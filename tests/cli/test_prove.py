"""``myorx prove``: text, JSON, exit codes, counter-examples kept as vignettes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ruamel.yaml import YAML

pytest.importorskip("z3", reason="the extra proof is not installed")

from myorx.cli import exits, main
from myorx.cli.layout import WIDTH, columns
from myorx.guideline.check import check_folder
from myorx.guideline.vignettes import load_vignettes
from tests.plan.conftest import FOLDER

THEOREMS = """
- id: no_beta_unless_not_pregnant
  says: {zh: 可能妊娠者不给乙药, en: Nobody who may be pregnant is offered beta}
  unless: not pregnant
  never: {"offer:beta": [recommended, option, contested, undetermined]}
  cites: [S1.4]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "invented"
    shutil.copytree(FOLDER, target)
    (target / "theorems.yaml").write_text(THEOREMS, encoding="utf-8")
    return target


def spoil(folder: Path) -> None:
    """Without the hazard that the theorem is about."""
    path = folder / "drugs" / "beta.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "exclude: pregnant" not in line), "utf-8")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_holds_is_said_in_eighty_columns(folder: Path, lang: str) -> None:
    result = run("prove", "stated", "--guideline", str(folder), "--lang", lang)
    assert result.exit_code == exits.OK, result.output
    assert max(map(columns, result.stdout.splitlines())) <= WIDTH
    assert ("不给乙药" if lang == "zh" else "is offered beta") in result.stdout
    assert ("共1条" if lang == "zh" else "1 claims: 1 hold") in result.stdout


def test_a_counter_example_is_printed_and_kept(folder: Path, tmp_path: Path) -> None:
    spoil(folder)
    kept = tmp_path / "kept.yaml"
    words = ("prove", "no_beta", "--guideline", str(folder), "--keep", str(kept))
    result = run(*words)
    assert result.exit_code == exits.FAULTS
    assert "counter-example: as_of: 2026-11-22" in result.stdout
    assert "induction/triple:" in result.stdout
    (vignette,) = YAML(typ="safe").load(kept)
    assert vignette["expect"]["decisions"]["induction"]["triple"]
    # It is a vignette: it loads, passes the check, and says what the plan says now.
    target = folder / "vignettes"
    target.mkdir(exist_ok=True)
    for path in target.glob("*.yaml"):
        path.unlink()
    shutil.copy(kept, target / "kept.yaml")
    assert len(load_vignettes(folder)[0]) == 1
    again = run("test", "--guideline", str(folder))
    assert again.exit_code == exits.OK, again.output
    run(*words)  # another run adds to the file
    assert kept.read_text(encoding="utf-8").count("- id:") == 2


def test_json_has_the_example_and_the_time(folder: Path) -> None:
    spoil(folder)
    result = run("prove", "stated", "--guideline", str(folder), "--format", "json")
    assert result.exit_code == exits.FAULTS
    (found,) = json.loads(result.stdout)
    assert found["outcome"] == "fails"
    assert found["says"]["zh"] == "可能妊娠者不给乙药"
    assert found["milliseconds"] >= 0
    assert found["example"]["reproduced"] is True
    assert found["example"]["plan"]["induction/triple"]


def test_an_unknown_name_is_refused(folder: Path) -> None:
    result = run("prove", "nothing_of_the_kind", "--guideline", str(folder))
    assert result.exit_code == exits.USAGE
    assert "nothing_of_the_kind" in result.output


def test_a_bad_time_limit_is_refused(folder: Path) -> None:
    result = run("prove", "--guideline", str(folder), "--time-limit", "0")
    assert result.exit_code == exits.USAGE


BAD = """
- id: wrong
  says: {zh: 错, en: wrong}
  when: nobody and lab
  never: {"induction/nobody": [option], "drug:beta": [perhaps], "moon:full": [absent]}
  then: {"alert:nobody": [raised]}
  cites: [S9.99]
- id: empty
  says: {zh: 空, en: empty}
- id: half
  says: {zh: 半, en: half}
  classes: [old, nobody]
"""


def test_the_check_names_everything_wrong_with_theorems(folder: Path) -> None:
    assert not [each for each in check_folder(folder) if each.file == "theorems.yaml"]
    (folder / "theorems.yaml").write_text(BAD, encoding="utf-8")
    found = [each for each in check_folder(folder) if each.file == "theorems.yaml"]
    assert sorted({each.code for each in found}) == [
        "claims-nothing",
        "classes-within",
        "type-mismatch",
        "unknown-alert",
        "unknown-candidate",
        "unknown-definition",
        "unknown-name",
        "unknown-statement",
        "unknown-subject",
        "unknown-word",
    ]
    assert all(each.line for each in found)
