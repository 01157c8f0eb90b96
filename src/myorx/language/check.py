"""Types and units of an expression, before anything is evaluated: every fault in one go."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from typing import Any

from . import units
from .faults import Fault, LanguageError
from .syntax import (
    And,
    Arithmetic,
    AtLeast,
    Between,
    BooleanLiteral,
    Compare,
    DateLiteral,
    DecimalLiteral,
    DurationBetween,
    Expression,
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
from .types import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    NULL,
    STRING,
    BooleanType,
    DateType,
    DecimalType,
    IntegerType,
    NullType,
    QuantityType,
    StringType,
    Type,
)
from .walk import Path, Spans, children, walk

_LITERALS = (
    BooleanLiteral,
    NullLiteral,
    IntegerLiteral,
    DecimalLiteral,
    StringLiteral,
    QuantityLiteral,
    DateLiteral,
)
_NUMBERS = (IntegerType, DecimalType)
_MEASURES = (IntegerType, DecimalType, QuantityType)


def check(
    expression: Expression,
    names: Mapping[str, Type],
    *,
    allow_is_null: bool,
    allow_products: bool = False,
    spans: Spans | None = None,
) -> Type:
    """The type of an expression over typed names.

    ``allow_is_null`` and ``allow_products`` (``*`` and ``/`` of two things that both depend on a
    fact) are for derived facts, never for rules. ``spans`` of ``parse_with_spans`` gives faults
    their place in the text. Raises LanguageError with every fault.
    """
    checker = _Checker(names, allow_is_null, allow_products, spans or {})
    found = checker.visit(expression, ())
    if checker.faults:
        raise LanguageError(checker.faults)
    # A part without a type has a fault, and faults have been raised.
    return NULL if found is None else found


class _Checker:
    """One pass over one tree. A part that is already at fault has the type None and stays quiet."""

    def __init__(
        self, names: Mapping[str, Type], allow_is_null: bool, allow_products: bool, spans: Spans
    ) -> None:
        self.names = names
        self.allow_is_null = allow_is_null
        self.allow_products = allow_products
        self.spans = spans
        self.faults: list[Fault] = []

    def visit(self, node: Expression, path: Path) -> Type | None:
        return _VISIT[type(node)](self, node, path)

    def parts(self, node: Expression, path: Path) -> list[Type | None]:
        return [self.visit(part, (*path, index)) for index, part in enumerate(children(node))]

    def fault(self, code: str, path: Path, message: str, allowed: str, remedy: str) -> None:
        offset, length = self.spans.get(path, (None, 0))
        self.faults.append(Fault(code, message, allowed, remedy, offset, length))

    def literal(self, node: Expression, _: Path) -> Type:
        return _LITERAL_TYPES[type(node)]

    def quantity(self, node: QuantityLiteral, path: Path) -> Type | None:
        return QuantityType(node.unit) if self.known_unit(node.unit, path) else None

    def known_unit(self, unit: str, path: Path) -> bool:
        try:
            units.dimension(unit)
        except units.UnitError as error:
            self.fault("unknown-unit", path, error.message, error.allowed, error.remedy)
            return False
        return True

    def name(self, node: Name, path: Path) -> Type | None:
        found = self.names.get(node.name)
        if found is None:
            near = difflib.get_close_matches(node.name, self.names, n=3)
            self.fault(
                "unknown-name",
                path,
                f"the name {node.name} is not defined",
                "the facts, definitions and settings of this guideline",
                f"did you mean {' or '.join(near)}?" if near else "define it, or correct the name",
            )
        elif isinstance(found, QuantityType) and not self.known_unit(found.unit, path):
            return None
        return found

    def logic(self, node: Expression, path: Path) -> Type:
        parts = self.parts(node, path)
        for index, found in enumerate(parts):
            self.must_be_boolean(found, (*path, index))
        if len(parts) < (1 if isinstance(node, Not) else 2):
            self.fault(
                "too-few-operands",
                path,
                f"{len(parts)} operand(s)",
                "two or more operands",
                "write the operand alone",
            )
        return BOOLEAN

    def must_be_boolean(self, found: Type | None, path: Path) -> None:
        if found is not None and not isinstance(found, (BooleanType, NullType)):
            self.fault(
                "type-mismatch",
                path,
                f"{_a(found)} where a condition is needed",
                "a Boolean: a yes/no fact, a definition or a comparison",
                "compare it with something; `not` before a comparison needs brackets: not (a > b)",
            )

    def compare(self, node: Compare, path: Path) -> Type:
        left, right = self.parts(node, path)
        ordered = node.operator not in ("=", "!=")
        self.comparable(node.left, left, (*path, 0), node.right, right, (*path, 1), ordered)
        return BOOLEAN

    def between(self, node: Between, path: Path) -> Type:
        value, low, high = self.parts(node, path)
        self.comparable(node.value, value, (*path, 0), node.low, low, (*path, 1), True)
        self.comparable(node.value, value, (*path, 0), node.high, high, (*path, 2), True)
        return BOOLEAN

    def member(self, node: In, path: Path) -> Type:
        value, *items = self.parts(node, path)
        if not items:
            self.empty(path)
        for index, (item, found) in enumerate(zip(node.items, items, strict=True), start=1):
            place = (*path, index)
            if isinstance(item, NullLiteral) or not isinstance(item, _LITERALS):
                self.fault(
                    "item-not-literal",
                    place,
                    "null in a list" if isinstance(item, NullLiteral) else "a list item to compute",
                    "literals other than null",
                    "write `x = a or x = b`",
                )
            else:
                self.comparable(node.value, value, (*path, 0), item, found, place, False)
        return BOOLEAN

    def empty(self, path: Path) -> None:
        self.fault("empty-list", path, "an empty list", "at least one item", "write the items")

    def comparable(
        self,
        left: Expression,
        left_type: Type | None,
        left_path: Path,
        right: Expression,
        right_type: Type | None,
        right_path: Path,
        ordered: bool,
    ) -> None:
        """Two things may be compared: same type, same dimension, codes that exist."""
        sides = ((left, left_type, left_path), (right, right_type, right_path))
        for side, found, path in sides:
            if ordered and isinstance(found, (BooleanType, StringType)):
                self.fault(
                    "not-ordered",
                    path,
                    f"{_a(found)} beside an ordering operator",
                    "numbers, quantities and dates",
                    "`not` binds tighter than comparison: write not (a > b)"
                    if isinstance(side, Not)
                    else "use `=` or `!=`",
                )
                return
        if left_type is None or right_type is None:
            return
        if isinstance(left_type, NullType) or isinstance(right_type, NullType):
            return
        if isinstance(left_type, StringType) and isinstance(right_type, StringType):
            self.codes(left_type, right, right_type, right_path)
            if isinstance(left, StringLiteral):
                self.codes(right_type, left, left_type, left_path)
            return
        self.same_kind(left_type, right_type, right_path)

    def codes(self, known: StringType, other: Expression, found: StringType, path: Path) -> None:
        """``other`` stands beside a value with the codes of ``known``: it must be able to match."""
        if known.codes is None:
            return
        if isinstance(other, StringLiteral):
            if other.value in known.codes:
                return
            near = difflib.get_close_matches(other.value, known.codes, n=1, cutoff=0.5)
            message = f"the code '{other.value}' is not allowed here"
            remedy = f"did you mean '{near[0]}'?" if near else "use one of these codes"
        elif found.codes is None or set(found.codes) & set(known.codes):
            return
        else:
            message, remedy = "two coded values that share no code", "compare with a code"
        self.fault("unknown-code", path, message, ", ".join(known.codes), remedy)

    def same_kind(self, left: Type, right: Type, path: Path) -> bool:
        """Both are numbers, or quantities of one dimension, or of one other type."""
        if isinstance(left, QuantityType) and isinstance(right, QuantityType):
            if left.dimension == right.dimension:
                return True
            self.fault(
                "wrong-dimension",
                path,
                f"'{right.unit}' beside '{left.unit}', which measures something else",
                f"a unit that converts to '{left.unit}'",
                "correct the unit",
            )
            return False
        if type(left) is type(right):
            return True
        if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
            return True
        unit = next((t.unit for t in (left, right) if isinstance(t, QuantityType)), None)
        bare = unit is not None and isinstance(left, _MEASURES) and isinstance(right, _MEASURES)
        self.fault(
            "missing-unit" if bare else "type-mismatch",
            path,
            f"{_a(right)} beside {_a(left)}",
            f"a quantity with a unit that converts to '{unit}'" if bare else _a(left),
            f"write the unit: 5 '{unit}'" if bare else "compare values of one type",
        )
        return False

    def is_null(self, node: IsNull, path: Path) -> Type:
        self.parts(node, path)
        if not self.allow_is_null:
            self.fault(
                "is-null-in-rule",
                path,
                "`is null` in a rule",
                "`is null` only where facts are derived",
                "use a derived fact about the result's availability",
            )
        return BOOLEAN

    def arithmetic(self, node: Arithmetic, path: Path) -> Type | None:
        left, right = self.parts(node, path)
        usable = True
        for index, found in enumerate((left, right)):
            if found is None:
                usable = False
            elif not isinstance(found, (*_MEASURES, NullType)):
                usable = False
                self.fault(
                    "type-mismatch",
                    (*path, index),
                    f"{_a(found)} in arithmetic",
                    "numbers and quantities",
                    "use `days between` for dates"
                    if isinstance(found, DateType)
                    else "compute with numbers and quantities only",
                )
        if node.operator in ("*", "/"):
            self.product(node, path)
        if not usable or left is None or right is None:
            return None
        if node.operator in ("+", "-"):
            return self.sum(left, right, path)
        return self.multiplied(node, left, right, path)

    def product(self, node: Arithmetic, path: Path) -> None:
        """``*`` and ``/`` in a rule need a side without facts."""
        if self.allow_products or any(_constant(part) for part in children(node)):
            return
        self.fault(
            "product-in-rule",
            path,
            f"`{node.operator}` of two computed values in a rule",
            f"`{node.operator}` with a literal; of two facts only where facts are derived",
            "derive the number in the facts file and compare it here",
        )

    def sum(self, left: Type, right: Type, path: Path) -> Type | None:
        if isinstance(left, NullType) or isinstance(right, NullType):
            return right if isinstance(left, NullType) else left
        if not self.same_kind(left, right, (*path, 1)):
            return None
        if isinstance(left, QuantityType):
            return left
        both = isinstance(left, IntegerType) and isinstance(right, IntegerType)
        return INTEGER if both else DECIMAL

    def multiplied(self, node: Arithmetic, left: Type, right: Type, path: Path) -> Type | None:
        divides = node.operator == "/"
        if isinstance(left, NullType) or isinstance(right, NullType):
            return NULL  # a null may stand for a number or a quantity
        if isinstance(left, QuantityType) and isinstance(right, QuantityType):
            if divides:
                return DECIMAL if self.same_kind(left, right, (*path, 1)) else None
            self.fault(
                "product-of-quantities",
                path,
                "a product of two quantities",
                "a quantity times a number",
                "derive the quantity, with its unit, in the facts file",
            )
            return None
        if isinstance(right, QuantityType):
            if not divides:
                return right
            self.fault(
                "number-by-quantity",
                path,
                "a number divided by a quantity",
                "a quantity divided by a number or by a quantity",
                "derive the quantity, with its unit, in the facts file",
            )
            return None
        if isinstance(left, QuantityType):
            return left
        both = isinstance(left, IntegerType) and isinstance(right, IntegerType)
        return INTEGER if both and not divides else DECIMAL

    def duration(self, node: DurationBetween, path: Path) -> Type:
        for index, found in enumerate(self.parts(node, path)):
            if found is not None and not isinstance(found, (DateType, NullType)):
                self.fault(
                    "type-mismatch",
                    (*path, index),
                    f"{_a(found)} in `{node.unit} between`",
                    "dates",
                    "give two dates",
                )
        return INTEGER

    def at_least(self, node: AtLeast, path: Path) -> Type:
        count, *items = self.parts(node, path)
        setting = isinstance(node.count, Name) and isinstance(count, IntegerType)
        if count is not None and not setting and not isinstance(node.count, IntegerLiteral):
            self.fault(
                "count-not-literal",
                (*path, 0),
                f"{_a(count)} as the count of AtLeast",
                "a whole number, or a setting of type Integer",
                "write the number",
            )
        if not items:
            self.empty(path)
        for index, found in enumerate(items, start=1):
            self.must_be_boolean(found, (*path, index))
        return BOOLEAN


def _constant(expression: Expression) -> bool:
    """No fact, definition or setting occurs in it."""
    return not any(isinstance(node, Name) for node in walk(expression))


def _a(found: Type) -> str:
    """A type with its article: ``an Integer``."""
    if isinstance(found, NullType):
        return "null"
    return f"{'an' if isinstance(found, IntegerType) else 'a'} {found}"


_LITERAL_TYPES: Mapping[type[Any], Type] = {
    BooleanLiteral: BOOLEAN,
    NullLiteral: NULL,
    IntegerLiteral: INTEGER,
    DecimalLiteral: DECIMAL,
    StringLiteral: STRING,
    DateLiteral: DATE,
}

_VISIT: Mapping[type[Any], Callable[[_Checker, Any, Path], Type | None]] = {
    **dict.fromkeys(_LITERAL_TYPES, _Checker.literal),
    QuantityLiteral: _Checker.quantity,
    Name: _Checker.name,
    And: _Checker.logic,
    Or: _Checker.logic,
    Not: _Checker.logic,
    Implies: _Checker.logic,
    Compare: _Checker.compare,
    Between: _Checker.between,
    In: _Checker.member,
    IsNull: _Checker.is_null,
    Arithmetic: _Checker.arithmetic,
    DurationBetween: _Checker.duration,
    AtLeast: _Checker.at_least,
}
