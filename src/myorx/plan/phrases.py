"""Results in a few words each, for the headline: a candidate with its parts, a reason, a verb."""

from __future__ import annotations

from collections.abc import Iterable

from myorx.guideline.texts import Basis, Text
from myorx.plan.model import CandidateResult, PartResult, Reason
from myorx.plan.texts import join, plain, say, sentence
from myorx.plan.wording import Wording


def marked(text: Text, basis: Basis) -> Text:
    """The text, labelled where it is inferred."""
    return say("marked_inferred", text=text) if basis == "inferred" else text


def with_verb(candidate: CandidateResult, text: Text) -> Text:
    """The text under the source's own verb, quoted."""
    verbed = text if candidate.verb is None else say("with_verb", verb=candidate.verb, text=text)
    # A text that already ends in the label (an inferred dose) is not labelled twice.
    label = marked(plain(""), "inferred")
    return verbed if verbed.en.endswith(label.en) else marked(verbed, candidate.basis)


def regimen(candidate: CandidateResult, *, members: bool = True, silence: bool = True) -> Text:
    """``triple therapy = A + B (B1 or B2) + C 60 mg/d; other doses not stated in the source``.

    ``members`` names the members of classes; ``silence`` says where the source gives no dose.
    """
    parts = candidate.parts
    unstated = [part for part in parts if part.dose_not_stated]
    if len(parts) == 1:
        text = _part(parts[0], members=members, named=candidate.names)
    elif parts:
        listed = join((_part(part, members=members) for part in parts), "plus")
        text = say("regimen", names=candidate.names, parts=listed)
    else:
        return candidate.names
    if not unstated or not silence:
        return text
    dosed = not silent(candidate)
    return say("other_doses_not_stated" if dosed else "doses_not_stated", text=text)


def silent(candidate: CandidateResult) -> bool:
    """Whether the source gives no dose for any part of it."""
    parts = candidate.parts
    dosed = any(part.doses and not part.dose_not_stated for part in parts)
    return not dosed and any(part.dose_not_stated for part in parts)


def _part(part: PartResult, *, members: bool, named: Text | None = None) -> Text:
    """One part with its members or its dose, under its own name unless another is given."""
    named = part.names if named is None else named
    if part.is_class and members:
        usable = [member.names for member in part.members if member.safety == part.safety]
        if usable:
            named = say("with_members", names=named, members=join(usable, "or"))
    return _dosed(named, part)


def _dosed(named: Text, part: PartResult) -> Text:
    """A name with its dose where there is one, or the reason why none is given."""
    if not part.doses or part.dose_not_stated:
        return named
    line = part.doses[0]
    # Which of several regimens is the clinician's choice: none is put first.
    if len(part.doses) > 1 and any(dose.withheld is None for dose in part.doses):
        return say("dose_choice", names=named, count=plain(str(len(part.doses))))
    if line.withheld is not None:
        return say("dose_withheld", names=named, why=line.withheld)
    return marked(say("dose_line", drug=named, body=line.brief), line.basis)


def waiting(candidate: CandidateResult) -> Text | None:
    """Which parts of a blocked candidate wait, where others need not."""
    held = [part.names for part in candidate.parts if part.safety == "blocked"]
    free = [part.names for part in candidate.parts if part.safety == "clear"]
    if not held or not free:
        return None
    return say("waits_partly", held=join(held), free=join(free))


def obstacles(wording: Wording, candidate: CandidateResult, kind: str) -> Text:
    """What stands in its way: the true reasons of one kind, each with its drug."""
    met = met_by(candidate, kind)
    return join(dict.fromkeys(_obstacle(wording, candidate, reason) for reason in met), "clause")


def met_by(candidate: CandidateResult, kind: str) -> tuple[Reason, ...]:
    """The true reasons of one kind, its own and those of its parts."""
    hazards = (
        hazard
        for part in candidate.parts
        for hazard in (_shared(part, kind) if part.is_class else part.hazards)
    )
    reasons = (*candidate.reasons, *hazards)
    return tuple(r for r in reasons if r.kind == kind and r.value == "true")


def told(reason: Reason) -> Text:
    """What the source says for a reason; its bare condition where it says no more."""
    return marked(reason.condition if reason.says is None else sentence(reason.says), reason.basis)


def _shared(part: PartResult, kind: str) -> tuple[Reason, ...]:
    """The hazards of a class: those of its members, where no member escapes them."""
    met = [
        tuple(hazard for hazard in member.hazards if hazard.kind == kind and hazard.value == "true")
        for member in part.members
    ]
    return tuple(hazard for hazards in met for hazard in hazards) if all(met) else ()


def _obstacle(wording: Wording, candidate: CandidateResult, reason: Reason) -> Text:
    said = reason.condition
    if reason.strength is not None:
        said = say("condition_with_verb", condition=said, verb=reason.strength)
    said = marked(said, reason.basis)
    if reason.drug is None or wording.drug(reason.drug) == candidate.names:
        return said
    return say("of_drug", drug=wording.drug(reason.drug), text=said)


def asked_list(facts: Iterable[str], wording: Wording) -> Text:
    """Facts by name, as questions."""
    return join((say("asked", fact=wording.name(fact)) for fact in facts), "asked")
