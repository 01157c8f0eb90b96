"""What an answer would do to the plan, in words: the gravest changes, before and after."""

from __future__ import annotations

from collections.abc import Iterable

from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text
from myorx.language.values import Value
from myorx.plan.question import Effect
from myorx.plan.standing import Standings, differences
from myorx.plan.texts import join, plain, say, sentence
from myorx.plan.values import shown
from myorx.plan.weigh import Outcome
from myorx.plan.wording import Wording

_NAMED = 3
"""So many changes of one answer are named, the gravest ones."""
_SHOWN = 4
"""So many answers are shown."""
_OFFERED = frozenset({"recommended", "option", "contested"})


def effects(
    guideline: Guideline,
    wording: Wording,
    before: Standings,
    fact: str,
    outcomes: Iterable[Outcome],
) -> tuple[Effect, ...]:
    """The effects of the answers that change anything, the gravest first."""
    moving = sorted((one for one in outcomes if one.change), key=lambda one: -one.change)
    return tuple(_effect(guideline, wording, before, fact, one) for one in moving[:_SHOWN])


def _effect(
    guideline: Guideline, wording: Wording, before: Standings, fact: str, outcome: Outcome
) -> Effect:
    after = outcome.world.standings
    changed = sorted(differences(before, after), key=lambda item: -item[1])
    told = [
        say(
            "question_change",
            names=subject(guideline, wording, key),
            before=_standing(before, key),
            after=_standing(after, key),
        )
        for key, weight in changed
        if _is_told(key, weight) and _standing(before, key) != _standing(after, key)
    ]
    value = outcome.answer.get(fact)
    changes = join(told[:_NAMED], "clause") if told else say("question_minor", count=len(changed))
    return Effect(
        value=shown(value) if value is not None else "",
        says=say("question_effect", fact=_valued(wording, fact, value, outcome), changes=changes),
        changes=len(changed),
    )


def _is_told(key: str, weight: int) -> bool:
    """Candidates, decisions, advice, alerts and drugs in use; not their parts, nor doses."""
    return weight > 1 and not key.startswith("dose:") and key.count("/") < 2


def flips(before: Standings, outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    """The candidates that one answer lets stand as an option or more, and another does not."""
    worlds = [outcome.world.standings for outcome in outcomes]
    keys = dict.fromkeys(key for world in (before, *worlds) for key in world)
    found: list[str] = []
    for key in keys:
        if "/" in key and ":" not in key and key.count("/") == 1:
            offered = {key in world and world[key].status in _OFFERED for world in worlds}
            if len(offered) == 2:
                found.append(key)
    return tuple(found)


def subject(guideline: Guideline, wording: Wording, key: str) -> Text:
    """The name of what a standing belongs to."""
    kind, _, rest = key.partition(":")
    match kind:
        case "outside":
            return say("scope")
        case "decision":
            return say("need_question", question=guideline.decisions[rest].question)
        case "drug":
            return wording.drug(rest)
        case "advice":
            return guideline.advice[rest].label
        case "alert":
            alert = guideline.alerts.get(rest)
            named = wording.drug(rest.partition(":")[2]) if alert is None else sentence(alert.says)
            return say("question_alert", alert=named)
        case _:
            decision, _, option = key.partition("/")
            candidate, _, part = option.partition("/")
            if part:
                return wording.drug(part)
            return next(
                one.names for one in guideline.decisions[decision].candidates if one.id == candidate
            )


def _standing(standings: Standings, key: str) -> Text:
    found = standings.get(key)
    if found is None:
        return say("standing_absent")
    if key.startswith("alert:"):
        return say("standing_possible" if found.status == "possible" else "standing_raised")
    if found.status == "live":
        return say("standing_live")
    return say(f"status_{found.status}")


def _valued(wording: Wording, fact: str, value: Value, outcome: Outcome) -> Text:
    """The answer in words."""
    if value is None:
        treated = any(outcome.answer.values())
        return say("question_treated" if treated else "question_never_treated")
    label = wording.name(fact)
    if isinstance(value, bool):
        zh, en = (wording.phrase(fact, lang, value) for lang in ("zh", "en"))
        if zh is not None and en is not None:
            return Text(zh=zh, en=en)
        return say("finding", label=label, value=say(f"truth_{shown(value)}"))
    if isinstance(value, str):
        named = Text(zh=wording.code(fact, value, "zh"), en=wording.code(fact, value, "en"))
        return say("finding", label=label, value=named)
    return say("finding", label=label, value=plain(shown(value)))
