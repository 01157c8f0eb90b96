"""Histories read the short way are those that the bedside reads."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

pytest.importorskip("pyarrow", reason="the extra cohort is not installed")

from myorx.cohort.lines import PlainLines
from myorx.facts import CaseError
from myorx.facts.read import read_written
from myorx.guideline.load import load
from tests.random_cases import AS_OF, random_case


def test_the_short_way_reads_as_the_long_one() -> None:
    guideline = load()
    plain, random = PlainLines(guideline), Random(91)  # noqa: S311 - cases for tests
    met: Counter[bool] = Counter()
    for _ in range(1500):
        written = random_case(guideline, random)
        listed = written.get("therapies")
        if not isinstance(listed, list):
            continue
        day = AS_OF - timedelta(random.choice((0, 0, 30, 400)))
        lines = [tuple((name, str(cell)) for name, cell in each.items()) for each in listed]
        if random.random() < 0.1:
            lines[0] = (*lines[0][1:], ("drug", "snake oil"))
        said = random.choice((None, "yes", "no", "unknown", "perhaps"))
        source: dict[str, object] = {"therapies": [dict(line) for line in lines]}
        if said is not None:
            source["therapies_complete"] = said
        short = plain.case(day, lines, said)
        met[short is not None] += 1
        if short is None:
            continue
        try:
            long = read_written(source, guideline, as_of=day)
        except CaseError as error:
            pytest.fail(f"{source}: {error}")
        assert short == long.case, source
        assert not len(long.faults), source
    assert min(met[True], met[False]) > 100
