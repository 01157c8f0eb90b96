"""``import``, ``plan --from``, ``check-mapping`` and ``export fhir`` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from myorx.cli import exits, main
from tests.exchange.bundles import PATIENT, bundle, observation, quantity
from tests.exchange.conftest import HOSPITAL
from tests.exchange.test_phenopackets import PACKET
from tests.exchange.test_same_plan import BUNDLE, MESSAGE, TABLE, YAML

DAY = ("--as-of", "2026-11-22")


def run(*words: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(words), input=given, catch_exceptions=False)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(BUNDLE), encoding="utf-8")
    return path


def test_a_bundle_and_its_yaml_give_the_same_bytes(source: Path, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text(YAML, encoding="utf-8")
    ours = run("plan", str(case), "--format", "json")
    theirs = run("plan", str(source), *DAY, "--format", "json")
    assert ours.exit_code == theirs.exit_code == exits.OK
    assert theirs.stdout == ours.stdout
    assert ours.stderr == ""
    assert "by its content this is FHIR" in theirs.stderr


def test_what_is_printed_is_a_case(source: Path, tmp_path: Path) -> None:
    result = run("import", str(source), *DAY)
    assert result.exit_code == exits.OK
    again = tmp_path / "again.yaml"
    again.write_text(result.stdout, encoding="utf-8")
    one = run("plan", str(again), "--format", "json")
    two = run("plan", str(source), *DAY, "--format", "json")
    assert one.stdout == two.stdout


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_in_either_language(source: Path, lang: str) -> None:
    result = run("import", str(source), *DAY, "--from", "fhir", "--lang", lang)
    assert ("采用" if lang == "zh" else "used:") in result.stderr
    assert ("content" in result.stderr) is False  # the format was named


def test_case_and_report_as_json(source: Path) -> None:
    result = run("import", str(source), *DAY, "--format", "json")
    found = json.loads(result.stdout)
    assert found["case"]["ferritin"]["unit"] == "ug/L"
    subjects = {each["subject"] for each in found["report"]["used"]}
    assert {"fact:ferritin", "drug:prednisone", "order:methotrexate"} <= subjects
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (MESSAGE.encode(), ()),
        (MESSAGE.encode(), ("--from", "hl7")),
        (TABLE.encode("gb18030"), ("--from", "csv")),
        (TABLE.encode("gb18030"), ("--from", "csv", "--patient", "P1")),
    ],
)
def test_messages_and_tables_through_the_mapping(data: bytes, words: tuple[str, ...]) -> None:
    result = run(
        "plan", "-", *DAY, "--mapping", str(HOSPITAL), "--format", "json", *words, given=data
    )
    assert result.exit_code == exits.OK, result.stderr
    facts = {each["id"]: each["value"] for each in json.loads(result.stdout)["receipt"]["facts"]}
    assert facts["ferritin"] == "> 2000 ng/mL"
    assert facts["crp"] == "0.8 mg/dL"


def test_a_packet_is_told_by_its_content() -> None:
    result = run("import", "-", *DAY, given=json.dumps(PACKET).encode())
    assert result.exit_code == exits.OK
    assert "a Phenopacket" in result.stderr
    assert "subtype: dm" in result.stdout


def test_many_alike_are_told_together() -> None:
    many = [observation("9999-9", valueString="x") for _ in range(300)]
    result = run("import", "-", *DAY, given=json.dumps(bundle(PATIENT, *many)).encode())
    assert "(300 times)" in result.stderr
    assert len(result.stderr.splitlines()) < 20


def test_refusals_say_what_to_do(source: Path, tmp_path: Path) -> None:
    no_day = run("plan", str(source))
    assert no_day.exit_code == exits.REFUSED
    assert "--as-of" in no_day.stderr
    nothing = run("import", "-", *DAY, given=b"as_of: 2026-11-22")
    assert nothing.exit_code == exits.REFUSED
    assert "--from" in nothing.stderr
    two = bundle(PATIENT, {**PATIENT, "id": "p2"})
    both = run("import", "-", *DAY, given=json.dumps(two).encode())
    assert both.exit_code == exits.REFUSED
    assert "one patient at a time" in both.stderr
    missing = run("import", str(tmp_path / "none.json"), *DAY)
    assert missing.exit_code == exits.USAGE


def test_a_plain_case_is_read_as_ever(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text("as_of: 2026-11-22\nsex: femal\n", encoding="utf-8")
    result = run("plan", str(case))
    assert result.exit_code == exits.REFUSED
    assert "femal" in result.stderr


def test_a_mapping_with_faults_reads_nothing(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("id: h\nresults:\n  - {code: a, fact: no_such_fact}\n", encoding="utf-8")
    checked = run("check-mapping", str(bad))
    assert checked.exit_code == exits.FAULTS
    assert "bad.yaml:3:" in checked.stdout
    used = run("import", "-", *DAY, "--mapping", str(bad), given=MESSAGE.encode())
    assert used.exit_code == exits.GUIDELINE
    assert used.stdout == ""
    good = run("check-mapping", str(HOSPITAL))
    assert good.exit_code == exits.OK
    assert "0 errors, 0 warnings" in good.stdout


def test_snomed_is_read_on_request() -> None:
    condition = {
        "resourceType": "Condition",
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "396230008"}]},
    }
    data = json.dumps(bundle(condition)).encode()
    assert "subtype" not in run("import", "-", *DAY, given=data).stdout
    assert "subtype: dm" in run("import", "-", *DAY, "--codes", "snomed", given=data).stdout


def test_the_package_and_a_plan_are_written(tmp_path: Path) -> None:
    result = run("export", "fhir", str(tmp_path / "out"))
    assert result.exit_code == exits.OK
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"bundle.json", "Library-rules.json", "Questionnaire-facts.json"} <= names
    assert str(len(names)) in result.stdout
    data = json.dumps(bundle(observation("2276-4", **quantity(9, "ng/mL")))).encode()
    plan = run("plan", "-", *DAY, "--format", "fhir", given=data)
    assert json.loads(plan.stdout)["entry"][0]["resource"]["resourceType"] == "CarePlan"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_case_as_a_packet_and_what_it_lacks(lang: str) -> None:
    case = b"as_of: 2026-11-22\nsex: female\nferritin: '>2000 ng/mL'\ncrp: 8 mg/L\n"
    result = run("export", "phenopacket", "-", "--id", "p7", "--lang", lang, given=case)
    packet = json.loads(result.stdout)
    assert packet["subject"] == {"id": "p7", "sex": "FEMALE"}
    assert len(packet["measurements"]) == 1
    assert [line.split(":")[0] for line in result.stderr.splitlines()[1:]] == ["  ferritin"]
    back = run("import", "-", *DAY, given=result.stdout.encode())
    assert "crp: {value: 0.8, unit: mg/dL, on: 2026-11-22}" in back.stdout
