"""A Phenopacket (GA4GH, version 2, JSON) -> what it says of one patient."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from myorx.exchange.claims import Claim
from myorx.exchange.codes import Codes, Coding
from myorx.exchange.courses import Course, recognise
from myorx.exchange.fhir.context import answer_of, facts_of
from myorx.exchange.fhir.elements import Concept, Json, number, part, parts, text
from myorx.exchange.importing import Found
from myorx.exchange.people import AGE, born, sex
from myorx.exchange.report import Ignored, UnreadableError
from myorx.exchange.results import decided_by, result
from myorx.exchange.words import note
from myorx.facts.names import index
from myorx.facts.spelling import key
from myorx.facts.words import RHYTHMS
from myorx.guideline.models import Guideline

_SEXES: Final = {"MALE": "male", "FEMALE": "female", "1": "female", "2": "male"}
_PERIOD: Final = re.compile(r"P(?P<years>[0-9]{1,3})Y.*")
_READ: Final = (
    "id",
    "subject",
    "phenotypicFeatures",
    "measurements",
    "diseases",
    "medicalActions",
    "metaData",
)
_DAILY: Final = {"daily": "qd", "once daily": "qd", "twice daily": "bid"}


def read(source: Mapping[str, Any], codes: Codes, guideline: Guideline) -> Found:
    """What a Phenopacket says. Raises UnreadableError for a Family or Cohort."""
    if "proband" in source or "members" in source:
        raise UnreadableError(note("not_one_packet"))
    packet = dict(source)
    outcomes: list[Claim | Course | Ignored] = []
    outcomes += _subject(packet, guideline)
    # Findings have no date of their own: they are of the time when the packet was made.
    made = text(part(packet, "metaData"), "created")[:10]
    for name in ("phenotypicFeatures", "diseases"):
        for place, item in enumerate(parts(packet, name)):
            outcomes += _finding(item, f"{name}[{place}]", made, codes, guideline)
    for place, item in enumerate(parts(packet, "measurements")):
        outcomes += _measurement(item, f"measurements[{place}]", codes, guideline)
    for place, item in enumerate(parts(packet, "medicalActions")):
        outcomes += _action(item, f"medicalActions[{place}]", codes, guideline)
    for name in packet:
        if name not in _READ and packet[name]:
            outcomes.append(Ignored(name, name, note("kind", kind=name)))
    return Found(
        "phenopacket",
        tuple(each for each in outcomes if isinstance(each, Claim)),
        tuple(each for each in outcomes if isinstance(each, Course)),
        tuple(each for each in outcomes if isinstance(each, Ignored)),
    )


def _concept(item: Json, name: str, codes: Codes) -> Concept:
    """An OntologyClass: ``{id: "HP:0002015", label: ...}``."""
    found = part(item, name)
    identity, label = text(found, "id"), text(found, "label")
    prefix, colon, code = identity.partition(":")
    codings: tuple[Coding, ...] = (codes.prefixed(prefix, code, label),) if colon else ()
    return Concept(codings, label)


def _moment(element: Json) -> str:
    """The moment of a TimeElement; empty where it is an age or a gestational age."""
    return text(element, "timestamp") or text(part(element, "interval"), "end")


def _subject(packet: Json, guideline: Guideline) -> Iterator[Claim | Ignored]:
    person = part(packet, "subject")
    said = text(person, "sex")
    if said not in ("", "UNKNOWN_SEX"):
        yield from sex(_SEXES.get(said, said), "subject sex", guideline)
    yield from born(text(person, "dateOfBirth")[:10], "subject dateOfBirth", guideline)
    seen = part(person, "timeAtLastEncounter")
    age = text(part(seen, "age"), "iso8601duration")
    found = _PERIOD.fullmatch(age)
    if age and not text(person, "dateOfBirth") and AGE in guideline.facts:
        where = "subject timeAtLastEncounter"
        if found is None:
            yield Ignored(where, age, note("bad_date", date=age))
        else:
            told = (note("age_at_encounter"),)
            yield Claim(AGE, where, age, "age", value=found["years"], notes=told)
    if text(part(person, "vitalStatus"), "status") == "DECEASED":
        yield Ignored("subject vitalStatus", "DECEASED", note("deceased"))


def _finding(
    item: Json, where: str, made: str, codes: Codes, guideline: Guideline
) -> Iterator[Claim | Ignored]:
    """A feature or a disease: present, or excluded."""
    about = _concept(item, "type", codes) if "type" in item else _concept(item, "term", codes)
    excluded = item.get("excluded") is True
    named = facts_of(about, codes, guideline)
    if not named:
        yield Ignored(where, about.told, note("code_unknown"))
    if part(item, "resolution") and not any(each.meaning.past for each in named):
        yield Ignored(where, about.told, note("status", status="resolution"))
        return
    onset = _moment(part(item, "onset"))
    for each in named:
        fact = guideline.facts[each.meaning.fact]
        value = each.meaning.value
        if fact.type == "boolean":
            value = "false" if excluded else value or "true"
        only = each.meaning.only
        if value is None or (excluded and fact.type != "boolean"):
            yield Ignored(where, about.told, note("finding_without_value", label=fact.label))
        elif only is not None and value != only:
            yield Ignored(where, about.told, note("only", label=fact.label))
        else:
            at = "" if fact.max_age is None else made
            yield Claim(fact.id, where, about.told, each.by, value=value, at=at, notes=each.notes)
            if onset and each.meaning.onset is not None and not excluded:
                told = (note("onset"),)
                yield Claim(
                    each.meaning.onset,
                    f"{where} onset",
                    about.told,
                    each.by,
                    value=onset[:10],
                    notes=told,
                )


def _measurement(
    item: Json, where: str, codes: Codes, guideline: Guideline
) -> Iterator[Claim | Ignored]:
    about = _concept(item, "assay", codes)
    named = facts_of(about, codes, guideline)
    if not named:
        yield Ignored(where, about.told, note("code_unknown"))
    at = _moment(part(item, "timeObserved"))
    holder = part(item, "value")
    for each in named:
        fact = guideline.facts[each.meaning.fact]
        quantity = part(holder, "quantity")
        coded = _concept(holder, "ontologyClass", codes)
        unit = None
        if quantity:
            said, unit = number(quantity, "value"), _unit(part(quantity, "unit"))
        else:
            answer, _, _ = answer_of(coded, each.meaning, codes)
            said = answer or ""
        if not said:
            yield Ignored(where, about.told, note("no_value"))
            continue
        value, unknown, notes = result(said, fact)
        only = each.meaning.only
        if only is not None and not decided_by(value, unknown, only):
            yield Ignored(where, about.told, note("only", label=fact.label))
            continue
        yield Claim(
            fact.id,
            where,
            about.told,
            each.by,
            value=value,
            unknown=unknown,
            unit=unit if fact.type == "quantity" else None,
            at=at,
            notes=(*each.notes, *notes),
        )


def _unit(found: Json) -> str | None:
    """The UCUM code of a unit (``UCUM:ng/mL``), else its label."""
    prefix, _, code = text(found, "id").partition(":")
    return code if key(prefix) == "ucum" and code else text(found, "label") or None


def _action(
    item: Json, where: str, codes: Codes, guideline: Guideline
) -> Iterator[Course | Ignored]:
    treatment, procedure = part(item, "treatment"), part(item, "procedure")
    about = _concept(treatment or procedure, "agent" if treatment else "code", codes)
    if not treatment and not procedure:
        yield Ignored(where, ", ".join(item), note("kind", kind=", ".join(item)))
        return
    said = _concept(treatment, "routeOfAdministration", codes)
    coded = (codes.routes.get((each.system or "", each.code)) for each in said.codings)
    route = next(filter(None, coded), index(guideline).routes.get(key(said.text)))
    found = recognise(about.codings, about.text, route, codes, guideline)
    if found.drug is None:
        yield Ignored(where, about.told, found.why or note("drug_unknown"))
        return
    if procedure:
        day = _moment(part(procedure, "performed"))[:10]
        yield Course(found.drug, where, about.told, found.by, on=day or None, notes=found.notes)
        return
    intervals = parts(treatment, "doseIntervals")
    if not intervals:
        notes = (*found.notes, note("no_interval"))
        yield Course(
            found.drug, where, about.told, found.by, stop="unknown", route=route, notes=notes
        )
    for count, interval in enumerate(intervals):
        stretch = part(interval, "interval")
        end = text(stretch, "end")[:10]
        yield Course(
            found.drug,
            f"{where}.doseIntervals[{count}]",
            about.told,
            found.by,
            start=text(stretch, "start")[:10] or None,
            stop=end or None,
            dose=_dose(interval, codes),
            route=route,
            notes=found.notes,
        )


def _dose(interval: Json, codes: Codes) -> str | None:
    """Amount and rhythm, where the rhythm is one that the case reader knows."""
    quantity = part(interval, "quantity")
    figure, unit = number(quantity, "value"), _unit(part(quantity, "unit"))
    if not figure or not unit:
        return None
    rhythm = _concept(interval, "scheduleFrequency", codes).text
    word = _DAILY.get(rhythm.lower(), rhythm)
    return f"{figure} {unit} {word}" if key(word) in RHYTHMS else f"{figure} {unit}"
