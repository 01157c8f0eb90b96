"""The catalogue: every message is used, every message that is used exists, slots agree."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from myorx.facts import THERAPIES
from myorx.guideline.models import Severity
from myorx.plan import model
from myorx.plan.texts import catalogue, join_first, join_some, plain, say

SOURCES = Path(model.__file__).parent
CODE = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SOURCES.rglob("*.py")))
CALLED = set(re.findall(r'say\(\s*"(\w+)"[,)]', CODE))
PATTERNS = [
    re.compile(re.sub(r"\\\{.*?\\\}", r"\\w+", re.escape(pattern)))
    for pattern in re.findall(r'f"(\w*_?\{[^"]*)"', CODE)
]
MENTIONED = {THERAPIES, *re.findall(r'"(\w+)"', CODE)}


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_both_languages_have_the_same_slots(key: str) -> None:
    text = catalogue()[key]
    slots = [
        sorted(name for _, name, _, _ in Formatter().parse(side) if name)
        for side in (text.zh, text.en)
    ]
    assert slots[0] == slots[1]


@pytest.mark.parametrize("key", sorted(CALLED))
def test_every_message_called_for_exists(key: str) -> None:
    assert key in catalogue()


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_every_message_is_used(key: str) -> None:
    joined = key.removeprefix("join_") in MENTIONED
    assert key in MENTIONED or joined or any(pattern.fullmatch(key) for pattern in PATTERNS)


def test_every_status_and_level_has_its_words() -> None:
    statuses = {
        *get_args(model.Status),
        *get_args(model.DecisionStatus),
        *get_args(model.Verdict),
        *get_args(model.AdviceStatus),
        "reserved",
        "not_live",
    } - {"live"}
    for status in statuses:
        assert f"status_{status}" in catalogue()
    for level in get_args(Severity):
        assert f"alert_{level}" in catalogue()
        assert f"alert_{level}_possible" in catalogue()


def test_what_is_left_out_of_a_list_is_counted() -> None:
    items = [plain(name) for name in ("a", "b", "c", "b")]
    assert join_some(items, 3).en == "a, b, c"
    assert join_some(items, 2).en == "a, b (+1 more)"
    assert join_some(items, 2).zh == "a、b（另1项）"
    assert join_first(items, 2).en == "a, b …"


def test_a_missing_slot_is_an_error_and_not_a_blank() -> None:
    with pytest.raises(KeyError):
        say("dose_line", drug="x")
