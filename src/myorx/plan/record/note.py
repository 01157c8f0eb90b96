"""A plan as a note for the patient's record: which sections, in which order."""

from __future__ import annotations

from myorx.guideline.models import Guideline
from myorx.plan.model import Plan
from myorx.plan.record.ahead import follow_up
from myorx.plan.record.blocks import Block, Item, Note, Section
from myorx.plan.record.checks import contraindications, not_covered, to_find_out
from myorx.plan.record.opinion import opinion
from myorx.plan.record.sources import sources
from myorx.plan.record.summary import summary
from myorx.plan.texts import plain, say

_HASH = 12


def note(plan: Plan, guideline: Guideline) -> Note:
    """The note of a plan. ``guideline`` lends its bibliography; everything else is the plan's."""
    parts: tuple[tuple[str, tuple[Block, ...]], ...] = (
        ("summary", summary(plan)),
        ("opinion", opinion(plan)),
        ("to_find_out", to_find_out(plan)),
        ("contraindications", contraindications(plan)),
        ("follow_up", follow_up(plan)),
        ("not_covered", not_covered(plan)),
    )
    sections = tuple(_section(name, blocks) for name, blocks in parts)
    end = _section("sources", sources(plan, guideline, sections))
    return Note(say("record_title"), _stamp(plan), (*sections, end))


def _section(name: str, blocks: tuple[Block, ...]) -> Section:
    return Section(say(f"record_{name}"), blocks or (Item(say("record_empty")),))


def _stamp(plan: Plan) -> tuple[Item, ...]:
    receipt = plan.receipt
    made = f"{receipt.guideline} {receipt.version} ({receipt.guideline_hash[:_HASH]})"
    return (
        Item(plain(plan.as_of), say("record_date")),
        Item(plan.title, say("record_after")),
        Item(
            say("record_version", guideline=made, engine=receipt.engine, review=receipt.review),
            say("record_made"),
        ),
        Item(receipt.notice, say("record_notice")),
    )
