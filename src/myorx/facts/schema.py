"""The JSON Schema of a case for one guideline, so that editors complete and check what is typed.

It knows every fact by its id and by its names; the reader is more lenient (case, width, spaces).
"""

from __future__ import annotations

from typing import Any, Final

from myorx.facts.names import spellings
from myorx.facts.words import CASE_FIELDS, FIELDS, RESPONSES, ROUTES, THERAPY_FIELDS, UNKNOWN_WORDS
from myorx.guideline.models import Fact, Guideline

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_UNKNOWN: Final = {
    "enum": [None, *UNKNOWN_WORDS],
    "description": "why unknown: pending / 待回报, not done / 未做, weak positive / 弱阳性 …",
}


def case_schema(guideline: Guideline) -> dict[str, Any]:
    """The schema (draft 2020-12) of a case of ``guideline`` in YAML or JSON."""
    given = [fact for fact in guideline.facts.values() if not fact.derived]
    facts: dict[str, Any] = {}
    for fact in given:
        for name in (fact.id, *spellings(fact.label, fact.also)):
            facts.setdefault(name, {"$ref": f"#/$defs/{fact.id}"})
    groups: dict[str, Any] = {}
    for group in guideline.groups.values():
        for name in (group.id, *spellings(group.label)):
            if name not in facts:
                groups.setdefault(name, {"$ref": "#/$defs/_facts"})
    return {
        "$schema": _DIALECT,
        "title": f"{guideline.manifest.title.en}: case / {guideline.manifest.title.zh}：病例",
        "type": "object",
        "properties": {
            **_parts(guideline),
            "facts": {
                "type": "object",
                "properties": {**groups, **facts},
                "additionalProperties": False,
            },
            **groups,
            **facts,
        },
        "additionalProperties": False,
        "$defs": {
            "_facts": {"type": "object", "properties": facts, "additionalProperties": False},
            "_unknown": _UNKNOWN,
            "_therapy": _therapy(guideline),
            **{fact.id: _fact(fact) for fact in given},
        },
    }


def _parts(guideline: Guideline) -> dict[str, Any]:
    """The keys of a case that are no facts."""
    drug = {"type": "string", "description": "a drug by any of its whole names / 药名"}
    parts: dict[str, Any] = {
        "as_of": {"type": "string", "format": "date", "description": "date of the case / 评估日期"},
        "therapies": {
            "anyOf": [
                {"type": "array", "items": {"anyOf": [drug, {"$ref": "#/$defs/_therapy"}]}},
                {"enum": ["none", "无", "unknown", "不详", None]},
            ],
            "description": f"therapy history, of the drugs of {guideline.manifest.id} / 治疗史",
        },
        "therapies_complete": {
            "type": ["boolean", "string", "null"],
            "description": "whether this is the whole history / 用药史是否完整",
        },
        "orders": {
            "anyOf": [
                {"type": "array", "items": {"anyOf": [drug, {"$ref": "#/$defs/_therapy"}]}},
                drug,
                {"type": "null"},
            ],
            "description": "drugs ordered or planned now / 医嘱",
        },
        "about": {"description": "anything, not read / 备注，不读取"},
    }
    for word, field in CASE_FIELDS.items():
        if field in parts and not word.isascii():
            parts.setdefault(word, parts[field])
    return parts


def _therapy(guideline: Guideline) -> dict[str, Any]:
    text = {"type": ["string", "null"]}
    day = {"type": ["string", "integer", "null"], "description": "2026, 2026-03, 2026-03-15"}
    routes = sorted({*ROUTES.values(), *(r for d in guideline.drugs.values() for r in d.routes)})
    flag = {"type": ["boolean", "string", "null"]}
    fields: dict[str, Any] = {
        "drug": {"type": "string"},
        "dose": {**text, "examples": ["60 mg/d", "30 mg bid", "1 mg/kg/d"]},
        "route": {**text, "examples": routes},
        "start": day,
        "stop": {**day, "examples": ["2026-03-15", "ongoing", "stopped", "unknown"]},
        "on": {**day, "description": "the day, for something given once / 单次给药日期"},
        "response": {**text, "examples": sorted({*RESPONSES.values()})},
        "effective": {**flag, "description": "at an effective dose / 是否有效剂量"},
        "pulse": {**flag, "description": "a pulse / 冲击"},
        "note": text,
    }
    names = {word: fields[field] for word, field in THERAPY_FIELDS.items() if not word.isascii()}
    return {"type": "object", "properties": {**names, **fields}, "additionalProperties": False}


def _fact(fact: Fact) -> dict[str, Any]:
    value = _value(fact, bare=not fact.unit_required)
    words = {"$ref": "#/$defs/_unknown"}
    fields: dict[str, Any] = {
        "value": {"anyOf": [_value(fact, bare=True), words]},
        "unit": {"type": "string", "examples": _units(fact)} if fact.unit else {"type": "null"},
        "on": {"type": ["string", "integer", "null"], "description": "date of the value / 日期"},
        "comparator": {"enum": ["<", "<=", "≤", "=", ">", ">=", "≥", None]},
        "method": {"type": ["string", "null"]},
        "unknown": {"type": ["string", "boolean", "null"], "description": "why unknown / 未知原因"},
    }
    names = {word: fields[field] for word, field in FIELDS.items() if not word.isascii()}
    whole = {"type": "object", "properties": {**names, **fields}, "additionalProperties": False}
    return {
        "title": f"{fact.label.en} / {fact.label.zh}",
        **({} if fact.question is None else {"description": fact.question.en}),
        "anyOf": [value, words, whole],
    }


def _value(fact: Fact, *, bare: bool) -> dict[str, Any]:
    """The value alone; ``bare``: a number may stand without unit."""
    match fact.type:
        case "boolean":
            return {"type": ["boolean", "string"], "examples": [True, False, "positive", "阴性"]}
        case "code":
            names = [(code.id, code.label.zh, code.label.en, *code.also) for code in fact.values]
            return {"enum": list(dict.fromkeys(name for code in names for name in code))}
        case "date":
            return {"type": ["string", "integer"], "examples": ["2026-03-15", "2026-03", "2026"]}
        case "integer":
            return {"type": ["integer", "string"]}
        case "decimal":
            return {"type": ["number", "string"]}
        case "quantity":
            types = ["number", "string"] if bare else ["string"]
            example = f"12 {fact.unit or ''}".strip()
            return {"type": types, "examples": [example, f">{example}"]}


def _units(fact: Fact) -> list[str]:
    return [unit for unit in (fact.unit, *(each.unit for each in fact.units)) if unit]
