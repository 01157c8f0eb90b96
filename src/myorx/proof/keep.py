"""A counter-example as a vignette: the case, and what the plan says of it now."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from myorx.proof.claim import Example, Result
from myorx.proof.texts import say

_NO_WORD = re.compile(r"[^a-z0-9]+")


def vignette(result: Result) -> str | None:
    """The lines of one vignette; None where there is no case that shows it by itself."""
    example = result.example
    if example is None or not example.reproduced or example.assumed:
        return None
    id_ = _NO_WORD.sub("_", result.id.lower()).strip("_")
    title = {"zh": result.says.zh, "en": result.says.en}
    comment = say("keep_comment")
    return "\n".join(
        (
            f"- id: counter_example_{id_}",
            f"  title: {_flow(title)}",
            "  source: boundary",
            f"  as_of: {example.as_of.isoformat()}",
            f"  case: {_flow(example.case)}",
            f"  # {comment.zh}",
            f"  # {comment.en}",
            f"  expect: {_flow(_expected(example))}",
            "",
        )
    )


def _flow(value: Any) -> str:
    """A value in one line; what is JSON is YAML too."""
    return json.dumps(value, ensure_ascii=False)


def _expected(example: Example) -> Mapping[str, Any]:
    decisions: dict[str, dict[str, str]] = {}
    found: dict[str, Any] = {}
    for subject, word in example.plan.items():
        kind, colon, id_ = subject.partition(":")
        word = word.partition(" ")[0]
        if not colon and word != "not_judged":
            decision, _, candidate = subject.partition("/")
            decisions.setdefault(decision, {})[candidate] = word
        elif kind == "decision":
            decisions.setdefault(id_, {})["_status"] = word
        elif kind in ("drug", "advice") and word != "absent":
            found.setdefault("drugs" if kind == "drug" else "advice", {})[id_] = word
        elif kind == "alert" and word != "raised":
            found.setdefault("alerts", {})[id_] = word
    return {**({"decisions": decisions} if decisions else {}), **found}
