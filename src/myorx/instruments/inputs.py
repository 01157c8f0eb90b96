"""What was given to an instrument -> typed values; everything that is wrong, in one go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Final, TypeAlias

from myorx.instruments.catalogue import say
from myorx.instruments.describe import About, Choice, Input, Words
from myorx.instruments.errors import Fault, InputError

Scalar: TypeAlias = bool | str | Decimal

_UNKNOWN: Final = frozenset(
    {"", "unknown", "?", "null", "not done", "pending", "未知", "不详", "未做", "未测", "待回报"}
)
_TRUE: Final = frozenset({"true", "yes", "y", "1", "positive", "是", "有", "阳性"})
_FALSE: Final = frozenset({"false", "no", "n", "0", "negative", "否", "无", "阴性"})
_SHOWN: Final = 40
_LONGEST: Final = 30
"""Characters of a number; a longer one is none that anybody measured."""
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?\Z", re.ASCII)


class Given(dict[str, Scalar]):
    """The values of the inputs that are known, by id."""

    def number(self, id_: str) -> Decimal | None:
        """A number; None where it is unknown."""
        value = self.get(id_)
        return value if isinstance(value, Decimal) else None

    def choice(self, id_: str) -> str | None:
        """The id of a choice; None where it is unknown."""
        value = self.get(id_)
        return value if isinstance(value, str) else None

    def flag(self, id_: str) -> bool | None:
        """Yes or no; None where it is unknown."""
        value = self.get(id_)
        return value if isinstance(value, bool) else None


def read_inputs(about: About, inputs: Mapping[str, object]) -> Given:
    """The values of ``inputs`` as ``about`` describes them; what is unknown is left out,
    what has a default is filled in.

    A number may be an int, float, Decimal or text, with the unit of the input or none; a truth a
    bool or a word; a choice its id or another way to write it. Raises InputError with all faults.
    """
    faults: list[Fault] = []
    known = {each.id: each for each in about.inputs}
    given = Given()
    for id_, value in inputs.items():
        described = known.get(id_)
        if described is None:
            faults.append(_unknown_name(str(id_), known))
            continue
        if value is None or (isinstance(value, str) and value.strip().lower() in _UNKNOWN):
            continue
        found = _read(described, value)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            given[id_] = found
    wrong = {fault.where for fault in faults}
    faults += [
        fault(each, "", "missing_input", _allowed(each), say("remedy_give"))
        for each in about.inputs
        if each.required and each.id not in given and each.id not in wrong
    ]
    if faults:
        raise InputError(faults)
    for each in about.inputs:
        if each.default is not None:
            given.setdefault(each.id, each.default)
    return given


def fault(about: Input, found: str, code: str, allowed: Words, remedy: Words) -> Fault:
    """A fault of one input, in the words ``says_<code>``."""
    says = say(f"says_{code}", label=about.label, found=found)
    return Fault(code, about.id, found, says, allowed, remedy)


def _read(about: Input, value: object) -> Scalar | Fault:
    match about.type:
        case "number":
            return _number(about, value)
        case "boolean":
            return _truth(about, value)
        case "choice":
            return _choice(about, value)


def _number(about: Input, value: object) -> Decimal | Fault:
    text = _text(value)
    bare = text
    if about.unit is not None and text.endswith(about.unit):
        bare = text.removesuffix(about.unit).rstrip()
    number = _decimal(bare)
    remedy = (
        say("remedy_number_bare") if about.unit is None else say("remedy_number", unit=about.unit)
    )
    if number is None or isinstance(value, bool):
        return fault(about, text[:_SHOWN], "not_a_number", _allowed(about), remedy)
    too_low = about.low is not None and number < about.low
    if too_low or (about.high is not None and number > about.high):
        return fault(about, text[:_SHOWN], "out_of_range", _allowed(about), remedy)
    return number


def _decimal(text: str) -> Decimal | None:
    if len(text) > _LONGEST or not _NUMBER.match(text):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _truth(about: Input, value: object) -> bool | Fault:
    if isinstance(value, bool):
        return value
    word = _text(value).lower()
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    return fault(about, word[:_SHOWN], "not_a_truth", say("allowed_truth"), say("remedy_truth"))


def _choice(about: Input, value: object) -> str | Fault:
    word = _text(value)
    for choice in about.choices:
        if word.casefold() in map(str.casefold, _spellings(choice)):
            return choice.id
    return fault(about, word[:_SHOWN], "not_a_choice", _allowed(about), say("remedy_choice"))


def _spellings(choice: Choice) -> tuple[str, ...]:
    return (choice.id, choice.label.zh, choice.label.en, *choice.also)


def _text(value: object) -> str:
    """A value as it would be typed: 8 for the numbers 8 and 8.0."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value.is_finite() else str(value)
    return str(value).strip()


def _allowed(about: Input) -> Words:
    match about.type:
        case "boolean":
            return say("allowed_truth")
        case "choice":
            return say("allowed_names", names=", ".join(each.id for each in about.choices))
        case "number":
            unit = "" if about.unit is None else f" {about.unit}"
            low, high = (str(end) if end is not None else "…" for end in (about.low, about.high))
            return say("allowed_range", low=low, high=high, unit=unit)


def _unknown_name(name: str, known: Iterable[str]) -> Fault:
    names = list(known)
    near = get_close_matches(name, names, 1)
    return Fault(
        "unknown_input",
        name[:_SHOWN],
        name[:_SHOWN],
        say("says_unknown_input", found=name[:_SHOWN]),
        say("allowed_names", names=", ".join(names)),
        say("remedy_near", near=near[0]) if near else say("remedy_name"),
    )
