"""May a dose be brought down now? Why not yet, from when, and what comes first instead.

Generic: a candidate is a taper when a regimen of one of its parts is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from myorx.guideline.models import Candidate, Drug, Regimen, Taper, Wait
from myorx.guideline.texts import Text
from myorx.plan.measure import amount, asked_for, day_of, days
from myorx.plan.model import CandidateResult, DecisionResult, Remark, TaperOutlook, TaperState
from myorx.plan.situation import Situation
from myorx.plan.taper import PER_DAY, Hold, taper, taper_rules
from myorx.plan.texts import join, say, sentence

_INDICATED = frozenset({"indicated", "contested"})
_STARTING = ("may_start", "with_caution")
_UNSAFE = frozenset({"blocked", "excluded"})


class _Found(NamedTuple):
    """A candidate that is a taper, with the drug and the regimen it rests on."""

    candidate: Candidate
    drug: Drug
    regimen: Regimen
    taper: Taper


class _Waiting(NamedTuple):
    """A wait that holds, or may hold, for this patient; ``until`` None: the day is not known."""

    wait: Wait
    certain: bool
    """Known to hold for this patient."""
    until: date | None
    asked: tuple[str, ...]


def outlooks(
    situation: Situation, decisions: tuple[DecisionResult, ...]
) -> tuple[TaperOutlook, ...]:
    """The outlook of every taper that a decision judged for this patient."""
    return tuple(
        _outlook(situation, result, judged, found)
        for result in decisions
        if result.candidates
        for found in _tapers(situation, result)
        for judged in result.candidates
        if judged.id == found.candidate.id
    )


def _tapers(situation: Situation, result: DecisionResult) -> Iterator[_Found]:
    for candidate in situation.guideline.decisions[result.id].candidates:
        for part in candidate.parts:
            drug = situation.guideline.drugs.get(part.drug or "")
            for regimen in drug.regimens if drug is not None else ():
                if drug is not None and regimen.id in part.regimens and regimen.taper is not None:
                    yield _Found(candidate, drug, regimen, regimen.taper)


def _outlook(
    situation: Situation, result: DecisionResult, judged: CandidateResult, found: _Found
) -> TaperOutlook:
    today = situation.patient.as_of
    waiting = tuple(_waiting(situation, found.taper))
    firm = [each for each in waiting if not each.wait.caution]
    advised = [each for each in waiting if each.wait.caution and _ahead(each, today)]
    dose = amount(situation, found.taper.dose, PER_DAY)
    rules = taper_rules(situation, found.drug, found.regimen) if dose is not None else None
    instead = [
        other
        for other in result.candidates
        if other.id != judged.id and other.indication in _INDICATED
    ]
    state = _state(result, judged, instead, firm, advised, today)
    if dose is not None and rules is not None and dose <= rules.numbers.high:
        state = "at_target"
    later = [each.until for each in firm if each.until is not None and each.until > today]
    steps = None
    if dose is not None and rules is not None and state in (*_STARTING, "at_target"):
        holds = tuple(Hold(each.until, _until(each)) for each in advised if each.until)
        steps = taper(dose, today, rules, holds)
    return TaperOutlook(
        decision=result.id,
        candidate=judged.id,
        names=judged.names,
        state=state,
        says=_says(state, found, max(later, default=None)),
        why=tuple(_why(state, judged, instead, firm, today, dose)),
        earliest=max(later).isoformat() if later else None,
        cautions=tuple(_remark(each) for each in advised) if state != "at_target" else (),
        plan=steps,
        needs=_needs(situation, found, judged, waiting, state, dose is None),
    )


def _state(
    result: DecisionResult,
    judged: CandidateResult,
    instead: list[CandidateResult],
    firm: list[_Waiting],
    advised: list[_Waiting],
    today: date,
) -> TaperState:
    """Where it stands. Nothing starts while what it waits for is ahead, or not known."""
    if any(each.until is not None and each.until > today for each in firm):
        return "not_yet"
    if result.status == "live" and judged.indication in _INDICATED:
        if judged.safety in _UNSAFE or judged.status == "undetermined":
            return "undetermined"
        return "with_caution" if advised else "may_start"
    if any(other.role == "no_drug" for other in instead):
        return "cause_first"
    if instead or judged.indication == "none":
        return "not_yet"
    return "undetermined"


# -- waiting -----------------------------------------------------------------------------------


def _waiting(situation: Situation, found: Taper) -> Iterator[_Waiting]:
    for wait in found.waits:
        holds = situation.holds(wait.when)
        if holds is False:
            continue
        since = day_of(situation, wait.anchor, wait.weeks)
        length = days(situation, wait.length)
        until = None
        if holds is True and since is not None and length is not None:
            until = since + timedelta(days=length)
        asked = situation.needs(wait.when)
        if holds is True and until is None:
            asked = asked_for(situation, wait.weeks or wait.anchor)
        yield _Waiting(wait, holds is True, until, asked)


def _ahead(waiting: _Waiting, today: date) -> bool:
    return waiting.until is None or waiting.until > today


def _until(waiting: _Waiting) -> Text:
    """What is waited for, with the day where it is known."""
    says = sentence(waiting.wait.says)
    if not waiting.certain:
        return say("wait_open", says=says)
    if waiting.until is None:
        return say("wait_unknown", says=says)
    return say("wait_until", says=says, day=waiting.until.isoformat())


def _remark(waiting: _Waiting) -> Remark:
    wait = waiting.wait
    return Remark(_until(waiting), wait.basis, cites=wait.cites, disputes=wait.disputes)


# -- words -------------------------------------------------------------------------------------


def _says(state: TaperState, found: _Found, earliest: date | None) -> Text:
    if state == "at_target":
        return say("outlook_at_target", why=sentence(found.taper.at_target))
    if state == "not_yet" and earliest is not None:
        return say("outlook_not_before", day=earliest.isoformat())
    return say(f"outlook_{state}")


def _why(
    state: TaperState,
    judged: CandidateResult,
    instead: list[CandidateResult],
    firm: list[_Waiting],
    today: date,
    dose: Fraction | None,
) -> Iterator[Remark]:
    """What speaks for the state, in the guideline's words."""
    if state in _STARTING:
        yield from _reasons(judged)
        if dose is None:
            yield Remark(say("outlook_dose_open"), "inferred")
        return
    if state == "at_target":
        return
    for other in instead:
        yield Remark(other.names, other.basis, cites=other.cites, disputes=other.disputes)
        yield from _reasons(other)
    for each in firm:
        if _ahead(each, today):
            yield _remark(each)
    for reason in judged.reasons:
        if state == "undetermined" and reason.kind == "for" and reason.value == "unknown":
            text = say("outlook_depends", condition=reason.condition)
            yield Remark(text, reason.basis, cites=reason.cites, disputes=reason.disputes)


def _reasons(candidate: CandidateResult) -> Iterator[Remark]:
    for reason in candidate.reasons:
        if reason.kind == "for" and reason.value == "true":
            parts = [reason.condition, *([reason.says] if reason.says is not None else [])]
            text = join(parts, "clause") if len(parts) > 1 else parts[0]
            yield Remark(text, reason.basis, cites=reason.cites, disputes=reason.disputes)


def _needs(
    situation: Situation,
    found: _Found,
    judged: CandidateResult,
    waiting: tuple[_Waiting, ...],
    state: TaperState,
    dose_unknown: bool,
) -> tuple[str, ...]:
    """What to ask: for the rule itself, for the days waited for, for the dose."""
    if state in ("at_target", "cause_first"):
        return ()
    asked = [*judged.needs, *(fact for each in waiting for fact in each.asked)]
    if dose_unknown:
        asked += asked_for(situation, found.taper.dose)
    return tuple(dict.fromkeys(asked))
