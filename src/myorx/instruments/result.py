"""What an instrument gives, and how it is made from what was computed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

import msgspec

from myorx.instruments.catalogue import Page, listed, said, say
from myorx.instruments.describe import Output, Source, Words
from myorx.instruments.inputs import Scalar


class Value(msgspec.Struct, frozen=True, omit_defaults=True):
    """One value. ``value`` None: not computable from what is known; ``low`` and ``high`` then say
    between what it lies, where that is known."""

    id: str
    label: Words
    value: Scalar | None
    shown: Words
    verified: bool
    """False: it rests on a constant that was not found in a source."""
    unit: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None


class Result(msgspec.Struct, frozen=True):
    """The result of one instrument for one set of inputs."""

    instrument: str
    names: Words
    values: tuple[Value, ...]
    interpretation: tuple[Words, ...]
    warnings: tuple[Words, ...]
    missing: tuple[str, ...]
    """Inputs that are unknown and would make the result exact."""
    limits: tuple[Words, ...]
    sources: tuple[Source, ...]
    verified: bool
    """Whether no value rests on an unverified constant."""
    notice: Words
    """What every output says of itself."""

    def value(self, id_: str) -> Value:
        """The value with this id; KeyError where there is none."""
        return {each.id: each for each in self.values}[id_]


class Found(NamedTuple):
    """A value as computed."""

    id: str
    value: Scalar | None
    low: Decimal | None = None
    high: Decimal | None = None
    verified: bool = True


class Said(NamedTuple):
    """Words of the instrument's page, with what fills their slots."""

    key: str
    slots: Mapping[str, str | Words] = {}


class Computed(NamedTuple):
    """What the calculation of an instrument gives, before it is put into words."""

    values: tuple[Found, ...]
    says: tuple[Said, ...] = ()
    warnings: tuple[Said, ...] = ()
    missing: tuple[str, ...] = ()


def finished(page: Page, computed: Computed) -> Result:
    """The result in words."""
    about = page.about
    values = tuple(_value(about.output(found.id), found) for found in computed.values)
    warnings = [_said(page, each) for each in computed.warnings]
    if computed.missing:
        names = listed([about.input(id_).label for id_ in computed.missing])
        warnings.append(say("missing", names=names))
    doubtful = [value.label for value in values if not value.verified]
    if doubtful:
        warnings.append(say("unverified", names=listed(doubtful)))
    return Result(
        about.id,
        about.names,
        values,
        tuple(_said(page, each) for each in computed.says),
        tuple(warnings),
        computed.missing,
        about.limits,
        about.sources,
        not doubtful,
        say("decision_support"),
    )


def _said(page: Page, each: Said) -> Words:
    return said(page.words, each.key, **each.slots)


def _value(output: Output, found: Found) -> Value:
    return Value(
        found.id,
        output.label,
        found.value,
        _shown(output, found),
        found.verified,
        output.unit,
        found.low,
        found.high,
    )


def _shown(output: Output, found: Found) -> Words:
    unit = "" if output.unit is None else f" {output.unit}"
    match found.value:
        case bool():
            return say("yes" if found.value else "no")
        case str():
            return next(each.label for each in output.choices if each.id == found.value)
        case Decimal():
            text = f"{plain(found.value)}{unit}"
            return Words(text, text)
        case None if found.low is not None and found.high is not None:
            return say("between", low=plain(found.low), high=f"{plain(found.high)}{unit}")
        case _:
            return say("not_computable")


def plain(number: Decimal) -> str:
    """``70``, ``17.5``: no exponent, no trailing zeros."""
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text
