"""The status of a candidate on two axes: what speaks for it, and whether it is safe.

Nothing is summed or weighted. Unknown is never read as safe: only a hazard that is known to be
absent clears a part.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from myorx.guideline.models import Argument, Candidate, Level, Note
from myorx.guideline.texts import Basis, Text
from myorx.language.syntax import BooleanLiteral
from myorx.plan.doses import size_of
from myorx.plan.judged import Judged
from myorx.plan.model import CandidateResult, Indication, PartResult, Reason, Remark, Status
from myorx.plan.safety import SAFETY, holding, judge_parts
from myorx.plan.situation import Situation
from myorx.plan.truth import Kleene, any_of, truth

ABOVE_UNDETERMINED: frozenset[Status] = frozenset({"recommended", "option", "contested"})


class Frame(NamedTuple):
    """What the decision around a candidate does to its status."""

    open: bool = False
    """The decision itself is open: nothing stands above undetermined."""
    provisional: bool = False
    """Another decision, to which this one would yield, is open."""
    whole: bool = False
    """Show parts and traces also of a candidate that nobody would use here (``explain`` does)."""


class _Balance(msgspec.Struct, frozen=True, gc=False):
    """What speaks for and against a candidate, its own arguments and its parts together."""

    favour: Kleene
    against: Kleene
    exclude: Kleene
    uncovered: Kleene
    indication: Indication
    """The first axis."""
    reserved: bool
    """Something may speak for it, but what it requires has not (known) happened."""


def judge_candidate(situation: Situation, candidate: Candidate, frame: Frame) -> CandidateResult:
    """One candidate as it stands for this patient."""
    ground = situation.grounds.candidate(candidate)
    given = (frame, size_of(situation) if ground.sized else None)
    return situation.once(ground, given, lambda: _judge(situation, candidate, frame))


def _judge(situation: Situation, candidate: Candidate, frame: Frame) -> CandidateResult:
    parts = judge_parts(situation, candidate.parts)
    reasons = tuple([situation.reason(argument) for argument in candidate.arguments])
    balance = _weigh(situation, candidate, reasons, parts)
    indication = balance.indication
    strongest = _strongest(situation, candidate, reasons)
    level = _level(situation, strongest)
    offered = indication in ("indicated", "contested")
    # Of a candidate that nobody would use here, or whose decision is open, the status is enough.
    full = frame.whole or (indication != "none" and not frame.open)
    if full:
        reasons = tuple([situation.traced(argument) for argument in candidate.arguments])
    return CandidateResult(
        id=candidate.id,
        names=candidate.names,
        role=candidate.role,
        status=_status(
            indication,
            balance.exclude,
            level,
            reserved=balance.reserved,
            capped=balance.uncovered is True or frame.open,
        ),
        indication=indication,
        safety=SAFETY[balance.exclude],
        level=level if offered else None,
        provisional=offered and (frame.provisional or _unsettled(balance)),
        reserved=balance.reserved,
        requires=_requires(situation, candidate),
        capped_by=_topics(parts) if balance.uncovered and balance.favour is not False else (),
        verb=situation.wording.strength(strongest.strength) if strongest is not None else None,
        because=_because(situation, strongest),
        basis=_basis(reasons),
        parts=tuple([part.result for part in parts]) if full else (),
        reasons=reasons,
        notes=remarks(situation, candidate.notes) if full else (),
        needs=_needs(situation, candidate, parts, reasons, balance),
        cites=_cites(reasons),
        disputes=candidate.disputes,
    )


def _weigh(
    situation: Situation,
    candidate: Candidate,
    reasons: tuple[Reason, ...],
    parts: tuple[Judged, ...],
) -> _Balance:
    favour = holding(reasons, "for")
    against = any_of([holding(reasons, "against"), *[part.against for part in parts]])
    return _Balance(
        favour=favour,
        against=against,
        exclude=any_of([holding(reasons, "exclude"), *[part.exclude for part in parts]]),
        uncovered=any_of([part.uncovered for part in parts]),
        indication=_indication(favour, against),
        reserved=favour is not False and situation.holds(candidate.requires) is not True,
    )


def _unsettled(balance: _Balance) -> bool:
    """Something against it, or whether an uncovered topic matters, is still unknown."""
    return balance.uncovered is None or (
        balance.against is None and balance.indication == "indicated"
    )


def _topics(parts: tuple[Judged, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(topic for part in parts for topic in part.result.not_covered))


def remarks(situation: Situation, notes: Iterable[Note]) -> tuple[Remark, ...]:
    """The notes that are not known to be beside the point."""
    return tuple(
        [
            situation.wording.remark(note)
            for note in notes
            if note.when is None or situation.holds(note.when) is not False
        ]
    )


# -- the two axes ------------------------------------------------------------------------------


def _indication(favour: Kleene, against: Kleene) -> Indication:
    if favour is True:
        return "contested" if against is True else "indicated"
    if favour is None:
        return "possible"
    return "advised_against" if against is True else "none"


def _status(
    indication: Indication, exclude: Kleene, level: Level, *, reserved: bool, capped: bool
) -> Status:
    if indication == "none":
        return "not_indicated"
    if indication == "advised_against":
        return "advised_against"
    if reserved:
        return "not_indicated"
    if exclude is not False:
        return "excluded" if exclude else "blocked"
    if indication == "possible" or capped:
        return "undetermined"
    return "contested" if indication == "contested" else level


# -- verbs -------------------------------------------------------------------------------------


def _strongest(
    situation: Situation, candidate: Candidate, reasons: tuple[Reason, ...]
) -> Argument | None:
    """The true reason for it whose verb says most; the first one among equals."""
    holding_now = [
        argument
        for argument, reason in zip(candidate.arguments, reasons, strict=True)
        if reason.kind == "for" and reason.value == "true"
    ]
    for argument in holding_now:
        if _level(situation, argument) == "recommended":
            return argument
    return holding_now[0] if holding_now else None


def _level(situation: Situation, argument: Argument | None) -> Level:
    """What the verb makes of the candidate; without a known verb, no more than an option."""
    verb = situation.wording.verb(argument.strength) if argument is not None else None
    return verb.level if verb is not None else "option"


def _because(situation: Situation, strongest: Argument | None) -> Text | None:
    if strongest is None or isinstance(strongest.when.expression, BooleanLiteral):
        return None
    return situation.wording.words(strongest.when.expression).says


def _basis(reasons: tuple[Reason, ...]) -> Basis:
    """Inferred when everything that speaks for it is inferred."""
    for value in ("true", "unknown"):
        standing = [r.basis for r in reasons if r.value == value and r.kind == "for"]
        if standing:
            return "quoted" if "quoted" in standing else "inferred"
    return "quoted"


def _cites(reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    """The statements behind what speaks for or against it now."""
    met = [reason.cites for reason in reasons if reason.value != "false"]
    return tuple(dict.fromkeys([cite for cites in met for cite in cites]))


# -- what to ask -------------------------------------------------------------------------------


def _requires(situation: Situation, candidate: Candidate) -> Reason | None:
    if candidate.requires is None:
        return None
    words = situation.wording.words(candidate.requires.expression)
    return Reason(
        kind="for",
        value=truth(situation.holds(candidate.requires)),
        condition=words.says,
        text=words.text,
        needs=situation.needs(candidate.requires),
        trace=situation.step(candidate.requires),
    )


def _needs(
    situation: Situation,
    candidate: Candidate,
    parts: tuple[Judged, ...],
    reasons: tuple[Reason, ...],
    balance: _Balance,
) -> tuple[str, ...]:
    """The facts that can still change the status; none where it is settled whatever they say."""
    indication = balance.indication
    if indication in ("none", "advised_against") or balance.exclude is True:
        return ()
    if balance.reserved:
        return situation.needs(candidate.requires)
    asked: list[str] = []
    for reason in reasons:
        if reason.value == "unknown" and _matters(reason, indication):
            asked += reason.needs
    for part in parts:
        asked += part_needs(situation, part.result, against=indication == "indicated")
    return tuple(dict.fromkeys(asked))


def _matters(reason: Reason, indication: Indication) -> bool:
    """Whether an unknown argument of the candidate's own could change its status."""
    match reason.kind:
        case "for":
            return indication == "possible"
        case "against":
            return indication == "indicated"
        case "exclude":
            return True
        case "caution":
            return False


def part_needs(situation: Situation, part: PartResult, *, against: bool) -> tuple[str, ...]:
    """The facts that could clear a part, or (``against``) turn something against it."""
    if part.is_class:
        return _class_needs(situation, part, against=against)
    if not part.hazards and not situation.guideline.drugs[part.id].not_covered:
        return ()
    asked: list[str] = []
    for hazard in part.hazards:
        if hazard.value == "unknown" and (
            hazard.kind == "exclude" or (against and hazard.kind == "against")
        ):
            asked += hazard.needs
    drug = situation.guideline.drugs[part.id]
    for topic, value in situation.uncovered(drug):
        if value is None:
            asked += situation.topic_needs(topic)
    return tuple(dict.fromkeys(asked))


def _class_needs(situation: Situation, part: PartResult, *, against: bool) -> tuple[str, ...]:
    """A class with a member that serves freely asks nothing; otherwise its usable members do."""
    asked: dict[str, None] = {}
    for member in part.members:
        if member.safety == "excluded":
            continue
        missing = part_needs(situation, member, against=against)
        free = member.safety == "clear" and not missing and not member.not_covered
        if free and not any(h.kind == "against" and h.value == "true" for h in member.hazards):
            return ()
        asked.update(dict.fromkeys(missing))
    return tuple(asked)
