"""``diff A B``: two guidelines, by name, folder or compiled file, side by side."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click
import msgspec

from myorx.cli import exits
from myorx.cli.check_text import folder_of
from myorx.cli.inputs import read_guideline, stop
from myorx.cli.words import Language, word
from myorx.guideline.faults import GuidelineError
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import Vignette, load_vignettes
from myorx.plan.diff.results import Run
from myorx.plan.diff.run import diff


def show_diff(name_a: str, name_b: str, lang: Language, output: str, *, vignettes: bool) -> int:
    """Print what differs between two guidelines; the exit code."""
    a, b = _guideline(name_a), _guideline(name_b)
    of_a, of_b = (_vignettes(name) if vignettes else None for name in (name_a, name_b))
    found = diff(a, b, of_a, of_b, lambda runs: _with_progress(runs, lang))
    if output == "json":
        document = msgspec.json.encode(found, order="deterministic")
        sys.stdout.buffer.write(msgspec.json.format(document) + b"\n")
    else:
        from myorx.cli.diff_text import diff_rows
        from myorx.cli.rows import show

        show(diff_rows(found, lang))
    return exits.OK if found.same else exits.FAULTS


def _guideline(name: str) -> Guideline:
    """A guideline of the package, in a folder, or in a compiled file."""
    path = Path(name)
    if not path.is_file():
        return read_guideline(name)
    from myorx.guideline.compiled import read

    try:
        return read(path, None)
    except GuidelineError as error:
        stop(exits.GUIDELINE, [str(problem) for problem in error.problems])


def _vignettes(name: str) -> tuple[Vignette, ...] | None:
    """The vignettes in the folder of a guideline; a compiled file has none."""
    folder = folder_of(name)
    if Path(name).is_file() or not folder.is_dir():
        return None
    try:
        return load_vignettes(folder)[0]
    except GuidelineError as error:
        stop(exits.GUIDELINE, [str(problem) for problem in error.problems])


def _with_progress(runs: Sequence[Run], lang: Language) -> Iterator[Run]:
    """The cases one by one, and how many are done on standard error."""
    if not runs:
        return
    label = word("diff_running", lang)
    shown: Iterable[Run]
    with click.progressbar(runs, label=label, show_pos=True, file=sys.stderr) as shown:
        yield from shown
