"""Random cases of any guideline, made from its dictionary of facts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from myorx.guideline.models import Fact, Guideline
from tests.plan.conftest import AS_OF

UNKNOWN = st.sampled_from(["unknown", "pending", "not done", "indeterminate"])


def cases(guideline: Guideline) -> st.SearchStrategy[dict[str, Any]]:
    """Cases as a user might type them: facts, some of them unknown; drugs taken and ordered."""
    given = [fact for fact in guideline.facts.values() if not fact.derived]
    facts = st.fixed_dictionaries({}, optional={fact.id: values(fact) for fact in given})
    drugs = st.sampled_from(sorted(guideline.drugs))
    therapy = st.fixed_dictionaries({"drug": drugs}, optional={"start": days(), "stop": days()})
    history = st.fixed_dictionaries(
        {},
        optional={
            "therapies": st.lists(therapy.filter(_in_order), max_size=3),
            "therapies_complete": st.booleans(),
            "orders": st.lists(drugs, max_size=2, unique=True),
        },
    )
    return st.builds(lambda one, other: {**one, **other}, facts, history)


def days() -> st.SearchStrategy[str]:
    """Days of the last three years, often recent."""
    ago = st.one_of(st.integers(0, 100), st.integers(0, 1000))
    return ago.map(lambda number: (AS_OF - timedelta(days=number)).isoformat())


def values(fact: Fact) -> st.SearchStrategy[Any]:
    """Values of one fact, known and unknown."""
    match fact.type:
        case "boolean":
            known: st.SearchStrategy[Any] = st.booleans()
        case "code":
            known = st.sampled_from([value.id for value in fact.values])
        case "date":
            known = days()
        case "integer":
            low, high = fact.plausible or ("0", "100")
            known = st.integers(int(low), int(high))
        case "decimal" | "quantity":
            known = numbers(fact)
    return st.one_of(known, known, known, UNKNOWN)


def numbers(fact: Fact) -> st.SearchStrategy[str]:
    """Numbers in the plausible range with their unit, some of them censored."""
    low, high = (Decimal(end) for end in fact.plausible or ("0", "1000"))
    unit = f" {fact.unit}" if fact.unit else ""
    exact = st.decimals(low, high, places=1).map(lambda value: f"{value}{unit}")
    return st.one_of(exact, exact, st.tuples(st.sampled_from("<>"), exact).map("".join))


def _in_order(therapy: dict[str, str]) -> bool:
    start, stop = therapy.get("start"), therapy.get("stop")
    return start is None or stop is None or start <= stop
