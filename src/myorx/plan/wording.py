"""What a guideline's conditions look like in words: generated once from the trees, then remembered.

Prose never depends on the patient, so one ``Wording`` serves every plan of its guideline.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from myorx.facts import THERAPIES
from myorx.guideline.models import Argument, Definition, Guideline, Note, Regimen, Verb
from myorx.guideline.texts import Text
from myorx.language import cql, prose
from myorx.language.prose import Language
from myorx.language.syntax import Expression
from myorx.language.values import Value
from myorx.language.walk import names
from myorx.plan.model import DoseLine, Reason, Remark, Step, Truth
from myorx.plan.texts import plain, say
from myorx.plan.values import shown

AS_OF = "as_of"

_DOSES = 4096
"""So many dose lines are remembered."""


class Words(msgspec.Struct, frozen=True):
    """One expression: as text of the language, in prose, and the facts under it."""

    of: Expression
    """Kept beside its words, so that its id stays taken as long as they stand."""
    text: str
    says: Text
    facts: tuple[str, ...]
    definitions: tuple[str, ...]
    """Those it mentions, and those under them."""


class Wording:
    """Names, phrases and verbs of one guideline; also the lexicon that ``prose`` reads."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline
        self._settings = {setting.id: setting for setting in guideline.manifest.settings}
        self._verbs = {verb.zh: verb for verb in guideline.manifest.verbs}
        self._topics = {topic.id: topic for topic in guideline.manifest.topics}
        self._words: dict[int, Words] = {}
        self._doses: dict[tuple[int, object], DoseLine] = {}
        self._remarks: dict[int, Remark] = {}
        self._findings: dict[tuple[str, str], Text] = {}
        self._strengths: dict[str, Text] = {}
        self._facts: dict[str, tuple[str, ...]] = {}

    # -- the lexicon ---------------------------------------------------------------------------

    def label(self, name: str, lang: Language) -> str:
        """The name of a fact, definition or setting in ``lang``."""
        return _side(self.name(name), lang)

    def phrase(self, name: str, lang: Language, truth: bool) -> str | None:
        """A Boolean's own words for true or false, where it has some."""
        item = self._guideline.facts.get(name) or self._guideline.definitions.get(name)
        if item is None or item.phrase is None:
            return None
        return _side(item.phrase.true if truth else item.phrase.false, lang)

    def code(self, name: str, code: str, lang: Language) -> str:
        """The label of one value of a coded fact; the code itself where it has none."""
        fact = self._guideline.facts.get(name)
        for value in fact.values if fact is not None else ():
            if value.id == code:
                return _side(value.label, lang)
        return code

    # -- names ---------------------------------------------------------------------------------

    def name(self, name: str) -> Text:
        """The label of a fact, definition, setting, or of the treatment history."""
        if name in (THERAPIES, AS_OF):
            return say(name)
        guideline = self._guideline
        item = (
            guideline.facts.get(name) or guideline.definitions.get(name) or self._settings.get(name)
        )
        return item.label if item is not None else plain(name)

    def question(self, name: str) -> Text:
        """How to ask for a fact."""
        if name == THERAPIES:
            return say("therapies_question")
        fact = self._guideline.facts[name]
        return fact.question if fact.question is not None else fact.label

    def drug(self, drug: str) -> Text:
        """The names of a drug or a class; its id where the guideline does not know it."""
        item = self._guideline.drugs.get(drug) or self._guideline.classes.get(drug)
        return item.names if item is not None else plain(drug)

    def topic(self, topic: str) -> Text:
        """The label of a topic that the source may not cover for a drug."""
        return self._topics[topic].label if topic in self._topics else plain(topic)

    # -- verbs ---------------------------------------------------------------------------------

    def verb(self, strength: str | None) -> Verb | None:
        """The source's verb, its English rendering and its level."""
        return self._verbs.get(strength) if strength is not None else None

    def strength(self, strength: str | None) -> Text | None:
        """A verb as bilingual text; one without a rendering stands as the source wrote it."""
        if strength is None:
            return None
        found = self._strengths.get(strength)
        if found is None:
            verb = self._verbs.get(strength)
            made = Text(zh=verb.zh, en=verb.en) if verb is not None else plain(strength)
            found = self._strengths[strength] = made
        return found

    # -- what does not depend on the patient ---------------------------------------------------

    def reason(
        self,
        argument: Argument,
        drug: str | None,
        value: Truth,
        needs: tuple[str, ...],
        trace: Step | None = None,
    ) -> Reason:
        """An argument with its value."""
        words = self.words(argument.when.expression)
        return Reason(
            kind=argument.kind,
            value=value,
            condition=words.says,
            text=words.text,
            says=argument.says,
            strength=self.strength(argument.strength),
            basis=argument.basis,
            severity=argument.severity,
            indirect=argument.indirect,
            drug=drug,
            needs=needs,
            cites=argument.cites,
            disputes=argument.disputes,
            trace=trace,
        )

    def dose(self, regimen: Regimen, depends: object, make: Callable[[], DoseLine]) -> DoseLine:
        """A dose line, made once for everything that it depends on."""
        key = (id(regimen), depends)
        found = self._doses.get(key)
        if found is None:
            if len(self._doses) >= _DOSES:
                self._doses.clear()
            found = self._doses[key] = make()
        return found

    def remark(self, note: Note) -> Remark:
        """A note as it is shown."""
        found = self._remarks.get(id(note))
        if found is None:
            found = self._remarks[id(note)] = Remark(
                says=note.says,
                basis=note.basis,
                indirect=note.indirect,
                cites=note.cites,
                disputes=note.disputes,
            )
        return found

    def finding(self, definition: Definition, value: str) -> Text:
        """ "several risk factors: yes"."""
        found = self._findings.get((definition.id, value))
        if found is None:
            known = value in ("true", "false", "unknown")
            found = self._findings[definition.id, value] = say(
                "finding", label=definition.label, value=say(f"truth_{value}") if known else value
            )
        return found

    # -- conditions ----------------------------------------------------------------------------

    def words(self, expression: Expression) -> Words:
        """Text, prose and facts of an expression of this guideline."""
        found = self._words.get(id(expression))
        if found is None:
            found = self._words[id(expression)] = Words(
                expression,
                text=cql(expression),
                says=Text(zh=prose(expression, self, "zh"), en=prose(expression, self, "en")),
                facts=self._under(expression),
                definitions=self._mentioned(expression),
            )
        return found

    def _under(self, expression: Expression) -> tuple[str, ...]:
        found: set[str] = set()
        for name in names(expression):
            found.update(self._leaves(name))
        return tuple(sorted(found))

    def _mentioned(self, expression: Expression) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for name in names(expression):
            definition = self._guideline.definitions.get(name)
            if definition is not None:
                found[name] = None
                # Definitions never lead back to themselves: each has its words before this one.
                under = self.words(definition.expression.expression).definitions
                found.update(dict.fromkeys(under))
        return tuple(found)

    def _leaves(self, name: str) -> tuple[str, ...]:
        known = self._facts.get(name)
        if known is None:
            definition = self._guideline.definitions.get(name)
            if definition is not None:
                known = self._under(definition.expression.expression)
            else:
                known = (name,) if name in self._guideline.facts else ()
            self._facts[name] = known
        return known


def in_words(wording: Wording, name: str, value: Value) -> Text:
    """A value of the fact ``name`` as people say it: its own phrase, yes, a label, a number."""
    if isinstance(value, str):
        return Text(zh=wording.code(name, value, "zh"), en=wording.code(name, value, "en"))
    if isinstance(value, bool):
        zh, en = wording.phrase(name, "zh", value), wording.phrase(name, "en", value)
        if zh is not None and en is not None:
            return Text(zh=zh, en=en)
    if value is None or isinstance(value, bool):
        return say(f"truth_{shown(value)}")
    return plain(shown(value))


def _side(text: Text, lang: Language) -> str:
    return text.zh if lang == "zh" else text.en
