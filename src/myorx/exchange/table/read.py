"""Delimited text -> results of one patient: long (one result a row), or wide (one row, one case).

A long table has a heading for the test and one for the result. A wide one has the names of facts as
headings, in either language, and one row of what a case would say.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from myorx.exchange.claims import Claim
from myorx.exchange.codes import Codes
from myorx.exchange.hospital import STATUSES, Hospital
from myorx.exchange.importing import Found
from myorx.exchange.people import AGE, born, sex
from myorx.exchange.report import Ignored, UnreadableError
from myorx.exchange.rows import Row, read_rows
from myorx.exchange.words import Note, note
from myorx.facts.names import index
from myorx.facts.scalars import day_or_period
from myorx.facts.spelling import key, plain
from myorx.facts.words import CASE_FIELDS
from myorx.guideline.models import Guideline

_HEADINGS: Final[Mapping[str, str]] = {
    key(heading): column
    for column, headings in {
        "patient": "patient|patient_id|patientid|mrn|患者|患者ID|患者编号|病历号|住院号|病人ID",
        "code": "code|test code|item code|项目代码|检验项目代码|检验代码",
        "name": "name|test|item|test name|项目|项目名称|检验项目|检验项目名称|检验名称",
        "value": "value|result|结果|检验结果|结果值|检测结果",
        "unit": "unit|units|单位|结果单位",
        "specimen": "specimen|sample|标本|标本类型|样本|样本类型",
        "date": "date|time|collected|collected at|日期|时间|采样时间|采集时间|检验日期|检测日期"
        "|采样日期",
        "status": "status|状态|结果状态|报告状态",
        "method": "method|方法|检测方法",
        "sex": "sex|gender|性别",
        "birth_date": "birth_date|birthdate|date of birth|dob|出生日期|生日",
        "age": "age|年龄",
    }.items()
    for heading in headings.split("|")
}
"""Key of a usual heading -> what its column holds; a mapping's own headings go before."""

_STATUS_WORDS: Final[Mapping[str, str]] = {
    key(word): status
    for status, words in {
        "final": "final|f|审核|已审核|终审|已发布|正式",
        "corrected": "corrected|amended|c|更正|已更正|修正|修改",
        "preliminary": "preliminary|p|初步|初审|未审核",
        "pending": "pending|待检|检测中|待回报|未出",
        "deleted": "deleted|cancelled|d|x|作废|已作废|删除|已删除|撤销|取消",
    }.items()
    for word in words.split("|")
}

_MOST_SHOWN: Final = 12


class _Columns(NamedTuple):
    """Which column holds what: column number by name."""

    at: Mapping[str, int]

    def cell(self, row: list[str], name: str) -> str:
        """The cell of a row; empty without such a column."""
        number = self.at.get(name)
        return row[number].strip() if number is not None and number < len(row) else ""


def read(
    data: bytes,
    hospital: Hospital | None,
    codes: Codes,
    guideline: Guideline,
    patient: str | None = None,
) -> Found:
    """What a table says of one patient. Raises UnreadableError for what is no such table, and for
    several patients where ``patient`` names none of them."""
    lines = _lines(data, hospital)
    if not lines:
        raise UnreadableError(note("no_rows"))
    (_, headings), rows = lines[0], lines[1:]
    columns = _columns(headings, hospital)
    if _is_long(columns):
        return _long(columns, headings, rows, hospital, codes, guideline, patient)
    names = {number: _fact(heading, guideline) for number, heading in enumerate(headings)}
    if sum(name is not None for name in names.values()) >= 2:
        return _wide(names, columns, headings, rows, patient)
    missing = "/".join(name for name in ("code", "value") if name not in columns.at)
    found = ", ".join(headings[:_MOST_SHOWN])
    raise UnreadableError(note("no_table", missing=missing, found=found))


def is_heading(line: bytes, guideline: Guideline) -> bool:
    """Whether a first line holds the headings of such a table."""
    try:
        lines = _lines(line, None)
    except UnreadableError:
        return False
    headings = lines[0][1] if lines else []
    found = sum(_fact(heading, guideline) is not None for heading in headings)
    return _is_long(_columns(headings, None)) or 2 * found >= len(headings) >= 3


def _is_long(columns: _Columns) -> bool:
    return "value" in columns.at and ("code" in columns.at or "name" in columns.at)


def _lines(data: bytes, hospital: Hospital | None) -> list[tuple[int, list[str]]]:
    """Number and cells of every line that is not empty."""
    text = _decoded(data, hospital)
    head = text.lstrip("\n").partition("\n")[0]
    delimiter = max("\t,;|，", key=head.count)
    if delimiter == "，":  # full-width commas between cells, never inside numbers
        text, delimiter = text.replace("，", ","), ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableError(note("no_table", missing="?", found=str(error))) from None
    return [
        (number, [cell.strip() for cell in row])
        for number, row in enumerate(rows, 1)
        if any(cell.strip() for cell in row)
    ]


def _decoded(data: bytes, hospital: Hospital | None) -> str:
    asked = None if hospital is None else hospital.encoding
    for encoding in (asked,) if asked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            place = str(error.start)
    raise UnreadableError(note("not_text", encoding=asked or "UTF-8, GB18030", place=place))


def _columns(headings: list[str], hospital: Hospital | None) -> _Columns:
    own = {} if hospital is None else {key(text): n for n, text in hospital.columns.items()}
    own = {key(heading): column for heading, column in own.items()}
    at: dict[str, int] = {}
    for table in (own, _HEADINGS):
        for number, heading in enumerate(headings):
            column = table.get(key(heading))
            if column is not None and number not in at.values():
                at.setdefault(column, number)
    return _Columns(at)


# -- one result a row ------------------------------------------------------------------------------


def _long(
    columns: _Columns,
    headings: list[str],
    rows: list[tuple[int, list[str]]],
    hospital: Hospital | None,
    codes: Codes,
    guideline: Guideline,
    patient: str | None,
) -> Found:
    kept, notes = _of_one(columns, rows, patient)
    outcomes: list[Claim | Ignored] = []
    results: list[Row] = []
    for number, cells in kept:
        where = f"row {number}"
        if len(cells) != len(headings):
            short = note("row_short", found=str(len(cells)), expected=str(len(headings)))
            outcomes.append(Ignored(where, " ".join(cells), short))
            continue
        results.append(_row(columns, cells, where, hospital))
    outcomes += read_rows(results, hospital, codes, guideline)
    outcomes += _person(columns, kept, guideline)
    if hospital is None:
        notes = (*notes, note("needs_mapping"))
    return _found(outcomes, notes)


def _row(columns: _Columns, cells: list[str], where: str, hospital: Hospital | None) -> Row:
    code, name = columns.cell(cells, "code"), columns.cell(cells, "name")
    at = _moment(columns.cell(cells, "date"))
    return Row(
        where=where,
        code=code,
        name=name,
        value=columns.cell(cells, "value"),
        unit=columns.cell(cells, "unit"),
        specimen=columns.cell(cells, "specimen"),
        at=at,
        status=_status(columns.cell(cells, "status"), hospital),
        method=columns.cell(cells, "method"),
        same=(code or name, at) if at else (),
    )


def _status(word: str, hospital: Hospital | None) -> str:
    if not word:
        return "final"
    own = {} if hospital is None else hospital.statuses
    for status in STATUSES:
        if key(word) in {key(each) for each in own.get(status, ())}:
            return status
    return _STATUS_WORDS.get(key(word), word)


def _moment(text: str) -> str:
    """``2026/11/20 08:15`` as ISO 8601; what is no date stays as it is, for the report."""
    day, _, clock = plain(text).partition(" ")
    period = day_or_period(day)
    if period is None or period.exact is None:
        return day
    parts = clock.strip().split(":")
    if 2 <= len(parts) <= 3 and all(part.isdecimal() for part in parts):
        hours = ":".join(part.zfill(2) for part in (*parts, "0")[:3])
        return f"{period.exact.isoformat()}T{hours}"
    return period.exact.isoformat()


def _of_one(
    columns: _Columns, rows: list[tuple[int, list[str]]], patient: str | None
) -> tuple[list[tuple[int, list[str]]], tuple[Note, ...]]:
    """The rows of the one patient."""
    if not rows:
        raise UnreadableError(note("no_rows"))
    if "patient" not in columns.at:
        return rows, ()
    names = dict.fromkeys(columns.cell(cells, "patient") for _, cells in rows)
    if patient is None and len(names) > 1:
        shown = ", ".join(list(names)[:_MOST_SHOWN])
        raise UnreadableError(note("which_patient", count=str(len(names)), names=shown))
    if patient is not None and patient not in names:
        raise UnreadableError(note("patient_unknown", name=patient))
    kept = [
        (number, cells)
        for number, cells in rows
        if patient is None or columns.cell(cells, "patient") == patient
    ]
    others = len(rows) - len(kept)
    return kept, (note("rows_of_others", count=str(others)),) if others else ()


def _person(
    columns: _Columns, rows: list[tuple[int, list[str]]], guideline: Guideline
) -> Iterator[Claim | Ignored]:
    """Sex, date of birth and age, once for each way they are given."""
    for column, reader in (("sex", sex), ("birth_date", born)):
        seen: set[str] = set()
        for number, cells in rows:
            text = columns.cell(cells, column)
            if text and text not in seen:
                seen.add(text)
                yield from reader(text, f"row {number} {column}", guideline)
    ages = {columns.cell(cells, "age"): number for number, cells in reversed(rows)}
    for text, number in ages.items():
        if text and AGE in guideline.facts:
            yield Claim(AGE, f"row {number} age", text, "age", value=text)


# -- one row, one case -----------------------------------------------------------------------------


def _wide(
    names: Mapping[int, str | None],
    columns: _Columns,
    headings: list[str],
    rows: list[tuple[int, list[str]]],
    patient: str | None,
) -> Found:
    kept, notes = _of_one(columns, rows, patient)
    if len(kept) > 1:
        places = ", ".join(f"row {number}" for number, _ in kept[:_MOST_SHOWN])
        raise UnreadableError(note("many_patients", count=str(len(kept)), places=places))
    number, cells = kept[0]
    outcomes: list[Claim | Ignored] = []
    for column, heading in enumerate(headings):
        text = cells[column] if column < len(cells) else ""
        name = names[column]
        if not text or column == columns.at.get("patient"):
            continue
        where = f"row {number} {heading}"
        if name is None:
            outcomes.append(Ignored(where, text, note("column")))
        else:
            # A row is the patient at the date of the case: only a long table has other dates.
            by = f"heading {heading}"
            outcomes.append(Claim(name, where, text, by, value=text, current=True))
    return _found(outcomes, notes)


def _fact(heading: str, guideline: Guideline) -> str | None:
    if key(heading) in CASE_FIELDS:
        return None
    ids = index(guideline).facts.find(heading)
    return ids[0] if len(ids) == 1 and not guideline.facts[ids[0]].derived else None


def _found(outcomes: list[Claim | Ignored], notes: tuple[Note, ...]) -> Found:
    return Found(
        "csv",
        tuple(each for each in outcomes if isinstance(each, Claim)),
        (),
        tuple(each for each in outcomes if isinstance(each, Ignored)),
        notes,
    )
