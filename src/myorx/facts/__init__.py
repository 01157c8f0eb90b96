"""The patient: reading a case, and working out every fact of a guideline for it.

>>> patient = read_case(b"as_of: 2026-11-22\\nsex: female", guideline)   # doctest: +SKIP
>>> patient.facts["sex"].value                                           # doctest: +SKIP
'female'
"""

from __future__ import annotations

from myorx.facts.case import Case, Given, Order, Reason, Therapy
from myorx.facts.dictionary import Row, dictionary
from myorx.facts.environment import PatientEnvironment, environment
from myorx.facts.faults import CaseError, Fault
from myorx.facts.history import drugs_taken
from myorx.facts.patient import FactState, Origin, Patient
from myorx.facts.read import read_case
from myorx.facts.resolve import Mode, assume, contradictions, resolve
from myorx.facts.schema import case_schema
from myorx.facts.sources import THERAPIES, sources

__all__ = [
    "THERAPIES",
    "Case",
    "CaseError",
    "FactState",
    "Fault",
    "Given",
    "Mode",
    "Order",
    "Origin",
    "Patient",
    "PatientEnvironment",
    "Reason",
    "Row",
    "Therapy",
    "assume",
    "case_schema",
    "contradictions",
    "dictionary",
    "drugs_taken",
    "environment",
    "read_case",
    "resolve",
    "sources",
]
