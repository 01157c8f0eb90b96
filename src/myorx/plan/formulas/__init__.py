"""The statuses of a plan as formulas over the guideline's expressions.

``standing(guideline)`` gives, for everything a plan can speak of, the formula for each value it can
take. The planner itself (``myorx.plan``) stays the reference: a property test holds the two
together. The columnar engine runs the formulas over bit planes, the solver over its own Booleans.
"""

from __future__ import annotations

from myorx.plan.formulas.formula import (
    ALWAYS,
    NEVER,
    All,
    Any,
    Constant,
    Formula,
    Known,
    Not,
    Refuted,
    all_of,
    any_of,
    both,
    either,
    expressions,
    holds,
    known,
    leaves,
    negate,
    refuted,
)
from myorx.plan.formulas.model import (
    ORDERED,
    TAKEN,
    AdviceStanding,
    AlertStanding,
    CandidateStanding,
    DecisionStanding,
    DrugStanding,
    PartStanding,
    Standing,
    Weighed,
    YieldStanding,
    ordered,
    taken,
)
from myorx.plan.formulas.standing import standing
from myorx.plan.formulas.truth import Truth

__all__ = [
    "ALWAYS",
    "NEVER",
    "ORDERED",
    "TAKEN",
    "AdviceStanding",
    "AlertStanding",
    "All",
    "Any",
    "CandidateStanding",
    "Constant",
    "DecisionStanding",
    "DrugStanding",
    "Formula",
    "Known",
    "Not",
    "PartStanding",
    "Refuted",
    "Standing",
    "Truth",
    "Weighed",
    "YieldStanding",
    "all_of",
    "any_of",
    "both",
    "either",
    "expressions",
    "holds",
    "known",
    "leaves",
    "negate",
    "ordered",
    "refuted",
    "standing",
    "taken",
]
