"""A taper as a staircase: the dose over the days, each step with its date and tablets.

All lengths are units of the picture. Same taper, same picture.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final, NamedTuple

from myorx.plan.model import TaperPlan, TaperStep

WIDTH: Final = 720.0
HEIGHT: Final = 230.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 8.0, 30.0, 190.0
_TAIL: Final = 0.1
"""Share of the whole length that the last dose, whose end is not stated, is drawn on for."""
_ROOM: Final = 62.0
"""So wide a step must be to carry its own words; narrower ones have them in the table."""


class Tread(NamedTuple):
    """One step: where its tread begins and ends, how high it lies, and what stands at it."""

    x: float
    end: float
    y: float
    dose: str
    """The number alone."""
    tablets: str
    on: str
    """Month and day."""
    mark: str
    """``!`` a caution, ``*`` a fall that is not as asked, or nothing."""
    told: bool
    """Whether there is room for its words."""


class Stairs(NamedTuple):
    """The whole staircase. ``line`` is a path in the notation of SVG."""

    treads: tuple[Tread, ...]
    line: str
    area: str
    top: str
    """The dose before, with its unit."""
    years: tuple[tuple[float, str], ...]
    """Where a year begins, and the first day."""


def stairs(plan: TaperPlan) -> Stairs | None:
    """The picture of a taper; None where it has no steps."""
    if not plan.steps:
        return None
    first = date.fromisoformat(plan.steps[0].on)
    last = date.fromisoformat(plan.steps[-1].on)
    length = max((last - first).days, 1)
    # The dose before has as much room at the left as the open end at the right.
    whole = length * (1 + 2 * _TAIL)
    highest = max(_number(plan.dose), *(_number(step.dose) for step in plan.steps))

    def across(day: date) -> float:
        days = (day - first).days + length * _TAIL
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * days / whole, 1)

    def down(dose: str) -> float:
        return round(_BOTTOM - (_BOTTOM - _TOP) * _number(dose) / highest, 1)

    starts = [across(date.fromisoformat(step.on)) for step in plan.steps]
    ends = [*starts[1:], WIDTH - _RIGHT]
    treads = tuple(
        Tread(
            x,
            end,
            down(step.dose),
            step.dose.partition(" ")[0],
            step.tablets,
            step.on[5:],
            _mark(step),
            end - x >= _ROOM,
        )
        for step, x, end in zip(plan.steps, starts, ends, strict=True)
    )
    line = f"M{_LEFT} {down(plan.dose)}" + "".join(f"H{t.x}V{t.y}" for t in treads)
    line += f"H{WIDTH - _RIGHT}"
    area = f"{line}V{_BOTTOM}H{_LEFT}Z"
    return Stairs(treads, line, area, plan.dose, _years(plan, across))


def _mark(step: TaperStep) -> str:
    if step.caution is not None:
        return "!"
    return "*" if step.remark is not None else ""


def _years(plan: TaperPlan, across: Callable[[date], float]) -> tuple[tuple[float, str], ...]:
    """The first day by its year, and each new year on the way."""
    first = date.fromisoformat(plan.steps[0].on)
    last = date.fromisoformat(plan.steps[-1].on)
    turns = (date(year, 1, 1) for year in range(first.year + 1, last.year + 1))
    return ((across(first), str(first.year)), *((across(day), str(day.year)) for day in turns))


def _number(dose: str) -> float:
    """``47.5 mg/d`` as a number, for drawing only."""
    return float(dose.partition(" ")[0])
