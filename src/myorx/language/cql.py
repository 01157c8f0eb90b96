"""Trees as CQL text: our own canonical form, and standard CQL for other people's engines."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import combinations
from math import comb
from typing import Any, TypeAlias

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
    BooleanType,
    DateType,
    DecimalType,
    IntegerType,
    QuantityType,
    StringType,
    Type,
)
from .values import Bounds, Days, Value
from .vocabulary import RESERVED
from .walk import rewrite

MAX_CLAUSES = 2_000
"""Most clauses that one AtLeast is lowered to; 5 of 12 items make 792."""

# How tightly each form binds, loosest first: the levels of grammar.lark.
_IMPLIES, _OR, _AND, _IN, _EQUALITY, _ORDER, _BETWEEN, _NOT, _TEST, _OPERAND = range(10)
_SUM, _PRODUCT, _ATOM = 10, 11, 12

_Written: TypeAlias = tuple[str, int]
"""Text, and how tightly it binds."""

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_SPECIAL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\\]"
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\f": r"\f", "\\": "\\\\"}


def cql(expression: Expression, *, quote_names: bool = False) -> str:
    """The canonical text of a tree, with the fewest brackets; ``parse`` gives the tree back.

    Names that are words of CQL are always quoted; with ``quote_names`` all are.
    """
    return _Writer(quote_names).write(expression)[0]


def lower(
    expression: Expression, constants: Mapping[str, Value | Expression] | None = None
) -> Expression:
    """The same expression in standard CQL, where ``in`` and ``AtLeast`` mean something else or
    nothing: ``x in {a, b}`` as ``x = a or x = b``, ``between`` as ``>=`` and ``<=``, AtLeast as
    ``and`` and ``or``. Names in ``constants`` (settings) are replaced by their values.

    Raises LanguageError for an AtLeast whose count is not known then, or that needs more than
    ``MAX_CLAUSES`` clauses, and for a constant that no literal can say.
    """
    known = {name: _literal(name, value) for name, value in (constants or {}).items()}

    def change(node: Expression) -> Expression:
        if isinstance(node, Name):
            return known.get(node.name, node)
        step = _LOWER.get(type(node))
        return node if step is None else step(node)

    return rewrite(expression, change)


def library(
    name: str,
    version: str,
    parameters: Mapping[str, Type],
    definitions: Mapping[str, Expression],
) -> str:
    """A complete CQL library: parameters for the facts, and the definitions in the given order.

    The text is standard CQL: lowered, every name quoted. Parameters carry exact values in their
    declared unit. CQL has no intervals of results, and compares a partial date by its parts, so a
    caller passes a censored result or a partial date as null; the answer is then unknown wherever
    ours would have used the interval, never the opposite. Settings belong into ``definitions`` as
    literals or are replaced with ``lower`` beforehand.
    """
    lines = [f"library {_name(name, False)} version {_string(version, quote=chr(39))}", ""]
    lines += [
        f"parameter {_name(each, True)} {_type_name(found)}" for each, found in parameters.items()
    ]
    if parameters:
        lines.append("")
    for each, expression in definitions.items():
        lines += [f"define {_name(each, True)}:", f"  {cql(lower(expression), quote_names=True)}"]
        lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


class _Writer:
    """Writes nodes; ``quote`` says whether plain names are quoted too."""

    def __init__(self, quote: bool) -> None:
        self.quote = quote

    def write(self, node: Expression) -> _Written:
        return _WRITE[type(node)](self, node)

    def at(self, node: Expression, level: int) -> str:
        """The text of a part that must bind at least as tightly as ``level``."""
        text, binds = self.write(node)
        return text if binds >= level else f"({text})"

    def constant(self, node: Expression) -> _Written:
        return literal_text(node), _ATOM

    def name(self, node: Name) -> _Written:
        return _name(node.name, self.quote), _ATOM

    def conjunction(self, node: And) -> _Written:
        return " and ".join(self.at(part, _AND + 1) for part in node.operands), _AND

    def disjunction(self, node: Or) -> _Written:
        return " or ".join(self.at(part, _OR + 1) for part in node.operands), _OR

    def negation(self, node: Not) -> _Written:
        return f"not {self.at(node.operand, _NOT)}", _NOT

    def implication(self, node: Implies) -> _Written:
        left, right = self.at(node.left, _IMPLIES), self.at(node.right, _IMPLIES + 1)
        return f"{left} implies {right}", _IMPLIES

    def comparison(self, node: Compare) -> _Written:
        level = _EQUALITY if node.operator in ("=", "!=") else _ORDER
        left, right = self.at(node.left, level), self.at(node.right, level + 1)
        return f"{left} {node.operator} {right}", level

    def between(self, node: Between) -> _Written:
        value = self.at(node.value, _BETWEEN + 1)
        low, high = self.at(node.low, _SUM), self.at(node.high, _SUM)
        return f"{value} between {low} and {high}", _BETWEEN

    def member(self, node: In) -> _Written:
        return f"{self.at(node.value, _EQUALITY)} in {self.items(node.items)}", _IN

    def items(self, nodes: tuple[Expression, ...]) -> str:
        return "{" + ", ".join(self.at(node, _IMPLIES) for node in nodes) + "}"

    def null_test(self, node: IsNull) -> _Written:
        word = "is not null" if node.negated else "is null"
        return f"{self.at(node.operand, _TEST)} {word}", _TEST

    def arithmetic(self, node: Arithmetic) -> _Written:
        level = _SUM if node.operator in ("+", "-") else _PRODUCT
        left, right = self.at(node.left, level), self.at(node.right, level + 1)
        return f"{left} {node.operator} {right}", level

    def duration(self, node: DurationBetween) -> _Written:
        start, end = self.at(node.start, _SUM), self.at(node.end, _SUM)
        return f"{node.unit} between {start} and {end}", _OPERAND

    def at_least(self, node: AtLeast) -> _Written:
        return f"AtLeast({self.at(node.count, _IMPLIES)}, {self.items(node.items)})", _ATOM


def number_text(number: Decimal) -> str:
    """A number without exponent."""
    return format(number, "f")


def date_text(node: DateLiteral | Days) -> str | None:
    """``2026``, ``2026-03`` or ``2026-03-15``; None for a range that is no year, month or day."""
    first, last = node.earliest, node.latest
    if first is None or last is None:
        return None
    if first == last:
        return first.isoformat()
    ends_month = last.day == monthrange(last.year, last.month)[1]
    if first.day == 1 and ends_month and first.year == last.year:
        if first.month == last.month:
            return f"{first.year:04}-{first.month:02}"
        if first.month == 1 and last.month == 12:
            return f"{first.year:04}"
    return None


def literal_text(node: Expression) -> str:
    """The CQL text of a literal. Raises ValueError for a date range that no literal can say."""
    if isinstance(node, BooleanLiteral):
        return "true" if node.value else "false"
    if isinstance(node, IntegerLiteral):
        return str(node.value)
    if isinstance(node, DecimalLiteral):
        text = number_text(node.value)
        return text if "." in text else f"{text}.0"
    if isinstance(node, StringLiteral):
        return _string(node.value, quote="'")
    if isinstance(node, QuantityLiteral):
        return f"{number_text(node.value)} {_string(node.unit, quote=chr(39))}"
    if isinstance(node, DateLiteral):
        text_or_none = date_text(node)
        if text_or_none is None:
            raise ValueError(f"no CQL date stands for {node.earliest} to {node.latest}")
        return f"@{text_or_none}"
    return "null"


def _name(name: str, always: bool) -> str:
    plain = _PLAIN_NAME.match(name) is not None and name not in RESERVED
    return name if plain and not always else _string(name, quote='"')


def _string(text: str, *, quote: str) -> str:
    escaped = re.sub(_SPECIAL, lambda match: _SHORT.get(match[0], f"\\u{ord(match[0]):04x}"), text)
    return quote + escaped.replace(quote, f"\\{quote}") + quote


_TYPE_NAMES: Mapping[type[Any], str] = {
    BooleanType: "Boolean",
    IntegerType: "Integer",
    DecimalType: "Decimal",
    StringType: "String",
    QuantityType: "Quantity",
    DateType: "Date",
}


def _type_name(found: Type) -> str:
    return _TYPE_NAMES.get(type(found), "Any")


def _lower_between(node: Between) -> Expression:
    low = Compare(">=", node.value, node.low)
    return And((low, Compare("<=", node.value, node.high)))


def _lower_in(node: In) -> Expression:
    tests = tuple(Compare("=", node.value, item) for item in node.items)
    return tests[0] if len(tests) == 1 else Or(tests)


def _lower_at_least(node: AtLeast) -> Expression:
    """Every choice of ``n`` items that suffices. Kleene's ``or`` over these counts as we do."""
    if not isinstance(node.count, IntegerLiteral):
        raise LanguageError((_open_count(node.count),))
    wanted, items = node.count.value, node.items
    if wanted <= 0:
        return BooleanLiteral(True)
    if wanted > len(items):
        return BooleanLiteral(False)
    if comb(len(items), wanted) > MAX_CLAUSES:
        raise LanguageError((_too_many(wanted, len(items)),))
    return _join(Or, [_join(And, choice) for choice in combinations(items, wanted)])


def _join(kind: type[And] | type[Or], parts: Iterable[Expression]) -> Expression:
    operands = tuple(parts)
    return operands[0] if len(operands) == 1 else kind(operands)


def _open_count(count: Expression) -> Fault:
    return Fault(
        code="open-count",
        message=f"AtLeast counts to {cql(count)}, whose value is not known here",
        allowed="a whole number",
        remedy="give the setting's value in `constants`",
    )


def _too_many(wanted: int, items: int) -> Fault:
    return Fault(
        code="too-large",
        message=f"AtLeast {wanted} of {items} items is too long without a function for it",
        allowed=f"at most {MAX_CLAUSES} combinations",
        remedy="group the items in definitions",
    )


def _literal(name: str, value: Value | Expression) -> Expression:
    """A constant as a literal."""
    if value is None:
        return NullLiteral()
    if isinstance(value, bool):
        return BooleanLiteral(value)
    if isinstance(value, str):
        return StringLiteral(value)
    if isinstance(value, Bounds):
        exact = value.exact
        if exact is not None and value.unit is not None:
            return QuantityLiteral(exact, value.unit)
        if exact is not None:
            whole = exact == exact.to_integral_value() and abs(exact) < 2**31
            return IntegerLiteral(int(exact)) if whole else DecimalLiteral(exact)
    elif isinstance(value, Days):
        if value.earliest is not None and value.latest is not None and date_text(value):
            return DateLiteral(value.earliest, value.latest)
    else:
        return value
    raise LanguageError(
        (
            Fault(
                code="no-literal",
                message=f"the constant {name} is an interval",
                allowed="an exact value, or a date, month or year",
                remedy="give one value",
            ),
        )
    )


_LOWER: Mapping[type[Any], Callable[[Any], Expression]] = {
    Between: _lower_between,
    In: _lower_in,
    AtLeast: _lower_at_least,
}

_LITERALS = (
    BooleanLiteral,
    NullLiteral,
    IntegerLiteral,
    DecimalLiteral,
    StringLiteral,
    QuantityLiteral,
    DateLiteral,
)

_WRITE: Mapping[type[Any], Callable[[_Writer, Any], _Written]] = {
    **dict.fromkeys(_LITERALS, _Writer.constant),
    Name: _Writer.name,
    And: _Writer.conjunction,
    Or: _Writer.disjunction,
    Not: _Writer.negation,
    Implies: _Writer.implication,
    Compare: _Writer.comparison,
    Between: _Writer.between,
    In: _Writer.member,
    IsNull: _Writer.null_test,
    Arithmetic: _Writer.arithmetic,
    DurationBetween: _Writer.duration,
    AtLeast: _Writer.at_least,
}
