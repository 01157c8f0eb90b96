"""Wrong words on the command line: each is answered with what is allowed; nothing is planned."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from myorx.cli import exits, main
from myorx.facts import Patient, read_case
from myorx.guideline.faults import GuidelineError
from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline
from myorx.guideline.settings import with_settings
from myorx.plan.explain import UnknownSubjectError, explain

CASE = "as_of: 2026-11-22\nsex: female\nage: 37\nanti_mda5: positive\n"


def run(*words: str, stdin: str = CASE) -> Result:
    return CliRunner().invoke(main, list(words), input=stdin)


def refused(result: Result, code: int, *said: str) -> None:
    assert result.exit_code == code
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert len(result.stderr) < 4000
    for words in said:
        assert words in result.stderr


@pytest.mark.parametrize(
    ("item", "code", "said"),
    [
        ("several_means", exits.USAGE, "NAME=VALUE"),
        ("=3", exits.USAGE, "NAME=VALUE"),
        ("several_means=", exits.USAGE, "NAME=VALUE"),
        ("several_means= ", exits.USAGE, "NAME=VALUE"),
        ("", exits.USAGE, "NAME=VALUE"),
        ("x" * 5000, exits.USAGE, "NAME=VALUE"),
        ("several_mean=3", exits.GUIDELINE, "several_means"),
        ("\x00=3", exits.GUIDELINE, "unknown-setting"),
        ("several_means=three", exits.GUIDELINE, "like the present value, 2"),
        ("several_means='3'", exits.GUIDELINE, "type Integer"),
        ("several_means=3 'kg'", exits.GUIDELINE, "type Integer"),
        ("several_means=3.5", exits.GUIDELINE, "type Integer"),
        ("several_means=３", exits.GUIDELINE, "type Integer"),
        ("several_means=1e999", exits.GUIDELINE, "type Integer"),
        ("several_means=NaN", exits.GUIDELINE, "type Integer"),
        (f"several_means={'9' * 400}", exits.GUIDELINE, "32"),
        ("several_means=-1", exits.GUIDELINE, "1 or more"),
        ("several_means=0", exits.GUIDELINE, "1 or more"),
        ("several_means=null", exits.GUIDELINE, "type Integer"),
        ("several_means=true", exits.GUIDELINE, "type Integer"),
        ("several_means=1+1", exits.GUIDELINE, "type Integer"),
        ("several_means=several_means", exits.GUIDELINE, "type Integer"),
        ("several_means=3; rm -rf /", exits.GUIDELINE, "type Integer"),
        ("several_means=(", exits.GUIDELINE, "type Integer"),
        ("full_dose_tolerance=5", exits.GUIDELINE, "'mg/d'"),
        ("full_dose_tolerance=5 'kg'", exits.GUIDELINE, "'mg/d'"),
        ("full_dose_tolerance=5 'mg'", exits.GUIDELINE, "'mg/d'"),
        ("full_dose_tolerance=-5 'mg/d'", exits.GUIDELINE, "0 or more"),
        ("full_dose_tolerance=5 'smoots'", exits.GUIDELINE, "'mg/d'"),
        ("rp_window=@2026", exits.GUIDELINE, "type Integer"),
    ],
)
def test_settings(item: str, code: int, said: str) -> None:
    refused(run("plan", "-", "--set", item), code, said)


def test_every_wrong_setting_is_named_and_none_is_set_twice() -> None:
    both = run("plan", "-", "--set", "several_means=x", "--set", "rp_window=y")
    refused(both, exits.GUIDELINE, "several_means", "rp_window")
    twice = run("plan", "-", "--set", "several_means=2", "--set", "several_means=3")
    refused(twice, exits.USAGE, "set twice")


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("triple_therapie", "triple_therapy"),
        ("三联", "triple_therapy"),
        ("泼尼送", "prednisone"),
        ("甲泼尼龙", "methylprednisolone"),
        ("drug:methotrexat", "methotrexate"),
        ("ild_induction/triple", "triple_therapy"),
        ("", "every plan names them"),
        (" ", "every plan names them"),
        ("😀", "every plan names them"),
        ("S5.17", "no candidate, drug or advice"),
        ("ild_induction", "no candidate, drug or advice"),
        ("drug:", "every plan names them"),
        ("advice:triple_therapy", "no candidate, drug or advice"),
        ("../../etc/passwd", "no candidate, drug or advice"),
        ("\x00\x1b[31m", "no candidate, drug or advice"),
        ("x" * 100_000, "no candidate, drug or advice"),
    ],
)
def test_subjects(subject: str, said: str) -> None:
    refused(run("explain", "-", "--", subject), exits.USAGE, said)


@pytest.mark.parametrize(
    "day",
    [
        *"22.11.2026 2026-02-30 2026-13-01 2026-11 2026 20261122 2026-W47-7 2026/11/22".split(),
        *"0000-00-00 today NaN 1e9 -1 ２０２６-１１-２２ 2026-11-22T00:00 26-11-22".split(),
        *("", " ", "2026-11-22 ", "\x00", "9" * 5000),
    ],
)
def test_days(day: str) -> None:
    result = run("plan", "-", f"--as-of={day}", stdin="sex: female\n")
    refused(result, exits.USAGE, "write it as 2026-11-22")


def test_another_day_than_the_case_has() -> None:
    refused(run("plan", "-", "--as-of", "2026-11-23"), exits.REFUSED, "2026-11-22", "2026-11-23")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("plan", "-", "--lang", "de"), exits.USAGE, "'zh', 'en'"),
        (("plan", "-", "--format", "xml"), exits.USAGE, "'json'"),
        (("plan", "-", "--guideline", "nothing"), exits.GUIDELINE, "aim"),
        (("plan", "-", "--guideline", "a\x00b"), exits.GUIDELINE, "aim"),
        (("plan", "no-such-file"), exits.USAGE, "name a YAML or JSON file"),
        (("plan", "/"), exits.USAGE, "name a YAML or JSON file"),
        (("plan", ""), exits.USAGE, "name a YAML or JSON file"),
        (("plan", "a\x00b"), exits.USAGE, "name a YAML or JSON file"),
        (("plan", "x" * 5000), exits.USAGE, "name a YAML or JSON file"),
        (("plan",), exits.USAGE, "CASE"),
        (("plan", "-", "-"), exits.USAGE, "unexpected"),
        (("plam", "-"), exits.USAGE, "plam"),
        (("check", "no-such-folder"), exits.USAGE, "aim"),
        (("test", "no-such-vignette"), exits.USAGE, "no-such-vignette"),
    ],
)
def test_the_rest_of_the_line(words: tuple[str, ...], code: int, said: str) -> None:
    refused(run(*words), code, said)


# -- guideline files -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("alerts.yaml", "- id: [", "yaml-syntax"),
        ("alerts.yaml", b"- id: \xd6\xd0\n", "not-utf-8"),
        ("alerts.yaml", "- &a {id: x, when: *a}\n", "alias"),
        ("alerts.yaml", "- id: x\n\twhen: true\n", "tab"),
        ("definitions.yaml", "just words", "definitions.yaml:1"),
        ("definitions.yaml", "- {id: x, expresion: 'true'}", "expression"),
        ("vignettes/x.yaml", "- {id: x}", "vignettes/x.yaml:1"),
        ("vignettes/x.yaml", "- {id: x, as_of: 2026-02-31, case: {}, expect: {}}", "2026-02-31"),
        ("vignettes/x.yaml", "- {id: x, expect: {refused: 3}}", "vignettes/x.yaml:1"),
        ("nonsense.yaml", "a: 1", "nonsense.yaml"),
    ],
)
def test_guideline_and_vignette_files(
    file: str, text: str | bytes, said: str, tmp_path: Path
) -> None:
    folder = tmp_path / "aim"
    shutil.copytree(GUIDELINES / "aim", folder)
    (folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    result = run("check", str(folder))
    assert result.exit_code in (exits.FAULTS, exits.GUIDELINE)
    assert isinstance(result.exception, SystemExit)
    assert said in result.output
    assert file.rpartition("/")[2] in result.output


# -- anything at all -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def aim() -> Guideline:
    return load()


@pytest.fixture(scope="module")
def patient(aim: Guideline) -> Patient:
    return read_case(CASE, aim)


WORDS = st.text(max_size=20) | st.sampled_from(
    [
        "triple_therapy",
        "prednisone",
        "ild_induction/",
        "drug:",
        "advice:",
        "泼尼松",
        "3 'mg/d'",
        "0",
    ]
)


@given(subject=st.lists(WORDS, max_size=3).map("".join))
@settings(max_examples=200)
def test_any_subject(subject: str, aim: Guideline, patient: Patient) -> None:
    try:
        explain(aim, patient, subject)
    except UnknownSubjectError as error:
        said = str(error)
    else:
        return
    assert "is called" in said


@given(
    name=st.sampled_from(["several_means", "full_dose_tolerance", "rp_window"]) | WORDS,
    value=st.lists(WORDS, max_size=3).map("".join) | st.integers() | st.decimals(),
)
@settings(max_examples=300)
def test_any_setting(name: str, value: object, aim: Guideline) -> None:
    try:
        with_settings(aim, {name: value})  # type: ignore[dict-item]
    except GuidelineError as error:
        problems = error.problems
    else:
        return
    assert problems
