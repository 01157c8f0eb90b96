"""Every vignette of every guideline that comes with the package."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

import jsonschema_rs
import pytest

from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.positions import Positions
from myorx.guideline.vignettes import Vignette, load_vignettes
from myorx.plan import Planner, encode
from myorx.plan.encode import plan_schema
from myorx.plan.vignettes import run_vignette

NAMES = sorted(path.parent.name for path in GUIDELINES.glob("*/guideline.yaml"))


@cache
def _planner(name: str) -> Planner:
    return Planner(load(name))


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(plan_schema())


@cache
def _read(name: str) -> tuple[tuple[Vignette, ...], Positions]:
    return load_vignettes(GUIDELINES / name)


def _vignettes() -> Iterator[tuple[str, Vignette]]:
    for name in NAMES:
        yield from ((name, vignette) for vignette in _read(name)[0])


@pytest.mark.parametrize(
    ("name", "vignette"),
    [pytest.param(*pair, id=f"{pair[0]}-{pair[1].id}") for pair in _vignettes()],
)
def test_vignette(name: str, vignette: Vignette) -> None:
    outcome = run_vignette(_planner(name), vignette, _read(name)[1])
    assert outcome.passed, str(outcome)
    if outcome.plan is not None:
        _validator().validate(json.loads(encode(outcome.plan)))
