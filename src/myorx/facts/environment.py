"""What the language sees of a patient: facts, settings, the date, definitions with traces."""

from __future__ import annotations

from collections.abc import Callable

from myorx.facts.names import Index, index
from myorx.facts.patient import Patient
from myorx.guideline.models import Guideline
from myorx.language.evaluate import Trace, evaluate
from myorx.language.faults import Fault, LanguageError
from myorx.language.values import Days, Value

AS_OF = "as_of"
"""The name of the case's date in expressions."""


class PatientEnvironment:
    """A language ``Environment``; each definition is evaluated once, when first asked for.

    Raises LanguageError where definitions form a circle, and KeyError for a name that the guideline
    does not have: ``check`` lets neither pass.
    """

    def __init__(
        self, fact: Callable[[str], Value], as_of: Days, guideline: Guideline, index: Index
    ) -> None:
        self._fact = fact
        self._as_of = as_of
        self._guideline = guideline
        self._settings = index.settings
        self._integers = index.integers
        self._traces: dict[str, Trace | None] = {}
        self.named: dict[str, Trace] = {}

    def value(self, name: str) -> Value:
        """The value of a fact, a setting, a definition, or ``as_of``."""
        if name in self._guideline.facts:
            return self._fact(name)
        if name == AS_OF:
            return self._as_of
        if name in self._settings:
            return self._settings[name]
        found = self.trace(name)
        if found is None:
            raise KeyError(name)
        return found.value

    def trace(self, name: str) -> Trace | None:
        """The trace of a definition; None for a plain fact or setting."""
        if name in self._traces:
            found = self._traces[name]
            if found is None:
                raise LanguageError((_circle(name),))
            return found
        definition = self._guideline.definitions.get(name)
        if definition is None:
            return None
        self._traces[name] = None
        try:
            found = evaluate(definition.expression.expression, self)
        except BaseException:
            del self._traces[name]
            raise
        self._traces[name] = found
        return found

    def is_integer(self, name: str) -> bool:
        """Whether a fact or setting counts in whole numbers."""
        return name in self._integers


def environment(patient: Patient, guideline: Guideline) -> PatientEnvironment:
    """The environment of ``patient``, for evaluating any condition of ``guideline``."""
    facts = patient.facts
    day = Days(patient.as_of, patient.as_of)
    return PatientEnvironment(lambda name: facts[name].value, day, guideline, index(guideline))


def _circle(name: str) -> Fault:
    return Fault(
        code="circular-definition",
        message=f"the definition {name} rests on itself",
        allowed="definitions that rest on facts in the end",
        remedy="remove one of the references",
    )
