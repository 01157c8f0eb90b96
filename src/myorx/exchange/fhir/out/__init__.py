"""FHIR R4 out: the guideline as a package of resources, a plan as a Bundle."""

from __future__ import annotations

from myorx.exchange.fhir.out.package import package
from myorx.exchange.fhir.out.plan import plan_bundle

__all__ = ["package", "plan_bundle"]
