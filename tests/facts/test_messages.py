"""The catalogue of faults: used, bilingual, and the same in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

import myorx.facts
from myorx.facts.messages import MESSAGES
from myorx.guideline.texts import Text

SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for path in Path(myorx.facts.__file__).parent.glob("*.py")
    if path.name != "messages.py"
)
CHINESE = re.compile("[\u4e00-\u9fff]")
SYMBOLS = {"{near}", "{names}", "{units}", "{form}", "< ≤ > ≥"}


def test_every_code_is_used() -> None:
    named = set(re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)*)"', SOURCES))
    assert set(MESSAGES) <= named


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_both_languages_say_it(code: str) -> None:
    message = MESSAGES[code]
    texts: list[Text] = [each for each in (message.says, message.allowed, message.remedy) if each]
    for text in texts:
        assert _placeholders(text.zh) == _placeholders(text.en)
        assert CHINESE.search(text.zh) or text.zh in SYMBOLS or "{{" in text.zh
        assert not CHINESE.search(text.en)
