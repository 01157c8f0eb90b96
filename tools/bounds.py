"""The vignettes of plausible ranges, out of the dictionary: python tools/bounds.py [--check]

Of each fact with a range: both ends are accepted, and one step of the last digit beyond each is
refused. They hold the ranges in place: an end that is moved by a slip fails here; one that is moved
on purpose is written again.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from marked import keep

from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Fact, Guideline

TARGET: Path = GUIDELINES / "aim" / "vignettes" / "bounds.yaml"
AS_OF = "2026-11-22"
HEAD = """\
# Written by tools/bounds.py: the ends of every plausible range, and the first value beyond each.
# What stands here is the dictionary's range, held in place, and no statement of the source.
"""


def rendered(guideline: Guideline) -> str:
    """The whole file."""
    return HEAD + "".join(
        vignette
        for fact in guideline.facts.values()
        if fact.plausible is not None and not fact.derived
        for vignette in _of(fact, *map(Decimal, fact.plausible))
    )


def _of(fact: Fact, low: Decimal, high: Decimal) -> Iterator[str]:
    for name, end, beyond in (("low", low, -1), ("high", high, 1)):
        zh = "下限" if name == "low" else "上限"
        step = Decimal(1).scaleb(int(end.as_tuple().exponent))
        yield _vignette(
            f"bound_{fact.id}_{name}",
            f"{fact.label.zh}恰在合理范围{zh}",
            f"{fact.label.en}: the {name} end of its range",
            f"{fact.id}: {_typed(fact, end)}",
            f'facts: {{{fact.id}: "{end:f}"}}',
        )
        yield _vignette(
            f"bound_{fact.id}_beyond_{name}",
            f"{fact.label.zh}超出合理范围{zh}一步",
            f"{fact.label.en}: one step beyond the {name} end of its range",
            f"{fact.id}: {_typed(fact, end + beyond * step)}",
            "refused: [implausible]",
        )


def _vignette(id_: str, zh: str, en: str, case: str, expect: str) -> str:
    return (
        f'\n- id: {id_}\n  title: {{zh: "{zh}", en: "{en}"}}\n  source: boundary\n'
        f"  as_of: {AS_OF}\n  case: {{{case}}}\n  expect:\n    {expect}\n"
    )


def _typed(fact: Fact, number: Decimal) -> str:
    return f'"{number:f} {fact.unit}"' if fact.unit else f"{number:f}"


if __name__ == "__main__":
    keep(TARGET, rendered(load("aim")))
