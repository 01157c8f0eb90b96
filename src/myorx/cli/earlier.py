"""``--since EARLIER``: an earlier plan as JSON, or an earlier case that is planned first."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click
import msgspec

from myorx.cli import exits
from myorx.cli.inputs import LARGEST_CASE, stop
from myorx.cli.words import Language, word
from myorx.facts import CaseError, Patient, read_case
from myorx.guideline.models import Guideline
from myorx.plan.assemble import make_plan
from myorx.plan.compare import compare
from myorx.plan.encode import decode, encode
from myorx.plan.model import Plan
from myorx.plan.rerun import Rerun

_HINT = "--since"


def show_since(
    earlier: str, guideline: Guideline, patient: Patient, lang: Language, output: str
) -> None:
    """Print what changed between ``earlier`` and the plan for ``patient``."""
    if output not in ("text", "json"):
        raise click.BadParameter(
            f"a comparison is given as text or json, not as {output}", param_hint="--format"
        )
    before = read_earlier(earlier, guideline, lang)
    after = make_plan(guideline, patient)
    comparison = compare(before, after, Rerun(guideline, patient, before))
    if output == "json":
        sys.stdout.buffer.write(encode(comparison) + b"\n")
        return
    from myorx.cli.compare_text import comparison_rows
    from myorx.cli.rows import show

    show(comparison_rows(comparison, after, lang))


def read_earlier(source: str, guideline: Guideline, lang: Language) -> Plan:
    """The earlier plan: read as it was made, or made from an earlier case, which says its day."""
    try:
        with Path(source).open("rb") as file:
            data = file.read(LARGEST_CASE + 1)
    except OSError as error:
        raise click.BadParameter(
            f"cannot read {source}: {error.strerror}; name an earlier plan (JSON) or case file",
            param_hint=_HINT,
        ) from None
    return _read_plan(source, data) if _is_plan(data) else _planned(source, data, guideline, lang)


def _read_plan(source: str, data: bytes) -> Plan:
    try:
        plan = decode(data)
        date.fromisoformat(plan.as_of)
    except (ValueError, RecursionError) as error:
        raise click.BadParameter(
            f"{source} is no plan that can be read: {error}", param_hint=_HINT
        ) from None
    return plan


def _planned(source: str, data: bytes, guideline: Guideline, lang: Language) -> Plan:
    try:
        return make_plan(guideline, read_case(data, guideline))
    except CaseError as error:
        faults = [f"  {line}" for line in error.lines(lang)]
        stop(exits.REFUSED, [f"{source}: {word('refusal', lang)}", *faults])


class _Head(msgspec.Struct):
    """As much of a JSON file as tells a plan from a case."""

    schema: str


def _is_plan(data: bytes) -> bool:
    try:
        msgspec.json.decode(data, type=_Head)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
