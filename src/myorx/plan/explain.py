"""Why a candidate, a drug or an advice stands where it stands, and what would change it.

Nothing is argued afresh here: the subject is judged by the same functions as in the plan, once for
the patient as known, and once for each plausible value of each fact that is still needed.
"""

from __future__ import annotations

from collections.abc import Iterator

from myorx.facts import Patient, assume, contradictions
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text
from myorx.language.values import Value
from myorx.plan.assemble import Planner, planner
from myorx.plan.model import Explanation, Need, Supposition
from myorx.plan.needs import Question, Tier, need
from myorx.plan.receipt import receipt
from myorx.plan.situation import Situation
from myorx.plan.statements import Citations, Sources
from myorx.plan.subjects import Judged, Subject, UnknownSubjectError, find
from myorx.plan.suppose import plausible, reachable
from myorx.plan.texts import say
from myorx.plan.values import shown
from myorx.plan.wording import in_words

__all__ = ["UnknownSubjectError", "explain", "explain_with"]

SCHEMA = "myorx.explanation/1"

_FACTS = 12
"""So many needs are supposed, the first ones."""


def explain(guideline: Guideline, patient: Patient, subject: str) -> Explanation:
    """Why, why not, and what would change ``subject``.

    ``subject`` is the id of a candidate (``candidate`` or ``decision/candidate``), of a drug
    (``drug`` or ``drug:id``) or of an advice (``advice:id``); where an id is several of these, the
    candidate comes first. Raises UnknownSubjectError.
    """
    return explain_with(planner(guideline), patient, subject)


def explain_with(plans: Planner, patient: Patient, subject: str) -> Explanation:
    """Like ``explain``, with a planner at hand."""
    guideline = plans.guideline
    about = find(guideline, subject, plans.situation(patient))
    situation = plans.situation(patient)
    judged = about.judge(situation)
    needs = tuple(_needs(situation, about, judged))
    cited = _cited(plans.sources, judged)
    return Explanation(
        schema=SCHEMA,
        kind=about.kind,
        id=about.id,
        names=about.names(guideline),
        status=judged.status,
        says=say(
            "explained", names=about.names(guideline), status=say(f"status_{judged.standing}")
        ),
        decision=judged.decision.id if judged.decision is not None else None,
        question=judged.decision.question if judged.decision is not None else None,
        applies=judged.decision.applies if judged.decision is not None else None,
        why=tuple(_told(judged, _WHY)),
        why_not=(*_told(judged, _WHY_NOT), *_held_back(situation, judged)),
        unknown=tuple(_told(judged, _OPEN)),
        needs=needs,
        suppositions=tuple(_supposed(plans, situation, about, judged, needs)),
        candidate=judged.candidate,
        drug=judged.drug,
        advice=judged.advice,
        statements=cited.statements(),
        disputes=cited.disputes(),
        receipt=receipt(guideline, patient, plans.wording, plans.settings),
    )


# -- reasons in words --------------------------------------------------------------------------

_WHY = frozenset({("for", "true"), ("exclude", "false"), ("against", "false")})
_WHY_NOT = frozenset({("for", "false"), ("exclude", "true"), ("against", "true")})
_OPEN = frozenset({("for", "unknown"), ("exclude", "unknown"), ("against", "unknown")})


def _told(judged: Judged, wanted: frozenset[tuple[str, str]]) -> Iterator[Text]:
    """The reasons of some kinds and values, in words; each once."""
    told: dict[Text, None] = {}
    for reason in judged.reasons:
        if (reason.kind, reason.value) in wanted:
            text = reason.condition
            if reason.strength is not None:
                text = say("condition_with_verb", condition=text, verb=reason.strength)
            told[say(f"reason_{reason.kind}_{reason.value}", text=text)] = None
    return iter(told)


def _held_back(situation: Situation, judged: Judged) -> Iterator[Text]:
    """What else holds a candidate back: its own precondition, a topic that is not covered."""
    candidate = judged.candidate
    if candidate is not None:
        if candidate.requires is not None and candidate.requires.value != "true":
            yield say("reason_requires", text=candidate.requires.condition)
        for topic in candidate.capped_by:
            yield say("verdict_not_covered", topics=situation.wording.topic(topic))
    if judged.decision is not None and judged.decision.keeps is not None:
        yield judged.decision.keeps.says


def _cited(sources: Sources, judged: Judged) -> Citations:
    cited = Citations(sources)
    cited.reasons(judged.reasons)
    for result in (judged.candidate, judged.drug, judged.advice):
        if result is not None:
            cited.remarks(result.notes)
    return cited


# -- what would change it ----------------------------------------------------------------------


def _needs(situation: Situation, about: Subject, judged: Judged) -> Iterator[Need]:
    names = about.names(situation.guideline)
    for fact in judged.needs:
        question = Question(fact, f"{about.kind}:{about.id}", names, Tier.NOW, 0)
        yield need(situation, fact, [question])


def _supposed(
    plans: Planner,
    situation: Situation,
    about: Subject,
    judged: Judged,
    needs: tuple[Need, ...],
) -> Iterator[Supposition]:
    """The status under each plausible value of each needed fact, the others as they are."""
    expressions = reachable(plans.guideline, about.conditions(plans.guideline))
    for asked in needs[:_FACTS]:
        for value in plausible(situation, asked.fact, expressions):
            patient = assume(situation.patient, plans.guideline, {asked.fact: value})
            if contradictions(patient, plans.guideline):
                continue
            then = about.judge(plans.situation(patient))
            yield Supposition(
                fact=asked.fact,
                label=asked.label,
                value=shown(value),
                says=say(
                    "supposed",
                    fact=_valued(situation, asked, value),
                    status=say(f"status_{then.standing}"),
                ),
                status=then.status,
                changed=then.standing != judged.standing,
            )


def _valued(situation: Situation, asked: Need, value: Value) -> Text:
    """The fact with the value supposed, in words."""
    words = in_words(situation.wording, asked.fact, value)
    if isinstance(value, bool) and words != say(f"truth_{shown(value)}"):
        return words
    return say("finding", label=asked.label, value=words)
