"""``check`` and ``test``: what is wrong with knowledge files, and which vignettes fail."""

from __future__ import annotations

from pathlib import Path

import click

from myorx.cli import exits
from myorx.cli.inputs import stop
from myorx.guideline.faults import GuidelineError
from myorx.guideline.load import GUIDELINES

_MISSING_EXTRA = (
    "checking needs the knowledge files read from source, and that needs the extra 'author': "
    "install myorx[author]"
)


def folder_of(name: str) -> Path:
    """A folder that holds a guideline, or the folder of a guideline of the package."""
    given = Path(name)
    return given if (given / "guideline.yaml").is_file() else GUIDELINES / name


def check_folder(folder: str | None, paper: Path | None = None) -> int:
    """Print every fault of a guideline folder; the exit code. With the text of its source also the
    anchors that do not stand in it."""
    from myorx.guideline.check import check_folder as run

    place = folder_of(folder or "aim")
    if not place.is_dir():
        known = ", ".join(sorted(path.parent.name for path in GUIDELINES.glob("*/guideline.yaml")))
        raise click.BadParameter(
            f"{folder} is no folder with a guideline.yaml, nor one of: {known}", param_hint="FOLDER"
        )
    try:
        problems = run(place, paper=paper)
    except ModuleNotFoundError as error:
        if error.name not in ("pint", "ucumvert"):
            raise
        stop(exits.GUIDELINE, [_MISSING_EXTRA])
    for problem in problems:
        click.echo(str(problem))
    errors = sum(problem.severity == "error" for problem in problems)
    click.echo(f"{place.name}: {errors} errors, {len(problems) - errors} warnings")
    return exits.FAULTS if errors else exits.OK


def test_vignettes(guideline_name: str, names: tuple[str, ...]) -> int:
    """Run vignettes and print every difference; the exit code."""
    from myorx.cli.inputs import read_guideline
    from myorx.plan.vignettes import run_vignettes

    guideline = read_guideline(guideline_name)
    try:
        outcomes = run_vignettes(guideline, folder_of(guideline_name), names)
    except GuidelineError as error:
        stop(exits.GUIDELINE, [str(problem) for problem in error.problems])
    except KeyError as error:
        raise click.BadParameter(f"there is no vignette {error}", param_hint="NAMES") from None
    for outcome in outcomes:
        if not outcome.passed or names:
            click.echo(str(outcome))
    failed = sum(not outcome.passed for outcome in outcomes)
    click.echo(f"{len(outcomes) - failed} passed, {failed} failed")
    return exits.FAULTS if failed else exits.OK


def cover_vignettes(guideline_name: str, names: tuple[str, ...], lang: str, output: str) -> int:
    """Print which rules the vignettes exercise; the exit code."""
    from myorx.cli.exercise_text import show_exercise
    from myorx.cli.inputs import read_guideline
    from myorx.guideline.vignettes import load_vignettes

    guideline = read_guideline(guideline_name)
    try:
        vignettes, _ = load_vignettes(folder_of(guideline_name))
    except GuidelineError as error:
        stop(exits.GUIDELINE, [str(problem) for problem in error.problems])
    unknown = [name for name in names if name not in {vignette.id for vignette in vignettes}]
    if unknown:
        raise click.BadParameter(f"there is no vignette {unknown[0]!r}", param_hint="NAMES")
    chosen = [vignette for vignette in vignettes if not names or vignette.id in names]
    return show_exercise(guideline, chosen, lang, output)
