"""The types of expressions."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from . import units


class BooleanType(msgspec.Struct, frozen=True, tag="Boolean"):
    """True, false or unknown."""

    def __str__(self) -> str:
        return "Boolean"


class IntegerType(msgspec.Struct, frozen=True, tag="Integer"):
    """A whole number of 32 bit."""

    def __str__(self) -> str:
        return "Integer"


class DecimalType(msgspec.Struct, frozen=True, tag="Decimal"):
    """A number with at most 8 digits after the point."""

    def __str__(self) -> str:
        return "Decimal"


class StringType(msgspec.Struct, frozen=True, tag="String"):
    """A string; where ``codes`` is not None, only one of these."""

    codes: tuple[str, ...] | None = None

    def __str__(self) -> str:
        return "String" if self.codes is None else f"String of {', '.join(self.codes)}"


class QuantityType(msgspec.Struct, frozen=True, tag="Quantity"):
    """A number with a unit; any unit of the same dimension may stand beside it."""

    unit: str

    @property
    def dimension(self) -> str:
        """The key of ``units.dimension``; raises UnitError for a unit that is none."""
        return units.dimension(self.unit)

    def __str__(self) -> str:
        return f"Quantity in '{self.unit}'"


class DateType(msgspec.Struct, frozen=True, tag="Date"):
    """A day, known exactly or within a range."""

    def __str__(self) -> str:
        return "Date"


class NullType(msgspec.Struct, frozen=True, tag="Null"):
    """The literal ``null``, which fits every type."""

    def __str__(self) -> str:
        return "null"


Type: TypeAlias = (
    BooleanType | IntegerType | DecimalType | StringType | QuantityType | DateType | NullType
)

BOOLEAN = BooleanType()
INTEGER = IntegerType()
DECIMAL = DecimalType()
STRING = StringType()
DATE = DateType()
NULL = NullType()
