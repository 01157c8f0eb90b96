"""Formulas: simplification changes nothing, and every choice has exactly one value."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from myorx.language.syntax import BooleanLiteral, Expression, Name, NullLiteral
from myorx.language.syntax import Not as Negation
from myorx.plan.formulas import (
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
    expressions,
    holds,
    known,
    negate,
    refuted,
)

NAMES = ("a", "b", "c")
leaf = st.sampled_from(NAMES).map(Name)
conditions: st.SearchStrategy[Expression] = st.one_of(
    leaf, leaf.map(Negation), st.booleans().map(BooleanLiteral), st.just(NullLiteral())
)


def plain(build: bool) -> st.SearchStrategy[tuple[Formula, Formula]]:
    """Pairs: a formula as the constructors make it, and the same one written out."""
    base = st.one_of(
        conditions.map(lambda e: (known(e), Known(e))),
        conditions.map(lambda e: (refuted(e), Refuted(e))),
        st.booleans().map(lambda value: (Constant(value), Constant(value))),
    )

    def grow(
        part: st.SearchStrategy[tuple[Formula, Formula]],
    ) -> st.SearchStrategy[tuple[Formula, Formula]]:
        several = st.lists(part, max_size=3)
        return st.one_of(
            several.map(lambda p: (all_of(a for a, _ in p), All(tuple(b for _, b in p)))),
            several.map(lambda p: (any_of(a for a, _ in p), Any(tuple(b for _, b in p)))),
            part.map(lambda p: (negate(p[0]), Not(p[1]))),
        )

    return st.recursive(base, grow, max_leaves=12) if build else base


@given(plain(True))
def test_simplified_formulas_mean_the_same(pair: tuple[Formula, Formula]) -> None:
    simple, written = pair
    for values in product((True, False, None), repeat=len(NAMES)):
        given_ = dict(zip(NAMES, values, strict=True))

        def value(expression: Expression, given_: dict[str, bool | None] = given_) -> bool | None:
            match expression:
                case Name(name=name):
                    return given_[name]
                case Negation(operand=Name(name=name)):
                    return None if given_[name] is None else not given_[name]
                case BooleanLiteral(value=constant):
                    return constant
            return None

        assert holds(simple, value) is holds(written, value)


def test_constants_disappear() -> None:
    a = known(Name("a"))
    assert all_of(()) == ALWAYS
    assert any_of(()) == NEVER
    assert all_of((a, ALWAYS)) == a
    assert any_of((a, ALWAYS)) == ALWAYS
    assert all_of((a, negate(a))) == NEVER
    assert known(Negation(Name("a"))) == Refuted(Name("a"))
    assert known(NullLiteral()) == refuted(NullLiteral()) == NEVER


def test_expressions_are_listed_once() -> None:
    a, b = Name("a"), Name("b")
    formula = all_of((known(a), any_of((refuted(a), negate(known(b))))))
    assert expressions((formula, known(b))) == (a, b)
