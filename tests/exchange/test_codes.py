"""The codes of other systems: what can be told of them without their lists."""

from __future__ import annotations

import re

from myorx.guideline.load import GUIDELINES
from myorx.guideline.mapping import load_mappings
from myorx.guideline.models import Guideline

_NUMBER = re.compile(r"(\d+)-(\d)")


def check_digit(number: str) -> int:
    """The digit that LOINC puts behind a number: mod 10, every other digit doubled."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + (place % 2 == 0))
        total += value - 9 if value > 9 else value
    return -total % 10


def test_the_check_digit_is_that_of_loinc() -> None:
    assert [check_digit(each) for each in ("2276", "1988", "3151", "82810")] == [4, 5, 8, 3]


def test_every_loinc_code_has_its_check_digit(guideline: Guideline) -> None:
    """A digit mistyped, or remembered wrongly, shows."""
    mappings, _ = load_mappings(GUIDELINES / guideline.manifest.id)
    rows = [row.codes.get("loinc", ()) for each in mappings for row in (*each.facts, *each.drugs)]
    own = [fact.terminology.get("loinc", "") for fact in guideline.facts.values()]
    codes = {code for row in (*rows, own) for code in row if code}
    assert len(codes) > 30
    parted = {code: _NUMBER.fullmatch(code) for code in codes}
    wrong = [
        code
        for code, found in parted.items()
        if found is None or check_digit(found[1]) != int(found[2])
    ]
    assert wrong == []
