"""Files that are no text, texts that are too large, and Python values that are no case."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from myorx.cli import exits, main
from myorx.facts import CaseError, Mode, read_case
from myorx.guideline.models import Guideline

AS_OF = date(2026, 11, 22)
CHINESE = "as_of: 2026-11-22\n性别: 女\n年龄: 37\n亚型: 皮肌炎\n"
MEGABYTES = 10_000_000


def _nonsense() -> bytes:
    return random.Random(7).randbytes(MEGABYTES)  # noqa: S311 - no secret


SOURCES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    # what it is -> the bytes, the code of the first fault, words of its English text
    "10 MB of noise": (_nonsense, "too-large", "10,000,000"),
    "10 MB of one letter": (lambda: b"x" * MEGABYTES, "too-large", "at most 1 MB"),
    "10 MB of keys": (lambda: b"sex: male\n" * (MEGABYTES // 10), "too-large", "1 MB"),
    "10 MB of brackets": (lambda: b"[" * MEGABYTES, "too-large", "1 MB"),
    "1 MB of brackets": (lambda: b"[" * 1_000_000, "too-deep", "flatten"),
    "1 MB of braces": (lambda: b'{"a":' * 200_000, "too-deep", "flatten"),
    "1 MB of dashes": (lambda: b"- " * 500_000, "too-deep", "flatten"),
    "1 MB of noise": (lambda: _nonsense()[:1_000_000], "not-utf-8", "not UTF-8"),
    "1 MB of blanks": (lambda: b" " * 1_000_000, "empty-case", "nothing"),
    "GB18030": (lambda: CHINESE.encode("gb18030"), "not-utf-8", "looks like GB18030"),
    "GBK with rare characters": (lambda: CHINESE.encode("gbk"), "not-utf-8", "GB18030"),
    "GB18030, cut off": (lambda: CHINESE.encode("gb18030")[:-2], "not-utf-8", "GB18030"),
    "UTF-16": (lambda: CHINESE.encode("utf-16"), "not-utf-8", "looks like UTF-16"),
    "UTF-16, big end first": (
        lambda: b"\xfe\xff" + CHINESE.encode("utf-16-be"),
        "not-utf-8",
        "UTF-16",
    ),
    "UTF-16 without mark": (lambda: "sex: male".encode("utf-16-le"), "bad-character", "U+0000"),
    "UTF-32": (lambda: CHINESE.encode("utf-32"), "not-utf-8", "save the file as UTF-8"),
    "Latin-1": (lambda: "about: Müller\n".encode("latin-1"), "not-utf-8", "line 1"),
    "one byte of another encoding": (
        lambda: b"as_of: 2026-11-22\nsex: male\nabout: \xff\n",
        "not-utf-8",
        "line 3: the file is not UTF-8; found: 0xff",
    ),
    "UTF-8 cut off": (lambda: "性别: 女".encode()[:-1], "not-utf-8", "not UTF-8"),
    "overlong UTF-8": (lambda: b"sex: \xc0\xafmale", "not-utf-8", "0xc0"),
    "a surrogate in UTF-8": (lambda: b"sex: \xed\xa0\x80", "not-utf-8", "0xed"),
    "a Word file": (lambda: b"PK\x03\x04" + b"\x00" * 100, "not-text", "Word, Excel"),
    "an old Word file": (lambda: b"\xd0\xcf\x11\xe0" + b"\x00" * 100, "not-text", "97–2003"),
    "a PDF": (lambda: b"%PDF-1.7\n", "not-text", "PDF"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n", "not-text", "PNG"),
    "a photograph": (lambda: b"\xff\xd8\xff\xe0", "not-text", "JPEG"),
    "a compressed file": (lambda: b"\x1f\x8b\x08", "not-text", "gzip"),
    "rich text": (lambda: b"{\\rtf1 sex: male}", "not-text", "RTF"),
    "NUL bytes": (lambda: b"\x00" * 1000, "bad-character", "U+0000"),
    "a billion laughs": (
        lambda: (
            b"a: &a [x,x,x,x,x,x,x,x,x,x]\n"
            + b"".join(
                b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 10))
                for n in range(12)
            )
        ),
        "yaml-reference",
        "anchors and aliases",
    ),
    "a circle": (lambda: b"a: &a {b: *a}\n", "yaml-reference", "not read"),
}


@pytest.mark.parametrize("what", SOURCES)
@pytest.mark.parametrize("mode", ["bedside", "import"])
def test_what_cannot_be_read_at_all(what: str, mode: Mode, clinic: Guideline) -> None:
    make, code, words = SOURCES[what]
    with pytest.raises(CaseError) as refused:
        read_case(make(), clinic, as_of=AS_OF, mode=mode)
    first = refused.value.faults[0]
    assert first.code == code
    assert words in first.text("en")
    assert first.text("zh").isprintable()


@pytest.mark.parametrize("what", SOURCES)
def test_the_command_refuses_a_file_too(what: str, tmp_path: Path) -> None:
    make, _, words = SOURCES[what]
    path = tmp_path / "case.yaml"
    path.write_bytes(make())
    result = CliRunner().invoke(main, ["plan", str(path), "--as-of", "2026-11-22"])
    assert result.exit_code == exits.REFUSED
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert words in result.stderr
    assert len(result.stderr) < 20_000


def test_an_alias_bomb_takes_no_memory(clinic: Guideline) -> None:
    bomb = SOURCES["a billion laughs"][0]()
    tracemalloc.start()
    try:
        with pytest.raises(CaseError):
            read_case(bomb, clinic, as_of=AS_OF)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("mark", ["", "\ufeff", "\ufeff\n", "---\n", "\r\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_marks_and_line_ends_of_any_editor(mark: str, end: str, clinic: Guideline) -> None:
    text = (mark + "as_of: 2026-11-22\nsex: female\nage: 37\n").replace("\n", end)
    patient = read_case(text.encode(), clinic)
    assert patient.facts["sex"].value == "female"


PYTHON: dict[str, tuple[Any, list[str]]] = {
    "a key that is no text": ({1: 2}, ["unreadable"]),
    "no key": ({None: 2}, ["unreadable"]),
    "an object": ({"age": object()}, ["unreadable"]),
    "bytes": ({"sex": b"male"}, ["unreadable"]),
    "a set": ({"sex": {"male"}}, ["unreadable"]),
    "a function": ({"age": len}, ["unreadable"]),
    "NaN": ({"ratio": float("nan")}, ["bad-number"]),
    "infinity": ({"ratio": float("inf")}, ["bad-number"]),
    "a signalling NaN": ({"ratio": Decimal("sNaN")}, ["bad-number"]),
    "a decimal without end": ({"ratio": Decimal("1e999999")}, ["bad-number"]),
    "a whole number without end": ({"children": 10**5000}, ["number-too-long"]),
    "a complex number": ({"age": 3j}, ["unreadable"]),
    "true for a number": ({"age": True}, ["bad-number"]),
    "a number for a yes": ({"antibody": 1}, ["bad-boolean"]),
    "a time": ({"onset": datetime(2026, 3, 15, 8, 30, tzinfo=UTC)}, ["bad-date"]),
    "a tuple": ({"age": (37,)}, ["not-a-value"]),
    "control characters": ({"sex": "ma\x00\x1b[31mle"}, ["bad-code"]),
    "text turned round": ({"sex": "\u202eelam"}, ["bad-code"]),
    "half a character": ({"sex": "\ud800"}, ["bad-code"]),
    "a key of a million letters": ({"k" * 1_000_000: 1}, ["unknown-key"]),
    "a value of a million letters": ({"sex": "m" * 1_000_000}, ["bad-code"]),
}


@pytest.mark.parametrize("what", PYTHON)
def test_python_values_that_are_no_case(what: str, clinic: Guideline) -> None:
    case, codes = PYTHON[what]
    with pytest.raises(CaseError) as refused:
        read_case({"as_of": "2026-11-22", **case}, clinic)
    assert [fault.code for fault in refused.value.faults] == codes
    for lang in ("zh", "en"):
        text = "".join(refused.value.lines(lang))
        assert text.isprintable()
        assert len(text) < 1000


def test_a_mapping_that_holds_itself(clinic: Guideline) -> None:
    case: dict[str, Any] = {"as_of": "2026-11-22"}
    case["labs"] = case
    with pytest.raises(CaseError) as refused:
        read_case(case, clinic)
    assert "too-deep" in {fault.code for fault in refused.value.faults}


def test_a_list_that_holds_itself(clinic: Guideline) -> None:
    therapies: list[Any] = []
    therapies.append(therapies)
    with pytest.raises(CaseError) as refused:
        read_case({"as_of": "2026-11-22", "therapies": therapies}, clinic)
    assert "too-deep" in {fault.code for fault in refused.value.faults}
