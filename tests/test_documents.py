"""The documents say what is so: links lead somewhere, commands exist, examples work."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from myorx.guideline.check.context import Context
from myorx.guideline.load import load
from myorx.guideline.positions import Positions
from myorx.language import BOOLEAN, check, parse

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")]
PAGES += sorted(DOCS.glob("*.md"))

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def links(page: Path) -> Iterator[Path]:
    """Files of this repository that a page links to."""
    for target in LINK.findall(text_of(page)):
        if "://" not in target and not target.startswith(("#", "mailto:")):
            yield (page.parent / target.partition("#")[0]).resolve()


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a page in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(page), re.M | re.S)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    assert not [str(target) for target in links(page) if not target.exists()]


def test_every_document_is_linked_from_the_readme_or_the_index() -> None:
    index = DOCS / "index.md"
    assert index in set(links(ROOT / "README.md"))
    linked = {*links(ROOT / "README.md"), *links(index), index}
    assert not [page.name for page in DOCS.glob("*.md") if page not in linked]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_make_commands_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", text_of(ROOT / "Makefile"), re.M))
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text_of(page), re.S))
    assert set(re.findall(r"(?:^|`)make ([a-z][a-z-]*)", code, re.M)) <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_examples_run(page: Path) -> None:
    for example in blocks(page, "python"):
        command = [sys.executable, "-W", "error", "-c", example]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_cases_shown_can_be_planned(page: Path) -> None:
    for case in blocks(page, "yaml"):
        if case.startswith("as_of:"):
            command = [sys.executable, "-m", "myorx.cli", "plan", "-"]
            subprocess.run(command, input=case, text=True, check=True, capture_output=True)


def test_conditions_shown_to_authors_are_conditions_of_the_guideline() -> None:
    types = Context(load(), Positions(), None).types
    (examples,) = blocks(DOCS / "authors.md", "cql")
    for line in examples.splitlines():
        assert check(parse(line), types, allow_is_null=False) == BOOLEAN, line


def test_the_glossary_has_every_word_of_the_design() -> None:
    defined = set(re.findall(r"^\| \*\*([^*|]+)\*\*", text_of(DOCS / "glossary.md"), re.M))
    words = """
        advice argument basis candidate case decision definition dispute fact guideline hazard
        ledger need plan receipt regimen role statement theorem vignette
    """
    assert set(words.split()) == defined


@pytest.mark.parametrize(
    "tool", ["cli_doc.py", "readme_output.py", "instruments_doc.py", "bounds.py"]
)
def test_what_is_shown_of_the_program_is_fresh(tool: str) -> None:
    """``make docs`` writes it again."""
    command = [sys.executable, ROOT / "tools" / tool, "--check"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
