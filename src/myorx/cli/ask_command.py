"""``myorx ask``: the list of questions, or the interview."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click
import msgspec

from myorx.cli import exits, options
from myorx.cli.inputs import case_bytes, stop
from myorx.cli.rows import show
from myorx.cli.words import Language, word
from myorx.facts import THERAPIES, CaseError, read_case
from myorx.facts.document import Document, fields, opened
from myorx.guideline.models import Guideline


def ask_questions(
    guideline: Guideline,
    case: str | None,
    as_of: date | None,
    lang: Language,
    output: str,
    *,
    interactive: bool,
    save: Path | None,
) -> None:
    """Print the questions of a case, or put them one by one."""
    try:
        document = _document(case, as_of)
        if interactive:
            _interview(guideline, document, lang, save)
        else:
            _list(guideline, document, lang, output)
    except CaseError as error:
        stop(exits.REFUSED, [word("refusal", lang), *(f"  {line}" for line in error.lines(lang))])


def _document(case: str | None, as_of: date | None) -> Document:
    """The case, with the date from the command line in it where it gives none itself."""
    document = {} if case is None else opened(case_bytes(case))
    if as_of is not None and "as_of" not in fields(document):
        return {"as_of": as_of.isoformat(), **document}
    return document


def _list(guideline: Guideline, document: Document, lang: Language, output: str) -> None:
    from myorx.cli.ask_text import questions_rows
    from myorx.plan.ask import questions

    patient = read_case(document, guideline)
    asked = {THERAPIES} & fields(document)
    result = questions(guideline, patient, asked)
    if output == "json":
        encoded = msgspec.json.encode(result, order="deterministic")
        sys.stdout.buffer.write(encoded + b"\n")
    else:
        show(questions_rows(result, lang))


def _interview(guideline: Guideline, document: Document, lang: Language, save: Path | None) -> None:
    from myorx.cli.interview import Interview

    interview = Interview(guideline, document, lang)
    interview.run()
    if save is not None:
        try:
            interview.save(save)
        except OSError as error:
            click.echo(interview.written())  # the answers must not be lost
            raise click.ClickException(
                f"cannot write {options.shown(save)}: {error.strerror}; the case stands above"
            ) from None
        click.echo(str(save))
