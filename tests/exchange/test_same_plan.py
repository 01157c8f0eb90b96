"""One patient as YAML, as a Bundle, as a table, as messages: the same plan, byte for byte."""

from __future__ import annotations

from typing import Any

import pytest

from myorx.exchange.codes import Codes
from myorx.exchange.foreign import read_foreign
from myorx.exchange.hospital import Hospital
from myorx.facts import read_case
from myorx.guideline.models import Guideline
from myorx.plan import make_plan
from myorx.plan.encode import encode
from tests.exchange.bundles import (
    OURS,
    PATIENT,
    bundle,
    concept,
    condition,
    dosage,
    imported,
    medication,
    observation,
    quantity,
)
from tests.exchange.conftest import AS_OF

YAML = """
as_of: 2026-11-22
sex: female
birth_date: 1992-05-01
subtype: dm
ild: true
ild_onset: 2026-11-02
anti_mda5: {value: positive, on: 2026-11-10}
ferritin: {value: 1280, unit: ug/L, on: 2026-11-20}
kl6: {value: 780, unit: U/mL, comparator: ">", on: 2026-11-18}
pregnant: {value: false, on: 2026-11-18}
therapies:
  - {drug: prednisone, dose: 50 mg/d, route: oral, start: 2026-11-03}
orders: [methotrexate]
"""

BUNDLE = bundle(
    PATIENT,
    condition("M33.1"),
    condition("J84.9", onsetDateTime="2026-11-02"),
    observation(
        "82424-3", effectiveDateTime="2026-11-10", valueCodeableConcept=concept("LA6576-8")
    ),
    observation("2276-4", **quantity(1280, "ug/L")),
    observation(
        "kl6", OURS, effectiveDateTime="2026-11-18", **quantity(780, "U/mL", comparator=">")
    ),
    observation(
        "82810-3", effectiveDateTime="2026-11-18", valueCodeableConcept=concept("LA26683-5")
    ),
    medication(
        "MedicationRequest",
        "H02AB07",
        authoredOn="2026-11-03",
        dosageInstruction=[dosage(25, 2)],
    ),
    medication("MedicationRequest", "L04AX03", "draft"),
)


def planned(patient: Any, guideline: Guideline) -> bytes:
    return encode(make_plan(guideline, patient))


def test_yaml_and_bundle(guideline: Guideline, codes: Codes) -> None:
    from_yaml = planned(read_case(YAML, guideline), guideline)
    assert planned(imported(BUNDLE, guideline, codes).patient, guideline) == from_yaml


def test_the_order_of_entries_changes_nothing(guideline: Guideline, codes: Codes) -> None:
    turned = {**BUNDLE, "entry": BUNDLE["entry"][::-1]}
    one = planned(imported(BUNDLE, guideline, codes).patient, guideline)
    assert planned(imported(turned, guideline, codes).patient, guideline) == one


def test_the_printed_case_gives_the_same_plan(guideline: Guideline, codes: Codes) -> None:
    found = imported(BUNDLE, guideline, codes)
    again = read_case(found.yaml, guideline)
    assert planned(again, guideline) == planned(found.patient, guideline)


ROW = """sex: female
as_of: 2026-11-22
birth_date: 1992-05-01
subtype: dm
ild: yes
anti_mda5: positive
ferritin: 1280 ug/L
spo2: 94 %
"""


def test_yaml_and_the_row_of_a_table(guideline: Guideline, codes: Codes) -> None:
    row = (
        "sex,birth_date,subtype,ild,anti_mda5,ferritin,spo2\n"
        "female,1992-05-01,dm,yes,positive,1280 ug/L,94 %\n"
    )
    found = read_foreign(row.encode(), guideline, AS_OF, codes, form="csv")
    assert planned(found.patient, guideline) == planned(read_case(ROW, guideline), guideline)


LABS = """as_of: 2026-11-22
sex: 女
birth_date: 1985-03-01
anti_mda5: {value: 阳性, on: 2026-11-20}
ferritin: {value: ">2000", unit: ug/L, on: 2026-11-20}
crp: {value: 8, unit: mg/L, on: 2026-11-20}
"""
TABLE = """病人号,项目编码,项目名,结果,单位,标本,采样时间,报告状态,性别,出生
P1,7001,抗MDA5抗体,阳性,,血清,2026/11/20 08:15,,女,1985-03-01
P1,2301,铁蛋白,>2000,ug/L,血清,2026/11/20 08:15,,女,1985-03-01
P1,1102,C反应蛋白,8,,血清,2026/11/20 08:15,,女,1985-03-01
"""
MESSAGE = "\r".join(
    [
        "MSH|^~\\&|LIS|LAB|EMR|WARD|20261120||ORU^R01|1|P|2.5.1||||||UNICODE UTF-8",
        "PID|1||12345||张^三||19850301|女",
        "OBR|1||A1|BIO|||20261120081500||||||||^血清",
        "OBX|1|ST|7001^抗MDA5抗体||阳性||||||F",
        "OBX|2|ST|2301^铁蛋白||>2000|ug/L|||||F",
        "OBX|3|NM|1102^C反应蛋白||8||||||F",
    ]
)


@pytest.mark.parametrize(
    ("data", "form"), [(TABLE.encode("gb18030"), "csv"), (MESSAGE.encode(), "hl7")]
)
def test_yaml_and_what_laboratories_send(
    data: bytes, form: Any, guideline: Guideline, codes: Codes, hospital: Hospital
) -> None:
    found = read_foreign(data, guideline, AS_OF, codes, form=form, hospital=hospital)
    assert planned(found.patient, guideline) == planned(read_case(LABS, guideline), guideline)
