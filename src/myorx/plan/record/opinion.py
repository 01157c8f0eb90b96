"""What the source supports here, decision by decision, under its own verbs.

Only what stands open to a prescriber is here: recommended, optional, contested, on hold, held in
reserve. Whatever is excluded or advised against stands under the contraindications, and nothing of
it, no member of a class and no dose, is named here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from myorx.guideline.texts import Text
from myorx.plan.model import (
    AdviceResult,
    CandidateResult,
    DecisionResult,
    DoseLine,
    PartResult,
    Plan,
    Reason,
    Remark,
)
from myorx.plan.phrases import marked, waiting, with_verb
from myorx.plan.record.blocks import Item
from myorx.plan.snapshot import stand_of
from myorx.plan.texts import join, say, sentence

OFFERED = frozenset({"recommended", "option", "contested"})
FOLLOW_UP = frozenset({"monitor", "assess"})


def opinion(plan: Plan) -> tuple[Item, ...]:
    """One item for each decision that applies, then the other measures."""
    return tuple(_items(plan))


def _items(plan: Plan) -> Iterator[Item]:
    if plan.outside_guideline is not None:
        yield Item(plan.outside_guideline, say("since_outside_guideline"))
    for decision in plan.decisions:
        if decision.status == "live":
            said = tuple(_decision(decision))
            if said:
                yield Item(head=sentence(decision.question), items=said)
        elif decision.status == "yielded" and decision.keeps is not None:
            yield Item(head=sentence(decision.question), items=(remark(decision.keeps),))
    own = [item for item in plan.advice if item.kind not in FOLLOW_UP]
    do = tuple(advice(item) for item in own if item.status == "do")
    if do:
        yield Item(head=say("record_measures"), items=do)
    may = tuple(advice(item) for item in own if item.status == "may_apply")
    if may:
        yield Item(head=say("record_may"), items=may)


def offered(candidate: CandidateResult) -> bool:
    """Whether it may stand under recommendations, at most on hold until something is known."""
    if candidate.safety == "excluded" or candidate.reserved:
        return False
    held = candidate.status == "blocked" and candidate.indication in ("indicated", "contested")
    return held or candidate.status in OFFERED


def undetermined(candidate: CandidateResult) -> bool:
    """Whether it is not known yet if anything speaks for it."""
    return candidate.indication == "possible" and candidate.safety != "excluded"


def _decision(decision: DecisionResult) -> Iterator[Item]:
    for candidate in decision.candidates:
        if offered(candidate):
            yield _candidate(candidate)
    for candidate in decision.candidates:
        if _in_reserve(candidate):
            yield _reserve(candidate)
    if not any(map(offered, decision.candidates)):
        waits = decision.none_left is None and any(map(undetermined, decision.candidates))
        yield Item(say("record_see_to_find_out" if waits else "record_none_left"))
    for gap in decision.gaps:
        if gap.value == "true":
            yield Item(gap.says, say("since_gap_true"), gap.cites)
    yield from map(remark, decision.notes)


def _in_reserve(candidate: CandidateResult) -> bool:
    return (
        candidate.reserved
        and candidate.indication in ("indicated", "contested")
        and candidate.safety != "excluded"
    )


def _reserve(candidate: CandidateResult) -> Item:
    after = candidate.requires.condition if candidate.requires is not None else candidate.names
    named = marked(candidate.names, candidate.basis)
    return Item(say("rescue", names=named, after=after), cites=candidate.cites)


# -- a candidate -------------------------------------------------------------------------------


def _candidate(candidate: CandidateResult) -> Item:
    return Item(
        text=stand_of(candidate).says,
        head=with_verb(candidate, candidate.names),
        cites=candidate.cites,
        items=tuple(_details(candidate)),
    )


def _details(candidate: CandidateResult) -> Iterator[Item]:
    parts = candidate.parts
    if len(parts) > 1 or any(part.is_class for part in parts):
        yield Item(join(map(_part, parts), "plus"), say("record_parts"))
    yield from doses(parts)
    silent = [part.names for part in parts if part.dose_not_stated]
    if silent:
        yield Item(join(silent), say("record_dose_not_stated"))
    yield from _because(candidate.reasons, "for", "record_why")
    hazards = tuple(_hazards(parts))
    against = (*candidate.reasons, *hazards)
    yield from _because(against, "against", "record_against")
    wait = waiting(candidate)
    if wait is not None:
        yield Item(wait)
    asked = [reason for reason in against if reason.value == "unknown"]
    held = [reason for reason in asked if reason.kind in ("exclude", "against")]
    if held:
        yield Item(join(dict.fromkeys(r.condition for r in held)), say("record_unsettled"))
    yield from _because(against, "caution", "record_caution")
    yield from map(remark, candidate.notes)


def _part(part: PartResult) -> Text:
    members = [member.names for member in part.members if member.safety != "excluded"]
    if not part.is_class or not members:
        return part.names
    return say("with_members", names=part.names, members=join(members, "or"))


def doses(parts: Iterable[PartResult]) -> Iterator[Item]:
    """The doses of parts that may be given; of one that is excluded there is none."""
    for part in parts:
        if part.safety != "excluded":
            for dose in part.doses:
                yield Item(_dose(dose), say("record_dose"), dose.cites)
            yield from doses(part.members)


def _dose(dose: DoseLine) -> Text:
    if dose.withheld is not None:
        return say("dose_silence", drug=dose.label, why=dose.withheld)
    return marked(dose.says, dose.basis)


def _hazards(parts: Iterable[PartResult]) -> Iterator[Reason]:
    for part in parts:
        if part.safety != "excluded":
            yield from part.hazards
            yield from _hazards(part.members)


def _because(reasons: Iterable[Reason], kind: str, key: str) -> Iterator[Item]:
    """The true reasons of one kind, each text once."""
    told: dict[Text, tuple[str, ...]] = {}
    for reason in reasons:
        if reason.kind == kind and reason.value == "true":
            told.setdefault(because(reason), reason.cites)
    for text, cites in told.items():
        yield Item(text, say(key), cites)


def because(reason: Reason) -> Text:
    """The condition in words, the source's verb, what it says of it; labelled where inferred."""
    told = reason.condition
    if reason.strength is not None:
        told = say("condition_with_verb", condition=told, verb=reason.strength)
    if reason.says is not None:
        told = say("because", condition=told, says=sentence(reason.says))
    if reason.indirect:
        told = say("record_indirect", text=told)
    return marked(told, reason.basis)


# -- advice and notes --------------------------------------------------------------------------


def advice(item: AdviceResult) -> Item:
    """One advice; one that only may apply says on what that depends."""
    says = item.says
    if item.verb is not None:
        says = say("with_verb", verb=item.verb, text=says)
    under = [*doses(item.parts), *_because(item.reasons, "caution", "record_caution")]
    if item.status == "may_apply" and item.condition is not None:
        under.insert(0, Item(item.condition.condition, say("record_if")))
    return Item(
        marked(says, item.basis),
        item.label,
        item.cites,
        (*under, *map(remark, item.notes)),
    )


def remark(note: Remark) -> Item:
    """A figure or remark of the source, or, labelled, of ours."""
    says = say("record_indirect", text=note.says) if note.indirect else note.says
    return Item(marked(says, note.basis), say("record_note"), note.cites)
