"""What to find out next, best first: ranked by what the plan would say under each answer.

Each open fact is supposed to have each of its plausible values, and the trial plans are compared
with the present one (``weigh``). What changes nothing, alone or together with others, is not asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from math import ceil

import msgspec

from myorx.facts import THERAPIES, Patient
from myorx.guideline.models import Fact, Guideline
from myorx.guideline.texts import Text
from myorx.language.syntax import IsNull
from myorx.language.walk import walk
from myorx.plan.advice import judge_advice
from myorx.plan.alerts import raise_alerts
from myorx.plan.answers import answer_form
from myorx.plan.assemble import Planner, planner
from myorx.plan.collective import collectives
from myorx.plan.decisions import judge_decisions
from myorx.plan.drugs import judge_drugs
from myorx.plan.effects import effects, flips, subject
from myorx.plan.model import CandidateResult, DecisionResult, DrugResult, Need
from myorx.plan.needs import Question as Decided
from myorx.plan.needs import Tier, need, rank_needs
from myorx.plan.question import SCHEMA, Question, Questions
from myorx.plan.situation import Situation
from myorx.plan.texts import join, join_first, say
from myorx.plan.trials import World, trials
from myorx.plan.weigh import Scales, Worth

MOST_TRIALS = 240
"""So many trial plans are made for one list of questions."""

_LOOKED_FOR = frozenset({"pending", "not_done", "indeterminate", "refused"})
"""Why a fact may be unknown although somebody has looked for it: it is not asked again."""
_FLIPPED = 2
"""So many of the candidates that an answer flips are named."""


def ask(
    guideline: Guideline,
    patient: Patient,
    asked: Collection[str] = (),
    *,
    limit: int | None = None,
    most: int = MOST_TRIALS,
) -> tuple[Question, ...]:
    """The facts to find out next, best first; only the first ``limit`` of them.

    ``asked``: facts already asked for, whatever came of it; they are not asked again. Nor are facts
    that the case gives as pending, not done or indeterminate. At most ``most`` trial plans are made
    (under a millisecond each); facts for which none is left stand last.
    """
    return asker(guideline).ask(patient, asked, limit, most)


def questions(
    guideline: Guideline,
    patient: Patient,
    asked: Collection[str] = (),
    *,
    limit: int | None = None,
) -> Questions:
    """The questions of one case, with what they rest on, and what is awaited."""
    manifest = guideline.manifest
    known = planner(guideline).plan(patient).needs
    return Questions(
        schema=SCHEMA,
        guideline=manifest.id,
        version=manifest.version,
        as_of=patient.as_of.isoformat(),
        review=manifest.review.says,
        notice=manifest.notice,
        questions=ask(guideline, patient, asked, limit=limit),
        awaited=tuple(each for each in known if each.reason in _LOOKED_FOR),
    )


def asker(guideline: Guideline) -> Asker:
    """The asker of a guideline; made once for each of the guidelines in use."""
    return _asker(planner(guideline))


@lru_cache(maxsize=8)
def _asker(plans: Planner) -> Asker:
    return Asker(plans)


class Asker:
    """Asks about the patients of one guideline."""

    def __init__(self, plans: Planner) -> None:
        self._plans = plans
        self._guideline = plans.guideline
        self._trials = trials(plans.guideline)
        self._scales = Scales(self._trials)
        self._collectives = collectives(plans.guideline)

    def ask(
        self, patient: Patient, asked: Collection[str], limit: int | None, most: int
    ) -> tuple[Question, ...]:
        """The questions, best first."""
        situation = self._plans.situation(patient)
        needs = self._needs(situation, asked)
        world = self._trials.world(patient)
        done = _looked_for(situation, asked)
        worth = self._scales.weigh(situation, world, tuple(needs), done, most)
        if THERAPIES in needs:
            # Every drug taken gets a verdict: no trial can tell which, so it is asked in any case.
            worth.setdefault(THERAPIES, Worth(Fraction(1)))
        rank = {fact: place for place, fact in enumerate(needs)}
        found = sorted(
            worth, key=lambda fact: (not needs[fact].urgent, -worth[fact].mean, rank[fact])
        )
        order = _in_order(found, worth)
        made = (
            self._question(situation, world, needs, worth, order, facts)
            for facts in self._gathered(situation, order, done)
        )
        return tuple(islice(made, limit))

    # -- what is open --------------------------------------------------------------------------

    def _needs(self, situation: Situation, asked: Collection[str]) -> dict[str, Need]:
        """What may be asked, by fact, in the order of the plan's own needs."""
        decisions = judge_decisions(situation)
        advice = judge_advice(situation)
        drugs = judge_drugs(situation, decisions, advice)
        alerts = raise_alerts(situation, decisions, drugs)
        needs = {
            each.fact: each for each in rank_needs(situation, decisions, drugs, advice, alerts)
        }
        for candidate in _unlisted(decisions):
            for fact in _opposed(candidate):
                needs.setdefault(fact, _need(situation, fact, candidate.names))
        for drug in drugs:
            for fact in _cautioned(drug):
                needs.setdefault(fact, _need(situation, fact, drug.names, f"drug:{drug.id}"))
        for fact in _likely(situation):
            needs.setdefault(fact, _need(situation, fact, situation.wording.name(fact)))
        if situation.patient.case.therapies is None:
            needs.setdefault(THERAPIES, _history(situation))
        return {
            fact: each
            for fact, each in needs.items()
            if fact not in asked and each.reason not in _LOOKED_FOR
        }

    # -- several at once -----------------------------------------------------------------------

    def _gathered(
        self, situation: Situation, order: Sequence[str], asked: Collection[str]
    ) -> Iterator[tuple[str, ...]]:
        """The facts of each question: several where one answer settles them, in the first's place.

        The first of several is the fact that is asked in their stead; then all that is unknown of
        what it settles.
        """
        instead: dict[str, tuple[str, ...]] = {}
        states = situation.patient.facts
        for whole in self._collectives:
            open_now = [fact for fact in whole.members if fact in order]
            if len(open_now) > 1 and whole.fact not in asked:
                unknown = [
                    fact
                    for fact in whole.members
                    if states[fact].value is None and fact not in asked
                ]
                instead.update(dict.fromkeys(open_now, (whole.fact, *unknown)))
        return iter(dict.fromkeys(instead.get(fact, (fact,)) for fact in order))

    def _question(
        self,
        situation: Situation,
        world: World,
        needs: Mapping[str, Need],
        worth: Mapping[str, Worth],
        order: Sequence[str],
        facts: tuple[str, ...],
    ) -> Question:
        fact, *members = facts
        if not members:
            return self._single(situation, world, needs[fact], worth[fact])
        lead = next(member for member in order if member in members)
        first = self._single(situation, world, needs[lead], worth[lead])
        listed = join(situation.wording.name(member) for member in members)
        note = say("question_collective", facts=listed)
        return msgspec.structs.replace(
            first,
            fact=fact,
            label=situation.wording.name(fact),
            question=situation.wording.question(fact),
            answer=msgspec.structs.replace(answer_form(self._guideline, fact), note=note),
            facts=tuple(members),
            urgent=any(needs[one].urgent for one in members if one in needs),
            decides=tuple(
                dict.fromkeys(key for one in members if one in needs for key in needs[one].decides)
            ),
        )

    def _single(self, situation: Situation, world: World, about: Need, worth: Worth) -> Question:
        guideline, wording = self._guideline, situation.wording
        flipped = flips(world.standings, worth.outcomes)
        why = about.why
        names = [subject(guideline, wording, key) for key in flipped]
        fresh = [name for name in names if name.en not in why.en]
        if fresh:
            why = say("question_why", why=why, flips=join_first(fresh, _FLIPPED))
        return Question(
            fact=about.fact,
            label=about.label,
            question=about.question,
            reason=about.reason,
            why=why,
            answer=answer_form(guideline, about.fact),
            worth=ceil(worth.mean),
            urgent=about.urgent,
            decides=about.decides or flipped,
            together=worth.together,
            effects=effects(guideline, wording, world.standings, about.fact, worth.outcomes),
        )


def _looked_for(situation: Situation, asked: Collection[str]) -> frozenset[str]:
    """Facts that were asked for, with or without success."""
    states = situation.patient.facts.items()
    return frozenset((*asked, *(name for name, state in states if state.reason in _LOOKED_FOR)))


def _in_order(found: Iterable[str], worth: Mapping[str, Worth]) -> tuple[str, ...]:
    """The same order, but each fact after those without which it makes no sense."""
    waiting = list(found)
    done: dict[str, None] = {}
    while waiting:
        ready = (
            fact
            for fact in waiting
            if not any(other in waiting for other in worth[fact].after if other != fact)
        )
        # A circle leaves none ready: then the first one is asked.
        fact = next(ready, waiting[0])
        waiting.remove(fact)
        done[fact] = None
    return tuple(done)


def _need(situation: Situation, fact: str, names: Text, *decides: str) -> Need:
    """A need that the plan itself does not have."""
    found = need(situation, fact, [Decided(fact, "", names, Tier.LATER, 0)])
    return msgspec.structs.replace(found, decides=decides)


def _history(situation: Situation) -> Need:
    """The treatment history, where nothing else needs it: every drug taken gets a verdict."""
    found = _need(situation, THERAPIES, situation.wording.name(THERAPIES))
    return msgspec.structs.replace(found, why=say("question_taken"))


def _unlisted(decisions: Iterable[DecisionResult]) -> Iterator[CandidateResult]:
    """Candidates of live decisions that nothing speaks for: the plan asks nothing for them."""
    for decision in decisions:
        if decision.status == "live":
            yield from (one for one in decision.candidates if one.indication == "none")


def _opposed(candidate: CandidateResult) -> Iterator[str]:
    """Facts that decide whether the source advises against a candidate."""
    for reason in candidate.reasons:
        if reason.kind == "against" and reason.value == "unknown":
            yield from reason.needs


def _cautioned(drug: DrugResult) -> Iterator[str]:
    """Facts that decide whether a drug in use wants caution."""
    if drug.taken or drug.ordered:
        for hazard in drug.hazards:
            if hazard.kind == "caution" and hazard.value == "unknown":
                yield from hazard.needs


def _likely(situation: Situation) -> Iterator[str]:
    """Facts that can be asked and were inferred, but not for certain: one code of several from the
    drugs taken, or a value that rests on something else not being known."""
    treated = bool(situation.patient.case.therapies)
    for fact in situation.guideline.facts.values():
        state = situation.patient.facts[fact.id]
        if fact.derived or fact.question is None or state.origin != "inferred":
            continue
        if (treated and fact.type == "code") or _on_silence(situation, fact):
            yield fact.id


def _on_silence(situation: Situation, fact: Fact) -> bool:
    """Whether the inference that gave a fact its value rests on an unknown."""
    for inference in fact.infer:
        if situation.holds(inference.when) is True:
            return inference.when is not None and any(
                isinstance(node, IsNull)
                and not node.negated
                and situation.trace(node).value is True
                for node in walk(inference.when.expression)
            )
    return False
