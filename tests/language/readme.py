"""The node table of ``src/myorx/language/README.md``: everything in it is computed from examples.

``python -m tests.language.readme`` writes the table; ``test_readme.py`` fails when it is stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from myorx.language import (
    Bounds,
    Days,
    Facts,
    Type,
    Value,
    check,
    cql,
    evaluate,
    lower,
    parse,
    prose,
    walk,
)
from myorx.language.cql import date_text
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
from tests.language.columns.answering import answer as by_columns
from tests.language.lexicon import SmallLexicon
from tests.language.notation import read, rows
from tests.language.smt_answer import answer

README = Path(__file__).parents[2] / "src" / "myorx" / "language" / "README.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"

FACTS: Mapping[str, bool | int | str | None] = {
    "anti_mda5": True,
    "ild": None,
    "fever": False,
    "ulcer": True,
    "ferritin": ">2000 'ng/mL'",
    "crp": "8 'mg/L'",
    "sex": "'female'",
    "phase": "unknown String",
    "ild_onset": "@2026-03",
    "as_of": "@2026-09-15",
}

EXAMPLES: Mapping[type[Any], tuple[str, str]] = {
    BooleanLiteral: ("boolean", "true"),
    NullLiteral: ("null", "null"),
    IntegerLiteral: ("number", "30"),
    DecimalLiteral: ("number", "0.5"),
    StringLiteral: ("string", "'female'"),
    QuantityLiteral: ("number", "500 'ng/mL'"),
    DateLiteral: ("date", "@2026-03"),
    Name: ("name", "anti_mda5"),
    And: ("all_of", "anti_mda5 and ild"),
    Or: ("any_of", "anti_mda5 or ild"),
    Not: ("negate", "not anti_mda5"),
    Implies: ("implies", "ild implies fever"),
    Compare: ("compare", "ferritin > 500 'ng/mL'"),
    Between: ("between", "crp between 5 'mg/L' and 10 'mg/L'"),
    In: ("member", "phase in {'new', 'relapse'}"),
    IsNull: ("is_null", "phase is null"),
    Arithmetic: ("arithmetic", "crp * 2 + 1 'mg/dL'"),
    DurationBetween: ("duration", "months between ild_onset and as_of"),
    AtLeast: ("at_least", "AtLeast(2, {anti_mda5, fever, ulcer})"),
}
"""For each node: the rule of ``grammar.lark`` that makes it, and an example."""

HEAD = (
    "node | CQL text | parse | type | evaluate | columns | smt | cql | prose zh | prose en | "
    "spec test"
)


def types() -> dict[str, Type]:
    return {name: read(value)[1] for name, value in FACTS.items()}


def table() -> str:
    """The whole table as Markdown."""
    lines = [f"| {HEAD} |", "|---" * len(HEAD.split("|")) + "|"]
    values = {name: read(value)[0] for name, value in FACTS.items()}
    for node, (rule, text) in EXAMPLES.items():
        expression = parse(text)
        cells = [
            node.__name__,
            f"`{text}`",
            f"`{rule}`",
            str(check(expression, types(), allow_is_null=True, allow_products=True)),
            show(evaluate(expression, Facts(values, types=types())).value),
            show(by_columns(expression, values, types())),
            show(answer(expression, values, types())),
            f"`{cql(lower(expression))}`",
            prose(expression, SmallLexicon(), "zh"),
            prose(expression, SmallLexicon(), "en"),
            ", ".join(specs(node)),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def specs(node: type[Any]) -> list[str]:
    """The spec tables with a row that holds the node."""
    used = {row.table for row in rows() if any(type(n) is node for n in walk(parse(row.text)))}
    return sorted(used)


def show(value: Value) -> str:
    """A value in words of this table."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Days):
        return f"a day in {date_text(value)}"
    if isinstance(value, Bounds):
        unit = "" if value.unit is None else f" {value.unit}"
        return (
            f"{value.low}{unit}" if value.low == value.high else f"{value.low}–{value.high}{unit}"
        )
    return value


def current() -> str:
    """The table that the README has now."""
    return README.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip()


def main() -> None:
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
