"""HL7 v2: results and orders as hospitals send them; read once more with a library not ours."""

from __future__ import annotations

import hl7
import pytest
from hypothesis import given
from hypothesis import strategies as st

from myorx.exchange.codes import Codes
from myorx.exchange.hl7v2.message import Marks, read_messages, unescaped
from myorx.exchange.hl7v2.read import moment
from myorx.exchange.hospital import Hospital
from myorx.exchange.importing import Imported
from myorx.exchange.report import UnreadableError
from myorx.guideline.models import Guideline
from tests.exchange.bundles import imported, notes, why

HEAD = "MSH|^~\\&|LIS|LAB|EMR|WARD|20261120||{kind}|1|P|2.5.1||||||{charset}"
PERSON = "PID|1||12345^^^HOSP||张^三||19850301|F"


def message(*segments: str, kind: str = "ORU^R01", charset: str = "UNICODE UTF-8") -> bytes:
    lines = [HEAD.format(kind=kind, charset=charset), PERSON, *segments]
    encoding = "gb18030" if charset.startswith("GB") else "utf-8"
    return "\r".join(lines).encode(encoding)


def order(number: str = "A1", at: str = "202611200830+0800", specimen: str = "血清") -> str:
    return f"OBR|1||{number}|BIO^生化|||{at}||||||||^{specimen}"


def result(
    code: str, value: str, *, kind: str = "NM", unit: str = "", status: str = "F", sub: str = ""
) -> str:
    return f"OBX|1|{kind}|{code}|{sub}|{value}|{unit}|||||{status}"


@pytest.fixture
def read(guideline: Guideline, codes: Codes, hospital: Hospital):
    def reading(data: bytes) -> Imported:
        return imported(data, guideline, codes, form="hl7", hospital=hospital)

    return reading


VALUES = [
    ("2301^铁蛋白", "１２８０", "NM", "ng/mL", "ferritin", "1280 ng/mL"),
    ("2301^铁蛋白", "1280", "NM", "μg/L", "ferritin", "1280 ng/mL"),  # Greek mu
    ("2301^铁蛋白", "1280", "NM", "µg/L", "ferritin", "1280 ng/mL"),  # the sign micro
    ("2301^铁蛋白", ">2000", "ST", "ng/mL", "ferritin", "> 2000 ng/mL"),
    ("2301^铁蛋白", ">^2000", "SN", "ng/mL", "ferritin", "> 2000 ng/mL"),
    ("2301^铁蛋白", "1280", "NM", "", "ferritin", "1280 ng/mL"),  # the mapping's own unit
    ("1102^C反应蛋白", "8", "NM", "", "crp", "0.8 mg/dL"),
    ("7001^抗MDA5抗体", "1:320", "ST", "", "anti_mda5", "true"),
    ("7001^抗MDA5抗体", "^1^:^320", "SN", "", "anti_mda5", "true"),
    ("7001^抗MDA5抗体", "<1:100", "ST", "", "anti_mda5", "false"),
    ("7001^抗MDA5抗体", "弱阳性", "ST", "", "anti_mda5", "indeterminate"),
    ("7001^抗MDA5抗体", "±", "ST", "", "anti_mda5", "indeterminate"),
    ("7001^抗MDA5抗体", "弱阳性(±)", "ST", "", "anti_mda5", "indeterminate"),
    ("7001^抗MDA5抗体", "阳性(＋)", "ST", "", "anti_mda5", "true"),
    ("7001^抗MDA5抗体", "POS^阳性^L", "CE", "", "anti_mda5", "true"),
    ("7002^抗Jo-1抗体", "1:320", "ST", "", "anti_jo1", "indeterminate"),  # no cut-off stated
    ("7003^抗PL-7抗体", "阳性", "ST", "", "anti_synthetase", "true"),
    ("X1^KL-6^L^2276-4^ferritin^LN", "900", "NM", "ng/mL", "ferritin", "900 ng/mL"),
]


@pytest.mark.parametrize(("code", "value", "kind", "unit", "fact", "expected"), VALUES)
def test_values(read, code, value, kind, unit, fact, expected) -> None:
    from myorx.plan.values import shown

    found = read(message(order(), result(code, value, kind=kind, unit=unit)))
    state = found.patient.facts[fact]
    assert (shown(state.value) if state.value is not None else state.reason) == expected


def test_sex_birth_and_the_moment(read) -> None:
    found = read(message(order(), result("2301^铁蛋白", "9", unit="ng/mL")))
    assert found.document["sex"] == "F"
    assert found.document["birth_date"] == "1985-03-01"
    assert found.document["ferritin"]["on"] == "2026-11-20"
    assert not found.report.refused


LEFT_OUT = [
    ("another name", result("2301^铁", "9", unit="ng/mL"), "other_name"),
    ("a code nobody mapped", result("9999^x", "9"), "code_unknown"),
    ("deleted", result("2301^铁蛋白", "9", status="D"), "deletion"),
    ("of the wrong patient", result("2301^铁蛋白", "9", status="W"), "deletion"),
    ("not obtainable", result("2301^铁蛋白", "9", status="X"), "status"),
    ("a file", result("2301^铁蛋白", "^PDF^x", kind="ED"), "value_type"),
    ("no value", result("2301^铁蛋白", "", unit="ng/mL"), "no_value"),
    ("negative for one of several", result("7003^抗PL-7抗体", "阴性", kind="ST"), "only"),
]


@pytest.mark.parametrize(("segment", "reason"), [pytest.param(*r[1:], id=r[0]) for r in LEFT_OUT])
def test_left_out(read, segment: str, reason: str) -> None:
    found = read(message(order(), segment))
    assert list(why(found).values()) == [reason]
    assert {*found.document} == {"as_of", "sex", "birth_date"}


def test_the_specimen_decides(read) -> None:
    urine = read(message(order(specimen="尿"), result("2301^铁蛋白", "9", unit="ng/mL")))
    assert "ferritin" not in urine.document
    assert "vitamin_d_25oh" in urine.document
    stool = read(message(order(specimen="粪便"), result("2301^铁蛋白", "9", unit="ng/mL")))
    assert list(why(stool).values()) == ["other_specimen"]


def test_the_specimen_may_stand_in_a_segment_of_its_own(read) -> None:
    found = read(
        message(order(specimen=""), "SPM|1|||^尿", result("2301^铁蛋白", "9", unit="ng/mL"))
    )
    assert "vitamin_d_25oh" in found.document


def test_a_correction_replaces_and_a_deletion_removes(read) -> None:
    first = message(order(), result("7001^抗MDA5抗体", "阳性", kind="ST"))
    right = message(order(), result("7001^抗MDA5抗体", "阴性", kind="ST", status="C"))
    gone = message(order(), result("7001^抗MDA5抗体", "", kind="ST", status="D"))
    corrected = read(first + b"\r" + right)
    assert corrected.patient.facts["anti_mda5"].value is False
    assert "corrected" in notes(corrected, "fact:anti_mda5")
    assert "corrected_by" in why(corrected).values()
    deleted = read(first + b"\r" + gone)
    assert "anti_mda5" not in deleted.document
    assert {"deletion", "row_deleted"} <= {*why(deleted).values()}


def test_a_cancelled_order_takes_its_results_with_it(read) -> None:
    cancelled = order() + "|" * 10 + "X"
    found = read(message(cancelled, result("7001^抗MDA5抗体", "阳性", kind="ST")))
    assert "anti_mda5" not in found.document


def test_preliminary_is_pending(read) -> None:
    found = read(message(order(), result("7001^抗MDA5抗体", "阳性", kind="ST", status="P")))
    assert found.patient.facts["anti_mda5"].reason == "pending"


def test_gb18030_by_its_name_and_by_the_mapping(read) -> None:
    segments = (order(), result("2301^铁蛋白", "9", unit="ng/mL"))
    named = message(*segments, charset="GB 18030-2000")
    assert "ferritin" in read(named).document
    unnamed = message(*segments, charset="GB 18030-2000").replace(b"GB 18030-2000", b"")
    assert "ferritin" in read(unnamed).document


def test_two_patients_are_refused_without_naming_them(read) -> None:
    one = message(order(), result("2301^铁蛋白", "9", unit="ng/mL"))
    with pytest.raises(UnreadableError) as error:
        read(one + b"\r" + one.replace(b"12345", b"99999"))
    assert [note.code for note in error.value.notes] == ["many_patients"]
    assert "99999" not in str(error.value)


@pytest.mark.parametrize("data", [b"", b"MSH", b"MSH|", b"PID|1", b"hello\rMSX|"])
def test_what_is_no_message(read, data: bytes) -> None:
    with pytest.raises(UnreadableError) as error:
        read(data)
    assert [note.code for note in error.value.notes] == ["no_message"]


# -- orders ----------------------------------------------------------------------------------------


def prescription(*, control: str = "NW", give: str = "YP01^泼尼松片", rhythm: str = "QD") -> bytes:
    return message(
        f"ORC|{control}|O1|||||||20261101",
        f"RXE|^{rhythm}^^20261101|{give}|12||片",
        "RXR|PO^口服",
        kind="RDE^O11",
    )


def test_tablets_become_an_amount_by_the_mapping(read) -> None:
    found = read(prescription())
    assert found.document["therapies"] == [
        {"drug": "prednisone", "dose": "60 mg QD", "route": "oral", "start": "2026-11-01"}
    ]
    assert not found.report.refused
    assert {"pieces", "assumed_taken"} <= notes(found, "drug:prednisone")


def test_what_becomes_of_an_order(read) -> None:
    assert read(prescription(control="DC")).document["therapies"][0]["stop"] == "stopped"
    cancelled = read(prescription(control="CA"))
    assert "therapies" not in cancelled.document
    assert list(why(cancelled).values()) == ["order_control"]


def test_a_drug_without_mapping_by_its_whole_name_or_code(read) -> None:
    by_code = read(prescription(give="L04AX01^x^ATC").replace("片".encode(), b"mg"))
    assert by_code.document["therapies"][0]["drug"] == "azathioprine"
    by_name = read(prescription(give="YP77^甲氨蝶呤^L").replace("片".encode(), b"mg"))
    assert by_name.document["therapies"][0]["drug"] == "methotrexate"
    assert "by_text" in notes(by_name, "drug:methotrexate")
    other = read(prescription(give="YP77^阿司匹林^L"))
    assert list(why(other).values()) == ["drug_unknown"]


# -- the parser against one that is not ours -------------------------------------------------------

MESSAGES = [
    message(
        order(),
        *(result(code, value, kind=kind, unit=unit) for code, value, kind, unit, *_ in VALUES),
    ),
    prescription(),
]


@pytest.mark.parametrize("data", MESSAGES)
def test_fields_and_components_are_those_that_another_reader_finds(data: bytes) -> None:
    theirs = hl7.parse(data.decode())
    (ours,) = read_messages(data)
    assert len(ours.segments) == len(theirs) - 1
    for mine, other in zip(ours.segments, list(theirs)[1:], strict=True):
        assert mine.name == str(other[0])
        for number in range(1, len(other)):
            assert mine.raw(number) == str(other[number]), (mine.name, number)
            for component in (1, 2, 3):
                try:
                    expected = str(
                        theirs.unescape(other.extract_field(1, number, 1, component) or "")
                    )
                except (IndexError, LookupError):
                    expected = ""
                assert mine.part(number, component) == expected.strip()


def test_escapes() -> None:
    assert unescaped(r"a\T\b\S\c\F\d\R\e\E\f\.br\g\H\h", Marks()) == "a&b^c|d~e\\f gh"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20261120083015.123+0800", "2026-11-20T08:30:15+08:00"),
        ("202611200830", "2026-11-20T08:30:00"),
        ("2026112008", "2026-11-20"),
        ("202611", "2026-11"),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_moments(text: str, expected: str) -> None:
    assert moment(text) == expected


@given(st.text(alphabet="MSHPIDOBXR|^~\\&\r\n0123456789阳性.+-", max_size=200))
def test_nothing_else_than_unreadable(text: str) -> None:
    for data in (text.encode(), b"MSH|^~\\&|\r" + text.encode()):
        try:
            messages = read_messages(data)
        except UnreadableError:
            continue
        for each in messages:
            for segment in each.segments:
                segment.part(3, 2, 1)
