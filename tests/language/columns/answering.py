"""Expressions answered by the columnar engine, one patient a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from myorx.language import BOOLEAN, Expression, Type, Value, check, names
from myorx.language.columns import compile_all, decode, record_batch


def answers(
    expression: Expression,
    patients: Sequence[Mapping[str, Value]],
    types: Mapping[str, Type],
    *,
    chunk: int = 2**17,
    threads: int = 1,
) -> list[Value]:
    """The value of an expression for each patient."""
    found = check(expression, types, allow_is_null=True, allow_products=True)
    used = {name: types[name] for name in names(expression)}
    # An expression without facts needs a column too: a batch without any has no rows.
    batch = record_batch(patients, used or {"nothing": BOOLEAN})
    program = compile_all({"answer": expression}, types)
    return decode(program.run(batch, chunk=chunk, threads=threads).column("answer"), found)


def answer(expression: Expression, values: Mapping[str, Value], types: Mapping[str, Type]) -> Value:
    """The value of an expression for one patient."""
    return answers(expression, [values], types)[0]
