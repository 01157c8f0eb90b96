"""``test --coverage``: which rules the vignettes exercise, and which they would not miss."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

import click
import msgspec

from myorx.cli import exits
from myorx.cli.layout import pad
from myorx.cli.rows import Row, Tone, heading, rows, show
from myorx.cli.words import Language, word
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import Vignette
from myorx.plan.exercise.guards import Guard, guards
from myorx.plan.exercise.report import Exercise, exercise
from myorx.plan.exercise.rules import rules

SCHEMA = "myorx.exercise/1"

_KIND, _COUNT = 18, 14


def show_exercise(
    guideline: Guideline, vignettes: Sequence[Vignette], lang: Language, output: str
) -> int:
    """Print what the vignettes exercise; the exit code."""
    exercised = exercise(guideline, vignettes)
    every = sum(1 for _ in rules(guideline))
    with click.progressbar(
        guards(guideline, vignettes), every, label=word("exercise_guards", lang), file=sys.stderr
    ) as found:
        guarded = tuple(found)
    if output == "json":
        document = msgspec.json.encode(_document(guideline, vignettes, exercised, guarded))
        sys.stdout.buffer.write(msgspec.json.format(document) + b"\n")
    else:
        show(_rows(guideline, vignettes, exercised, guarded, lang))
    unguarded = any(guard.vignette is None for guard in guarded)
    return exits.FAULTS if exercised.missing or unguarded else exits.OK


def _document(
    guideline: Guideline,
    vignettes: Sequence[Vignette],
    exercised: Exercise,
    guarded: tuple[Guard, ...],
) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "guideline": guideline.manifest.id,
        "version": guideline.manifest.version,
        "vignettes": len(vignettes),
        "marks": [
            {"kind": mark.kind, "id": mark.id, "what": mark.what, "vignette": vignette}
            for mark, vignette in exercised.earned.items()
        ],
        "guards": [guard._asdict() for guard in guarded],
    }


def _rows(
    guideline: Guideline,
    vignettes: Sequence[Vignette],
    exercised: Exercise,
    guarded: tuple[Guard, ...],
    lang: Language,
) -> list[Row]:
    manifest = guideline.manifest
    title = word("exercise", lang).format(vignettes=len(vignettes))
    out = [Row(f"MyoRx · {manifest.id} {manifest.version} · {title}", "head"), Row("")]
    asked = Counter(mark.kind for mark in exercised.earned)
    missing = Counter(mark.kind for mark in exercised.missing)
    for kind, count in asked.items():
        out.append(_count(word(f"kind_{kind}", lang), count - missing[kind], count))
    unguarded = [guard for guard in guarded if guard.vignette is None]
    out.append(_count(word("kind_guard", lang), len(guarded) - len(unguarded), len(guarded)))
    if exercised.missing:
        out += heading(word("exercise_missing", lang))
    for mark in exercised.missing:
        what = word(f"mark_{mark.what}", lang)
        out += rows(
            f"{word(f'kind_{mark.kind}', lang)} {mark.id} → {what}", "warning", first="  - "
        )
    if unguarded:
        out += heading(word("exercise_unguarded", lang))
    for guard in unguarded:
        name = f"{word(f'kind_{guard.kind}', lang)} {guard.id}"
        out += rows(name, "warning", first="  - ")
    if not exercised.missing and not unguarded:
        out += [Row(""), *rows(word("exercise_complete", lang), "good")]
    return out


def _count(kind: str, done: int, asked: int) -> Row:
    tone: Tone = "good" if done == asked else "warning"
    return Row(pad(kind, _KIND) + f"{done} / {asked}".rjust(_COUNT), tone)
