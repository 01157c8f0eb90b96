"""Cutting a source into sentences, and finding those that no statement accounts for."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from myorx.guideline.check.anchors import body_of, normal
from myorx.guideline.coverage import Unaccounted, source_coverage
from myorx.guideline.load import load_folder
from myorx.guideline.models import Guideline
from myorx.guideline.sentences import sentences

GOOD = Path(__file__).parent / "good"

SOURCE = """文章编号:1003
摘 要: 咽痛。很常见。

Key words: throat; pain

咽痛(sore throat)很常 见[1,2]。多为病毒性；
少数为细菌性

收稿日期:2025-02-19;修订日期:2025-04-11
通信作者: 某某。

感染!

2 治疗

用 2 g/d;或 3 次/d。
2 次无效者换药^[3-5]

3 Follow up

真的吗？是。

| 药 | 剂量 |
|---|---|
| 甲 | 1 g |

注：$CNIs 最常用。
利益冲突声明: 无。

[参考文献]
- [1] 某人. 某文。
"""


def test_each_kind_of_line_is_cut_as_the_rules_say() -> None:
    assert [(one.section, one.text) for one in sentences(SOURCE)] == [
        ("", "咽痛(sorethroat)很常见。"),
        ("", "多为病毒性;"),
        ("", "少数为细菌性感染!"),
        ("2", "用2g/d;"),
        ("2", "或3次/d。"),
        ("2", "2次无效者换药"),
        ("3", "真的吗?"),
        ("3", "是。"),
        ("3", "|药|剂量|"),
        ("3", "|甲|1g|"),
        ("3", "注:CNIs最常用。"),
    ]


def test_a_sentence_stands_where_its_ranges_say_also_across_a_page_break() -> None:
    body = normal(body_of(SOURCE))
    found = sentences(SOURCE)
    for sentence in found:
        assert "".join(body[first:last] for first, last in sentence.ranges) == sentence.text
    broken = found[2]
    (first, middle), (later, last) = broken.ranges
    assert middle < later
    assert broken.holds(first, first + 1)
    assert broken.holds(last - 1, last)
    assert not broken.holds(middle, later)


def test_the_beginning_of_a_line_is_no_heading_unless_it_stands_alone() -> None:
    text = "甲乙丙\n2 个月后复查\n再评估。\n\n3 结论\n\n丁。"
    assert [(s.section, s.text) for s in sentences(text)] == [
        ("", "甲乙丙2个月后复查再评估。"),
        ("3", "丁。"),
    ]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "[参考文献]\n甲。", "摘要: 甲。", "1 引言\n\n2 方法\n"]
)
def test_nothing_to_account_for(text: str) -> None:
    assert sentences(text) == ()


@pytest.fixture(scope="module")
def throat() -> Guideline:
    return load_folder(GOOD / "throat")


@pytest.fixture(scope="module")
def paper() -> str:
    return (GOOD / "throat_paper.txt").read_text(encoding="utf-8")


def test_every_sentence_of_the_small_source_is_accounted_for(throat: Guideline, paper: str) -> None:
    found = source_coverage(throat, paper)
    assert (found.sentences, found.complete) == (7, True)


def test_a_sentence_without_statement_is_found(throat: Guideline, paper: str) -> None:
    found = source_coverage(throat, paper + "\n3 结语\n\n早期治疗\n很重要。")
    assert found.unaccounted == (Unaccounted("3", "早期治疗很重要。"),)
    assert not found.complete


def test_taking_out_any_statement_that_is_alone_in_its_sentence_is_noticed(
    throat: Guideline, paper: str
) -> None:
    noticed = set()
    for id_ in throat.statements:
        rest = {key: value for key, value in throat.statements.items() if key != id_}
        found = source_coverage(msgspec.structs.replace(throat, statements=rest), paper)
        assert len(found.unaccounted) <= 1
        noticed |= {id_ for _ in found.unaccounted}
    assert {"S1.1", "S1.2"} <= noticed


def test_a_statement_that_does_not_stand_in_the_source_is_named(
    throat: Guideline, paper: str
) -> None:
    found = source_coverage(throat, paper.replace("38.5", "38.0"))
    assert found.misplaced == ("S1.2",)
    assert not found.complete
