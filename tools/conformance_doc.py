"""Run the official CQL tests that lie inside the language, and write what came of it.

``python tools/conformance_doc.py`` writes ``docs/language-conformance.md``. The tests are read from
the folder ``shared/cql-tests`` beside the repository (``cqframework/cql-tests``, Apache-2.0).

A test is outside the language when the parser or the type check names a construct that is. It is
never put outside because of its result.

Read so that more of the suite applies (``adapt``): the selectors ``Date(…)`` and ``DateTime(…)``
and the literals ``@…T`` with a year, month and day only are read as our dates. A DateTime has an
unknown time of day, which counts in a duration unless months or years are counted between values
that leave the day open too; elsewhere such a test is outside. A result that CQL types as a
Quantity in ``'1'`` is compared with our number.
"""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from myorx.language import (
    Bounds,
    Days,
    Expression,
    Facts,
    LanguageError,
    Value,
    check,
    evaluate,
    parse,
    walk,
)
from myorx.language.evaluate import relation
from myorx.language.syntax import Compare, DateLiteral

ROOT = Path(__file__).resolve().parents[1]
SUITE = ROOT.parent / "shared" / "cql-tests"
TARGET = ROOT / "docs" / "language-conformance.md"

_SPACE = {"t": "http://hl7.org/fhirpath/tests"}
_SELECTOR = re.compile(
    r"\b(Date|DateTime)\(\s*(\d{1,4})\s*(?:,\s*(\d{1,2})\s*(?:,\s*(\d{1,2})\s*)?)?\)"
    r"|@(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?T(?![\d:])"
)
_DURATION = re.compile(r"\b(years|months|weeks|days) between\b")
_INTERVAL = re.compile(r"Interval\s*\[\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*\]\Z")
_CHECKED = {
    "not-ordered": "ordering of Strings or Booleans",
    "wrong-dimension": "quantities of different dimensions",
    "product-of-quantities": "product of two quantities",
    "number-by-quantity": "number divided by a quantity",
    "missing-unit": "number beside a quantity",
    "type-mismatch": "operands of different types",
    "item-not-literal": "`in` with computed or null items",
    "unknown-name": "name without a definition",
    "unknown-unit": "calendar unit 'mo' or 'a'",
}
CLOCK = "DateTime in a duration (its unknown time of day counts)"
PARTS = "partial date compared with itself by its parts (here it is a range of days)"


class Case(NamedTuple):
    """One official test; ``output`` is None where the suite gives none."""

    file: str
    group: str
    name: str
    expression: str
    output: str | None
    invalid: bool


class Outcome(NamedTuple):
    """``verdict`` is ``passed``, ``failed`` or ``outside``; ``reason`` says why not passed."""

    case: Case
    verdict: str
    reason: str


class _OutsideError(Exception):
    """The test uses something that the language does not have."""


def cases(folder: Path = SUITE) -> list[Case]:
    """Every test of the suite, in the order of its files."""
    found = []
    for path in sorted(folder.glob("*.xml")):
        for group in ElementTree.parse(path).getroot().iterfind("t:group", _SPACE):  # noqa: S314
            for test in group.iterfind("t:test", _SPACE):
                expression = test.find("t:expression", _SPACE)
                if expression is None:
                    continue
                outputs = [output.text or "" for output in test.iterfind("t:output", _SPACE)]
                found.append(
                    Case(
                        path.stem,
                        group.get("name", ""),
                        test.get("name", ""),
                        expression.text or "",
                        outputs[0] if len(outputs) == 1 else None,
                        expression.get("invalid", "false") != "false",
                    )
                )
    return found


def judge(case: Case) -> Outcome:
    """Run one test."""
    try:
        value = _value(case.expression)
    except _OutsideError as reason:
        return Outcome(case, "outside", str(reason))
    except LanguageError as error:
        foreign = any(fault.code == "outside-subset" for fault in error.faults)
        if case.invalid and not foreign:
            return Outcome(case, "passed", "")
        return Outcome(case, "outside", error.faults[0].message)
    if case.invalid:
        return Outcome(case, "failed", "accepted, though the suite marks it invalid")
    if case.output is None:
        return Outcome(case, "failed", f"no expected output; ours is {value}")
    if _agrees(value, case.output):
        return Outcome(case, "passed", "")
    return Outcome(case, "failed", f"expected {case.output}, found {value}")


def adapt(text: str) -> str:
    """Date selectors at date precision as date literals; raises when a clock would matter."""
    duration = _DURATION.search(text)
    for match in _SELECTOR.finditer(text) if duration is not None else ():
        has_day = match[4] is not None or match[7] is not None
        definite = duration is not None and duration[1] in ("weeks", "days")
        if match[1] != "Date" and (has_day or definite):
            raise _OutsideError(CLOCK)
    return _SELECTOR.sub(_date, text)


def _date(match: re.Match[str]) -> str:
    parts = [part for part in match.groups()[1:] if part is not None]
    widths = (4, 2, 2)
    return "@" + "-".join(part.zfill(width) for part, width in zip(parts, widths, strict=False))


def _value(text: str) -> Value:
    expression = parse(adapt(text))
    try:
        check(expression, {}, allow_is_null=True, allow_products=True)
    except LanguageError as error:
        raise _OutsideError(_CHECKED[error.faults[0].code]) from None
    if any(map(_compares_parts, walk(expression))):
        raise _OutsideError(PARTS)
    return evaluate(expression, Facts({})).value


def _compares_parts(node: Expression) -> bool:
    if not isinstance(node, Compare) or node.left != node.right:
        return False
    return isinstance(node.left, DateLiteral) and node.left.earliest != node.left.latest


def _agrees(value: Value, output: str) -> bool:
    """Whether a value is the one that the suite writes as ``output``."""
    span = _INTERVAL.match(output.strip())
    if span is not None:
        return value == Bounds(Decimal(span[1]), Decimal(span[2]))
    expected = _value(output)
    if isinstance(value, Bounds) and isinstance(expected, Bounds):
        if expected.unit == "1" and value.unit is None:
            value = Bounds(value.low, value.high, unit="1")
        return relation("=", value, expected) is True
    if isinstance(value, Days) or value is None or isinstance(value, Bounds):
        return value == expected
    return type(value) is type(expected) and value == expected


def document(outcomes: list[Outcome]) -> str:
    """The text of ``docs/language-conformance.md``."""
    inside = [outcome for outcome in outcomes if outcome.verdict != "outside"]
    passed = [outcome for outcome in inside if outcome.verdict == "passed"]
    lines = [
        "# Conformance of the expression language",
        "",
        "Generated by `python tools/conformance_doc.py`; a test fails when it is stale.",
        "",
        f"Of the {len(outcomes)} official tests of CQL at hand (`cqframework/cql-tests`),",
        f"**{len(inside)} lie inside our subset, and {len(passed)} of these pass.**",
        "A test is outside only because of a construct it uses, never because of its result; the",
        "tool's own text says how date selectors are read.",
        "",
        "| file | tests | in subset | passed |",
        "|---|---:|---:|---:|",
    ]
    for file in dict.fromkeys(outcome.case.file for outcome in outcomes):
        here = [outcome for outcome in outcomes if outcome.case.file == file]
        verdicts = Counter(outcome.verdict for outcome in here)
        known = len(here) - verdicts["outside"]
        lines.append(f"| {file} | {len(here)} | {known} | {verdicts['passed']} |")
    lines += [f"| **all** | {len(outcomes)} | {len(inside)} | {len(passed)} |", ""]
    lines += ["## Why a test is outside", "", "| construct | tests |", "|---|---:|"]
    counts = Counter(
        _grouped(outcome.reason) for outcome in outcomes if outcome.verdict == "outside"
    )
    order = sorted(counts, key=lambda reason: (-counts[reason], reason))
    lines += [f"| {reason.replace('|', chr(92) + '|')} | {counts[reason]} |" for reason in order]
    failed = [outcome for outcome in inside if outcome.verdict == "failed"]
    if failed:
        lines += ["", "## Inside the subset, and failing", ""]
        lines += [f"- {outcome.case.name}: {outcome.reason}" for outcome in failed]
    return "\n".join(lines) + "\n"


def _grouped(reason: str) -> str:
    """The construct alone; calls of functions under one heading."""
    construct = reason.removesuffix(" is outside the language")
    return "function call" if construct.startswith("function call ") else construct


def main() -> int:
    """Write the document and say the count; exit status 1 when a test in the subset fails."""
    if not SUITE.is_dir():
        print(f"the official tests are not at hand ({SUITE.name}); nothing written")
        return 0
    outcomes = [judge(case) for case in cases()]
    TARGET.write_text(document(outcomes), encoding="utf-8")
    verdicts = Counter(outcome.verdict for outcome in outcomes)
    known = len(outcomes) - verdicts["outside"]
    print(f"{known} of {len(outcomes)} in subset, {verdicts['passed']} passed")
    return int(verdicts["failed"] > 0)


if __name__ == "__main__":
    raise SystemExit(main())
