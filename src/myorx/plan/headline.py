"""The first screen: at most twelve lines, generated from the plan, the gravest first.

Each part of the plan drafts its lines; what does not fit is merged from the least important end.
An alert is never dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Literal, NamedTuple

import msgspec

from myorx.guideline.texts import Text
from myorx.plan.decisions import rank
from myorx.plan.model import (
    AdviceResult,
    AlertResult,
    CandidateResult,
    DecisionResult,
    DrugResult,
    Line,
    LineKind,
    Need,
    Remark,
)
from myorx.plan.phrases import (
    asked_list,
    marked,
    met_by,
    obstacles,
    regimen,
    silent,
    told,
    waiting,
    with_verb,
)
from myorx.plan.texts import capitalised, join, join_first, join_some, plain, say, sentence
from myorx.plan.wording import Wording

LINES = 12
WIDTH = 230
"""Characters of English that one line should not exceed."""
CHECK_WIDTH = 280
"""The same for what must be asked now, each question with what it decides."""

_ASKED = 6
_LABELS = 3
_SHORT = 4
_LAST_OFFERED = 3
"""The last rank (``decisions.rank``) of a candidate that the source offers here."""
_LAST_RECOMMENDED = 1
"""The last rank of a candidate whose verb tells the reader to do it."""
_MERGED_FIRST = ("gap", "option", "not_advised", "check", "advice", "plan", "alert")


class Draft(NamedTuple):
    """A line, and the words that stand for it when lines must be merged."""

    line: Line
    short: Text


class Shown(NamedTuple):
    """What the headline is drawn from."""

    wording: Wording
    outside: Text | None
    alerts: tuple[AlertResult, ...]
    decisions: tuple[DecisionResult, ...]
    drugs: tuple[DrugResult, ...]
    advice: tuple[AdviceResult, ...]
    needs: tuple[Need, ...]
    elsewhere: tuple[Remark, ...]


def headline(shown: Shown) -> tuple[Line, ...]:
    """The lines, best first."""
    headed = list(_headed(shown))
    drafts = [
        *_outside(shown),
        *_alerts(shown),
        *_plans(shown, headed),
        *_checks(shown, headed),
        *_undetermined(shown, headed),
        *_options(shown, headed),
        *_rescues(shown),
        *_in_use(shown),
        *_not_advised(shown),
        *_advice(shown),
        *_not_covered(shown),
        *_gaps(shown, headed),
        *_open(shown),
        *_elsewhere(shown),
    ]
    return tuple(draft.line for draft in _fitted(drafts))


# -- fitting -----------------------------------------------------------------------------------


def _fitted(drafts: list[Draft]) -> list[Draft]:
    """At most twelve: two neighbours of one kind at a time become one, the last ones first."""
    while len(drafts) > LINES:
        pair = next(
            (
                index
                for kind in _MERGED_FIRST
                for index in range(len(drafts) - 1, 0, -1)
                if drafts[index].line.kind == drafts[index - 1].line.kind == kind
            ),
            None,
        )
        if pair is None:
            break
        drafts[pair - 1 : pair + 1] = [_merged(drafts[pair - 1], drafts[pair])]
    return drafts


def _merged(first: Draft, second: Draft) -> Draft:
    says = join((first.short, second.short), "clause")
    line = msgspec.structs.replace(
        first.line,
        says=says,
        cites=tuple(dict.fromkeys((*first.line.cites, *second.line.cites))),
    )
    return Draft(line, says)


class Listed(NamedTuple):
    """A line that holds as many items as fit."""

    says: Text
    fitting: int
    """How many of them do."""


def _within(frame: Callable[[Text], Text], items: Sequence[Text], by: str = "clause") -> Listed:
    """As many of the items in the frame as fit one line; the rest is counted."""
    listed = tuple(dict.fromkeys(items))
    # Every item adds at least its own length: no need to try what cannot fit.
    count, room = 0, WIDTH - len(frame(plain("")).en)
    while count < len(listed) and room > 0:
        room -= len(listed[count].en)
        count += 1
    for fitting in range(count, 1, -1):
        text = frame(join_some(listed, fitting, by))
        if len(text.en) <= WIDTH:
            return Listed(text, fitting)
    return Listed(frame(join_some(listed, 1, by)), 1)


def _first_fitting(variants: Iterable[Text], width: int = WIDTH) -> Text:
    """The first variant that fits one line; the last one where none does."""
    chosen = None
    for chosen in variants:
        if len(chosen.en) <= width:
            break
    if chosen is None:
        raise ValueError("no variant")
    return chosen


def _draft(kind: LineKind, listed: Listed, cites: Sequence[Iterable[str]] = ()) -> Draft:
    """A listed line, with the citations of the items that are shown."""
    line = Line(kind, listed.says, cites=_cites(cites[: listed.fitting]))
    return Draft(line, listed.says)


def _cites(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cite for group in groups for cite in group))


# -- what is grave -----------------------------------------------------------------------------


def _outside(shown: Shown) -> Iterator[Draft]:
    if shown.outside is not None:
        yield Draft(Line("outside", shown.outside, "warning"), shown.outside)


def _alerts(shown: Shown) -> Iterator[Draft]:
    for alert in shown.alerts:
        key = f"alert_{alert.level}_possible" if alert.possible else f"alert_{alert.level}"
        says = say(key, text=marked(sentence(alert.says), alert.basis))
        yield Draft(Line("alert", says, alert.level, alert.cites), says)


# -- what to do --------------------------------------------------------------------------------


def _live(shown: Shown) -> Iterator[DecisionResult]:
    return (decision for decision in shown.decisions if decision.status == "live")


class Headed(NamedTuple):
    """A live decision with the candidates at its head, side by side."""

    decision: DecisionResult
    heads: list[CandidateResult]
    rank: int
    """Of these (``decisions.rank``)."""
    behind: bool
    """Mere options, behind another decision's recommendation."""


def _headed(shown: Shown) -> Iterator[Headed]:
    """Live decisions that have candidates, each with its heads."""
    recommended = False
    for decision in _live(shown):
        candidates = decision.candidates
        if candidates:
            best = rank(candidates[0])
            count = next((i for i, each in enumerate(candidates) if rank(each) != best), None)
            heads = list(candidates[:count])
            behind = recommended and _LAST_RECOMMENDED < best <= _LAST_OFFERED
            yield Headed(decision, heads, best, behind)
            recommended = recommended or best <= _LAST_RECOMMENDED


def _plans(shown: Shown, headed: list[Headed]) -> Iterator[Draft]:
    for decision, heads, best, behind in headed:
        yield from _lost(shown, decision)
        if best <= _LAST_OFFERED and not behind:
            if _is_inferred(heads):
                yield from _gaps_of(decision)
            yield _head(shown, heads, "plan")
            yield from _cautions(heads)


def _is_inferred(heads: list[CandidateResult]) -> bool:
    """All that is offered is our inference: then what the source leaves open is said before it."""
    return all(candidate.basis == "inferred" for candidate in heads)


def _cautions(heads: list[CandidateResult]) -> Iterator[Draft]:
    """The grave cautions that hold for what is offered."""
    met = [
        reason
        for candidate in heads
        for reason in met_by(candidate, "caution")
        if reason.severity in ("warning", "critical")
    ]
    if met:
        yield _warned("plan", "caution", {told(reason): reason.cites for reason in met})


def _warned(kind: LineKind, key: str, items: dict[Text, tuple[str, ...]]) -> Draft:
    """A listed line at the level of a warning."""
    listed = _within(lambda text: say(key, text=text), list(items))
    line = Line(kind, listed.says, "warning", _cites(list(items.values())[: listed.fitting]))
    return Draft(line, listed.says)


def _head(shown: Shown, heads: list[CandidateResult], kind: Literal["plan", "option"]) -> Draft:
    """The heads of one decision."""
    contested = heads[0].indication == "contested"
    variants = _conflicts(shown, heads) if contested else _plan_variants(heads, kind)
    says = _first_fitting(variants)
    line = Line(kind, says, "warning" if contested else "info", _cited(heads))
    return Draft(line, say("plan", text=_by_verb(heads, lambda candidate: candidate.names)))


def _plan_variants(heads: list[CandidateResult], kind: Literal["plan", "option"]) -> Iterator[Text]:
    """From every part with its dose down to the bare names, never without what holds them up."""
    first = heads[0]
    # What is only inferred is not put into the source's mouth.
    own = "plan_own" if kind == "plan" else "options"
    key = own if _is_inferred(heads) else "plan"
    alone = len(heads) == 1 and first.because is not None
    tail = all(silent(candidate) for candidate in heads)
    for named in (
        partial(regimen, silence=not tail),
        partial(regimen, members=False, silence=not tail),
        lambda candidate: regimen(candidate) if candidate is first else candidate.names,
    ):
        text = _by_verb(heads, named)
        text = say("doses_not_stated", text=text) if tail else text
        if alone and first.because is not None:
            prefix = "plan_own" if key == "options" else key
            yield say(f"{prefix}_because", because=capitalised(first.because), text=text)
        yield say(key, text=text)
    yield say(key, text=_by_verb(heads, lambda candidate: candidate.names))
    names = [_option(candidate, candidate.names) for candidate in heads]
    yield _within(lambda text: say(key, text=text), names, "or_clause").says


def _by_verb(heads: list[CandidateResult], named: Callable[[CandidateResult], Text]) -> Text:
    """The heads, each verb quoted once before all candidates that share it."""
    groups: dict[Text | None, list[Text]] = {}
    for candidate in heads:
        text = named(candidate)
        if candidate.status == "blocked" and len(heads) > 1:
            text = say("option_blocked", names=text)
        groups.setdefault(candidate.verb, []).append(marked(text, candidate.basis))
    return join(
        (
            join(texts, "or_clause")
            if verb is None
            else say("with_verb", verb=verb, text=join(texts, "or_clause"))
            for verb, texts in groups.items()
        ),
        "or_clause",
    )


def _conflicts(shown: Shown, heads: list[CandidateResult]) -> Iterator[Text]:
    for named in (regimen, partial(regimen, members=False), lambda candidate: candidate.names):
        conflicts = [
            say(
                "plan_contested",
                advised=with_verb(candidate, named(candidate)),
                against=obstacles(shown.wording, candidate, "against"),
            )
            for candidate in heads
        ]
        yield join(conflicts, "clause")
    yield _within(lambda text: text, conflicts).says


def _lost(shown: Shown, decision: DecisionResult) -> Iterator[Draft]:
    """What the source recommends here but a contraindication takes away."""
    for candidate in decision.candidates:
        if candidate.status == "excluded" and candidate.level == "recommended":
            why = obstacles(shown.wording, candidate, "exclude")
            says = say("plan_excluded", advised=with_verb(candidate, candidate.names), why=why)
            yield Draft(Line("plan", says, "warning", candidate.cites), says)


def _not_covered(shown: Shown) -> Iterator[Draft]:
    """What would be offered, were something that matters now covered by the source."""
    capped = [
        candidate
        for decision in _live(shown)
        for candidate in decision.candidates
        if candidate.capped_by and candidate.indication in ("indicated", "contested")
        if candidate.status == "undetermined"
    ]
    if capped:
        topics = dict.fromkeys(topic for candidate in capped for topic in candidate.capped_by)
        named = join(shown.wording.topic(topic) for topic in topics)
        line = _within(
            lambda text: say("plan_not_covered", names=text, topics=named),
            [candidate.names for candidate in capped],
        )
        yield _draft("gap", line, [candidate.cites for candidate in capped])


def _undetermined(shown: Shown, headed: list[Headed]) -> Iterator[Draft]:
    """Decisions that apply, but for which too little is known to say more."""
    waiting_for = []
    for decision, heads, _, _ in headed:
        if heads[0].indication == "possible":
            facts = dict.fromkeys(fact for candidate in heads for fact in candidate.needs)
            waiting_for.append(_depends(shown, decision, tuple(facts)))
    if waiting_for:
        yield _draft("check", _within(lambda text: say("undetermined", text=text), waiting_for))


def _cited(candidates: Iterable[CandidateResult]) -> tuple[str, ...]:
    return _cites(candidate.cites for candidate in candidates)


# -- what to ask -------------------------------------------------------------------------------


def _checks(shown: Shown, headed: list[Headed]) -> Iterator[Draft]:
    urgent = [need for need in shown.needs if need.urgent]
    if urgent:
        says = _first_fitting(_check_variants(urgent), CHECK_WIDTH)
        yield Draft(Line("check", says, "warning"), says)
    elif shown.needs:
        asked = [say("asked", fact=need.label) for need in shown.needs[:_ASKED]]
        yield _draft("check", _within(lambda text: say("ask_next", text=text), asked, "asked"))
    for candidate in _blocked(headed):
        wait = waiting(candidate)
        if wait is not None:
            yield Draft(Line("check", wait, "warning"), wait)
            break


def _check_variants(urgent: list[Need]) -> Iterator[Text]:
    """With what each question decides; where that is too long, all the questions alone."""
    yield say("check_now", text=join(_grouped(urgent), "clause"))
    asked = [say("asked", fact=need.label) for need in urgent]
    yield say("check_now", text=join(asked, "asked"))
    yield _within(lambda text: say("check_now", text=text), asked, "asked").says


def _blocked(headed: list[Headed]) -> Iterator[CandidateResult]:
    for each in headed:
        for candidate in each.heads:
            if candidate.status == "blocked" and each.rank <= _LAST_OFFERED:
                yield candidate


def _grouped(needs: list[Need]) -> list[Text]:
    """``pregnancy? wish for children? (decide this drug)``: one bracket for one reason."""
    groups: dict[Text, list[Text]] = {}
    for need in needs:
        groups.setdefault(need.why, []).append(say("asked", fact=need.label))
    return [
        say("asked_because", facts=join(facts, "asked"), why=why) for why, facts in groups.items()
    ]


def _depends(shown: Shown, decision: DecisionResult, facts: tuple[str, ...]) -> Text:
    named = [shown.wording.name(fact) for fact in facts]
    return say("depends", question=sentence(decision.question), facts=join_first(named, 3))


def _open(shown: Shown) -> Iterator[Draft]:
    """Decisions that may apply, and what each depends on, in one line."""
    waiting_for = [
        _depends(shown, decision, decision.applies.needs)
        for decision in shown.decisions
        if decision.status == "open" and decision.applies is not None
    ]
    if waiting_for:
        yield _draft("check", _within(lambda text: say("open", text=text), waiting_for))


# -- what else ---------------------------------------------------------------------------------


def _options(shown: Shown, headed: list[Headed]) -> Iterator[Draft]:
    """What the source also allows: decisions with options only, and options behind other heads."""
    for each in headed:
        if each.behind:
            yield _head(shown, each.heads, "option")
    found = [
        candidate
        for each in headed
        if each.rank < _LAST_OFFERED
        for candidate in each.decision.candidates[len(each.heads) :]
        if rank(candidate) <= _LAST_OFFERED
    ]
    if found:
        cites = [candidate.cites for candidate in found]
        dosed = [_option(c, c.names if silent(c) else regimen(c, members=False)) for c in found]
        bare = [_option(candidate, candidate.names) for candidate in found]
        line = _within(lambda text: say("options", text=text), dosed)
        if line.fitting < len(found):
            line = _within(lambda text: say("options", text=text), bare)
        yield _draft("option", line, cites)


def _option(candidate: CandidateResult, text: Text) -> Text:
    named = marked(text, candidate.basis)
    match candidate.status:
        case "blocked":
            return say("option_blocked", names=named)
        case "contested":
            return say("option_contested", names=named)
        case _:
            return named


def _rescues(shown: Shown) -> Iterator[Draft]:
    """What is held in reserve, and after what it may be used."""
    for decision in _live(shown):
        for candidate in decision.candidates:
            if (
                candidate.reserved
                and candidate.indication in ("indicated", "contested")
                and candidate.safety != "excluded"
            ):
                after = candidate.requires.condition if candidate.requires else candidate.names
                says = say("rescue", names=candidate.names, after=after)
                yield Draft(Line("rescue", says, cites=candidate.cites), says)


def _not_advised(shown: Shown) -> Iterator[Draft]:
    found = dict(_unwanted(shown))
    if found:
        line = _within(lambda text: say("not_advised", text=text), list(found))
        yield _draft("not_advised", line, list(found.values()))


def _unwanted(shown: Shown) -> Iterator[tuple[Text, tuple[str, ...]]]:
    """What somebody might think of here and should not: each with the reason, and its citations."""
    wording = shown.wording
    for decision in _live(shown):
        for candidate in decision.candidates:
            kind = {"excluded": "exclude", "advised_against": "against"}.get(candidate.status)
            lost = candidate.status == "excluded" and candidate.level == "recommended"
            if kind is not None and not lost:
                why = obstacles(wording, candidate, kind)
                yield say("because_of", names=candidate.names, why=why), candidate.cites


def _in_use(shown: Shown) -> Iterator[Draft]:
    """Drugs taken or ordered of which something must be said that no alert says."""
    alerted = {alert.id for alert in shown.alerts}
    found = {
        say("because_of", names=drug.names, why=_verdict(drug)): _cites(
            hazard.cites for hazard in drug.hazards if hazard.value == "true"
        )
        for drug in shown.drugs
        if (drug.taken or drug.ordered) and f"drug:{drug.id}" not in alerted
        if drug.verdict in ("conflict", "not_covered")
        or (drug.verdict == "caution" and drug.severity != "info")
    }
    if found:
        yield _warned("not_advised", "in_use", found)


def _verdict(drug: DrugResult) -> Text:
    cautions = [told(h) for h in drug.hazards if h.kind == "caution" and h.value == "true"]
    if drug.verdict == "caution":
        return join(dict.fromkeys(cautions), "clause")
    return drug.says or drug.names


def _advice(shown: Shown) -> Iterator[Draft]:
    to_do = [item for item in shown.advice if item.status == "do"]
    maybe = [item for item in shown.advice if item.status == "may_apply"]
    if to_do:
        labels = [marked(item.label, item.basis) for item in to_do]
        line = _within(lambda text: say("advice_do", text=text), labels)
        draft = _draft("advice", line, [item.cites for item in to_do])
        yield draft._replace(short=say("advice_do", text=join_some(labels, _SHORT, "clause")))
    if maybe:
        groups = _maybe(shown.wording, maybe)
        line = _within(lambda text: say("advice_may", text=text), [said for said, _ in groups])
        draft = _draft("advice", line, [cites for _, cites in groups])
        said = [said for said, _ in groups]
        yield draft._replace(short=say("advice_may", text=join_some(said, 1, "clause")))


def _maybe(wording: Wording, items: list[AdviceResult]) -> list[tuple[Text, tuple[str, ...]]]:
    """``old lesion? → drug``: what may apply, under the first question that decides it."""
    groups: dict[str | None, list[AdviceResult]] = {}
    for item in items:
        groups.setdefault(item.needs[0] if item.needs else None, []).append(item)
    found = []
    for fact, group in groups.items():
        labels = join_first((item.label for item in group), _LABELS)
        asked = asked_list((fact,), wording) if fact is not None else None
        said = labels if asked is None else say("group_if", facts=asked, labels=labels)
        found.append((said, _cites(item.cites for item in group[:_LABELS])))
    return found


def _gaps(shown: Shown, headed: list[Headed]) -> Iterator[Draft]:
    said = {
        each.decision.id
        for each in headed
        if each.rank <= _LAST_OFFERED and not each.behind and _is_inferred(each.heads)
    }
    for decision in _live(shown):
        met = any(gap.value == "true" for gap in decision.gaps)
        if decision.id not in said:
            yield from _gaps_of(decision)
        excluded = any(candidate.status == "excluded" for candidate in decision.candidates)
        if decision.none_left is not None and excluded and not met:
            says = say(
                "none_left_line",
                question=sentence(decision.question),
                text=sentence(decision.none_left),
            )
            yield Draft(Line("gap", says, "warning"), says)


def _gaps_of(decision: DecisionResult) -> Iterator[Draft]:
    """What the source leaves without an answer here."""
    for gap in decision.gaps:
        if gap.value == "true":
            says = say("gap", text=sentence(gap.says))
            yield Draft(Line("gap", says, "warning", gap.cites), says)


def _elsewhere(shown: Shown) -> Iterator[Draft]:
    if shown.elsewhere:
        topics = [sentence(remark.says) for remark in shown.elsewhere]
        yield _draft("elsewhere", _within(lambda text: say("elsewhere", text=text), topics))
