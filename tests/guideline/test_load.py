"""From files to a Guideline: every spelling, settings, the compiled file, what a start imports."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from myorx.guideline import compiled, load, models
from myorx.guideline.check.context import Context
from myorx.guideline.coverage import coverage
from myorx.guideline.faults import GuidelineError
from myorx.guideline.hazards import drugs_of, hazards_of, members
from myorx.guideline.layout import source_hash
from myorx.guideline.load import load_folder, load_with_positions
from myorx.guideline.models import Guideline
from myorx.guideline.positions import Place
from myorx.guideline.settings import with_settings
from myorx.guideline.show import usage
from myorx.guideline.vignettes import load_vignettes
from myorx.guideline.walk import walk
from myorx.language.syntax import And, IntegerLiteral, Name, QuantityLiteral

GOOD = Path(__file__).parent / "good" / "throat"


@pytest.fixture(scope="module")
def throat() -> Guideline:
    return load_folder(GOOD)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The good guideline where ``load`` looks for guidelines."""
    folder = tmp_path / "throat"
    shutil.copytree(GOOD, folder)
    monkeypatch.setattr(load, "GUIDELINES", tmp_path)
    return folder


def test_author_spellings(throat: Guideline) -> None:
    penicillin = throat.drugs["penicillin"]
    assert [hazard.kind for hazard in penicillin.hazards] == ["exclude", "caution"]
    assert penicillin.hazards[0].when.expression == Name("allergy")
    assert penicillin.hazards[0].when.text == "allergy"
    first, second = throat.decisions["antibiotic"].candidates
    assert [argument.kind for argument in second.arguments] == ["for", "for", "against"]
    assert first.parts == (models.Part(drug="penicillin", regimens=("usual",), route="oral"),)
    assert second.parts == (models.Part(drug_class="macrolide"), models.Part(drug="penicillin"))
    assert throat.facts["failed"].derive == models.Derivation(
        "response", drug="penicillin", is_response="none"
    )
    assert throat.facts["on_steroid"].derive == models.Derivation("current", drug_class="steroid")
    assert throat.facts["age"].plausible == ("0", "115")
    assert throat.facts["cough"].absent == "no"
    dose = penicillin.regimens[0].dose
    assert dose is not None
    assert dose.cap == QuantityLiteral(Decimal(500), "mg/d")
    assert list(throat.facts)[:3] == ["sex", "birth", "age"]
    assert throat.contradictions["pregnant_man"].when.expression == And(
        (throat.contradictions["pregnant_man"].when.expression.operands[0], Name("pregnant"))  # type: ignore[union-attr]
    )
    assert throat.references["paper"].container_title == "Made up"


def test_every_value_has_its_place(throat: Guideline) -> None:
    """Walking the models leads to the very keys the author wrote."""
    guideline, positions = load_with_positions(GOOD)
    assert guideline == throat
    places = [found.place for found in walk(guideline) if positions.node(found.place) is not None]
    assert len(places) > 700
    spot = positions.spot(Place("decision", "antibiotic", "candidates[1].for[0].when"))
    assert (spot.file, spot.path) == (
        "decisions/antibiotic.yaml",
        "candidates[1].for[0].when",
    )
    lines = (GOOD / spot.file).read_text(encoding="utf-8").splitlines()
    assert lines[spot.line - 1][spot.column - 1 :] == "bacterial"
    spot = positions.spot(Place("definition", "severe", "expression"), offset=18)
    lines = (GOOD / spot.file).read_text(encoding="utf-8").splitlines()
    assert lines[spot.line - 1][spot.column - 1 :].startswith("fever")
    # What was left out is where the thing around it is; what was never read is nowhere.
    assert positions.spot(Place("alert", "airway_alert", "basis")).line == 1
    assert positions.spot(Place("alert", "none")).line == 0


def test_every_expression_of_the_models_is_walked(throat: Guideline) -> None:
    """No condition hides from the checks: as many as the encoded guideline holds."""

    def count(value: Any) -> int:
        if isinstance(value, list | tuple):
            return sum(map(count, value))
        if not isinstance(value, dict):
            return 0
        if "node" in value:
            return 1
        return sum(map(count, value.values()))

    formulas = Context(throat, load_with_positions(GOOD)[1], None).formulas
    assert len(formulas) == count(msgspec.to_builtins(throat))


def test_hazards_of_parts(throat: Guideline) -> None:
    by_class = members(throat)
    assert [drug.id for drug in by_class["macrolide"]] == ["azithromycin"]
    part = models.Part(drug_class="steroid")
    assert [drug.id for drug in drugs_of(part, throat, by_class)] == ["prednisone"]
    ((drug, hazards),) = hazards_of(models.Part(drug="penicillin"), throat, by_class)
    assert (drug.id, [hazard.kind for hazard in hazards]) == ("penicillin", ["exclude", "caution"])


def test_usage_and_coverage(throat: Guideline) -> None:
    assert usage(throat)["S1.3"] == (
        "decision antibiotic",
        "decision antibiotic candidates[0].for[0]",
        "decision antibiotic candidates[0].caution[0]",
        "decision antibiotic prefer[0]",
    )
    (section,) = coverage(throat)
    assert (section.section, section.total) == ("1", 11)
    assert section.counts == {
        "encoded": 8,
        "background": 1,
        "untranslatable": 1,
        "disputed": 1,
        "pending": 0,
    }


def test_vignettes_are_read() -> None:
    vignettes, positions = load_vignettes(GOOD)
    child, refused = vignettes
    assert child.case == {
        "sex": "male",
        "age": 8,
        "weight": Decimal("25.50"),
        "temperature": "39 Cel",
    }
    decision = child.expect.decisions["antibiotic"]
    assert decision.status == "live"
    assert decision.candidates["penicillin_first"].parts == {"penicillin": "blocked"}
    assert decision.candidates["macrolide_instead"].status == "not_indicated"
    assert child.expect.facts == {"temperature": "39", "pregnant": "false"}
    assert child.expect.findings == {"fever": "true", "severe": "unknown"}
    assert refused.expect.refused == ("pregnant_man",)
    spot = positions.spot(Place("vignette", "child", "expect.needs[0]"))
    assert spot.file == "vignettes/cases.yaml"


# -- settings --------------------------------------------------------------------------------------


def test_settings_may_be_set(throat: Guideline) -> None:
    changed = with_settings(throat, {"several": 3, "fever_from": "38 'Cel'"})
    values = {setting.id: setting.value for setting in changed.manifest.settings}
    assert values["several"] == IntegerLiteral(3)
    assert values["fever_from"] == QuantityLiteral(Decimal(38), "Cel")
    assert throat.manifest.settings[2].value == IntegerLiteral(2)
    assert changed.source_hash == throat.source_hash


@pytest.mark.parametrize(
    ("name", "value", "code", "words"),
    [
        ("sevral", "3", "unknown-setting", "several"),
        ("several", "three and", "unfinished", "like the present value"),
        ("several", "3 'Cel'", "wrong-setting", "Integer"),
        ("fever_from", "38 'mg'", "wrong-setting", "Cel"),
        ("several", "1 + 1", "wrong-setting", "literal"),
        ("several", "cough", "unknown-name", "cough"),
        ("several", "null", "wrong-setting", "Integer"),
    ],
)
def test_wrong_settings(throat: Guideline, name: str, value: str, code: str, words: str) -> None:
    with pytest.raises(GuidelineError) as error:
        with_settings(throat, {name: value, "result_age": "x y z"})
    first = next(problem for problem in error.value.problems if problem.path == name)
    assert first.code == code
    assert words in str(first)
    assert len(error.value.problems) == 2


# -- the compiled file -----------------------------------------------------------------------------


def test_the_compiled_file_is_used_when_it_is_current(installed: Path, throat: Guideline) -> None:
    target = compiled.target_of(installed)
    compiled.write(installed, target)
    assert compiled.read(target, source_hash(installed)) == throat
    assert load.load("throat") == throat
    assert load.load("throat", {"several": "5"}) != throat


def test_newer_sources_decide(installed: Path, throat: Guideline) -> None:
    compiled.write(installed, compiled.target_of(installed))
    alerts = installed / "alerts.yaml"
    alerts.write_text(alerts.read_text(encoding="utf-8").replace("critical", "warning"), "utf-8")
    assert load.load("throat").alerts["airway_alert"].level == "warning"
    # Vignettes are no part of it.
    (installed / "vignettes" / "cases.yaml").write_text("", encoding="utf-8")
    assert load.load("throat").source_hash != throat.source_hash


def test_without_sources_the_compiled_file_is_enough(installed: Path, throat: Guideline) -> None:
    compiled.write(installed, compiled.target_of(installed))
    shutil.rmtree(installed)
    assert load.load("throat") == throat


@pytest.mark.parametrize("damage", ["body", "header", "models", "format"])
def test_a_damaged_file_is_not_used(installed: Path, throat: Guideline, damage: str) -> None:
    target = compiled.target_of(installed)
    compiled.write(installed, target)
    head, body = target.read_bytes().split(b"\n", 1)
    header = json.loads(head)
    if damage == "body":
        body = body.replace(b"allergy", b"allergi", 1)
    elif damage == "models":
        header["models"] = "0" * 64
    elif damage == "format":
        header["format"] = 0
    head = b"nothing" if damage == "header" else json.dumps(header).encode()
    target.write_bytes(head + b"\n" + body)
    assert load.load("throat") == throat  # from the sources
    shutil.rmtree(installed)
    with pytest.raises(GuidelineError) as error:
        load.load("throat")
    assert error.value.problems[0].code == "damaged-file"


def test_nothing_is_compiled_from_a_faulty_guideline(installed: Path) -> None:
    alerts = installed / "alerts.yaml"
    alerts.write_text(alerts.read_text(encoding="utf-8").replace("stridor", "strider"), "utf-8")
    with pytest.raises(GuidelineError):
        compiled.write(installed, compiled.target_of(installed))
    assert not compiled.target_of(installed).exists()


def test_units_that_are_not_shipped_are_not_compiled(installed: Path) -> None:
    path = installed / "drugs" / "penicillin.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("250 'mg'", "25 'dag'"), "utf-8")
    with pytest.raises(GuidelineError) as error:
        compiled.write(installed, compiled.target_of(installed))
    assert {problem.code for problem in error.value.problems} == {"unshipped-unit"}


def test_an_unknown_guideline(installed: Path) -> None:
    with pytest.raises(GuidelineError) as error:
        load.load("ear")
    assert error.value.problems[0].code == "unknown-guideline"
    assert error.value.problems[0].allowed == "throat"
    assert installed.is_dir()


def test_compiling_is_reproducible(installed: Path) -> None:
    target = compiled.target_of(installed)
    compiled.write(installed, target)
    first = target.read_bytes()
    compiled.write(installed, target)
    assert target.read_bytes() == first
    assert compiled.model_hash() == json.loads(first.split(b"\n", 1)[0])["models"]


def test_reading_the_compiled_file_imports_nothing_heavy(installed: Path) -> None:
    target = compiled.target_of(installed)
    compiled.write(installed, target)
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from myorx.guideline import load\n"
        f"load.GUIDELINES = Path({str(installed.parent)!r})\n"
        "assert load.load('throat').drugs\n"
        "heavy = {'ruamel', 'lark', 'pint', 'ucumvert', 'ruamel.yaml'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_command_compiles_every_guideline(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compiled.main() == 0
    assert capsys.readouterr().out.startswith("compiled throat: ")
    assert compiled.target_of(installed).is_file()
    (installed / "groups.yaml").write_text("- {}\n", encoding="utf-8")
    assert compiled.main() == 1
    assert "groups.yaml:1:3: error: id is missing [missing-key]" in capsys.readouterr().err


def test_the_source_hash_names_every_file(installed: Path) -> None:
    before = source_hash(installed)
    assert before == source_hash(GOOD)
    (installed / "notes.md").write_text("for people", encoding="utf-8")
    assert source_hash(installed) == before
    (installed / "alerts.yaml").rename(installed / "advice" / "alerts.yaml")
    assert source_hash(installed) != before
