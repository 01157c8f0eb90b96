"""A guideline in the hand: read a case, plan, explain. What ``myorx.load_guideline`` gives."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TypeAlias

from myorx.facts import Patient, read_case
from myorx.guideline.models import Guideline
from myorx.plan.assemble import Planner
from myorx.plan.compare import compare
from myorx.plan.comparison import Comparison
from myorx.plan.explain import explain_with
from myorx.plan.model import Explanation, Plan
from myorx.plan.record import write
from myorx.plan.rerun import Rerun

CaseSource: TypeAlias = Patient | Path | bytes | str | Mapping[str, object]
"""A case as YAML or JSON text, as a mapping, as the path of a file, or already read."""


class GuidelineHandle:
    """One loaded guideline; may be used for any number of patients and from several threads."""

    def __init__(self, guideline: Guideline) -> None:
        self._planner = Planner(guideline)

    @property
    def guideline(self) -> Guideline:
        """The knowledge itself, as frozen data."""
        return self._planner.guideline

    @property
    def id(self) -> str:
        """The guideline's name."""
        return self.guideline.manifest.id

    @property
    def version(self) -> str:
        """The version of the knowledge, not of the software."""
        return self.guideline.manifest.version

    @property
    def reviewed(self) -> str:
        """The state of clinical review."""
        return self.guideline.manifest.review.state

    def read(self, case: CaseSource, as_of: date | None = None) -> Patient:
        """The patient of a case. Raises ``myorx.facts.CaseError`` with every fault at once."""
        if isinstance(case, Patient):
            return case
        source = case.read_bytes() if isinstance(case, Path) else case
        return read_case(source, self.guideline, as_of=as_of)

    def plan(self, case: CaseSource, as_of: date | None = None) -> Plan:
        """The plan for a case at the date ``as_of`` (given here or in the case itself)."""
        return self._planner.plan(self.read(case, as_of))

    def explain(self, case: CaseSource, subject: str, as_of: date | None = None) -> Explanation:
        """Why (or why not) a candidate, drug or advice, and what would change it.

        Raises ``myorx.plan.explain.UnknownSubjectError``, with near misses, for an unknown id.
        """
        return explain_with(self._planner, self.read(case, as_of), subject)

    def compare(self, earlier: Plan, case: CaseSource, as_of: date | None = None) -> Comparison:
        """What changed between an earlier plan and that for ``case``, and because of what.

        That both are of the same patient cannot be checked here.
        """
        patient = self.read(case, as_of)
        rerun = Rerun(self.guideline, patient, earlier)
        return compare(earlier, self._planner.plan(patient), rerun)

    def note(self, plan: Plan, form: str = "md", lang: str = "en") -> str:
        """A plan as a note for the patient's record: ``md`` or plain ``record``, in zh or en."""
        return write(plan, self.guideline, form, lang)

    def __repr__(self) -> str:
        return f"<guideline {self.id} {self.version}, {self.reviewed}>"
