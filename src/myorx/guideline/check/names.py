"""Ids outside expressions: everything that is named exists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from myorx.guideline import models
from myorx.guideline.check.context import Context
from myorx.guideline.faults import Problem
from myorx.guideline.models import Guideline
from myorx.guideline.positions import Place
from myorx.guideline.shapes import Record
from myorx.instruments.registry import INSTRUMENTS
from myorx.instruments.steroids import steroids

_ANYWHERE: Mapping[str, str] = {"cites": "statement", "disputes": "dispute"}
"""Field of any model -> kind of the ids in it."""

_FIELDS: Mapping[tuple[type[msgspec.Struct], str], str] = {
    (models.Statement, "refs"): "reference",
    (models.Dispute, "where"): "statement",
    (models.Manifest, "source"): "reference",
    (models.Scales, "weight"): "fact",
    (models.Scales, "body_surface_area"): "fact",
    (models.Scales, "age"): "fact",
    (models.Scales, "adult_from"): "setting",
    (models.Fact, "group"): "group",
    (models.Fact, "max_age"): "setting",
    (models.InstrumentUse, "name"): "instrument",
    (models.Derivation, "drug"): "drug",
    (models.Derivation, "drug_class"): "class",
    (models.Argument, "strength"): "verb",
    (models.Advice, "strength"): "verb",
    (models.Drug, "classes"): "class",
    (models.Drug, "not_covered"): "topic",
    (models.Drug, "steroid"): "steroid",
    (models.Part, "drug"): "drug",
    (models.Part, "drug_class"): "class",
    (models.Yield, "decision"): "decision",
}
"""(model, field) -> kind of the id or ids in it."""


def check(context: Context) -> Iterator[Problem]:
    """Statements, disputes, references, drugs, classes, settings, topics, verbs that are named."""
    known = known_ids(context.guideline)
    for place, shape, value in context.records():
        assert isinstance(shape, Record)
        for key in shape.keys:
            kind = _FIELDS.get((shape.model, key.field)) or _ANYWHERE.get(key.field)
            if kind is not None:
                yield from _unknown(context, place.key(key.name), value, key.field, kind, known)
    yield from _parts(context)
    yield from _preferences(context)


def known_ids(guideline: Guideline) -> Mapping[str, Mapping[str, Any]]:
    """For each kind: the ids there are."""
    manifest = guideline.manifest
    return {
        "statement": guideline.statements,
        "dispute": guideline.disputes,
        "reference": guideline.references,
        "group": guideline.groups,
        "fact": guideline.facts,
        "definition": guideline.definitions,
        "class": guideline.classes,
        "drug": guideline.drugs,
        "decision": guideline.decisions,
        "advice": guideline.advice,
        "alert": guideline.alerts,
        "setting": {setting.id: setting for setting in manifest.settings},
        "topic": {topic.id: topic for topic in manifest.topics},
        "elsewhere": {topic.id: topic for topic in manifest.elsewhere},
        "verb": {verb.zh: verb for verb in manifest.verbs},
        "steroid": steroids(),
        "instrument": INSTRUMENTS,
        "due": {due.id: due for due in dues(guideline)},
    }


def dues(guideline: Guideline) -> Iterator[models.Due]:
    """Everything that is due, whatever it belongs to."""
    for drug in guideline.drugs.values():
        yield from drug.due
    for decision in guideline.decisions.values():
        for candidate in decision.candidates:
            yield from candidate.due
    for advice in guideline.advice.values():
        yield from advice.due


def _unknown(
    context: Context,
    place: Place,
    value: Any,
    field: str,
    kind: str,
    known: Mapping[str, Mapping[str, Any]],
) -> Iterator[Problem]:
    named = getattr(value, field)
    if isinstance(named, tuple):
        for index, item in enumerate(named):
            if str(item) not in known[kind]:
                yield context.unknown(kind, place.item(index), str(item), known[kind])
    elif named is not None and named not in known[kind]:
        yield context.unknown(kind, place, named, known[kind])


def _parts(context: Context) -> Iterator[Problem]:
    """A part is a drug or a class; regimen and route are ones of its drug."""
    for place, part in context.all(models.Part):
        if (part.drug is None) == (part.drug_class is None):
            yield context.problem(
                "part-of-what",
                place,
                "a part with both a drug and a class" if part.drug else "a part of nothing",
                allowed="a drug, or a class",
                remedy="name exactly one of the two",
            )
        drug = context.guideline.drugs.get(part.drug or "")
        if drug is None:
            if part.regimens and part.drug is None:
                yield context.problem(
                    "regimen-of-class",
                    place.key("regimens"),
                    "a regimen of a class",
                    allowed="a regimen of one drug",
                    remedy="name the drug",
                )
            continue
        regimens = [regimen.id for regimen in drug.regimens]
        for index, regimen in enumerate(part.regimens):
            if regimen not in regimens:
                at = place.key("regimens").item(index)
                yield context.unknown("regimen", at, regimen, regimens)
        if part.route is not None and drug.routes and part.route not in drug.routes:
            yield context.unknown("route", place.key("route"), part.route, drug.routes)


def _preferences(context: Context) -> Iterator[Problem]:
    """A preference is among the candidates of its decision."""
    for place, decision in context.all(models.Decision):
        candidates = [candidate.id for candidate in decision.candidates]
        for index, preference in enumerate(decision.prefer):
            here = place.key("prefer").item(index)
            if preference.choose not in candidates:
                yield context.unknown(
                    "candidate", here.key("choose"), preference.choose, candidates
                )
            for number, other in enumerate(preference.over):
                if other not in candidates:
                    yield context.unknown(
                        "candidate", here.key("over").item(number), other, candidates
                    )
                elif other == preference.choose:
                    yield context.problem(
                        "preferred-to-itself",
                        here.key("over").item(number),
                        f"{other} before itself",
                        allowed="another candidate",
                        remedy="remove it",
                    )
