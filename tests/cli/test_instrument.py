"""``myorx instrument``: the list, what one takes, results, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from myorx.cli import exits, main
from myorx.cli.layout import WIDTH, columns
from myorx.instruments.registry import INSTRUMENTS

VECTOR = {
    "body_surface": ["height=170", "weight=65 kg"],
    "steroid_equivalent": ["steroid=methylprednisolone", "dose=40"],
    "muscle_grade": ["grade=4", "grading=mrc"],
    "muscle_strength": ["neck_flexors=8", "grading=kendall"],
    "classification": ["biopsy=no", "onset_age=40", "heliotrope=yes", "anti_jo1=unknown"],
    "total_improvement": ["physician_global_before=6", "physician_global_after=3"],
    "imacs_improvement": ["physician_global_before=6", "physician_global_after=3"],
}


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["instrument", *words], input=stdin, catch_exceptions=False)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_list_names_every_instrument(lang: str) -> None:
    result = run("--lang", lang)
    assert result.exit_code == exits.OK
    assert all(name in result.stdout for name in INSTRUMENTS)
    assert max(map(columns, result.stdout.splitlines())) <= WIDTH


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", INSTRUMENTS)
def test_without_inputs_it_says_what_it_takes(name: str, lang: str) -> None:
    result = run(name, "--lang", lang)
    assert result.exit_code == exits.OK
    assert all(each.id in result.stdout for each in INSTRUMENTS[name].inputs)
    assert max(map(columns, result.stdout.splitlines())) <= WIDTH


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", INSTRUMENTS)
def test_a_result_fits_the_page_and_says_its_limits(name: str, lang: str) -> None:
    result = run(name, *VECTOR[name], "--lang", lang)
    assert result.exit_code == exits.OK
    said = "".join(result.stdout.split())
    about = INSTRUMENTS[name].about
    for text in (*about.limits, *(each.label for each in about.outputs)):
        assert "".join((text.zh if lang == "zh" else text.en).split()) in said
    assert ("专业人员" if lang == "zh" else "Decisionsupportforprofessionals") in said
    assert max(map(columns, result.stdout.splitlines())) <= WIDTH


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_json_of_description_and_result(name: str) -> None:
    about = json.loads(run(name, "--format", "json").stdout)
    assert [each["id"] for each in about["inputs"]] == [e.id for e in INSTRUMENTS[name].inputs]
    result = json.loads(run(name, *VECTOR[name], "--format", "json").stdout)
    assert result["instrument"] == name
    assert all({"value", "shown", "verified"} <= set(each) for each in result["values"])


def test_the_list_as_json() -> None:
    assert [each["id"] for each in json.loads(run("--format", "json").stdout)] == list(INSTRUMENTS)


def test_a_file_standard_input_and_words_give_the_same(tmp_path: Path) -> None:
    path = tmp_path / "inputs.yaml"
    path.write_text("height: 170 cm\nweight: 65\n", encoding="utf-8")
    expected = run("body_surface", *VECTOR["body_surface"]).stdout
    assert "1.752 m2" in expected
    assert run("body_surface", "--from", str(path)).stdout == expected
    assert (
        run("body_surface", "--from", "-", stdin='{"height": 170, "weight": 65}').stdout == expected
    )
    assert (
        run("body_surface", "weight=65", "--from", "-", stdin="{height: 170, weight: 9}").stdout
        == expected
    )


def test_an_unverified_value_says_so() -> None:
    doubtful = run("body_surface", *VECTOR["body_surface"], "formula=stevenson").stdout
    assert "1.716 m2 · not verified (verified: false)" in doubtful
    sure = run("body_surface", *VECTOR["body_surface"]).stdout
    assert "not verified" not in sure.partition("SOURCES")[0]


def test_all_faults_at_once_and_no_result() -> None:
    result = run("body_surface", "heigt=170", "weight=many")
    assert result.exit_code == exits.REFUSED
    assert result.stdout == ""
    for words in ("heigt", "did you mean height", "height is missing", "weight is many", "kg"):
        assert words in result.stderr
    zh = run("body_surface", "weight=many", "--lang", "zh").stderr
    assert "请更正" in zh
    assert "不是数字" in zh


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["bodysurface"], "did you mean body_surface"),
        (["nothing_like_it_at_all"], "there are: total_improvement"),
        (["body_surface", "height"], "KEY=VALUE"),
        (["body_surface", "height=1", "height=2"], "given twice"),
        (["body_surface", "--from", "no_such_file.yaml"], "cannot read"),
    ],
)
def test_a_wrong_command_line(words: list[str], says: str) -> None:
    result = run(*words)
    assert result.exit_code == exits.USAGE
    assert says in result.stderr


def test_a_file_that_is_no_yaml_is_refused() -> None:
    result = run("body_surface", "--from", "-", stdin="height: [1")
    assert result.exit_code == exits.REFUSED
    assert "Traceback" not in result.stderr
