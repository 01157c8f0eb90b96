"""The ledger is anchored in the paper, complete in both languages, and never a copy of it.

The paper itself is not part of this repository. Where a checkout has it beside the repository
(`../shared/clinical/paper.zh.txt`) every quote is looked up in it; elsewhere those tests skip.
"""

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from myorx.guideline.check.anchors import anchors as product_anchors
from myorx.guideline.check.anchors import body_of, normal
from myorx.guideline.coverage import source_coverage
from myorx.guideline.load import load

ROOT = Path(__file__).resolve().parents[2]
GUIDELINE = ROOT / "src" / "myorx" / "guidelines" / "aim"
PAPER = ROOT.parent / "shared" / "clinical" / "paper.zh.txt"

FILES = (
    "0-overview",
    "1-glucocorticoids",
    "2-immunosuppressants",
    "3-skin",
    "4-calcinosis",
    "5-ild",
    "6-refractory",
    "7-reproduction",
    "8-rehabilitation",
    "9-conclusion",
)
KINDS = set(
    "definition epidemiology classification recommendation dose duration monitoring evidence "
    "adverse_effect caution contraindication mechanism prognosis background scope".split()
)
STATUSES = {"encoded", "background", "untranslatable", "disputed", "pending"}
POPULATIONS = {"adult", "child", "any", "women", "men", "unstated"}
KEYS = set("id quote after says refs kind strength population indirect status why disputes".split())
WEIGHTS = {"critical", "major", "minor"}

STRENGTH_WINDOW = 120  # the verb stands near the words that it governs
LONGEST_QUOTE = 25
LONGEST_SHARED_RUN = 30


def plain(value: Any) -> Any:
    """Ordinary Python data from what ruamel loads."""
    return json.loads(json.dumps(value))


def read(path: Path) -> Any:
    return plain(YAML(typ="safe").load(path.read_text(encoding="utf-8")))


LEDGER: dict[str, list[dict[str, Any]]] = {
    name: read(GUIDELINE / "ledger" / f"{name}.yaml") for name in FILES
}
STATEMENTS = [statement for entries in LEDGER.values() for statement in entries]
BY_ID = {statement["id"]: statement for statement in STATEMENTS}
DISPUTES: list[dict[str, Any]] = read(GUIDELINE / "disputes.yaml")
READ = load("aim")
REFERENCES: list[dict[str, Any]] = json.loads(
    (GUIDELINE / "references.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def body() -> str:
    """The normalised text of the paper, without its list of references."""
    if not PAPER.exists():
        pytest.skip(f"the paper is not beside this checkout ({PAPER}); anchors not looked up")
    return normal(body_of(PAPER.read_text(encoding="utf-8")))


def anchors(statement: dict[str, Any], body: str) -> tuple[int, ...]:
    """Where the quote stands, `after` shortly before it when given."""
    return product_anchors(READ.statements[statement["id"]], body)


def is_bilingual(text: dict[str, str]) -> bool:
    """Both languages, and each in its own script."""
    cjk = re.compile(r"[\u4e00-\u9fff]")
    return set(text) == {"zh", "en"} and bool(
        cjk.search(text["zh"]) and text["en"].strip() and not cjk.search(text["en"])
    )


def longest_shared_run(text: str, hay: str, limit: int) -> str:
    """The first run of more than `limit` characters of `text` that stands in `hay`, or ''."""
    for start in range(len(text) - limit):
        run = text[start : start + limit + 1]
        if run in hay:
            return run
    return ""


# --- against the paper -------------------------------------------------------------------------


def test_every_quote_stands_once_in_the_paper(body: str) -> None:
    faults = [
        f"{s['id']}: {len(at)} places for {s['quote']!r} after {s.get('after')!r}"
        for s in STATEMENTS
        if len(at := anchors(s, body)) != 1
    ]
    assert not faults, "\n".join(faults)


def test_every_sentence_of_the_paper_carries_a_statement() -> None:
    if not PAPER.exists():
        pytest.skip(f"the paper is not beside this checkout ({PAPER}); sentences not looked at")
    found = source_coverage(READ, PAPER.read_text(encoding="utf-8"))
    assert found.sentences > 150
    assert not found.unaccounted, "\n".join(sentence.text for sentence in found.unaccounted)
    assert not found.misplaced


def test_statements_follow_the_text(body: str) -> None:
    """The files follow the text, Fig. 1's notes for themselves."""
    for name, entries in LEDGER.items():
        for series in (True, False):
            at = [anchors(s, body)[0] for s in entries if (".F" in s["id"]) is series]
            for earlier, later in itertools.pairwise(at):
                # a sentence's subject may be quoted after its verb
                assert later > earlier - 60, f"{name}: out of the order of the text"


def test_strength_is_the_papers_own_verb_near_the_quote(body: str) -> None:
    faults = []
    for s in STATEMENTS:
        if "strength" not in s:
            continue
        at = anchors(s, body)[0]
        near = body[max(0, at - STRENGTH_WINDOW) : at + STRENGTH_WINDOW]
        if normal(s["strength"]) not in near:
            faults.append(f"{s['id']}: {s['strength']!r} does not stand near the quote")
    assert not faults, "\n".join(faults)


def test_says_is_our_own_words(body: str) -> None:
    faults = []
    for s in STATEMENTS:
        run = longest_shared_run(normal(s["says"]["zh"]), body, LONGEST_SHARED_RUN)
        if run:
            faults.append(f"{s['id']}: copies {run!r}")
    assert not faults, "\n".join(faults)


def test_references_are_those_at_that_place() -> None:
    """Every bracket of the paper is used by some statement, with every number in it."""
    if not PAPER.exists():
        pytest.skip(f"the paper is not beside this checkout ({PAPER}); brackets not compared")
    text = PAPER.read_text(encoding="utf-8").split("[参考文献]")[0]
    cited: set[int] = set()
    for bracket in re.findall(r"\[(\d+(?:[,.\-]\d+)*)\]", text):
        for part in re.split(r"[,.]", bracket):
            first, _, last = part.partition("-")
            cited.update(range(int(first), int(last or first) + 1))
    used = {number for s in STATEMENTS for number in s["refs"]}
    assert used == cited == set(range(1, 96))


# --- always ------------------------------------------------------------------------------------


def test_ids_are_unique_and_in_order() -> None:
    assert len(BY_ID) == len(STATEMENTS)
    for name, entries in LEDGER.items():
        section = name[0]
        plain_ids: list[int] = []
        figure_ids: list[int] = []
        for s in entries:
            match = re.fullmatch(rf"S{section}\.(F?)([1-9]\d*)", s["id"])
            assert match, f"{s['id']} does not belong to {name}"
            (figure_ids if match[1] else plain_ids).append(int(match[2]))
        for series in (plain_ids, figure_ids):
            assert sorted(series) == list(range(1, len(series) + 1)), f"{name}: a gap in the ids"
            # a late id (appended number, placed where the text has it) is allowed, a swap is not
            in_order = [n for i, n in enumerate(series) if n == max(series[: i + 1])]
            late = [n for n in series if n not in in_order]
            assert len(late) <= len(series) // 10, f"{name}: ids out of order"


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda s: s["id"])
def test_statement_is_whole(statement: dict[str, Any]) -> None:
    assert set(statement) <= KEYS
    assert 0 < len(statement["quote"]) <= LONGEST_QUOTE
    assert is_bilingual(statement["says"])
    assert statement["kind"] in KINDS
    assert statement["status"] in STATUSES
    assert statement.get("population", "any") in POPULATIONS
    assert statement.get("indirect", True) is True
    assert statement["refs"] == sorted(set(statement["refs"]))
    if statement["status"] == "untranslatable":
        assert is_bilingual(statement["why"])
    if statement["status"] == "disputed":
        assert statement["disputes"]


def test_cited_references_exist() -> None:
    known = {entry["id"] for entry in REFERENCES}
    reports = {id_ for id_ in known if id_.startswith("case-")}
    assert known - reports == {"zhao2025"} | {str(number) for number in range(1, 96)}
    assert len(REFERENCES) == len(known)
    assert all(str(number) in known for s in STATEMENTS for number in s["refs"])


@pytest.mark.parametrize("entry", REFERENCES, ids=lambda e: e["id"])
def test_reference_is_whole(entry: dict[str, Any]) -> None:
    assert entry["title"]
    text = json.dumps(entry, ensure_ascii=False)
    assert not re.search(r"\s{2}|\[J\]|- [a-z]|\bet al\b", text)
    for author in entry.get("author", ()):
        assert set(author) in ({"family", "given"}, {"literal"})
    if entry["id"].startswith("case-"):
        # Some were seen only in part: what could not be read is left out, and the note says so.
        assert {"author", "issued"} <= entry.keys() or "in the text that was read" in entry["note"]
        return
    assert entry["type"] in {"article-journal", "book"}
    assert entry["author"]
    assert 1990 < entry["issued"]["date-parts"][0][0] <= 2025
    if entry["type"] == "article-journal":
        assert {"container-title", "volume", "page"} <= set(entry)


@pytest.mark.parametrize("dispute", DISPUTES, ids=lambda d: d["id"])
def test_dispute_is_whole(dispute: dict[str, Any]) -> None:
    assert set(dispute) == {"id", "weight", "where", "problem", "readings", "taken", "why", "shows"}
    assert dispute["weight"] in WEIGHTS
    assert all(where in BY_ID for where in dispute["where"])
    for field in ("problem", "why", "shows"):
        assert is_bilingual(dispute[field])
    readings = {reading["id"]: reading["says"] for reading in dispute["readings"]}
    assert len(readings) == len(dispute["readings"]) >= 2
    assert dispute["taken"] in readings
    assert all(is_bilingual(says) for says in readings.values())


def test_statements_and_disputes_point_at_each_other() -> None:
    ids = [dispute["id"] for dispute in DISPUTES]
    assert len(ids) == len(set(ids))
    from_ledger = {(d, s["id"]) for s in STATEMENTS for d in s.get("disputes", [])}
    from_register = {(d["id"], where) for d in DISPUTES for where in d["where"]}
    assert from_ledger == from_register
