"""One fact as the page asks for it: label, kind of field, choices, units, what was entered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias
from typing import Literal as OneOf

import msgspec

from myorx.facts import Patient
from myorx.facts.faults import Fault
from myorx.facts.units import named
from myorx.guideline.models import Fact, Guideline
from myorx.guideline.texts import Text
from myorx.language.prose import Language
from myorx.web.case.form import REASONS, Entry
from myorx.web.case.reading import Placed, one_line
from myorx.web.frame.words import side

Kind: TypeAlias = OneOf["choice", "number", "date"]
Word: TypeAlias = Callable[[str], str]

_NOTHING: Final = Entry()


class Choice(msgspec.Struct, frozen=True):
    """One answer that may be chosen."""

    value: str
    label: str
    chosen: bool = False
    unknown: bool = False
    """It says why the fact is not known."""


class Control(msgspec.Struct, frozen=True):
    """The fields of one fact."""

    fact: str
    kind: Kind
    label: Text
    question: Text
    entry: Entry
    choices: tuple[Choice, ...]
    """Of a choice: its values and the reasons for not knowing; else the reasons alone."""
    units: tuple[Choice, ...] = ()
    """Where several may be chosen."""
    unit: str = ""
    """The one unit, where there is no choice."""
    unit_first: bool = False
    """No unit stands ready: it must be chosen."""
    dated: bool = False
    """Whether the day of the value matters."""
    faults: tuple[str, ...] = ()
    says: tuple[Text, ...] = ()
    """What the engine makes of it where the user need know: inferred, or too old."""

    @property
    def given(self) -> bool:
        """Whether anything was entered."""
        return self.entry.given

    @property
    def shown(self) -> str:
        """What was entered, in a few words."""
        chosen = next((each.label for each in self.choices if each.chosen), "")
        if self.kind == "choice" or not self.entry.value:
            return chosen or self.entry.value
        unit = self.unit or next((e.label for e in self.units if e.chosen), self.entry.unit)
        return f"{self.entry.value} {unit}".strip()


class Controls:
    """The fields of all facts, for one reading of a form."""

    def __init__(
        self,
        guideline: Guideline,
        lang: Language,
        word: Word,
        entries: Mapping[str, Entry],
        patient: Patient | None,
        faults: Placed,
    ) -> None:
        self._guideline = guideline
        self._lang = lang
        self._word = word
        self._entries = entries
        self._patient = patient
        self._faults = faults

    def of(self, fact_id: str) -> Control:
        """The fields of one fact."""
        fact = self._guideline.facts[fact_id]
        entry = self._entries.get(fact_id, _NOTHING)
        kind = _kind(fact)
        units = tuple(dict.fromkeys((fact.unit or "", *(each.unit for each in fact.units))))
        several = len(units) > 1 or fact.unit_required
        return Control(
            fact=fact.id,
            kind=kind,
            label=fact.label,
            question=fact.question or fact.label,
            entry=entry,
            choices=self._choices(fact, entry, kind),
            units=self._units(units, entry, fact) if several and kind == "number" else (),
            unit="" if several else self._unit(fact.unit or ""),
            unit_first=fact.unit_required,
            dated=fact.max_age is not None and kind != "date",
            faults=tuple(map(self._line, self._faults.facts.get(fact_id, ()))),
            says=self._says(fact, entry),
        )

    def _line(self, fault: Fault) -> str:
        return one_line(fault, self._lang)

    def _choices(self, fact: Fact, entry: Entry, kind: Kind) -> tuple[Choice, ...]:
        values: list[tuple[str, str]] = []
        if fact.type == "boolean":
            yes, no = ("positive", "negative") if _is_result(fact) else ("yes", "no")
            values = [("yes", self._word(yes)), ("no", self._word(no))]
        elif kind == "choice":
            values = [(code.id, side(code.label, self._lang)) for code in fact.values]
        chosen = entry.value if kind == "choice" else ""
        if chosen and chosen not in dict(values):
            # Something that no choice is, out of a file: it stays, with its fault beside it.
            values.append((chosen, chosen))
        reasons = [(each, self._word(f"reason_{each}")) for each in REASONS]
        if entry.unknown and entry.unknown not in REASONS:
            reasons.append((entry.unknown, entry.unknown))
        return (
            *(Choice(value, label, value == chosen) for value, label in values),
            *(Choice(value, label, value == entry.unknown, True) for value, label in reasons),
        )

    def _units(self, units: tuple[str, ...], entry: Entry, fact: Fact) -> tuple[Choice, ...]:
        known = units if not entry.unit or entry.unit in units else (*units, entry.unit)
        ready = entry.unit or ("" if fact.unit_required else fact.unit)
        return tuple(Choice(unit, self._unit(unit), unit == ready) for unit in known)

    def _unit(self, unit: str) -> str:
        name = named(unit)
        return unit if name is None else side(name, self._lang)

    def _says(self, fact: Fact, entry: Entry) -> tuple[Text, ...]:
        if self._patient is None:
            return ()
        state = self._patient.facts[fact.id]
        if state.reason == "stale" and entry.given:
            return (Text("此结果过旧，按未知处理", "too old: counts as unknown"),)
        if state.origin == "inferred" and not entry.given and state.says is not None:
            return (state.says,)
        return ()


def _kind(fact: Fact) -> Kind:
    match fact.type:
        case "boolean" | "code":
            return "choice"
        case "date":
            return "date"
        case _:
            return "number"


def _is_result(fact: Fact) -> bool:
    """Whether a Boolean is the result of a test, which is positive or negative."""
    phrase = fact.phrase
    return (
        phrase is not None
        and phrase.true.en.endswith(" positive")
        and phrase.false.en.endswith(" negative")
    )
