"""Inputs at random for every instrument, made from its own description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from myorx.instruments.core_set import _table as core_set
from myorx.instruments.describe import Input
from myorx.instruments.muscle_grades import grades
from myorx.instruments.registry import INSTRUMENTS

Inputs = Mapping[str, object]


def value_of(each: Input) -> st.SearchStrategy[object]:
    """Any value of one input."""
    match each.type:
        case "boolean":
            return st.booleans()
        case "choice":
            return st.sampled_from([choice.id for choice in each.choices])
        case "number":
            assert each.low is not None
            assert each.high is not None
            few = [each.low, each.high, each.low + 1]
            return st.sampled_from(few) | st.decimals(each.low, each.high, places=2)


@st.composite
def complete(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """Every input of an instrument, such that nothing is refused."""
    about = INSTRUMENTS[name].about
    found = {each.id: draw(value_of(each)) for each in about.inputs}
    if "strength_scale" in found:
        (most,) = (s.most for s in core_set().strength_scales if s.id == found["strength_scale"])
        for end in ("strength_before", "strength_after"):
            found[end] = draw(st.decimals(0, most, places=1))
    if "grading" in found:
        table = grades(found["grading"])
        for each in about.inputs:
            if each.id != "grading":
                found[each.id] = draw(st.sampled_from(table))
    if found.get("biopsy") is False:
        for id_ in BIOPSY:
            del found[id_]
    if name == "body_surface":
        found["height"] = draw(st.decimals(120, 220, places=1))
        found["weight"] = draw(st.decimals(30, 250, places=1))
    if name == "steroid_equivalent":
        found["dose"] = draw(st.decimals(0, 30, places=1))
    return found


BIOPSY = ("endomysial_infiltrate", "perimysial_infiltrate", "perifascicular_atrophy",
          "rimmed_vacuoles")  # fmt: skip


@st.composite
def with_holes(draw: st.DrawFn, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A complete set of inputs, and the same with some optional ones unknown."""
    whole = draw(complete(name))
    about = INSTRUMENTS[name].about
    may = [each.id for each in about.inputs
           if not each.required and each.default is None and each.id in whole]  # fmt: skip
    gone = draw(st.sets(st.sampled_from(may))) if may else set()
    return whole, {id_: value for id_, value in whole.items() if id_ not in gone}
