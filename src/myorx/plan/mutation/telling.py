"""What a plan says, item by item, as a vignette would expect it; and what of it a fault changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from myorx.guideline.vignettes import Expectation
from myorx.plan.model import PartResult, Plan
from myorx.plan.needs import doses
from myorx.plan.situation import Situation
from myorx.plan.values import shown
from myorx.plan.vignettes import noted, when_due


class Item(NamedTuple):
    """One thing to expect: the keys that lead to it under ``expect``, in the author's spelling, and
    what stands there. A list stands for one more of its members."""

    keys: tuple[str, ...]
    value: Any

    @property
    def expectation(self) -> Expectation:
        """Nothing but this."""
        keys, value = list(self.keys), self.value
        if keys[0] == "decisions":
            key = keys[2]
            keys[2:3] = [key.removeprefix("_")] if key.startswith("_") else ["candidates", key]
        for key in reversed(keys):
            value = {key: value}
        return msgspec.convert(value, Expectation)


def items(situation: Situation, plan: Plan) -> Iterator[Item]:
    """Everything that a vignette can expect of this plan, what matters most to a patient first."""
    if plan.outside_guideline is not None:
        yield Item(("outside",), True)
    for decision in plan.decisions:
        for candidate in decision.candidates:
            yield Item(("decisions", decision.id, candidate.id, "status"), candidate.status)
    for drug in plan.drugs:
        yield Item(("drugs", drug.id), drug.verdict)
    for advice in plan.advice:
        yield Item(("advice", advice.id), advice.status)
    yield from _absent("advice", situation.guideline.advice, (one.id for one in plan.advice))
    for alert in plan.alerts:
        yield Item(("alerts", alert.id), "possible" if alert.possible else alert.level)
    yield from _absent("alerts", situation.guideline.alerts, (one.id for one in plan.alerts))
    for decision in plan.decisions:
        yield Item(("decisions", decision.id, "_status"), decision.status)
        stated = situation.guideline.decisions[decision.id].gaps
        values = dict.fromkeys((gap.id for gap in stated), "false")
        values.update((gap.id, gap.value) for gap in decision.gaps)
        for id_, stands in values.items():
            yield Item(("decisions", decision.id, "_gaps_are", id_), stands)
        for candidate in decision.candidates:
            here = ("decisions", decision.id, candidate.id)
            yield Item((*here, "indication"), candidate.indication)
            yield Item((*here, "reserved"), candidate.reserved)
            yield Item((*here, "provisional"), candidate.provisional)
            for part in _parts(candidate.parts):
                yield Item((*here, "parts", part.id), part.safety)
            for reason in candidate.reasons:
                yield Item((*here, "reasons", reason.text), reason.value)
    for drug in plan.drugs:
        for hazard in drug.hazards:
            yield Item(("hazards", drug.id, hazard.text), hazard.value)
    for id_, notes in noted(situation, plan).items():
        yield from (Item(("notes", id_, when), stands) for when, stands in notes.items())
    for drug in plan.drugs:
        yield Item(("topics", drug.id), tuple(drug.not_covered))
    for line in _doses(plan):
        yield Item(("doses", line[0]), line[1])
    for entry in plan.calendar.entries if plan.calendar is not None else ():
        yield Item(("calendar", entry.id), when_due(entry))
    for id_, fact in situation.guideline.facts.items():
        if fact.derived or fact.infer or fact.instrument is not None:
            yield Item(("facts", id_), shown(situation.value(id_)))
    for id_, definition in situation.guideline.definitions.items():
        value = situation.trace(definition.expression.expression).value
        yield Item(("findings", id_), shown(value))
    for need in plan.needs:
        yield Item(("needs",), [need.fact])
    yield from (Item(("disputes",), [one.id]) for one in plan.disputes)
    yield from (Item(("cites",), [one.id]) for one in plan.statements)


def _absent(key: str, every: Iterable[str], there: Iterable[str]) -> Iterator[Item]:
    found = set(there)
    yield from (Item((key, id_), "absent") for id_ in every if id_ not in found)


def _parts(parts: Iterable[PartResult]) -> Iterator[PartResult]:
    for part in parts:
        yield part
        yield from _parts(part.members)


def _doses(plan: Plan) -> Iterator[tuple[str, str]]:
    holders = [one.parts for decision in plan.decisions for one in decision.candidates]
    for parts in (*holders, *(advice.parts for advice in plan.advice)):
        for line in doses(parts):
            if line.withheld is not None:
                yield line.drug, "withheld"
            elif line.amount is not None:
                yield line.drug, line.amount
            else:
                yield line.drug, line.says.en


def merged(found: Iterable[Item]) -> Mapping[str, Any]:
    """Several items of one plan as one ``expect``, as it is written in YAML."""
    expect: dict[str, Any] = {}
    for item in found:
        place = expect
        for key in item.keys[:-1]:
            place = place.setdefault(key, {})
        last = item.keys[-1]
        if isinstance(item.value, list):
            listed = place.setdefault(last, [])
            listed += [one for one in item.value if one not in listed]
        else:
            place[last] = item.value
    return expect
