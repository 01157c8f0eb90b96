"""Coverage-guided fuzzing of what reads other people's text: make soak, or by hand

    .venv/bin/python tools/fuzz.py parser --runs 1000000 [--seed 1] [--longest 64]
    .venv/bin/python tools/fuzz.py reader --runs 100000

The fuzzer (atheris) keeps every input that reaches new code and changes it further; it starts from
the expressions of the guideline and the cases of its vignettes. What it looks for: any exception
but the one that says what is wrong with the input, a tree that reads back as another tree, a fault
without words. It stops at the first such input and writes it to build/fuzz/. Dev-only; Python 3.11
to 3.13 on Linux.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["myorx.language", "myorx.facts"]):
    from myorx.facts import CaseError, read_case
    from myorx.language import LanguageError, cql

    # From where it stands: the package would load it when it is first used, not instrumented.
    from myorx.language.parser import MAX_LENGTH, parse

from myorx.guideline.load import GUIDELINES, load
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import load_vignettes
from myorx.guideline.walk import walk
from myorx.language.syntax import Expression
from myorx.language.vocabulary import RESERVED

AIM = "aim"
LONGEST = {"parser": 256, "reader": 2048}
"""So many bytes at most, unless asked for otherwise: shorter ones are faster."""
WORK = Path(__file__).resolve().parent.parent / "build" / "fuzz"


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")


def parser(_: Guideline) -> Callable[[bytes], None]:
    """A text gives a tree, which reads back as itself, or says what is wrong."""
    assert LONGEST["parser"] < MAX_LENGTH

    def once(data: bytes) -> None:
        with suppress(LanguageError):
            tree = parse(_text(data))
            assert parse(cql(tree)) == tree

    return once


def reader(guideline: Guideline) -> Callable[[bytes], None]:
    """A text gives a patient who has every fact, or faults that have words in both languages."""

    def once(data: bytes) -> None:
        # The first byte decides the mode, the rest is the case.
        mode = "import" if data[:1] > b"\x7f" else "bedside"
        refused: CaseError | None = None
        try:
            patient = read_case(_text(data[1:]), guideline, mode=mode)
        except CaseError as error:
            refused = error
        if refused is None:
            assert list(patient.facts) == list(guideline.facts)
            return
        assert refused.faults
        for lang in ("zh", "en"):
            assert all(line.isprintable() for line in refused.lines(lang))

    return once


TARGETS: Mapping[str, Callable[[Guideline], Callable[[bytes], None]]] = {
    "parser": parser,
    "reader": reader,
}


def seeds(target: str, guideline: Guideline) -> Iterator[bytes]:
    """Real texts to begin with."""
    if target == "parser":
        for found in walk(guideline):
            if isinstance(found.value, Expression):
                yield cql(found.value).encode()
        for definition in guideline.definitions.values():
            yield cql(definition.expression.expression).encode()
        return
    for number, vignette in enumerate(load_vignettes(GUIDELINES / AIM)[0]):
        case: Mapping[str, Any] = {"as_of": vignette.as_of.isoformat(), **vignette.case}
        text = json.dumps(case, ensure_ascii=False, default=str)
        yield (b"\xff" if number % 2 else b" ") + text.encode()


def words(target: str, guideline: Guideline) -> Iterator[str]:
    """Words the fuzzer may put in whole."""
    if target == "parser":
        yield from (*RESERVED, "AtLeast(", "days between ", "<=", "@2026-03", "'mg/dL'")
        return
    yield from guideline.facts
    yield from ("unknown", "pending", "weak positive", "therapies", "orders", "2026-03-15", "mg/d")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("target", choices=sorted(TARGETS))
    options.add_argument("--runs", type=int, default=1_000_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--longest", type=int)
    asked = options.parse_args()
    guideline = load(AIM)
    corpus = WORK / asked.target / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for text in seeds(asked.target, guideline):
        (corpus / hashlib.sha256(text).hexdigest()[:16]).write_bytes(text)
    lines = (json.dumps(word) for word in words(asked.target, guideline) if word.isascii())
    dictionary = WORK / asked.target / "words.txt"
    dictionary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    flags = {
        "atheris_runs": asked.runs,
        "seed": asked.seed,
        "max_len": asked.longest or LONGEST[asked.target],
        "dict": dictionary,
        "artifact_prefix": f"{WORK / asked.target}/",
        "print_final_stats": 1,
    }
    arguments = [f"-{name}={value}" for name, value in flags.items()]
    atheris.Setup([sys.argv[0], *arguments, str(corpus)], TARGETS[asked.target](guideline))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
