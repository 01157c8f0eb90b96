"""What became of the claims, for reading: failures with their patients, the rest counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from myorx.cli.rows import Row, Tone, heading, rows
from myorx.cli.words import Language, say, word
from myorx.proof.claim import KINDS, Example, Result

_TONES: Mapping[str, Tone] = {"holds": "good", "fails": "critical", "undecided": "warning"}
_TOLD = ("stated", "classification", "numbers")
"""Kinds of which every claim is told; of the others, which are many, only what does not hold."""


def result_rows(results: Sequence[Result], lang: Language, *, listed: bool) -> list[Row]:
    """All results by kind; ``listed``: every claim is told, whatever its kind."""
    found: list[Row] = []
    for kind in KINDS:
        here = [each for each in results if each.kind == kind]
        if here:
            found += heading(word(f"prove_kind_{kind}", lang))
            held = sum(each.outcome == "holds" for each in here)
            seconds = sum(each.milliseconds for each in here) / 1000
            found.append(
                Row(f"{held}/{len(here)} {word('prove_holds', lang)}, {seconds:.1f} s", "dim")
            )
            told = listed or kind in _TOLD
            for each in here:
                if told or each.outcome != "holds":
                    found += _result(each, lang)
    return [*found, Row(""), _total(results, lang)]


def _total(results: Sequence[Result], lang: Language) -> Row:
    counts = {
        outcome: sum(each.outcome == outcome for each in results)
        for outcome in ("holds", "fails", "undecided")
    }
    text = word("prove_total", lang).format(all=len(results), **counts)
    worst = "fails" if counts["fails"] else "undecided" if counts["undecided"] else "holds"
    return Row(text, _TONES[worst])


def _result(result: Result, lang: Language) -> Iterator[Row]:
    head = f"{word(f'prove_{result.outcome}', lang)}  "
    tone = _TONES[result.outcome]
    yield from rows(say(result.says, lang), tone, first=head, rest="       ")
    text = f"{result.id}, {result.milliseconds / 1000:.2f} s"
    if result.remark is not None:
        text = f"{text}; {say(result.remark, lang)}"
    yield from rows(text, "dim", first="       ", rest="       ")
    if result.example is not None:
        yield from _example(result.example, lang, shown=result.outcome == "holds")


def _example(example: Example, lang: Language, *, shown: bool) -> Iterator[Row]:
    name = word("prove_shown" if shown else "prove_patient", lang)
    if example.before is not None:
        yield from _pairs(word("prove_before", lang), example.before.items())
    yield from _pairs(name, [("as_of", example.as_of), *example.case.items()])
    if example.assumed:
        yield from _pairs(word("prove_assumed", lang), example.assumed.items())
    if example.refused:
        text = f"{word('prove_refused', lang)}: {', '.join(example.refused)}"
        yield from rows(text, "warning", first="       ", rest="       ")
    if example.plan:
        yield from _pairs(word("prove_plan_says", lang), example.plan.items())


def _pairs(label: str, pairs: Iterable[tuple[str, Any]]) -> Iterator[Row]:
    text = "; ".join(f"{key}: {value}" for key, value in pairs)
    yield from rows(f"{label}: {text}", first="       ", rest="         ")
