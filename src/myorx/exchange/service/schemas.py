"""The shapes of requests and answers: as JSON Schemas of their own, and inside the OpenAPI one."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final

import msgspec

from myorx.exchange.report import Report
from myorx.exchange.service import problems
from myorx.exchange.service.cards import Cards, Discovery
from myorx.exchange.service.cases import FHIR, JSON, YAML
from myorx.exchange.service.messages import SERVICES, Feedback, HookRequest
from myorx.facts import case_schema
from myorx.guideline.models import Guideline
from myorx.instruments.registry import INSTRUMENTS
from myorx.instruments.result import Result
from myorx.plan.encode import plan_schema
from myorx.plan.model import Explanation, Plan
from myorx.plan.question import Questions

_REF: Final = "#/components/schemas/{name}"
_MODELS: Final[tuple[type, ...]] = (
    *(Plan, Explanation, Questions, Report, Cards, Discovery, HookRequest, Feedback),
)


def _own(model: type) -> Callable[[Guideline], dict[str, Any]]:
    def of(guideline: Guideline) -> dict[str, Any]:  # noqa: ARG001
        (reference,), parts = msgspec.json.schema_components(
            (model,), ref_template="#/$defs/{name}"
        )
        dialect = "https://json-schema.org/draft/2020-12/schema"
        return {"$schema": dialect, **reference, "$defs": dict(sorted(parts.items()))}

    return of


SCHEMAS: Final[Mapping[str, Callable[[Guideline], dict[str, Any]]]] = {
    "case": case_schema,
    "plan": lambda _: plan_schema(),
    "explanation": _own(Explanation),
    "questions": _own(Questions),
    "report": _own(Report),
    "problem": _own(problems.Problem),
}
"""What is published, by name."""


def published(make: Callable[[Guideline], dict[str, Any]], guideline: Guideline) -> dict[str, Any]:
    """One published schema."""
    return make(guideline)


# -- inside OpenAPI ------------------------------------------------------------------------------


def body_of(kind: str) -> dict[str, Any]:
    """What a route takes, for its description."""
    case = {"schema": {"$ref": _REF.format(name="Case")}}
    bundle = {"schema": {"$ref": _REF.format(name="Bundle")}}
    content: dict[str, dict[str, Any]] = {
        "case": {JSON: case, YAML[0]: case, FHIR: bundle},
        "bundle": {FHIR: bundle, JSON: bundle},
        "inputs": {JSON: {"schema": {"type": "object"}}},
        "hook": {JSON: {"schema": {"$ref": _REF.format(name="HookRequest")}}},
        "feedback": {JSON: {"schema": {"$ref": _REF.format(name="Feedback")}}},
    }
    return {"requestBody": {"required": True, "content": content[kind]}}


_REFUSALS: Final = (400, 401, 408, 413, 415, 422, 503)


def made(model: str | None, *more: int, media: str = JSON) -> dict[int | str, dict[str, Any]]:
    """What a route answers, for its description: the model, or a problem."""
    problem = {problems.TYPE: {"schema": {"$ref": _REF.format(name="Problem")}}}
    found: dict[int | str, dict[str, Any]] = {
        status: {"description": "a problem (RFC 9457)", "content": problem}
        for status in (more or _REFUSALS)
    }
    if model is not None:
        content = {media: {"schema": {"$ref": _REF.format(name=model)}}}
        found[200] = {"description": model, "content": content}
    return found


def described(document: Mapping[str, Any]) -> dict[str, Any]:
    """The OpenAPI description with every shape that it refers to."""
    whole = copy.deepcopy(dict(document))
    parts = whole.setdefault("components", {}).setdefault("schemas", {})
    parts.update(_components())
    parts["Case"] = {
        "type": "object",
        "properties": {"as_of": {"type": "string", "format": "date"}},
        "description": "a case: facts by any of their names; the whole schema is /schemas/case",
    }
    parts["Bundle"] = {
        "type": "object",
        "required": ["resourceType"],
        "properties": {"resourceType": {"type": "string"}},
        "description": "FHIR R4, JSON: a Bundle of one patient",
    }
    parts["CodeSystem"] = {"type": "object", "description": "FHIR R4, JSON"}
    parts["Import"] = {
        "type": "object",
        "required": ["case", "report"],
        "properties": {
            "case": {"$ref": _REF.format(name="Case")},
            "report": {"$ref": _REF.format(name="Report")},
        },
    }
    parts["InstrumentResult"] = {"type": "object", "description": Result.__doc__ or ""}
    for part, listed in _LISTED.items():
        for path, operations in whole["paths"].items():
            if part in path:
                _say_which(operations, listed)
    for name in ("HTTPValidationError", "ValidationError"):
        parts.pop(name, None)
    for path in whole["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None) if _stock(operation) else None
    return whole


_LISTED: Final[Mapping[str, Iterable[str]]] = {
    "/schemas/{": SCHEMAS,
    "/instruments/{": INSTRUMENTS,
    "/cds-services/{": SERVICES,
}
"""Beginning of a path with a place holder -> the names that may stand there."""


def _say_which(operations: Mapping[str, Any], listed: Iterable[str]) -> None:
    for operation in operations.values():
        for parameter in operation["parameters"]:
            if parameter["in"] == "path":
                parameter["schema"]["enum"] = list(listed)


def _stock(operation: Mapping[str, Any]) -> bool:
    """Whether the 422 of an operation is the framework's own, which we never send."""
    content = operation["responses"].get("422", {}).get("content", {})
    return "HTTPValidationError" in str(content)


@cache
def _components() -> dict[str, Any]:
    models = (*_MODELS, problems.Problem)
    _, parts = msgspec.json.schema_components(models, ref_template=_REF)
    return parts
