"""Observations: results and findings with a value, a status and a moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from myorx.exchange.claims import Claim
from myorx.exchange.codes import Meaning
from myorx.exchange.fhir.context import Context, Named, answer_of, facts_of
from myorx.exchange.fhir.elements import (
    Concept,
    Json,
    as_concept,
    code_of,
    concept,
    moment,
    number,
    part,
    parts,
    text,
    unit,
)
from myorx.exchange.fhir.shelf import Item
from myorx.exchange.report import Ignored
from myorx.exchange.results import decided_by, result
from myorx.exchange.words import Note, note
from myorx.facts.scalars import COMPARATORS, measure
from myorx.facts.scalars import number as exact_number
from myorx.guideline.models import Fact

_RANK: Final[Mapping[str, int]] = {"final": 0, "amended": 1, "corrected": 1}
"""Statuses whose value counts; a correction stands above what it corrects."""

_WAITING: Final = ("registered", "preliminary")
_BEFORE_FINAL: Final = -1

_ABSENT: Final[Mapping[str, str]] = {
    "unknown": "not asked",
    "asked-unknown": "not asked",
    "asked-declined": "not asked",
    "not-asked": "not asked",
    "temp-unknown": "pending",
    "not-performed": "not done",
    "not-permitted": "not done",
}
"""Reasons for a missing value -> the case reader's word; any other one is a failed measurement."""

_UNREAD: Final = ("Range", "Period", "Time", "SampledData", "Attachment")
_NO_UNIT: Final = ("", "1", "{score}", "{#}", "{count}")


class _Value(NamedTuple):
    """The value of an observation of one fact, or why there is none to use."""

    value: str | None = None
    unknown: str | None = None
    comparator: str | None = None
    unit: str | None = None
    notes: tuple[Note, ...] = ()
    why: Note | None = None


def read(item: Item, context: Context) -> Iterator[Claim | Ignored]:
    """What one Observation, or its components, says."""
    resource = item.resource
    status = text(resource, "status")
    about = concept(resource, "code", context.codes)
    if status not in _RANK and status not in _WAITING:
        yield Ignored(item.where, about.told, note("status", status=status or "?"))
        return
    at, dated = _when(resource)
    components = parts(resource, "component")
    told = False
    for each in facts_of(about, context.codes, context.guideline):
        told = True
        yield _claim(resource, each, item.where, about, at, status, dated, context)
    for element, place in _placed(components, item.where):
        of = concept(element, "code", context.codes)
        named = facts_of(of, context.codes, context.guideline)
        for each in named:
            told = True
            yield _claim(element, each, place, about, at, status, dated, context)
        if not named:
            yield Ignored(place, of.told, note("code_unknown"))
    if not told and not components:
        why = note("code_unknown") if about.codings or about.text else note("no_code")
        yield Ignored(item.where, about.told, why)


def _placed(components: list[Json], where: str) -> Iterator[tuple[Json, str]]:
    for index, component in enumerate(components):
        yield component, f"{where} component[{index}]"


def _when(resource: Json) -> tuple[str, tuple[Note, ...]]:
    """The moment of the observation; that of its release where there is no other, said so."""
    at = moment(resource, "effective")
    if at or not text(resource, "issued"):
        return at, ()
    return text(resource, "issued"), (note("issued"),)


def _claim(
    element: Json,
    named: Named,
    where: str,
    about: Concept,
    at: str,
    status: str,
    dated: tuple[Note, ...],
    context: Context,
) -> Claim | Ignored:
    fact = context.guideline.facts[named.meaning.fact]
    found = _value(element, named.meaning, fact, context)
    what = about.told
    if status in _WAITING:
        said = " ".join(filter(None, [found.comparator, found.value, found.unit]))
        waiting = note("preliminary", status=status, value=said or "-")
        return Claim(
            fact.id,
            where,
            what,
            named.by,
            unknown="pending",
            at=at,
            preliminary=bool(said),
            rank=_BEFORE_FINAL,
            notes=(*named.notes, waiting),
        )
    if found.why is not None:
        return Ignored(where, what, found.why)
    only = named.meaning.only
    if only is not None and not decided_by(found.value, found.unknown, only):
        return Ignored(where, what, note("only", label=fact.label))
    corrected = (note("corrected", status=status),) if _RANK[status] else ()
    method = concept(element, "method", context.codes).text or None
    return Claim(
        fact.id,
        where,
        what,
        named.by,
        value=found.value,
        unknown=found.unknown,
        comparator=found.comparator,
        unit=found.unit,
        method=method,
        at=at,
        rank=_RANK[status],
        notes=(*named.notes, *dated, *corrected, *found.notes),
    )


def _value(element: Json, meaning: Meaning, fact: Fact, context: Context) -> _Value:
    """The value[x] of an Observation or component, as the case reader takes it."""
    absent = part(element, "dataAbsentReason")
    if absent:
        reason = code_of(element, "dataAbsentReason")
        return _Value(unknown=_ABSENT.get(reason, "not done"), notes=(note("absent", why=reason),))
    quantity = part(element, "valueQuantity")
    if quantity:
        return _quantity(quantity, element, meaning, fact, context)
    coded = part(element, "valueCodeableConcept")
    if coded:
        return _answer(as_concept(coded, context.codes), meaning, fact, context)
    flag = element.get("valueBoolean")
    if isinstance(flag, bool):
        return _Value("true" if flag else "false")
    whole = number(element, "valueInteger")
    if whole:
        return _counted(whole, None, element, meaning, fact, context)
    words = text(element, "valueString") or _titre(part(element, "valueRatio"))
    if words:
        value, unknown, notes = result(words, fact)
        return _Value(value, unknown, notes=notes)
    day = text(element, "valueDateTime")
    if day:
        return _Value(day[:10])
    for name in _UNREAD:
        if f"value{name}" in element:
            return _Value(why=note("value_kind", kind=f"value{name}"))
    interpreted = _interpretation(element, meaning, context)
    if fact.type == "boolean" and interpreted is not None:
        return _Value(interpreted, notes=(note("by_interpretation"),))
    return _Value(why=note("no_value"))


def _answer(found: Concept, meaning: Meaning, fact: Fact, context: Context) -> _Value:
    said, _, notes = answer_of(found, meaning, context.codes)
    if said is None:
        return _Value(why=note("answer_unknown", answer=found.told))
    value, unknown, more = result(said, fact)
    return _Value(value, unknown, notes=(*notes, *more))


def _quantity(
    quantity: Json, element: Json, meaning: Meaning, fact: Fact, context: Context
) -> _Value:
    figure, sign = number(quantity, "value"), text(quantity, "comparator")
    if not figure:
        return _Value(why=note("no_value"))
    if sign and sign not in COMPARATORS:
        return _Value(why=note("comparator", sign=sign))
    if fact.type == "boolean":
        return _counted(figure, sign or None, element, meaning, fact, context)
    typed = unit(quantity)
    kept = typed if fact.type == "quantity" or typed not in _NO_UNIT else None
    return _Value(figure, comparator=sign or None, unit=kept or None)


def _counted(
    figure: str, sign: str | None, element: Json, meaning: Meaning, fact: Fact, context: Context
) -> _Value:
    """A number: itself for a fact that counts; of a Boolean what it means, if that is known."""
    if fact.type != "boolean":
        return _Value(figure, comparator=sign)
    if meaning.above is not None:
        return _over(figure, sign, meaning.above)
    interpreted = _interpretation(element, meaning, context)
    if interpreted is not None:
        return _Value(interpreted, notes=(note("by_interpretation"),))
    return _Value(unknown="indeterminate", notes=(note("no_cutoff", text=f"{sign or ''}{figure}"),))


def _over(figure: str, sign: str | None, limit: str) -> _Value:
    found, least = measure(figure), measure(limit)
    exact = None if found is None else exact_number(found.number)
    bound = None if least is None else exact_number(least.number)
    if exact is None or bound is None or sign is not None:
        return _Value(unknown="indeterminate", notes=(note("no_cutoff", text=figure),))
    told = (note("by_cutoff", text=figure, cutoff=f"> {limit}"),)
    return _Value("true" if exact > bound else "false", notes=told)


def _interpretation(element: Json, meaning: Meaning, context: Context) -> str | None:
    """Positive, negative or indeterminate, as the laboratory judged it."""
    codings = (
        coding
        for each in parts(element, "interpretation")
        for coding in as_concept(each, context.codes).codings
    )
    found = context.codes.answer(Meaning(meaning.fact), codings)
    return None if found is None else found[1]


def _titre(ratio: Json) -> str:
    above, below = part(ratio, "numerator"), part(ratio, "denominator")
    if not number(above, "value") or not number(below, "value"):
        return ""
    return f"{text(above, 'comparator')}{number(above, 'value')}:{number(below, 'value')}"
