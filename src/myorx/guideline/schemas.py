"""JSON Schemas (draft 2020-12) of the knowledge files, from the models in the author's spelling.

``tools/schemas.py`` writes them into ``schemas/``, where editors find them; a test fails when they
are stale. What no schema can say (names, types, units, citations) is for ``check`` to say.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Mapping
from functools import cache
from types import ModuleType
from typing import Any

from myorx.guideline.layout import BESIDE, KINDS, FileKind
from myorx.guideline.shapes import Atom, Choice, Key, Many, Named, Record, Shape, shape_of

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_ATOMS: Mapping[str, Mapping[str, Any]] = {
    "text": {"type": "string", "pattern": "\\S"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "literal": {"type": ["string", "number", "boolean"]},
    "formula": {
        "type": ["string", "boolean"],
        "pattern": "\\S",
        "description": "A condition in the expression language, in one line of text.",
    },
    "value": {
        "type": ["string", "number", "boolean"],
        "pattern": "\\S",
        "description": "A value or expression of the expression language: 2, 1 'mg/kg/d', 'code'.",
    },
    "free": {},
}


def schemas() -> Mapping[str, Mapping[str, Any]]:
    """File name -> schema, one for each kind of knowledge file."""
    return {f"{kind.name}.json": _schema(kind) for kind in (*KINDS, *BESIDE)}


def _schema(kind: FileKind) -> Mapping[str, Any]:
    definitions: dict[str, Mapping[str, Any]] = {}
    item = _of(shape_of(kind.model), definitions)
    return {
        "$schema": DRAFT,
        "$id": f"myorx:guideline/{kind.name}",
        "title": ", ".join(kind.patterns),
        "description": kind.summary,
        **({"type": "array", "items": item} if kind.many else item),
        "$defs": dict(sorted(definitions.items())),
    }


def _of(shape: Shape, definitions: dict[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """The schema of a shape; records go into ``definitions`` and are referred to."""
    match shape:
        case Atom(kind=kind):
            return _ATOMS[kind]
        case Choice(words=words):
            # Unquoted, these two words are no strings in YAML.
            truths = [word == "true" for word in words if word in ("true", "false")]
            return {"enum": [*words, *truths]}
        case Many(item=item, length=length):
            size = {} if length is None else {"minItems": length, "maxItems": length}
            return {"type": "array", "items": _of(item, definitions), **size}
        case Named(value=value):
            return {"type": "object", "additionalProperties": _of(value, definitions)}
    if shape.title not in definitions:
        definitions[shape.title] = {}  # met again below: only referred to
        definitions[shape.title] = _record(shape, definitions)
    return {"$ref": f"#/$defs/{shape.title}"}


def _record(shape: Record, definitions: dict[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    docs = field_docs(shape.model)
    properties = {key.name: _described(key, docs, definitions) for key in shape.keys}
    written: dict[str, list[str]] = {}
    for key in shape.keys:
        if key.required and not key.gathers:
            written.setdefault(key.field, []).append(key.name)
    mapping: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "required": [names[0] for names in written.values() if len(names) == 1],
    }
    if shape.rest is not None:
        assert isinstance(shape.rest.shape, Named)
        mapping["additionalProperties"] = _of(shape.rest.shape.value, definitions)
        mapping["propertyNames"] = {
            "anyOf": [{"enum": list(properties)}, {"pattern": "^[^_]"}],
        }
    alternatives = [names for names in written.values() if len(names) > 1]
    if alternatives:
        mapping["allOf"] = [
            {"oneOf": [{"required": [name]} for name in names]} for names in alternatives
        ]
    description = _one_line(shape.model.__doc__ or "")
    if shape.short is None:
        return {"description": description, **mapping}
    short = properties[shape.short]
    return {"description": description, "anyOf": [short, mapping]}


def _described(
    key: Key, docs: Mapping[str, str], definitions: dict[str, Mapping[str, Any]]
) -> Mapping[str, Any]:
    schema = _of(key.shape, definitions)
    doc = docs.get(key.field)
    return {**schema, "description": doc} if doc and "description" not in schema else schema


def field_docs(model: type) -> Mapping[str, str]:
    """The doc strings below the fields of a model, by field."""
    return _docs(sys.modules[model.__module__]).get(model.__name__, {})


@cache
def _docs(module: ModuleType) -> Mapping[str, Mapping[str, str]]:
    """Class -> field -> the string that stands below the field in the source."""
    found: dict[str, dict[str, str]] = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        fields = found.setdefault(node.name, {})
        for field, below in zip(node.body, node.body[1:], strict=False):
            match field, below:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    fields[name] = _one_line(text)
    return found


def _one_line(doc: str) -> str:
    return " ".join(doc.split()).replace("``", "`")
