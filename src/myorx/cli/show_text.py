"""One item of a guideline as text: what it says, what rests on it, where it comes from."""

from __future__ import annotations

from collections.abc import Iterable

import click

from myorx.cli.plan_text import cited
from myorx.cli.rows import Row, heading, rows
from myorx.cli.words import Language, say, word
from myorx.guideline.faults import near
from myorx.guideline.models import (
    Argument,
    Decision,
    Definition,
    Dispute,
    Drug,
    Guideline,
    Reference,
    Statement,
)
from myorx.guideline.show import usage


def item_rows(guideline: Guideline, item: str, lang: Language) -> list[Row]:
    """The item called ``item``; a usage error with the nearest name where there is none."""
    if item in guideline.statements:
        return _statement(guideline, guideline.statements[item], lang)
    if item in guideline.disputes:
        return _dispute(guideline.disputes[item], lang)
    if item in guideline.drugs:
        return _drug(guideline.drugs[item], lang)
    if item in guideline.decisions:
        return _decision(guideline.decisions[item], lang)
    if item in guideline.definitions:
        return _definition(guideline.definitions[item], lang)
    if item in guideline.references:
        return _reference(guideline.references[item])
    known = [
        *guideline.statements,
        *guideline.disputes,
        *guideline.drugs,
        *guideline.decisions,
        *guideline.definitions,
    ]
    meant = near(item, known)
    hint = f"did you mean {meant}?" if meant else "statements are called S5.17; see also `facts`"
    raise click.BadParameter(
        f"the guideline has no statement, dispute, drug, decision or definition {item!r}; {hint}",
        param_hint="ITEM",
    )


def _statement(guideline: Guideline, statement: Statement, lang: Language) -> list[Row]:
    out = [Row(statement.id, "head"), *rows(say(statement.says, lang), first="  ")]
    out += rows(f"{word('quote', lang)}: 「{statement.quote}」", first="  ")
    facts = [
        f"{word('kind', lang)}: {statement.kind}",
        f"{word('status', lang)}: {statement.status}",
    ]
    if statement.strength is not None:
        facts.append(f"「{statement.strength}」")
    if statement.indirect:
        facts.append(word("indirect", lang))
    out += rows(" · ".join(facts), first="  ")
    if statement.why is not None:
        out += rows(say(statement.why, lang), first="  ")
    places = usage(guideline).get(statement.id, ())
    out += heading(word("cited_by", lang))
    out += [row for place in places for row in rows(place, first="  - ")] or [
        Row(f"  {word('nothing_cites', lang)}", "dim")
    ]
    for id_ in statement.disputes:
        out += [Row(""), *_dispute(guideline.disputes[id_], lang)]
    known = [guideline.references[str(n)] for n in statement.refs if str(n) in guideline.references]
    source = guideline.references.get(guideline.manifest.source)
    for reference in [*known, *([source] if source is not None else [])]:
        out += [Row(""), *_reference(reference)]
    return out


def _dispute(dispute: Dispute, lang: Language) -> list[Row]:
    out = [Row(f"{dispute.id} ({word(dispute.weight, lang)})", "head")]
    out += rows(say(dispute.problem, lang) + cited(dispute.where), first="  ")
    for reading in dispute.readings:
        mark = "→" if reading.id == dispute.taken else " "
        out += rows(f"{reading.id}: {say(reading.says, lang)}", first=f"  {mark} ")
    out += rows(
        f"{word('reading_taken', lang)} {dispute.taken}: {say(dispute.why, lang)}", first="  "
    )
    out += rows(say(dispute.shows, lang), "dim", first="  ")
    return out


def _arguments(arguments: Iterable[Argument], lang: Language, *, indent: str) -> list[Row]:
    out: list[Row] = []
    for argument in arguments:
        text = f"{word(argument.kind, lang)}: {argument.when.text}"
        if argument.says is not None:
            text += f" — {say(argument.says, lang)}"
        if argument.basis == "inferred":
            text += f" ({word('inferred', lang)})"
        out += rows(text + cited(argument.cites), first=f"{indent}- ")
    return out


def _drug(drug: Drug, lang: Language) -> list[Row]:
    out = [Row(f"{drug.id} · {drug.names.zh} · {drug.names.en}", "head")]
    if drug.also:
        out += rows(f"{word('aliases', lang)}: {', '.join(drug.also)}", first="  ")
    if drug.codes:
        out += rows(", ".join(f"{k} {v}" for k, v in sorted(drug.codes.items())), "dim", first="  ")
    out += _arguments(drug.hazards, lang, indent="  ")
    for regimen in drug.regimens:
        out += rows(
            f"{say(regimen.label, lang)} ({regimen.population}){cited(regimen.cites)}", first="  = "
        )
    for note in drug.notes:
        out += rows(say(note.says, lang) + cited(note.cites), "dim", first="  * ")
    if drug.not_covered:
        out += rows(
            f"{word('not_covered_for', lang)}: {', '.join(drug.not_covered)}", "warning", first="  "
        )
    return out


def _decision(decision: Decision, lang: Language) -> list[Row]:
    out = [Row(f"{decision.id} · §{decision.section} {say(decision.question, lang)}", "head")]
    out += rows(f"applies: {decision.applies.text}", first="  ")
    for candidate in decision.candidates:
        title = f"{candidate.id} · {say(candidate.names, lang)} · {word(candidate.role, lang)}"
        out += rows(title, first="  ■ ")
        if candidate.requires is not None:
            out += rows(f"{word('only_after', lang)}: {candidate.requires.text}", first="      ")
        out += _arguments(candidate.arguments, lang, indent="      ")
    for gap in decision.gaps:
        out += rows(f"{gap.when.text} — {say(gap.says, lang)}{cited(gap.cites)}", first="  … ")
    return out


def _definition(definition: Definition, lang: Language) -> list[Row]:
    out = [Row(f"{definition.id} · {say(definition.label, lang)}", "head")]
    basis = word(definition.basis, lang)
    return out + rows(
        f"{definition.expression.text} ({basis}){cited(definition.cites)}", first="  "
    )


def _reference(reference: Reference) -> list[Row]:
    people = [p.literal or " ".join(filter(None, (p.family, p.given))) for p in reference.author]
    names = ", ".join(people[:3]) + (" et al." if len(people) > 3 else "")
    year = reference.issued.date_parts[0][0] if reference.issued else ""
    place = f"{reference.container_title or reference.publisher or ''} {year}"
    detail = ";".join(filter(None, (reference.volume, reference.page)))
    return rows(
        f"{names}. {reference.title}. {place} {detail}".strip(), "dim", first=f"  [{reference.id}] "
    )
