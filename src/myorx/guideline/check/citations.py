"""Every rule cites the source, everything encoded is cited, and only what may be cited is."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from myorx.guideline import models
from myorx.guideline.check.context import Context
from myorx.guideline.faults import Problem
from myorx.guideline.show import usage

_RULES: tuple[type[msgspec.Struct], ...] = (
    models.Argument,
    models.Advice,
    models.Alert,
    models.Regimen,
    models.Due,
    models.Wait,
    models.Preference,
    models.Yield,
)
"""Rules: they cite what they are taken, or inferred, from."""

_QUOTED: tuple[type[msgspec.Struct], ...] = (models.Definition, models.Note)
"""Only where they quote the source do they have to say where."""

_CITABLE = ("encoded", "disputed")


def check(context: Context) -> Iterator[Problem]:
    """Rules without citation, citations of what is not encoded, encoded statements not cited."""
    yield from _rules(context)
    yield from _statuses(context)
    cited = usage(context.guideline)
    for id_, statement in context.guideline.statements.items():
        if statement.status == "encoded" and id_ not in cited:
            (place,) = (place for place, found in context.all(models.Statement) if found.id == id_)
            yield context.problem(
                "not-cited",
                place.key("status"),
                f"{id_} is said to be encoded, but nothing cites it",
                allowed="encoded: at least one rule cites it",
                remedy="encode it, or give its true status",
            )


def _rules(context: Context) -> Iterator[Problem]:
    for model in (*_RULES, *_QUOTED):
        for place, rule in context.all(model):
            quoted = getattr(rule, "basis", "quoted") == "quoted"
            cites: tuple[str, ...] = getattr(rule, "cites", ())
            # What is inferred may stand on a dispute: that names the statements it is about.
            disputes: tuple[str, ...] = getattr(rule, "disputes", ())
            if cites or (not quoted and (model in _QUOTED or disputes)):
                continue
            yield context.problem(
                "no-citation",
                place,
                f"{_a(model)} without citation",
                allowed="cites: the statements it stands on (or, inferred, a dispute)",
                remedy="add cites" if model in _RULES else "add cites, or basis: inferred",
            )


def _a(model: type[msgspec.Struct]) -> str:
    word = model.__name__.lower()
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _statuses(context: Context) -> Iterator[Problem]:
    """What is cited has been encoded (or is disputed): neither background nor left for later."""
    for place, _, value in context.records():
        for index, id_ in enumerate(getattr(value, "cites", ())):
            statement = context.guideline.statements.get(id_)
            if statement is not None and statement.status not in _CITABLE:
                yield context.problem(
                    "cites-not-encoded",
                    place.key("cites").item(index),
                    f"{id_} is cited, yet its status is {statement.status}",
                    allowed=", ".join(_CITABLE),
                    remedy=f"set the status of {id_} to encoded, or cite another statement",
                )
