"""Units: exact factors, the shipped table, and help with slips."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction

import pytest
import ucumvert

from myorx.language import UnitError, units
from tools import units_table


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("mg/L", "mg/dL", Fraction(1, 10)),
        ("mg/dL", "ng/mL", Fraction(10_000)),
        ("U/mL", "kU/L", Fraction(1)),
        ("wk", "d", Fraction(7)),
        ("%", "1", Fraction(1, 100)),
        ("mg/wk", "mg/d", Fraction(1, 7)),
        ("10*3/uL", "10*9/L", Fraction(1)),
        ("mL/min/{1.73_m2}", "mL/min", Fraction(1)),
        ("[lb_av]", "kg", Fraction(45359237, 100_000_000)),
        ("[in_i]", "cm", Fraction(254, 100)),
        ("ug.h/mL", "mg.h/L", Fraction(1)),
        ("mg", "mL", None),
        ("[iU]", "mg", None),
        ("[iU]/mL", "U/mL", None),
        ("[iU]/mL", "[arb'U]/mL", None),
        ("mmol/L", "mg/dL", None),
        ("mmol/L", "/L", None),
        ("Cel", "K", None),
        ("mg", "1", None),
    ],
)
def test_factor(source: str, target: str, expected: Fraction | None) -> None:
    assert units.factor(source, target) == expected
    if expected is not None:
        assert units.factor(target, source) == 1 / expected
        assert units.dimension(source) == units.dimension(target)
    else:
        assert units.dimension(source) != units.dimension(target)


@pytest.mark.parametrize("unit", ["mo", "a", "/mo", "mg/mo", "mg/kg/a", "1/(mo)", "mo{calendar}"])
def test_calendar_units_are_banned(unit: str) -> None:
    with pytest.raises(UnitError, match="between`"):
        units.dimension(unit)
    assert not units.is_unit(unit)


@pytest.mark.parametrize(
    ("unit", "hint"),
    [
        ("mg/DL", "mg/dL"),
        ("IU", "[iU]"),
        ("IU/mL", "[iU]/mL"),
        ("mmHg", "mm[Hg]"),
        ("μg/L", "ug/L"),
        ("mcg/kg", "ug/kg"),
        ("weeks", "wk"),
        ("x10*9/L", "10*9/L"),
    ],
)
def test_unknown_codes_come_with_a_hint(unit: str, hint: str) -> None:
    with pytest.raises(UnitError) as caught:
        units.factor(unit, "mg")
    assert f"'{hint}'" in caught.value.remedy


@pytest.mark.parametrize(
    "unit", ["", " ", "mg//L", "mg/", "毫克", "m" * 5_000, "10*99999999", "()"]
)
def test_nonsense_is_no_unit(unit: str) -> None:
    assert not units.is_unit(unit)


def test_the_table_is_up_to_date() -> None:
    text = units_table.TARGET.read_text(encoding="utf-8")
    assert text == units_table.table(), "stale: run python tools/units_table.py"


def test_the_table_agrees_with_pint() -> None:
    """An independent reading of every code; pint computes in floats and knows no annotations."""
    registry = ucumvert.PintUcumRegistry()
    by_dimension: dict[str, list[str]] = {}
    for code, (dimension, _) in json.loads(units_table.TARGET.read_text(encoding="utf-8")).items():
        if "{" not in code and code != "Cel":
            by_dimension.setdefault(dimension, []).append(code)
    compared = 0
    for codes in by_dimension.values():
        for code in codes[1:]:
            theirs = registry.from_ucum(code).to(registry.from_ucum(codes[0])).magnitude
            ours = units.factor(code, codes[0])
            assert ours is not None
            # pint takes the millimetre of mercury from another density: 1 in 10^5 apart.
            assert float(ours) == pytest.approx(theirs, rel=1e-5 if "Hg" in codes[0] else 1e-9)
            compared += 1
    assert compared > 60


def test_usual_units_need_no_library() -> None:
    code = (
        "import sys; from myorx.language import parse, check; "
        "check(parse(\"1 'mg/dL' > 10 'mg/L' and 5 '[iU]/d' > 3 '[iU]/d'\"), {}, "
        "allow_is_null=False); "
        "assert not {'pint', 'ucumvert'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_evaluating_needs_no_parser() -> None:
    code = "import sys, myorx.language; assert 'lark' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
