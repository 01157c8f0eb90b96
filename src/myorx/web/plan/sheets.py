"""What stands one click deeper than the plan, each as a fragment of a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from myorx.facts import Patient
from myorx.guideline.models import Guideline
from myorx.language.prose import Language
from myorx.plan.assemble import planner
from myorx.plan.explain import UnknownSubjectError, explain_with
from myorx.plan.model import Plan
from myorx.plan.record import write
from myorx.web.frame.words import LANGUAGES, side
from myorx.web.plan.evidence import evidence
from myorx.web.plan.voice import Place, Voice, usual
from myorx.web.plan.way import way
from myorx.web.plan.words import WORDS


class Sheet(NamedTuple):
    """A title, and the HTML under it; the heading stands in the HTML."""

    title: str
    html: str


def sheet(
    name: str,
    guideline: Guideline,
    patient: Patient,
    plan: Plan,
    lang: Language,
    subject: str = "",
    place: Place | None = None,
) -> Sheet:
    """The sheet ``name`` of ``SHEETS`` for the patient of ``plan``. KeyError for another name.

    ``subject`` is what to explain or draw: ``decision/candidate``, ``drug:id``, ``advice:id``; a
    decision's id for a pathway. Raises UnknownSubjectError (a KeyError) where there is none such.
    """
    make = SHEETS[name]
    voice = Voice(guideline, plan, lang, place or usual(lang))
    return make(voice, patient, subject)


def _explain(voice: Voice, patient: Patient, subject: str) -> Sheet:
    found = explain_with(planner(voice.guideline), patient, subject)
    title = side(WORDS["explain_title"], voice.lang).format(name=side(found.names, voice.lang))
    return Sheet(title, voice.render("explain.html", title=title, e=found))


def _note(voice: Voice, patient: Patient, subject: str) -> Sheet:  # noqa: ARG001
    others = [lang for lang in LANGUAGES if lang != voice.lang]
    notes = {
        lang: write(voice.plan, voice.guideline, "record", lang) for lang in (voice.lang, *others)
    }
    return _named(voice, "note", notes=notes)


def _evidence(voice: Voice, patient: Patient, subject: str) -> Sheet:  # noqa: ARG001
    return _named(voice, "evidence", uses=evidence(voice.plan))


def _findings(voice: Voice, patient: Patient, subject: str) -> Sheet:  # noqa: ARG001
    return _named(voice, "findings")


def _sources(voice: Voice, patient: Patient, subject: str) -> Sheet:  # noqa: ARG001
    return _named(voice, "sources", works=voice.works(voice.plan.statements))


def _pathway(voice: Voice, patient: Patient, subject: str) -> Sheet:
    found = next((each for each in voice.plan.decisions if each.id == subject), None)
    if found is None:
        known = ", ".join(each.id for each in voice.plan.decisions)
        raise UnknownSubjectError(f"no decision {subject!r} in this plan; there are: {known}")
    title = side(WORDS["pathway_title"], voice.lang).format(name=side(found.question, voice.lang))
    drawn = way(voice.guideline, patient, found, voice.lang, whole=True)
    return Sheet(title, voice.render("pathway.html", title=title, way=drawn))


def _named(voice: Voice, name: str, **data: object) -> Sheet:
    title = side(WORDS[f"{name}_title"], voice.lang)
    return Sheet(title, voice.render(f"{name}.html", title=title, **data))


SHEETS: Final[Mapping[str, Callable[[Voice, Patient, str], Sheet]]] = {
    "explain": _explain,
    "note": _note,
    "evidence": _evidence,
    "findings": _findings,
    "sources": _sources,
    "pathway": _pathway,
}
"""By name: what makes it."""

__all__ = ["SHEETS", "Sheet", "UnknownSubjectError", "sheet"]
