"""What to find out, what not to give, what the source leaves out."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.guideline.texts import Text
from myorx.plan.model import DrugResult, Need, Plan
from myorx.plan.phrases import met_by
from myorx.plan.record.blocks import Block, Item, Table
from myorx.plan.record.opinion import because, undetermined
from myorx.plan.snapshot import verdict_of
from myorx.plan.texts import join, plain, say, sentence

# -- to find out -------------------------------------------------------------------------------


def to_find_out(plan: Plan) -> tuple[Block, ...]:
    """The questions that can still change the plan, best first, and what waits for them."""
    return tuple(_to_find_out(plan))


def _to_find_out(plan: Plan) -> Iterator[Block]:
    if plan.needs:
        head = tuple(say(f"record_column_{name}") for name in ("need", "state", "question", "why"))
        yield Table(head, tuple(_need(need) for need in plan.needs))
    for decision in plan.decisions:
        if decision.status == "open" and decision.applies is not None:
            told = say("record_open", question=sentence(decision.question))
            yield Item(decision.applies.condition, told)
        elif decision.status == "live":
            waiting = [each.names for each in decision.candidates if undetermined(each)]
            if waiting:
                told = say("record_undetermined", question=sentence(decision.question))
                yield Item(join(waiting, "clause"), told)


def _need(need: Need) -> tuple[Text, ...]:
    state = say("since_urgent") if need.urgent else say(f"since_{need.reason}")
    return need.label, state, need.question, need.why


# -- contraindications -------------------------------------------------------------------------


def contraindications(plan: Plan) -> tuple[Block, ...]:
    """The verdict on every drug taken, ordered or offered; then what is not to be used here."""
    return tuple(_contraindications(plan))


def _contraindications(plan: Plan) -> Iterator[Block]:
    spoken = [drug for drug in plan.drugs if not _quiet(drug)]
    if spoken:
        head = tuple(say(f"record_column_{name}") for name in ("drug", "use", "verdict", "reason"))
        yield Table(head, tuple(_verdict(drug) for drug in spoken))
    quiet = [drug.names for drug in plan.drugs if _quiet(drug)]
    if quiet:
        yield Item(join(quiet), say("record_clear"))
    unwanted = tuple(_unwanted(plan))
    if unwanted:
        yield Item(head=say("record_unwanted"), items=unwanted)


def _quiet(drug: DrugResult) -> bool:
    """Only offered, nothing against it, nothing left to ask."""
    return drug.verdict == "clear" and not (drug.taken or drug.ordered or drug.needs)


def _verdict(drug: DrugResult) -> tuple[Text, ...]:
    uses = [say(f"since_{use}") for use in ("taken", "ordered") if getattr(drug, use)]
    if not uses:
        uses = [say("record_offered")]
    return drug.names, join(uses), verdict_of(drug), drug.says or plain("")


def _unwanted(plan: Plan) -> Iterator[Item]:
    for decision in plan.decisions:
        if decision.status != "live":
            continue
        for candidate in decision.candidates:
            if candidate.status in ("excluded", "advised_against"):
                kind = "exclude" if candidate.status == "excluded" else "against"
                met = [because(reason) for reason in met_by(candidate, kind)]
                why = (Item(text) for text in dict.fromkeys(met))
                status = say(f"status_{candidate.status}")
                yield Item(status, candidate.names, candidate.cites, tuple(why))
    for item in plan.advice:
        if item.status == "withheld":
            met = [because(r) for r in item.reasons if r.kind == "exclude" and r.value == "true"]
            under = tuple(Item(text) for text in dict.fromkeys(met))
            yield Item(say("status_withheld"), item.label, item.cites, under)


# -- what the source leaves out ----------------------------------------------------------------


def not_covered(plan: Plan) -> tuple[Item, ...]:
    """Topics to check elsewhere, and situations that may hold and have no answer."""
    items = [Item(remark.says, cites=remark.cites) for remark in plan.not_covered]
    for decision in plan.decisions:
        for gap in decision.gaps:
            if gap.value == "unknown":
                items.append(Item(gap.says, say("since_gap_unknown"), gap.cites))
    return tuple(items)
