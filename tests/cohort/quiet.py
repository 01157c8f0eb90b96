"""The patient before the guideline, without a word of why: for statuses alone.

Everything is judged by the planner's own code; what it would say beside a status (what to ask, each
condition in words, doses) is left out, and that is half of its work.
"""

from __future__ import annotations

from myorx.facts import Patient
from myorx.guideline.models import Argument
from myorx.guideline.texts import Condition, Text
from myorx.plan import Planner
from myorx.plan.model import Reason, Step
from myorx.plan.situation import Situation
from myorx.plan.truth import truth

_NOTHING = Step(text="", says=Text("", ""), value="unknown")


class Quiet(Situation):
    """A situation that answers, and does not explain."""

    def needs(self, _: Condition | None) -> tuple[str, ...]:
        """Nothing is asked for."""
        return ()

    def topic_needs(self, _: str) -> tuple[str, ...]:
        """Nothing is asked for."""
        return ()

    def step(self, _: Condition) -> Step:
        """No words."""
        return _NOTHING

    def reason(self, argument: Argument, drug: str | None = None) -> Reason:
        """An argument with its value, whatever is missing."""
        return self.wording.reason(argument, drug, truth(self.holds(argument.when)), ())

    def traced(self, argument: Argument, drug: str | None = None) -> Reason:
        """The same without its trace."""
        return self.reason(argument, drug)


def quiet(planner: Planner, patient: Patient) -> Quiet:
    """``planner.situation``, quiet."""
    loud = planner.situation(patient)
    found = Quiet(planner.guideline, patient, planner.wording, loud.members)
    found.size = ("any",)  # one dose line will do for all
    return found
