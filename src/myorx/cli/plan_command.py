"""A plan in the form that was asked for, on standard output."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from myorx.cli.words import Language

if TYPE_CHECKING:
    from myorx.facts import Patient
    from myorx.guideline.models import Guideline


def show_plan(
    guideline: Guideline, guideline_name: str, patient: Patient, lang: Language, output: str
) -> None:
    """Plan for a patient and print it. ``output``: one of ``options.plan_format``."""
    from myorx.plan import make_plan

    result = make_plan(guideline, patient)
    match output:
        case "fhir":
            from myorx.cli.fhir_text import show_fhir_plan

            show_fhir_plan(result, guideline, guideline_name)
        case "json":
            from myorx.plan.encode import encode

            sys.stdout.buffer.write(encode(result) + b"\n")
        case "ics":
            from myorx.cli.taper import write_ics
            from myorx.exchange.ics import plan_ics

            write_ics(lambda: plan_ics(result, lang))
        case "md" | "record":
            from myorx.plan.record import write

            click.echo(write(result, guideline, output, lang), nl=False)
        case _:
            from myorx.cli.plan_text import plan_rows
            from myorx.cli.rows import show

            show(plan_rows(result, lang))
