"""The good guidelines are without fault; every fault in ``bad/`` is found, where it stands."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path
from typing import Any

import pytest

from myorx.guideline import check as check_package
from myorx.guideline import sources, yaml_tree
from myorx.guideline.check import check_folder
from myorx.guideline.faults import GuidelineError, Problem
from myorx.guideline.load import load_folder

HERE = Path(__file__).parent
GOOD = HERE / "good" / "throat"
PAPER = HERE / "good" / "throat_paper.txt"


def _cases() -> list[Any]:
    cases = []
    for path in sorted((HERE / "bad").glob("*.yaml")):
        reading = yaml_tree.read(path.read_bytes(), path.name)
        assert not reading.problems
        for case in yaml_tree.plain(reading.tree):
            cases.append(pytest.param(case, id=f"{path.stem}: {case['name']}"))
    return cases


CASES = _cases()


def _changed(case: dict[str, Any], target: Path) -> Path:
    """The good guideline with the changes of one case."""
    folder = target / "throat"
    shutil.copytree(GOOD, folder)
    for name in case.get("remove", ()):
        (folder / name).unlink()
    for name, text in case.get("add", {}).items():
        (folder / name).write_text(text, encoding="utf-8")
    for change in case.get("change", ()):
        path = folder / change["file"]
        text = path.read_text(encoding="utf-8")
        assert change["from"] in text, change
        path.write_text(text.replace(change["from"], change["to"]), encoding="utf-8")
    return folder


def _text_at(folder: Path, problem: Problem) -> str:
    lines = (folder / problem.file).read_text(encoding="utf-8").splitlines(keepends=True)
    rest = [lines[problem.line - 1][problem.column - 1 :], *lines[problem.line :]]
    return "".join(rest)


def test_the_good_guideline_is_without_fault() -> None:
    assert check_folder(GOOD, paper=PAPER) == ()


@pytest.mark.parametrize("case", CASES)
def test_every_fault_is_found_where_it_stands(case: dict[str, Any], tmp_path: Path) -> None:
    folder = _changed(case, tmp_path)
    found = check_folder(folder, paper=PAPER)
    for want in case["faults"]:
        key = (want["code"], want["file"], want["path"])
        matches = [p for p in found if (p.code, p.file, p.path) == key]
        assert len(matches) == 1, "\n".join(map(str, found))
        problem = matches[0]
        assert problem.severity == want.get("severity", "error")
        assert want["says"] in f"{problem.message}\n{problem.allowed}\n{problem.remedy}"
        assert problem.message
        assert problem.allowed
        assert problem.remedy
        if "at" in want:
            assert _text_at(folder, problem).startswith(want["at"])
        else:
            assert problem.line == 0
    named = {(want["code"], want["file"], want["path"]) for want in case["faults"]}
    others = [p for p in found if (p.code, p.file, p.path) not in named]
    # What lost its only use by the change is told as well, and is not the point of the case.
    if named:
        others = [p for p in others if p.code not in ("unused", "not-cited")]
    assert others == [], "\n".join(map(str, others))


def _codes(module: Path) -> set[str]:
    """The codes a module can report: first arguments of ``context.problem`` and its like."""
    codes: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        prefix = {"problem": "", "unknown": "unknown-"}.get(node.func.attr)
        if prefix is not None and isinstance(node.args[0], ast.Constant):
            codes.add(f"{prefix}{node.args[0].value!s}")
    return codes


def test_every_check_has_a_case() -> None:
    folder = Path(check_package.__file__).parent
    codes = set().union(*(_codes(path) for path in folder.glob("*.py")))
    assert len(codes) > 40
    shown = {fault["code"] for case in CASES for fault in case.values[0]["faults"]}
    assert codes - shown == set()


def test_what_loads_is_sound(tmp_path: Path) -> None:
    """Loading refuses what no engine could run, and says all of it."""
    changes = [
        {"file": "drugs/penicillin.yaml", "from": "exclude: allergy", "to": "exclude: alergy"},
        {"file": "alerts.yaml", "from": "[S1.9]", "to": "[S1.99]"},
    ]
    folder = _changed({"change": changes}, tmp_path)
    with pytest.raises(GuidelineError) as error:
        load_folder(folder)
    assert {problem.code for problem in error.value.problems} == {
        "unknown-name",
        "unknown-statement",
    }
    assert "drugs/penicillin.yaml:7:14: error:" in str(error.value)
    assert "did you mean allergy?" in str(error.value)


def test_what_is_unfinished_still_loads(tmp_path: Path) -> None:
    """A missing citation is for ``check`` to say: authors may run what they have."""
    change = {"file": "alerts.yaml", "from": "cites: [S1.9]", "to": "cites: []"}
    folder = _changed({"change": [change]}, tmp_path)
    assert load_folder(folder).alerts["airway_alert"].cites == ()


def test_reading_keeps_what_can_be_read(tmp_path: Path) -> None:
    change = {"file": "alerts.yaml", "from": "level: critical", "to": "level: loud"}
    folder = _changed({"change": [change]}, tmp_path)
    guideline, _, problems = sources.read_guideline(folder)
    assert guideline is not None
    assert guideline.alerts == {}
    assert len(guideline.drugs) == 3
    assert [problem.code for problem in problems] == ["unknown-word"]
