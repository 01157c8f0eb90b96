"""``myorx taper``, ``myorx dose`` and the calendar formats, through the command line."""

from __future__ import annotations

import builtins
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from myorx.cli import main
from myorx.cli.layout import WIDTH, columns

CASE = """\
as_of: 2026-11-22
age: 45
sex: male
subtype: pm
ild: no
weight: 60 kg
improving: yes
therapies: [{drug: prednisone, dose: 60 mg/d, start: 2026-10-20}]
therapies_complete: yes
"""


def run(*words: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(words), input=stdin, catch_exceptions=False)


@pytest.fixture
def case(tmp_path: Path) -> str:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("dose", ["60 mg/d", "12.5 mg/d", "10 mg/d", "100 mg/d"])
def test_a_taper_of_a_dose_fits_the_screen(dose: str, lang: str) -> None:
    done = run("taper", "--dose", dose, "--start", "2026-11-22", "--lang", lang)
    assert done.exit_code == 0
    assert all(columns(line) <= WIDTH for line in done.output.splitlines())


def test_the_staircase_shows_day_dose_tablets_and_fall() -> None:
    done = run("taper", "--dose", "60 mg/d", "--start", "2026-11-22")
    assert "2026-12-22  37.5 mg/d  7½ × 5 mg  −21.1 %" in done.output
    steps = [line for line in done.output.splitlines() if "× 5 mg" in line and "█" in line]
    lengths = [line.count("█") for line in steps]
    assert lengths == sorted(lengths, reverse=True)


def test_the_taper_of_a_case_says_whether_it_may_begin(case: str) -> None:
    done = run("taper", case)
    assert done.exit_code == 0
    assert "may be brought down now" in " ".join(done.output.split())
    early = run("taper", case, "--as-of", "2026-11-01")
    assert early.exit_code in (0, 3)


@pytest.mark.parametrize(
    "words",
    [
        ("taper",),
        ("taper", "--dose", "60 mg/d"),
        ("taper", "--start", "2026-11-22"),
        ("taper", "--dose", "60", "--start", "2026-11-22"),
        ("taper", "--dose", "60 kg", "--start", "2026-11-22"),
        ("taper", "--dose", "60 mg/d", "--start", "today"),
        ("taper", "--dose", "60 mg/d", "--start", "2026-11-22", "--drug", "water"),
    ],
)
def test_a_wrong_call_is_answered_in_words(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert "Error" in done.output


def test_doses_with_cap_tablets_unrounded_and_weight() -> None:
    new = "as_of: 2026-11-22\nage: 45\nsex: male\nsubtype: pm\nild: no\nweight: 83 kg\n"
    done = run("dose", "-", stdin=new + "therapies: none\n")
    text = " ".join(done.output.split())
    assert "80 mg/d" in text
    assert "16 × 5 mg" in text
    assert "unrounded 83 mg/d" in text
    assert "weight 83 kg" in text
    lines = json.loads(run("dose", "-", "--format", "json", stdin=new + "therapies: none\n").output)
    assert {"amount", "unrounded", "cap", "tablets"} <= set().union(*lines)
    child = run("dose", "-", stdin=(new + "therapies: none\n").replace("45", "9"))
    assert "withheld because" in child.output


def test_icalendar_reads_back_and_holds_nothing_of_the_patient(case: str) -> None:
    icalendar = pytest.importorskip("icalendar")
    done = run("plan", case, "--format", "ics")
    again = run("plan", case, "--format", "ics")
    assert done.output == again.output
    events = icalendar.Calendar.from_ical(done.output).walk("VEVENT")
    assert str(events[0]["SUMMARY"]).startswith("prednisone 47.5 mg/d")
    assert [event.decoded("DTSTART").isoformat() for event in events][:2] == [
        "2026-11-22",
        "2026-12-22",
    ]
    assert len({str(event["UID"]) for event in events}) == len(events)
    assert {event["DTSTAMP"].to_ical() for event in events} == {b"20261122T000000Z"}
    for private in ("45", "male", "60 kg"):
        assert private not in done.output.replace("DTSTART", "")
    by_dose = run("taper", "--dose", "60 mg/d", "--start", "2026-11-22", "--format", "ics")
    steps = icalendar.Calendar.from_ical(by_dose.output).walk("VEVENT")
    assert [event["UID"] for event in steps] == [event["UID"] for event in events][: len(steps)]


def test_without_the_library_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "icalendar":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    done = run("taper", "--dose", "60 mg/d", "--start", "2026-11-22", "--format", "ics")
    assert done.exit_code == 2
    assert done.output.strip().splitlines() == [
        "The calendar format needs icalendar: pip install 'myorx[calendar]'"
    ]
