"""``export``: the guideline in forms that others read; one command for each form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from myorx.cli import exits, options

if TYPE_CHECKING:
    from myorx.cli.words import Language


def _progress(lang: Language) -> Callable[[int, int], None]:
    """Tells on standard error how many vignettes have been run: a line at each tenth of them."""
    from myorx.cli.words import word

    def tell(done: int, of: int) -> None:
        if done * 10 // of > (done - 1) * 10 // of:
            click.echo(word("export_progress", lang).format(done=done, of=of), err=True)

    return tell


@click.group()
def export() -> None:
    """The guideline in a form that others read."""


@export.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--lang",
    type=click.Choice(["zh", "en", "both"]),
    default="both",
    show_default=True,
    help="Language of the pages; both: each page leads to the same place in the other.",
)
@options.guideline_name
def docs(folder: Path, lang: str, guideline_name: str) -> None:
    """The guideline as a site of plain pages in DIR: statements, rules, drugs, decisions, pictures.

    DIR must be new, empty, or written by an earlier export; nothing else is ever replaced or
    removed. The pages need no server, no network and no JavaScript (search does). Every vignette
    is run, and its result shown. Needs the extra web: pip install 'myorx[web]'.
    """
    from myorx.cli.check_text import folder_of
    from myorx.cli.inputs import read_guideline, stop
    from myorx.cli.words import word
    from myorx.guideline.faults import GuidelineError
    from myorx.web.document import (
        LANGUAGES,
        ForeignFolderError,
        MissingExtraError,
        pages,
        read_book,
        refuse_foreign,
        write_document,
    )

    languages = [each for each in LANGUAGES if lang in (each, "both")]
    said = "zh" if lang == "zh" else "en"
    try:
        # Before the work, not only after it.
        refuse_foreign(folder)
        guideline = read_guideline(guideline_name)
        book = read_book(guideline, folder_of(guideline_name), _progress(said))
        count = write_document(pages(book, languages), folder)
    except MissingExtraError:
        stop(exits.USAGE, [word("no_web", said)])
    except ForeignFolderError as error:
        raise click.BadParameter(
            f"{options.shown(folder)} holds {error.found}, which no export of ours wrote; "
            "name a new or empty folder, or one that an earlier export wrote",
            param_hint="DIR",
        ) from None
    except GuidelineError as error:
        stop(exits.GUIDELINE, [str(problem) for problem in error.problems])
    except OSError as error:
        raise click.BadParameter(
            f"cannot write {options.shown(folder)}: {error.strerror}; "
            "name a folder that you may write to",
            param_hint="DIR",
        ) from None
    click.echo(word("exported", said).format(count=count, folder=folder))


@export.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@options.lang
@options.guideline_name
def fhir(folder: Path, lang: str, guideline_name: str) -> None:
    """The guideline as FHIR R4 resources in DIR, after the manner of CPG-on-FHIR.

    PlanDefinitions for the decisions, ActivityDefinitions for the regimens, a Library with the
    rules as CQL, a Questionnaire for the facts, code systems and value sets; and all of it as one
    Bundle for a server. A candidate is offered only where every exclusion is known to be false.
    """
    from myorx.cli.fhir_text import write_package
    from myorx.cli.inputs import read_guideline
    from myorx.cli.words import word

    guideline = read_guideline(guideline_name)
    try:
        count = write_package(folder, guideline, guideline_name)
    except OSError as error:
        raise click.BadParameter(
            f"cannot write {options.shown(folder)}: {error.strerror}; "
            "name a folder that you may write to",
            param_hint="DIR",
        ) from None
    click.echo(word("exported_fhir", lang).format(count=count, folder=folder))


@export.command()
@click.argument("case")
@click.option(
    "--id", "identity", default="case", show_default=True, help="What the packet calls the patient."
)
@options.as_of
@options.lang
@options.guideline_name
def phenopacket(
    case: str, identity: str, as_of: date | None, lang: str, guideline_name: str
) -> None:
    """CASE as a Phenopacket (GA4GH, version 2) in JSON; on standard error, what it cannot carry."""
    from myorx.cli.fhir_text import show_packet
    from myorx.cli.inputs import read_guideline, read_patient

    guideline = read_guideline(guideline_name)
    patient = read_patient(case, guideline, as_of, lang)
    show_packet(patient, guideline, guideline_name, identity, lang)
