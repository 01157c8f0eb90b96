"""Tables of results: long and wide, GB18030, what laboratories print."""

from __future__ import annotations

from typing import Any

import pytest

from myorx.exchange.codes import Codes
from myorx.exchange.detect import detect
from myorx.exchange.hospital import Hospital
from myorx.exchange.importing import Imported
from myorx.exchange.report import UnreadableError
from myorx.guideline.models import Guideline
from tests.exchange.bundles import imported, notes, why

HEAD = "病人号,项目编码,项目名,结果,单位,标本,采样时间,报告状态,性别,出生"


def rows(*lines: str, head: str = HEAD, encoding: str = "gb18030") -> bytes:
    return ("\r\n".join([head, *lines]) + "\r\n").encode(encoding)


def line(code: str, name: str, value: str, unit: str = "", status: str = "", **more: str) -> str:
    at, who = more.get("at", "2026/11/20 08:15"), more.get("who", "P1")
    return f"{who},{code},{name},{value},{unit},血清,{at},{status},女,1985-03-01"


@pytest.fixture
def read(guideline: Guideline, codes: Codes, hospital: Hospital):
    def reading(data: bytes, **more: Any) -> Imported:
        return imported(data, guideline, codes, form="csv", hospital=hospital, **more)

    return reading


def test_a_table_as_hospitals_export_it(read) -> None:
    found = read(
        rows(
            line("2301", "铁蛋白", "＞２０００", "ug/l"),
            line("1102", "C反应蛋白", "8"),
            line("7001", "抗MDA5抗体", "1:320"),
            line("7002", "抗Jo-1抗体", "弱阳性"),
            line("5501", "涎液化糖链抗原", "780", "U/ml"),
        )
    )
    facts = found.patient.facts
    assert found.document["sex"] == "女"
    assert facts["anti_mda5"].value is True
    assert facts["anti_jo1"].reason == "indeterminate"
    assert found.document["ferritin"] == {"value": "＞２０００", "unit": "ug/L", "on": "2026-11-20"}
    assert found.document["crp"]["unit"] == "mg/L"
    assert not found.report.refused
    assert {"by_cutoff"} <= notes(found, "fact:anti_mda5")
    assert {"unit_spelled"} <= notes(found, "fact:ferritin")
    assert {"unit_assumed"} <= notes(found, "fact:crp")


def test_corrected_and_deleted_in_the_hospitals_own_words(read) -> None:
    found = read(
        rows(
            line("7001", "抗MDA5抗体", "阳性"),
            line("7001", "抗MDA5抗体", "阴性", status="已更正"),
            line("7002", "抗Jo-1抗体", "阳性"),
            line("7002", "抗Jo-1抗体", "", status="作废"),
            line("2301", "铁蛋白", "", status="检验中"),
        )
    )
    assert found.patient.facts["anti_mda5"].value is False
    assert "anti_jo1" not in found.document
    assert found.patient.facts["ferritin"].reason == "pending"
    assert sorted(why(found).values()) == ["corrected_by", "deletion", "row_deleted"]


def test_one_of_several_patients_must_be_named(read) -> None:
    data = rows(
        line("7001", "抗MDA5抗体", "阳性"),
        line("7001", "抗MDA5抗体", "阴性", who="P2"),
    )
    with pytest.raises(UnreadableError) as error:
        read(data)
    assert [note.code for note in error.value.notes] == ["which_patient"]
    assert read(data, patient="P2").patient.facts["anti_mda5"].value is False
    with pytest.raises(UnreadableError):
        read(data, patient="P3")


def test_a_row_that_is_too_short_is_said(read) -> None:
    found = read(rows(line("7001", "抗MDA5抗体", "阳性"), "P1,7002"))
    assert why(found) == {"row 3": "row_short"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no_rows"),
        (rows(), "no_rows"),
        (b"a,b,c\r\n1,2,3\r\n", "no_table"),
        (b"\xff\xfe\x00a", "not_text"),
    ],
)
def test_what_is_no_table(read, data: bytes, code: str) -> None:
    with pytest.raises(UnreadableError) as error:
        read(data)
    assert [note.code for note in error.value.notes] == [code]


def test_usual_headings_need_no_mapping(guideline: Guideline, codes: Codes) -> None:
    data = "检验项目,结果,单位,采样时间\n铁蛋白,900,ng/mL,2026-11-20\n".encode("gb18030")
    found = imported(data, guideline, codes, form="csv")
    # Without a mapping there is no code; a name alone is not what a laboratory means by it.
    assert "ferritin" not in found.document
    assert "needs_mapping" in {note.code for note in found.report.notes}


def test_one_row_one_case(guideline: Guideline, codes: Codes) -> None:
    data = "性别,年龄,抗MDA5抗体,铁蛋白,备用\n女,34,阳性,1280 ng/mL,x\n".encode("gb18030")
    found = imported(data, guideline, codes, form="csv")
    assert found.document == {
        "as_of": "2026-11-22",
        "sex": "女",
        "age": "34",
        "anti_mda5": "阳性",
        "ferritin": "1280 ng/mL",
    }
    assert list(why(found).values()) == ["column"]


@pytest.mark.parametrize(
    ("data", "form"),
    [
        ("检验项目,结果,单位\n".encode("gb18030"), "csv"),
        (b"sex\tage\tferritin\n", "csv"),
        (b"MSH|^~\\&|LIS", "hl7"),
        (b"\x0bMSH|^~\\&|LIS", "hl7"),
        (b'{"resourceType": "Bundle"}', "fhir"),
        (b'{"id": "x", "metaData": {}}', "phenopacket"),
        (b'{"as_of": "2026-11-22"}', None),
        (b"as_of: 2026-11-22\nsex: female, I think\n", None),
        (b"# a case, sex, age, ferritin\nas_of: 2026-11-22\n", None),
        (b"", None),
    ],
)
def test_the_format_by_content(data: bytes, form: str | None, guideline: Guideline) -> None:
    assert detect(data, guideline) == form
