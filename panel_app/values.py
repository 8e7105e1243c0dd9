"""What a column's type is in an address and in JSON; one place says both, so they agree."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any

from leadline import clock
from leadline.errors import LeadlineError

Schema = dict[str, Any]
_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")
_WHOLE = re.compile(r"-?[0-9]{1,40}")
_BITS = {"tinyint": 8, "smallint": 16, "integer": 32, "bigint": 64, "hugeint": 128}
_FIELD = re.compile(r'\s*("(?:[^"]|"")+"|\w+)\s+(.+)')


@dataclass(frozen=True)
class Kind:
    """One type: its schema in JSON, and how a text in an address becomes a value of it."""

    schema: Schema
    read: Callable[[str], str] | None  # None where only DuckDB can say
    says: str


@lru_cache(256)
def kind_of(name: str) -> Kind:
    """Return what a DuckDB type is, by its name in lower case."""
    if name in ("varchar", "uuid"):
        return Kind({"type": "string"}, str if name == "varchar" else None, "a text")
    if name == "boolean":
        return Kind({"type": "boolean"}, _truth, "true or false")
    if name.removeprefix("u") in _BITS:
        return _whole(name)
    if name in ("double", "float"):
        return Kind({"type": "number"}, _double, "a number")
    if found := re.fullmatch(r"decimal\((\d+),\s*(\d+)\)", name):
        return _decimal(int(found[1]) - int(found[2]))
    if name == "date":
        return Kind({"type": "string", "format": "date"}, _day, "a day; write 2024-03-01")
    if name.startswith("timestamp"):
        schema = {"type": "string"}
        if name == "timestamp with time zone":
            schema["format"] = "date-time"
        return Kind(schema, _moment, "a moment; write 2024-03-01 or 2024-03-01T15:00Z")
    return Kind(_nested(name), None, f"a value of {name}")


def _nested(name: str) -> Schema:
    if name.endswith("]"):
        return {"type": "array", "items": null_or(kind_of(name[: name.rindex("[")]).schema)}
    if name.startswith("struct("):
        fields = [
            _FIELD.fullmatch(each)
            for each in _split(name.removeprefix("struct(").removesuffix(")"))
        ]
        named = {
            each[1].strip('"').replace('""', '"'): null_or(kind_of(each[2]).schema)
            for each in fields
            if each
        }
        return {"type": "object", "properties": named}
    if name.startswith("map("):
        return {"type": "object"}
    return {} if name == "json" else {"type": "string"}


def null_or(schema: Schema) -> Schema:
    """Return the schema of a cell, which may be null."""
    return {**schema, "type": [schema["type"], "null"]} if "type" in schema else schema


def _split(text: str) -> list[str]:
    """Split at the commas that stand in no bracket."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _whole(name: str) -> Kind:
    bits = _BITS[name.removeprefix("u")]
    low, high = (0, 2**bits - 1) if name[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)

    def read(text: str) -> str:
        if not _WHOLE.fullmatch(text) or not low <= int(text) <= high:
            raise ValueError
        return text

    says = f"a whole number from {low} to {high}"
    return Kind({"type": "integer", "minimum": low, "maximum": high}, read, says)


def _decimal(n_digits: int) -> Kind:
    def read(text: str) -> str:
        if not _NUMBER.fullmatch(text) or abs(Decimal(text)) >= Decimal(10) ** n_digits:
            raise ValueError
        return f"{Decimal(text):f}"

    limit = 10**n_digits
    schema = {"type": "number", "exclusiveMinimum": -limit, "exclusiveMaximum": limit}
    return Kind(schema, read, f"a number of at most {n_digits} digits before the point")


def _truth(text: str) -> str:
    if text not in ("true", "false"):
        raise ValueError
    return text


def _double(text: str) -> str:
    if not _NUMBER.fullmatch(text) or not isfinite(float(text)):
        raise ValueError
    return text


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _moment(text: str) -> str:
    try:
        return clock.moment(text).isoformat()
    except LeadlineError as error:
        raise ValueError from error
