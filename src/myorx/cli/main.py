"""``myorx``: the command group. Each command loads only what it needs, so that it starts fast."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from myorx import __version__
from myorx.cli import exits, options


@click.group(epilog=exits.EPILOGUE, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="myorx")
def main() -> None:
    """An executable clinical guideline: a patient's facts in, a cited, explained plan out.

    Decision support for professionals; not yet reviewed by clinicians. Nothing leaves this
    machine and nothing is stored.
    """


@main.command()
@click.argument("case")
@options.lang
@options.as_of
@options.plan_format
@options.since
@options.settings
@options.guideline_name
def plan(
    case: str,
    lang: str,
    as_of: date | None,
    output: str,
    earlier: str | None,
    settings: tuple[str, ...],
    guideline_name: str,
) -> None:
    """The plan for CASE: a YAML or JSON file, or - for standard input.

    The headline fits one screen; decisions, verdicts on drugs, advice, what to find out next,
    sources and disputed places stand under it.
    """
    from myorx.cli.inputs import read_guideline, read_patient
    from myorx.plan import make_plan

    guideline = read_guideline(guideline_name, settings)
    patient = read_patient(case, guideline, as_of, lang)
    if earlier is not None:
        from myorx.cli.earlier import show_since

        show_since(earlier, guideline, patient, lang, output)
        return
    result = make_plan(guideline, patient)
    if output == "json":
        from myorx.plan.encode import encode

        sys.stdout.buffer.write(encode(result) + b"\n")
        return
    if output == "ics":
        from myorx.cli.ics import plan_ics
        from myorx.cli.taper import write_ics

        write_ics(lambda: plan_ics(result, lang))
        return
    if output in ("md", "record"):
        from myorx.plan.record import write

        click.echo(write(result, guideline, output, lang), nl=False)
        return
    from myorx.cli.plan_text import plan_rows
    from myorx.cli.rows import show

    show(plan_rows(result, lang))


@main.command()
@click.argument("case")
@click.argument("subject")
@options.lang
@options.as_of
@options.output_format
@options.settings
@options.guideline_name
def explain(
    case: str,
    subject: str,
    lang: str,
    as_of: date | None,
    output: str,
    settings: tuple[str, ...],
    guideline_name: str,
) -> None:
    """Why, why not, and what would change SUBJECT: a candidate, drug or advice of the plan."""
    from myorx.cli.inputs import read_guideline, read_patient
    from myorx.plan.explain import UnknownSubjectError
    from myorx.plan.explain import explain as explained

    guideline = read_guideline(guideline_name, settings)
    patient = read_patient(case, guideline, as_of, lang)
    try:
        explanation = explained(guideline, patient, subject)
    except UnknownSubjectError as error:
        raise click.BadParameter(str(error), param_hint="SUBJECT") from None
    if output == "json":
        from myorx.plan.encode import encode

        sys.stdout.buffer.write(encode(explanation) + b"\n")
        return
    from myorx.cli.explain_text import explanation_rows
    from myorx.cli.rows import show

    show(explanation_rows(explanation, lang))


@main.command()
@click.argument("case", required=False)
@options.lang
@options.as_of
@options.output_format
@click.option("--interactive", is_flag=True, help="Ask one question at a time, read the answer.")
@click.option(
    "--save",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="With --interactive: write the completed case there, as YAML.",
)
@options.settings
@options.guideline_name
def ask(
    case: str | None,
    lang: str,
    as_of: date | None,
    output: str,
    interactive: bool,
    save: Path | None,
    settings: tuple[str, ...],
    guideline_name: str,
) -> None:
    """What to find out next for CASE, best first, and what depends on it.

    Without CASE the questions start from nothing but the date. In an interview an answer is typed
    as in a case file; an empty line skips the question, ? tells why it is asked, q ends.
    """
    from myorx.cli.ask_command import ask_questions
    from myorx.cli.inputs import read_guideline

    if interactive and (output == "json" or case == "-"):
        raise click.UsageError("--interactive reads answers from the terminal and prints text")
    if save is not None and not interactive:
        raise click.UsageError("--save needs --interactive: there is nothing new to save")
    guideline = read_guideline(guideline_name, settings)
    ask_questions(guideline, case, as_of, lang, output, interactive=interactive, save=save)


@main.command()
@click.argument("case", required=False)
@click.option("--dose", metavar="DOSE", help='The dose now: "60 mg/d".')
@click.option(
    "--start", type=options.IsoDate(), metavar="DATE", help="Day of the first smaller dose."
)
@click.option("--drug", metavar="NAME", help="The drug; by default the first that has a taper.")
@options.lang
@options.as_of
@options.calendar_format
@options.settings
@options.guideline_name
def taper(
    case: str | None,
    dose: str | None,
    start: date | None,
    drug: str | None,
    lang: str,
    as_of: date | None,
    output: str,
    settings: tuple[str, ...],
    guideline_name: str,
) -> None:
    """A taper as dated steps in real tablets: of CASE, or of --dose from --start on.

    For a CASE it also says whether the taper may begin now, why not yet and from when.
    """
    from myorx.cli.inputs import read_guideline
    from myorx.cli.taper import show_taper_of_case, show_taper_of_dose

    by_dose = dose is not None and start is not None
    if (case is None) != by_dose or (case is not None and (dose or start or drug)):
        raise click.UsageError("name a CASE, or give both --dose and --start")
    guideline = read_guideline(guideline_name, settings)
    if case is not None:
        show_taper_of_case(case, guideline, as_of, lang, output)
    elif dose is not None and start is not None:
        show_taper_of_dose(dose, start, drug, guideline, lang, output)


@main.command()
@click.argument("case")
@options.lang
@options.as_of
@options.output_format
@options.settings
@options.guideline_name
def dose(
    case: str,
    lang: str,
    as_of: date | None,
    output: str,
    settings: tuple[str, ...],
    guideline_name: str,
) -> None:
    """All doses for the patient in CASE, with cap, tablets, unrounded figure and weight."""
    from myorx.cli.dose_text import dose_rows, doses_of
    from myorx.cli.inputs import read_guideline, read_patient
    from myorx.plan import make_plan

    guideline = read_guideline(guideline_name, settings)
    result = make_plan(guideline, read_patient(case, guideline, as_of, lang))
    if output == "json":
        from myorx.plan.encode import encode

        lines = b",".join(encode(line) for line in doses_of(result))
        sys.stdout.buffer.write(b"[" + lines + b"]\n")
        return
    from myorx.cli.rows import show

    show(dose_rows(result, lang))


@main.command()
@click.argument("folder", required=False)
def check(folder: str | None) -> None:
    """Check the knowledge files in FOLDER (default: the package's own): all faults at once."""
    from myorx.cli.check_text import check_folder

    sys.exit(check_folder(folder))


@main.command()
@click.argument("names", nargs=-1)
@options.guideline_name
def test(names: tuple[str, ...], guideline_name: str) -> None:
    """Run the guideline's vignettes, or only those called NAMES."""
    from myorx.cli.check_text import test_vignettes

    sys.exit(test_vignettes(guideline_name, names))


@main.command()
@click.argument("fact", required=False)
@options.lang
@options.output_format
@options.guideline_name
def facts(fact: str | None, lang: str, output: str, guideline_name: str) -> None:
    """The dictionary of facts a case may hold, or everything about one FACT."""
    from myorx.cli.facts_text import show_facts
    from myorx.cli.inputs import read_guideline

    show_facts(read_guideline(guideline_name), fact, lang, output)


@main.command()
@click.argument("item")
@options.lang
@options.guideline_name
def show(item: str, lang: str, guideline_name: str) -> None:
    """ITEM of the guideline: a statement (S5.17), dispute, drug, decision, or definition."""
    from myorx.cli.inputs import read_guideline
    from myorx.cli.rows import show as print_rows
    from myorx.cli.show_text import item_rows

    print_rows(item_rows(read_guideline(guideline_name), item, lang))
