"""A taper drawn as a staircase: one row a step, its bar as long as the dose is high."""

from __future__ import annotations

from myorx.cli.layout import WIDTH, columns, pad
from myorx.cli.rows import Row, rows
from myorx.cli.words import Language, say, word
from myorx.guideline.texts import Text
from myorx.plan.model import Remark, TaperPlan, TaperStep

_FULL = "█"
_HALF = "▌"
_INDENT = "  "
_GAP = "  "


def taper_rows(plan: TaperPlan, lang: Language) -> list[Row]:
    """The taper in one sentence, the staircase, and what is to be said of it."""
    out = rows(say(plan.says, lang), "head", first=_INDENT)
    out += _stairs(plan, lang)
    out += _deviations(plan, lang)
    for remark in plan.remarks:
        out += _remark(remark, lang)
    return out


def _stairs(plan: TaperPlan, lang: Language) -> list[Row]:
    """Day, dose, tablets, fall and bar of each step; the dose before them on top."""
    if not plan.steps:
        return []
    doses = [plan.dose, *(step.dose for step in plan.steps)]
    before = word("taper_from", lang)
    table = [
        (before, plan.dose, "", ""),
        *((step.on, step.dose, step.tablets, _fall(step)) for step in plan.steps),
    ]
    widths = [max(columns(row[index]) for row in table) for index in range(4)]
    room = WIDTH - columns(_INDENT) - sum(widths) - 4 * columns(_GAP)
    highest = _number(doses[0])
    out = []
    for cells, dose in zip(table, doses, strict=True):
        text = _GAP.join(
            pad(cell, width) if index != 1 else _right(cell, width)
            for index, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        bar = _bar(_number(dose), highest, room)
        out.append(Row(f"{_INDENT}{text}{_GAP}{bar}".rstrip()))
    return out


def _fall(step: TaperStep) -> str:
    """``−20.8 %``, marked where something is to be said of it."""
    mark = "" if step.remark is None else " *"
    return f"−{step.fall}{' !' if step.caution is not None else mark}"


def _bar(dose: float, highest: float, room: int) -> str:
    halves = max(1, round(2 * room * dose / highest))
    return _FULL * (halves // 2) + _HALF * (halves % 2)


def _deviations(plan: TaperPlan, lang: Language) -> list[Row]:
    """What the marks mean, each said once with the steps that it is about."""
    said: dict[tuple[str, Text], list[str]] = {}
    for step in plan.steps:
        if step.remark is not None:
            said.setdefault(("*", step.remark), []).append(str(step.number))
        if step.caution is not None:
            said.setdefault(("!", step.caution), []).append(str(step.number))
    out: list[Row] = []
    for (mark, text), numbers in said.items():
        steps = word("taper_step", lang).format(numbers=", ".join(numbers))
        label = f"{steps}: {say(text, lang)}"
        out += rows(label, "critical" if mark == "!" else "dim", first=f"{_INDENT}{mark} ")
    return out


def _remark(remark: Remark, lang: Language) -> list[Row]:
    basis = f" ({word('inferred', lang)})" if remark.basis == "inferred" else ""
    return rows(f"{say(remark.says, lang)}{basis}", "dim", first=f"{_INDENT}- ")


def _number(dose: str) -> float:
    """``47.5 mg/d`` as a number, for drawing only."""
    return float(dose.partition(" ")[0])


def _right(text: str, width: int) -> str:
    return " " * max(0, width - columns(text)) + text
