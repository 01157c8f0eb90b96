"""A summary and its guideline -> the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from importlib import resources
from typing import Any, NamedTuple

from myorx.cohort.engine.measures import breach_column, concordance_column, given_column
from myorx.cohort.engine.statuses import (
    advice_column,
    alert_column,
    candidate_column,
    decision_column,
)
from myorx.cohort.report.bars import COLOURS, Piece, plain, stacked
from myorx.cohort.tally import YEAR
from myorx.cohort.texts import MissingExtraError, catalogue, say
from myorx.guideline.models import Guideline
from myorx.guideline.texts import Text

_DECISION = ("live", "open", "yielded", "outside_guideline", "absent")
_CANDIDATE = (
    "recommended",
    "option",
    "contested",
    "undetermined",
    "blocked",
    "excluded",
    "advised_against",
    "not_indicated",
)
_CONCORDANCE = ("concordant", "discordant", "unknown")
_ADVICE = ("do", "may_apply", "withheld")
_GIVEN = ("given", "missing", "unknown")
_OUTCOMES = ("known", "not_asked", "pending", "not_done", "indeterminate", "refused")
_MOST = 25
"""So many unknown facts are shown."""
_GROUPS = 60
"""So many groups of one column are shown; summary.json has all."""


class Bar(NamedTuple):
    """A row with a picture."""

    name: Text
    svg: str
    numbers: Mapping[str, int]
    share: str = ""
    under: tuple[Bar, ...] = ()


class Group(NamedTuple):
    """Concordance in one group: of all decisions together, and of each."""

    name: str
    all: Bar
    each: Mapping[str, str]


class Grouping(NamedTuple):
    """The groups of one column."""

    name: Text
    groups: tuple[Group, ...]
    decisions: tuple[tuple[str, Text], ...]
    left: int


def write_report(guideline: Guideline, summary: Mapping[str, Any]) -> str:
    """The page of a run. Raises MissingExtraError without the template library."""
    try:
        import jinja2
    except ImportError as error:
        raise MissingExtraError(str(error)) from None
    source = resources.files("myorx.cohort.report").joinpath("page.html.jinja")
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(source.read_text(encoding="utf-8"))
    page = _Page(guideline, summary)
    return template.render(
        page=page,
        manifest=guideline.manifest,
        summary=summary,
        colours=COLOURS,
        word=word,
        value=partial(word, kind="v"),
        statuses=(_DECISION, _CANDIDATE, _CONCORDANCE, _ADVICE, _GIVEN),
        outcomes=_OUTCOMES,
    )


def word(key: str, kind: str = "r") -> Text:
    """A word of the report; a value that the catalogue lacks stands for itself."""
    return catalogue().get(f"{kind}_{key}") or Text(key, key)


class _Page:
    def __init__(self, guideline: Guideline, summary: Mapping[str, Any]) -> None:
        self._guideline = guideline
        self._columns: Mapping[str, Mapping[str, int]] = summary.get("columns", {})
        self._summary = summary
        self.used = int(summary.get("rows", {}).get("used", 0))

    @property
    def rejected(self) -> tuple[tuple[Text, int], ...]:
        """The reasons why rows were not used."""
        found = self._summary.get("rejected", {})
        return tuple(
            (say(code, found="…", first="…"), number) for code, number in sorted(found.items())
        )

    @property
    def flow(self) -> tuple[Bar, ...]:
        """Every decision with its candidates."""
        ranked = sorted(self._guideline.decisions.values(), key=lambda each: each.order)
        return tuple(
            self._bar(
                decision.question,
                decision_column(decision.id),
                _DECISION,
                under=tuple(
                    self._bar(
                        candidate.names, candidate_column(decision.id, candidate.id), _CANDIDATE
                    )
                    for candidate in decision.candidates
                ),
            )
            for decision in ranked
        )

    @property
    def concordance(self) -> tuple[Bar, ...]:
        """Every decision that concerns somebody."""
        found = (
            self._bar(decision.question, concordance_column(decision.id), _CONCORDANCE, whole=False)
            for decision in self._ranked()
        )
        return tuple(bar for bar in found if any(bar.numbers.values()))

    @property
    def groupings(self) -> tuple[Grouping, ...]:
        """Concordance by year, and by each column asked for."""
        return tuple(
            self._grouping(name, groups) for name, groups in self._summary.get("groups", {}).items()
        )

    def _grouping(self, name: str, groups: Mapping[str, Any]) -> Grouping:
        decisions = tuple(
            (each.id, each.question) for each in self._ranked() if self._live(each.id)
        )
        shown = sorted(groups.items())[:_GROUPS]
        title = word("year") if name == YEAR else Text(name, name)
        return Grouping(
            say("r_by", name=title),
            tuple(self._group(label, counts) for label, counts in shown),
            decisions,
            len(groups) - len(shown),
        )

    def _group(self, label: str, counts: Mapping[str, Mapping[str, int]]) -> Group:
        each = {
            decision: _share(counts.get(concordance_column(decision), {}))
            for decision in self._guideline.decisions
        }
        total = {
            value: sum(
                counts.get(concordance_column(decision), {}).get(value, 0)
                for decision in self._guideline.decisions
            )
            for value in _CONCORDANCE
        }
        name = label or word("empty").en
        pieces = [Piece(value, word(value, "v"), total[value]) for value in _CONCORDANCE]
        svg = stacked(pieces, sum(total.values()))
        return Group(name, Bar(Text(name, name), svg, total, _share(total)), each)

    @property
    def breaches(self) -> tuple[tuple[Text, int, int], ...]:
        """Each drug taken against an exclusion: certainly, possibly."""
        found = (
            (drug.names, counts.get("breach", 0), counts.get("possible", 0))
            for drug in self._guideline.drugs.values()
            for counts in (self._columns.get(breach_column(drug.id), {}),)
        )
        return tuple(sorted((row for row in found if row[1] or row[2]), key=lambda row: -row[1]))

    @property
    def advice(self) -> tuple[tuple[Bar, Bar | None], ...]:
        """Every advice that concerns somebody, and whether what it names is given."""
        rows: list[tuple[Bar, Bar | None]] = []
        for advice in sorted(self._guideline.advice.values(), key=lambda each: each.order):
            bar = self._bar(advice.label, advice_column(advice.id), _ADVICE)
            if not any(bar.numbers.values()):
                continue
            column = given_column(advice.id)
            given = None
            if column in self._columns:
                given = self._bar(advice.label, column, _GIVEN, whole=False)
            rows.append((bar, given))
        return tuple(rows)

    @property
    def alerts(self) -> tuple[Bar, ...]:
        """Every alert raised for somebody."""
        found = (
            self._bar(alert.says, alert_column(alert.id), ("raised", "possible"))
            for alert in self._guideline.alerts.values()
        )
        return tuple(bar for bar in found if any(bar.numbers.values()))

    @property
    def unknowns(self) -> tuple[tuple[Text, str, int, Mapping[str, int]], ...]:
        """The facts that leave most open: their label, a bar, the rows, and how many things."""
        return tuple(
            (self._label(fact), plain(number, self._most_open), number, costs)
            for fact, number, costs in most_open(self._summary)[:_MOST]
        )

    @property
    def _most_open(self) -> int:
        return max(self._summary.get("open", {}).values(), default=0)

    @property
    def quality(self) -> tuple[tuple[Text, Mapping[str, int], int, int, Mapping[str, int]], ...]:
        """Each fact of the table: how its cells came out, what was stale, contradicted, refused."""
        return tuple(
            (
                self._label(fact),
                each["outcomes"],
                self._summary.get("stale", {}).get(fact, 0),
                self._summary.get("contradicted", {}).get(fact, 0),
                each["faults"],
            )
            for fact, each in self._summary.get("facts", {}).items()
        )

    # -- pieces ------------------------------------------------------------------------------------

    def _ranked(self) -> list[Any]:
        return sorted(self._guideline.decisions.values(), key=lambda each: each.order)

    def _live(self, decision: str) -> bool:
        counts = self._columns.get(concordance_column(decision), {})
        return any(counts.get(value) for value in _CONCORDANCE)

    def _label(self, fact: str) -> Text:
        return self._guideline.facts[fact].label

    def _bar(
        self,
        name: Text,
        column: str,
        values: Iterable[str],
        *,
        whole: bool = True,
        under: tuple[Bar, ...] = (),
    ) -> Bar:
        counts = self._columns.get(column, {})
        numbers = {value: counts.get(value, 0) for value in values}
        total = self.used if whole else sum(numbers.values())
        pieces = [Piece(value, word(value, "v"), number) for value, number in numbers.items()]
        return Bar(name, stacked(pieces, total), numbers, _share(numbers), under)


def most_open(summary: Mapping[str, Any]) -> list[tuple[str, int, dict[str, int]]]:
    """The facts that leave something open, most rows first: for how many rows, and how many
    decisions, candidates and advice."""
    costs: dict[str, dict[str, int]] = {}
    for kind, subjects in summary.get("blocks", {}).items():
        for facts in subjects.values():
            for fact in facts:
                here = costs.setdefault(fact, {"decision": 0, "candidate": 0, "advice": 0})
                here[kind] += 1
    found = summary.get("open", {}).items()
    ranked = sorted(found, key=lambda item: (-item[1], item[0]))
    return [(fact, number, costs[fact]) for fact, number in ranked]


def _share(counts: Mapping[str, int]) -> str:
    done, not_done = counts.get("concordant", 0), counts.get("discordant", 0)
    return f"{100 * done / (done + not_done):.1f} %" if done + not_done else "–"
