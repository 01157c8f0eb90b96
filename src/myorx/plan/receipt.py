"""The receipt: what was run on what, and every fact as it entered the plan."""

from __future__ import annotations

import hashlib

import msgspec

from myorx import __version__
from myorx.facts import Case, FactState, Patient
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text
from myorx.plan.model import FactUsed, Receipt
from myorx.plan.values import shown
from myorx.plan.wording import Wording, in_words


def receipt(
    guideline: Guideline, patient: Patient, wording: Wording, settings: dict[str, str]
) -> Receipt:
    """The receipt of one plan."""
    used = facts_used(guideline, patient, wording)
    manifest = guideline.manifest
    return Receipt(
        guideline=manifest.id,
        version=manifest.version,
        guideline_hash=guideline.source_hash,
        engine=__version__,
        as_of=patient.case.as_of.isoformat(),
        case_hash=case_hash(patient.case),
        review=manifest.review.says,
        notice=manifest.notice,
        settings=settings,
        inferences=tuple(fact for fact in used if fact.origin == "inferred"),
        facts=used,
    )


def facts_used(guideline: Guideline, patient: Patient, wording: Wording) -> tuple[FactUsed, ...]:
    """Every fact about which something is known or was said, in the order of the dictionary."""
    told = [
        (name, state)
        for name, state in patient.facts.items()
        if state.value is not None or state.origin != "not_given"
    ]
    return tuple([_used(name, state, wording) for name, state in told if name in guideline.facts])


def _used(name: str, state: FactState, wording: Wording) -> FactUsed:
    return FactUsed(
        id=name,
        label=wording.name(name),
        value=shown(state.value),
        origin=state.origin,
        words=_words(name, state, wording),
        given=state.given,
        on=shown(state.on) if state.on is not None else None,
        reason=state.reason,
        says=state.says,
        basis=state.basis,
        cites=state.cites,
    )


def _words(name: str, state: FactState, wording: Wording) -> Text | None:
    return in_words(wording, name, state.value) if isinstance(state.value, bool | str) else None


def case_hash(case: Case) -> str:
    """SHA-256 of the case as canonical JSON: what was given, not how the file was laid out."""
    return hashlib.sha256(msgspec.json.encode(case, order="sorted")).hexdigest()
