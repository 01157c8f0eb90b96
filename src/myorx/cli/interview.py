"""The interview: one question at a time on the terminal, and what each answer changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from myorx.cli.ask_text import notice_rows, question_rows, why_rows
from myorx.cli.plan_text import headline_rows
from myorx.cli.rows import Row, rows, show
from myorx.cli.words import Language, say, word
from myorx.facts import THERAPIES, CaseError, Patient, read_case
from myorx.facts.document import Document, answered, fields, typed, written
from myorx.facts.spelling import key
from myorx.facts.words import NEVER, UNKNOWN
from myorx.guideline.models import Guideline
from myorx.plan import Plan, make_plan
from myorx.plan.ask import ask, questions
from myorx.plan.question import Question

_ENOUGH = frozenset({"q", "quit", "exit", "结束", "退出"})
_WHY = frozenset({"?", "？"})
_COMPLETE = "therapies_complete"
_ORDERS = "orders"


class Interview:
    """One case while it is being completed."""

    def __init__(self, guideline: Guideline, document: Document, lang: Language) -> None:
        """``document`` gives the date of the case. Raises CaseError where it is refused."""
        self.guideline = guideline
        self.lang = lang
        self.document = document
        self.patient = self._read(document)
        self._plan = make_plan(guideline, self.patient)
        said = fields(document)
        self._asked = {THERAPIES} if THERAPIES in said else set()
        self._count = 0

    def run(self) -> None:
        """Ask until nothing is left that could change the plan, or the user has had enough."""
        show(notice_rows(questions(self.guideline, self.patient, limit=0), self.lang))
        show([Row(""), *rows(word("ask_how", self.lang))])
        try:
            while found := ask(self.guideline, self.patient, self._asked, limit=1):
                self._put(found[0])
        except (click.Abort, EOFError):
            click.echo()
        else:
            show([Row(""), *rows(word("ask_nothing", self.lang), "good")])
        show(headline_rows(self._plan, self.lang))

    def written(self) -> str:
        """The case as YAML."""
        return written(self.document)

    def save(self, path: Path) -> None:
        """Write the case."""
        path.write_text(self.written(), encoding="utf-8")

    # -- asking --------------------------------------------------------------------------------

    def _put(self, question: Question) -> None:
        """Ask one question until it is answered or skipped."""
        self._count += 1
        show([Row(""), *question_rows(question, self.lang, f"{self._count:3}. ")])
        while True:
            text = _prompt(question.fact)
            if text in _WHY:
                show(why_rows(question, self.lang))
            elif not text:
                break
            elif self._answer(question.fact, text):
                if question.fact == THERAPIES and self.patient.case.therapies is not None:
                    self._follow_up()
                break
        # Of a question that stands for several facts the rest is asked one by one, unless all of
        # it is not known.
        if not text or key(text) in UNKNOWN:
            self._asked.update(question.facts)
        self._asked.add(question.fact)

    def _follow_up(self) -> None:
        """What belongs to a treatment history: whether it is whole, and what is ordered now."""
        parts = [_COMPLETE] if self.patient.case.therapies else []
        for part in (*parts, _ORDERS):
            if part in fields(self.document):
                continue
            show(rows(word(f"ask_{part}", self.lang), first="     "))
            while text := _prompt(part):
                if self._answer(part, text):
                    break

    def _answer(self, name: str, text: str) -> bool:
        """Put an answer into the case; False, said why, where the case is then refused."""
        try:
            document, patient = self._tried(name, text)
        except CaseError as error:
            for line in error.lines(self.lang):
                show(rows(line, "warning", first="     ! "))
            return False
        before = self._plan
        self.document, self.patient = document, patient
        self._plan = make_plan(self.guideline, patient)
        show(_changes(before, self._plan, self.lang))
        return True

    def _tried(self, name: str, text: str) -> tuple[Document, Patient]:
        document = answered(self.document, self.guideline, name, _value(name, text))
        return document, self._read(document)

    def _read(self, document: Document) -> Patient:
        return read_case(document, self.guideline)


def _value(name: str, text: str) -> Any:
    """What was typed; one therapy alone is a list of one."""
    value = typed(text)
    if name != THERAPIES or isinstance(value, list):
        return value
    words = isinstance(value, str) and (key(value) in NEVER or key(value) in UNKNOWN)
    return value if words else [value]


def _prompt(name: str) -> str:
    """One line from the terminal. Raises ``click.Abort`` at its end, or for a word for enough."""
    text: str = click.prompt(f"     {name}", default="", show_default=False).strip()
    if text.lower() in _ENOUGH:
        raise click.Abort
    return text


def _changes(before: Plan, after: Plan, lang: Language) -> list[Row]:
    """The lines of the headline that came and went."""
    old = [say(line.says, lang) for line in before.headline]
    new = [say(line.says, lang) for line in after.headline]
    out = [row for text in old if text not in new for row in rows(text, "dim", first="     - ")]
    for line in after.headline:
        if say(line.says, lang) not in old:
            tone = line.level if line.level != "info" else "good"
            out += rows(say(line.says, lang), tone, first="     + ")
    return out
