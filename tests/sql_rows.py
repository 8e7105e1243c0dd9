"""Compares what a view answers with what its case expects, as multisets of rows."""

import json
import math
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

import duckdb
import pyarrow as pa

from leadline.clock import stamp
from leadline.quote import quoted
from tests.sql_cases import Case

Row = tuple[Any, ...]
_MAX_SHOWN = 10  # rows of each side; more help nobody


class Mismatch(AssertionError):
    """A view answers something else than its case says."""


@dataclass(frozen=True)
class Answer:
    """What a query returned: names and types of its columns, and its rows."""

    columns: Sequence[str]
    types: Sequence[str]
    rows: list[Row]


def answer(con: duckdb.DuckDBPyConnection, sql: str) -> Answer:
    """Run a query, json as what it says; a relation would plan it once more to know its columns."""
    con.execute(sql)
    said = con.description or []
    names, types = [each[0] for each in said], [str(each[1]) for each in said]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it copies the rows, and they are few
        table = cast(pa.Table, con.to_arrow_table())
    columns = [column.to_pylist() for column in table.columns]
    for place, kind in enumerate(types):
        if kind == "JSON":
            columns[place] = [each and json.loads(each) for each in columns[place]]
    return Answer(names, types, list(zip(*columns, strict=True)))


def is_same(one: Any, other: Any) -> bool:
    """Compare two values: exact numbers exactly, doubles within 1e-9, the rest by what it holds."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | Decimal) and isinstance(other, int | Decimal):
        return one == other
    if isinstance(one, int | float | Decimal) and isinstance(other, int | float | Decimal):
        return math.isclose(one, other, rel_tol=1e-15, abs_tol=1e-9) or one == other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[k], other[k]) for k in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(is_same, one, other))
    return type(one) is type(other) and bool(one == other)


def differences(wanted: Iterable[Row], answered: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """Compare two multisets; return what only the first and what only the second holds."""
    missing, left = [], list(answered)
    for row in wanted:
        place = next((n for n, each in enumerate(left) if is_same(row, each)), None)
        if place is None:
            missing.append(row)
        else:
            left.pop(place)
    return missing, left


def compare(
    case: Case, kind: str, columns: Sequence[str], wanted: list[Row], answered: list[Row]
) -> None:
    """Raise a Mismatch with the rows that differ, both ways."""
    missing, odd = differences(wanted, answered)
    if missing or odd:
        raise Mismatch(message(case, kind, columns, missing, odd))


def message(
    case: Case, kind: str, columns: Sequence[str], missing: Sequence[Row], odd: Sequence[Row]
) -> str:
    """Return what a person reads: the case's place and name, and the rows of each side."""
    lines = [f"{case.at()}: {case.name}{f' [{kind}]' if kind else ''}"]
    for what, rows in (("expected, not answered", missing), ("answered, not expected", odd)):
        lines.append(f"  {what}: {len(rows)}")
        for row in rows[:_MAX_SHOWN]:
            values = zip(columns, row, strict=False)
            lines.append("    " + ", ".join(f"{name} = {_shown(value)}" for name, value in values))
        if len(rows) > _MAX_SHOWN:
            lines.append(f"    and {len(rows) - _MAX_SHOWN} more")
    return "\n".join(lines)


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return stamp(value)
    if isinstance(value, str):
        return quoted(value)
    return "null" if value is None else str(value)
