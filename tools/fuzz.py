"""Coverage-guided fuzzing of what reads other people's text: make soak, or by hand

    .venv/bin/python tools/fuzz.py parser --runs 1000000 [--seed 1] [--longest 64]
    .venv/bin/python tools/fuzz.py reader --runs 300000   # cases as text: YAML, JSON, neither
    .venv/bin/python tools/fuzz.py values --runs 700000   # cases as data: what stands in the text

The fuzzer (atheris) keeps every input that reaches new code and changes it further; it starts from
the expressions of the guideline and the cases of its vignettes. What it looks for: any exception
but the one that says what is wrong with the input, a tree that reads back as another tree, a fault
without words. It stops at the first such input and writes it to build/fuzz/. With ``--guideline`` a
folder takes the place of aim: the reader is the same, and of a small guideline (that of the tests)
many times as many cases are read in an hour. Dev-only; Python 3.11 to 3.13 on Linux.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

import atheris

# What reads is followed branch by branch. What then computes goes the way that the guideline says:
# it runs, but to follow it there takes most of the time and teaches the fuzzer nothing.
with atheris.instrument_imports(
    include=["myorx.facts", "myorx.language.parser"],
    exclude=[
        "myorx.facts.derive",
        "myorx.facts.environment",
        "myorx.facts.instrument",
        "myorx.facts.resolution",
        "myorx.facts.resolve",
        "myorx.facts.spelling",
        "myorx.facts.timeline",
        "myorx.language.calendar",
        "myorx.language.evaluate",
        "myorx.language.intervals",
        "myorx.language.values",
        "myorx.language.walk",
    ],
):
    from myorx.facts import CaseError, read_case
    from myorx.facts.faults import Faults
    from myorx.facts.read import read_written
    from myorx.facts.resolve import Mode, judged
    from myorx.language import LanguageError, cql

    # From where it stands: the package would load it when it is first used, not instrumented.
    from myorx.language.parser import MAX_LENGTH, parse

import myorx.facts.spelling as spelling
from myorx.guideline.load import GUIDELINES, load_folder
from myorx.guideline.models import Guideline
from myorx.guideline.vignettes import load_vignettes
from myorx.guideline.walk import walk
from myorx.language.syntax import Expression
from myorx.language.vocabulary import RESERVED

AIM = "aim"
LONGEST = {"parser": 256, "reader": 1024, "values": 256}
"""So many bytes at most, unless asked for otherwise: shorter ones are faster."""
WORK = Path(__file__).resolve().parent.parent / "build" / "fuzz"


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")


def _alike(word: str, among: Sequence[str], n: int, cutoff: float) -> list[str]:
    """In place of difflib's: two thirds of the time went into comparing a name that is none with
    all there are. What is done with the names found alike is followed as before."""
    del cutoff
    return [each for each in among if each[:2] == word[:2]][:n]


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
        _read(data, _text(data[1:]), guideline)

    return once


def values(guideline: Guideline) -> Callable[[bytes], None]:
    """The same of a case that comes as data: no time goes into YAML, all of it into the values."""

    def once(data: bytes) -> None:
        _read(data, _case(_text(data[1:])), guideline)

    return once


def _read(data: bytes, source: str | Mapping[str, Any], guideline: Guideline) -> None:
    """Every input is read and its values are judged; one in 32 is worked out to the last fact,
    which takes longer than all the rest and goes the guideline's way, not the reader's."""
    faults: Faults | None = None
    try:
        if crc32(data) % 32:
            written = read_written(source, guideline)
            faults = written.faults
            judged(written.case, guideline, written.places, faults)
        else:
            # The first byte decides the mode, the rest is the case.
            mode: Mode = "import" if data[:1] > b"\x7f" else "bedside"
            patient = read_case(source, guideline, mode=mode)
            assert list(patient.facts) == list(guideline.facts)
    except CaseError as error:
        refused: CaseError | None = error
    else:
        refused = CaseError(faults.all) if faults is not None and len(faults) else None
    if refused is not None:
        assert refused.faults
        for lang in ("zh", "en"):
            assert all(line.isprintable() for line in refused.lines(lang))


def _case(text: str) -> Mapping[str, Any]:
    """Data out of ``name=value`` on lines: ``a|b`` is a list, ``a~b;c~d`` a mapping."""
    case: dict[str, Any] = {"as_of": "2026-11-22"}
    for line in text.split("\n"):
        name, _, value = line.partition("=")
        found = [_value(item) for item in value.split("|")]
        case[name] = found[0] if len(found) == 1 else [item for item in found if item != ""]
    return case


def _value(text: str) -> Any:
    if "~" not in text:
        return text
    pairs = (pair.partition("~") for pair in text.split(";"))
    return {name: value for name, _, value in pairs}


def _lines(case: Mapping[str, Any]) -> str:
    """The other way round; what lies deeper than a mapping in a list is left out."""

    def inner(value: Any) -> str:
        if isinstance(value, Mapping):
            return ";".join(f"{name}~{part}" for name, part in value.items())
        return str(value)

    return "\n".join(
        f"{name}={'|'.join([*map(inner, value), '']) if isinstance(value, list) else inner(value)}"
        for name, value in case.items()
    )


TARGETS: Mapping[str, Callable[[Guideline], Callable[[bytes], None]]] = {
    "parser": parser,
    "reader": reader,
    "values": values,
}


def seeds(target: str, guideline: Guideline, folder: Path) -> Iterator[bytes]:
    """Real texts to begin with."""
    if target == "parser":
        for found in walk(guideline):
            if isinstance(found.value, Expression):
                yield cql(found.value).encode()
        for definition in guideline.definitions.values():
            yield cql(definition.expression.expression).encode()
        return
    for number, vignette in enumerate(load_vignettes(folder)[0]):
        case: Mapping[str, Any] = {"as_of": vignette.as_of.isoformat(), **vignette.case}
        as_json = json.dumps(case, ensure_ascii=False, default=str)
        text = _lines(case) if target == "values" else as_json
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
    options.add_argument("--guideline", type=Path, default=GUIDELINES / AIM)
    asked = options.parse_args()
    spelling.get_close_matches = _alike  # type: ignore[assignment]
    guideline = load_folder(asked.guideline)
    work = WORK / f"{asked.target}-{asked.guideline.name}"
    corpus = work / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for text in seeds(asked.target, guideline, asked.guideline):
        (corpus / hashlib.sha256(text).hexdigest()[:16]).write_bytes(text)
    lines = (json.dumps(word) for word in words(asked.target, guideline) if word.isascii())
    dictionary = work / "words.txt"
    dictionary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    flags = {
        "atheris_runs": asked.runs,
        "seed": asked.seed,
        "max_len": asked.longest or LONGEST[asked.target],
        "dict": dictionary,
        "artifact_prefix": f"{work}/",
        "print_final_stats": 1,
    }
    arguments = [f"-{name}={value}" for name, value in flags.items()]
    atheris.Setup([sys.argv[0], *arguments, str(corpus)], TARGETS[asked.target](guideline))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
