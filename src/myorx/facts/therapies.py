"""The therapy history and the orders of a case, as written -> ``Therapy`` and ``Order``.

A drug is looked up by its whole name; a name that is almost one is a fault that lists what it is
close to. What else is wrong with a line leaves that part of it unknown; a line whose drug is not
known is left out, and the history is then no longer complete.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from typing import Final

import msgspec

from myorx.facts.case import Order, Therapy
from myorx.facts.complaints import bad_date, far_date, unknown_field
from myorx.facts.doses import (
    ANYTHING,
    equivalent_a_day,
    in_pieces,
    is_daily,
    is_nothing,
    read_dose,
)
from myorx.facts.faults import Faults, Place
from myorx.facts.messages import ANOTHER_DRUG, suggest
from myorx.facts.names import Index, drug_names
from myorx.facts.overlaps import overlaps
from myorx.facts.scalars import day_or_period, is_far, is_range
from myorx.facts.source import brief, line_of, text_of
from myorx.facts.spelling import key, plain, shown
from myorx.facts.words import (
    NEVER,
    ONGOING,
    STOPPED,
    THERAPY_FIELDS,
    TRUTH,
    UNKNOWN,
)
from myorx.guideline.models import Drug, Guideline
from myorx.guideline.texts import Text
from myorx.guideline.yaml_tree import Mapping as MappingNode
from myorx.guideline.yaml_tree import Scalar, Sequence, Tree
from myorx.language.values import Bounds, Days

INTO_A_VEIN: Final = "iv"
"""The route by which a pulse is given."""

BY_MOUTH: Final = "oral"

ANY_DAY: Final = Days(None, None)

_DATE: Final = Text("治疗日期", "the date of the therapy")
_DOSE: Final = Text("剂量", "the dose")
_DOSE_BEHIND = re.compile(r"\s*[0-9]")


class History(msgspec.Struct, frozen=True):
    """What a case says of therapies; ``whole`` False: a line could not be read and is left out."""

    therapies: tuple[Therapy, ...] | None
    none_ever: bool = False
    whole: bool = True


class Reader:
    """Reads therapies and orders of one case."""

    def __init__(self, guideline: Guideline, index: Index, as_of: date, faults: Faults) -> None:
        self._drugs = guideline.drugs
        self._index = index
        self._as_of = as_of
        self._faults = faults

    # -- orders ------------------------------------------------------------------------------------

    def orders(self, node: Tree, place: Place) -> tuple[Order, ...]:
        """The drugs ordered: a list of names, or one name."""
        match node:
            case Scalar(kind="null"):
                return ()
            case Scalar():
                if key(text_of(node)) in NEVER:
                    return ()
                items: tuple[Tree, ...] = (node,)
            case Sequence(items=items):
                pass
            case _:
                self._faults.add("not-orders", place, brief(node))
                return ()
        found: list[Order] = []
        for index, item in enumerate(items):
            here = Place(f"{place.path}[{index}]", line_of(item))
            name = _drug_node(item)
            if name is None:
                self._faults.add("drug-missing", here, brief(item))
                continue
            drug = self._drug(text_of(name), here)
            if drug is not None:
                found.append(Order(drug.id, shown(text_of(name))))
        return tuple(found)

    # -- therapies ---------------------------------------------------------------------------------

    def history(self, node: Tree, ordered: Collection[str], place: Place) -> History:
        """Every line that can be read. ``ordered``: drugs that may start after the case's date."""
        match node:
            case Scalar() if node.kind == "null" or key(text_of(node)) in UNKNOWN:
                return History(None)
            case Scalar() if key(text_of(node)) in NEVER:
                return History((), none_ever=True)
            case Sequence(items=items):
                rows = [
                    self._therapy(item, ordered, Place(f"{place.path}[{index}]", line_of(item)))
                    for index, item in enumerate(items)
                ]
                good = tuple(row for row in self._one_dose_a_day(rows, node, place) if row)
                return History(good, whole=len(good) == len(rows))
        self._faults.add("not-therapies", place, brief(node))
        return History(None, whole=False)

    def _one_dose_a_day(
        self, rows: list[Therapy | None], node: Sequence, place: Place
    ) -> list[Therapy | None]:
        """The lines; of those that give one drug two doses on a day (said so) without the dose."""
        settled = list(rows)
        for overlap in overlaps(rows, self._as_of):
            for index in (overlap.first, overlap.second):
                line = rows[index]
                settled[index] = line and msgspec.structs.replace(line, dose=None)
            here = Place(f"{place.path}[{overlap.second}]", line_of(node.items[overlap.second]))
            found = " + ".join(
                _typed_dose(node.items[index]) for index in (overlap.first, overlap.second)
            )
            other = f"{place.path}[{overlap.first}]"
            day = overlap.day.isoformat()
            self._faults.add("doses-overlap", here, found, other=other, start=day)
        return settled

    def _therapy(self, node: Tree, ordered: Collection[str], place: Place) -> Therapy | None:
        if isinstance(node, Scalar) and node.kind != "null":
            drug = self._drug(text_of(node), place)
            if drug is None:
                return None
            return Therapy(drug.id, shown(text_of(node)), route=_only_route(drug))
        if not isinstance(node, MappingNode):
            self._faults.add("not-a-therapy", place, brief(node))
            return None
        before = len(self._faults)
        fields = self._fields(node, place)
        # Where a key is at fault, that may be the drug's.
        drug = None
        if "drug" in fields:
            drug = self._drug(text_of(fields["drug"]), place.at("drug"))
        elif len(self._faults) == before:
            self._faults.add("drug-missing", place, brief(node))
        start, stop = self._dates(fields, drug is not None and drug.id in ordered, place)
        route = self._word(fields, "route", self._index.routes, "bad-route", place)
        pulse = self._yes_no(fields, "pulse", place)
        dose = self._dose(fields, drug, route, pulse, place)
        response = self._word(fields, "response", self._index.responses, "bad-response", place)
        effective = self._yes_no(fields, "effective", place)
        if drug is None:
            return None
        typed = shown(text_of(fields["drug"]))
        return Therapy(
            drug.id,
            typed,
            start,
            stop,
            dose,
            route or _only_route(drug),
            response,
            effective,
            pulse,
        )

    def _fields(self, node: MappingNode, place: Place) -> dict[str, Scalar]:
        found: dict[str, Scalar] = {}
        for entry in node.entries:
            name = THERAPY_FIELDS.get(key(entry.key.text))
            here = Place(f"{place.path}.{entry.key.text}", line_of(entry.key))
            if name is None:
                unknown_field(entry.key.text, THERAPY_FIELDS, here, self._faults)
            elif name in found:
                self._faults.add("duplicate-key", here, entry.key.text)
            elif not isinstance(entry.value, Scalar):
                self._faults.add("not-plain", here, brief(entry.value), name=name)
            elif entry.value.kind != "null":
                found[name] = entry.value
        return found

    # -- drugs -------------------------------------------------------------------------------------

    def _drug(self, typed: str, place: Place) -> Drug | None:
        """The one drug with that name; close names are listed, never taken: one syllable more is
        another drug."""
        ids = self._index.drugs.find(typed)
        name = shown(typed)
        if len(ids) == 1:
            return self._drugs[ids[0]]
        if ids:
            self._faults.add(
                "ambiguous-drug", place, name, name=name, names=drug_names(self._drugs, ids)
            )
            return None
        members = self._index.classes.find(typed)
        if len(members) > 0:
            self._faults.add(
                "drug-class", place, name, name=name, names=drug_names(self._drugs, members)
            )
            return None
        near = suggest(drug_names(self._drugs, self._close(typed)), ANOTHER_DRUG)
        self._faults.add("unknown-drug", place, name, name=name, near=near)
        return None

    def _close(self, typed: str) -> tuple[str, ...]:
        """Drugs that may be meant; that before a dose comes first: ``name 60 mg/d``."""
        if self._faults.overflowing:
            return ()
        before, _, _ = _DOSE_BEHIND.sub("\n", plain(typed), count=1).partition("\n")
        return self._index.drugs.find(before) or self._index.drugs.near(typed)

    # -- dates -------------------------------------------------------------------------------------

    def _dates(
        self, fields: Mapping[str, Scalar], ordered: bool, place: Place
    ) -> tuple[Days, Days | None]:
        """Start and stop; a start that may lie after the case's date is cut there, or ordered."""
        if "on" in fields:
            if "start" in fields or "stop" in fields:
                self._faults.add("on-and-start", place.at("on"))
                return ANY_DAY, ANY_DAY
            day = self._date(fields["on"], place.at("on"))
            day = self._started(day, ordered, place.at("on"))
            return day, day
        start = ANY_DAY
        if "start" in fields and key(text_of(fields["start"])) not in UNKNOWN:
            start = self._date(fields["start"], place.at("start"))
        start = self._started(start, ordered, place.at("start"))
        stop = self._stop(fields.get("stop"), place.at("stop"))
        first, last = start.earliest, None if stop is None else stop.latest
        if first is not None and last is not None and last < first:
            found = f"{text_of(fields['start'])} → {text_of(fields['stop'])}"
            self._faults.add("stop-before-start", place.at("stop"), found)
            return ANY_DAY, ANY_DAY
        return start, stop

    def _date(self, node: Scalar, place: Place) -> Days:
        found = day_or_period(text_of(node))
        if found is None:
            bad_date(text_of(node), _DATE, place, self._faults)
            return ANY_DAY
        if is_far(found, self._as_of):
            far_date(_DATE, text_of(node), self._as_of, place, self._faults)
            return ANY_DAY
        return found

    def _started(self, start: Days, ordered: bool, place: Place) -> Days:
        first, last = start.earliest, start.latest
        if ordered and last is not None and last > self._as_of:
            return start
        if first is not None and first > self._as_of:
            as_of = self._as_of.isoformat()
            self._faults.add("start-in-future", place, first.isoformat(), as_of=as_of)
            return ANY_DAY
        return Days(first, min(last or self._as_of, self._as_of))

    def _stop(self, node: Scalar | None, place: Place) -> Days | None:
        """The day of stopping; None for a therapy that goes on, also where nothing is said."""
        if node is None or key(text_of(node)) in ONGOING:
            return None
        word = key(text_of(node))
        if word in UNKNOWN:
            return ANY_DAY
        if word in STOPPED:
            return Days(None, self._as_of)
        return self._date(node, place)

    # -- the rest ----------------------------------------------------------------------------------

    def _dose(
        self,
        fields: Mapping[str, Scalar],
        drug: Drug | None,
        route: str | None,
        pulse: bool | None,
        place: Place,
    ) -> Bounds | None:
        node = fields.get("dose")
        if node is None or key(text_of(node)) in UNKNOWN:
            return None
        here, typed = place.at("dose"), text_of(node)
        found = read_dose(typed)
        if found is None:
            self._bad_dose(typed, here)
        elif _needs_rhythm(drug, route, pulse) and not is_daily(found):
            if in_pieces(found):
                self._faults.add("dose-in-pieces", here, typed)
            else:
                self._faults.add("dose-without-rhythm", here, typed, dose=shown(plain(typed)))
        elif drug is not None and drug.steroid is not None and pulse is not True:
            return self._plausible(found, typed, drug.steroid, here)
        return found

    def _plausible(self, dose: Bounds, typed: str, steroid: str, place: Place) -> Bounds | None:
        """The dose a day, if the guideline holds that somebody may take it."""
        fact = self._index.daily_steroid
        if fact is None or fact.plausible is None or not is_daily(dose):
            return dose
        low, high = fact.plausible
        if equivalent_a_day(steroid, dose, ANYTHING).low <= Fraction(high):
            return dose
        unit = fact.unit or ""
        self._faults.add(
            "implausible",
            place,
            typed,
            label=fact.label,
            low=f"{low} {unit}",
            high=f"{high} {unit}",
        )
        return None

    def _bad_dose(self, typed: str, place: Place) -> None:
        if is_nothing(typed):
            self._faults.add("dose-not-positive", place, typed)
        elif is_range(typed):
            self._faults.add("number-range", place, typed, label=_DOSE)
        else:
            self._faults.add("bad-dose", place, typed)

    def _word(
        self,
        fields: Mapping[str, Scalar],
        field: str,
        words: Mapping[str, str],
        code: str,
        place: Place,
    ) -> str | None:
        node = fields.get(field)
        if node is None:
            return None
        word = key(text_of(node))
        found = words.get(word)
        if found is None and word not in UNKNOWN:
            names = ", ".join(dict.fromkeys(words.values()))
            self._faults.add(code, place.at(field), text_of(node), names=names)
        return found

    def _yes_no(self, fields: Mapping[str, Scalar], field: str, place: Place) -> bool | None:
        node = fields.get(field)
        if node is None:
            return None
        word = key(text_of(node))
        found = TRUTH.get(word)
        if found is None and word not in UNKNOWN:
            self._faults.add("bad-yes-no", place.at(field), text_of(node))
        return found


def is_pulse(therapy: Therapy, drug: Drug | None) -> bool | None:
    """Whether a therapy is a pulse: as said, else by its route, which may leave it open (None)."""
    if therapy.pulse is not None:
        return therapy.pulse
    if therapy.route is not None:
        return therapy.route == INTO_A_VEIN
    if drug is None or not drug.routes:
        return False
    return None if INTO_A_VEIN in drug.routes else False


def _needs_rhythm(drug: Drug | None, route: str | None, pulse: bool | None) -> bool:
    """Whether the dose is one that is added up per day."""
    steroid = drug is not None and drug.steroid is not None
    return steroid and pulse is not True and route in (None, BY_MOUTH)


def _drug_node(node: Tree) -> Scalar | None:
    """The name in an order: the order itself, or its ``drug``."""
    if isinstance(node, Scalar):
        return None if node.kind == "null" else node
    if isinstance(node, MappingNode):
        for entry in node.entries:
            if THERAPY_FIELDS.get(key(entry.key.text)) == "drug" and isinstance(
                entry.value, Scalar
            ):
                return entry.value
    return None


def _typed_dose(node: Tree) -> str:
    """The dose of a line as it was typed."""
    if isinstance(node, MappingNode):
        for entry in node.entries:
            if THERAPY_FIELDS.get(key(entry.key.text)) == "dose":
                return text_of(entry.value) if isinstance(entry.value, Scalar) else ""
    return ""


def _only_route(drug: Drug) -> str | None:
    return drug.routes[0] if len(drug.routes) == 1 else None


__all__ = ["ANY_DAY", "History", "Reader", "is_pulse"]
