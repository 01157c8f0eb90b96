"""Codes of other systems as one table of a guideline: what each says of its facts and drugs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from myorx.guideline.mapping import Mapping as CodeMapping
from myorx.guideline.models import Guideline

FACTS: Final = "facts"
"""Our own code system of facts; a code is the id of a fact."""
DRUGS: Final = "drugs"
"""Likewise of drugs, procedures and measures."""
VALUES: Final = "value-"
"""Before the id of a coded fact: our own code system of its values."""

_DEFAULT_BASE: Final = "urn:myorx"


class Coding(NamedTuple):
    """One code as a source has it; ``system`` is our name of the system, or None."""

    system: str | None
    code: str
    display: str = ""
    address: str = ""
    """The system as the source names it."""

    @property
    def told(self) -> str:
        """``loinc 2276-4``."""
        return f"{self.system or self.address or '?'} {self.code}"


class Meaning(NamedTuple):
    """What a code says of one fact (see ``guideline.mapping.FactCodes``)."""

    fact: str
    value: str | None = None
    answers: Mapping[str, str] = {}
    above: str | None = None
    onset: str | None = None
    only: str | None = None
    past: bool = False


class Codes(NamedTuple):
    """All mappings of a guideline, ready to be looked up; keys are (system, code)."""

    base: str
    systems: Mapping[str, str]
    """Address of a system -> our name of it."""
    prefixes: Mapping[str, str]
    """Prefix or HL7 v2 name of a system, in lower case -> our name of it."""
    facts: Mapping[tuple[str, str], tuple[Meaning, ...]]
    drugs: Mapping[tuple[str, str], tuple[str, ...]]
    allergies: Mapping[tuple[str, str], tuple[str, ...]]
    none_known: Mapping[tuple[str, str], tuple[str, ...]]
    answers: Mapping[tuple[str, str], str]
    routes: Mapping[tuple[str, str], str]
    addresses: Mapping[str, str]
    """Our name of a system -> the address that we write."""
    curies: Mapping[str, str]
    """Our name of a system -> the prefix that we write."""

    def coding(self, address: str, code: str, display: str = "") -> Coding:
        """A code under the address of its system."""
        system = self.systems.get(address) or self.systems.get(address.rstrip("/"))
        return Coding(system, code.strip(), display, address)

    def prefixed(self, prefix: str, code: str, display: str = "") -> Coding:
        """A code under a prefix (``LOINC``) or an HL7 v2 name (``LN``) of its system."""
        system = self.prefixes.get(prefix.lower())
        if system == "hpo" and not code.upper().startswith("HP:"):
            code = f"HP:{code}"
        return Coding(system, code.strip(), display, prefix)

    def meanings(self, codings: Iterable[Coding]) -> list[tuple[Coding, Meaning]]:
        """Everything that these codes say of facts; each fact once, by its first code."""
        found: dict[str, tuple[Coding, Meaning]] = {}
        for coding in codings:
            for meaning in self.facts.get((coding.system or "", coding.code), ()):
                known = found.get(meaning.fact)
                if known is None or (meaning.answers and not known[1].answers):
                    found[meaning.fact] = (coding, meaning)
        return list(found.values())

    def answer(self, meaning: Meaning, codings: Iterable[Coding]) -> tuple[Coding, str] | None:
        """What a coded answer says of a fact, and by which of its codes."""
        codings = tuple(codings)
        for coding in codings:
            own = meaning.answers.get(f"{coding.system}|{coding.code}")
            if own is not None:
                return coding, own
            if coding.system == VALUES + meaning.fact:
                return coding, coding.code
        for coding in codings:
            says = self.answers.get((coding.system or "", coding.code))
            if says is not None:
                return coding, says
        return None

    def own(self, name: str) -> str:
        """The address of something of ours: ``CodeSystem:facts``."""
        separator = "/" if "://" in self.base else ":"
        return self.base + separator + name.replace(":", separator)


def table(guideline: Guideline, mappings: Iterable[CodeMapping]) -> Codes:
    """The table of ``guideline``: what facts and drugs state themselves, and the mappings."""
    files = tuple(mappings)
    base = next((each.base for each in files if each.base is not None), _DEFAULT_BASE)
    facts: dict[tuple[str, str], dict[str, Meaning]] = {}
    drugs: dict[tuple[str, str], dict[str, None]] = {}
    for fact in guideline.facts.values():
        if fact.derived:
            continue
        for system, code in fact.terminology.items():
            facts.setdefault((system, code), {})[fact.id] = Meaning(fact.id)
        facts[FACTS, fact.id] = {fact.id: Meaning(fact.id)}
    for drug in guideline.drugs.values():
        for system, code in drug.codes.items():
            drugs.setdefault((system, code), {})[drug.id] = None
        drugs[DRUGS, drug.id] = {drug.id: None}
    for row in (row for file in files for row in file.facts):
        meaning = Meaning(
            row.fact, row.value, row.answers, row.above, row.onset, row.only, row.past
        )
        for place in _places(row.codes):
            before = facts.setdefault(place, {}).get(row.fact, Meaning(row.fact))
            facts[place][row.fact] = meaning._replace(answers={**before.answers, **row.answers})
    for given in (row for file in files for row in file.drugs):
        for place in _places(given.codes):
            drugs.setdefault(place, {})[given.drug] = None
    allergies: dict[tuple[str, str], tuple[str, ...]] = {}
    none_known: dict[tuple[str, str], tuple[str, ...]] = {}
    for allergy in (row for file in files for row in file.allergies):
        for place in _places(allergy.codes):
            allergies[place] = (*allergies.get(place, ()), allergy.fact)
        for place in _places(allergy.none_known):
            none_known[place] = (*none_known.get(place, ()), allergy.fact)
    codes = Codes(
        base=base,
        systems={},
        prefixes={
            prefix.lower(): name
            for file in files
            for name, listed in file.prefixes.items()
            for prefix in listed
        },
        facts={place: tuple(found.values()) for place, found in facts.items()},
        drugs={place: tuple(found) for place, found in drugs.items()},
        allergies=allergies,
        none_known=none_known,
        answers={
            place: row.says
            for file in files
            for row in file.answers
            for place in _places(row.codes)
        },
        routes={
            place: row.route
            for file in files
            for row in file.routes
            for place in _places(row.codes)
        },
        addresses={
            name: listed[0] for file in files for name, listed in file.systems.items() if listed
        },
        curies={
            name: listed[0] for file in files for name, listed in file.prefixes.items() if listed
        },
    )
    ours = [FACTS, DRUGS, *(VALUES + each.id for each in guideline.facts.values() if each.values)]
    systems = {
        address.rstrip("/"): name
        for file in files
        for name, listed in file.systems.items()
        for address in listed
    }
    own = {codes.own(f"CodeSystem:{name}"): name for name in ours}
    return codes._replace(
        systems={**systems, **own},
        prefixes={**codes.prefixes, **{f"myorx-{name}": name for name in ours}},
        addresses={**codes.addresses, **{name: address for address, name in own.items()}},
        curies={**codes.curies, **{name: f"MYORX-{name}" for name in ours}},
    )


def _places(codes: Mapping[str, tuple[str, ...]]) -> Iterable[tuple[str, str]]:
    return ((system, code) for system, listed in codes.items() for code in listed)
