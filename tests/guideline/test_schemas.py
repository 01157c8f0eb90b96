"""The JSON Schemas are fresh, and agree with the loader about what may be written."""

from __future__ import annotations

import importlib.util
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from myorx.guideline import layout, yaml_tree
from myorx.guideline.models import Fact
from myorx.guideline.schemas import field_docs, schemas

ROOT = Path(__file__).resolve().parents[2]
GOOD = Path(__file__).parent / "good" / "throat"
AIM = ROOT / "src" / "myorx" / "guidelines" / "aim"


def _tool() -> Any:
    spec = importlib.util.spec_from_file_location("tools_schemas", ROOT / "tools" / "schemas.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _files() -> list[Any]:
    return [
        pytest.param(name, path, id=f"{folder.name}/{name}")
        for folder in (GOOD, AIM)
        for name, path in layout.files(folder)
    ]


def _validator(kind: layout.FileKind) -> Draft202012Validator:
    return Draft202012Validator(schemas()[f"{kind.name}.json"])


def test_schemas_are_fresh() -> None:
    tool = _tool()
    written = {path.name: path.read_text(encoding="utf-8") for path in tool.TARGET.glob("*.json")}
    assert written == tool.rendered(), "run: python tools/schemas.py"


@pytest.mark.parametrize("name", sorted(schemas()))
def test_every_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(json.loads(json.dumps(schemas()[name])))


@pytest.mark.parametrize(("name", "path"), _files())
def test_knowledge_files_validate(name: str, path: Path) -> None:
    kind = layout.kind_of(name)
    assert kind is not None
    document = yaml_tree.plain(yaml_tree.read(path.read_bytes(), name).tree)
    faults = [
        f"{'/'.join(map(str, fault.absolute_path))}: {fault.message[:200]}"
        for fault in _validator(kind).iter_errors(document)
    ]
    assert faults == []


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        ("group", [{"id": "a", "label": {"zh": "甲"}}]),
        ("group", [{"id": "a", "label": {"zh": "甲", "en": "a"}, "more": 1}]),
        ("group", [{"id": "a", "label": {"zh": "甲", "en": " "}}]),
        ("group", {"id": "a"}),
        ("drug", {"id": "a", "names": {"zh": "甲", "en": "a"}, "hazards": [{"cites": []}]}),
        (
            "drug",
            {
                "id": "a",
                "names": {"zh": "甲", "en": "a"},
                "hazards": [{"exclude": "x", "caution": "y"}],
            },
        ),
        ("drug", {"id": "a", "names": {"zh": "甲", "en": "a"}, "kind": "food"}),
        ("fact", [{"id": "a", "group": "g", "label": {"zh": "甲", "en": "a"}, "type": "number"}]),
        ("manifest", {"id": "a", "version": Decimal("0.1")}),
    ],
)
def test_what_the_loader_refuses_is_refused(kind: str, document: Any) -> None:
    assert not _validator(layout.KIND_OF[kind]).is_valid(document)


@pytest.mark.parametrize(
    "part",
    ["penicillin", {"drug": "penicillin"}, {"class": "macrolide"}, {"drug": "a", "route": "iv"}],
)
def test_kind_spellings_are_accepted(part: Any) -> None:
    candidate = {"id": "c", "names": {"zh": "甲", "en": "a"}, "role": "rescue", "parts": [part]}
    decision = {
        "id": "d",
        "section": "1",
        "order": 1,
        "question": {"zh": "甲", "en": "a"},
        "applies": True,
        "candidates": [{**candidate, "for": [{"when": "a and b"}]}],
    }
    assert list(_validator(layout.KIND_OF["decision"]).iter_errors(decision)) == []


def test_fields_carry_their_docs() -> None:
    assert "stale" in field_docs(Fact)["max_age"]
    fact: Any = schemas()["fact.json"]["$defs"]["Fact"]
    assert "stale" in fact["properties"]["max_age"]["description"]
