"""The reader of cases: YAML, JSON or plain Python in; a patient out, or all that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from myorx.facts.case import Case, Given, Order
from myorx.facts.complaints import slipped_key
from myorx.facts.faults import CaseError, Faults, Place
from myorx.facts.given import is_value, read_given
from myorx.facts.messages import suggest
from myorx.facts.names import Index, index, labels
from myorx.facts.patient import Patient
from myorx.facts.resolve import Mode, resolve
from myorx.facts.scalars import day_or_period
from myorx.facts.source import brief, line_of, read_source, text_of
from myorx.facts.sources import sources
from myorx.facts.spelling import key, near, shown
from myorx.facts.therapies import History, Reader
from myorx.facts.words import CASE_FIELDS, TRUTH, UNKNOWN
from myorx.guideline.models import Fact, Guideline
from myorx.guideline.texts import Text
from myorx.guideline.yaml_tree import Entry, Scalar, Tree
from myorx.guideline.yaml_tree import Mapping as MappingNode

_MERGE: Final = "<<"
"""The key by which YAML would take over another mapping."""


def read_case(
    source: bytes | str | Mapping[str, Any],
    guideline: Guideline,
    *,
    as_of: date | None = None,
    mode: Mode = "bedside",
) -> Patient:
    """Read one case and work out all facts of ``guideline`` for it.

    ``source`` is YAML or JSON (bytes or text), or the same as plain Python. Facts stand flat or
    under their groups, by id or by any of their names in either language. The date of the case
    comes from ``as_of``, or from the key of that name. A value without a date of its own is taken
    to be of that day, and is never stale. Raises CaseError with all faults in one answer; in mode
    ``import`` a value that is wrong becomes unknown instead, and only a case that cannot be read is
    refused.
    """
    written = read_written(source, guideline, as_of=as_of)
    return resolve(written.case, guideline, mode=mode, places=written.places, faults=written.faults)


class Written(NamedTuple):
    """A case as it was written: nothing judged against the guideline's units and ranges yet."""

    case: Case
    places: Mapping[str, Place]
    faults: Faults


def read_written(
    source: bytes | str | Mapping[str, Any], guideline: Guideline, *, as_of: date | None = None
) -> Written:
    """The first half of ``read_case``: what was written, and what is wrong with it so far.

    Raises CaseError only where nothing can be read at all.
    """
    faults = Faults()
    tree = read_source(source, faults)
    if tree is None:
        raise CaseError(faults.all)
    reader = _CaseReader(guideline, faults)
    reader.sort(tree)
    day = reader.as_of(as_of)
    # Without a date everything else that is wrong is still said; the case is refused anyway.
    case = reader.case(day or as_of or date.max)
    return Written(case, reader.places, faults)


class _CaseReader:
    """Reads the parts of one case; what is wrong goes to ``faults``."""

    def __init__(self, guideline: Guideline, faults: Faults) -> None:
        self._guideline = guideline
        self._index: Index = index(guideline)
        self._faults = faults
        self._parts: dict[str, Entry] = {}
        self._facts: list[tuple[Fact, Entry, Place]] = []
        self.places: dict[str, Place] = {}

    # -- what is where -----------------------------------------------------------------------------

    def sort(self, tree: MappingNode) -> None:
        """Tell the parts of a case, the groups and the facts apart."""
        for entry in tree.entries:
            field = CASE_FIELDS.get(key(entry.key.text))
            place = Place(entry.key.text, line_of(entry.key))
            if field == "facts":
                self._sort_under(entry, place, groups=True)
            elif field is None:
                self._sort_facts((entry,), "", groups=True)
            elif field in self._parts:
                self._faults.add("duplicate-key", place, entry.key.text)
            else:
                self._parts[field] = entry

    def _sort_facts(self, entries: Iterable[Entry], path: str, *, groups: bool) -> None:
        for entry in entries:
            typed = entry.key.text
            place = Place(f"{path}.{typed}" if path else typed, line_of(entry.key))
            ids = self._index.facts.find(typed)
            is_group = groups and bool(self._index.groups.find(typed)) and not is_value(entry.value)
            if is_group and (not ids or isinstance(entry.value, MappingNode)):
                self._sort_under(entry, place, groups=False)
            elif len(ids) == 1:
                fact = self._guideline.facts[ids[0]]
                self._facts.append((fact, entry, Place(place.path, place.line, fact.id)))
            elif ids:
                names = labels(self._guideline.facts, ids)
                self._faults.add("ambiguous-key", place, typed, name=shown(typed), names=names)
            else:
                self._unknown_key(typed, place)

    def _sort_under(self, entry: Entry, place: Place, *, groups: bool) -> None:
        """Tell apart what stands under a heading; nothing at all may stand there."""
        match entry.value:
            case MappingNode(entries=entries):
                self._sort_facts(entries, place.path, groups=groups)
            case Scalar(kind="null"):
                pass
            case Scalar(text=text) if slipped_key(text, place, self._faults):
                pass
            case other:
                name = shown(entry.key.text)
                self._faults.add("not-facts", place, brief(other), name=name)

    def _unknown_key(self, typed: str, place: Place) -> None:
        if typed == _MERGE:
            self._faults.add("yaml-reference", place, typed)
            return
        if slipped_key(typed, place, self._faults):
            return
        if self._faults.overflowing:
            self._faults.add(
                "unknown-key", place, typed, name=shown(typed), near=suggest(Text("", ""))
            )
            return
        facts = labels(self._guideline.facts, self._index.facts.near(typed))
        others = [
            *(each for each in self._index.groups.near(typed) if each != typed),
            *dict.fromkeys(CASE_FIELDS[each] for each in near(typed, CASE_FIELDS)),
        ]
        close = Text(
            "、".join([*others, *filter(None, [facts.zh])]),
            ", ".join([*others, *filter(None, [facts.en])]),
        )
        self._faults.add("unknown-key", place, typed, name=shown(typed), near=suggest(close))

    # -- the date ----------------------------------------------------------------------------------

    def as_of(self, asked: date | None) -> date | None:
        """The date of the case; None, said why, where there is none."""
        entry = self._parts.get("as_of")
        node = None if entry is None else entry.value
        if entry is None or (isinstance(node, Scalar) and node.kind == "null"):
            if asked is None:
                line = None if entry is None else line_of(entry.key)
                self._faults.add("as-of-missing", Place("as_of", line))
            return asked
        place = Place(entry.key.text, line_of(entry.key))
        found = day_or_period(text_of(node)) if isinstance(node, Scalar) else None
        if found is None or found.exact is None:
            self._faults.add("as-of-bad", place, brief(entry.value))
            return None
        if asked is not None and asked != found.exact:
            self._faults.add(
                "as-of-differs", place, found.exact.isoformat(), asked=asked.isoformat()
            )
        return found.exact

    # -- the case ----------------------------------------------------------------------------------

    def case(self, as_of: date) -> Case:
        """The case, as far as it can be read."""
        facts = self._givens()
        reader = Reader(self._guideline, self._index, as_of, self._faults)
        orders: tuple[Order, ...] = ()
        if "orders" in self._parts:
            entry = self._parts["orders"]
            orders = reader.orders(entry.value, Place(entry.key.text, line_of(entry.key)))
        history, complete = History(None), self._complete()
        if "therapies" in self._parts:
            entry = self._parts["therapies"]
            place = Place(entry.key.text, line_of(entry.key))
            history = reader.history(entry.value, [order.drug for order in orders], place)
            if history.none_ever and complete is False:
                self._faults.add("never-yet-listed", place)
        if history.none_ever:
            complete = True
        if not history.whole:
            complete = False
        return Case(as_of, facts, history.therapies, complete, orders)

    def _givens(self) -> dict[str, Given]:
        found: dict[str, Given] = {}
        for fact, entry, place in self._facts:
            if fact.derived:
                self._computed(fact, place)
            elif fact.id in found:
                other = self.places[fact.id].path
                self._faults.add("given-twice", place, label=fact.label, other=other)
                found[fact.id] = Given(found[fact.id].typed, reason="refused")
            else:
                codes = self._index.codes.get(fact.id)
                found[fact.id] = read_given(entry.value, fact, codes, place, self._faults)
                self.places[fact.id] = place
        return found

    def _computed(self, fact: Fact, place: Place) -> None:
        rests_on = sources(self._guideline, fact.id)
        names = labels(self._guideline.facts, rests_on)
        extra = [each for each in rests_on if each not in self._guideline.facts]
        listed = Text(
            "、".join([*filter(None, [names.zh]), *extra]),
            ", ".join([*filter(None, [names.en]), *extra]),
        )
        self._faults.add("computed-fact", place, label=fact.label, sources=listed)

    def _complete(self) -> bool | None:
        """Whether the therapy history is said to be complete."""
        entry = self._parts.get("therapies_complete")
        if entry is None:
            return None
        node: Tree = entry.value
        word = key(text_of(node)) if isinstance(node, Scalar) else ""
        if isinstance(node, Scalar) and (node.kind == "null" or word in UNKNOWN):
            return None
        found = TRUTH.get(word)
        if found is None:
            place = Place(entry.key.text, line_of(entry.key))
            self._faults.add("bad-yes-no", place, brief(node))
        return found
