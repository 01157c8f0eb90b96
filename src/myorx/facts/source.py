"""Whatever a case comes as (YAML, JSON, plain Python) to one positioned tree of texts.

JSON does not go through the YAML reader, so that a service never loads it. Nothing here knows what
a value means: every scalar becomes its text, and numbers never pass through a float.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from myorx.facts.faults import Faults, Place
from myorx.facts.not_a_case import add_no_mapping, add_other_document, encoding_of, file_kind
from myorx.facts.source_slips import add_json_problem, add_yaml_problem
from myorx.facts.spelling import seen
from myorx.guideline import yaml_tree
from myorx.guideline.yaml_tree import Entry, Scalar, Sequence, Tree
from myorx.guideline.yaml_tree import Mapping as MappingNode

MAX_BYTES = 1_000_000
"""Longest case that is read."""

MAX_DEPTH = 12
"""Deepest nesting of a case given as JSON or plain Python."""

MAX_TEXT = 10_000
"""Longest single value that is looked at."""

_ROOT = Place("")
# Also the characters that turn the order in which others are shown: what a reader of the file sees
# would not be what is read here.
_CONTROL = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_CHARACTERS_TOLD = 5
_FEW = 10
_JSON_OBJECT = re.compile(r'\s*\{\s*"')
_BARE_COMPARISON = re.compile(r"(?m)(?<=[:\-,\[{] )(>=?\s*[0-9.][^\n,}\]\"'#]*)")


def read_source(source: bytes | str | Mapping[str, Any], faults: Faults) -> MappingNode | None:
    """The keys and values of a case; None, with the reasons in ``faults``, where there are none."""
    if isinstance(source, Mapping):
        tree = _from_python(source, _ROOT, faults, 0)
    else:
        tree = _from_text(source, faults)
    if tree is None:
        return None
    if not isinstance(tree, MappingNode):
        add_no_mapping(tree, faults)
        return None
    return None if add_other_document(tree, faults) else tree


def text_of(node: Scalar) -> str:
    """What a scalar says. ``>2`` alone, to YAML the head of an empty block, says itself."""
    if not node.text and node.raw[:1] == ">":
        return node.raw.strip()
    return node.text[:MAX_TEXT]


def brief(node: Tree) -> str:
    """A node as it may be shown: a list or mapping on one line, what is inside it cut short."""
    match node:
        case Scalar():
            return text_of(node)
        case Sequence(items=items):
            return f"[{', '.join(_inside(item) for item in items[:_FEW])}]"
        case MappingNode(entries=entries):
            pairs = (f"{entry.key.text}: {_inside(entry.value)}" for entry in entries[:_FEW])
            return f"{{{', '.join(pairs)}}}"


def _inside(node: Tree) -> str:
    return text_of(node) if isinstance(node, Scalar) else "…"


def line_of(node: Tree) -> int | None:
    """The line a node stands in, counted from 1; None where the source has no lines."""
    return node.line or None


def _from_text(source: bytes | str, faults: Faults) -> Tree | None:
    if len(source) > MAX_BYTES:
        faults.add("too-large", _ROOT, f"{len(source):,}")
        return None
    text = _text(source, faults)
    if text is None:
        return None
    if text.lstrip()[:1] != "{":
        return _from_yaml(text, faults)
    found = _from_json(text)
    if isinstance(found, _Pairs):
        return _from_python(found, _ROOT, faults, 0)
    return _from_yaml(text, faults, found)


def _text(source: bytes | str, faults: Faults) -> str | None:
    """The text without what nobody sees; None, said why, where it is none that can be read."""
    if isinstance(source, bytes):
        kind = file_kind(source)
        if kind is not None:
            faults.add("not-text", _ROOT, kind)
            return None
    try:
        text = source if isinstance(source, str) else source.decode("utf-8")
    except UnicodeDecodeError as error:
        start, data = error.start, error.object
        line = data.count(b"\n", 0, start) + 1
        byte = f"0x{data[start]:02x}"
        faults.add("not-utf-8", Place("", line), byte, guess=encoding_of(data))
        return None
    text = seen(_printable(text))
    told: set[str] = set()
    for bad in _CONTROL.finditer(text):
        if bad[0] not in told and len(told) < _CHARACTERS_TOLD:
            told.add(bad[0])
            line = text.count("\n", 0, bad.start()) + 1
            faults.add("bad-character", Place("", line), f"U+{ord(bad[0]):04X}")
    return None if told else text


def _printable(text: str) -> str:
    """``text`` without halves of characters, which no output could carry: � in their place."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


# -- JSON and plain Python -------------------------------------------------------------------------


class _Pairs(list[tuple[str, Any]]):
    """A JSON object, with all its keys."""


def _from_json(text: str) -> _Pairs | json.JSONDecodeError | None:
    """The object, numbers as text; where it is no JSON, why; None for nesting without end."""
    try:
        found: _Pairs = json.loads(
            text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_Pairs
        )
    except json.JSONDecodeError as error:
        return error
    except RecursionError:
        return None
    return found


def _from_python(value: object, place: Place, faults: Faults, depth: int) -> Tree | None:
    """One plain value as a tree; None where it cannot be one (said why)."""
    if depth > MAX_DEPTH:
        faults.add("too-deep", place)
        return None
    match value:
        case str():
            text = _printable(value)
            return Scalar("", 0, 0, text, "string", text)
        case None:
            return Scalar("", 0, 0, "", "null", "")
        case bool():
            return _scalar("true" if value else "false")
        case Decimal() | float():
            return _scalar(str(value))
        case int():
            return _scalar(str(value) if value.bit_length() < 4096 else "9" * 1000)
        case datetime():
            return _scalar(value.isoformat())
        case date():
            return _scalar(value.isoformat())
        case _Pairs():
            return _mapping(value, place, faults, depth)
        case Mapping():
            return _mapping(list(value.items()), place, faults, depth)
        case list() | tuple():
            items = (
                _from_python(item, Place(f"{place.path}[{index}]"), faults, depth + 1)
                for index, item in enumerate(value)
            )
            return Sequence("", 0, 0, tuple(item for item in items if item is not None))
        case _:
            faults.add("unreadable", place, type(value).__name__)
            return None


def _scalar(text: str) -> Scalar:
    return Scalar("", 0, 0, text, "string", text)


def _mapping(pairs: list[tuple[Any, Any]], place: Place, faults: Faults, depth: int) -> MappingNode:
    entries: dict[str, Entry] = {}
    for name, value in pairs:
        if not isinstance(name, str):
            faults.add("unreadable", place, repr(name))
            continue
        text = _printable(name)
        here = place.at(text)
        if text in entries:
            faults.add("duplicate-key", here, text)
            continue
        node = _from_python(value, here, faults, depth + 1)
        if node is not None:
            entries[text] = Entry(_scalar(text), node)
    return MappingNode("", 0, 0, tuple(entries.values()))


# -- YAML ------------------------------------------------------------------------------------------


def _from_yaml(
    text: str, faults: Faults, no_json: json.JSONDecodeError | None = None
) -> Tree | None:
    """Read as YAML; a bare ``>2000 ng/mL``, which YAML forbids, counts as quoted.

    ``no_json``: why it is no JSON, where it looks like that; said when it is no YAML either.
    """
    reading = yaml_tree.read(text, "", max_bytes=MAX_BYTES)
    if reading.tree is None:
        mended = _BARE_COMPARISON.sub(lambda found: f'"{found[1].rstrip()}"', text)
        if mended != text:
            again = yaml_tree.read(mended, "", max_bytes=MAX_BYTES + len(mended) - len(text))
            reading = again if again.tree is not None else reading
    for problem in reading.problems:
        if no_json is not None and problem.code == "yaml-syntax" and _JSON_OBJECT.match(text):
            add_json_problem(no_json, faults)
        else:
            add_yaml_problem(problem, text, faults)
    return reading.tree
