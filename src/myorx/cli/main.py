"""``myorx``: the command group. Each command loads only what it needs, so that it starts fast."""

from __future__ import annotations

import gc
import sys
from datetime import date
from pathlib import Path

import click

from myorx import __version__
from myorx.cli import exits, options
from myorx.cli.cohort_command import cohort
from myorx.cli.export_command import export


@click.group(epilog=exits.EPILOGUE, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="myorx")
def main() -> None:
    """An executable clinical guideline: a patient's facts in, a cited, explained plan out.

    Decision support for professionals; not yet reviewed by clinicians. Nothing leaves this
    machine and nothing is stored.
    """
    # What a command reads it keeps to its end: to look for garbage all the time costs a tenth.
    gc.set_threshold(100_000, 50, 50)


@main.command()
@click.argument("case")
@options.lang
@options.as_of
@options.plan_format
@options.since
@options.foreign
@options.settings
@options.guideline_name
def plan(
    case: str,
    lang: str,
    as_of: date | None,
    output: str,
    earlier: str | None,
    form: str | None,
    mapping: Path | None,
    patient: str | None,
    codes: tuple[str, ...],
    settings: tuple[str, ...],
    guideline_name: str,
) -> None:
    """The plan for CASE: a YAML or JSON file, or - for standard input.

    CASE may also be a FHIR Bundle, a Phenopacket, HL7 v2 messages or a table of results; what of
    it was used, and what not and why, is said on standard error.

    The headline fits one screen; decisions, verdicts on drugs, advice, what to find out next,
    sources and disputed places stand under it.
    """
    from myorx.cli.import_command import Foreign, patient_of
    from myorx.cli.inputs import read_guideline
    from myorx.cli.plan_command import show_plan

    guideline = read_guideline(guideline_name, settings)
    foreign = Foreign(form, mapping, patient, codes)
    person = patient_of(case, guideline, guideline_name, as_of, lang, foreign)
    if earlier is not None:
        from myorx.cli.earlier import show_since

        show_since(earlier, guideline, person, lang, output)
        return
    show_plan(guideline, guideline_name, person, lang, output)


@main.command(name="import")
@click.argument("file")
@options.foreign
@options.as_of
@options.lang
@options.output_format
@options.guideline_name
def import_(
    file: str,
    form: str | None,
    mapping: Path | None,
    patient: str | None,
    codes: tuple[str, ...],
    as_of: date | None,
    lang: str,
    output: str,
    guideline_name: str,
) -> None:
    """The case in FILE, a file of another format (or -), as YAML; the report on standard error.

    FHIR Bundles (R4), Phenopackets (version 2), HL7 v2 messages (ORU, RDE) and tables of results.
    With --format json case and report come as one JSON document.
    """
    from myorx.cli.import_command import Foreign, show_import

    foreign = Foreign(form, mapping, patient, codes)
    show_import(file, guideline_name, as_of, lang, output, foreign)


@main.command(name="check-mapping")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.guideline_name
def check_mapping(file: Path, guideline_name: str) -> None:
    """Check FILE, the mapping of a hospital's own codes: all faults at once, with their places."""
    from myorx.cli.import_command import check_mapping as run

    sys.exit(run(file, guideline_name))


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
    type=options.NewFile(),
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
@click.option("--coverage", is_flag=True, help="Print how much of the source is encoded instead.")
@click.option("--verbose", is_flag=True, help="With --coverage: list every statement.")
@options.paper
@options.lang
@options.output_format
def check(
    folder: str | None, coverage: bool, verbose: bool, paper: Path | None, lang: str, output: str
) -> None:
    """Check the knowledge files in FOLDER (default: the package's own): all faults at once.

    With --coverage: the statements of the source by section and by what became of them; with
    --paper also the sentences that carry no statement, which count as faults. --lang and --format
    belong to --coverage; faults are always written in English, as text.
    """
    from myorx.cli.check_text import check_folder, folder_of
    from myorx.cli.inputs import read_guideline

    if not coverage:
        if verbose or output != "text":
            raise click.UsageError("--verbose and --format belong to --coverage")
        sys.exit(check_folder(folder, paper))
    from myorx.cli.coverage_text import show_coverage

    guideline = read_guideline(str(folder_of(folder or "aim")))
    sys.exit(show_coverage(guideline, paper, lang, output, verbose=verbose))


@main.command()
@click.argument("names", nargs=-1)
@click.option("--coverage", is_flag=True, help="Print which rules they exercise instead.")
@options.guideline_name
@options.lang
@options.output_format
def test(
    names: tuple[str, ...], coverage: bool, guideline_name: str, lang: str, output: str
) -> None:
    """Run the guideline's vignettes, or only those called NAMES.

    With --coverage: which drugs, decisions, hazards, thresholds and other rules no vignette
    exercises, and which of them could be deleted without one failing; both count as
    faults. --lang and --format belong to --coverage.
    """
    from myorx.cli.check_text import cover_vignettes, test_vignettes

    if coverage:
        sys.exit(cover_vignettes(guideline_name, names, lang, output))
    if output != "text":
        raise click.UsageError("--format belongs to --coverage")
    sys.exit(test_vignettes(guideline_name, names))


@main.command()
@click.argument("a")
@click.argument("b")
@click.option("--no-vignettes", is_flag=True, help="Compare the files only; run nothing.")
@options.lang
@options.output_format
def diff(a: str, b: str, no_vignettes: bool, lang: str, output: str) -> None:
    """What guideline B changes of guideline A, and the vignettes whose result changes.

    A and B are each a guideline of the package, a folder, or a compiled file. The vignettes of
    both are run under both. The exit code is 0 where nothing differs and 1 where anything does.
    """
    from myorx.cli.diff_command import show_diff

    sys.exit(show_diff(a, b, lang, output, vignettes=not no_vignettes))


@main.command()
@click.argument("names", nargs=-1)
@options.guideline_name
@options.lang
@options.output_format
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0.1),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="For each claim; what is not decided by then counts as undecided.",
)
@click.option(
    "--keep",
    type=options.NewFile(),
    metavar="FILE",
    help="Add each counter-example to this file of vignettes.",
)
def prove(
    names: tuple[str, ...],
    guideline_name: str,
    lang: str,
    output: str,
    time_limit: float,
    keep: Path | None,
) -> None:
    """Prove of every patient that no plan harms, contradicts itself or falls silent.

    NAMES choose among the claims: a kind (safety, stated, silence, contradiction, classification,
    monotone, numbers, alive) or part of a claim's name. A claim that fails comes with a patient,
    replayed through the plan. The exit code is 1 where one fails or is undecided. Needs the extra
    proof.
    """
    from myorx.cli.prove_command import run_proofs

    sys.exit(run_proofs(guideline_name, names, lang, output, time_limit, keep))


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
@click.argument("name", required=False)
@click.argument("inputs", nargs=-1, metavar="[KEY=VALUE]...")
@click.option(
    "--from", "source", metavar="FILE", help="Read inputs from a YAML or JSON file; - for stdin."
)
@options.lang
@options.output_format
def instrument(
    name: str | None, inputs: tuple[str, ...], source: str | None, lang: str, output: str
) -> None:
    """A calculator of the field: response scores, strength, classification, body surface.

    Without NAME it lists them; with NAME alone it says what that one takes. Inputs given here
    stand before those of --from.
    """
    from myorx.cli.instrument_command import show_instrument, show_instruments

    if name is None:
        show_instruments(lang, output)
    else:
        show_instrument(name, inputs, source, lang, output)


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


main.add_command(cohort)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port."
)
@click.option(
    "--auth",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Who may ask (TOML); needed wherever other machines reach the service.",
)
@click.option("--url", default="", metavar="URL", help="The address that clients use.")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="ORIGIN",
    help="An origin whose pages may ask (CORS); * for every one.",
)
@click.option(
    "--codes",
    multiple=True,
    metavar="NAME",
    help="Also read codes that need a licence of your own: snomed.",
)
@options.lang
@options.settings
@options.guideline_name
def serve(
    host: str,
    port: int,
    auth: Path | None,
    url: str,
    origins: tuple[str, ...],
    codes: tuple[str, ...],
    lang: str,
    settings: tuple[str, ...],
    guideline_name: str,
) -> None:
    """Pages for people at /, and for programs CDS Hooks 2.0, REST and the guideline.

    Nothing that is sent is kept or logged, and nothing is fetched from anywhere. Without --auth it
    listens on this machine only. Needs the extra serve.
    """
    from myorx.cli.serve_command import Place
    from myorx.cli.serve_command import serve as run

    run(guideline_name, settings, codes, Place(host, port, auth, url, origins), lang)


main.add_command(export)
