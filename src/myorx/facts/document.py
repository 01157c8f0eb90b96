"""A case as a document: opened as plain data, added to answer by answer, written down as YAML.

Every value stays the text that was typed, so that what is written is read again as the same case.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from myorx.facts.faults import CaseError, Faults
from myorx.facts.names import Index, index
from myorx.facts.source import read_source, text_of
from myorx.facts.spelling import key
from myorx.facts.words import CASE_FIELDS
from myorx.guideline.models import Guideline
from myorx.guideline.yaml_tree import Mapping as MappingNode
from myorx.guideline.yaml_tree import Scalar, Tree

Document: TypeAlias = Mapping[str, Any]
"""A case as ``read_case`` takes it: texts, None, lists and mappings of these."""

_PLAIN: Final = re.compile(r"[^\W_][\w .%/()+*^\-\u4e00-\u9fff]*\Z")
"""Texts that YAML reads as themselves without quotes."""


def opened(source: bytes | str) -> Document:
    """The document of a case in YAML or JSON. Raises CaseError where it cannot be read at all."""
    faults = Faults()
    tree = read_source(source, faults)
    if tree is None:
        raise CaseError(faults.all)
    found = _plain(tree)
    return found if isinstance(found, dict) else {}


def typed(text: str) -> Any:
    """What an answer stands for when it is typed as in a case file: a value, a list, a mapping.

    A text that YAML cannot read stands for itself.
    """
    tree = read_source(f"answer: {text}", Faults())
    entry = None if tree is None else tree.get("answer")
    return text if entry is None or _is_null(entry) else _plain(entry)


def answered(document: Document, guideline: Guideline, name: str, value: Any) -> Document:
    """The document with ``value`` for the fact or part ``name``, in place of what stood there."""
    return {**_without(document, index(guideline), name), name: value}


def fields(document: Document) -> frozenset[str]:
    """The parts of a case (``therapies``, ``orders`` …) that the document speaks of."""
    return frozenset(CASE_FIELDS[key(each)] for each in document if key(each) in CASE_FIELDS)


def written(document: Document) -> str:
    """The document as YAML, one line per fact and one per therapy."""
    return "".join(_entry(name, value) for name, value in document.items())


# -- reading -----------------------------------------------------------------------------------


def _plain(tree: Tree) -> Any:
    match tree:
        case Scalar():
            return None if _is_null(tree) else text_of(tree)
        case MappingNode(entries=entries):
            return {entry.key.text: _plain(entry.value) for entry in entries}
        case _:
            return [_plain(item) for item in tree.items]


def _is_null(tree: Tree) -> bool:
    return isinstance(tree, Scalar) and tree.kind == "null" and not text_of(tree)


def _without(document: Document, table: Index, name: str) -> dict[str, Any]:
    """Everything but one fact or part, however it is spelled and in whatever group it stands."""
    kept: dict[str, Any] = {}
    for spelled, value in document.items():
        if _means(spelled, name, table):
            continue
        if isinstance(value, Mapping) and not table.facts.find(spelled):
            value = _without(value, table, name)
        kept[spelled] = value
    return kept


def _means(spelled: str, name: str, table: Index) -> bool:
    return name in table.facts.find(spelled) or CASE_FIELDS.get(key(spelled)) == name


# -- writing -----------------------------------------------------------------------------------


def _entry(name: str, value: Any) -> str:
    if isinstance(value, list) and any(isinstance(item, dict) for item in value):
        return f"{_text(name)}:\n" + "".join(f"  - {_flow(item)}\n" for item in value)
    return f"{_text(name)}: {_flow(value)}\n"


def _flow(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case dict():
            pairs = (f"{_text(name)}: {_flow(each)}" for name, each in value.items())
            return f"{{{', '.join(pairs)}}}"
        case list():
            return f"[{', '.join(_flow(each) for each in value)}]"
        case _:
            return _text(str(value))


def _text(text: str) -> str:
    plain = _PLAIN.match(text) and not text.endswith(" ") and text.lower() not in ("null", "none")
    return text if plain else json.dumps(text, ensure_ascii=False)
