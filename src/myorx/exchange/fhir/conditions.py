"""Conditions and allergies: what the patient is said to have, to have had, or not to have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from myorx.exchange.claims import Claim
from myorx.exchange.codes import FACTS
from myorx.exchange.fhir.context import Context, facts_of
from myorx.exchange.fhir.elements import Concept, code_of, concept, text
from myorx.exchange.fhir.shelf import Item
from myorx.exchange.report import Ignored
from myorx.exchange.words import Note, note
from myorx.guideline.models import Fact

_PRESENT: Final = ("", "active", "recurrence", "relapse")
_OVER: Final = ("inactive", "remission", "resolved")
_UNSURE: Final = ("unconfirmed", "provisional", "differential")


def read_condition(item: Item, context: Context) -> Iterator[Claim | Ignored]:
    """What one Condition says: of a Boolean fact yes, or no where it was refuted; of a coded fact
    the value that its code stands for."""
    resource = item.resource
    about = concept(resource, "code", context.codes)
    verified = code_of(resource, "verificationStatus")
    if verified == "entered-in-error" or verified in _UNSURE:
        yield Ignored(item.where, about.told, note("status", status=verified))
        return
    named = facts_of(about, context.codes, context.guideline)
    if not named:
        why = note("code_unknown") if about.codings or about.text else note("no_code")
        yield Ignored(item.where, about.told, why)
        return
    clinical = code_of(resource, "clinicalStatus")
    at = text(resource, "recordedDate")
    onset = text(resource, "onsetDateTime")
    for each in named:
        meaning = each.meaning
        fact = context.guideline.facts[meaning.fact]
        value = _value(fact, meaning.value, refuted=verified == "refuted")
        over = clinical in _OVER and not meaning.past
        if value is None or over or (clinical not in _PRESENT and clinical not in _OVER):
            why = (
                note("status", status=clinical or verified)
                if value is not None or verified == "refuted"
                else note("finding_without_value", label=fact.label)
            )
            yield Ignored(item.where, about.told, why)
            continue
        yield Claim(
            fact.id, item.where, about.told, each.by, value=value, at=at or "", notes=each.notes
        )
        if onset and meaning.onset is not None and verified != "refuted":
            yield Claim(
                meaning.onset,
                f"{item.where} onset",
                about.told,
                each.by,
                value=onset[:10],
                notes=(note("onset"),),
            )


def _value(fact: Fact, value: str | None, *, refuted: bool) -> str | None:
    """What a finding says of its fact; None where it says nothing."""
    if fact.type == "boolean":
        return "false" if refuted else value or "true"
    return None if refuted else value


def read_allergy(item: Item, context: Context) -> Iterator[Claim | Ignored]:
    """What one AllergyIntolerance says; "no known allergy" is a statement, silence is none."""
    resource, codes = item.resource, context.codes
    about = concept(resource, "code", codes)
    verified, clinical = (code_of(resource, f"{n}Status") for n in ("verification", "clinical"))
    if verified == "entered-in-error" or verified in _UNSURE or clinical in _OVER:
        yield Ignored(item.where, about.told, note("status", status=verified or clinical))
        return
    at = text(resource, "recordedDate")
    found: dict[str, tuple[str, str, tuple[Note, ...]]] = {}
    for coding in about.codings:
        place = (coding.system or "", coding.code)
        for fact in codes.allergies.get(place, ()):
            found[fact] = ("false" if verified == "refuted" else "true", coding.told, ())
        for fact in codes.none_known.get(place, ()):
            found.setdefault(fact, ("false", coding.told, (note("none_known"),)))
    for each in facts_of(_own_only(about), codes, context.guideline):
        value = "false" if verified == "refuted" else "true"
        found.setdefault(each.meaning.fact, (value, each.by, each.notes))
    for name, (value, by, notes) in found.items():
        yield Claim(name, item.where, about.told, by, value=value, at=at, notes=notes)
    if not found:
        yield Ignored(item.where, about.told, note("code_unknown"))


def _own_only(found: Concept) -> Concept:
    """Only what names a fact itself: a substance is no disease."""
    return Concept(tuple(each for each in found.codings if each.system == FACTS), found.text)
