"""A case -> a Phenopacket (GA4GH, version 2, JSON), and all that it cannot carry.

A packet has no place for why something is unknown, for a censored result (``>2000``), for an
interval, nor for a drug that was ordered. What is left out is listed, never dropped unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from myorx import __version__
from myorx.exchange.codes import DRUGS, FACTS, VALUES, Codes
from myorx.exchange.phenopackets.read import _SEXES
from myorx.exchange.words import Note, note
from myorx.facts import Patient
from myorx.facts.case import Therapy
from myorx.guideline.models import Fact, Guideline
from myorx.language.values import Bounds, Days
from myorx.plan.values import shown

SCHEMA: Final = "2.0"
_PREFER: Final = ("hpo", "loinc")


class Packet(NamedTuple):
    """A packet, and what stands in the case and not in it."""

    packet: dict[str, Any]
    left_out: tuple[tuple[str, Note], ...]
    """(fact or part of the case, why)"""


def write_packet(patient: Patient, guideline: Guideline, codes: Codes, identity: str) -> Packet:
    """The packet of what was given about a patient. ``identity`` names it and its subject."""
    return _Writer(patient, guideline, codes, identity).write()


class _Writer:
    def __init__(self, patient: Patient, guideline: Guideline, codes: Codes, identity: str) -> None:
        self._patient = patient
        self._guideline = guideline
        self._codes = codes
        self._identity = identity
        self._left: list[tuple[str, Note]] = []

    def write(self) -> Packet:
        """The packet."""
        subject: dict[str, Any] = {"id": self._identity}
        features: list[dict[str, Any]] = []
        measurements: list[dict[str, Any]] = []
        for name, state in self._patient.facts.items():
            if state.origin != "given":
                continue
            fact = self._guideline.facts[name]
            if state.value is None:
                reason = state.reason or "unknown"
                self._left.append((name, note("packet_unknown", reason=reason)))
            elif name == "sex" and isinstance(state.value, str):
                sexes = {value: word for word, value in _SEXES.items() if word.isalpha()}
                subject["sex"] = sexes.get(state.value, "OTHER_SEX")
            elif name == "birth_date" and isinstance(state.value, Days):
                self._born(subject, state.value)
            elif name == "age" and isinstance(state.value, Bounds) and state.value.exact:
                age = f"P{state.value.exact:f}Y"
                subject["timeAtLastEncounter"] = {"age": {"iso8601duration": age}}
            elif isinstance(state.value, bool) and state.on is None and "hpo" in fact.terminology:
                feature: dict[str, Any] = {"type": self._class(fact, "hpo")}
                features.append(feature if state.value else {**feature, "excluded": True})
            else:
                self._measure(fact, state.value, state.on, measurements)
        packet: dict[str, Any] = {"id": self._identity, "subject": subject}
        if features:
            packet["phenotypicFeatures"] = features
        if measurements:
            packet["measurements"] = measurements
        actions = list(self._actions())
        if actions:
            packet["medicalActions"] = actions
        for order in self._patient.case.orders:
            self._left.append((f"orders {order.typed}", note("packet_order")))
        packet["metaData"] = self._about()
        return Packet(packet, tuple(self._left))

    def _born(self, subject: dict[str, Any], value: Days) -> None:
        if value.exact is None:
            self._left.append(("birth_date", note("packet_interval")))
        else:
            subject["dateOfBirth"] = _timestamp(value)

    def _measure(
        self, fact: Fact, value: object, on: Days | None, measurements: list[dict[str, Any]]
    ) -> None:
        found: dict[str, Any]
        if isinstance(value, Bounds):
            if value.exact is None:
                self._left.append((fact.id, note("packet_interval")))
                return
            unit = value.unit or "1"
            found = {
                "quantity": {
                    "unit": {"id": f"UCUM:{unit}", "label": unit},
                    "value": float(value.exact),
                }
            }
        elif isinstance(value, Days):
            self._left.append((fact.id, note("packet_date", value=shown(value))))
            return
        elif isinstance(value, bool):
            found = {"ontologyClass": self._truth(value)}
        else:
            label = next((each.label.en for each in fact.values if each.id == value), str(value))
            prefix = self._codes.curies[VALUES + fact.id]
            found = {"ontologyClass": {"id": f"{prefix}:{value}", "label": label}}
        measurement = {"assay": self._class(fact, *_PREFER), "value": found}
        if on is not None and on.exact is not None:
            measurement["timeObserved"] = {"timestamp": _timestamp(on)}
        elif on is not None:
            self._left.append((f"{fact.id} on", note("packet_interval")))
            if fact.max_age is not None:
                return
        elif fact.max_age is not None:
            as_of = Days(self._patient.as_of, self._patient.as_of)
            measurement["timeObserved"] = {"timestamp": _timestamp(as_of)}
        measurements.append(measurement)

    def _truth(self, value: bool) -> dict[str, str]:
        wanted = "positive" if value else "negative"
        for (system, code), says in self._codes.answers.items():
            if says == wanted and system == "loinc":
                return {"id": f"{self._codes.curies[system]}:{code}", "label": wanted}
        return {"id": f"{self._codes.curies[FACTS]}:{str(value).lower()}", "label": wanted}

    def _class(self, fact: Fact, *systems: str) -> dict[str, str]:
        """The fact as an ontology class: a code of one of these systems, else of our own."""
        for system in systems:
            code = fact.terminology.get(system)
            prefix = self._codes.curies.get(system)
            if code is not None and prefix is not None:
                bare = code.removeprefix(f"{prefix}:")
                return {"id": f"{prefix}:{bare}", "label": fact.label.en}
        return {"id": f"{self._codes.curies[FACTS]}:{fact.id}", "label": fact.label.en}

    def _actions(self) -> Iterator[dict[str, Any]]:
        for number, therapy in enumerate(self._patient.case.therapies or ()):
            place = f"therapies[{number}]"
            drug = self._guideline.drugs[therapy.drug]
            code = drug.codes.get("atc")
            shared = sum(each.codes.get("atc") == code for each in self._guideline.drugs.values())
            system = "atc" if code is not None and shared == 1 else DRUGS
            agent = {
                "id": f"{self._codes.curies[system]}:{code if system == 'atc' else drug.id}",
                "label": drug.names.en,
            }
            if drug.kind != "drug":
                day = therapy.start.exact
                performed = {"performed": {"timestamp": _timestamp(therapy.start)}} if day else {}
                yield {"procedure": {"code": agent, **performed}}
                continue
            yield {"treatment": {"agent": agent, **self._treatment(therapy, place)}}
        if self._patient.case.therapies_complete is not None:
            self._left.append(("therapies_complete", note("packet_history")))

    def _treatment(self, therapy: Therapy, place: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if therapy.route is not None:
            self._left.append((f"{place}.route", note("packet_route", route=therapy.route)))
        for field in ("response", "effective", "pulse"):
            if getattr(therapy, field) is not None:
                self._left.append((f"{place}.{field}", note("packet_field")))
        dose, stop = therapy.dose, therapy.stop
        dates = [each for each in (therapy.start, stop) if each is not None]
        if dose is None or dose.exact is None or any(each.exact is None for each in dates):
            self._left.append((f"{place}.dose", note("packet_dose")))
            return found
        unit, _, per = (dose.unit or "").rpartition("/")
        if per != "d":
            self._left.append((f"{place}.dose", note("packet_dose")))
            return found
        interval = {"start": _timestamp(therapy.start)}
        if stop is not None:
            interval["end"] = _timestamp(stop)
        found["doseIntervals"] = [
            {
                "quantity": {
                    "unit": {"id": f"UCUM:{unit}", "label": unit},
                    "value": float(dose.exact),
                },
                "scheduleFrequency": {"id": "UCUM:/d", "label": "daily"},
                "interval": interval,
            }
        ]
        return found

    def _about(self) -> dict[str, Any]:
        as_of = Days(self._patient.as_of, self._patient.as_of)
        return {
            "created": _timestamp(as_of),
            "createdBy": f"MyoRx {__version__}",
            "resources": [
                {
                    "id": name,
                    "name": name,
                    "url": self._codes.addresses.get(name, ""),
                    "version": self._guideline.manifest.version if name == FACTS else "unknown",
                    "namespacePrefix": prefix,
                    "iriPrefix": f"{self._codes.addresses.get(name, '')}#",
                }
                for name, prefix in self._codes.curies.items()
                if name in (*_PREFER, "atc", FACTS, DRUGS)
            ],
            "phenopacketSchemaVersion": SCHEMA,
        }


def _timestamp(period: Days) -> str:
    assert period.earliest is not None
    return f"{period.earliest.isoformat()}T00:00:00Z"
