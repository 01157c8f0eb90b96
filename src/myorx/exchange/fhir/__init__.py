"""FHIR R4: a Bundle in (``read``); the guideline and a plan out (``out``)."""

from __future__ import annotations

from myorx.exchange.fhir.read import (
    bundle_to_case,
    import_resources,
    read_resources,
    read_source,
)

__all__ = ["bundle_to_case", "import_resources", "read_resources", "read_source"]
