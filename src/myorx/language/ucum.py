"""Read any UCUM code exactly, from UCUM's own definitions as the ``ucumvert`` package carries them.

Importing this module is slow (it brings pint with it); ``units.py`` does so only for a code that
is not in its table. Factors are Fractions from the decimal text of the definitions, never floats.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import TypeAlias
from xml.etree.ElementTree import Element, fromstring

import ucumvert
from lark import Lark, Token, Tree
from lark.exceptions import LarkError

Dimension: TypeAlias = tuple[tuple[str, int], ...]
"""Base units with their exponents, sorted by code."""

_Reading: TypeAlias = tuple[Fraction, Dimension]

MAX_LENGTH = 100
"""Longest code that is read; the longest of UCUM's own examples is less than half of it."""

MAX_EXPONENT = 1000
_ONE: _Reading = (Fraction(1), ())
_XML = "{http://unitsofmeasure.org/ucum-essence}"
_OWN_BASE = frozenset({"mol"})
"""Counted as a base unit although UCUM makes it a number: 1 mol/L is not 6e23 /L at a bedside."""


def read(unit: str) -> tuple[str, Fraction] | None:
    """The dimension key and the factor to base units of a code; None when it is no UCUM code."""
    if not unit.isascii() or not 0 < len(unit) <= MAX_LENGTH:
        return None
    try:
        factor, dimension = _term(_parser().parse(unit))
    except (LarkError, KeyError, OverflowError):
        return None
    return _key(dimension), factor


def _key(dimension: Dimension) -> str:
    """``(('g', 1), ('m', -3))`` as ``g.m-3``."""
    return ".".join(f"{base}{'' if power == 1 else power}" for base, power in dimension) or "1"


def _term(tree: Tree[Token] | Token) -> _Reading:
    """Evaluate one node of ucumvert's parse tree."""
    if isinstance(tree, Token):  # only an annotation stands alone: {score}
        return _ONE
    parts = tree.children
    if tree.data == "simple_unit":
        return _simple([str(part) for part in parts])
    if tree.data == "annotatable":
        return _power(_term(parts[0]), int(str(parts[1])))
    if tree.data == "term":
        left, operator, right = parts
        return _times(_term(left), _term(right), -1 if str(operator) == "/" else 1)
    if tree.data == "main_term" and len(parts) == 2:  # a leading "/"
        return _times(_ONE, _term(parts[1]), -1)
    return _term(parts[0])  # main_term, or a component with its annotation


def _simple(parts: list[str]) -> _Reading:
    """A unit atom with or without prefix, or a whole number."""
    if len(parts) == 1:
        return (Fraction(int(parts[0])), ()) if parts[0].isdigit() else _atom(parts[0])
    prefix, code = parts
    factor, dimension = _atom(code)
    return factor * _prefixes()[prefix], dimension


@cache
def _atom(code: str) -> _Reading:
    """One unit of UCUM's list. Arbitrary and special units are a dimension of their own."""
    definition = _definitions()[code]
    value = definition.find(f"{_XML}value")
    if value is None or code in _OWN_BASE:
        return Fraction(1), ((code, 1),)
    unit, number = value.get("Unit", "1"), value.get("value")
    if definition.get("isSpecial") == "yes" or number is None:
        return Fraction(1), ((code, 1),)  # scales with an offset or a logarithm have no factor
    if definition.get("isArbitrary") == "yes" and unit == "1":
        return Fraction(1), ((code, 1),)
    factor, dimension = _term(_parser().parse(unit))
    return factor * Fraction(number), dimension


def _times(left: _Reading, right: _Reading, sign: int) -> _Reading:
    powers = dict(left[1])
    for base, power in right[1]:
        powers[base] = powers.get(base, 0) + sign * power
    dimension = tuple(sorted((base, power) for base, power in powers.items() if power))
    return (left[0] * right[0] if sign == 1 else left[0] / right[0]), dimension


def _power(reading: _Reading, exponent: int) -> _Reading:
    if abs(exponent) > MAX_EXPONENT:
        raise OverflowError(exponent)
    return reading[0] ** exponent, tuple((base, power * exponent) for base, power in reading[1])


@cache
def _parser() -> Lark:
    parser: Lark = ucumvert.get_ucum_parser()
    return parser


@cache
def _definitions() -> dict[str, Element]:
    """Every base and derived unit of UCUM by its case-sensitive code."""
    root = _essence()
    units = (*root.iter(f"{_XML}base-unit"), *root.iter(f"{_XML}unit"))
    return {unit.attrib["Code"]: unit for unit in units}


@cache
def _prefixes() -> dict[str, Fraction]:
    values: dict[str, Fraction] = {}
    for prefix in _essence().iter(f"{_XML}prefix"):
        value = prefix.find(f"{_XML}value")
        if value is not None:
            values[prefix.attrib["Code"]] = Fraction(value.attrib["value"])
    return values


@cache
def _essence() -> Element:
    text = files(ucumvert).joinpath("vendor", "ucum-essence.xml").read_text(encoding="utf-8")
    # The file is part of an installed package, not input.
    return fromstring(re.sub(r"^<\?xml[^>]*\?>", "", text))  # noqa: S314
