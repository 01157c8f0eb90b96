"""``myorx taper``: the taper of a dose from a day on, or of a case."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import click

from myorx.cli import exits
from myorx.cli.calendar_text import calendar_rows
from myorx.cli.inputs import read_patient, stop
from myorx.cli.rows import Row, rows, show
from myorx.cli.taper_text import taper_rows
from myorx.cli.words import Language, say, word
from myorx.facts import read_case
from myorx.facts.doses import PER_DAY, read_dose
from myorx.facts.units import convert
from myorx.guideline.models import Drug, Guideline, Regimen
from myorx.plan.assemble import make_plan, planner
from myorx.plan.encode import encode
from myorx.plan.model import Calendar, Plan
from myorx.plan.taper import taper, taper_rules

if TYPE_CHECKING:
    from collections.abc import Callable


def show_taper_of_case(
    case: str, guideline: Guideline, as_of: date | None, lang: Language, output: str
) -> None:
    """Whether the taper may begin for this patient, why not yet, and its steps where it may."""
    plan = make_plan(guideline, read_patient(case, guideline, as_of, lang))
    calendar = plan.calendar if plan.calendar is not None else Calendar()
    if output == "json":
        sys.stdout.buffer.write(encode(calendar) + b"\n")
        return
    if output == "ics":
        from myorx.exchange.ics import plan_ics

        write_ics(lambda: plan_ics(plan, lang))
        return
    out = _head(plan, lang)
    if not calendar.tapers:
        out += rows(word("no_taper", lang))
    show([*out, *calendar_rows(calendar, lang)])


def show_taper_of_dose(
    dose: str, start: date, drug: str | None, guideline: Guideline, lang: Language, output: str
) -> None:
    """The taper of a dose from a day on, whoever takes it."""
    milligrams = _milligrams(dose)
    tapered, regimen = _tapering(guideline, drug)
    situation = planner(guideline).situation(read_case({}, guideline, as_of=start))
    plan = taper(milligrams, start, taper_rules(situation, tapered, regimen))
    manifest = guideline.manifest
    notice = f"{say(manifest.review.says, lang)} · {say(manifest.notice, lang)}"
    if output == "json":
        sys.stdout.buffer.write(encode(plan) + b"\n")
        return
    if output == "ics":
        from myorx.exchange.ics import taper_ics

        write_ics(lambda: taper_ics(plan, notice, lang))
        return
    show([*_named(guideline, start.isoformat(), notice, lang), *taper_rows(plan, lang)])


def write_ics(make: Callable[[], bytes]) -> None:
    """Print an iCalendar file, or the one line that says what to install."""
    from myorx.exchange.ics import MissingExtraError

    try:
        sys.stdout.buffer.write(make())
    except MissingExtraError as error:
        stop(exits.USAGE, [str(error)])


# -- what was asked ----------------------------------------------------------------------------


def _milligrams(text: str) -> Fraction:
    """A dose of so many mg a day; a usage error for anything else."""
    found = read_dose(text)
    daily = convert(found, PER_DAY) if found is not None else None
    exact = daily.exact if daily is not None else None
    if exact is None:
        raise click.BadParameter(
            f'{text!r} is no dose a day; write it as "60 mg/d"', param_hint="--dose"
        )
    return Fraction(exact)


def _tapering(guideline: Guideline, wanted: str | None) -> tuple[Drug, Regimen]:
    """The drug, and its regimen that is a taper; without a name the first drug that has one."""
    known = dict(_tapers(guideline))
    if wanted is None and known:
        wanted = next(iter(known))
    for drug in guideline.drugs.values():
        names = {drug.id, drug.names.zh, drug.names.en, *drug.also}
        if wanted is not None and drug.id in known and wanted.lower() in map(str.lower, names):
            return drug, known[drug.id]
    raise click.BadParameter(
        f"the guideline gives no taper for {wanted}; it gives one for: {', '.join(known) or '-'}",
        param_hint="--drug",
    )


def _tapers(guideline: Guideline) -> Iterator[tuple[str, Regimen]]:
    for drug in guideline.drugs.values():
        for regimen in drug.regimens:
            if regimen.taper is not None:
                yield drug.id, regimen


# -- heads -------------------------------------------------------------------------------------


def _head(plan: Plan, lang: Language) -> list[Row]:
    receipt = plan.receipt
    first = f"MyoRx · {receipt.guideline} {receipt.version} · {word('as_of', lang)} {plan.as_of}"
    notice = f"{say(receipt.review, lang)} · {say(receipt.notice, lang)}"
    return [Row(first, "head"), *rows(notice, "dim")]


def _named(guideline: Guideline, day: str, notice: str, lang: Language) -> list[Row]:
    manifest = guideline.manifest
    first = f"MyoRx · {manifest.id} {manifest.version} · {word('as_of', lang)} {day}"
    return [Row(first, "head"), *rows(notice, "dim"), Row("")]
