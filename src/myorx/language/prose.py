"""Trees in the words of a clinician, in Chinese and English."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol, TypeAlias

import msgspec

from .cql import date_text, number_text
from .syntax import (
    And,
    Arithmetic,
    AtLeast,
    Between,
    BooleanLiteral,
    CalendarUnit,
    Comparator,
    Compare,
    DateLiteral,
    DecimalLiteral,
    DurationBetween,
    Expression,
    Implies,
    In,
    IntegerLiteral,
    IsNull,
    Name,
    Not,
    NullLiteral,
    Or,
    QuantityLiteral,
    StringLiteral,
)

Language: TypeAlias = Literal["zh", "en"]


class Lexicon(Protocol):
    """The words for names; a guideline's facts and definitions provide them."""

    def label(self, name: str, lang: Language) -> str:
        """What a name is called: ``ferritin``, 铁蛋白."""

    def phrase(self, name: str, lang: Language, truth: bool) -> str | None:
        """A Boolean name's own words for true or for false: ``not pregnant``; or None."""

    def code(self, name: str, code: str, lang: Language) -> str:
        """What a code of a coded name is called: ``male``, 男."""


def prose(expression: Expression, lexicon: Lexicon, lang: Language) -> str:
    """A condition or a computation as one line of clinical language, without a full stop.

    Negations are pushed into the words where Kleene logic allows it: ``not (a > b)`` is said as
    ``a ≤ b``, ``not x`` as the words for false.
    """
    return _Speaker(lexicon, lang).say(expression, True)[0]


def unit_text(unit: str) -> str:
    """A UCUM code as it is printed in a report: ``10*9/L`` as ``×10⁹/L``, ``[iU]`` as ``IU``."""
    text = re.sub(r"(?<![A-Za-z0-9\])*])\{([^{}]*)\}", r"\1", unit)
    text = re.sub(r"\{[^{}]*\}", "", text)
    text = re.sub(r"10[*^](-?[0-9]+)", lambda m: "×10" + m[1].translate(_RAISED), text)
    text = re.sub(r"([a-z])(-?[23])(?![0-9])", lambda m: m[1] + m[2].translate(_RAISED), text)
    for code, printed in _PRINTED.items():
        text = text.replace(code, printed)
    text = re.sub(r"(?<![0-9])\.|\.(?![0-9])", "·", text)
    return "" if text == "1" else re.sub(r"(?<![A-Za-z])u(?=[gLlm])", "μ", text)


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_PRINTED = {
    "mm[Hg]": "mmHg",
    "[iU]": "IU",
    "[IU]": "IU",
    "[arb'U]": "U",
    "[lb_av]": "lb",
    "[oz_av]": "oz",
    "[in_i]": "in",
    "[ft_i]": "ft",
    "Cel": "°C",
    "_": " ",
}

# How tightly a phrase holds together: what needs brackets inside what.
_LOOSE, _OR, _AND, _PHRASE = range(4)
_SUM, _PRODUCT, _TERM = 3, 4, 5

_Said: TypeAlias = tuple[str, int]
_SYMBOL: Mapping[Comparator, str] = {
    "=": "=",
    "!=": "≠",
    "<": "<",
    "<=": "≤",
    ">": ">",
    ">=": "≥",
}
_OPPOSITE: Mapping[Comparator, Comparator] = {
    "=": "!=",
    "!=": "=",
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
}
_MIRROR: Mapping[Comparator, Comparator] = {
    "=": "=",
    "!=": "!=",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
}
_SIGN = {"+": "+", "-": "-", "*": "×", "/": "/"}
_ATOMS = (
    IntegerLiteral,
    DecimalLiteral,
    QuantityLiteral,
    StringLiteral,
    DateLiteral,
    NullLiteral,
    BooleanLiteral,
)


class _Words(msgspec.Struct, frozen=True):
    """The patterns of one language. Places are ``str.format`` fields."""

    and_: str
    or_: str
    not_: str
    implies: str
    true: str
    false: str
    unknown: str
    brackets: str
    between: str
    outside: str
    is_code: str
    is_not_code: str
    is_none_of: str
    either: tuple[str, str]
    """Between the codes of a list, and before the last one."""
    neither: str
    """Between the codes that are all denied."""
    is_unknown: str
    is_known: str
    at_least: str
    fewer: str
    item: str
    span: str
    duration: str
    duration_between: str
    duration_outside: str
    counted: Mapping[Comparator, str]
    dated: Mapping[Comparator, str]
    periods: Mapping[CalendarUnit, tuple[str, str, str]]
    """For each calendar unit: one of it, several of it, and the number of it."""
    time_units: Mapping[str, tuple[str, str]]
    """For each unit of time: the word after one, and after any other number."""
    quoted: str


_EN = _Words(
    and_=" and ",
    or_=" or ",
    not_="not {}",
    implies="if {} then {}",
    true="always",
    false="never",
    unknown="unknown",
    brackets="({})",
    between="{value} between {low} and {high}",
    outside="{value} not between {low} and {high}",
    is_code="{} is {}",
    is_not_code="{} is not {}",
    is_none_of="{} is neither {}",
    either=(", ", " or "),
    neither=" nor ",
    is_unknown="{} is unknown",
    is_known="{} is known",
    at_least="at least {} of: {}",
    fewer="fewer than {} of: {}",
    item="; ",
    span="{periods} from {start} to {end}",
    duration="{amount} from {start} to {end}",
    duration_between="between {low} and {high} from {start} to {end}",
    duration_outside="not between {low} and {high} from {start} to {end}",
    counted={
        "=": "exactly {}",
        "!=": "other than {}",
        "<": "less than {}",
        "<=": "at most {}",
        ">": "more than {}",
        ">=": "at least {}",
    },
    dated={
        "=": "{} on {}",
        "!=": "{} not on {}",
        "<": "{} before {}",
        "<=": "{} on or before {}",
        ">": "{} after {}",
        ">=": "{} on or after {}",
    },
    periods={
        "years": ("year", "years", "whole years"),
        "months": ("month", "months", "whole months"),
        "weeks": ("week", "weeks", "whole weeks"),
        "days": ("day", "days", "days"),
    },
    time_units={"d": (" day", " days"), "wk": (" week", " weeks"), "h": (" hour", " hours")},
    quoted="“{}”",
)

_ZH = _Words(
    and_="且",
    or_="或",
    not_="非{}",
    implies="若{}则{}",
    true="恒成立",
    false="恒不成立",
    unknown="未知",
    brackets="（{}）",
    between="{value}介于{low}与{high}之间",
    outside="{value}不介于{low}与{high}之间",
    is_code="{}为{}",
    is_not_code="{}不为{}",
    is_none_of="{}不属于{}",
    either=("、", "或"),
    neither="、",
    is_unknown="{}未知",
    is_known="{}已知",
    at_least="以下至少{}项：{}",
    fewer="以下不足{}项：{}",
    item="；",
    span="自{start}起至{end}的{periods}",
    duration="自{start}起至{end}{amount}",
    duration_between="自{start}起至{end}介于{low}与{high}之间",
    duration_outside="自{start}起至{end}不介于{low}与{high}之间",
    counted={
        "=": "恰为{}",
        "!=": "不是{}",
        "<": "不足{}",
        "<=": "不超过{}",
        ">": "超过{}",
        ">=": "至少{}",
    },
    dated={
        "=": "{}为{}",
        "!=": "{}不为{}",
        "<": "{}早于{}",
        "<=": "{}不晚于{}",
        ">": "{}晚于{}",
        ">=": "{}不早于{}",
    },
    periods={
        "years": ("年", "年", "整年数"),
        "months": ("个月", "个月", "整月数"),
        "weeks": ("周", "周", "整周数"),
        "days": ("天", "天", "天数"),
    },
    time_units={"d": ("天", "天"), "wk": ("周", "周"), "h": ("小时", "小时")},
    quoted="“{}”",
)


class _Speaker:
    """Says nodes in one language. ``positive`` False says the negation of a Boolean node."""

    def __init__(self, lexicon: Lexicon, lang: Language) -> None:
        self.lexicon = lexicon
        self.lang: Language = lang
        self.words = _ZH if lang == "zh" else _EN

    def say(self, node: Expression, positive: bool) -> _Said:
        return _SAY[type(node)](self, node, positive)

    def inside(self, node: Expression, level: int, positive: bool = True) -> str:
        """A part, in brackets unless it holds together more tightly than ``level``."""
        text, tight = self.say(node, positive)
        return text if tight > level else self.words.brackets.format(text)

    def term(self, node: Expression) -> str:
        """A number, quantity, date or name beside an operator."""
        text, tight = self.value(node)
        return text if tight >= _PHRASE else self.words.brackets.format(text)

    def value(self, node: Expression) -> _Said:
        """Something that is not a condition: a Boolean name is called by its label here."""
        if isinstance(node, Name):
            return self.lexicon.label(node.name, self.lang), _TERM
        return self.say(node, True)

    def negated(self, text: str, positive: bool) -> _Said:
        """A phrase that has no negative of its own."""
        if positive:
            return text, _PHRASE
        return self.words.not_.format(self.words.brackets.format(text)), _PHRASE

    def boolean(self, node: BooleanLiteral, positive: bool) -> _Said:
        return (self.words.true if node.value is positive else self.words.false), _TERM

    def null(self, _: NullLiteral, positive: bool) -> _Said:  # noqa: ARG002
        return self.words.unknown, _TERM

    def number(self, node: IntegerLiteral | DecimalLiteral, _: bool) -> _Said:
        return format(node.value, "f" if isinstance(node, DecimalLiteral) else "d"), _TERM

    def string(self, node: StringLiteral, _: bool) -> _Said:
        return self.words.quoted.format(node.value), _TERM

    def quantity(self, node: QuantityLiteral, _: bool) -> _Said:
        return number_text(node.value) + self.unit(node), _TERM

    def unit(self, node: QuantityLiteral) -> str:
        """The unit after a number, with the space that belongs between them."""
        words = self.words.time_units.get(node.unit)
        if words is not None:
            return words[0] if node.value == 1 else words[1]
        text = unit_text(node.unit)
        return text if text in ("", "%") else f" {text}"

    def date(self, node: DateLiteral, _: bool) -> _Said:
        return date_text(node) or f"{node.earliest}–{node.latest}", _TERM

    def name(self, node: Name, positive: bool) -> _Said:
        phrase = self.lexicon.phrase(node.name, self.lang, positive)
        if phrase is not None:
            return phrase, _PHRASE
        label = self.lexicon.label(node.name, self.lang)
        return (label if positive else self.words.not_.format(label)), _PHRASE

    def conjunction(self, node: And, positive: bool) -> _Said:
        text = self.words.and_.join(
            self.inside(part, _OR if isinstance(part, And) else _AND) for part in node.operands
        )
        return (text, _AND) if positive else self.negated(text, False)

    def disjunction(self, node: Or, positive: bool) -> _Said:
        text = self.words.or_.join(
            self.inside(part, _LOOSE if isinstance(part, Or) else _AND) for part in node.operands
        )
        return (text, _OR) if positive else self.negated(text, False)

    def negation(self, node: Not, positive: bool) -> _Said:
        return self.say(node.operand, not positive)

    def implication(self, node: Implies, positive: bool) -> _Said:
        text = self.words.implies.format(
            self.inside(node.left, _LOOSE), self.inside(node.right, _LOOSE)
        )
        return (text, _LOOSE) if positive else self.negated(text, False)

    def comparison(self, node: Compare, positive: bool) -> _Said:
        operator = node.operator if positive else _OPPOSITE[node.operator]
        left, right = node.left, node.right
        if isinstance(left, _ATOMS) and not isinstance(right, _ATOMS):
            left, right, operator = right, left, _MIRROR[operator]
        if isinstance(right, BooleanLiteral) and operator in ("=", "!="):
            return self.say(left, right.value is (operator == "="))
        if isinstance(right, StringLiteral) and operator in ("=", "!="):
            pattern = self.words.is_code if operator == "=" else self.words.is_not_code
            return pattern.format(self.term(left), self.code(left, right)), _PHRASE
        if isinstance(left, DurationBetween) and isinstance(right, IntegerLiteral):
            amount = self.words.counted[operator].format(self.periods(left.unit, right.value))
            return self.span(self.words.duration, left, amount=amount), _PHRASE
        if isinstance(right, DateLiteral):
            pattern = self.words.dated[operator]
            return pattern.format(self.term(left), self.term(right)), _PHRASE
        return f"{self.term(left)} {_SYMBOL[operator]} {self.term(right)}", _PHRASE

    def between(self, node: Between, positive: bool) -> _Said:
        words, low, high = self.words, node.low, node.high
        if isinstance(node.value, DurationBetween):
            pattern = words.duration_between if positive else words.duration_outside
            unit = node.value.unit
            last = (
                self.periods(unit, high.value)
                if isinstance(high, IntegerLiteral)
                else f"{self.term(high)}{self.period_word(unit)}"
            )
            return self.span(pattern, node.value, low=self.term(low), high=last), _PHRASE
        pattern = words.between if positive else words.outside
        first = self.term(low)
        if (
            isinstance(low, QuantityLiteral)
            and isinstance(high, QuantityLiteral)
            and low.unit == high.unit
        ):
            first = number_text(low.value)
        text = pattern.format(value=self.term(node.value), low=first, high=self.term(high))
        return text, _PHRASE

    def member(self, node: In, positive: bool) -> _Said:
        labels = [
            self.code(node.value, item) if isinstance(item, StringLiteral) else self.term(item)
            for item in node.items
        ]
        words, subject = self.words, self.term(node.value)
        if len(labels) == 1:
            pattern = words.is_code if positive else words.is_not_code
            return pattern.format(subject, labels[0]), _PHRASE
        if not positive:
            return words.is_none_of.format(subject, words.neither.join(labels)), _PHRASE
        comma, last = words.either
        listed = comma.join(labels[:-1]) + last + labels[-1]
        return words.is_code.format(subject, listed), _PHRASE

    def code(self, value: Expression, item: StringLiteral) -> str:
        if isinstance(value, Name):
            return self.lexicon.code(value.name, item.value, self.lang)
        return self.words.quoted.format(item.value)

    def null_test(self, node: IsNull, positive: bool) -> _Said:
        unknown = positive is not node.negated
        pattern = self.words.is_unknown if unknown else self.words.is_known
        return pattern.format(self.term(node.operand)), _PHRASE

    def arithmetic(self, node: Arithmetic, _: bool) -> _Said:
        level = _SUM if node.operator in ("+", "-") else _PRODUCT
        left, right = self.operand(node.left, level), self.operand(node.right, level + 1)
        return f"{left} {_SIGN[node.operator]} {right}", level

    def operand(self, node: Expression, level: int) -> str:
        text, tight = self.value(node)
        return text if tight >= level else f"({text})"

    def duration(self, node: DurationBetween, _: bool) -> _Said:
        return self.span(self.words.span, node, periods=self.words.periods[node.unit][2]), _SUM

    def span(self, pattern: str, node: DurationBetween, **places: str) -> str:
        return pattern.format(start=self.term(node.start), end=self.term(node.end), **places)

    def periods(self, unit: CalendarUnit, number: int) -> str:
        """``30 days``, ``30天``."""
        one, several, _ = self.words.periods[unit]
        space = " " if self.lang == "en" else ""
        return f"{number}{space}{one if number == 1 else several}"

    def period_word(self, unit: CalendarUnit) -> str:
        return (" " if self.lang == "en" else "") + self.words.periods[unit][1]

    def at_least(self, node: AtLeast, positive: bool) -> _Said:
        listed = self.words.item.join(self.inside(item, _LOOSE) for item in node.items)
        pattern = self.words.at_least if positive else self.words.fewer
        return pattern.format(self.term(node.count), listed), _LOOSE


_SAY: Mapping[type[Any], Callable[[_Speaker, Any, bool], _Said]] = {
    BooleanLiteral: _Speaker.boolean,
    NullLiteral: _Speaker.null,
    IntegerLiteral: _Speaker.number,
    DecimalLiteral: _Speaker.number,
    StringLiteral: _Speaker.string,
    QuantityLiteral: _Speaker.quantity,
    DateLiteral: _Speaker.date,
    Name: _Speaker.name,
    And: _Speaker.conjunction,
    Or: _Speaker.disjunction,
    Not: _Speaker.negation,
    Implies: _Speaker.implication,
    Compare: _Speaker.comparison,
    Between: _Speaker.between,
    In: _Speaker.member,
    IsNull: _Speaker.null_test,
    Arithmetic: _Speaker.arithmetic,
    DurationBetween: _Speaker.duration,
    AtLeast: _Speaker.at_least,
}
