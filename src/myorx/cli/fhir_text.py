"""Other people's formats going out: plan and guideline as FHIR, a case as a Phenopacket."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from myorx.cli.check_text import folder_of
from myorx.cli.words import Language, say, word

if TYPE_CHECKING:
    from myorx.facts import Patient
    from myorx.guideline.models import Guideline
    from myorx.plan.model import Plan


def show_fhir_plan(plan: Plan, guideline: Guideline, guideline_name: str) -> None:
    """Print the plan as a Bundle."""
    from myorx.exchange.fhir.out.plan import plan_bundle
    from myorx.exchange.foreign import codes_of

    found = plan_bundle(plan, guideline, codes_of(folder_of(guideline_name), guideline))
    sys.stdout.buffer.write(_written(found))


def show_packet(
    patient: Patient, guideline: Guideline, guideline_name: str, identity: str, lang: Language
) -> None:
    """Print a case as a Phenopacket; what that cannot carry goes to standard error."""
    from myorx.exchange.foreign import codes_of
    from myorx.exchange.phenopackets.write import write_packet

    codes = codes_of(folder_of(guideline_name), guideline)
    packet, left = write_packet(patient, guideline, codes, identity)
    sys.stdout.buffer.write(_written(packet))
    if left:
        click.echo(word("packet_left", lang), err=True)
    for name, why in left:
        click.echo(f"  {name}: {say(why.says, lang)}", err=True)


def write_package(folder: Path, guideline: Guideline, guideline_name: str) -> int:
    """Write every resource of the guideline into ``folder``, a file each, and all as one Bundle;
    how many files. Raises OSError."""
    from myorx.exchange.fhir.out.package import bundle, file_name, package
    from myorx.exchange.foreign import codes_of

    resources = package(guideline, codes_of(folder_of(guideline_name), guideline))
    folder.mkdir(parents=True, exist_ok=True)
    for resource in resources:
        (folder / file_name(resource)).write_bytes(_written(resource))
    (folder / "bundle.json").write_bytes(_written(bundle(resources)))
    return len(resources) + 1


def _written(resource: Mapping[str, Any]) -> bytes:
    return json.dumps(resource, ensure_ascii=False, indent=2).encode() + b"\n"
