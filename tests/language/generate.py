"""Random well-typed expressions and patients, for the property tests of every engine.

Expressions are built backwards from the type that is wanted, over a fixed set of named facts
(``TYPES``), so that each one passes the check. Numbers are small enough that no result leaves the
range of its type, whatever the depth here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, get_args

from hypothesis import strategies as st

from myorx.language import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    Bounds,
    Days,
    Expression,
    QuantityType,
    StringType,
    Type,
    Value,
)
from myorx.language.lexer import read_date
from myorx.language.syntax import (
    And,
    Arithmetic,
    AtLeast,
    Between,
    BooleanLiteral,
    Compare,
    DateLiteral,
    DecimalLiteral,
    DurationBetween,
    Implies,
    In,
    IntegerLiteral,
    IsNull,
    Name,
    Not,
    NullLiteral,
    Or,
    QuantityLiteral,
    StringLiteral,
)

NODES: tuple[type[Any], ...] = get_args(Expression)

SEX = StringType(("male", "female"))
PHASE = StringType(("new", "on_treatment", "relapse", "refractory"))
FERRITIN = QuantityType("ng/mL")
CRP = QuantityType("mg/L")
DOSE = QuantityType("mg/d")

TYPES: Mapping[str, Type] = {
    **dict.fromkeys(("a", "b", "c", "d"), BOOLEAN),
    **dict.fromkeys(("n", "m", "limit"), INTEGER),
    **dict.fromkeys(("x", "y"), DECIMAL),
    **dict.fromkeys(("ferritin", "crp", "weeks"), CRP),
    "dose": DOSE,
    "sex": SEX,
    "phase": PHASE,
    **dict.fromkeys(("onset", "seen"), DATE),
}
"""The facts of the random patients. ``weeks`` must be quoted as a name; ``limit`` is a setting."""

UNITS = {"mg/L": ("mg/L", "mg/dL", "ng/mL", "ug/mL"), "mg/d": ("mg/d", "g/d", "mg/wk")}
"""For the unit of a fact: the units that literals beside it may have."""

FIRST_DAY = date(2023, 12, 1)

integers = st.integers(-20, 20)
decimals = st.integers(-2000, 2000).map(lambda cents: Decimal(cents) / 100)
days = st.integers(0, 900).map(lambda offset: FIRST_DAY + timedelta(offset))
date_literals = st.one_of(
    days.map(lambda day: DateLiteral(day, day)),
    days.map(lambda day: read_date(f"@{day:%Y-%m}") or DateLiteral(day, day)),
    days.map(lambda day: read_date(f"@{day:%Y}") or DateLiteral(day, day)),
)


def names(wanted: Type) -> st.SearchStrategy[Expression]:
    """A fact of the wanted type."""
    fitting = [Name(name) for name, found in TYPES.items() if found == wanted]
    return st.sampled_from(fitting)


def literals(wanted: Type) -> st.SearchStrategy[Expression]:
    """A literal that fits the wanted type."""
    if wanted == BOOLEAN:
        return st.booleans().map(BooleanLiteral)
    if wanted == INTEGER:
        return integers.map(IntegerLiteral)
    if wanted == DECIMAL:
        return decimals.map(DecimalLiteral)
    if wanted == DATE:
        return date_literals
    if isinstance(wanted, StringType):
        return st.sampled_from(wanted.codes or ("code",)).map(StringLiteral)
    assert isinstance(wanted, QuantityType)
    return st.builds(QuantityLiteral, decimals, st.sampled_from(UNITS[wanted.unit]))


@cache
def expressions(
    wanted: Type = BOOLEAN, depth: int = 3, *, nulls: bool = True, null_tests: bool = False
) -> st.SearchStrategy[Expression]:
    """Expressions of a type with at most ``depth`` operators above each other.

    ``nulls`` allows the literal ``null``, ``null_tests`` allows ``is null``, which alone is not
    monotone: learning a fact can turn it round.
    """
    leaves: list[st.SearchStrategy[Expression]] = [names(wanted), names(wanted), literals(wanted)]
    if nulls:
        leaves.append(st.just(NullLiteral()))
    if depth == 0:
        return st.one_of(leaves)

    def part(type_: Type) -> st.SearchStrategy[Expression]:
        return expressions(type_, depth - 1, nulls=nulls, null_tests=null_tests)

    grown: list[st.SearchStrategy[Expression]] = []
    if wanted == BOOLEAN:
        grown = _conditions(part, null_tests)
    elif wanted == INTEGER:
        grown = [
            _sums(part(INTEGER), part(INTEGER)),
            _products(part(INTEGER), integers.map(IntegerLiteral), "*"),
            st.builds(
                DurationBetween,
                st.sampled_from(("years", "months", "weeks", "days")),
                part(DATE),
                part(DATE),
            ),
        ]
    elif wanted == DECIMAL:
        grown = [
            _sums(part(DECIMAL), part(INTEGER)),
            _sums(part(DECIMAL), part(DECIMAL)),
            _products(part(DECIMAL), decimals.map(DecimalLiteral), "*"),
            st.builds(Arithmetic, st.just("/"), part(INTEGER), part(INTEGER)),
            st.builds(Arithmetic, st.just("/"), part(CRP), part(CRP)),
        ]
    elif isinstance(wanted, QuantityType):
        grown = [
            _sums(part(wanted), part(wanted)),
            _products(part(wanted), decimals.map(DecimalLiteral), "*"),
            st.builds(Arithmetic, st.just("/"), part(wanted), part(INTEGER)),
        ]
    return st.one_of(*leaves, *grown, *grown)


def _sums(
    left: st.SearchStrategy[Expression], right: st.SearchStrategy[Expression]
) -> st.SearchStrategy[Expression]:
    return st.builds(Arithmetic, st.sampled_from(("+", "-")), left, right)


def _products(
    left: st.SearchStrategy[Expression], literal: st.SearchStrategy[Expression], operator: str
) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(Arithmetic, st.just(operator), left, literal),
        st.builds(Arithmetic, st.just(operator), literal, left),
    )


def _conditions(part: Any, null_tests: bool) -> list[st.SearchStrategy[Expression]]:
    """Everything that gives a Boolean."""
    condition = part(BOOLEAN)
    several = st.lists(condition, min_size=2, max_size=4).map(tuple)
    items = st.lists(condition, min_size=1, max_size=4).map(tuple)
    counts = st.one_of(st.integers(-1, 5).map(IntegerLiteral), st.just(Name("limit")))
    grown: list[st.SearchStrategy[Expression]] = [
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(Not, condition),
        st.builds(Implies, condition, condition),
        st.builds(AtLeast, counts, items),
        st.builds(Compare, st.sampled_from(("=", "!=")), condition, condition),
    ]
    if null_tests:
        grown.append(st.builds(IsNull, condition, st.booleans()))
    operators = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))
    ordered: tuple[Type, ...] = (INTEGER, DECIMAL, CRP, DOSE, DATE)
    for type_ in ordered:
        grown.append(st.builds(Compare, operators, part(type_), part(type_)))
        grown.append(st.builds(Between, part(type_), part(type_), part(type_)))
    listed: tuple[Type, ...] = (SEX, PHASE, INTEGER, CRP, DATE)
    for type_ in listed:
        choices = st.lists(literals(type_), min_size=1, max_size=3).map(tuple)
        grown.append(st.builds(In, part(type_), choices))
    for coded in (SEX, PHASE):
        grown.append(
            st.builds(Compare, st.sampled_from(("=", "!=")), names(coded), literals(coded))
        )
    return grown


def exact_values(wanted: Type) -> st.SearchStrategy[Value]:
    """A known, exact value of a type."""
    if wanted == BOOLEAN:
        return st.booleans()
    if isinstance(wanted, StringType):
        return st.sampled_from(wanted.codes or ("code",))
    if wanted == DATE:
        return days.map(lambda day: Days(day, day))
    numbers = integers.map(Decimal) if wanted == INTEGER else decimals
    unit = wanted.unit if isinstance(wanted, QuantityType) else None
    return numbers.map(lambda number: Bounds(number, number, unit=unit))


@st.composite
def interval_values(draw: st.DrawFn, wanted: Type) -> tuple[Value, Value]:
    """An exact value of a type, and an interval (or unknown, or the same) that holds it."""
    exact = draw(exact_values(wanted))
    below, above = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    unbounded = draw(st.sampled_from(("none", "none", "low", "high")))
    if draw(st.integers(0, 5)) == 0:
        return exact, None
    if isinstance(exact, Days) and exact.earliest is not None:
        first = None if unbounded == "low" else exact.earliest - timedelta(20 * below)
        last = None if unbounded == "high" else exact.earliest + timedelta(20 * above)
        return exact, Days(first, last)
    if isinstance(exact, Bounds) and exact.low is not None:
        low = None if unbounded == "low" else exact.low - below
        high = None if unbounded == "high" else exact.low + above
        low_open = low is not None and below > 0 and draw(st.booleans())
        high_open = high is not None and above > 0 and draw(st.booleans())
        return exact, Bounds(low, high, low_open, high_open, exact.unit)
    return exact, exact


def patients() -> st.SearchStrategy[dict[str, Value]]:
    """Exact or unknown values for every fact."""
    return st.fixed_dictionaries(
        {name: st.one_of(st.none(), exact_values(found)) for name, found in TYPES.items()}
    )


def vague_patients() -> st.SearchStrategy[tuple[dict[str, Value], dict[str, Value]]]:
    """A patient with every fact known exactly, and the same patient known less precisely."""
    pairs = st.fixed_dictionaries({name: interval_values(t) for name, t in TYPES.items()})
    return pairs.map(
        lambda found: (
            {name: pair[0] for name, pair in found.items()},
            {name: pair[1] for name, pair in found.items()},
        )
    )
