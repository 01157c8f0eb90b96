"""All that the pages say of one guideline, gathered once and rendered in each language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import get_args

from myorx.guideline.coverage import STATUSES, SectionCoverage, coverage, section_of
from myorx.guideline.hazards import drugs_of, members
from myorx.guideline.models import (
    Candidate,
    Dispute,
    Drug,
    Fact,
    Group,
    Guideline,
    Section,
    Statement,
    Weight,
)
from myorx.guideline.texts import Text
from myorx.plan.assemble import planner
from myorx.plan.texts import plain
from myorx.web.document.address import Address, address, shelves
from myorx.web.document.cases import Progress, Shelf, Shown, run_cases, trials
from myorx.web.document.instruments import instruments
from myorx.web.document.links import links
from myorx.web.document.rules import Owner, Rule, rules
from myorx.web.document.words import words


class Book:
    """One guideline with its vignettes run, and every link back."""

    def __init__(self, guideline: Guideline, groups: tuple[Shelf, ...] = ()) -> None:
        self.guideline = guideline
        self.groups = groups
        self.cases: Mapping[str, Shown] = {
            case.vignette.id: case for group in groups for case in group.cases
        }
        self.shelves = {
            **shelves(guideline),
            **{("vignette", id_): case.page for id_, case in self.cases.items()},
        }
        self.wording = planner(guideline).wording
        self.rules = rules(guideline)
        self.links = links(guideline, self.rules)
        self.trials = trials(self.cases.values())
        self.members = members(guideline)

    def address(self, kind: str, id_: str) -> Address:
        """Where a thing stands. Raises KeyError where it has no place."""
        return address(kind, id_, self.shelves)

    def has(self, kind: str, id_: str) -> bool:
        """Whether there is such a thing to link to."""
        guideline = self.guideline
        known: Mapping[str, Mapping[str, object]] = {
            "statement": guideline.statements,
            "dispute": guideline.disputes,
            "drug": guideline.drugs,
            "class": guideline.classes,
            "decision": guideline.decisions,
            "advice": guideline.advice,
            "alert": guideline.alerts,
            "definition": guideline.definitions,
            "fact": guideline.facts,
            "contradiction": guideline.contradictions,
            "reference": guideline.references,
            "vignette": self.cases,
            "setting": self.settings,
            "topic": self.topics,
            "candidate": self.candidates,
            "instrument": self.instruments,
        }
        return kind == "manifest" or id_ in known.get(kind, {})

    @cached_property
    def settings(self) -> Mapping[str, Text]:
        """The labels of the settings."""
        return {setting.id: setting.label for setting in self.guideline.manifest.settings}

    @cached_property
    def topics(self) -> Mapping[str, Text]:
        """The labels of the topics that a drug may leave uncovered."""
        return {topic.id: topic.label for topic in self.guideline.manifest.topics}

    @cached_property
    def instruments(self) -> Mapping[str, Text]:
        """The names of the calculators."""
        return {about.id: Text(about.names.zh, about.names.en) for about in instruments()}

    @cached_property
    def candidates(self) -> Mapping[str, Text]:
        """The names of all candidates, by ``decision/candidate``."""
        return {
            f"{decision.id}/{candidate.id}": candidate.names
            for decision in self.guideline.decisions.values()
            for candidate in decision.candidates
        }

    @cached_property
    def by_owner(self) -> Mapping[tuple[str, str], tuple[Rule, ...]]:
        """The rules of each object, in their order."""
        found: dict[tuple[str, str], list[Rule]] = {}
        for rule in self.rules:
            found.setdefault(rule.owner, []).append(rule)
        return {owner: tuple(all_) for owner, all_ in found.items()}

    @cached_property
    def disputes(self) -> Mapping[str, tuple[Dispute, ...]]:
        """The disputes by their weight, the gravest first."""
        found: dict[str, list[Dispute]] = {weight: [] for weight in get_args(Weight)}
        for dispute in self.guideline.disputes.values():
            found[dispute.weight].append(dispute)
        return {weight: tuple(all_) for weight, all_ in found.items() if all_}

    @cached_property
    def facts(self) -> tuple[tuple[Group, tuple[Fact, ...]], ...]:
        """The groups of facts that have some, with them."""
        found: dict[str, list[Fact]] = {group: [] for group in self.guideline.groups}
        for fact in self.guideline.facts.values():
            found[fact.group].append(fact)
        return tuple(
            (self.guideline.groups[id_], tuple(all_)) for id_, all_ in found.items() if all_
        )

    @cached_property
    def sections(self) -> tuple[tuple[Section, tuple[Statement, ...]], ...]:
        """The sections of the source with their statements, in the order of the ledger."""
        titles = {section.number: section for section in self.guideline.manifest.sections}
        found: dict[str, list[Statement]] = {}
        for statement in self.guideline.statements.values():
            found.setdefault(section_of(statement.id), []).append(statement)
        return tuple(
            (titles.get(number) or Section(number, plain(number)), tuple(statements))
            for number, statements in found.items()
        )

    statuses = STATUSES

    @cached_property
    def coverage(self) -> tuple[SectionCoverage, ...]:
        """Statements by section and status."""
        return coverage(self.guideline)

    # -- what belongs together -----------------------------------------------------------------

    def exclusions(self, candidate: Candidate) -> tuple[tuple[Drug, Rule], ...]:
        """What excludes the drugs of a candidate, by drug, in the order of its parts."""
        found = {
            drug.id: drug
            for part in candidate.parts
            for drug in drugs_of(part, self.guideline, self.members)
        }
        return tuple(
            (drug, rule)
            for drug in found.values()
            for rule in self.by_owner.get(("drug", drug.id), ())
            if rule.kind == "exclude"
        )

    def cited_by_drug(self, drug: Drug) -> tuple[Statement, ...]:
        """Every statement that the file of a drug cites, in the order of the source."""
        rules = self.by_owner.get(("drug", drug.id), ())
        cited = {id_ for rule in rules for id_ in rule.cites}
        return tuple(each for each in self.guideline.statements.values() if each.id in cited)

    def cited_by_offer(self, owner: Owner) -> tuple[str, ...]:
        """The statements that a candidate (its arguments and notes) or an advice stands on."""
        kind, (id_, _, _) = owner.kind, owner.id.partition("/")
        if kind != "candidate":
            rules = self.by_owner.get((kind, id_), ())
        else:
            start = self.address(kind, owner.id).anchor
            rules = tuple(
                rule
                for rule in self.by_owner.get(("decision", id_), ())
                if rule.address.anchor.startswith(f"{start}.")
            )
        return tuple(dict.fromkeys(cite for rule in rules for cite in rule.cites))

    def cases_of_drug(self, drug: str) -> tuple[Shown, ...]:
        """The vignettes whose expectations name a drug, as such or as a part."""
        found = [*self.trials.by_item.get(("drug", drug), ())]
        found += self.trials.by_item.get(("part", drug), ())
        return tuple({case.vignette.id: case for case in found}.values())

    def facts_with(self, instrument: str) -> tuple[Owner, ...]:
        """The facts that an instrument computes."""
        return tuple(
            Owner("fact", fact.id)
            for fact in self.guideline.facts.values()
            if fact.instrument is not None and fact.instrument.name == instrument
        )

    def surfacing(self, dispute: str) -> tuple[Shown, ...]:
        """The vignettes whose plan meets a dispute; those that expect it come first."""
        met = self.trials.by_dispute.get(dispute, ())
        return tuple(sorted(met, key=lambda case: dispute not in case.vignette.expect.disputes))

    # -- names ---------------------------------------------------------------------------------

    def name(self, kind: str, id_: str) -> Text:
        """What a thing is called; its id where it has no name."""
        guideline = self.guideline
        if kind in ("drug", "class", "part"):
            return self.wording.drug(id_)
        if kind in ("fact", "definition", "setting"):
            return self.wording.name(id_)
        if kind == "manifest":
            return words()["kind_manifest"]
        if kind == "decision" and id_ in guideline.decisions:
            return guideline.decisions[id_].question
        if kind == "advice" and id_ in guideline.advice:
            return guideline.advice[id_].label
        if kind == "alert" and id_ in guideline.alerts:
            return guideline.alerts[id_].says
        if kind == "contradiction" and id_ in guideline.contradictions:
            return guideline.contradictions[id_].says
        if kind == "vignette" and id_ in self.cases:
            return self.cases[id_].vignette.title
        named = {
            "candidate": self.candidates,
            "topic": self.topics,
            "instrument": self.instruments,
        }
        names: Mapping[str, Text] = named.get(kind, {})
        return names.get(id_) or plain(id_)


def _silent(done: int, of: int) -> None:
    """Tell nobody."""


def read_book(guideline: Guideline, folder: Path | None, progress: Progress = _silent) -> Book:
    """The book of a guideline; ``folder`` holds its vignettes, which are run.

    Raises GuidelineError for vignettes that cannot be read.
    """
    groups = run_cases(guideline, folder, progress) if folder is not None else ()
    return Book(guideline, groups)
