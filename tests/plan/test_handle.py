"""The public face: load, plan, explain; and how little it imports."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import myorx
from myorx.facts import CaseError
from myorx.guideline.load import load_folder
from myorx.plan.handle import GuidelineHandle
from tests.plan.conftest import AS_OF, FOLDER

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def handle() -> GuidelineHandle:
    return GuidelineHandle(load_folder(FOLDER))


def test_a_case_in_a_plan_out(handle: GuidelineHandle, tmp_path: Path) -> None:
    case = {"ill": True, "severe": True, "marker": True, "as_of": "2026-11-22"}
    file = tmp_path / "case.yaml"
    file.write_text("as_of: 2026-11-22\nill: yes\nsevere: yes\nmarker: positive\n")
    plans = [
        handle.plan(case),
        handle.plan({**case, "as_of": "2026-11-22"}, as_of=AS_OF),
        handle.plan(handle.read(case)),
    ]
    assert plans[0] == plans[1] == plans[2]
    assert handle.plan(file).headline == plans[0].headline
    assert handle.plan(file.read_bytes()).headline == plans[0].headline


def test_attributes(handle: GuidelineHandle) -> None:
    assert (handle.id, handle.version, handle.reviewed) == ("invented", "1.0.0", "not_reviewed")
    assert repr(handle) == "<guideline invented 1.0.0, not_reviewed>"


def test_explain(handle: GuidelineHandle) -> None:
    assert handle.explain({"ill": True}, "triple", as_of=AS_OF).status == "open"


def test_a_bad_case_is_refused_with_all_faults(handle: GuidelineHandle) -> None:
    with pytest.raises(CaseError) as caught:
        handle.plan({"weight": "9500 kg", "ferritn": 1}, as_of=AS_OF)
    assert len(caught.value.faults) == 2


def test_the_version_is_that_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert myorx.__version__ == project["version"]


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import sys, myorx; print(sorted(m for m in sys.modules if m.startswith('myorx')))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "['myorx']"
