"""What a cohort is measured by: is the patient treated as the guideline says?

| column | values |
|---|---|
| ``k_<decision>`` | concordance: concordant, discordant, unknown, not_applicable |
| ``m_<advice>`` | an advice with drugs: given, missing, unknown, not_applicable |
| ``x_<drug>`` | an exclusion breached: breach, possible, none |

*Concordant*: the decision is live, and every part of some candidate that is recommended or an
option is certainly taken (of a class: some member). *Discordant*: it is live, there is such a
candidate, none of them is or may be taken, nor any whose own status is open, and the history is
known to be complete. *Unknown*: everything else where the decision is live or open.
*Not applicable*: it is neither, or it is live and no candidate with drugs is, or may become,
recommended or an option.

*Breach*: a drug certainly taken whose verdict is contraindicated. *Possible*: it may be taken and
is contraindicated, or is taken and blocked: an exclusion is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from myorx.cohort.engine.columns import COMPLETE, sure_column
from myorx.cohort.engine.statuses import Coded, Output
from myorx.language.syntax import Name
from myorx.plan.formulas import (
    AdviceStanding,
    DecisionStanding,
    DrugStanding,
    Formula,
    PartStanding,
    Standing,
    all_of,
    any_of,
    both,
    either,
    known,
    negate,
    taken,
)
from myorx.plan.model import Status

CONCORDANCE = ("not_applicable", "concordant", "discordant", "unknown")
GIVEN = ("not_applicable", "given", "missing", "unknown")
BREACH = ("none", "breach", "possible")

_ADVISED: tuple[Status, ...] = ("recommended", "option")
_OPEN: tuple[Status, ...] = ("undetermined", "blocked", "contested")


def concordance_column(decision: str) -> str:
    """Whether treatment agrees with a decision."""
    return f"k_{decision}"


def given_column(advice: str) -> str:
    """Whether what an advice names is taken."""
    return f"m_{advice}"


def breach_column(drug: str) -> str:
    """Whether a drug is taken against an exclusion."""
    return f"x_{drug}"


def measures(standing: Standing) -> tuple[Output, ...]:
    """The columns above, of all decisions, of advice with parts, and of drugs."""
    return tuple(_measures(standing))


def _measures(standing: Standing) -> Iterator[Output]:
    for decision in standing.decisions.values():
        yield _concordance(decision)
    for advice in standing.advice.values():
        if advice.parts:
            yield _given(advice)
    for drug in standing.drugs.values():
        yield _breach(drug)


def _concordance(decision: DecisionStanding) -> Coded:
    live = decision.status["live"]
    candidates = [each for each in decision.candidates.values() if each.parts]
    advised = [(each, any_of(each.status[value] for value in _ADVISED)) for each in candidates]
    unsettled = any_of(each.status[value] for each in candidates for value in _OPEN)
    there = both(live, any_of(holds for _, holds in advised))
    done = both(live, any_of(both(holds, _all(each.parts, _surely)) for each, holds in advised))
    maybe = any_of(
        both(any_of(each.status[value] for value in (*_ADVISED, *_OPEN)), _all(each.parts, _maybe))
        for each in candidates
    )
    not_done = both(there, negate(done), negate(maybe), known(Name(COMPLETE)))
    concerned = either(there, both(live, unsettled), decision.status["open"])
    unknown = both(concerned, negate(done), negate(not_done))
    return Coded(
        concordance_column(decision.id),
        CONCORDANCE,
        (negate(concerned), done, not_done, unknown),
    )


def _given(advice: AdviceStanding) -> Coded:
    """Any part will do: an advice lists what serves."""
    do = advice.status["do"]
    given = both(do, any_of(_surely(part) for part in advice.parts))
    maybe = any_of(_maybe(part) for part in advice.parts)
    missing = both(do, negate(given), negate(maybe), known(Name(COMPLETE)))
    concerned = either(do, advice.status["may_apply"])
    unknown = both(concerned, negate(given), negate(missing))
    return Coded(given_column(advice.id), GIVEN, (negate(concerned), given, missing, unknown))


def _breach(drug: DrugStanding) -> Coded:
    surely, maybe = known(Name(sure_column(drug.id))), known(taken(drug.id))
    excluded = drug.verdict["contraindicated"]
    breach = both(surely, excluded)
    possible = both(maybe, either(excluded, drug.exclude.unknown), negate(breach))
    return Coded(
        breach_column(drug.id), BREACH, (negate(either(breach, possible)), breach, possible)
    )


def _of_any(part: PartStanding, *, certain: bool) -> Formula:
    """A drug, or any member of a class, is taken."""
    return any_of(known(Name(sure_column(drug)) if certain else taken(drug)) for drug in part.drugs)


_surely = partial(_of_any, certain=True)
_maybe = partial(_of_any, certain=False)


def _all(parts: Iterable[PartStanding], holds: partial[Formula]) -> Formula:
    return all_of(holds(part) for part in parts)
