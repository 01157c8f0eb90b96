"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

_SHOWN = 200
"""So many characters of a path are repeated."""


class IsoDate(click.ParamType[date]):
    """A whole calendar day, ``2026-11-22``."""

    name = "date"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """The day, or a usage error that says what is allowed."""
        if isinstance(value, date):
            return value
        text = str(value)
        try:
            day = date.fromisoformat(text)
        except ValueError:
            day = None
        # As a case has it: not 20261122, nor 2026-W47-7.
        if day is None or day.isoformat() != text:
            self.fail(f"{text[:40]!r} is no day; write it as 2026-11-22", param, ctx)
        return day


class NewFile(click.Path):
    """A file that will be written: looked at before any work is done for it."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path, or a usage error where no file can be written there."""
        path = super().convert(value, param, ctx)
        assert isinstance(path, Path)
        folder = path.parent
        # What is there already was looked at above; it may be /dev/stdout.
        if not path.exists() and not (folder.is_dir() and os.access(folder, os.W_OK)):
            self.fail(f"{shown(folder)} is no folder that you may write to; name one", param, ctx)
        return path


def shown(path: Path) -> str:
    """A path as an error repeats it."""
    return str(path)[:_SHOWN]


def lang(command: Command) -> Command:
    """``--lang zh|en``; the environment variable MYORX_LANG sets the default."""
    return click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        default="en",
        show_default=True,
        envvar="MYORX_LANG",
        show_envvar=True,
        help="Language of the text.",
    )(command)


def as_of(command: Command) -> Command:
    """``--as-of DATE``."""
    return click.option(
        "--as-of",
        type=IsoDate(),
        metavar="DATE",
        help="Day the plan is for; needed unless the case gives as_of. Never today by itself.",
    )(command)


def output_format(command: Command) -> Command:
    """``--format text|json``."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="Text for reading, or JSON for programs.",
    )(command)


def plan_format(command: Command) -> Command:
    """``--format``, with what only a plan can be written as."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(["text", "json", "md", "record", "ics", "fhir"]),
        default="text",
        show_default=True,
        help="Text for reading, JSON for programs; md or record: a note for the patient's record; "
        "ics: the calendar alone; fhir: a Bundle of FHIR R4.",
    )(command)


def calendar_format(command: Command) -> Command:
    """``--format``, with what a calendar can be written as."""
    return click.option(
        "--format",
        "output",
        type=click.Choice(["text", "json", "ics"]),
        default="text",
        show_default=True,
        help="Text for reading, JSON for programs, ics for a calendar (extra: calendar).",
    )(command)


def since(command: Command) -> Command:
    """``--since EARLIER``."""
    return click.option(
        "--since",
        "earlier",
        metavar="EARLIER",
        help="Say what changed since an earlier plan (JSON) or case file, and because of what. "
        "That both are of the same patient cannot be checked.",
    )(command)


def guideline_name(command: Command) -> Command:
    """``--guideline NAME``: a guideline that comes with the package, or a folder."""
    return click.option(
        "--guideline",
        "guideline_name",
        default="aim",
        show_default=True,
        metavar="NAME",
        help="A guideline of the package, or a folder that holds one.",
    )(command)


def settings(command: Command) -> Command:
    """``--set NAME=VALUE``, any number of times."""
    return click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="NAME=VALUE",
        help="Change a setting of the guideline for this run; the receipt names it.",
    )(command)


def paper(command: Command) -> Command:
    """``--paper FILE``."""
    return click.option(
        "--paper",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="The text of the guideline's source, to look up in it what is quoted.",
    )(command)


def foreign(command: Command) -> Command:
    """``--from``, ``--mapping``, ``--patient``, ``--codes``: a case in somebody else's format."""
    for option in (
        click.option(
            "--codes",
            multiple=True,
            metavar="NAME",
            help="Also read codes that need a licence of your own: snomed.",
        ),
        click.option("--patient", metavar="ID", help="The patient, where a table holds several."),
        click.option(
            "--mapping",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            metavar="FILE",
            help="The hospital's own codes, for HL7 v2 and tables (see check-mapping).",
        ),
        click.option(
            "--from",
            "form",
            type=click.Choice(["fhir", "phenopacket", "hl7", "csv"]),
            help="The format of the file; told by its content where that leaves no doubt.",
        ),
    ):
        command = option(command)
    return command
