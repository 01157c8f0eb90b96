"""All doses of a plan: amount, tablets, how each came about, or why it is withheld."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from myorx.cli.plan_text import cited
from myorx.cli.rows import Row, heading, rows
from myorx.cli.words import Language, say, word
from myorx.plan.model import DoseLine, PartResult, Plan


def doses_of(plan: Plan) -> tuple[DoseLine, ...]:
    """Every dose line of decisions and advice, each regimen of a drug once."""
    found = {(line.drug, line.regimen): line for part in _all(_parts(plan)) for line in part.doses}
    return tuple(found.values())


def dose_rows(plan: Plan, lang: Language) -> list[Row]:
    """Every dose with its figures, then the drugs whose dose the source does not state."""
    lines = doses_of(plan)
    receipt = plan.receipt
    title = f"MyoRx · {receipt.guideline} {receipt.version} · {word('as_of', lang)} {plan.as_of}"
    out = [Row(title, "head")]
    out += rows(f"{say(receipt.review, lang)} · {say(receipt.notice, lang)}", "dim")
    if lines:
        out += heading(word("doses", lang))
    for line in lines:
        out += _line(line, lang)
    silent = dict.fromkeys(
        say(part.names, lang) for part in _all(_parts(plan)) if part.dose_not_stated
    )
    if silent:
        out += heading(word("doses_not_stated", lang))
        out += rows(("、" if lang == "zh" else "; ").join(silent), first="  ")
    if not lines and not silent:
        out += rows(word("no_doses", lang))
    return out


def _line(line: DoseLine, lang: Language) -> list[Row]:
    basis = f" ({word('inferred', lang)})" if line.basis == "inferred" else ""
    text = f"{say(line.label, lang)}: {say(line.says, lang)}{basis}{cited(line.cites)}"
    out = rows(text, "plain" if line.withheld is None else "warning", first="  - ")
    figures = (
        ("tablets_word", line.tablets),
        ("unrounded", line.unrounded),
        ("cap_word", line.cap),
        ("scaled", line.scaled_by),
    )
    known = [f"{word(key, lang)} {value}" for key, value in figures if value is not None]
    if known:
        out += rows(" · ".join(known), "dim", first="      ")
    if line.withheld is not None:
        out += rows(f"{word('withheld_because', lang)}: {say(line.withheld, lang)}", first="      ")
    if line.needs:
        out += rows(f"{word('ask_first', lang)}: {', '.join(line.needs)}", first="      ")
    return out


def _parts(plan: Plan) -> Iterator[PartResult]:
    for decision in plan.decisions:
        for candidate in decision.candidates:
            yield from candidate.parts
    for item in plan.advice:
        yield from item.parts


def _all(parts: Iterable[PartResult]) -> Iterator[PartResult]:
    for part in parts:
        yield part
        yield from _all(part.members)
