"""The safety of parts: hazards of drugs, classes as "any one member that serves", topics.

Three questions per part, each answered by the same Kleene tables: is it excluded, is there
something against it, and does something matter now that the source does not cover for it?
"""

from __future__ import annotations

from collections.abc import Iterable

from myorx.guideline.models import Drug, Part
from myorx.guideline.texts import Text
from myorx.plan.doses import dose_line, size_of
from myorx.plan.judged import Judged
from myorx.plan.model import DoseLine, PartResult, Reason, Safety
from myorx.plan.situation import Situation
from myorx.plan.texts import route_name, say
from myorx.plan.truth import Kleene, all_of, any_of

SAFETY: dict[Kleene, Safety] = {True: "excluded", None: "blocked", False: "clear"}


def holding(reasons: Iterable[Reason], kind: str) -> Kleene:
    """Whether any reason of one kind holds."""
    result: Kleene = False
    for reason in reasons:
        if reason.kind == kind:
            if reason.value == "true":
                return True
            if reason.value == "unknown":
                result = None
    return result


def judge_parts(situation: Situation, parts: Iterable[Part]) -> tuple[Judged, ...]:
    """Every part of a candidate or an advice with its own safety."""
    return tuple([_judge(situation, part) for part in parts])


def _judge(situation: Situation, part: Part) -> Judged:
    ground = situation.grounds.part(part)
    size = size_of(situation) if ground.sized else None
    return situation.once(ground, size, lambda: _judged(situation, part))


def _judged(situation: Situation, part: Part) -> Judged:
    if part.drug_class is not None:
        return _judge_class(situation, part)
    return _judge_drug(situation, situation.guideline.drugs[part.drug or ""], part)


def _judge_drug(situation: Situation, drug: Drug, part: Part) -> Judged:
    hazards = situation.hazards(drug)
    topics = situation.uncovered(drug)
    exclude = holding(hazards, "exclude")
    doses, stated = _doses(situation, drug, part.regimens)
    result = PartResult(
        id=drug.id,
        names=_with_route(drug.names, part.route),
        safety=SAFETY[exclude],
        hazards=tuple([hazard for hazard in hazards if hazard.value != "false"]),
        cleared=tuple([hazard for hazard in hazards if hazard.value == "false"]),
        doses=doses,
        dose_not_stated=drug.kind == "drug" and not stated,
        not_covered=tuple([topic for topic, value in topics if value]),
    )
    return Judged(
        result, exclude, holding(hazards, "against"), any_of([value for _, value in topics])
    )


def _judge_class(situation: Situation, part: Part) -> Judged:
    """A class serves when one member does; an excluded member does not speak for the others."""
    members = tuple(
        _judge(situation, Part(drug=drug.id))
        for drug in situation.grounds.members.get(part.drug_class or "", ())
    )
    exclude = all_of(member.exclude for member in members) if members else None
    open_class = exclude is False
    against = all_of(_unless(member.exclude, member.against, open_class) for member in members)
    uncovered = all_of(_unless(member.exclude, member.uncovered, open_class) for member in members)
    able = [member.result for member in members if member.exclude is not True]
    topics = (
        dict.fromkeys(topic for member in able for topic in member.not_covered) if uncovered else ()
    )
    result = PartResult(
        id=part.drug_class or "",
        names=_with_route(situation.wording.drug(part.drug_class or ""), part.route),
        safety=SAFETY[exclude],
        is_class=True,
        members=tuple(member.result for member in members),
        dose_not_stated=any(member.result.dose_not_stated for member in members),
        not_covered=tuple(topics),
    )
    return Judged(result, exclude, against, uncovered)


def _unless(excluded: Kleene, value: Kleene, open_class: bool) -> Kleene:
    """``value`` of a member, or true where the member cannot be used anyway."""
    return any_of((excluded, value)) if open_class else value


def _doses(
    situation: Situation, drug: Drug, named: tuple[str, ...]
) -> tuple[tuple[DoseLine, ...], bool]:
    """The doses of the regimens named, and whether the source states any of them."""
    regimens = [regimen for regimen in drug.regimens if regimen.id in named]
    stated = any(regimen.dose is not None or regimen.taper is not None for regimen in regimens)
    return tuple(dose_line(situation, drug, regimen) for regimen in regimens), stated


def _with_route(names: Text, route: str | None) -> Text:
    return names if route is None else say("by_route", name=names, route=route_name(route))
