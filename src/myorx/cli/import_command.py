"""Cases from other people's formats: ``import``, ``plan --from``, ``check-mapping``."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import click
import msgspec

from myorx.cli import exits
from myorx.cli.check_text import folder_of
from myorx.cli.inputs import read_guideline, stop
from myorx.cli.words import Language, word
from myorx.guideline.faults import GuidelineError

if TYPE_CHECKING:
    from myorx.exchange.hospital import Hospital
    from myorx.exchange.importing import Imported
    from myorx.exchange.report import Format
    from myorx.facts import CaseError, Patient
    from myorx.guideline.models import Guideline

_SHOWN = 200
"""So many characters of what was typed are repeated."""


class Foreign(NamedTuple):
    """How the command line asks for another format."""

    form: str | None
    mapping: Path | None
    patient: str | None
    codes: tuple[str, ...]

    @property
    def asked(self) -> bool:
        """Whether anything of it was given."""
        return bool(self.form or self.mapping or self.patient or self.codes)


def foreign_bytes(source: str, argument: str) -> bytes:
    """A file of any format, or standard input for ``-``; one byte more than is ever read."""
    from myorx.exchange.limits import MAX_BYTES

    if source == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with Path(source).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: no file can have such a name
        why = error.strerror if isinstance(error, OSError) else error
        raise click.BadParameter(
            f"cannot read {source[:_SHOWN]!r}: {why}; name a YAML or JSON file, one of another "
            "format, or - for stdin",
            param_hint=argument,
        ) from None


def patient_of(
    source: str,
    guideline: Guideline,
    guideline_name: str,
    as_of: date | None,
    lang: Language,
    foreign: Foreign,
) -> Patient:
    """The patient in a case file, or in a file of another format: that one is told by its content,
    or named; its report goes to standard error."""
    from myorx.exchange.detect import detect
    from myorx.facts import CaseError, read_case

    data = foreign_bytes(source, "CASE")
    form = foreign.form or detect(data, guideline)
    if form is None and not foreign.asked:
        try:
            return read_case(data, guideline, as_of=as_of)
        except CaseError as error:
            _refuse(error, lang)
    found = _imported(data, form, guideline, guideline_name, as_of, lang, foreign)
    _tell(found, lang, detected=foreign.form is None)
    return found.patient


def show_import(
    source: str,
    guideline_name: str,
    as_of: date | None,
    lang: Language,
    output: str,
    foreign: Foreign,
) -> None:
    """Print the case in a file of another format; the report goes to standard error, or into the
    JSON."""
    from myorx.exchange.detect import detect

    guideline = read_guideline(guideline_name)
    data = foreign_bytes(source, "FILE")
    form = foreign.form or detect(data, guideline)
    found = _imported(data, form, guideline, guideline_name, as_of, lang, foreign)
    if output == "json":
        result: dict[str, Any] = {"case": found.document, "report": found.report}
        document = msgspec.json.encode(result, order="deterministic")
        sys.stdout.buffer.write(msgspec.json.format(document) + b"\n")
        return
    click.echo(found.yaml, nl=False)
    _tell(found, lang, detected=foreign.form is None)


def check_mapping(path: Path, guideline_name: str) -> int:
    """Print every fault of a hospital's mapping; the exit code."""
    from myorx.exchange.hospital import check_hospital, read_hospital

    guideline = read_guideline(guideline_name)
    try:
        hospital, positions = read_hospital(path)
        problems = check_hospital(hospital, positions, guideline)
    except GuidelineError as error:
        problems = error.problems
    for problem in problems:
        click.echo(str(problem))
    errors = sum(problem.severity == "error" for problem in problems)
    click.echo(f"{path.name}: {errors} errors, {len(problems) - errors} warnings")
    return exits.FAULTS if errors else exits.OK


def _imported(
    data: bytes,
    form: str | None,
    guideline: Guideline,
    guideline_name: str,
    as_of: date | None,
    lang: Language,
    foreign: Foreign,
) -> Imported:
    from myorx.exchange.foreign import codes_of, read_foreign
    from myorx.exchange.report import UnreadableError
    from myorx.exchange.words import word as said
    from myorx.facts import CaseError

    known = _known(form)
    if known is None:
        stop(exits.REFUSED, [said("unrecognised", lang)])
    if as_of is None:
        stop(exits.REFUSED, [word("import_as_of", lang)])
    hospital = None if foreign.mapping is None else _hospital(foreign.mapping, guideline)
    try:
        codes = codes_of(folder_of(guideline_name), guideline, foreign.codes)
        return read_foreign(
            data,
            guideline,
            as_of,
            codes,
            form=known,
            hospital=hospital,
            patient=foreign.patient,
        )
    except GuidelineError as error:
        stop(exits.GUIDELINE, [str(problem) for problem in error.problems])
    except UnreadableError as error:
        stop(exits.REFUSED, [word("import_refusal", lang), *(f"  {s}" for s in error.lines(lang))])
    except CaseError as error:
        _refuse(error, lang)


def _known(form: str | None) -> Format | None:
    match form:
        case "fhir" | "phenopacket" | "hl7" | "csv":
            return form
        case _:
            return None


def _hospital(path: Path, guideline: Guideline) -> Hospital:
    """A mapping without faults; one with faults would read results as something else."""
    from myorx.exchange.hospital import check_hospital, read_hospital

    try:
        hospital, positions = read_hospital(path)
    except GuidelineError as error:
        stop(exits.GUIDELINE, [str(problem) for problem in error.problems])
    faults = [
        each for each in check_hospital(hospital, positions, guideline) if each.severity == "error"
    ]
    if faults:
        stop(exits.GUIDELINE, [str(each) for each in faults])
    return hospital


def _tell(found: Imported, lang: Language, *, detected: bool) -> None:
    from myorx.cli.import_text import report_lines

    if detected:
        told = word("import_detected", lang)
        form = word(f"import_{found.report.format}", lang)
        click.echo(told.format(format=form), err=True)
    for line in report_lines(found.report, lang):
        click.echo(line, err=True)


def _refuse(error: CaseError, lang: Language) -> NoReturn:
    stop(exits.REFUSED, [word("refusal", lang), *(f"  {line}" for line in error.lines(lang))])
