"""``myorx export docs``: what it writes, what it refuses, and what it says."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from myorx.cli import exits, main

FOLDER = Path(__file__).parents[1] / "plan" / "guideline"


def run(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), catch_exceptions=False)


def test_both_languages_are_written_and_the_way_in_is_named(tmp_path: Path) -> None:
    result = run("export", "docs", str(tmp_path / "site"), "--guideline", str(FOLDER))
    assert result.exit_code == exits.OK, result.output
    assert "index.html" in result.stdout
    for page in ("index.html", "zh/index.html", "en/index.html", "assets/site.css"):
        assert (tmp_path / "site" / page).is_file(), page


def test_progress_goes_to_standard_error(tmp_path: Path) -> None:
    result = run("export", "docs", str(tmp_path), "--guideline", str(FOLDER))
    assert "vignettes run" in result.stderr
    assert "vignettes run" not in result.stdout


@pytest.mark.parametrize(("lang", "other"), [("zh", "en"), ("en", "zh")])
def test_one_language_alone(tmp_path: Path, lang: str, other: str) -> None:
    words = ("export", "docs", str(tmp_path), "--guideline", str(FOLDER))
    assert run(*words).exit_code == exits.OK
    assert run(*words, "--lang", lang).exit_code == exits.OK
    assert (tmp_path / lang / "index.html").is_file()
    assert not (tmp_path / other).exists()


def test_a_folder_of_others_is_refused_with_what_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    result = run("export", "docs", str(tmp_path), "--guideline", str(FOLDER))
    assert result.exit_code == exits.USAGE
    assert "thesis.txt" in result.stderr
    assert "empty folder" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_the_extra_one_line_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    words = ("export", "docs", str(tmp_path / "site"), "--guideline", str(FOLDER))
    result = run(*words, "--lang", lang)
    assert result.exit_code == exits.USAGE
    last = result.stderr.splitlines()[-1]
    assert "myorx[web]" in last
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "site").exists()


def test_a_guideline_that_does_not_load_is_answered_with_its_faults(tmp_path: Path) -> None:
    result = run("export", "docs", str(tmp_path / "site"), "--guideline", "no_such_guideline")
    assert result.exit_code == exits.GUIDELINE
    assert "no_such_guideline" in result.stderr
