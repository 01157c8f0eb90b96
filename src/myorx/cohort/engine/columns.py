"""The columns that the engine reads, by name.

| column | what it holds |
|---|---|
| ``as_of`` | the date of the row (``date32``); every row has one |
| a fact's id | what was given, in its own unit (``language.columns.schema``); null: unknown |
| ``day:fact`` | the earliest day that a value given may be of; null, or no column: of the row's |
| ``said:fact`` | whether the row speaks of the fact, if only to say that it is unknown |
| ``therapy:fact`` | what the therapy history gives for a derived fact |
| ``taken:drug`` | whether a drug is, or may be, taken on the row's date |
| ``sure:drug`` | whether a drug is certainly taken |
| ``ordered:drug`` | whether a drug is ordered |
| ``history:complete`` | whether the therapies known are all: else one not seen may yet be taken |

A column that is not there is null everywhere. No id of a guideline has a colon in it.
"""

from __future__ import annotations

from myorx.plan.formulas import ORDERED, TAKEN

AS_OF = "as_of"
COMPLETE = "history:complete"
_DAY, _SAID, _THERAPY, _INSTRUMENT, _SURE = "day:", "said:", "therapy:", "instrument:", "sure:"


def day_column(fact: str) -> str:
    """The day a value is of."""
    return _DAY + fact


def said_column(fact: str) -> str:
    """Whether a row speaks of a fact."""
    return _SAID + fact


def derived_column(fact: str) -> str:
    """What the therapy history gives."""
    return _THERAPY + fact


def instrument_column(fact: str) -> str:
    """What an instrument computes; the engine adds it itself."""
    return _INSTRUMENT + fact


def taken_column(drug: str) -> str:
    """Whether a drug is, or may be, taken."""
    return TAKEN + drug


def sure_column(drug: str) -> str:
    """Whether a drug is certainly taken."""
    return _SURE + drug


def ordered_column(drug: str) -> str:
    """Whether a drug is ordered."""
    return ORDERED + drug
