"""The six core set measures before and after: what changed, exactly, as far as it is known."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Final, NamedTuple

import msgspec

from myorx.instruments.catalogue import say
from myorx.instruments.data import table
from myorx.instruments.describe import About
from myorx.instruments.errors import Fault, InputError
from myorx.instruments.inputs import Given, fault

STRENGTH: Final = "strength"
ENZYME: Final = "enzyme"


class Measure(msgspec.Struct, frozen=True):
    """One measure; ``range`` None: it depends on the scale or enzyme in use."""

    id: str
    range: Decimal | None
    worse_is_higher: bool
    verified: bool


class _Scale(msgspec.Struct, frozen=True):
    id: str
    most: Decimal
    verified: bool


class _Enzyme(msgspec.Struct, frozen=True):
    id: str
    times_upper_limit: Decimal
    verified: bool


class _Table(msgspec.Struct, frozen=True):
    measures: tuple[Measure, ...]
    strength_scales: tuple[_Scale, ...]
    enzymes: tuple[_Enzyme, ...]


class Change(NamedTuple):
    """One measure before and after; ``better`` is positive for improvement."""

    measure: str
    before: Fraction
    after: Fraction
    better: Fraction
    range: Fraction | None
    """The length of its scale; None where scale or enzyme is not told."""
    verified: bool
    """Whether that length was found in a source."""

    def percent_of_range(self) -> Fraction | None:
        """Absolute improvement in percent of the scale."""
        return None if self.range is None else 100 * self.better / self.range

    def better_by(self, percent: Decimal) -> bool:
        """Whether it improved by this share of its baseline (a baseline of 0: by anything)."""
        return self.better > 0 and 100 * self.better >= Fraction(percent) * self.before

    def worse_by(self, percent: Decimal) -> bool:
        """Whether it worsened by this share of its baseline (a baseline of 0: by anything)."""
        return self.better < 0 and -100 * self.better >= Fraction(percent) * self.before


@cache
def _table() -> _Table:
    return table("core_set.json", _Table)


def measures() -> tuple[str, ...]:
    """The ids of the six measures."""
    return tuple(measure.id for measure in _table().measures)


def changes(about: About, given: Given) -> Mapping[str, Change | None]:
    """The change of each measure; None where one of its two values is unknown.

    Raises InputError for a strength above the maximum of its scale.
    """
    scales = {scale.id: scale for scale in _table().strength_scales}
    scale = scales.get(given.choice("strength_scale") or "")
    too_high = list(_too_high(about, given, scale)) if scale is not None else []
    if too_high:
        raise InputError(too_high)
    return {measure.id: _change(measure, given, scale) for measure in _table().measures}


def unknown(given: Given, found: Mapping[str, Change | None]) -> tuple[str, ...]:
    """The inputs that are missing for the measures without a change."""
    ends = (f"{name}_{end}" for name, change in found.items() if change is None
            for end in ("before", "after"))  # fmt: skip
    return tuple(id_ for id_ in ends if id_ not in given)


def _too_high(about: About, given: Given, scale: _Scale) -> list[Fault]:
    faults = []
    for end in ("strength_before", "strength_after"):
        total = given.number(end)
        if total is not None and total > scale.most:
            allowed = say("allowed_range", low="0", high=str(scale.most), unit=f" ({scale.id})")
            remedy = say("remedy_number_bare")
            faults.append(fault(about.input(end), str(total), "out_of_range", allowed, remedy))
    return faults


def _change(measure: Measure, given: Given, scale: _Scale | None) -> Change | None:
    before, after = given.number(f"{measure.id}_before"), given.number(f"{measure.id}_after")
    if before is None or after is None:
        return None
    first, last = Fraction(before), Fraction(after)
    length, verified = _range(measure, given, scale)
    better = first - last if measure.worse_is_higher else last - first
    return Change(measure.id, first, last, better, length, verified)


def _range(measure: Measure, given: Given, scale: _Scale | None) -> tuple[Fraction | None, bool]:
    """The length of the scale of a measure, and whether it is verified."""
    if measure.id == STRENGTH:
        return (None, True) if scale is None else (Fraction(scale.most), scale.verified)
    if measure.id == ENZYME:
        enzymes = {enzyme.id: enzyme for enzyme in _table().enzymes}
        enzyme = enzymes.get(given.choice("enzyme") or "")
        limit = given.number("enzyme_upper_limit")
        if enzyme is None or limit is None:
            return None, True
        return Fraction(enzyme.times_upper_limit) * Fraction(limit), enzyme.verified
    assert measure.range is not None
    return Fraction(measure.range), measure.verified
