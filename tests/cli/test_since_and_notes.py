"""``plan --since`` and ``plan --format md|record`` as people use them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from myorx.cli import exits, main
from myorx.cli.layout import WIDTH, columns

OLD = """
as_of: 2026-10-01
sex: female
age: 37
subtype: dm
anti_mda5: pending
ild: yes
respiratory_worsening_1mo: yes
hrct_progression_1mo: yes
"""
NEW = OLD.replace("2026-10-01", "2026-10-08").replace("pending", "positive") + "pregnant: no\n"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.yaml"
    path.write_text(OLD, encoding="utf-8")
    return path


@pytest.fixture
def new(tmp_path: Path) -> Path:
    path = tmp_path / "new.yaml"
    path.write_text(NEW, encoding="utf-8")
    return path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_changed_is_told_in_eighty_columns_with_the_plan_of_now(
    old: Path, new: Path, lang: str
) -> None:
    result = run("plan", str(new), "--since", str(old), "--lang", lang)
    assert result.exit_code == exits.OK
    lines = result.stdout.splitlines()
    assert max(map(columns, lines)) <= WIDTH
    said = "".join(result.stdout.split())
    for words in {
        "zh": (
            "是否属于同一患者",
            "尚未经临床医生审阅",
            "三联方案",
            "因：",
            "现方案要点",
            "专业人员",
        ),
        "en": ("thesamepatient", "notyetreviewed", "tripletherapy", "becauseof:", "THEPLANNOW"),
    }[lang]:
        assert words in said, words


def test_an_earlier_plan_serves_as_well_as_an_earlier_case(old: Path, new: Path) -> None:
    kept = old.with_suffix(".json")
    kept.write_bytes(run("plan", str(old), "--format", "json").stdout_bytes)
    from_case = run("plan", str(new), "--since", str(old), "--format", "json").stdout_bytes
    from_plan = run("plan", str(new), "--since", str(kept), "--format", "json").stdout_bytes
    assert from_case == from_plan
    found = json.loads(from_plan)
    assert found["schema"] == "myorx.comparison/1"
    causes = {cause["id"]: cause for cause in found["causes"]}
    assert causes["fact:anti_mda5"]["matters"]


def test_a_setting_that_differs_is_said_before_anything_else(old: Path, new: Path) -> None:
    kept = old.with_suffix(".json")
    kept.write_bytes(run("plan", str(old), "--format", "json").stdout_bytes)
    words = ("plan", str(new), "--since", str(kept), "--set", "several_means=3")
    text = run(*words).stdout
    assert text.index("several_means: 2 → 3") < text.index("BECAUSE OF")


def test_nothing_changed_is_said(old: Path) -> None:
    assert "Nothing changed" in run("plan", str(old), "--since", str(old)).stdout


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b'{"schema": "myorx.plan/9"}', exits.USAGE, "no plan that can be read"),
        (b'{"schema": "myorx.explanation/1", "title": 1}', exits.USAGE, "no plan"),
        (b"as_of: 2026-10-01\nferritn: 5 ng/mL\n", exits.REFUSED, "ferritin"),
        (b"sex: female\n", exits.REFUSED, "as_of"),
        (b"\xff\xfe\x00", exits.REFUSED, "earlier"),
        (b"[" * 100_000, exits.REFUSED, "earlier"),
    ],
)
def test_an_earlier_file_that_is_neither_is_refused(
    new: Path, tmp_path: Path, content: bytes, code: int, said: str
) -> None:
    earlier = tmp_path / "earlier"
    earlier.write_bytes(content)
    result = run("plan", str(new), "--since", str(earlier))
    assert result.exit_code == code
    assert result.stdout == ""
    assert said in result.stderr


def test_an_earlier_file_that_is_not_there(new: Path) -> None:
    result = run("plan", str(new), "--since", "nowhere.json")
    assert result.exit_code == exits.USAGE
    assert "nowhere.json" in result.stderr


def test_a_comparison_is_no_note(old: Path, new: Path) -> None:
    result = run("plan", str(new), "--since", str(old), "--format", "record")
    assert result.exit_code == exits.USAGE
    assert "text or json" in result.stderr


@pytest.mark.parametrize(
    ("form", "lang", "said"),
    [
        ("record", "zh", "病程记录"),
        ("record", "en", "Consult note"),
        ("md", "zh", "## 诊疗意见"),
        ("md", "en", "| Drug | Use | Verdict | Reason |"),
    ],
)
def test_notes_for_the_record(new: Path, form: str, lang: str, said: str) -> None:
    result = run("plan", str(new), "--format", form, "--lang", lang)
    assert result.exit_code == exits.OK
    assert said in result.stdout
    assert result.stdout.endswith("\n")
    assert not result.stdout.endswith("\n\n")


def test_a_plain_note_holds_no_markup(new: Path) -> None:
    for lang in ("zh", "en"):
        text = run("plan", str(new), "--format", "record", "--lang", lang).stdout
        assert not [mark for mark in ("**", "##", "| ", "\\") if mark in text]
