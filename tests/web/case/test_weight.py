"""A page has to come quickly over an old network."""

from __future__ import annotations

import re

from myorx.web.case.examples import examples
from tests.web.case.conftest import Ask


def test_a_page_weighs_less_than_300_kb_with_all_that_it_loads(ask: Ask) -> None:
    for example in examples("aim"):
        for lang in ("zh", "en"):
            answer = ask("GET", f"/{lang}/example/{example.id}")
            assets = set(re.findall(r'(?:src|href)="(/assets/[^"]+)"', answer.text))
            whole = len(answer.content) + sum(len(ask("GET", each).content) for each in assets)
            assert whole < 300_000, (example.id, lang, whole, len(answer.content))
