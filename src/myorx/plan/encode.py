"""A plan as canonical JSON bytes, and back: fixed key order, no white space, UTF-8."""

from __future__ import annotations

import msgspec

from myorx.plan.comparison import Comparison
from myorx.plan.model import SCHEMA, Calendar, DoseLine, Explanation, Plan, TaperPlan

_ENCODER = msgspec.json.Encoder(order="deterministic")


def encode(
    result: Plan | Explanation | Comparison | Calendar | TaperPlan | DoseLine,
) -> bytes:
    """A plan, an explanation or a comparison as JSON. Equal ones give equal bytes."""
    return _ENCODER.encode(result)


def decode(data: bytes | str) -> Plan:
    """A plan read back. Raises ``msgspec.ValidationError`` when it is not a ``myorx.plan/1``."""
    plan = msgspec.json.decode(data, type=Plan)
    if plan.schema != SCHEMA:
        raise msgspec.ValidationError(f"this is {plan.schema!r}; {SCHEMA!r} can be read")
    return plan


def plan_schema() -> dict[str, object]:
    """The JSON Schema of a plan, generated from the models."""
    (reference,), definitions = msgspec.json.schema_components(
        (Plan,), ref_template="#/$defs/{name}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{SCHEMA.replace('/', ':')}",
        "title": SCHEMA,
        **reference,
        "$defs": dict(sorted(definitions.items())),
    }
