"""``prove``: the claims about a guideline, and what became of each."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from myorx.cli import exits
from myorx.cli.check_text import folder_of
from myorx.cli.inputs import read_guideline, stop
from myorx.cli.words import Language, word
from myorx.facts import CaseError, Patient, read_case
from myorx.guideline.faults import GuidelineError
from myorx.guideline.models import Guideline
from myorx.guideline.theorems import Theorem, load_theorems
from myorx.guideline.vignettes import load_vignettes

if TYPE_CHECKING:
    from myorx.proof.claim import Result


def run_proofs(
    guideline_name: str,
    names: tuple[str, ...],
    lang: Language,
    output: str,
    seconds: float,
    keep: Path | None,
) -> int:
    """Decide the claims and print what became of them; the exit code."""
    try:
        from myorx.proof.kinds.stated import UnknownSubjectError
        from myorx.proof.prove import Prover
    except ModuleNotFoundError as error:
        if error.name != "z3":
            raise
        stop(exits.USAGE, [word("prove_missing", lang)])
    guideline = read_guideline(guideline_name)
    folder = folder_of(guideline_name)
    prover = Prover(guideline, _theorems(folder), seconds)
    try:
        if prover.seeks_patients(names):
            prover.witness(_patients(guideline, folder))
        results = tuple(prover.results(names, _Bar(lang)))
    except UnknownSubjectError as error:
        stop(exits.GUIDELINE, [str(error)])
    if not results:
        listed = ", ".join(names)
        raise click.BadParameter(
            f"{word('prove_unknown_name', lang)}: {listed}", param_hint="NAMES"
        )
    if output == "json":
        document = msgspec.json.encode(results, order="deterministic")
        sys.stdout.buffer.write(msgspec.json.format(document) + b"\n")
    else:
        from myorx.cli.prove_text import result_rows
        from myorx.cli.rows import show

        show(result_rows(results, lang, listed=bool(names)))
    if keep is not None:
        _keep(results, keep, lang)
    return exits.OK if all(each.outcome == "holds" for each in results) else exits.FAULTS


def _theorems(folder: Path) -> tuple[Theorem, ...]:
    """The theorems of a guideline folder; none where only the compiled file is there."""
    if not folder.is_dir():
        return ()
    try:
        return load_theorems(folder)[0]
    except GuidelineError as error:
        stop(exits.GUIDELINE, [str(problem) for problem in error.problems])


def _patients(guideline: Guideline, folder: Path) -> Iterator[Patient]:
    """The patients of the vignettes: what one of them shows need not be looked for."""
    try:
        vignettes = load_vignettes(folder)[0] if folder.is_dir() else ()
    except GuidelineError as error:
        stop(exits.GUIDELINE, [str(problem) for problem in error.problems])
    for vignette in vignettes:
        try:
            yield read_case(vignette.case, guideline, as_of=vignette.as_of)
        except CaseError:
            continue


class _Bar:
    """One line on standard error that says which claim is being tried."""

    def __init__(self, lang: Language) -> None:
        self._label = word("prove_running", lang)
        self._shown = sys.stderr.isatty()

    def __call__(self, name: str, number: int, count: int) -> None:
        if self._shown:
            click.echo(f"\r\033[K{self._label} {number}/{count} {name[:50]}", err=True, nl=False)
            if number == count:
                click.echo("\r\033[K", err=True, nl=False)
        elif number == 1 or number % 100 == 0:
            click.echo(f"{self._label} {number}/{count}", err=True)


def _keep(results: tuple[Result, ...], file: Path, lang: Language) -> None:
    """Add the counter-examples to a file of vignettes."""
    from myorx.proof.keep import vignette

    failed = [each for each in results if each.outcome == "fails" and each.example is not None]
    kept = [text for each in failed if (text := vignette(each)) is not None]
    if kept:
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        file.write_text(before + "".join(kept), encoding="utf-8")
        click.echo(f"{word('prove_kept', lang)}: {len(kept)} → {file}", err=True)
    if len(kept) < len(failed):
        click.echo(f"{word('prove_not_kept', lang)}: {len(failed) - len(kept)}", err=True)
