"""Whatever a text holds, reading it gives a tree with exact positions, or problems with theirs."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from myorx.guideline.yaml_scanner import NestingError, scanner
from myorx.guideline.yaml_tree import (
    MAX_DEPTH,
    Mapping,
    Scalar,
    Sequence,
    Tree,
    locate,
    plain,
    read,
)

GOOD = Path(__file__).parent / "good" / "throat"


def _tree(text: str | bytes) -> Tree:
    reading = read(text, "x.yaml")
    assert reading.problems == ()
    assert reading.tree is not None
    return reading.tree


def _scalar(text: str, name: str = "a") -> Scalar:
    tree = _tree(text)
    assert isinstance(tree, Mapping)
    found = tree.get(name)
    assert isinstance(found, Scalar)
    return found


def test_positions_count_from_one() -> None:
    tree = _tree("a: 1\nb:\n  - x\n  - {c: y}\n")
    assert isinstance(tree, Mapping)
    items = tree.get("b")
    assert isinstance(items, Sequence)
    assert (items.line, items.column) == (3, 3)
    assert [(item.line, item.column) for item in items.items] == [(3, 5), (4, 5)]
    assert tree.entries[1].key.line == 2
    assert tree.get("missing") is None


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("a: 1", "integer", 1),
        ("a: -7", "integer", -7),
        ("a: 007", "integer", 7),
        ("a: 0.10", "decimal", Decimal("0.10")),
        ("a: 1e3", "decimal", Decimal("1e3")),
        ("a: .5", "decimal", Decimal("0.5")),
        ("a: true", "boolean", True),
        ("a: false", "boolean", False),
        ("a: True", "string", "True"),
        ("a: no", "string", "no"),
        ("a: 2026-03-15", "string", "2026-03-15"),
        ("a: 1_000", "string", "1_000"),
        ("a: 0x10", "string", "0x10"),
        ("a: .nan", "string", ".nan"),
        ("a: .inf", "string", ".inf"),
        ("a: '1'", "string", "1"),
        ('a: "true"', "string", "true"),
        ("a: ~", "null", None),
        ("a: null", "null", None),
        ("a:", "null", None),
        ("a: ''", "string", ""),
        ("a: >2000 ng/mL".replace(">", "'>") + "'", "string", ">2000 ng/mL"),
        ("a: " + "9" * 400, "integer", Decimal("9" * 400)),
        ("a: 1e999999999999999999999", "decimal", "1e999999999999999999999"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, kind: str, value: Any) -> None:
    scalar = _scalar(text)
    assert scalar.kind == kind
    assert plain(scalar) == value
    assert type(plain(scalar)) is type(value)


@pytest.mark.parametrize(
    ("source", "code", "line", "column"),
    [
        (b"a: b\nc: \xff\n", "not-utf-8", 2, 4),
        ("", "empty-file", 1, 1),
        ("# only a comment\n", "empty-file", 1, 1),
        ("a: 1\n---\nb: 2\n", "second-document", 2, 1),
        ("a: &x 1\n", "anchor", 1, 4),
        ("a: *x\n", "alias", 1, 4),
        ("a: &x [*x]\n", "alias", 1, 8),
        ("<<: *x\n", "alias", 1, 5),
        ("a: !!python/object:os.system ls\n", "tag", 1, 4),
        ("a: !x {}\n", "tag", 1, 4),
        ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1),
        ("{a: 1, 'a': 2}\n", "duplicate-key", 1, 8),
        ("[a]: 1\n", "bad-key", 1, 1),
        ("a:\n\tb: 1\n", "tab", 2, 1),
        ("a: b: c\n", "yaml-syntax", 1, 5),
        ("a: [b\n", "yaml-syntax", 2, 1),
        ("a: @b\n", "yaml-syntax", 1, 4),
        ("a: 'b\n", "yaml-syntax", 2, 1),
        ("a: \x07\n", "bad-character", 1, 4),
        ('a: "\\U99999999"\n', "yaml-syntax", 0, 0),
        ("[" * 200, "too-deep", 1, MAX_DEPTH + 1),
        ("- " * 200, "too-deep", 1, 2 * MAX_DEPTH + 1),
        ("%YAML 9.9\n---\na\n", "yaml-syntax", 1, 1),
    ],
)
def test_what_is_refused(source: str | bytes, code: str, line: int, column: int) -> None:
    problems = read(source, "x.yaml").problems
    found = next(problem for problem in problems if problem.code == code)
    assert (found.file, found.line, found.column) == ("x.yaml", line, column)
    assert found.message
    assert found.allowed
    assert found.remedy


def test_size_is_bounded() -> None:
    assert read("a: " + "b" * 100, "x", max_bytes=50).problems[0].code == "too-large"


def test_all_problems_at_once_and_the_rest_is_read() -> None:
    reading = read("a: 1\na: 2\nb: *x\nc: !t 3\nd: 4\n", "x.yaml")
    assert [problem.code for problem in reading.problems] == ["duplicate-key", "alias", "tag"]
    assert plain(reading.tree) == {"a": 1, "c": 3, "d": 4}


def test_a_bomb_is_not_expanded() -> None:
    text = "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(500))
    assert {problem.code for problem in read(text, "x").problems} == {"anchor", "alias"}


def test_json_is_yaml_and_marks_are_ignored() -> None:
    assert plain(_tree('{"a": [1, 2.50, null, true, "\\u4e2d"]}')) == {
        "a": [1, Decimal("2.50"), None, True, "中"]
    }
    assert plain(_tree(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("text", "word", "line", "column"),
    [
        ("a: one and two\n", "two", 1, 12),
        ("a:   'one and two'\n", "two", 1, 15),
        ("a: 'it''s and two'\n", "two", 1, 15),
        ('a: "say \\"x\\" and two"\n', "two", 1, 19),
        ("a: >-\n  one and\n  two\n", "two", 3, 3),
        ("a: |\n  one and\n    two\n", "two", 3, 5),
        ("a: one and\n   two\n", "two", 2, 4),
        ("a: '中文 and two'\n", "two", 1, 12),
        ("a: >-\n\n  one\n\n  two\n", "two", 5, 3),
    ],
)
def test_places_inside_a_text(text: str, word: str, line: int, column: int) -> None:
    scalar = _scalar(text)
    assert locate(scalar, scalar.text.index(word)) == (line, column)


@given(st.one_of(st.text(), st.binary(), st.text(alphabet="ab:-[]{}'\"\\ \n\t&*!|>%@,?#~0")))
def test_no_text_raises(source: str | bytes) -> None:
    reading = read(source, "x")
    assert reading.tree is not None or reading.problems
    plain(reading.tree)


_TEXTS = [path.read_text(encoding="utf-8") for path in sorted(GOOD.rglob("*.yaml"))]


@given(st.sampled_from(_TEXTS), st.integers(0, 2000), st.integers(0, 20), st.text(max_size=3))
def test_no_damage_raises(text: str, at: int, length: int, inserted: str) -> None:
    reading = read(text[:at] + inserted + text[at + length :], "x")
    for problem in reading.problems:
        assert problem.line >= 0


_VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**15), 10**15), st.text()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(_VALUES)
def test_json_is_read_as_written(value: Any) -> None:
    import json

    reading = read(json.dumps(value), "x")
    # YAML forbids some characters that JSON escapes; those texts never reach the tree.
    if not reading.problems:
        assert plain(reading.tree) == value


def test_brackets_are_counted_while_they_are_scanned() -> None:
    """Not after: the scanner reads far ahead, and is slow where many brackets stand open."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Scanner = scanner(MAX_DEPTH)
    assert len(list(yaml.scan("[" * MAX_DEPTH + "]" * MAX_DEPTH))) >= 2 * MAX_DEPTH
    with pytest.raises(NestingError) as refused:
        list(yaml.scan("[{" * 1000))
    assert refused.value.problem_mark.column == MAX_DEPTH
