"""``cohort``: many patients at once; a table in, a profile or a report out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import TYPE_CHECKING, Any, TypeVar

import click

from myorx.cli import exits, options

if TYPE_CHECKING:
    from myorx.cli.words import Language
    from myorx.cohort.run import Task
    from myorx.guideline.models import Guideline
    from myorx.guideline.texts import Text

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group()
def cohort() -> None:
    """Many patients at once: is each treated as the guideline says, and for whom is it unknown?

    TABLE is a Parquet, CSV (UTF-8 or GB18030), JSON lines or DuckDB file (FILE::TABLE) with a row
    for each patient and date. Needs the extra cohort: pip install 'myorx[cohort]'.
    """


def _table_options(command: Command) -> Command:
    """What says which table is read, and how."""
    for add in reversed(
        (
            click.argument("table"),
            click.option("--therapies", metavar="TABLE", help="A long table of therapies."),
            click.option(
                "--mapping",
                type=click.Path(exists=True, dir_okay=False, path_type=Path),
                metavar="FILE",
                help="A YAML file that says which column is what.",
            ),
            click.option(
                "--as-of",
                type=options.IsoDate(),
                metavar="DATE",
                help="The date of all rows, where the table has no column of it.",
            ),
        )
    ):
        command = add(command)
    return command


def _by(command: Command) -> Command:
    """``--by``, any number of times."""
    return click.option(
        "--by", multiple=True, metavar="COLUMN", help="Count also by this column: a centre."
    )(command)


@cohort.command()
@_table_options
@_by
@options.lang
@options.output_format
@options.settings
@options.guideline_name
def profile(
    table: str,
    therapies: str | None,
    mapping: Path | None,
    as_of: date | None,
    by: tuple[str, ...],
    lang: str,
    output: str,
    settings: tuple[str, ...],
    guideline_name: str,
) -> None:
    """What TABLE holds: columns mapped and not, units, values refused, gaps and what they cost."""
    from myorx.cli.inputs import read_guideline

    guideline = read_guideline(guideline_name, settings)
    with _said(lang, Path(gettempdir())):
        from myorx.cohort.profile import profile as profiled
        from myorx.cohort.profile import written

        task = _task(guideline, table, therapies, mapping, as_of, by, settings)
        found = profiled(task, _progress(lang))
        if output == "json":
            import msgspec

            sys.stdout.buffer.write(msgspec.json.encode(found) + b"\n")
            return
        for line in written(found, guideline, lang):
            click.echo(line)


@cohort.command()
@_table_options
@_by
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where the results go: a new folder, or one of the same run that was broken off.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="spark: Parquet in; parts, summary and report in DIR, no --by (extra: spark).",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    help="Processes for a table of several parts (default: one for each processor).",
)
@options.lang
@options.settings
@options.guideline_name
def run(
    table: str,
    therapies: str | None,
    mapping: Path | None,
    as_of: date | None,
    by: tuple[str, ...],
    folder: Path,
    engine: str,
    workers: int | None,
    lang: str,
    settings: tuple[str, ...],
    guideline_name: str,
) -> None:
    """The guideline over every row of TABLE: statuses as Parquet, a summary and a report in DIR.

    Rows that cannot be used go to rejects.csv, each with the reason; drugs taken against an
    exclusion to breaches.csv. A run that was broken off is taken up where it stopped.
    """
    from myorx.cli.inputs import read_guideline

    if engine == "spark" and by:
        raise click.UsageError("--engine spark takes no --by")
    guideline = read_guideline(guideline_name, settings)
    if engine == "spark":
        with _said(lang, folder, "no_spark"):
            from myorx.cohort.input.mapping import read_mapping
            from myorx.cohort.spark import run_on_spark

            # Spark's workers would start whichever Python comes first on the path.
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
            said = read_mapping(mapping)
            run_on_spark(table, folder, guideline, therapies=therapies, said=said, as_of=as_of)
        return
    with _said(lang, folder):
        from myorx.cohort.run import run as run_task
        from myorx.cohort.texts import say
        from myorx.cohort.workers import processors

        task = _task(guideline, table, therapies, mapping, as_of, by, settings)
        summary = run_task(task, folder, _progress(lang), workers=workers or processors())
        done = say("c_done", folder=str(folder), parts=summary["parts"])
        click.echo(_in(lang, done))


@cohort.command()
@_table_options
@click.option("--patient", required=True, metavar="ID", help="Whose row, as it stands in TABLE.")
@click.option(
    "--on",
    type=options.IsoDate(),
    metavar="DATE",
    help="The date of the row, where the patient has several.",
)
@options.lang
@options.plan_format
@options.settings
@options.guideline_name
def plan(
    table: str,
    therapies: str | None,
    mapping: Path | None,
    as_of: date | None,
    patient: str,
    on: date | None,
    lang: str,
    output: str,
    settings: tuple[str, ...],
    guideline_name: str,
) -> None:
    """The plan for one row of TABLE, with its whole explanation: why a status is what it is.

    What of the row was refused, and is taken as unknown, is said on standard error.
    """
    from myorx.cli.inputs import read_guideline, stop
    from myorx.cli.plan_command import show_plan

    guideline = read_guideline(guideline_name, settings)
    with _said(lang, Path(gettempdir())), TemporaryDirectory() as folder:
        from myorx.cohort.single import single
        from myorx.cohort.texts import RowError, say
        from myorx.facts import CaseError

        task = _task(guideline, table, therapies, mapping, as_of, (), settings)
        try:
            row, found = single(task, patient.strip(), on, Path(folder))
        except RowError as error:
            raise click.BadParameter(_in(lang, error.says), param_hint="--patient") from None
        except CaseError as error:
            stop(exits.REFUSED, error.lines(lang))
    click.echo(_in(lang, say("c_row", row=row.number, day=row.day.isoformat())), err=True)
    if found.refused:
        click.echo(_in(lang, say("c_row_refused")), err=True)
        for fault in found.refused:
            click.echo(f"  {fault.text(lang)}", err=True)
    show_plan(guideline, guideline_name, found, lang, output)


def _task(
    guideline: Guideline,
    table: str,
    therapies: str | None,
    mapping: Path | None,
    as_of: date | None,
    by: tuple[str, ...],
    settings: tuple[str, ...],
) -> Task:
    from myorx.cohort.run import Task

    changed = tuple(
        (name.strip(), value.strip()) for name, _, value in (s.partition("=") for s in settings)
    )
    long = None if therapies is None else Path(therapies)
    return Task(guideline, Path(table), long, mapping, as_of, by, settings=changed)


@contextmanager
def _said(lang: Language, out: Path, missing: str = "no_cohort") -> Iterator[None]:
    """What is wrong with a table, what cannot be written (in ``out``) and what is not installed,
    in words; ends the command."""
    from myorx.cli.inputs import stop
    from myorx.cli.words import word

    try:
        import duckdb
        import numpy  # noqa: F401
        import pyarrow  # noqa: F401
    except ImportError:
        stop(exits.USAGE, [word("no_cohort", lang)])
    from myorx.cohort.texts import MissingExtraError, TableError, WorkerError, say

    try:
        yield
    except MissingExtraError:
        stop(exits.USAGE, [word(missing, lang)])
    except TableError as error:
        head, *faults = (_in(lang, each) for each in (say("c_refused"), *error.faults))
        stop(exits.REFUSED, [head, *(f"  {i}. {fault}" for i, fault in enumerate(faults, 1))])
    except WorkerError:
        raise click.ClickException(_in(lang, say("c_worker_ended"))) from None
    except BrokenPipeError:
        raise  # whoever read the output has seen enough: click ends quietly
    except (OSError, duckdb.IOException) as error:
        # What cannot be read is a TableError: this was to be written.
        reason = getattr(error, "strerror", None) or str(error).split("\n")[0]
        why = say("c_cannot_write", path=options.shown(out), why=reason)
        raise click.ClickException(_in(lang, why)) from None


def _in(lang: Language, text: Text) -> str:
    from myorx.cli.words import say

    return say(text, lang)


def _progress(lang: Language) -> Callable[[int, int], None]:
    """Tells on standard error how far it has come: at every part at first, then ever less often."""
    from myorx.cohort.texts import say

    def tell(rows: int, parts: int) -> None:
        if parts < 10 or parts % 10 == 0:
            said = say("c_progress", rows=f"{rows:,}", parts=parts)
            click.echo(_in(lang, said), err=True)

    return tell


@cohort.command()
@click.option(
    "--rows", type=click.IntRange(1), required=True, metavar="N", help="How many patients."
)
@click.option("--seed", type=int, required=True, metavar="S", help="Same seed, same registry.")
@click.option(
    "--out",
    "path",
    required=True,
    type=options.NewFile(),
    metavar="FILE",
    help="The table: .parquet or .csv.",
)
@click.option(
    "--therapies",
    type=options.NewFile(),
    metavar="FILE",
    help="Also a long table of therapies.",
)
@options.lang
@options.guideline_name
def sample(
    rows: int, seed: int, path: Path, therapies: Path | None, lang: str, guideline_name: str
) -> None:
    """A synthetic registry, marked as such: for tests, demonstrations and scale."""
    from myorx.cli.inputs import read_guideline

    guideline = read_guideline(guideline_name)
    with _said(lang, path):
        from myorx.cohort.sample import write_sample
        from myorx.cohort.texts import say

        write_sample(guideline, rows, seed, path, therapies)
        done = say("c_sample", rows=f"{rows:,}", path=str(path))
        click.echo(_in(lang, done))
