"""A candidate's two axes and its status as formulas; the reference is ``plan.candidates``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeVar

from myorx.guideline.models import Candidate, Level, Verb
from myorx.plan.formulas import truth
from myorx.plan.formulas.formula import Formula, any_of, both, either, negate
from myorx.plan.formulas.model import (
    CandidateStanding,
    Choice,
    Nothing,
    NotJudged,
    PartStanding,
    Weighed,
)
from myorx.plan.formulas.parts import Parts, holding, safety, weighed
from myorx.plan.formulas.truth import Truth
from myorx.plan.model import Indication, Status

Value = TypeVar("Value", bound=str)


class Frame(NamedTuple):
    """What the decision around a candidate does to it."""

    judged: Formula
    """The decision is live or open."""
    open: Formula
    provisional: Formula
    """Another decision, to which this one would yield, is open."""


class _Balance(NamedTuple):
    favour: Truth
    against: Truth
    exclude: Truth
    uncovered: Truth
    requires: Truth

    @property
    def reserved(self) -> Formula:
        """Something may speak for it, but what it requires has not (known) happened."""
        return both(self.favour.not_false, self.requires.not_true)


def candidate_standing(
    candidate: Candidate, parts: Parts, verbs: Mapping[str, Verb], frame: Frame
) -> CandidateStanding:
    """One candidate within its decision."""
    own = weighed(candidate.arguments)
    contained = parts.all(candidate.parts)
    balance = _weigh(candidate, own, contained)
    indication = _indication(balance)
    level = _level(own, verbs)
    offered = both(frame.judged, either(indication["indicated"], indication["contested"]))
    capped = either(balance.uncovered.true, frame.open)
    status = _status(indication, balance, level, capped)
    return CandidateStanding(
        id=candidate.id,
        status=_within(frame.judged, status),
        indication=_within(frame.judged, indication),
        safety=_within(frame.judged, safety(balance.exclude)),
        level=_shown(level, offered),
        provisional=both(offered, either(frame.provisional, _unsettled(balance, indication))),
        reserved=both(frame.judged, balance.reserved),
        favour=balance.favour,
        against=balance.against,
        exclude=balance.exclude,
        uncovered=balance.uncovered,
        requires=balance.requires,
        parts=contained,
        arguments=own,
    )


def _weigh(candidate: Candidate, own: Iterable[Weighed], parts: Iterable[PartStanding]) -> _Balance:
    own, parts = tuple(own), tuple(parts)
    return _Balance(
        favour=holding(own, "for"),
        against=truth.any_of((holding(own, "against"), *(part.against for part in parts))),
        exclude=truth.any_of((holding(own, "exclude"), *(part.exclude for part in parts))),
        uncovered=truth.any_of(part.uncovered for part in parts),
        requires=truth.of(candidate.requires),
    )


def _indication(balance: _Balance) -> Choice[Indication]:
    favour, against = balance.favour, balance.against
    return {
        "indicated": both(favour.true, against.not_true),
        "contested": both(favour.true, against.true),
        "possible": favour.unknown,
        "advised_against": both(favour.false, against.true),
        "none": both(favour.false, against.not_true),
    }


def _status(
    indication: Choice[Indication],
    balance: _Balance,
    level: Choice[Level],
    capped: Formula,
) -> Choice[Status]:
    considered = both(balance.favour.not_false, negate(balance.reserved))
    clear = both(considered, balance.exclude.false)
    settled = both(clear, balance.favour.true, negate(capped))
    indicated = both(settled, indication["indicated"])
    return {
        "recommended": both(indicated, level["recommended"]),
        "option": both(indicated, level["option"]),
        "contested": both(settled, indication["contested"]),
        "undetermined": both(clear, either(indication["possible"], capped)),
        "blocked": both(considered, balance.exclude.unknown),
        "excluded": both(considered, balance.exclude.true),
        "advised_against": indication["advised_against"],
        "not_indicated": either(indication["none"], balance.reserved),
    }


def _level(arguments: Iterable[Weighed], verbs: Mapping[str, Verb]) -> Choice[Level]:
    """What the strongest true verb makes of it; no more than an option without one."""
    recommended = any_of(
        each.holds.true
        for each in arguments
        if each.argument.kind == "for"
        and (verb := verbs.get(each.argument.strength or "")) is not None
        and verb.level == "recommended"
    )
    return {"recommended": recommended, "option": negate(recommended)}


def _unsettled(balance: _Balance, indication: Choice[Indication]) -> Formula:
    return either(balance.uncovered.unknown, both(balance.against.unknown, indication["indicated"]))


def _within(judged: Formula, choice: Choice[Value]) -> Choice[Value | NotJudged]:
    found: dict[Value | NotJudged, Formula] = {
        value: both(judged, holds) for value, holds in choice.items()
    }
    found["not_judged"] = negate(judged)
    return found


def _shown(level: Choice[Level], offered: Formula) -> Choice[Level | Nothing]:
    return {
        "recommended": both(offered, level["recommended"]),
        "option": both(offered, level["option"]),
        "none": negate(offered),
    }
