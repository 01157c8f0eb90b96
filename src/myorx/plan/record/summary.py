"""What is known of the patient: facts, what they amount to, drugs in use, alerts."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.guideline.texts import Text
from myorx.plan.model import AlertResult, FactUsed, Plan
from myorx.plan.phrases import marked
from myorx.plan.record.blocks import Item
from myorx.plan.texts import join, plain, say


def summary(plan: Plan) -> tuple[Item, ...]:
    """The known facts first, then what follows from them, then what must be seen first."""
    return tuple(_items(plan))


def _items(plan: Plan) -> Iterator[Item]:
    facts = plan.receipt.facts
    known = [_fact(fact) for fact in facts if fact.origin == "given" and _known(fact)]
    yield Item(join(known, "clause") if known else say("record_nothing"), say("record_known"))
    derived = [_fact(fact) for fact in facts if fact.origin == "derived" and _known(fact)]
    if derived:
        yield Item(join(derived, "clause"), say("record_derived"))
    silent = [_fact(fact) for fact in facts if fact.origin == "absent_no"]
    if silent:
        yield Item(join(silent, "clause"), say("record_silent"))
    for key in ("taken", "ordered"):
        names = [drug.names for drug in plan.drugs if getattr(drug, key)]
        if names:
            yield Item(join(names), say(f"record_{key}"))
    inferred = [_inferred(fact) for fact in plan.receipt.inferences]
    if inferred:
        yield Item(join(inferred, "clause"), say("record_inferred"))
    found = tuple(
        Item(marked(finding.says, finding.basis), cites=finding.cites)
        for finding in plan.findings
        if finding.value not in ("false", "unknown")
    )
    if found:
        yield Item(head=say("record_findings"), items=found)
    alerts = tuple(Item(_alert(alert), cites=alert.cites) for alert in plan.alerts)
    if alerts:
        yield Item(head=say("record_alerts"), items=alerts)


def _alert(alert: AlertResult) -> Text:
    level = f"alert_{alert.level}{'_possible' if alert.possible else ''}"
    return say(level, text=marked(alert.says, alert.basis))


def _known(fact: FactUsed) -> bool:
    return fact.value != "unknown"


def _fact(fact: FactUsed) -> Text:
    """``ferritin 620 ng/mL (2026-11-20)``; a Boolean that has words of its own says only these."""
    words = fact.words or plain(fact.value)
    bare = fact.value in ("true", "false") and words != say(f"truth_{fact.value}")
    told = words if bare else say("finding", label=fact.label, value=words)
    return told if fact.on is None else say("since_on", value=told, on=fact.on)


def _inferred(fact: FactUsed) -> Text:
    told = _fact(fact)
    return told if fact.says is None else say("because_of", names=told, why=fact.says)
