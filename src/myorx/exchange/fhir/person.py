"""The Patient: sex and date of birth. Nothing that tells who it is goes into the case."""

from __future__ import annotations

from collections.abc import Iterator

from myorx.exchange.claims import Claim
from myorx.exchange.fhir.context import Context
from myorx.exchange.fhir.elements import text
from myorx.exchange.fhir.shelf import Item
from myorx.exchange.people import BORN, SEX
from myorx.exchange.report import Ignored
from myorx.exchange.words import note


def read(item: Item, context: Context) -> Iterator[Claim | Ignored]:
    """What the Patient says."""
    resource, facts = item.resource, context.guideline.facts
    gender, born = text(resource, "gender"), text(resource, "birthDate")
    sexes = {code.id for code in facts[SEX].values} if SEX in facts else set()
    if gender in sexes:
        yield Claim(SEX, f"{item.where} gender", "gender", "Patient.gender", value=gender)
    elif gender:
        why = note("answer_unknown", answer=gender)
        yield Ignored(f"{item.where} gender", "gender", why)
    if born and BORN in facts:
        place = f"{item.where} birthDate"
        yield Claim(BORN, place, "birthDate", "Patient.birthDate", value=born)
    if resource.get("deceasedBoolean") is True or text(resource, "deceasedDateTime"):
        yield Ignored(f"{item.where} deceased", "deceased", note("deceased"))
    if not (gender or born):
        yield Ignored(item.where, "Patient", note("no_value"))
