"""From command-line words to a guideline and a case; every refusal is said and ends the command."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from myorx.cli import exits
from myorx.cli.words import Language, word
from myorx.guideline.faults import GuidelineError

if TYPE_CHECKING:
    from myorx.facts import Patient
    from myorx.guideline.models import Guideline

LARGEST_CASE = 10_000_000
"""Bytes; more than this is no case of one patient."""

_SHOWN = 200
"""So many characters of what was typed are repeated."""


def read_guideline(name: str, settings: Iterable[str] = ()) -> Guideline:
    """The guideline of this name, or in this folder, with the given settings."""
    from myorx.guideline.load import load, load_folder

    changed = _settings(settings)
    try:
        if Path(name, "guideline.yaml").is_file():
            guideline = load_folder(Path(name))
            if not changed:
                return guideline
            from myorx.guideline.settings import with_settings

            return with_settings(guideline, changed)
        return load(name, changed)
    except GuidelineError as error:
        stop(exits.GUIDELINE, [str(problem) for problem in error.problems])


def _settings(items: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in items:
        name, equals, value = (part.strip() for part in item.partition("="))
        if not (name and equals and value):
            raise click.BadParameter(
                f"{item[:_SHOWN]!r} is no setting; write it as NAME=VALUE", param_hint="--set"
            )
        if name in found:
            raise click.BadParameter(
                f"{name[:_SHOWN]} is set twice; give it one value", param_hint="--set"
            )
        found[name] = value
    return found


def read_patient(source: str, guideline: Guideline, as_of: date | None, lang: Language) -> Patient:
    """The patient in a case file, or on standard input for ``-``."""
    from myorx.facts import CaseError, read_case

    try:
        return read_case(case_bytes(source), guideline, as_of=as_of)
    except CaseError as error:
        faults = [f"  {line}" for line in error.lines(lang)]
        stop(exits.REFUSED, [word("refusal", lang), *faults])


def case_bytes(source: str) -> bytes:
    """A case file, or standard input for ``-``, as it is."""
    if source == "-":
        return sys.stdin.buffer.read(LARGEST_CASE + 1)
    path = Path(source)
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_CASE + 1)
    except (OSError, ValueError) as error:  # ValueError: no file can have such a name
        why = error.strerror if isinstance(error, OSError) else error
        raise click.BadParameter(
            f"cannot read {source[:_SHOWN]!r}: {why}; name a YAML or JSON file, or - for stdin",
            param_hint="CASE",
        ) from None


def stop(code: int, lines: Iterable[str]) -> NoReturn:
    """Say why on standard error and end the command."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(code)
