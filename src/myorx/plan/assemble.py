"""Guideline and patient in, plan out: the one place where the parts of a plan come together."""

from __future__ import annotations

from functools import lru_cache

from myorx.facts import Patient
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text
from myorx.language import cql
from myorx.plan.advice import judge_advice
from myorx.plan.alerts import raise_alerts
from myorx.plan.calendar import cite_calendar, make_calendar
from myorx.plan.decisions import judge_decisions
from myorx.plan.drugs import judge_drugs
from myorx.plan.findings import Mentions, find
from myorx.plan.grounds import Grounds
from myorx.plan.headline import Shown, headline
from myorx.plan.model import SCHEMA, Need, Plan, Receipt, Remark
from myorx.plan.needs import rank_needs
from myorx.plan.receipt import receipt
from myorx.plan.situation import Situation
from myorx.plan.statements import Citations, Sources, cite_plan
from myorx.plan.wording import Wording


class Planner:
    """A guideline made ready for many patients: its words are generated once."""

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline
        self.wording = Wording(guideline)
        self.sources = Sources(guideline)
        self._mentions = Mentions(guideline, self.wording)
        self._grounds = Grounds(guideline)
        self.settings = {setting.id: cql(setting.value) for setting in guideline.manifest.settings}

    def situation(self, patient: Patient) -> Situation:
        """The patient before the guideline."""
        return Situation(patient, self.wording, self._grounds)

    def plan(self, patient: Patient) -> Plan:
        """The plan for one patient."""
        guideline = self.guideline
        situation = self.situation(patient)
        decisions = judge_decisions(situation)
        advice = judge_advice(situation)
        drugs = judge_drugs(situation, decisions, advice)
        alerts = raise_alerts(situation, decisions, drugs)
        findings = find(situation, self._mentions, decisions, drugs, advice, alerts)
        needs = rank_needs(situation, decisions, drugs, advice, alerts)
        outside = _outside(situation)
        elsewhere = _elsewhere(situation)
        paper = receipt(guideline, patient, self.wording, self.settings)
        cited = cite_plan(guideline, self.sources, decisions, drugs, advice, alerts, findings)
        calendar = make_calendar(situation, decisions, drugs, advice)
        cite_calendar(cited, calendar)
        _cite_facts(cited, guideline, paper, needs)
        return Plan(
            schema=SCHEMA,
            title=guideline.manifest.title,
            as_of=paper.as_of,
            headline=headline(
                Shown(
                    wording=self.wording,
                    outside=outside,
                    alerts=alerts,
                    decisions=decisions,
                    drugs=drugs,
                    advice=advice,
                    needs=needs,
                    elsewhere=elsewhere,
                )
            ),
            alerts=alerts,
            decisions=decisions,
            drugs=drugs,
            advice=advice,
            findings=findings,
            needs=needs,
            not_covered=elsewhere,
            statements=cited.statements(),
            disputes=cited.disputes(),
            receipt=paper,
            outside_guideline=outside,
            calendar=calendar,
        )


def make_plan(guideline: Guideline, patient: Patient) -> Plan:
    """The plan for one patient. Same guideline, same patient: the same plan to the byte."""
    return planner(guideline).plan(patient)


def planner(guideline: Guideline) -> Planner:
    """The planner of a guideline; made once for each of the guidelines in use."""
    return _planner(_Same(guideline))


class _Same:
    """A guideline as a key that compares by identity: its content is far too large to compare."""

    __slots__ = ("guideline",)

    def __init__(self, guideline: Guideline) -> None:
        self.guideline = guideline

    def __hash__(self) -> int:
        return id(self.guideline)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.guideline is self.guideline


@lru_cache(maxsize=8)
def _planner(same: _Same) -> Planner:
    return Planner(same.guideline)


def _cite_facts(
    cited: Citations, guideline: Guideline, paper: Receipt, needs: tuple[Need, ...]
) -> None:
    """The citations of the facts that the case knows, and of those that decide a candidate."""
    for used in paper.facts:
        fact = guideline.facts[used.id]
        known = used.value != "unknown"
        cited.add((*used.cites, *fact.cites), fact.disputes, live=known)
    for need in needs:
        if need.fact in guideline.facts and any("/" in item for item in need.decides):
            cited.add((), guideline.facts[need.fact].disputes)


def _outside(situation: Situation) -> Text | None:
    scope = situation.guideline.manifest.scope
    return scope.outside if situation.holds(scope.when) is False else None


def _elsewhere(situation: Situation) -> tuple[Remark, ...]:
    """Topics outside the source that a prescriber must check elsewhere."""
    return tuple(
        Remark(says=topic.says, basis="inferred")
        for topic in situation.guideline.manifest.elsewhere
        if situation.holds(topic.when) is not False
    )
