"""Every word of the service stands in both languages, with the same places to fill in."""

from __future__ import annotations

import re
import string
import tomllib
from importlib import resources
from pathlib import Path

import pytest

import myorx.exchange.service as package
from myorx.exchange.service.cards import SUMMARY_MOST, code_system, short
from myorx.exchange.service.speech import spoken

FOLDER = Path(package.__file__).parent
WORDS = tomllib.loads(
    resources.files("myorx.exchange.service").joinpath("words.toml").read_text(encoding="utf-8")
)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", WORDS)
def test_a_word_in_both_languages(key: str) -> None:
    assert WORDS[key].keys() == {"zh", "en"}
    assert fields(WORDS[key]["zh"]) == fields(WORDS[key]["en"])
    assert re.search(r"[\u4e00-\u9fff]", WORDS[key]["zh"]) or not WORDS[key]["zh"].isascii()
    assert not re.search(r"[\u4e00-\u9fff]", WORDS[key]["en"])


def test_every_problem_that_is_raised_has_its_words() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py"))
    raised = set(re.findall(r'RefusedError\(\s*\d+,\s*"(\w+)"', source))
    assert len(raised) > 12
    for code in raised:
        assert f"problem_{code}" in WORDS
        assert f"problem_{code}_detail" in WORDS


def test_the_reasons_are_a_code_system_in_both_languages() -> None:
    concepts = code_system()["concept"]
    assert len({each["code"] for each in concepts}) == len(concepts) >= 5
    for each in concepts:
        assert each["display"].isascii()
        assert not each["designation"][0]["value"].isascii()


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("", "en"),
        ("zh", "zh"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,zh;q=0.9", "en"),
        ("de, zh;q=0.1", "zh"),
        ("fr", "en"),
        ("zh;q=0", "en"),
        ("en;q=0.2, zh;q=0.3", "zh"),
        ("zh;q=x", "en"),
        (",;=,zh;;q=", "en"),
        ("zh;q=1e9", "en"),
    ],
)
def test_the_language_that_is_spoken(header: str, lang: str) -> None:
    assert spoken(header) == lang


@pytest.mark.parametrize("text", ["", "a", "词" * 300, "word " * 100, "x" * 139, "x" * 140])
def test_a_summary_is_short_and_says_where_it_was_cut(text: str) -> None:
    found = short(text)
    assert len(found) <= SUMMARY_MOST < 140
    assert found.endswith("…") == (len(" ".join(text.split())) > SUMMARY_MOST)
