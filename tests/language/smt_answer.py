"""An expression answered through solver terms: lowered over variables, which then get values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import z3

from myorx.language import Expression, StringType, Type, Value
from myorx.language.smt import Code, Day, Logic, Lowered, Lowering, Number, constant, read, variable
from myorx.language.smt.bits import lifted, real
from myorx.language.types import IntegerType


def answer(
    expression: Expression,
    values: Mapping[str, Value],
    types: Mapping[str, Type],
    definitions: Mapping[str, Expression] | None = None,
) -> Value:
    """The value of an expression whose facts are variables, replaced by ``values`` at the end."""
    facts = {name: _variable(name, kind, values.get(name)) for name, kind in types.items()}
    integers = {name for name, kind in types.items() if isinstance(kind, IntegerType)}
    lowering = Lowering(facts.__getitem__, definitions or {}, integers)
    return settle(lowering.lower(expression), _bindings(facts, values))


def answer_constant(
    expression: Expression, values: Mapping[str, Value], types: Mapping[str, Type]
) -> Value:
    """The same with facts that are known from the start."""
    integers = {name for name, kind in types.items() if isinstance(kind, IntegerType)}
    facts = {name: constant(values.get(name)) for name in types}
    return read(Lowering(facts.__getitem__, {}, integers).lower(expression))


def _variable(name: str, kind: Type, value: Value) -> Lowered:
    if isinstance(kind, StringType) and kind.codes is None:
        codes = ("other",) if value is None else (str(value), "other")
        return variable(name, StringType(codes))[0]
    known = constant(value)
    return variable(name, kind, grid=not isinstance(known, Number) or known.grid)[0]


Bindings = list[tuple[Any, Any]]


def _bindings(facts: Mapping[str, Lowered], values: Mapping[str, Value]) -> Bindings:
    found: Bindings = []
    for name, fact in facts.items():
        _bind(fact, constant(values.get(name)), found)
    return found


def _bind(fact: Lowered, value: Lowered, found: Bindings) -> None:
    match fact:
        case Logic():
            true, false = (value.true, value.false) if isinstance(value, Logic) else (False, False)
            found += [(fact.true, lifted(true)), (fact.false, lifted(false))]
        case Code(codes=codes):
            given = value.codes if isinstance(value, Code) else {}
            found += [(bit, lifted(given.get(code, False))) for code, bit in codes.items()]
        case Number() | Day():
            parts = value if isinstance(value, (Number, Day)) else (0,) * 2 + (False,) * 4
            for bit, known in zip(fact, parts, strict=False):
                if isinstance(bit, z3.ExprRef):
                    found.append(_pair(bit, known))


def _pair(term: Any, known: Any) -> tuple[Any, Any]:
    if z3.is_bool(term):
        return term, lifted(known)
    if z3.is_to_real(term):  # an Integer: the variable is below
        return term.arg(0), z3.IntVal(int(known))
    return term, z3.IntVal(int(known)) if z3.is_int(term) else real(known)


def settle(value: Lowered, bindings: Bindings) -> Value:
    """A value over variables, with each of them replaced."""

    def put(part: Any) -> Any:
        return z3.substitute(part, *bindings) if isinstance(part, z3.ExprRef) else part

    match value:
        case Code(codes=codes):
            return read(Code({code: put(bit) for code, bit in codes.items()}))
        case Logic() | Number() | Day():
            return read(type(value)(*map(put, value)))
    return read(value)
