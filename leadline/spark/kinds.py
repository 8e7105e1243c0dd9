"""What a value is in DuckDB, as far as Spark treats it another way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from sqlglot import exp

Columns = Mapping[str, "Kind"]

_INTEGERS = {
    "TINYINT": "tinyint", "SMALLINT": "smallint", "INT": "int", "BIGINT": "bigint",
    "UTINYINT": "smallint", "USMALLINT": "int", "UINT": "bigint", "UBIGINT": "decimal(20, 0)",
    "INT128": "decimal(38, 0)", "UINT128": "decimal(38, 0)",
}  # fmt: skip
_PLAIN = {
    "DOUBLE": ("double", "double"), "FLOAT": ("double", "float"), "BOOLEAN": ("boolean", "boolean"),
    "TEXT": ("text", "string"), "VARCHAR": ("text", "string"), "JSON": ("text", "string"),
    "DATE": ("date", "date"), "TIMESTAMPTZ": ("instant", "timestamp"),
    "TIMESTAMP": ("timestamp", "timestamp_ntz"), "TIMESTAMPNTZ": ("timestamp", "timestamp_ntz"),
    "INTERVAL": ("interval", "interval"), "BLOB": ("bytes", "binary"), "NULL": ("null", "void"),
    "VARBINARY": ("bytes", "binary"),
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A type: its family, and what Spark calls it."""

    family: str
    spark: str = ""
    scale: int = 0
    precision: int = 0
    item: Kind | None = None
    fields: tuple[tuple[str, Kind], ...] = ()

    @property
    def is_number(self) -> bool:
        """Say whether it can be counted with."""
        return self.family in ("integer", "decimal", "double")

    def field(self, name: str) -> Kind:
        """Return the kind of a struct's field."""
        return next((kind for own, kind in self.fields if own.lower() == name.lower()), UNKNOWN)


UNKNOWN = Kind("unknown")
NULL = Kind("null", "void")
INTEGER = Kind("integer", "int")
BIGINT = Kind("integer", "bigint")
HUGEINT = Kind("integer", "decimal(38, 0)")
DOUBLE = Kind("double", "double")
TEXT = Kind("text", "string")
BOOLEAN = Kind("boolean", "boolean")
DATE = Kind("date", "date")
INSTANT = Kind("instant", "timestamp")
TIMESTAMP = Kind("timestamp", "timestamp_ntz")
INTERVAL = Kind("interval", "interval")


def decimal(precision: int, scale: int) -> Kind:
    """Return the kind of decimals of so many digits, so many of them behind the point."""
    precision = min(38, precision)
    return Kind("decimal", f"decimal({precision}, {scale})", scale, precision)


def listed(item: Kind) -> Kind:
    """Return the kind of lists of a kind."""
    return Kind("list", f"array<{item.spark}>", item=item)


def struct(fields: Iterable[tuple[str, Kind]]) -> Kind:
    """Return the kind of structs of these fields."""
    own = tuple(fields)
    said = ", ".join(f"`{name}`: {kind.spark}" for name, kind in own)
    return Kind("struct", f"struct<{said}>", fields=own)


@cache
def read(text: str) -> Kind:
    """Return the kind of a type as DuckDB writes it."""
    return of(exp.DataType.build(text, dialect="duckdb"))


def of(kind: exp.DataType) -> Kind:
    """Return the kind of a type in a syntax tree."""
    name = str(kind.this.name if isinstance(kind.this, exp.DType) else kind.this)
    if name in _INTEGERS:
        return Kind("integer", _INTEGERS[name])
    if name in _PLAIN:
        return Kind(*_PLAIN[name])
    if name == "DECIMAL":
        digits = [int(each.name) for each in kind.expressions] or [18, 3]
        return decimal(digits[0], digits[1] if len(digits) > 1 else 0)
    if name in ("ARRAY", "LIST"):
        return listed(of(kind.expressions[0]))
    if name == "STRUCT":
        return struct((each.name, of(each.args["kind"])) for each in kind.expressions)
    return UNKNOWN


def together(kinds: Iterable[Kind]) -> Kind:
    """Return what a value is that is one of these, as DuckDB widens them."""
    found = NULL
    for kind in kinds:
        found = _wider(found, kind)
    return found


def _wider(one: Kind, other: Kind) -> Kind:
    if "null" in (one.family, other.family):
        return other if one.family == "null" else one
    if "unknown" in (one.family, other.family):
        return other if one.family == "unknown" else one
    if one.is_number and other.is_number:
        return _wider_number(one, other)
    if {one.family, other.family} == {"date", "timestamp"}:
        return TIMESTAMP
    if {one.family, other.family} in ({"date", "instant"}, {"timestamp", "instant"}):
        return INSTANT
    if one.family == other.family == "list" and one.item and other.item:
        return listed(_wider(one.item, other.item))
    return one


def _wider_number(one: Kind, other: Kind) -> Kind:
    if "double" in (one.family, other.family):
        return DOUBLE
    if "decimal" in (one.family, other.family):
        left, right = digits(one), digits(other)
        scale = max(left[1], right[1])
        return decimal(max(left[0] - left[1], right[0] - right[1]) + scale, scale)
    sizes = ["tinyint", "smallint", "int", "bigint", "decimal(20, 0)", "decimal(38, 0)"]
    return max(one, other, key=lambda kind: sizes.index(kind.spark))


def digits(kind: Kind) -> tuple[int, int]:
    """Return how many digits a decimal has that holds a number, and how many behind the point."""
    if kind.family == "decimal":
        return kind.precision, kind.scale
    return {"tinyint": 3, "smallint": 5, "int": 10, "bigint": 19}.get(kind.spark, 38), 0
