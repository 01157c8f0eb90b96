"""Cards about orders: what is known to speak against a drug, each on its own; what is not known yet
together on one card of information. Silence where nothing does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from typing import Literal as OneOf

from myorx.exchange.service.cards import Action, Card, Suggestion, reasons, short
from myorx.exchange.service.detail import Page, joined
from myorx.exchange.service.knowledge import Knowledge
from myorx.exchange.service.prefetch import Asked
from myorx.exchange.service.suggestions import Desk, tests
from myorx.exchange.service.words import plain, word
from myorx.plan.drugs import judge_drugs
from myorx.plan.model import DrugResult, Reason

_KNOWN: Final = ("contraindicated", "conflict", "caution")
_UNCLEAR: Final = "drug_ambiguous"


def order_cards(asked: Asked, page: Page, desk: Desk) -> tuple[Card, ...]:
    """The cards about the orders that were asked about, the gravest first."""
    orders = _by_drug(asked)
    drugs = [each for each in verdicts(asked, page.knowledge) if each.id in orders]
    known = [_known(each, orders[each.id], page, desk) for each in drugs if _speaks(each)]
    rank = {"critical": 0, "warning": 1, "info": 2}
    known.sort(key=lambda card: rank[card.indicator])
    return (*known, *_open(drugs, asked, page, desk))


def verdicts(asked: Asked, knowledge: Knowledge) -> tuple[DrugResult, ...]:
    """The verdict on each drug that is taken or ordered, as the plan has it. What else the plan
    would offer does not touch it, and takes most of the time that a plan takes."""
    return judge_drugs(knowledge.planner.situation(asked.imported.patient), (), ())


def known_drugs(asked: Asked) -> bool:
    """Whether any of the orders is of a drug that the guideline knows."""
    return bool(_by_drug(asked)) or any(_unclear(asked))


def verdict_card(
    drug: DrugResult, page: Page, desk: Desk, suggestions: tuple[Suggestion, ...] = ()
) -> Card:
    """What is known to speak against one drug."""
    true = [each for each in drug.hazards if each.value == "true"]
    why = "; ".join(_because(each, page) for each in true)
    cites = tuple(dict.fromkeys(cite for each in true for cite in each.cites))
    name = page.side(drug.names)
    return Card(
        uuid=desk.identity("drug", drug.id),
        summary=short(plain(f"verdict_{drug.verdict}", page.lang, drug=name, why=why)),
        indicator=_indicator(drug),
        source=page.source(cites),
        detail=joined(
            (page.bullet(_because(each, page), each.cites) for each in true),
            page.sources(cites),
            page.foot(),
        ),
        suggestions=suggestions,
        selection_behavior="any" if suggestions else None,
        override_reasons=reasons(page.lang),
    )


def _speaks(drug: DrugResult) -> bool:
    """Whether something is known to be true that speaks against the drug."""
    return drug.verdict in _KNOWN and any(each.value == "true" for each in drug.hazards)


def _indicator(drug: DrugResult) -> OneOf["info", "warning", "critical"]:
    """Critical is a contraindication that is known true, or what the guideline itself calls so."""
    if drug.verdict == "contraindicated":
        return "critical"
    if drug.verdict == "caution":
        return "warning" if drug.severity in ("critical", "warning") else "info"
    return drug.severity or "warning"


def _because(reason: Reason, page: Page) -> str:
    condition = page.side(reason.condition)
    if reason.says is None:
        return condition
    return plain("because", page.lang, condition=condition, says=page.side(reason.says))


def _known(drug: DrugResult, references: tuple[str, ...], page: Page, desk: Desk) -> Card:
    suggestions: tuple[Suggestion, ...] = ()
    if drug.verdict == "contraindicated" and references:
        said = plain("withdraw", page.lang, drug=page.side(drug.names))
        # As the client names them: a procedure came in as a request for a service.
        names = [each.replace("Procedure/", "ServiceRequest/") for each in references]
        actions = tuple(Action("delete", said, resource_id=each) for each in names)
        suggestions = (Suggestion(said, desk.identity("withdraw", drug.id), actions),)
    return verdict_card(drug, page, desk, suggestions)


# -- what is not known -----------------------------------------------------------------------------


def _open(drugs: list[DrugResult], asked: Asked, page: Page, desk: Desk) -> Iterator[Card]:
    """One card at most: what keeps an order from being known safe, and the tests that decide."""
    waiting = [each for each in drugs if _unknown(each)]
    unclear = list(_unclear(asked))
    if not waiting and not unclear:
        return
    facts = {fact: None for each in waiting for fact in each.needs}
    ask = page.knowledge.guideline.facts
    questions = [ask[fact].question or ask[fact].label for fact in facts if fact in ask]
    suggestions = tuple(tests(facts, desk))
    mark = "、" if page.lang == "zh" else ", "
    names = mark.join([*(page.side(each.names) for each in waiting), *unclear])
    lines = [page.bullet(_waits(each, page)) for each in waiting]
    lines += [page.bullet(word("order_unclear", page.lang, what=each)) for each in unclear]
    if questions:
        lines += ["", f"**{plain('open_questions', page.lang)}**", ""]
        lines += [page.bullet(page.side(each)) for each in questions]
    yield Card(
        uuid=desk.identity("open"),
        summary=short(plain("open_orders", page.lang, names=names)),
        indicator="info",
        source=page.source(),
        detail=joined(lines, page.foot()),
        suggestions=suggestions,
        selection_behavior="any" if suggestions else None,
    )


def _unknown(drug: DrugResult) -> bool:
    return not _speaks(drug) and (drug.provisional or drug.verdict in ("blocked", "not_covered"))


def _waits(drug: DrugResult, page: Page) -> str:
    name = page.side(drug.names)
    if drug.says is not None:
        return plain("open_order", page.lang, drug=name, says=page.side(drug.says))
    wording = page.knowledge.planner.wording
    mark = "、" if page.lang == "zh" else ", "
    topics = mark.join(page.side(wording.topic(each)) for each in drug.not_covered)
    return plain("not_covered", page.lang, drug=name, topics=topics)


# -- which orders ----------------------------------------------------------------------------------


def _by_drug(asked: Asked) -> Mapping[str, tuple[str, ...]]:
    """Each drug ordered, with the references of its orders; only those that were asked about."""
    report = asked.imported.report
    found: dict[str, tuple[str, ...]] = {}
    for used in report.used:
        kind, _, drug = used.subject.partition(":")
        reference = used.where.rpartition(" ")[2]
        if kind != "order":
            continue
        if reference in asked.selected or reference not in asked.orders:
            found[drug] = (*found.get(drug, ()), *_own(reference, asked))
    return found


def _own(reference: str, asked: Asked) -> tuple[str, ...]:
    return (reference,) if reference in asked.orders else ()


def _unclear(asked: Asked) -> Iterator[str]:
    """What an order calls a drug that could be several of ours."""
    for each in asked.imported.report.ignored:
        reference = each.where.rpartition(" ")[2]
        if each.why.code == _UNCLEAR and reference in asked.selected:
            yield each.what
